"""Anywhere: what Alt+G goes to - places of the window, masters, vouchers by number - found by typing, last used first.

A look costs the matches, not the masters: masters and vouchers come from the indexes that lookups use, forgiving
typing errors as they do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from erpdesk.ui.lookups.index import FEW, LookupIndex, label_of
from erpdesk.ui.ports import LookupRow
from erpdesk.ui.session import Session
from erpdesk.ui.window.destinations import MASTER, STORED, Destination, is_begun, matching
from erpdesk.ui.window.screens import permitted
from erpdesk.ui.words import say, to_say

_KINDS = (("item", to_say("Item")), ("party", to_say("Party")), ("account", to_say("Account")),
          ("warehouse", to_say("Warehouse")), ("price_list", to_say("Price list")),
          ("cost_centre", to_say("Cost centre")))
_EACH, _MOST, _REMEMBERED = 12, 60, 8


class LastUsed:
    """The places gone to last, the latest first, by organization."""

    def __init__(self, kept: str = "") -> None:
        self._used: dict[str, list[Destination]] = {}
        try:
            for code, rows in json.loads(kept).items() if kept else ():
                self._used[str(code)] = [Destination(*map(str, row)) for row in rows][:_REMEMBERED]
        except (ValueError, TypeError, AttributeError):
            self._used = {}

    def note(self, organization: str, place: Destination) -> None:
        """Somebody went there."""
        used = [one for one in self._used.get(organization, []) if (one.kind, one.code) != (place.kind, place.code)]
        self._used[organization] = [place, *used][:_REMEMBERED]

    def of(self, organization: str) -> list[Destination]:
        """Those of an organization."""
        return list(self._used.get(organization, []))

    def written(self) -> str:
        """For the next start."""
        return json.dumps({code: [(one.kind, one.code, one.label, one.heading, one.chord) for one in used]
                           for code, used in self._used.items()}, ensure_ascii=False)


class Anywhere:
    """What there is to go to from one opening of the list on."""

    def __init__(self, session: Session, places: Sequence[Destination], used: Iterable[Destination]) -> None:
        from erpdesk.ui.editors.listed import Choice

        self._session, self._places = session, list(places)
        known = {(one.kind, one.code): one for one in self._places}
        self._used = [known.get((one.kind, one.code), one) for one in used
                      if one.kind in (MASTER, STORED) or (one.kind, one.code) in known]
        self._order = {(one.kind, one.code): number for number, one in enumerate(self._used)}
        self._index = LookupIndex(Choice(str(number), f"{one.label} {one.heading}")
                                  for number, one in enumerate(self._places))
        self._kinds = [(kind, label) for kind, label in _KINDS
                       if f"masters.{kind}" in {one.code for one in permitted(session.permissions)}]

    @property
    def at_first(self) -> list[Destination]:
        """Before anything is typed: what was used last, then every place of the window."""
        heading = say("Used last")
        last = [Destination(one.kind, one.code, one.label, heading, one.chord) for one in self._used]
        return last + self._places

    def found(self, typed: str) -> list[Destination]:
        """What the words typed may mean, best first: what begins so before what only resembles it, of what is equally
        good the last used."""
        if not typed.strip():
            return self.at_first
        exact = self._masters(_named, typed)
        places = matching(self._places, typed)
        begun = self._used_first([*(one for one in places if is_begun(one, typed)),
                                  *self._masters(LookupIndex.beginning, typed),
                                  *self._vouchers(LookupIndex.beginning, typed)])
        found = [*exact, *begun]
        if len(begun) < FEW:
            found += self._used_first([*places, *self._masters(LookupIndex.matches, typed),
                                       *self._vouchers(LookupIndex.matches, typed), *self._meant(typed)])
        return list({(one.kind, one.code): one for one in found}.values())[:_MOST]

    def _meant(self, typed: str) -> list[Destination]:
        return [self._places[int(row.code)] for row in self._index.matches(typed, limit=_EACH)]

    def _used_first(self, found: list[Destination]) -> list[Destination]:
        last = len(self._order)
        return sorted(found, key=lambda one: self._order.get((one.kind, one.code), last))

    def _masters(self, look: _Look, typed: str) -> list[Destination]:
        return [_master(kind, label, row) for kind, label in self._kinds
                for row in look(self._session.lookups.index(kind), typed, limit=_EACH)]

    def _vouchers(self, look: _Look, typed: str) -> list[Destination]:
        return [Destination(STORED, row.code, f"{row.code}   {row.name}".strip(), say("Vouchers"), say("Voucher"))
                for row in look(self._session.lookups.index("voucher"), typed, limit=_EACH)]


class _Look(Protocol):
    """A look into an index."""

    def __call__(self, index: LookupIndex, typed: str, /, *, limit: int) -> Sequence[LookupRow]: ...


def _named(index: LookupIndex, typed: str, /, *, limit: int) -> Sequence[LookupRow]:
    """The one row whose whole code or name was typed."""
    row = index.named(typed)
    return () if row is None else (row,)


def _master(kind: str, label: str, row: LookupRow) -> Destination:
    return Destination(MASTER, f"{kind}:{row.code}", f"{label_of(row)}   {row.code}", say("Masters"), say(label))


class _Named:
    """A master by what names it."""

    def __init__(self, code: str) -> None:
        self.name = (code, "")


def open_master(place: Destination, open_screen: Callable[[str], object], current: Callable[[], Any]) -> None:
    """The list of a master's kind, its form open over it."""
    kind, _, code = place.code.partition(":")
    open_screen(f"masters.{kind}")
    if (editing := getattr(current(), "editing", None)) is not None:
        editing.open(_Named(code))
