"""Random voucher documents for the state machine: small figures in, documents of the command line's contract out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from helpers.reference_items import EXPIRES, ITEMS, WEIGHED
from helpers.reference_model import ReferenceBooks
from helpers.reference_vouchers import Voucher

FIRST_DAY = date(2026, 4, 1)
WAREHOUSES = ("MAIN", "SHOP", "COLD")
CUSTOMERS, SUPPLIERS = ("C001", "C002", "B001"), ("S001", "S002", "B001")
MONEY_ACCOUNTS = ("1110", "1120")
_CODES = tuple(ITEMS)


@dataclass(frozen=True, slots=True)
class Draw:
    """A few small figures from which a line is made."""

    item: int
    quantity: int
    rate: int
    choice: int


def day_text(offset: int) -> str:
    """The day so many days after the year began."""
    return (FIRST_DAY + timedelta(days=offset)).isoformat()


def quantity_text(item: str, figure: int) -> str:
    """Whole pieces, or kilograms with three decimals."""
    return f"{figure * 37 / 1000:.3f}" if item in WEIGHED else str(figure)


def rate_text(figure: int) -> str:
    """A rate with up to four decimals."""
    return f"{figure // 10000}.{figure % 10000:04d}"


def money_of(figure: int) -> str:
    """Money from cents."""
    return f"{figure // 100}.{figure % 100:02d}"


def goods_line(draw: Draw, *, receives: bool, model: ReferenceBooks) -> dict[str, Any] | None:
    """A line of goods; None when the item can't be named there yet. What may go below zero keeps to two warehouses:
    which other one says its cost is then no question."""
    item = _CODES[draw.item % len(_CODES)]
    line: dict[str, Any] = {"item": item, "quantity": quantity_text(item, draw.quantity), "rate": rate_text(draw.rate)}
    if item == "TEA" and draw.choice % 5 == 0:
        line["uom"] = "BOX"
    batch = _batch(item, draw, receives, model)
    if batch:
        line["batch"] = batch
        if receives and batch in EXPIRES:
            line["expires"] = EXPIRES[batch]
    elif ITEMS[item].batches and (receives or not ITEMS[item].fifo):
        return None
    if draw.choice % 7 == 1:
        line["free_quantity"] = quantity_text(item, 1 + draw.choice % 3)
    if draw.choice % 7 == 2:
        line["discount_percent"] = ("2.5", "10", "33.33")[draw.choice % 3]
    if draw.choice % 7 == 3:
        line["discount_amount"] = "0.03"
    if draw.choice % 11 == 4:
        line["warehouse"] = WAREHOUSES[draw.choice % (2 if ITEMS[item].negative else 3)]
    return line


def _batch(item: str, draw: Draw, receives: bool, model: ReferenceBooks) -> str | None:
    if not ITEMS[item].batches:
        return None
    codes = ("E1", "E2", "E0") if ITEMS[item].fefo else ("B1", "B2")
    code = codes[draw.choice % len(codes)]
    if receives:
        return code
    named = code in _known_batches(item, model) and (not ITEMS[item].fifo or draw.choice % 2 == 0)
    return code if named else None


def _known_batches(item: str, model: ReferenceBooks) -> set[str | None]:
    return {of for where, rows in model.stock.moves.items() if where[0] == item for _, of, _ in rows}


def makes_no_batch(line: dict[str, Any], model: ReferenceBooks) -> bool:
    """Whether a line that can't say when its batch expires leaves it to others to make the batch."""
    return line.get("batch") not in EXPIRES or line["batch"] in _known_batches(line["item"], model)


def plain_line(line: dict[str, Any], *kept: str) -> dict[str, Any]:
    """Only what a grid without prices takes."""
    return {key: value for key, value in line.items() if key in ("item", "quantity", "uom", "batch", *kept)}


def charges(figure: int, *, freight: bool) -> dict[str, Any]:
    """Charges by choice: none at all, tax alone, discount and freight too."""
    if figure % 3 == 0:
        return {"charges": [], "auto_charges": False}
    rows = []
    if figure % 3 == 2:
        rows.append({"code": "DISC", "amount": money_of(figure % 5)})
        if freight:
            rows.append({"code": "FREIGHT", "amount": money_of(figure % 997)})
    return {"charges": rows}


def followable(model: ReferenceBooks, kinds: Sequence[str], pick: int) -> Voucher | None:
    """A voucher of these types, reversed ones among them; never a reversal."""
    found = [voucher for voucher in model.vouchers if voucher.type in kinds and not voucher.is_reversal]
    return found[pick % len(found)] if found else None


def following_lines(source: Voucher, draws: Sequence[Draw]) -> list[dict[str, Any]]:
    """Lines that return, invoice or deliver some of a source's lines, now and then too much."""
    lines = []
    for number, draw in zip(source.lines, draws, strict=False):
        row, typed = source.lines[number], source.document["lines"][number - 1]
        whole = row.quantity - row.used if draw.choice % 3 == 0 else row.quantity
        part = whole if draw.choice % 3 else max(whole, row.quantity / 10)
        if draw.choice % 3 == 1 and row.item not in WEIGHED and part > 1:
            part = Fraction(part // 2)
        if part <= 0:
            continue
        text = f"{float(part):.3f}".rstrip("0").rstrip(".")
        line: dict[str, Any] = {"item": row.item, "quantity": text, "rate": rate_text(draw.rate),
                                "against_line": number}
        warehouse = typed.get("warehouse")
        if warehouse:
            line["warehouse"] = warehouse
        if typed.get("batch"):
            line["batch"] = typed["batch"]
        elif ITEMS[row.item].batches and source.type == "SALES_INVOICE":
            left = [*row.batches] or ["E0" if ITEMS[row.item].fefo else "B1"]
            if len(left) == 1 or part != row.quantity or draw.choice % 2:
                line["batch"] = left[draw.choice % len(left)]
        lines.append(line)
    return lines
