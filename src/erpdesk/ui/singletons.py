"""None, True and False are kept alive by force where Qt's binding would let them die.

PySide6 6.12.0 gives back None, True and False without counting the reference. From Python 3.12 on they are
immortal and nothing happens; on 3.11 their count falls with every painted cell until the interpreter aborts
("none_dealloc: deallocating None"). Giving each a count that no day's work can use up is what 3.12 does too.
"""

from __future__ import annotations

import sys

_PLENTY = 1 << 40


def keep_singletons() -> None:
    """Make the three singletons as good as immortal; does nothing where they are."""
    counted = sys.version_info < (3, 12) and sys.implementation.name == "cpython"
    if not counted or hasattr(sys, "gettotalrefcount") or sys.getrefcount(None) > _PLENTY // 2:
        return
    import ctypes

    for one in (None, True, False):
        ctypes.c_ssize_t.from_address(id(one)).value += _PLENTY
