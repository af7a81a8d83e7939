"""A line split over cost centres: read from its document, and journalled as a line for each of them.

The parts are amounts of the voucher's currency, or percentages of the line; one that says neither takes what the
others leave. They come to the line exactly, in the currency of the books too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from erpdesk.blueprints.cost_splits import COST_CENTRES
from erpdesk.blueprints.values import read_decimal
from erpdesk.blueprints.vocabulary import GoodsRole, GridKind
from erpdesk.domain.journal import JournalLine
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import HUNDRED, plain, split, total
from erpdesk.posting.references import rows_of, text_of
from erpdesk.posting.resolved import CostShare, Line

if TYPE_CHECKING:
    from erpdesk.posting.reader import DocumentReader

_LEDGER = (GridKind.LEDGER_DR_CR, GridKind.LEDGER_SINGLE)


def read_shares(reader: DocumentReader, lines: tuple[Line, ...], decimals: int) -> tuple[Line, ...]:
    """The lines with what each cost centre bears of them; their amounts are known already."""
    rows = {(line.grid, line.number): line for line in lines}
    for grid in {line.grid for line in lines}:
        for number, row in enumerate(rows_of(reader.document, grid), 1):
            if row.get(COST_CENTRES):
                rows[grid, number] = _shared(reader, rows[grid, number], row, decimals)
    return tuple(rows.values())


def _shared(reader: DocumentReader, line: Line, row: Mapping[str, Any], decimals: int) -> Line:
    path = f"{line.path}.{COST_CENTRES}"
    kind = reader.blueprint.voucher_type
    sold = kind.goods_role in (GoodsRole.SALES, GoodsRole.SALES_RETURN)
    if kind.grid_kind not in _LEDGER and not sold:
        reader.fault("VCH-056", "Lines of this voucher type aren't split over cost centres", path)
        return line
    whole = abs(line.debit - line.credit) if kind.grid_kind is GridKind.LEDGER_DR_CR else line.amount
    parts = [_part(reader, one, f"{path}[{number}]") for number, one in enumerate(rows_of(row, COST_CENTRES))]
    amounts = _amounts(reader, parts, whole, decimals, path)
    if amounts is None or any(centre is None for centre, _, _ in parts):
        return line
    return replace(line, cost_shares=tuple(
        CostShare(centre, amount) for (centre, _, _), amount in zip(parts, amounts, strict=True) if centre is not None))


def _part(reader: DocumentReader, row: Mapping[str, Any], path: str) -> tuple[Any, Decimal | None, Decimal | None]:
    """The cost centre of a part, its amount and its percentage."""
    code = text_of(row.get("cost_centre"))
    found = reader.masters.cost_centres.get(key_of(code)) if code else None
    if found is None or not found.is_active:
        reader.fault("VCH-013", f"There is no active cost centre {code or ''}".rstrip(), f"{path}.cost_centre")
        found = None
    return found, _maybe(row.get("amount")), _maybe(row.get("percent"))


def _maybe(raw: Any) -> Decimal | None:
    return None if raw in (None, "") else read_decimal(raw)


def _amounts(reader: DocumentReader, parts: list[tuple[Any, Decimal | None, Decimal | None]], whole: Decimal,
             decimals: int, path: str) -> list[Decimal] | None:
    """What each part comes to; None, with a fault, where they don't come to the line."""
    open_ones = [number for number, (_, amount, percent) in enumerate(parts) if amount is None and percent is None]
    if any(amount is not None for _, amount, _ in parts) and any(percent is not None for _, _, percent in parts):
        reader.fault("VCH-056", "The parts are all amounts or all percentages", path)
        return None
    in_percent = any(percent is not None for _, _, percent in parts)
    of = HUNDRED if in_percent else whole
    said = [percent if in_percent else amount for _, amount, percent in parts]
    left = of - total(one for one in said if one is not None)
    if len(open_ones) > 1 or (not open_ones and left != 0) or (open_ones and left <= 0):
        unit = " %" if in_percent else ""
        come = plain(of - left)
        reader.fault("VCH-056", f"The cost centres come to {come}{unit}, the line to {plain(of)}{unit}", path)
        return None
    weights = [left if one is None else one for one in said]
    if any(weight <= 0 for weight in weights):
        reader.fault("VCH-056", "What a cost centre bears is positive", path)
        return None
    return list(split(whole, weights, decimals)) if in_percent else weights


def over_centres(line: Line, journal: JournalLine, decimals: int) -> list[JournalLine]:
    """The journal line of a line, or one for each cost centre that bears a part of it."""
    if not line.cost_shares:
        return [journal]
    weights = [share.amount for share in line.cost_shares]
    amounts = split(journal.amount, weights, decimals)
    if abs(journal.amount) == total(weights):
        amounts = tuple(weight if journal.amount > 0 else -weight for weight in weights)
    return [replace(journal, amount=amount, cost_centre_id=share.centre.id)
            for share, amount in zip(line.cost_shares, amounts, strict=True)]


def in_books(line: Line, amount: Decimal, decimals: int) -> tuple[CostShare, ...]:
    """The parts of a line whose amount in the currency of the books is known."""
    if not line.cost_shares:
        return ()
    amounts = split(abs(amount), [share.amount for share in line.cost_shares], decimals)
    return tuple(replace(share, amount=part) for share, part in zip(line.cost_shares, amounts, strict=True))


def stored_shares(line: Line) -> list[dict[str, Any]]:
    """The parts as rows for the server."""
    return [{"grid": line.grid, "line_number": line.number, "part_number": number, "cost_centre_id": share.centre.id,
             "amount": share.amount} for number, share in enumerate(line.cost_shares, 1)]

