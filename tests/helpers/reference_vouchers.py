"""What the reference model keeps of vouchers: what they did, what is open of them, what others may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from helpers.reference_items import ZERO, Costless, Short, money
from helpers.reference_stock import Effect, Place, ReferenceStock, Reservation

Document = Mapping[str, Any]
STARTS, ENDS = "2026-04-01", "2027-03-31"
PREFIXES = {
    "JOURNAL": "JV", "CASH_RECEIPT": "CR", "CASH_PAYMENT": "CP", "CASH_TRANSFER": "CT", "BANK_RECEIPT": "BR",
    "BANK_PAYMENT": "BP", "BANK_TRANSFER": "BT", "AR_RECEIPT": "RC", "AP_PAYMENT": "PY", "SALES_INVOICE": "SI",
    "SALES_RETURN": "SR", "PURCHASE_INVOICE": "PI", "PURCHASE_RETURN": "PR", "DEBIT_NOTE": "DN", "CREDIT_NOTE": "CN",
    "LANDED_COST": "LC", "STOCK_TRANSFER": "ST", "STOCK_JOURNAL": "SJ", "OPENING_STOCK": "OS", "SALES_ORDER": "SO",
    "GOODS_RECEIPT": "GR", "DELIVERY_NOTE": "DL", "PHYSICAL_STOCK": "PS",
    "CHECKED_NOTE": "CK"}
OWN_ACCOUNTS = {"C002": "1135"}
UNITS = {"BOX": 12}


TAXED = {"SALES_INVOICE", "SALES_RETURN", "PURCHASE_INVOICE", "PURCHASE_RETURN", "SALES_ORDER"}
PRICED = {*TAXED, "GOODS_RECEIPT", "DELIVERY_NOTE"}
SIDES = {"CASH_RECEIPT": 1, "BANK_RECEIPT": 1, "CASH_PAYMENT": -1, "BANK_PAYMENT": -1, "CASH_TRANSFER": -1,
         "BANK_TRANSFER": -1, "DEBIT_NOTE": 1, "CREDIT_NOTE": -1, "CHECKED_NOTE": -1}


class Refusal(Exception):
    """What the program should say: the codes of its faults."""

    def __init__(self, *codes: str) -> None:
        super().__init__(*codes)
        self.codes = frozenset(codes)


@dataclass(frozen=True, slots=True)
class Told:
    """What a desk is told: a result, or the codes of a refusal."""

    codes: frozenset[str] = frozenset()
    status: str = ""
    number: str | None = None
    total: Fraction = ZERO
    cost: Fraction = ZERO
    replayed: bool = False


@dataclass(slots=True)
class OpenItem:
    """What a voucher leaves open of a party, and of it now."""

    party: str
    account: str
    amount: Fraction
    left: Fraction
    voucher: int


@dataclass(slots=True)
class Settlement:
    """By how much an open item got smaller; `own` is the settling voucher's own side."""

    item: OpenItem
    amount: Fraction


@dataclass(slots=True)
class SourceLine:
    """A line that others may follow: what of its quantity and value was used."""

    item: str
    quantity: Fraction
    value: Fraction
    used: Fraction = ZERO
    used_value: Fraction = ZERO
    batches: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(slots=True)
class Voucher:
    """A posted voucher with everything it did."""

    id: int
    type: str
    number: str
    day: str
    party: str
    document: Document
    status: str = "POSTED"
    total: Fraction = ZERO
    cost: Fraction = ZERO
    sequence: int = 0
    is_reversal: bool = False
    journal: list[tuple[str, str, Fraction]] = field(default_factory=list)
    items: list[OpenItem] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    lines: dict[int, SourceLine] = field(default_factory=dict)
    uses: list[tuple[int, int, Fraction, Fraction]] = field(default_factory=list)
    reserved: list[tuple[Reservation, Fraction]] = field(default_factory=list)
    receipts: list[int] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)


@dataclass(slots=True)
class ReferenceLedger:
    """What all rules work on: vouchers and stock, and the faults of the voucher under way."""

    stock: ReferenceStock = field(default_factory=ReferenceStock)
    vouchers: list[Voucher] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    batches: Mapping[str, Fraction] = field(default_factory=dict)
    """What the line under way was taken from, in that order."""

    def find(self, number: str) -> Voucher:
        """A posted or reversed voucher by number."""
        return next(voucher for voucher in self.vouchers if voucher.number == number)

    def _place(self, document: Document, line: Mapping[str, Any]) -> Place:
        return line["item"], line.get("warehouse") or document["warehouse"]

    def _party(self, made: Voucher, default: str, amount: Fraction) -> None:
        made.journal.append((OWN_ACCOUNTS.get(made.party, default), made.party, amount))

    def _issue(self, line: Mapping[str, Any], place: Place, quantity: Fraction, *, below_zero: bool = False,
               prefer: tuple[int, int] | None = None) -> Fraction | None:
        """Take goods out; their value, None and a fault when short."""
        try:
            parts = self.stock.take(*place, quantity, line.get("batch"), prefer, below_zero=below_zero)
        except Short:
            self.faults.append("INV-001")
            return None
        except Costless:
            self.faults.append("INV-005")
            return None
        self.batches = {code: sum((part.quantity for part in parts if part.batch == code), ZERO)
                        for code in dict.fromkeys(part.batch for part in parts if part.batch)}
        return sum((part.value for part in parts), ZERO)

    def _put(self, made: Voucher, place: Place, quantity: Fraction, value: Fraction, batch: str | None,
             number: int, origin: tuple[int, int] | None = None) -> None:
        """Goods come in at a value; what deficits really cost goes to cost variance."""
        for account, amount in self.stock.put(*place, quantity, value, batch, number, origin):
            made.journal.append((account, "", amount))

    def _current_cost(self, place: Place, quantity: Fraction, line: Mapping[str, Any]) -> Fraction | None:
        held, value = self.stock.before.get(place, (ZERO, ZERO))
        if held > 0:
            return money(value * quantity / held)
        known = self.stock.costs.get(place)
        cost = known[-1][1] if known else Fraction(line["unit_cost"]) if line.get("unit_cost") else None
        if cost is None:
            self.faults.append("INV-005")
            return None
        return money(cost * quantity)


def amount_of(line: Mapping[str, Any]) -> Fraction:
    """A line's amount."""
    percent = Fraction(line.get("discount_percent", 0))
    return money(Fraction(line["quantity"]) * Fraction(line.get("rate", 0)) * (1 - percent / 100)
                 - Fraction(line.get("discount_amount", 0)))


def stock_quantity_of(line: Mapping[str, Any]) -> Fraction:
    """A line's quantity in the item's own unit, free quantity with it."""
    typed = Fraction(line["quantity"]) + Fraction(line.get("free_quantity", 0))
    return typed * UNITS.get(line.get("uom", ""), 1)


TRANSITIONS = {
    ("PENDING_APPROVAL", "approve"): "APPROVED", ("PENDING_APPROVAL", "reject"): "REJECTED",
    ("PENDING_APPROVAL", "withdraw"): "DRAFT", ("APPROVED", "withdraw"): "DRAFT", ("APPROVED", "post"): "POSTED",
    ("REJECTED", "withdraw"): "DRAFT", ("REJECTED", "cancel"): "CANCELLED", ("DRAFT", "cancel"): "CANCELLED",
    ("DRAFT", "post"): "PENDING_APPROVAL"}
"""What may become of a voucher that needs approval; everything else is refused and changes nothing."""
