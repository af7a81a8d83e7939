"""The steps in which a split was typed since it was opened: each accepted cell, each row that was taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from erpdesk.ui.voucher.draft import LineState
from erpdesk.ui.voucher.line_model import LineModel

States = tuple[LineState, ...]


class SplitSteps:
    """`settle` looks whether anything was typed since; `back` answers with what stood before, None at the beginning."""

    def __init__(self, model: LineModel) -> None:
        self._model = model
        self._states: list[States] = []
        self.begin()

    def begin(self) -> None:
        """What stands now is the beginning."""
        self._states = [self._now()]

    def settle(self) -> None:
        """Keep what was typed since as a step; what only fills itself in belongs to the step before it."""
        now = self._now()
        if _typed(now) == _typed(self._states[-1]):
            self._states[-1] = now
        else:
            self._states.append(now)

    def back(self) -> States | None:
        """The state before."""
        if len(self._states) < 2:
            return None
        self._states.pop()
        return self._states[-1]

    def _now(self) -> States:
        return tuple(LineState.of(line) for line in self._model.lines)


def first_that_differs(states: States, others: Sequence[LineState]) -> int:
    """The first row in which two states don't say the same."""
    alike = zip(_typed(states), _typed(others), strict=False)
    return next((row for row, (one, other) in enumerate(alike) if one != other),
                min(len(_typed(states)), len(_typed(others))))


def _typed(states: Sequence[LineState]) -> list[dict[str, Any]]:
    """What was typed into each row, without the blank ones at the end."""
    typed = [state.typed for state in states]
    while typed and not typed[-1]:
        typed.pop()
    return typed
