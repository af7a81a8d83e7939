"""A chart of accounts as a table: columns code, name, parent, type and, if wanted, kind, role, alias.

A row named as parent is a group; rows stand in any order. Several roles stand with commas or blanks between them.
Without a kind, an account that plays a role has the kind that goes with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from erpdesk.domain.results import Fault
from erpdesk.exchange.refusals import WRONG_COLUMNS, ImportRefused
from erpdesk.exchange.schema import masters_schema
from erpdesk.exchange.sources import checked_file, first_bytes
from erpdesk.exchange.tables import read_csv, read_workbook
from erpdesk.settings import RESOURCES

_REQUIRED = ("code", "name", "type")
_KNOWN = ("code", "name", "parent", "type", "kind", "role", "alias")

KIND_OF_ROLE: Mapping[str, str] = {
    "cash": "cash", "bank": "bank", "receivable": "receivable", "payable": "payable", "stock": "stock",
    "cogs": "cogs", "grir": "grir", "delivered_not_invoiced": "dni", "input_tax": "tax", "output_tax": "tax",
    "purchase_variance": "variance", "cost_variance": "variance", "stock_adjustment": "variance",
    "round_off": "round_off", "exchange_rounding": "exchange", "exchange_gain_loss": "exchange",
}  # fmt: skip


def read_accounts(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Accounts with their line numbers, in the order of the file. Raises ImportRefused."""
    checked_file(path)
    rows = iter(read_workbook(path) if first_bytes(path).startswith(b"PK\x03\x04") else read_csv(path))
    names = _columns(next(rows, (1, []))[1])
    accounts: list[tuple[int, dict[str, Any]]] = []
    for line, cells in rows:
        if any(cells[len(names) :]):
            raise ImportRefused(WRONG_COLUMNS, f"Line {line} has more cells than there are columns.")
        accounts.append((line, _account(dict(zip(names, cells, strict=False)))))
    return accounts


def _columns(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    for name in names:
        if name not in _KNOWN or names.count(name) > 1:
            raise ImportRefused(
                WRONG_COLUMNS, f'The column "{name[:60]}" is unknown or there twice.',
                cure="Columns are code, name, parent, type; kind, role and alias may be added.",
            )  # fmt: skip
    missing = [name for name in _REQUIRED if name not in names]
    if missing:
        raise ImportRefused(
            WRONG_COLUMNS, f"The first line doesn't name the column {missing[0]}.",
            cure="The first line must be: code,name,parent,type",
        )  # fmt: skip
    return names


def _account(row: dict[str, str]) -> dict[str, Any]:
    account: dict[str, Any] = {name: cell for name, cell in row.items() if cell}
    if "type" in account:
        account["type"] = account["type"].lower()
    if roles := [role for role in re.split(r"[\s,;|]+", row.get("role", "")) if role]:
        account["role"] = roles[0] if len(roles) == 1 else roles
        if kind := kind_of_roles(roles):
            account.setdefault("kind", kind)
    return account


def roles_of(account: Mapping[str, Any]) -> tuple[str, ...]:
    """The roles of an account of a document: none, one, or a list of them."""
    given = account.get("role") or ()
    return (given,) if isinstance(given, str) else tuple(str(role) for role in given)


def kind_of_roles(roles: Iterable[str]) -> str:
    """The kind of an account that plays these roles and says none of its own; empty: they don't ask for one."""
    return next((KIND_OF_ROLE[role] for role in roles if role in KIND_OF_ROLE), "")


def account_faults(account: Mapping[str, Any], path: str) -> tuple[Fault, ...]:
    """What is wrong with the form of one account."""
    schema = masters_schema()
    return schema.faults(account, schema.definition("account"), path)


def baseline_chart() -> list[dict[str, Any]]:
    """The chart of accounts that an organization gets unless it brings its own."""
    text = (RESOURCES / "charts" / "baseline.json").read_text(encoding="utf-8")
    accounts: list[dict[str, Any]] = json.loads(text)["accounts"]
    return accounts


def baseline_units() -> list[dict[str, Any]]:
    """The units of measure that every organization starts with."""
    text = (RESOURCES / "charts" / "units.json").read_text(encoding="utf-8")
    units: list[dict[str, Any]] = json.loads(text)["uoms"]
    return [unit | {"decimals": str(unit["decimals"])} for unit in units]


def country_defaults(country: str) -> Mapping[str, str]:
    """Time zone, calendar, digit grouping and language that go with a country."""
    text = (RESOURCES / "charts" / "countries.json").read_text(encoding="utf-8")
    countries: dict[str, dict[str, str]] = json.loads(text)
    return countries.get(country, countries[""])
