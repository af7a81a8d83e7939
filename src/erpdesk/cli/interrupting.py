"""An interrupt between two pieces of work: what is under way is finished, so that nothing has to be cut off.

A database call that is interrupted is cancelled, perhaps in its commit, and its own error would hide the interrupt.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interrupted_between() -> Iterator[Callable[[], None]]:
    """Gives a function to call between two pieces of work; it raises KeyboardInterrupt once one was asked for.

    A second interrupt is raised at once. Outside the main thread interrupts are not heard, and nothing changes.
    """
    asked = threading.Event()

    def note(_signal: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    def end_here() -> None:
        if asked.is_set():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield end_here
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield end_here
    finally:
        signal.signal(signal.SIGINT, before)
