"""Which grids a type has and which standard fields their rows show: base of the grid kind, then the flags."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from erpdesk.blueprints.blueprint_rows import BlueprintRows
from erpdesk.blueprints.catalogue import Area, standard_fields
from erpdesk.blueprints.charges import effective_charges
from erpdesk.blueprints.conditions import Comparison, Operator
from erpdesk.blueprints.defaults import Default, DefaultKind
from erpdesk.blueprints.fields import Field, Lookup, LookupKind, Option, WhenRule
from erpdesk.blueprints.schema import Goods, Grid
from erpdesk.blueprints.vocabulary import (
    CostCentreMode,
    DiscountMode,
    DocumentKind,
    GoodsRole,
    GridKind,
    RateSource,
    SourceUse,
    StockDirection,
)

ShownInRow = Callable[[BlueprintRows, str], bool]


class GridKey(StrEnum):
    """The arrays of a voucher document."""

    LINES = "lines"
    CONSUME = "consume"
    PRODUCE = "produce"
    ALLOCATIONS = "allocations"
    RECEIPTS = "receipts"
    CHARGES = "charges"


LINE_GRIDS = (GridKey.LINES, GridKey.CONSUME, GridKey.PRODUCE, GridKey.ALLOCATIONS)
"""The grids that user-defined line fields and overrides without a grid apply to."""


def _always(_: BlueprintRows, __: str) -> bool:
    return True


def _item_details(blueprint: BlueprintRows, _: str) -> bool:
    return blueprint.voucher_type.show_item_details_in_journal


def _double(blueprint: BlueprintRows, _: str) -> bool:
    return blueprint.voucher_type.grid_kind is GridKind.LEDGER_DR_CR


def _brings_in(blueprint: BlueprintRows, grid: str) -> bool:
    """Whether the rows of the grid bring goods in, and may make new batches."""
    direction = blueprint.voucher_type.stock_direction
    return direction is StockDirection.IN or grid == GridKey.PRODUCE


def _batches(blueprint: BlueprintRows, _: str) -> bool:
    journal = blueprint.voucher_type.stock_direction is StockDirection.JOURNAL
    counted = blueprint.voucher_type.counts_stock
    allowed = counted or not journal or blueprint.lines.allow_batch_in_stock_journal
    return blueprint.lines.show_batch_no and allowed


def _rates(blueprint: BlueprintRows, grid: str) -> bool:
    return blueprint.lines.show_rate and grid != GridKey.CONSUME


def _counts(blueprint: BlueprintRows, _: str) -> bool:
    return blueprint.voucher_type.counts_stock


def _finds(blueprint: BlueprintRows, grid: str) -> bool:
    """Whether the rows may name batches that the books don't have: they bring goods in, or count what is there."""
    return _brings_in(blueprint, grid) or _counts(blueprint, grid)


def _fixed(blueprint: BlueprintRows, _: str) -> bool:
    return blueprint.lines.is_fixed_product


def _unit_cost(blueprint: BlueprintRows, grid: str) -> bool:
    returned = blueprint.voucher_type.is_return and _brings_in(blueprint, grid)
    return blueprint.lines.require_unit_cost or returned


LEDGER_SHOWN: Mapping[str, ShownInRow] = {
    "account": _always, "party": _always, "item": _item_details, "quantity": _item_details,
    "uom": _item_details, "rate": _item_details, "debit": _double, "credit": _double,
    "amount": lambda b, g: not _double(b, g),
    "cost_centre": lambda b, _: b.voucher_type.cost_centre_mode is not CostCentreMode.OFF,
    "narration": _always,
}

