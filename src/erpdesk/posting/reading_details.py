"""Reading where the goods of a line lie: batch, bins, units by serial number, and the details that split it.

A line without details is one part. Details come to the line's quantity, free quantity included, exactly; then batch,
bin and units stand in them alone. A detail is counted in the line's unit, or in another one of the item that it names:
seven pieces of a dozen come out in no decimal. Items kept by unit name every unit that moves: nobody can tell which one
was handed over but the clerk, so none is chosen automatically.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from erpdesk.blueprints.numbering import fill_template
from erpdesk.blueprints.values import read_decimal
from erpdesk.blueprints.vocabulary import BatchPolicy, DocumentKind, GoodsRole, StockDirection
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import ZERO, decimal_places, plain, product, total
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.batch_days import check_days, refuse_days
from erpdesk.posting.masters import Batch, Bin, Item, Warehouse
from erpdesk.posting.references import details_of, text_of
from erpdesk.posting.resolved import Detail, Line, NewBatch, UnitName
from erpdesk.storage.keys import new_id

if TYPE_CHECKING:
    from erpdesk.posting.reader import DocumentReader

_IN_DETAILS = ("batch", "bin", "to_bin", "serials", "engine_no", "chassis_no", "manufactured", "expires")


def read_places(reader: DocumentReader, line: Line, row: Mapping[str, Any]) -> Line:
    """The line with batch, bins, units and details; `line` has its item, warehouses, quantities and source already."""
    typed = list(details_of(row))
    if not typed and _is_all_of_batches(reader, line, row):
        return replace(line, details=tuple(_back_as_it_left(reader, line, row)))
    if not typed:
        place = _place(reader, line, row, line.path, line.warehouse, line.stock_quantity, number=1)
        if not (place.bin or place.to_bin or place.batch or place.units):
            return line
        kept = (place,) if place.units else ()
        return replace(line, bin=place.bin, to_bin=place.to_bin, batch=place.batch, details=kept)
    for name in _IN_DETAILS:
        if row.get(name):
            reader.fault("VCH-004", f"The line has details: say {name} there", f"{line.path}.{name}")
    details = tuple(_detail(reader, line, one, number) for number, one in enumerate(typed, 1))
    split = total(detail.quantity for detail in details)
    if split != line.stock_quantity:
        reader.fault(
            "INV-004",
            f"The details come to {plain(split)}, the line to {plain(line.stock_quantity)}",
            f"{line.path}.details", Step.INVENTORY,
        )  # fmt: skip
    return replace(line, details=details)


def _is_all_of_batches(reader: DocumentReader, line: Line, row: Mapping[str, Any]) -> bool:
    """Whether all of a line that left in several batches comes back, without a name."""
    if line.item is None or line.source_line is None or text_of(row.get("batch")) or line.item.by_unit:
        return False
    batches = line.source_line.batches
    return _comes_back(reader, line) and len(batches) > 1 and total(batches.values()) == line.stock_quantity


def _back_as_it_left(reader: DocumentReader, line: Line, row: Mapping[str, Any]) -> Iterator[Detail]:
    """A part of the line for each batch, as much as left of it."""
    assert line.item is not None
    assert line.source_line is not None
    refuse_days(reader, line.item, row, line.path)
    _units(reader, line, row, line.path, line.stock_quantity)
    place = _bin(reader, line.warehouse, row, line.path, "bin")
    for number, (batch, quantity) in enumerate(line.source_line.batches.items(), 1):
        yield Detail(number, line.path, quantity, line.warehouse, bin=place, batch=Batch(batch, "", None, True))


def _detail(reader: DocumentReader, line: Line, row: Mapping[str, Any], number: int) -> Detail:
    path = f"{line.path}.details[{number - 1}]"
    typed = row.get("quantity")
    quantity = _units_named(row) if typed in (None, "") else _counted(reader, line, row, path, read_decimal(typed))
    if quantity <= 0:
        reader.fault("INV-004", "The quantity is positive", f"{path}.quantity", Step.INVENTORY)
    warehouse = reader.warehouse(row, path, "warehouse") or line.warehouse
    return _place(reader, line, row, path, warehouse, quantity, number)


def _counted(
    reader: DocumentReader, line: Line, row: Mapping[str, Any], path: str, typed: Decimal
) -> Decimal:
    """What a detail says in the item's own unit; no fraction of a unit that isn't divided."""
    item, named = line.item, text_of(row.get("uom"))
    assert item is not None
    unit = item.units.get(key_of(named)) if named else None
    if named and unit is None:
        reader.fault("INV-006", f"{item.named} is not measured in {named}", f"{path}.uom", Step.INVENTORY)
    quantity = product(typed, unit.factor if unit is not None else line.factor)
    own = next((one.decimals for one in item.units.values() if one.id == line.uom_id), 0)
    if decimal_places(quantity) > max(item.decimals, own):
        reader.fault(
            "INV-004", f"{plain(typed)} is no part of {item.named} with {item.decimals} decimals", f"{path}.quantity",
            Step.INVENTORY,
        )  # fmt: skip
    return quantity


def _units_named(row: Mapping[str, Any]) -> Decimal:
    """How many units a detail without a quantity names."""
    serials = row.get("serials")
    named = len(serials) if isinstance(serials, list | tuple) else bool(serials)
    return Decimal(named or bool(row.get("engine_no") or row.get("chassis_no")))


def _place(
    reader: DocumentReader, line: Line, row: Mapping[str, Any], path: str, warehouse: Warehouse | None,
    quantity: Decimal, number: int,
) -> Detail:  # fmt: skip
    return Detail(
        number, path, quantity, warehouse,
        bin=_bin(reader, warehouse, row, path, "bin"),
        to_bin=_bin(reader, line.to_warehouse, row, path, "to_bin"),
        batch=_batch(reader, line, row, path, quantity),
        units=_units(reader, line, row, path, quantity),
    )  # fmt: skip


def _bin(
    reader: DocumentReader, warehouse: Warehouse | None, row: Mapping[str, Any], path: str, name: str
) -> Bin | None:
    """The bin that a row names in a warehouse, active."""
    code = text_of(row.get(name))
    if code is None or warehouse is None:
        return None
    found = reader.masters.bins.get((warehouse.id, key_of(code)))
    if found is None:
        reader.fault("INV-003", f"{warehouse.named} has no bin {code}", f"{path}.{name}", Step.INVENTORY)
    elif not found.is_active:
        reader.fault(
            "INV-003", f"Bin {found.code} of {warehouse.named} is not active", f"{path}.{name}", Step.INVENTORY
        )
    return found


def _batch(
    reader: DocumentReader, line: Line, row: Mapping[str, Any], path: str, quantity: Decimal
) -> Batch | NewBatch | None:
    """The batch named; a receipt may name a new one, and a count that finds goods of it; a return without one takes
    its source's only batch."""
    assert line.item is not None
    item, code, place = line.item, text_of(row.get("batch")), f"{path}.batch"
    may_be_new = _receives(reader, line) or (line.counted and quantity > 0)
    if code is None and item.track_batch and line.source_line is None and _receives(reader, line):
        code = _batch_by_rule(reader)
    if code is None:
        unnamed = _unnamed_batch(reader, line, place)
        refuse_days(reader, item, row, path)
        return unnamed
    if not item.track_batch:
        reader.fault("INV-007", f"{item.named} is not kept by batch", place, Step.INVENTORY)
        return None
    known = reader.masters.batches.get((key_of(item.code), key_of(code)))
    if _is_of_another_batch(reader, line, known):
        came, source = _came_in(line), line.source.name if line.source else ""
        reader.fault(
            "INV-007",
            f"Batch {code} of {item.named} did not come with {source}" if came
            else f"Batch {code} of {item.named} did not leave with {source}",
            place, Step.INVENTORY,
        )  # fmt: skip
        return None
    if known is not None and not known.is_active:
        reader.fault("INV-007", f"Batch {code} of {item.named} is not active", place, Step.INVENTORY)
    if known is None and not may_be_new:
        reader.fault("INV-007", f"{item.named} has no batch {code}", place, Step.INVENTORY)
    expires = known.expires_on if known is not None and skips_expired(reader.blueprint.voucher_type) else None
    if expires is not None and expires < date.fromisoformat(reader.document["date"]):
        reader.fault("INV-009", f"Batch {code} of {item.named} expired on {expires}", place, Step.INVENTORY)
    if known is not None:
        _check_left(reader, line, known, quantity, place)
        return check_days(reader, item, known, row, path)
    if not may_be_new:
        return None
    if line.counted:
        said = f"{item.named} had no batch {code}: what is counted of it is new in the books"
        reader.warnings.append(Fault("INV-007", said, place, Step.INVENTORY))
    made = reader.new_batches.get((item.id, key_of(code))) or NewBatch(new_id(), item.id, code, key_of(code))
    dated = check_days(reader, item, made, row, path)
    if isinstance(dated, NewBatch):
        reader.new_batches[item.id, dated.code_key] = dated
    return dated


