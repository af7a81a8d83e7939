"""The keys of voucher types: one key opens one type, and none that the program uses while a voucher is typed.

Keys of the program are those of the shipped profile (`resources/keys`) in the contexts that lie around a voucher.
Pages of their own, such as reports, may use the key of a type for something else while the cursor is in them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from erpdesk.blueprints.faults import Cfg
from erpdesk.domain.results import Fault
from erpdesk.settings import RESOURCES

AROUND_A_VOUCHER = ("window", "voucher", "stored", "grid", "line_details", "split", "number", "lookup")
_MODIFIERS = ("Ctrl", "Alt", "Shift")


@dataclass(frozen=True, slots=True)
class TypeKey:
    """A voucher type with the key that opens it."""

    code: str
    label: str
    shortcut: str


def normal(shortcut: str) -> str:
    """A key with its modifiers in one order, so that the same key is the same text."""
    *modifiers, key = shortcut.split("+")
    return "+".join([*sorted(modifiers, key=_place), key])


def _place(modifier: str) -> int:
    return _MODIFIERS.index(modifier) if modifier in _MODIFIERS else len(_MODIFIERS)


@cache
def program_keys(profile: str = "tally") -> Mapping[str, str]:
    """What the program's keys do around a voucher, by key; of the innermost context first."""
    contexts = json.loads((RESOURCES / "keys" / f"{profile}.json").read_text(encoding="utf-8"))["contexts"]
    found: dict[str, str] = {}
    for name in AROUND_A_VOUCHER:
        for row in contexts[name]:
            found.setdefault(normal(row["key"]), row["label"])
    return found


def shortcut_faults(wanted: Sequence[TypeKey | None], others: Iterable[TypeKey]) -> list[tuple[int, Fault]]:
    """What is wrong with the keys of the types wanted, by their place; `others` are active types that stay as they
    are. None in a place: that type has no key or isn't switched on."""
    known = [(-1, one) for one in others if one.shortcut]
    known += [(place, one) for place, one in enumerate(wanted) if one is not None and one.shortcut]
    found = []
    for place, one in enumerate(wanted):
        if one is None or not one.shortcut:
            continue
        key = normal(one.shortcut)
        rival = next((other for at, other in known if at != place and normal(other.shortcut) == key), None)
        used_for = program_keys().get(key)
        if rival is not None:
            found.append((place, _fault(one, place, f"opens {rival.label} ({rival.code}) already")))
        elif used_for is not None:
            found.append((place, _fault(one, place, f"is “{used_for}” while a voucher is typed")))
    return found


def _fault(one: TypeKey, place: int, why: str) -> Fault:
    return Fault(str(Cfg.KEY_TAKEN), f"{one.code}: {one.shortcut} {why}", f"voucher_types[{place}].shortcut")
