"""Work beside the window gives way to keys: before its next step it waits until a key has been painted, but not long.

Both share one interpreter, in which a post that computes takes turns with the key being handled and makes it half as
long again. A step is computed between two answers of the server; nothing waits in the midst of one.

On Linux the system knows more. What works beside the window, and the server's processes that serve it on this machine,
leave one processor to the keys where there are several; and what wakes there interrupts nobody.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

MOST_SECONDS = 0.02
"""The longest wait before a step: locks are held meanwhile, and keys may follow each other without end."""

_free = threading.Event()
_free.set()
_has_window = threading.Event()


def key_pressed() -> None:
    """A key is being handled."""
    _free.clear()


def key_painted() -> None:
    """What the key changed is seen."""
    _free.set()


def give_way() -> None:
    """Wait while a key is being handled; called by what works beside the window."""
    if not _free.is_set():
        _free.wait(MOST_SECONDS)


def stay_behind_keys() -> None:
    """Have the thread that calls, with all that it starts, leave the window a processor; later connections too."""
    _has_window.set()
    interrupt_nobody()
    _leave_a_processor(0)


def serve_behind_keys(process: int) -> None:
    """Have a server's process on this machine do the same, when it serves a window."""
    if _has_window.is_set():
        _leave_a_processor(process)


def interrupt_nobody(process: int = 0) -> None:
    """Let a process (0: the thread that calls), with all that it starts, wait for a turn when it wakes.

    Its part of the processor stays the same. Nothing where the system knows no such thing, or refuses it.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.sched_setscheduler(process, os.SCHED_BATCH, os.sched_param(0))


def _leave_a_processor(process: int) -> None:
    if sys.platform == "linux":
        with suppress(OSError):
            every = os.sched_getaffinity(os.getpid())
            if len(every) > 1:
                os.sched_setaffinity(process, every - {min(every)})