def _is_of_another_batch(reader: DocumentReader, line: Line, batch: Batch | None) -> bool:
    """Whether goods that moved with the line followed, or come back of it, were all of other batches."""
    if line.source_line is None or not line.source_line.batches or not _stands(line):
        return False
    same_goods = _comes_back(reader, line) or line.is_moved_before
    return same_goods and (batch is None or batch.id not in line.source_line.batches)


def _comes_back(reader: DocumentReader, line: Line) -> bool:
    return reader.blueprint.voucher_type.is_return and _receives(reader, line)


def _check_left(reader: DocumentReader, line: Line, batch: Batch, quantity: Decimal, place: str) -> None:
    """No more of a batch comes back than left with the line followed."""
    if line.source is None or line.source_line is None or not (_comes_back(reader, line) and _stands(line)):
        return
    left, key = line.source_line.batches.get(batch.id), (line.source.id, line.source_line.number, batch.id)
    back = reader.came_back[key] = reader.came_back.get(key, ZERO) + quantity
    if left is not None and back > left:
        message = (
            f"Only {plain(left)} of batch {batch.code} of {line.item.named if line.item else ''} "
            f"left with {line.source.name}"
        )
        reader.fault("INV-007", message, place, Step.INVENTORY)


def _stands(line: Line) -> bool:
    """Whether what the line follows is posted; where it isn't, that is told of the voucher as a whole."""
    return line.source is not None and line.source.status == "POSTED"


