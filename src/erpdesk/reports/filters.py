"""Filters say which part of the books a report is about; they come as text from both doors.

What a filter names must exist (RPT-004, RPT-005): a misspelt account must not look like an empty one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from erpdesk.domain.results import ErpdeskError
from erpdesk.storage.report_queries import Reading, masters

SIDES = ("receivable", "payable")
WITH_CLOSING, WITHOUT_CLOSING = CLOSINGS = ("with", "without")
LARGEST_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for; None where nothing was. `since` and `until` are both included; `closing` says whether the
    entry that closes the year of the last day counts."""

    since: date | None = None
    until: date | None = None
    account: str | None = None
    party: str | None = None
    voucher: str | None = None
    item: str | None = None
    items: tuple[str, ...] = ()
    warehouse: str | None = None
    type: str | None = None
    kind: str | None = None
    closing: str | None = None
    after: str | None = None
    limit: int | None = None


def parsed(given: Mapping[str, Any]) -> Filters:
    """Filters from plain values; None and empty text mean not given. Raises RPT-003."""
    values: dict[str, Any] = {name: value for name, value in given.items() if value not in (None, "")}
    for name in ("since", "until"):
        if name in values:
            values[name] = _day(name, values[name])
    if "limit" in values:
        values["limit"] = _limit(values["limit"])
    if "items" in values:
        items = values["items"]
        values["items"] = (items,) if isinstance(items, str) else tuple(items)
    filters = Filters(**values)
    if filters.since and filters.until and filters.since > filters.until:
        raise wrong_filter("since", f"It would begin on {filters.since}, after its end on {filters.until}")
    if filters.kind is not None and filters.kind not in SIDES:
        raise wrong_filter("kind", f"There is no kind {filters.kind}; there are {' and '.join(SIDES)}")
    if filters.closing is not None and filters.closing not in CLOSINGS:
        raise wrong_filter("closing", f"The closing entry is {' or '.join(CLOSINGS)} it, not {filters.closing}")
    return filters


def accounts_of(reading: Reading, filters: Filters) -> list[UUID] | None:
    """The accounts meant, a group with all below it; None when no account was named."""
    if filters.account is None:
        return None
    found = masters.account_ids(reading, filters.account)
    if not found:
        raise unknown("account", filters.account)
    return found


def party_of(reading: Reading, filters: Filters) -> UUID | None:
    """The party meant."""
    if filters.party is None:
        return None
    return _there(masters.party_id(reading, filters.party), "party", filters.party)


def item_of(reading: Reading, filters: Filters) -> UUID | None:
    """The item meant."""
    if filters.item is None:
        return None
    return _there(masters.item_id(reading, filters.item), "item", filters.item)


def items_of(reading: Reading, filters: Filters) -> list[UUID] | None:
    """The items meant; None for all of them."""
    if not filters.items:
        return None
    return [_there(masters.item_id(reading, code), "item", code) for code in filters.items]


def warehouse_of(reading: Reading, filters: Filters) -> UUID | None:
    """The warehouse meant."""
    if filters.warehouse is None:
        return None
    return _there(masters.warehouse_id(reading, filters.warehouse), "warehouse", filters.warehouse)


def type_of(reading: Reading, filters: Filters) -> UUID | None:
    """The voucher type meant."""
    if filters.type is None:
        return None
    return _there(masters.voucher_type_id(reading, filters.type), "voucher type", filters.type, "type")


def voucher_of(reading: Reading, reference: str, field: str) -> masters.FoundVoucher:
    """The voucher that an id, a number or `key:…` names; raises RPT-005, or RPT-006 when several do."""
    found = masters.vouchers(reading, reference)
    if not found:
        raise ErpdeskError("RPT-005", f"There is no voucher {reference}", field=field,
                           cure="Give its number, its id, or key: and its idempotency key.")
    if len(found) > 1:
        named = ", ".join(f"{one.type_code} of {one.dated_on} ({one.id})" for one in found)
        raise ErpdeskError("RPT-006", f"Several vouchers have the number {reference}: {named}", field=field,
                           cure="Give the id of the one you mean.")
    return found[0]


def wrong_filter(field: str, message: str) -> ErpdeskError:
    """A filter that can't be understood or doesn't belong to the report."""
    return ErpdeskError("RPT-003", message, field=field)


def unknown(what: str, code: str, field: str = "") -> ErpdeskError:
    """A filter that names something that isn't there."""
    return ErpdeskError("RPT-004", f"There is no {what} {code}", field=field or what,
                        cure="Check the code.")


def _there(found: UUID | None, what: str, code: str, field: str = "") -> UUID:
    if found is None:
        raise unknown(what, code, field)
    return found


def _day(name: str, value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise wrong_filter(name, f"{value} is no date; write it as 2026-04-01") from None


def _limit(value: object) -> int:
    digits = str(value)
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits) <= LARGEST_LIMIT):
        raise wrong_filter("limit", f"The limit {value} is no whole number from 1 to {LARGEST_LIMIT}")
    return int(digits)