ITEMS_SHOWN: Mapping[str, ShownInRow] = {
    "item": _always,
    "warehouse": lambda b, _: b.lines.show_warehouse,
    "bin": lambda b, _: b.lines.show_bin,
    "to_bin": lambda b, _: b.lines.show_bin and b.voucher_type.stock_direction is StockDirection.TRANSFER,
    "batch": _batches,
    "manufactured": lambda b, g: b.lines.show_mfg_date and _batches(b, g) and _finds(b, g),
    "expires": lambda b, g: b.lines.show_exp_date and _batches(b, g) and _finds(b, g),
    "serials": lambda b, _: b.lines.show_serial_no,
    "engine_no": _fixed,
    "chassis_no": _fixed,
    "quantity": lambda b, g: not _counts(b, g),
    "counted_quantity": _counts,
    "uom": lambda b, _: b.lines.show_alternate_unit,
    "free_quantity": lambda b, _: b.lines.allow_free_qty,
    "rate": _rates,
    "discount_percent": lambda b, _: b.lines.show_discount in (DiscountMode.PERCENT, DiscountMode.BOTH),
    "discount_amount": lambda b, _: b.lines.show_discount in (DiscountMode.AMOUNT, DiscountMode.BOTH),
    "tax_amount": lambda b, _: b.lines.show_tax,
    "line_amount": lambda b, _: b.lines.show_amount,
    "unit_cost": _unit_cost,
    "share": lambda _, g: g == GridKey.PRODUCE,
    "against_line": lambda b, _: b.voucher_type.source_use is not SourceUse.NONE,
    "cost_centre": lambda b, _: b.lines.show_cost_centre,
    "narration": _always,
}


def grids(blueprint: BlueprintRows) -> list[Grid]:
    """The grids of the type's grid kind, in the order of the window; charges last."""
    kind = blueprint.voucher_type
    match kind.grid_kind:
        case GridKind.LEDGER_DR_CR | GridKind.LEDGER_SINGLE:
            shown = [Grid(GridKey.LINES, "Lines", "lineGrid", _ledger_fields(blueprint))]
        case GridKind.ALLOCATION:
            shown = [Grid(GridKey.ALLOCATIONS, "Bills", "lineGrid", _standard(Area.ALLOCATIONS))]
        case GridKind.ITEMS_DUAL:
            shown = _dual_grids(blueprint)
        case GridKind.ITEMS if kind.capitalises:
            shown = [Grid(GridKey.RECEIPTS, "Receipts", "lineGrid", _standard(Area.RECEIPTS),
                          shorthand="voucher")]
        case GridKind.ITEMS:
            shown = [Grid(GridKey.LINES, "Items", "lineGrid", _item_fields(blueprint, GridKey.LINES),
                          goods=_goods(blueprint, GridKey.LINES))]
    return [*shown, *_charge_grids(blueprint)]


def _dual_grids(blueprint: BlueprintRows) -> list[Grid]:
    if blueprint.voucher_type.stock_direction is StockDirection.TRANSFER:
        fields = _item_fields(blueprint, GridKey.LINES)
        mirrored = tuple(replace(f, required=False, ui=replace(f.ui, readonly=True, tab_stop=False))
                         for f in fields)
        return [Grid(GridKey.LINES, "Source", "sourceGrid", fields, goods=_goods(blueprint, GridKey.LINES)),
                Grid(GridKey.LINES, "Target", "targetGrid", mirrored, mirror_of="sourceGrid")]
    return [
        Grid(GridKey.CONSUME, "Consumption", "sourceGrid", _item_fields(blueprint, GridKey.CONSUME),
             goods=_goods(blueprint, GridKey.CONSUME)),
        Grid(GridKey.PRODUCE, "Production", "targetGrid", _item_fields(blueprint, GridKey.PRODUCE),
             goods=_goods(blueprint, GridKey.PRODUCE)),
    ]


def _goods(blueprint: BlueprintRows, grid: GridKey) -> Goods | None:
    kind = blueprint.voucher_type
    if not kind.affects_inventory:
        return None
    to_customers = kind.goods_role is GoodsRole.SALES or kind.document_kind is DocumentKind.DELIVERY
    return Goods(_brings_in(blueprint, grid), str(blueprint.lines.batch_policy), to_customers and not kind.is_return)


def _charge_grids(blueprint: BlueprintRows) -> list[Grid]:
    """Charges as set up, or, where costs are added to goods, an account and an amount a row."""
    kind = blueprint.voucher_type
    adds_cost = kind.capitalises or (kind.grid_kind is GridKind.ITEMS_DUAL and not kind.counts_stock
                                     and kind.stock_direction is StockDirection.JOURNAL)
    if adds_cost:
        return [Grid(GridKey.CHARGES, "Additional cost", "chargesGrid", _cost_fields(blueprint))]
    active = effective_charges(blueprint)
    if not active:
        return []
    choices = tuple(Option(charge.code, charge.label) for charge in active)
    fields = tuple(replace(f, options=choices) if f.key == "code" else f for f in _standard(Area.CHARGES))
    return [Grid(GridKey.CHARGES, "Charges", "chargesGrid", fields)]


