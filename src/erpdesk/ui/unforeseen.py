"""An error that nobody foresaw is written to the log and told in a word; the window and what is typed stay."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from types import TracebackType

from erpdesk.ui.words import say

_log = logging.getLogger(__name__)


def tell_unforeseen(tell: Callable[[str], None]) -> None:
    """Have every error that comes out of a handler of the window logged and told by `tell`."""

    def told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        _log.error("unforeseen in the window", exc_info=(kind, error, trace))
        tell(say("Something unforeseen happened ({error}). What is typed is still there.", error=kind.__name__))

    sys.excepthook = told