def _came_in(line: Line) -> bool:
    """Whether the goods of the line followed came; they left otherwise."""
    return line.source is not None and line.source.kind == DocumentKind.RECEIPT


def _batch_by_rule(reader: DocumentReader) -> str | None:
    """What the type's rule calls the batches that come in without a name, if it has one."""
    template = reader.blueprint.lines.batch_number_template
    if not template or reader.tokens is None or not reader.blueprint.voucher_type.affects_inventory:
        return None
    return fill_template(template, reader.tokens)


def _unnamed_batch(reader: DocumentReader, line: Line, place: str) -> Batch | None:
    """Without a name: nothing for issues, unless batches are picked by hand; receipts need one."""
    assert line.item is not None
    item, kind, lines = line.item, reader.blueprint.voucher_type, reader.blueprint.lines
    if not item.track_batch or not kind.affects_inventory:
        return None
    if _receives(reader, line):
        if line.source_line is not None and len(line.source_line.batches) == 1:
            return Batch(next(iter(line.source_line.batches)), "", None, True)
        if line.is_moved_before or (kind.is_return and item.by_unit):
            return None
        reader.fault(
            "INV-007", f"{item.named} is kept by batch: name the batch received", place, Step.INVENTORY
        )
        return None
    shown = kind.stock_direction is not StockDirection.JOURNAL or lines.allow_batch_in_stock_journal
    by_hand = BatchPolicy(item.batch_policy or lines.batch_policy) is BatchPolicy.MANUAL
    if by_hand and shown and lines.show_batch_no and line.source_line is None and not kind.counts_stock:
        reader.fault("INV-007", f"Batches of {item.named} are picked by hand: name one", place, Step.INVENTORY)
    return None


def skips_expired(kind: Any) -> bool:
    """Whether vouchers of a type leave expired batches alone: goods that go to customers."""
    to_customers = kind.goods_role is GoodsRole.SALES or kind.document_kind is DocumentKind.DELIVERY
    return to_customers and not kind.is_return


def _receives(reader: DocumentReader, line: Line) -> bool:
    kind = reader.blueprint.voucher_type
    return kind.stock_direction is StockDirection.IN or line.grid == "produce"


