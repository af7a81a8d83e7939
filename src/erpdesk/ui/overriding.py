"""`override` marks a method that replaces one of Qt's, for the type checker; at run time it costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from typing_extensions import override as override
else:
    T = TypeVar("T")

    def override(method: T) -> T:
        """The method as it is."""
        return method
