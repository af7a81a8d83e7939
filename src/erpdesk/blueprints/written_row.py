"""A row of a voucher document as a draft has written it: never changed again, so what was made of it may go with it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any


class WrittenRow(dict[str, Any]):
    """Written once, then only read; a line that changes is written anew. `figures` keeps what totals made of it."""

    __slots__ = ("figures", "written_as")

    def __init__(self, written_as: object) -> None:
        super().__init__()
        self.written_as = written_as
        self.figures: tuple[object, int, Any] | None = None

    def __copy__(self) -> dict[str, Any]:
        """A plain row, which may be changed."""
        return dict(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        return {key: deepcopy(value, memo) for key, value in self.items()}

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)
