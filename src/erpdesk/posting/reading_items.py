"""Reading the item of a line: unit and quantity, warehouse, rate, and the source line it returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from erpdesk.blueprints.vocabulary import DocumentKind
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import ZERO, decimal_places, plain, product
from erpdesk.domain.pricing import listed_rate
from erpdesk.domain.results import Step
from erpdesk.posting.masters import Item, Unit
from erpdesk.posting.reading_details import read_places
from erpdesk.posting.reading_sources import read_against, source_line
from erpdesk.posting.references import rows_of, text_of
from erpdesk.posting.resolved import Line, ResolvedVoucher
from erpdesk.posting.sources import Source, SourceLine

if TYPE_CHECKING:
    from erpdesk.posting.reader import DocumentReader


def read_item(reader: DocumentReader, row: Mapping[str, Any], path: str) -> Item | None:
    """The item that a line names, active."""
    code = text_of(row.get("item"))
    if code is None:
        return None
    item = reader.masters.items.get(key_of(code))
    if item is None:
        reader.fault("INV-002", f"There is no item {code}", f"{path}.item", Step.INVENTORY)
    elif not item.is_active:
        reader.fault("INV-002", f"Item {item.named} is not active", f"{path}.item", Step.INVENTORY)
    return item


def read_item_line(
    reader: DocumentReader, voucher: ResolvedVoucher, line: Line, item: Item, row: Mapping[str, Any]
) -> Line:
    """The line with everything that its item decides."""
    path, kind = line.path, reader.blueprint.voucher_type
    typed_unit = text_of(row.get("uom"))
    unit = item.units.get(key_of(typed_unit) if typed_unit else item.uom)
    if unit is None:
        reader.fault("INV-006", f"{item.named} is not measured in {typed_unit}", f"{path}.uom", Step.INVENTORY)
        unit = item.units[item.uom]
    elif not unit.is_active:
        named = typed_unit or f"of {item.named}"
        reader.fault("INV-006", f"The unit {named} is not active", f"{path}.uom", Step.INVENTORY)
    warehouse = reader.warehouse(row, path, "warehouse") or voucher.warehouse
    if item.is_stocked and warehouse is None and (kind.affects_inventory or kind.reserves_stock):
        reader.fault("INV-003", f"{item.named} needs a warehouse", f"{path}.warehouse", Step.INVENTORY)
    source = read_against(reader, row, path) or voucher.against
    returned = None
    if source is not None and (
        kind.is_return or source.kind != DocumentKind.ORDER or _is_ordered(source, item)
    ):
        returned = source_line(reader, row, item, source, path)
    resolved = replace(
        line, item=item, uom_id=unit.id, factor=unit.factor, warehouse=warehouse,
        stock_quantity=_stock_quantity(reader, line, item, unit),
        to_warehouse=reader.warehouse(row, path, "to_warehouse") or voucher.to_warehouse,
        rate=_rate(
            reader, voucher, line, item, row, key_of(typed_unit) if typed_unit else item.uom,
            _priced_by(reader, voucher, row, path, source, returned),
        ),
        source=source if returned is not None else None, source_line=returned,
    )  # fmt: skip
    return read_places(reader, resolved, row)


def _priced_by(
    reader: DocumentReader,
    voucher: ResolvedVoucher,
    row: Mapping[str, Any],
    path: str,
    source: Source | None,
    returned: SourceLine | None,
) -> SourceLine | None:
    """The source line whose rate an untyped one is; a rate in another currency is no rate."""
    if source is None or returned is None or source.currency in ("", voucher.currency_code):
        return returned
    config = reader.blueprint.lines
    if row.get("rate") in (None, "") and config.show_rate and config.allow_zero_rate:
        reader.fault(
            "VCH-012", f"{source.name} is in {source.currency}: type the rate in {voucher.currency_code}",
            f"{path}.rate",
        )  # fmt: skip
    return None


def _is_ordered(source: Source, item: Item) -> bool:
    """Whether an order has the item: what follows it may hold others besides."""
    return any(line.item_id == item.id for line in source.lines)


def _stock_quantity(reader: DocumentReader, line: Line, item: Item, unit: Unit) -> Decimal:
    """Quantity and free quantity in the item's own unit, exactly."""
    path = f"{line.path}.quantity"
    quantity = product(line.quantity + line.free_quantity, unit.factor)
    if max(decimal_places(line.quantity), decimal_places(line.free_quantity)) > unit.decimals:
        typed = plain(line.quantity)
        reader.fault(
            "INV-004",
            f"{item.named} is counted with {unit.decimals} decimals; {typed} has more",
            path,
            Step.INVENTORY,
        )
    elif decimal_places(quantity) > max(item.decimals, unit.decimals):
        reader.fault(
            "INV-004",
            f"{plain(line.quantity)} is no quantity of {item.named} with {item.decimals} decimals", path,
            Step.INVENTORY,
        )  # fmt: skip
    return quantity


def _rate(
    reader: DocumentReader,
    voucher: ResolvedVoucher,
    line: Line,
    item: Item,
    row: Mapping[str, Any],
    unit: str,
    returned: SourceLine | None,
) -> Decimal:
    """Typed; else the source line's net rate, or what price lists and the last rate say."""
    config = reader.blueprint.lines
    rate = line.rate
    if row.get("rate") in (None, "") and config.show_rate:
        rate = (
            returned.net_rate
            if returned is not None
            else _listed_rate(reader, voucher, item, unit, line.quantity)
        )
    from_nothing = line.grid == "produce" and not any(True for _ in rows_of(reader.document, "consume"))
    if rate == 0 and line.quantity and from_nothing:
        reader.fault(
            "INV-005", f"Nothing is consumed: say what {item.named} costs", f"{line.path}.rate", Step.INVENTORY
        )
    elif (
        rate == 0
        and line.quantity
        and line.grid == "lines"
        and config.show_rate
        and not config.allow_zero_rate
    ):
        reader.fault("VCH-012", f"{item.named} needs a rate", f"{line.path}.rate")
    return rate


def _listed_rate(
    reader: DocumentReader, voucher: ResolvedVoucher, item: Item, unit: str, quantity: Decimal
) -> Decimal:
    """What the price lists say, else the last rate to the party where the voucher type takes it; else nothing."""
    masters, key = reader.masters, key_of(item.code)
    found = listed_rate(masters.rates, key, unit, quantity, voucher.currency_code, voucher.date)
    return found.rate if found is not None else masters.last_rates.get((key, unit), ZERO)
