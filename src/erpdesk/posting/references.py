"""Which masters a voucher document names, so that one round trip can fetch them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.cost_splits import COST_CENTRES
from erpdesk.blueprints.vocabulary import RateSource
from erpdesk.domain.keys import key_of
from erpdesk.posting.origin import source_of

LINE_GRIDS = ("lines", "consume", "produce")


def rows_of(document: Mapping[str, Any], grid: str) -> Iterator[Mapping[str, Any]]:
    """The rows of one array of a document; what isn't a row is passed over."""
    found = document.get(grid)
    return iter([row for row in found if isinstance(row, (dict, Mapping))] if isinstance(found, (list, tuple)) else ())


def details_of(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The parts that a line is split into, as typed."""
    return rows_of(row, "details")


def text_of(value: Any) -> str | None:
    """Text that says something, trimmed; None otherwise."""
    return value.strip() or None if isinstance(value, str) else None


def request_for(document: Mapping[str, Any], blueprint: Blueprint, key: str | None) -> dict[str, Any]:
    """The request to the server: code keys by kind of master, sorted, and the idempotency key."""
    lines = [row for grid in LINE_GRIDS for row in rows_of(document, grid)]
    placed = [*lines, *({**one, "item": row.get("item")} for row in lines for one in details_of(row))]
    request: dict[str, Any] = {"type": blueprint.code, "date": document.get("date")}
    wanted = {
        "accounts": _keys([document], "account")
        | _keys([*lines, *rows_of(document, "charges")], "account")
        | _ledgers(blueprint),
        "parties": _keys([document], "party") | _keys(lines, "party"),
        "items": _keys(lines, "item"),
        "bins": _keys(placed, "bin", "to_bin"),
        "warehouses": _keys([document, *placed], "warehouse", "from_warehouse", "to_warehouse")
        | _default(blueprint),
        "cost_centres": _keys([document, *lines, *(part for row in lines for part in rows_of(row, COST_CENTRES))],
                              "cost_centre"),
    }
    request |= {kind: sorted(keys) for kind, keys in wanted.items() if keys}
    batches = sorted(
        {
            (key_of(row["item"]), key_of(row["batch"]))
            for row in placed
            if _is_code(row.get("item")) and _is_code(row.get("batch"))
        }
    )
    if batches:
        request["batches"] = [{"item": item, "batch": batch} for item, batch in batches]
    if key is not None:
        request["key"] = key
    source = source_of(document)
    if source is not None:
        request["source_type"], request["source_id"] = source
    named = references_of(document)
    if named:
        request["vouchers"] = named
    if _is_code(document.get("currency")):
        request["currency"] = str(document["currency"]).strip().upper()
    if _is_code(document.get("branch")):
        request["branch"] = key_of(document["branch"])
    if _is_code(document.get("price_list")):
        request["price_list"] = key_of(document["price_list"])
    if blueprint.lines.show_rate and any(row.get("rate") in (None, "") for row in rows_of(document, "lines")):
        request["rates"] = True
        if _is_code(document.get("party")):
            request["party"] = key_of(document["party"])
        if "party" in request and blueprint.lines.rate_source is RateSource.LAST_RATE:
            request["last_rates"] = True
    return request


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _keys(rows: Iterable[Mapping[str, Any]], *names: str) -> set[str]:
    return {key_of(row[name]) for row in rows for name in names if _is_code(row.get(name))}


def _ledgers(blueprint: Blueprint) -> set[str]:
    charges = (code for charge in blueprint.charges for code in (charge.ledger, charge.contra_account))
    round_off = (blueprint.voucher_type.round_off_account,)
    return {key_of(code) for code in (*charges, *round_off) if code}


def _default(blueprint: Blueprint) -> set[str]:
    return {key_of(blueprint.lines.default_warehouse)} if blueprint.lines.default_warehouse else set()


def references_of(document: Mapping[str, Any]) -> list[str]:
    """Every voucher that a document names, sorted, once."""
    return sorted(set(_references(document)))


def _references(document: Mapping[str, Any]) -> Iterator[str]:
    rows = (document, *rows_of(document, "lines"))
    if _named(document.get("replaces")):
        yield document["replaces"]
    yield from (row["against"] for row in rows if _named(row.get("against")))
    yield from (
        row["voucher_number"] for row in rows_of(document, "allocations") if _named(row.get("voucher_number"))
    )
    for receipt in document.get("receipts") or ():
        name = receipt.get("voucher") if isinstance(receipt, Mapping) else receipt
        if isinstance(name, str) and _named(name):
            yield name


def _named(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