def _cost_fields(blueprint: BlueprintRows) -> tuple[Field, ...]:
    """Spreading is for receipts; costs of production need an account, which no party stands in for."""
    if blueprint.voucher_type.capitalises:
        return _standard(Area.COSTS)
    kept = (f for f in _standard(Area.COSTS) if f.key not in ("by", "shares"))
    return tuple(replace(f, required=True) if f.key == "account" else f for f in kept)


def _standard(area: Area) -> tuple[Field, ...]:
    return tuple(standard_fields(area).values())


def _ledger_fields(blueprint: BlueprintRows) -> tuple[Field, ...]:
    kind = blueprint.voucher_type
    fields = [f for key, f in standard_fields(Area.LEDGER).items() if LEDGER_SHOWN[key](blueprint, "lines")]
    adjusted = []
    for field in fields:
        if field.key == "account":
            field = replace(field, lookup=Lookup(LookupKind.ACCOUNT, kind.line_account_kinds))
        elif field.key == "rate":
            field = _with_decimals(field, blueprint.lines.rate_decimal_places)
        elif field.key == "quantity":
            field = _with_decimals(field, blueprint.lines.qty_decimal_places)
        elif field.key == "cost_centre" and kind.cost_centre_mode is CostCentreMode.REQUIRED:
            field = _required_cost_centre(field)
        adjusted.append(field)
    return tuple(adjusted)


def _required_cost_centre(field: Field) -> Field:
    """Required on each line, unless the header names one for all."""
    given = Comparison("header.cost_centre", Operator.IS_EMPTY, False)
    return replace(field, required=True, rules=(WhenRule(given, required=False),))


def _item_fields(blueprint: BlueprintRows, grid: GridKey) -> tuple[Field, ...]:
    return tuple(
        ITEM_ADJUSTED[key](field, blueprint, grid) if key in ITEM_ADJUSTED else field
        for key, field in standard_fields(Area.ITEMS).items() if ITEMS_SHOWN[key](blueprint, grid)
    )


def _with_decimals(field: Field, decimals: int | None) -> Field:
    if decimals is None:
        return field
    return replace(field, validators=replace(field.validators, decimals=decimals))


def _quantity(field: Field, blueprint: BlueprintRows, _: GridKey) -> Field:
    return _with_decimals(field, blueprint.lines.qty_decimal_places)


def _rate(field: Field, blueprint: BlueprintRows, grid: GridKey) -> Field:
    """At least the smallest rate there is, unless zero is allowed; required where nothing supplies it."""
    lines, kind = blueprint.lines, blueprint.voucher_type
    smallest = Decimal(0) if lines.allow_zero_rate else Decimal(1).scaleb(-lines.rate_decimal_places)
    typed = (lines.rate_source is RateSource.MANUAL and not kind.is_return and not kind.counts_stock
             and grid == GridKey.LINES and kind.affects_gl)
    source = {RateSource.PRICE_LIST: Default(DefaultKind.PRICE_LIST),
              RateSource.LAST_RATE: Default(DefaultKind.LAST_VALUE), RateSource.MANUAL: None}
    field = _with_decimals(field, lines.rate_decimal_places)
    return replace(field, required=typed, default=source[lines.rate_source],
                   validators=replace(field.validators, min=smallest),
                   ui=replace(field.ui, readonly=not lines.rate_editable))


def _unit_cost_field(field: Field, blueprint: BlueprintRows, _: GridKey) -> Field:
    return replace(field, required=blueprint.lines.require_unit_cost)


ITEM_ADJUSTED: Mapping[str, Callable[[Field, BlueprintRows, GridKey], Field]] = {
    "quantity": _quantity, "counted_quantity": _quantity, "free_quantity": _quantity, "rate": _rate,
    "unit_cost": _unit_cost_field,
}
