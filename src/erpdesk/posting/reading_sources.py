"""Reading what a document says of other vouchers: returns, allocations, receipts, costs to add."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from erpdesk.blueprints.values import read_decimal
from erpdesk.domain.following import following_fault, no_voucher
from erpdesk.domain.money import ZERO, total
from erpdesk.domain.results import Step
from erpdesk.posting.references import rows_of
from erpdesk.posting.sources import Allocation, CostCharge, Receipt, Source, SourceLine

if TYPE_CHECKING:
    from erpdesk.posting.masters import Item
    from erpdesk.posting.reader import DocumentReader

SPREADS = ("value", "quantity", "manual")
_GOODS = "stock"
"""The kind of account that is worth what lies in stock, to the cent: nothing else moves it."""


def read_against(reader: DocumentReader, row: Mapping[str, Any], path: str = "") -> Source | None:
    """The voucher that a header or line follows; it must stand and be of a kind that the blueprint takes."""
    reference = row.get("against")
    if not isinstance(reference, str) or not reference.strip():
        return None
    return _standing(reader, reference, f"{path}.against".lstrip("."), reader.blueprint.voucher_type.source_kinds)


def read_replaced(reader: DocumentReader) -> Source | None:
    """The voucher that posting this one reverses; whether it can be, its reversal says."""
    reference = reader.document.get("replaces")
    if not isinstance(reference, str) or not reference.strip():
        return None
    source = reader.sources.get(reference)
    if source is None:
        reader.faults.append(no_voucher(reference, "replaces"))
    return source


def _standing(reader: DocumentReader, reference: str, place: str, kinds: Collection[str] = ()) -> Source | None:
    """The voucher if it stands and is of these kinds (none: any); whose it is, is asked of the voucher as a whole."""
    source = reader.sources.get(reference)
    fault = following_fault(reference, source, kinds, place)
    if fault is not None:
        reader.faults.append(fault)
        return None
    return source


def source_line(
    reader: DocumentReader, row: Mapping[str, Any], item: Item, source: Source, path: str
) -> SourceLine | None:
    """The line of the source that a line returns: the one named, else the only one of that item."""
    lines = [line for line in source.lines if line.item_id == item.id]
    named = row.get("against_line")
    if named not in (None, ""):
        lines = [line for line in lines if line.number == int(read_decimal(named))]
    if not lines:
        reader.fault(
            "VCH-022", f"{source.name} has no such line of {item.named}", f"{path}.item"
        )
        return None
    if len(lines) > 1:
        reader.fault(
            "VCH-022",
            f"{source.name} has {item.named} on several lines: name one with against_line",
            f"{path}.against_line",
        )
        return None
    return lines[0]


def read_allocations(reader: DocumentReader) -> tuple[Allocation, ...]:
    """What is settled, in order; a voucher named twice is a fault."""
    found: list[Allocation] = []
    for number, row in enumerate(rows_of(reader.document, "allocations")):
        path = f"allocations[{number}]"
        target = _standing(reader, str(row.get("voucher_number") or ""), f"{path}.voucher_number")
        if target is None:
            continue
        if any(known.target.id == target.id for known in found):
            reader.fault("VCH-019", f"{target.name} is allocated twice", f"{path}.voucher_number")
        found.append(
            Allocation(target, _figure(row, "amount"), _figure(row, "discount"), _figure(row, "write_off"))
        )
    return tuple(found)


def settlement_total(document: Mapping[str, Any], allocations: tuple[Allocation, ...]) -> Decimal:
    """The money that moved: typed, else what the allocations add up to."""
    if document.get("amount") not in (None, ""):
        return read_decimal(document["amount"])
    return total(allocation.amount for allocation in allocations)


def read_receipts(reader: DocumentReader) -> tuple[Receipt, ...]:
    """The receipts whose cost is raised; an object names some of their lines."""
    found = []
    for number, entry in enumerate(reader.document.get("receipts") or ()):
        path = f"receipts[{number}]"
        whole = not isinstance(entry, Mapping)
        source = _standing(reader, str(entry if whole else entry.get("voucher")), path)
        kinds = reader.blueprint.voucher_type.source_kinds
        if source is None:
            continue
        if kinds and source.kind not in kinds:
            reader.fault("VCH-021", f"{source.name} received nothing that cost can be added to", path)
            continue
        lines = (
            None
            if whole or not entry.get("lines")
            else frozenset(int(read_decimal(line)) for line in entry["lines"])
        )
        known = {line.number for line in source.lines}
        if lines is not None and not lines <= known:
            reader.fault("VCH-022", f"{source.name} has no line {min(lines - known)}", f"{path}.lines")
        found.append(Receipt(source, lines))
    return tuple(found)


def read_cost_charges(reader: DocumentReader) -> tuple[CostCharge, ...]:
    """Costs with an account of their own: of landed cost and of production."""
    found = []
    for number, row in _cost_rows(reader.document):
        by = str(row.get("by") or "value")
        if by not in SPREADS:
            reader.fault(
                "VCH-004",
                f"A cost is spread by {', '.join(SPREADS)}, not by {by[:20]}",
                f"charges[{number}].by",
            )
        amount = _figure(row, "amount")
        if amount <= 0:
            reader.fault("VCH-004", "The cost to add is positive", f"charges[{number}].amount")
        account = reader.account(row, f"charges[{number}]")
        if account is not None and account.kind == _GOODS:
            message = f"Account {account.code} {account.name} follows the goods: name another one"
            reader.fault("GL-004", message, f"charges[{number}].account", Step.GL)
        shares = tuple(read_decimal(share) for share in row.get("shares") or ())
        found.append(CostCharge(account, amount, by, shares))
    return tuple(found)


def _cost_rows(document: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return ((number, row) for number, row in enumerate(rows_of(document, "charges")))


def _figure(row: Mapping[str, Any], key: str) -> Decimal:
    return ZERO if row.get(key) in (None, "") else read_decimal(row[key])
