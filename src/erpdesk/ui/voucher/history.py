"""The history of what was typed into a voucher: states of its values, one after each accepted field or action.

A state holds, of every line, what it held; lines that didn't change are shared between states, so that a step of a
voucher of 500 lines costs 500 references. What fills itself in (defaults) belongs to the step before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter, is_

from erpdesk.ui.voucher.draft import Draft, Line, LineState

MOST_STEPS = 200
_LINE = attrgetter("line")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cursor is: a grid by its object name and a row in it, or a field of the header (no grid)."""

    grid: str = ""
    row: int = -1
    key: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """All values at one time. `before` is where the cursor was as the step to here was typed, `after` where it went."""

    header: LineState
    rows: Mapping[str, tuple[LineState, ...]]
    before: Place = Place()
    after: Place = Place()


class History:
    """The states of one draft. `settle` looks whether there is a new one; `back` and `forth` answer with one."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._states = [_state(draft, None)]
        self._at = 0

    @property
    def now(self) -> State:
        """The state that stands."""
        return self._states[self._at]

    def settle(self, before: Place, after: Place) -> bool:
        """Keep what has changed since as a step; whether anything typed has."""
        found = _state(self.draft, self.now)
        if _same(found, self.now):
            return False
        if _only_defaults_differ(found, self.now):
            self._states[self._at] = replace(found, before=self.now.before, after=self.now.after)
            return False
        del self._states[self._at + 1:]
        self._states.append(replace(found, before=before, after=after))
        del self._states[:-MOST_STEPS - 1]
        self._at = len(self._states) - 1
        return True

    def back(self) -> tuple[State, Place] | None:
        """The state before, and where the cursor was; None at the beginning."""
        if not self._at:
            return None
        self._at -= 1
        return self.now, self._states[self._at + 1].before

    def forth(self) -> tuple[State, Place] | None:
        """The state after, and where the cursor went; None at the end."""
        if self._at + 1 >= len(self._states):
            return None
        self._at += 1
        return self.now, self.now.after


def _state(draft: Draft, known: State | None) -> State:
    header = _shared(draft.header, {id(known.header.line): known.header} if known else {})
    return State(header, {key: _states(lines, known.rows.get(key, ()) if known else ())
                          for key, lines in draft.rows.items()})


def _states(lines: Sequence[Line], known: tuple[LineState, ...]) -> tuple[LineState, ...]:
    """A state a line: the known one where it still holds, which is nearly always."""
    if len(lines) == len(known) and all(map(is_, map(_LINE, known), lines)):
        return tuple([state if state.revision == line.revision or state.holds else LineState.of(line)
                      for state, line in zip(known, lines, strict=True)])
    before = {id(state.line): state for state in known}
    return tuple(_shared(line, before) for line in lines)


def _shared(line: Line, before: Mapping[int, LineState]) -> LineState:
    state = before.get(id(line))
    return state if state is not None and state.line is line and state.holds else LineState.of(line)


def _same(one: State, other: State) -> bool:
    return one.header is other.header and _rows_alike(one, other, is_)


def _only_defaults_differ(one: State, other: State) -> bool:
    return one.header.typed == other.header.typed and _rows_alike(one, other, lambda line, before: (
        line is before or (line.line is before.line and line.typed == before.typed)))


def _rows_alike(one: State, other: State, alike: Callable[[LineState, LineState], bool]) -> bool:
    return one.rows.keys() == other.rows.keys() and all(
        len(rows) == len(other.rows[key]) and all(map(alike, rows, other.rows[key]))
        for key, rows in one.rows.items())
