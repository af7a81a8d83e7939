"""`override` marks a method that replaces one of Qt's, for the type checker, and lets errors in it be survived.

An error that C code raised (1 / 0, say) is a type and a text until somebody catches it. Where such a one leaves a
method that Qt calls, its binding (PySide6 6.12) takes the text for the error and the program dies. Caught and let go
again, it is whole: it is told and the window lives on.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import override as override
else:
    def override(method: Any) -> Any:
        """The method; an error leaves it whole."""
        @wraps(method)
        def surviving(*arguments: Any, **named: Any) -> Any:
            try:
                return method(*arguments, **named)
            except BaseException:
                raise

        return surviving
