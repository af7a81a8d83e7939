"""Every code that a person may see, with its title, cause and cure, from `resources/errors`.

`python -m erpdesk.services.error_catalogue` prints it as the page `docs/errors.md`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from erpdesk.services.named_keys import with_shipped_keys
from erpdesk.settings import RESOURCES


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What a code means and what to do about it; keys in it are named by their actions (`services.named_keys`)."""

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
    """What to do about a code, the keys in it as shipped; empty for one that isn't catalogued."""
    entry = catalogue().get(code)
    return with_shipped_keys(entry.cure) if entry else ""


_FAMILIES: Mapping[str, str] = {
    "VCH": "Vouchers", "GL": "Ledger", "INV": "Stock", "NUM": "Numbers", "PRD": "Years and periods",
    "APR": "Approval", "SEC": "Rights", "CFG": "Configuration", "ORG": "Organizations", "MST": "Masters",
    "IMP": "Import", "RPT": "Reports", "EVT": "Events", "NET": "Connection", "SYS": "Program",
}  # fmt: skip


def errors_page() -> str:
    """The catalogue as a page, family by family, by code."""
    lines = [
        "# Error codes", "",
        "Codes are stable; programs may rely on them. The window's banner and the command line show the same text.",
        "This page is made from `resources/errors` by `python -m erpdesk.services.error_catalogue`.",
    ]  # fmt: skip
    families = sorted({code.partition("-")[0] for code in catalogue()},
                      key=lambda name: (list(_FAMILIES).index(name) if name in _FAMILIES else 99, name))
    for family in families:
        lines += ["", f"## {family}: {_FAMILIES.get(family, family)}", "",
                  "| code | means | because | what to do |", "|---|---|---|---|"]  # fmt: skip
        lines += [
            f"| {entry.code} | {_cell(entry.title)} | {_cell(entry.cause)} | {_cell(entry.cure)} |"
            for code, entry in sorted(catalogue().items())
            if code.partition("-")[0] == family
        ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(with_shipped_keys(text).split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(errors_page())
