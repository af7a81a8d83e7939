"""A voucher with its codes resolved: masters in place of names, exact figures in place of text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.vocabulary import DocumentKind
from erpdesk.domain.calculation import Calculation
from erpdesk.domain.currency import Currency, in_base
from erpdesk.domain.money import ONE, ZERO
from erpdesk.posting.masters import Account, Batch, Bin, CostCentre, Item, Masters, Party, Warehouse
from erpdesk.posting.sources import Allocation, CostCharge, Receipt, Source, SourceLine


@dataclass(frozen=True, slots=True)
class Organization:
    """What posting needs to know of the organization; decimals are the base currency's."""

    id: UUID
    code: str
    base_currency: str
    decimals: int
    negative_stock: bool = False


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A batch that a receipt names for the first time; it comes into being with the draft."""

    id: UUID
    item_id: UUID
    code: str
    code_key: str
    manufactured_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit as a document names it: by serial number, or by engine or chassis number. Keys fold case.

    `id` is the one its row gets if a receipt brings it into being.
    """

    id: UUID
    item_id: UUID
    code: str
    key: str | None
    engine_no: str | None = None
    engine_key: str | None = None
    chassis_no: str | None = None
    chassis_key: str | None = None

    @property
    def named_key(self) -> str:
        """What stands in the document: the serial number's key, else the chassis number's or engine number's."""
        return self.key or self.chassis_key or self.engine_key or ""


@dataclass(frozen=True, slots=True)
class Detail:
    """A part of a line: how much of it (stock unit) moves where. The parts come to the line exactly."""

    number: int
    path: str
    quantity: Decimal
    warehouse: Warehouse | None
    bin: Bin | None = None
    to_bin: Bin | None = None
    batch: Batch | NewBatch | None = None
    units: tuple[UnitName, ...] = ()


@dataclass(frozen=True, slots=True)
class CostShare:
    """What a cost centre bears of a line, unsigned; the shares of a line come to its amount exactly."""

    centre: CostCentre
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a grid. `number` counts from 1 in its grid; quantities of stock are in the item's own unit."""

    grid: str
    number: int
    item: Item | None = None
    account: Account | None = None
    party: Party | None = None
    warehouse: Warehouse | None = None
    to_warehouse: Warehouse | None = None
    batch: Batch | NewBatch | None = None
    cost_centre: CostCentre | None = None
    cost_shares: tuple[CostShare, ...] = ()
    uom_id: UUID | None = None
    factor: Decimal = ONE
    quantity: Decimal = ZERO
    free_quantity: Decimal = ZERO
    stock_quantity: Decimal = ZERO
    rate: Decimal = ZERO
    discount_percent: Decimal = ZERO
    discount_amount: Decimal = ZERO
    amount: Decimal = ZERO
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    counted: bool = False
    narration: str | None = None
    share: Decimal | None = None
    unit_cost: Decimal | None = None
    source: Source | None = None
    source_line: SourceLine | None = None
    udf: Mapping[str, Any] = field(default_factory=dict)
    bin: Bin | None = None
    to_bin: Bin | None = None
    units: tuple[UnitName, ...] = ()
    details: tuple[Detail, ...] = ()
    detail: Detail | None = None

    @property
    def path(self) -> str:
        """The place of the line in its document: `lines[0]`; of a part of it: `lines[0].details[1]`."""
        return self.detail.path if self.detail else f"{self.grid}[{self.number - 1}]"

    @property
    def parts(self) -> tuple[Line, ...]:
        """The line once for each of its details, as if that were all of it; itself when it has none."""
        return tuple(
            replace(
                self, details=(), detail=one, stock_quantity=one.quantity, warehouse=one.warehouse, bin=one.bin,
                to_bin=one.to_bin, batch=one.batch, units=one.units,
            )
            for one in self.details
        ) or (self,)  # fmt: skip

    @property
    def is_within(self) -> bool:
        """Whether a transfer stays in one warehouse, from bin to bin."""
        ends = (self.warehouse, self.to_warehouse)
        return ends[0] is not None and ends[1] is not None and ends[0].id == ends[1].id

    @property
    def is_moved_before(self) -> bool:
        """Whether the goods moved with the receipt or delivery that the line follows."""
        moved = (DocumentKind.RECEIPT, DocumentKind.DELIVERY)
        return self.source is not None and self.source_line is not None and self.source.kind in moved

    @property
    def goods_from(self) -> tuple[UUID, int] | None:
        """The voucher line that moved the goods of the line followed: it, or the receipt or delivery before it."""
        if self.source is None or self.source_line is None:
            return None
        return self.source_line.moved_by or (self.source.id, self.source_line.number)

    def is_effective(self) -> bool:
        """Whether the line does anything: moves goods or money."""
        return self.counted or any((self.quantity, self.free_quantity, self.amount, self.debit, self.credit))


@dataclass(frozen=True, slots=True)
class ResolvedVoucher:
    """A voucher ready to be planned: nothing in it is text that still needs looking up."""

    id: UUID
    organization: Organization
    branch_id: UUID
    blueprint: Blueprint
    config_id: UUID
    date: date
    masters: Masters
    lines: tuple[Line, ...]
    account: Account | None = None
    party: Party | None = None
    warehouse: Warehouse | None = None
    to_warehouse: Warehouse | None = None
    narration: str | None = None
    number: str | None = None
    credit_days: int | None = None
    calculation: Calculation | None = None
    total: Decimal = ZERO
    new_batches: tuple[NewBatch, ...] = ()
    foreign: Currency | None = None
    exchange_rate: Decimal = ONE
    against: Source | None = None
    replaces: Source | None = None
    allocations: tuple[Allocation, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    cost_charges: tuple[CostCharge, ...] = ()

    @property
    def followed(self) -> tuple[Source, ...]:
        """The vouchers that it returns, invoices, corrects or adds cost to: none that only asked for it."""
        named = (self.against, *(line.source for line in self.lines), *(receipt.source for receipt in self.receipts))
        found = {source.id: source for source in named if source is not None and source.kind != DocumentKind.ORDER}
        return tuple(found.values())

    @property
    def decimals(self) -> int:
        """The decimals of the voucher's money."""
        return self.foreign.decimals if self.foreign else self.organization.decimals

    @property
    def currency_code(self) -> str:
        """The currency of the voucher's money."""
        return self.foreign.code if self.foreign else self.organization.base_currency

    def in_base(self, amount: Decimal) -> Decimal:
        """Money of the voucher in base currency."""
        return in_base(amount, self.exchange_rate, self.organization.decimals) if self.foreign else amount

    def grid(self, key: str) -> tuple[Line, ...]:
        """The lines of one grid, in order."""
        return tuple(line for line in self.lines if line.grid == key)