def _units(
    reader: DocumentReader, line: Line, row: Mapping[str, Any], path: str, quantity: Decimal
) -> tuple[UnitName, ...]:
    """The units named, one for each piece; none where nothing moves by unit."""
    assert line.item is not None
    item, kind, place = line.item, reader.blueprint.voucher_type, f"{path}.serials"
    codes = [code.strip() for code in row.get("serials") or () if isinstance(code, str) and code.strip()]
    engine, chassis = text_of(row.get("engine_no")), text_of(row.get("chassis_no"))
    if not item.by_unit:
        if codes or engine or chassis:
            reader.fault("INV-008", f"{item.named} is not kept by serial number", place, Step.INVENTORY)
        return ()
    if line.is_moved_before and _stands(line):
        _check_moved(reader, line, codes, place)
    if not kind.affects_inventory or line.is_moved_before:
        return ()
    made = _named(reader, line, codes, engine, chassis)
    said = _miscounted(item, kind, line, made, quantity, engine or chassis)
    if said:
        reader.fault("INV-008", said, place, Step.INVENTORY)
        return ()
    for unit in made:
        _only_once(reader, item, unit, path)
    return tuple(made)


def _check_moved(reader: DocumentReader, line: Line, codes: Sequence[str], place: str) -> None:
    """Units named on a line whose goods moved before are among those that did."""
    assert line.item is not None
    assert line.source_line is not None
    there = {key_of(code) for code in line.source_line.serials}
    for code in codes:
        if key_of(code) not in there:
            item, source = line.item.named, line.source.name if line.source else ""
            reader.fault(
                "INV-008",
                f"Serial number {code} of {item} did not come with {source}" if _came_in(line)
                else f"Serial number {code} of {item} did not leave with {source}",
                place, Step.INVENTORY,
            )  # fmt: skip


def _named(
    reader: DocumentReader, line: Line, codes: Sequence[str], engine: str | None, chassis: str | None
) -> list[UnitName]:
    """Units by serial number; by engine or chassis number where that is all there is; a return's are its source's."""
    assert line.item is not None
    item = line.item
    numbers = (engine, key_of(engine) if engine else None, chassis, key_of(chassis) if chassis else None)
    if not codes and (engine or chassis):
        code = chassis or engine or ""
        is_new = _receives(reader, line) and not reader.blueprint.voucher_type.is_return
        return [UnitName(new_id(), item.id, code, key_of(code) if is_new else None, *numbers)]
    if not codes and line.source_line is not None and len(line.source_line.serials) == line.stock_quantity:
        codes = line.source_line.serials
    if len(codes) == 1:
        return [UnitName(new_id(), item.id, codes[0], key_of(codes[0]), *numbers)]
    return [UnitName(new_id(), item.id, code, key_of(code)) for code in codes]


def _miscounted(
    item: Item, kind: Any, line: Line, units: Sequence[UnitName], quantity: Decimal, numbered: str | None
) -> str:
    """What is wrong with the number of units named, or with how; empty when nothing is."""
    if numbered and not item.is_fixed_product:
        return f"{item.named} is not kept by engine and chassis number"
    if numbered and quantity != 1:
        return f"An engine and a chassis number are those of one {item.named}: split the line with details"
    if len(units) != quantity:
        there = f"{len(units)} are named" if units else "none is named"
        return f"{item.named} is kept by unit: {plain(quantity)} serial numbers move, {there}"
    brings_in = kind.stock_direction is StockDirection.IN and not kind.is_return and not kind.counts_stock
    if item.is_fixed_product and not numbered and (brings_in or line.grid == "produce"):
        return f"{item.named} needs the engine or chassis number of each unit received"
    return ""


def _only_once(reader: DocumentReader, item: Item, unit: UnitName, path: str) -> None:
    """A unit, an engine number, a chassis number stands once in a document."""
    marks = (
        ("serials", item.id, unit.key),
        ("engine_no", None, unit.engine_key),
        ("chassis_no", None, unit.chassis_key),
    )
    for name, owner, key in marks:
        if key is None:
            continue
        if (name, owner, key) in reader.named_units:
            reader.fault("INV-008", f"{unit.code} of {item.named} stands twice", f"{path}.{name}", Step.INVENTORY)
        reader.named_units.add((name, owner, key))
