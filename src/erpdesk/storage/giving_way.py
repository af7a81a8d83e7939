"""Work beside the window gives way to keys: before its next step it waits until a key has been painted, but not long.

Both share one interpreter, in which a post that computes takes turns with the key being handled and makes it half as
long again. A step is computed between two answers of the server; nothing waits in the midst of one.
"""

from __future__ import annotations

import threading

MOST_SECONDS = 0.02
"""The longest wait before a step: locks are held meanwhile, and keys may follow each other without end."""

_free = threading.Event()
_free.set()


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
