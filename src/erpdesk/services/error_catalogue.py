"""Every code that a person may see, with its title, cause and cure, from `resources/errors`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from erpdesk.settings import RESOURCES


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What a code means and what to do about it."""

    code: str
    title: str
    cause: str
    cure: str
    step: str


@cache
def catalogue() -> Mapping[str, CatalogueEntry]:
    """All entries by code."""
    entries: dict[str, CatalogueEntry] = {}
    for path in sorted((RESOURCES / "errors").glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            names = ("code", "title", "cause", "cure", "step")
            entries[row["code"]] = CatalogueEntry(*(str(row.get(name, "")) for name in names))
    return entries


def cure_of(code: str) -> str:
    """What to do about a code; empty for one that isn't catalogued."""
    entry = catalogue().get(code)
    return entry.cure if entry else ""
