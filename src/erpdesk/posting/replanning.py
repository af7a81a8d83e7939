"""Posted vouchers planned again from what is stored: the document, its blueprint version, the movements.

What follows from the document alone - line amounts, charges, totals, the journal of its header, goods and charges -
is computed anew and compared with what was written. What depends on the stock of its day is held to the movements, and
these to the rule of costing in posting order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.charges import effective_charges
from erpdesk.blueprints.values import read_decimal
from erpdesk.blueprints.vocabulary import (
    CostSource,
    GoodsRole,
    GridKind,
    HeaderCounterpart,
    HeaderSide,
    SettlementSide,
)
from erpdesk.blueprints.vocabulary import StockDirection as Direction
from erpdesk.domain.calculation import Calculation, PricedLine, amount_figures, calculate, summed
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import ZERO, plain, total
from erpdesk.posting.charging import charge_rules
from erpdesk.posting.references import rows_of
from erpdesk.posting.stock_replay import StockReplay

Row = Mapping[str, Any]
_TYPED = ("quantity", "free_quantity", "rate", "discount_percent", "discount_amount", "amount", "debit", "credit")


def blueprint_of(document: Row) -> Blueprint:
    """A stored version of a voucher type, its charges as they apply."""
    from dataclasses import replace

    blueprint = Blueprint.of_stored(document)
    return replace(blueprint, charges=effective_charges(blueprint))


def differences(row: Row, blueprint: Blueprint, stock: StockReplay) -> Iterator[str]:
    """What a posted voucher says that planning it again doesn't, each as a sentence without its number."""
    movements = row["movements"] or ()
    yield from stock.enter(movements, int(row["base_decimals"]))
    if row["of"] is not None:
        if row["mirrored"] is False:
            yield "the journal does not mirror that of the voucher it reverses"
        return
    yield from _typed(row, blueprint)
    calculation = _calculation(row, blueprint)
    if calculation is not None:
        yield from _priced(row, blueprint, calculation)
    yield from _totals(row, blueprint, calculation)
    if not row["is_foreign"]:
        yield from _journal(row, blueprint, calculation)
        if calculation is not None and blueprint.voucher_type.cost_source is CostSource.DOCUMENT:
            yield from _received(row, calculation)


def _typed(row: Row, blueprint: Blueprint) -> Iterator[str]:
    """Figures typed on lines stand on the stored lines as they were typed."""
    counted = blueprint.voucher_type.counts_stock
    for line, typed in _lines(row):
        for name in _TYPED:
            given = typed.get("counted_quantity" if counted and name == "quantity" else name)
            if given not in (None, "") and read_decimal(given) != line[name]:
                place = f"line {plain(line['number'])}"
                yield f"{place} has {name} {plain(line[name])}; its document says {plain(read_decimal(given))}"


def _lines(row: Row) -> Iterator[tuple[Row, Row]]:
    """Stored lines beside those of the document."""
    grids: dict[str, list[Row]] = {}
    for line in row["lines"] or ():
        grid = grids.setdefault(line["grid"], list(rows_of(row["document"], line["grid"])))
        number = int(line["number"])
        yield line, grid[number - 1] if number <= len(grid) else {}


def _calculation(row: Row, blueprint: Blueprint) -> Calculation | None:
    """Amounts and charges of a document of priced lines."""
    kind = blueprint.voucher_type
    if kind.grid_kind is GridKind.LEDGER_SINGLE:
        return summed([amount_figures(line["amount"]) for line, _ in _lines(row)],
                      charge_rules(blueprint, row["document"]), int(row["decimals"]), kind.round_to)
    if kind.grid_kind not in (GridKind.ITEMS, GridKind.ITEMS_DUAL) or kind.capitalises or kind.settles:
        return None
    lines = [
        PricedLine(line["quantity"], line["rate"], line["discount_percent"], line["discount_amount"],
                   line["stock_quantity"], line["tax_class"])
        for line, _ in _lines(row)
    ]  # fmt: skip
    rules = charge_rules(blueprint, row["document"]) if kind.grid_kind is GridKind.ITEMS else ()
    return calculate(lines, rules, int(row["decimals"]), kind.round_to)


