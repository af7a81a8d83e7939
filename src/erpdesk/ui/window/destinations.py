"""Where one can go from the gateway or by typing a name: voucher types, reports, vouchers by number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from erpdesk.ui.keys.own_keys import normal_chord
from erpdesk.ui.keys.profile import KeyProfile
from erpdesk.ui.lookups.words import folded
from erpdesk.ui.ports import VoucherTypeInfo
from erpdesk.ui.reports.questions import QUESTIONS
from erpdesk.ui.window.screens import permitted
from erpdesk.ui.words import say, to_say

VOUCHER_TYPE, REPORT, STORED, REGISTER = "voucher_type", "report", "stored", "register"
SCREEN, BEGIN, MASTER, ELSEWHERE = "screen", "begin", "master", "elsewhere"
_CATEGORIES = {"accounting": to_say("Accounting"), "cash_bank": to_say("Cash and bank"),
               "purchase": to_say("Purchase"), "sales": to_say("Sales"), "inventory": to_say("Inventory")}


@dataclass(frozen=True, slots=True)
class Destination:
    """One place to go; `heading` groups, `chord` is the key that leads there at once."""

    kind: str
    code: str
    label: str
    heading: str
    chord: str = ""


def type_chord(kind: VoucherTypeInfo, profile: KeyProfile, beside: Iterable[VoucherTypeInfo]) -> str:
    """A type's own key, else the profile's unless that is the own key of another type."""
    if kind.key:
        return normal_chord(kind.key)
    chord = profile.type_keys.get(kind.code, "")
    return "" if any(other.key and normal_chord(other.key) == chord for other in beside if other.is_active) else chord


def type_destinations(types: Iterable[VoucherTypeInfo], profile: KeyProfile) -> list[Destination]:
    """Voucher types, grouped by category in the order of the categories."""
    types = tuple(types)
    found = [Destination(VOUCHER_TYPE, kind.code, say(kind.label),
                         say(_CATEGORIES.get(str(kind.category), str(kind.category).capitalize())),
                         type_chord(kind, profile, types)) for kind in types if kind.is_active]
    order = [say(heading) for heading in _CATEGORIES.values()]
    return sorted(found, key=lambda one: order.index(one.heading) if one.heading in order else len(order))


def report_destinations(permissions: Iterable[str]) -> list[Destination]:
    """The reports that these permissions let one see."""
    may = frozenset(permissions)
    return [Destination(REPORT, question.name, say(question.label), say("Reports")) for question in QUESTIONS
            if question.permission in may]


def screen_destinations(permissions: Iterable[str]) -> list[Destination]:
    """What is neither a voucher nor a report: the screens that these permissions let one see."""
    return [Destination(SCREEN, one.code, say(one.label), say(one.heading)) for one in permitted(permissions)]


def register_destinations(types: Iterable[VoucherTypeInfo]) -> list[Destination]:
    """The register of each voucher type."""
    return [Destination(REGISTER, kind.code, say("{type} Register", type=say(kind.label)), say("Registers"))
            for kind in types if kind.is_active]


def begin_destinations() -> list[Destination]:
    """Where another organization is made."""
    return [Destination(BEGIN, "", say("New organization"), say("Organizations"))]


def elsewhere_destinations() -> list[Destination]:
    """Where one says that the books live elsewhere, or are opened another way."""
    return [Destination(ELSEWHERE, "", say("Choose where the books live"), say("Organizations"))]


def matching(destinations: Iterable[Destination], typed: str) -> list[Destination]:
    """Those whose every typed word begins a word of label, heading or code, or stands anywhere in them."""
    words = folded(typed).split()
    if not words:
        return list(destinations)
    found = []
    for one in destinations:
        text = _text(one)
        if all(word in text for word in words):
            found.append((-_begun(text, words), not folded(one.label).startswith(words[0]), one))
    return [one for _, _, one in sorted(found, key=lambda entry: entry[:2])]


def is_begun(place: Destination, typed: str) -> bool:
    """Whether every typed word begins a word of a place."""
    words = folded(typed).split()
    return _begun(_text(place), words) == len(words)


def _text(place: Destination) -> str:
    return folded(f"{place.label} {place.heading} {place.code} {place.chord}")


def _begun(text: str, words: Iterable[str]) -> int:
    return sum(text.startswith(word) or f" {word}" in text for word in words)
