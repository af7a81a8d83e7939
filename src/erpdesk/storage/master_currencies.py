"""Currencies and their exchange rates among the masters of a document.

A rate is base currency for one unit, from a day on until the next. Rates given are added to those there are, or
change them; what has been posted keeps the rate it was posted at. The decimals of a currency that vouchers use
can't change, nor those of the books' own currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from erpdesk.storage import bulk
from erpdesk.storage.iso_currencies import currency_facts
from erpdesk.storage.master_candidate import (
    GIVEN_TWICE,
    IN_USE,
    WRONG_VALUE,
    Candidate,
    MasterObject,
    MasterOutcome,
)
from erpdesk.storage.master_directory import Directory, read_rows
from erpdesk.storage.tables import ledger

NOUN = "currency"
SECTION = "currencies"
_KEY = ("organization_id", "code")


def upsert_currencies(
    directory: Directory, given: Sequence[MasterObject], *, only_missing: bool = False
) -> list[MasterOutcome]:
    """Writes the currencies of a document; one outcome an object."""
    if not given:
        return []
    candidates = _candidates(directory, given)
    asked = any(one.source.values.get("decimals") is not None for one in candidates)
    used = _used(directory) if asked else set()
    base = _base_currency(directory)
    for one in candidates:
        _check(one, used, base)
    accepted = [one for one in candidates if not one.faults]
    _write(directory, accepted, only_missing)
    return [_outcome(one, only_missing) for one in candidates]


def _candidates(directory: Directory, given: Sequence[MasterObject]) -> list[Candidate]:
    from sqlalchemy import select

    table = ledger.currency
    mine = select(table).where(table.c.organization_id == directory.organization_id)
    there = {row["code"]: row for row in read_rows(directory.connection, mine)}
    made: list[Candidate] = []
    for source in given:
        code = source.values["code"].upper()
        one = Candidate(source, ("", code), code, directory.organization_id, there.get(code))
        if any(other.code == code for other in made):
            one.refuse(GIVEN_TWICE, "code", f"The currency {code} is given twice in this file.")
        made.append(one)
    return made


def _check(one: Candidate, used: set[str], base: str) -> None:
    """What the object says becomes columns; what it leaves out, the world's own facts for a new currency."""
    values = one.source.values
    known = currency_facts(one.code)
    if one.before is None:
        one.after |= {"code": one.code, "name": known[1] if known else one.code,
                      "decimals": known[2] if known else 2}  # fmt: skip
    if values.get("name"):
        one.after["name"] = values["name"]
    if values.get("decimals") is not None:
        one.after["decimals"] = int(values["decimals"])
    if "is_active" in values:
        one.after["is_active"] = values["is_active"]
    if "decimals" in one.changes and one.before is not None and one.code in {*used, base}:
        one.refuse(IN_USE, "decimals", f"The currency {one.code} has entries; its decimals can't change any more.")
    if one.code == base and values.get("is_active") is False:
        one.refuse(IN_USE, "is_active", f"{base} is the currency of the books; it stays active.")
    if one.code == base and values.get("rates"):
        one.refuse(WRONG_VALUE, "rates", f"{base} is the currency of the books; it has no exchange rate.")
    days: set[date] = set()
    for place, rate in enumerate(values.get("rates") or ()):
        _check_rate(one, f"rates[{place}]", rate, days)


def _check_rate(one: Candidate, where: str, rate: dict[str, Any], days: set[date]) -> None:
    try:
        day = date.fromisoformat(rate["valid_from"])
    except ValueError:
        one.refuse(WRONG_VALUE, f"{where}.valid_from", f'"{rate["valid_from"]}" is no date.')
        return
    if Decimal(rate["rate"]) <= 0:
        one.refuse(WRONG_VALUE, f"{where}.rate", "An exchange rate is more than zero.")
    if day in days:
        one.refuse(GIVEN_TWICE, f"{where}.valid_from", f"{one.code} has two rates from {day}.")
    days.add(day)


def _used(directory: Directory) -> set[str]:
    """Currencies that vouchers are in."""
    from sqlalchemy import select

    from erpdesk.storage.tables.voucher import voucher

    there = select(voucher.c.id).where(
        voucher.c.organization_id == ledger.currency.c.organization_id,
        voucher.c.currency_code == ledger.currency.c.code,
    )
    rows = directory.connection.execute(
        select(ledger.currency.c.code).where(
            ledger.currency.c.organization_id == directory.organization_id, there.exists()
        )
    )
    return set(rows.scalars())


def _base_currency(directory: Directory) -> str:
    from sqlalchemy import select

    from erpdesk.storage.tables.organization import organization

    code: str = directory.connection.execute(
        select(organization.c.base_currency).where(organization.c.id == directory.organization_id)
    ).scalar_one()
    return code


def _write(directory: Directory, accepted: Sequence[Candidate], only_missing: bool) -> None:
    mine = {"organization_id": directory.organization_id}
    new = [{**mine, **one.after} for one in accepted if one.before is None]
    for group in bulk.grouped_by_columns(new):
        bulk.insert_rows(directory.connection, ledger.currency, group)
    changed = [] if only_missing else [one for one in accepted if one.before is not None and one.changes]
    for group in bulk.grouped_by_columns([{**mine, "code": one.code, **one.changes} for one in changed]):
        bulk.update_rows(directory.connection, ledger.currency, group, _KEY)
    _write_rates(directory, accepted)


def _write_rates(directory: Directory, accepted: Sequence[Candidate]) -> None:
    from sqlalchemy import select

    table = ledger.currency_rate
    mine = select(table).where(table.c.organization_id == directory.organization_id)
    there = {
        (row["code"], row["valid_from"]): row["rate"] for row in read_rows(directory.connection, mine)
    }
    new, changed = [], []
    for one in accepted:
        for rate in one.source.values.get("rates") or ():
            day, figure = date.fromisoformat(rate["valid_from"]), Decimal(rate["rate"])
            before = there.get((one.code, day))
            row = {"organization_id": directory.organization_id, "code": one.code, "valid_from": day, "rate": figure}
            if before is None:
                new.append(row)
            elif before != figure:
                changed.append(row)
            one.parts_changed = one.parts_changed or before != figure
    bulk.insert_rows(directory.connection, table, new)
    bulk.update_rows(directory.connection, table, changed, (*_KEY, "valid_from"))


def _outcome(one: Candidate, only_missing: bool) -> MasterOutcome:
    if one.faults:
        status = "refused"
    elif one.before is None:
        status = "created"
    else:
        status = "updated" if one.parts_changed or (one.changes and not only_missing) else "unchanged"
    return MasterOutcome(one.source.path, NOUN, one.code, status, tuple(one.faults))