def _priced(row: Row, blueprint: Blueprint, figures: Calculation) -> Iterator[str]:
    """Line amounts and charges."""
    for (line, _), amount in zip(_lines(row), figures.line_amounts, strict=True):
        if line["amount"] != amount:
            yield f"line {plain(line['number'])} amounts to {plain(amount)}, not {plain(line['amount'])}"
    stored = row["charges"] or {}
    if blueprint.voucher_type.grid_kind is GridKind.ITEMS_DUAL:
        return
    for charge in figures.charges:
        found = stored.get(charge.rule.code, ZERO)
        if found != charge.amount:
            yield f"{charge.rule.code} comes to {plain(charge.amount)}, not {plain(found)}"


def _totals(row: Row, blueprint: Blueprint, figures: Calculation | None) -> Iterator[str]:
    """What the voucher comes to, and the value that it moved."""
    kind = blueprint.voucher_type
    cost = _cost(row, kind.stock_direction)
    if row["cost"] != cost:
        yield f"{plain(cost)} of value moved, not {plain(row['cost'])}"
    if kind.grid_kind is GridKind.ITEMS_DUAL or kind.counts_stock:
        wanted = cost
    elif figures is not None:
        wanted = figures.net
    else:
        wanted = _typed_total(row, kind.grid_kind)
    if row["total"] != wanted:
        yield f"the total is {plain(wanted)}, not {plain(row['total'])}"
    if not row["is_foreign"] and row["base_total"] != row["total"]:
        yield f"the total in base currency is {plain(row['base_total'])}, not {plain(row['total'])}"


def _cost(row: Row, direction: Direction) -> Decimal:
    moved = _moved(row)
    taken = -total(one["value"] for one in moved if one["quantity"] < 0)
    joined = (one for one in moved if one["quantity"] > 0 or (one["kind"] == "cost" and not one["contra"]))
    received = total(one["value"] for one in joined)
    return (received or taken) if direction is Direction.JOURNAL else (taken or received)


def _moved(row: Row) -> list[Row]:
    """Movements of the voucher's lines; what was set off in a place left it and came back."""
    return [one for one in row["movements"] or () if one["kind"] != "set_off"]


def _typed_total(row: Row, grid: GridKind) -> Decimal:
    document = row["document"]
    if grid is GridKind.LEDGER_DR_CR:
        return _sum(document, "lines", "debit")
    if grid is GridKind.ALLOCATION:
        amount = document.get("amount")
        return _sum(document, "allocations", "amount") if amount in (None, "") else read_decimal(amount)
    return _sum(document, "charges", "amount")


def _sum(document: Row, grid: str, name: str) -> Decimal:
    return total(read_decimal(row[name]) for row in rows_of(document, grid) if row.get(name) not in (None, ""))


def _journal(row: Row, blueprint: Blueprint, figures: Calculation | None) -> Iterator[str]:
    """Sums of the journal by role and account, as far as they follow from the document."""
    kind = blueprint.voucher_type
    if not kind.affects_gl:
        return
    written: dict[tuple[str, str], Decimal] = {}
    for line in row["journal"] or ():
        for account in (key_of(line["account"]), ""):
            written[line["role"], account] = written.get((line["role"], account), ZERO) + line["amount"]
    for (role, account), amount in _expected(row, blueprint, figures).items():
        found = written.get((role, account), ZERO)
        if found != amount:
            where = f" on {account}" if account else ""
            yield f"the journal has {plain(found)} as {role}{where}; planned again it is {plain(amount)}"


