"""The shipped voucher types, a file each in `resources/blueprints/`, and the journal types beside them.

What depends on the country stands in the data (`rate_by_country`) and is settled here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.settings import RESOURCES

RATE_BY_COUNTRY = "rate_by_country"


@dataclass(frozen=True, slots=True)
class JournalType:
    """One of the journals that vouchers are entered in."""

    code: str
    label: str
    sort_order: int


@cache
def load_journal_types() -> tuple[JournalType, ...]:
    """The journal types in order; seeded before the voucher types."""
    text = (RESOURCES / "blueprints" / "standard" / "journal_types.json").read_text(encoding="utf-8")
    return tuple(JournalType(**row) for row in json.loads(text))


@cache
def load_baseline(country: str = "") -> tuple[Blueprint, ...]:
    """Every shipped blueprint in order, inactive extra ones included, for an ISO country code (or none)."""
    folder = RESOURCES / "blueprints"
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    documents.sort(key=lambda document: document["sort_order"])
    return tuple(Blueprint.from_document(settled_for(document, country), document["code"])
                 for document in documents)


def settled_for(document: Mapping[str, Any], country: str) -> dict[str, Any]:
    """A shipped document with the rates of a country in place of the choice between countries."""
    charges = []
    for charge in document.get("charges", ()):
        charge = dict(charge)
        rates = charge.pop(RATE_BY_COUNTRY, {})
        if country in rates:
            charge["rate"] = rates[country]
        charges.append(charge)
    return {**document, "charges": charges}