def _expected(row: Row, blueprint: Blueprint, figures: Calculation | None) -> dict[tuple[str, str], Decimal]:
    kind, document = blueprint.voucher_type, row["document"]
    sign = 1 if kind.header_side is HeaderSide.DEBIT else -1
    if kind.settles:
        sign = 1 if kind.settlement_side is SettlementSide.RECEIVABLE else -1
        return {("account", ""): sign * _typed_total(row, kind.grid_kind),
                ("discount", ""): sign * _sum(document, "allocations", "discount"),
                ("write_off", ""): sign * _sum(document, "allocations", "write_off")}  # fmt: skip
    if kind.grid_kind is GridKind.LEDGER_DR_CR:
        return _by_account(document, 1)
    header = {HeaderCounterpart.PARTY: "party", HeaderCounterpart.ACCOUNT: "account"}.get(kind.header_counterpart)
    if kind.grid_kind not in (GridKind.ITEMS, GridKind.LEDGER_SINGLE) or figures is None or kind.counts_stock:
        return {}
    expected = {(header, ""): sign * figures.net} if header else {}
    if kind.grid_kind is GridKind.LEDGER_SINGLE:
        expected |= _by_account(document, -sign)
    if kind.goods_role in (GoodsRole.SALES, GoodsRole.SALES_RETURN):
        inside = total(charge.amount for charge in figures.charges if charge.rule.included_in_price)
        expected["goods", ""] = -sign * (figures.items_total - inside)
    expected["rounding", ""] = -sign * figures.rounding
    return expected | _charges(blueprint, figures, sign)


def _by_account(document: Row, sign: int) -> dict[tuple[str, str], Decimal]:
    """Typed lines, by account."""
    sums: dict[tuple[str, str], Decimal] = {}
    for line in rows_of(document, "lines"):
        figures = {name: read_decimal(line[name]) for name in ("debit", "credit", "amount") if line.get(name)}
        amount = figures.get("debit", ZERO) - figures.get("credit", ZERO) + sign * figures.get("amount", ZERO)
        key = ("line", key_of(str(line.get("account") or "")))
        sums[key] = sums.get(key, ZERO) + amount
    return sums


def _charges(blueprint: Blueprint, figures: Calculation, sign: int) -> dict[tuple[str, str], Decimal]:
    """Charges on their ledgers, by account."""
    setups = {setup.code: setup for setup in blueprint.charges}
    sums: dict[tuple[str, str], Decimal] = {}
    for charge in figures.charges:
        setup, rule = setups[charge.rule.code], charge.rule
        amount = sign * (charge.amount if rule.deduct else -charge.amount)
        outside = not rule.included_in_total and not rule.included_in_price
        in_cost = rule.allocate_by != "none"
        booked = []
        if setup.ledger is not None and (not in_cost or outside):
            booked.append((setup.ledger, -amount if in_cost else amount))
        if setup.contra_account is not None and outside and not in_cost:
            booked.append((setup.contra_account, -amount))
        for account, part in booked:
            key = ("charge", key_of(account))
            sums[key] = sums.get(key, ZERO) + part
    return sums


def _received(row: Row, figures: Calculation) -> Iterator[str]:
    """Goods received at the document's cost: the line's amount with its share of charges."""
    values: dict[tuple[str, int], Decimal] = {}
    for move in _moved(row):
        if move["quantity"] > 0:
            key = (move["grid"], int(move["line"]))
            values[key] = values.get(key, ZERO) + move["value"]
    for (line, _), cost in zip(_lines(row), figures.line_costs(), strict=True):
        value = values.get((line["grid"], int(line["number"])))
        if value is not None and value != cost:
            yield f"line {plain(line['number'])} entered stock at {plain(value)}; it cost {plain(cost)}"


def replanned(
    rows: Iterable[Row], documents: Mapping[tuple[str, str, int], Row], below_zero: frozenset[tuple[str, str]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Number and differences of every voucher, in order."""
    blueprints: dict[tuple[str, str, int], Blueprint] = {}
    stock = StockReplay(below_zero)
    for row in rows:
        key = (row["organization"], row["type"], int(row["version"]))
        if key not in blueprints:
            blueprints[key] = blueprint_of(documents[key])
        yield row["number"], tuple(differences(row, blueprints[key], stock))
