"""From a voucher document and the masters it names to a resolved voucher, with every fault found on the way.

The document has already passed its form's field checks: types are right, required fields are there. What is
checked here is what needs masters: that codes exist, are active and fit; units, decimals, batches, rates.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.numbering import NumberContext
from erpdesk.blueprints.values import read_decimal
from erpdesk.blueprints.vocabulary import (
    CONTROL_ACCOUNT_KINDS,
    STOCK_ACCOUNT_KINDS,
    GridKind,
    PartyKind,
    StockDirection,
)
from erpdesk.domain.calculation import PricedLine, amount_figures, calculate, summed
from erpdesk.domain.charges import ChargeRule
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import LIMIT, ZERO, total
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.charging import charge_faults, charge_rules
from erpdesk.posting.cost_centres import read_shares
from erpdesk.posting.currencies import read_currency
from erpdesk.posting.masters import Account, CostCentre, Masters, Party, Warehouse
from erpdesk.posting.reading_items import read_item, read_item_line
from erpdesk.posting.reading_sources import (
    read_against,
    read_allocations,
    read_cost_charges,
    read_receipts,
    read_replaced,
    settlement_total,
)
from erpdesk.posting.references import LINE_GRIDS, rows_of, text_of
from erpdesk.posting.resolved import Line, NewBatch, Organization, ResolvedVoucher
from erpdesk.posting.sources import Source


@dataclass(slots=True)
class Reader:
    """One reading: collects faults and the batches that the document brings into being."""

    document: Mapping[str, Any]
    blueprint: Blueprint
    masters: Masters
    organization: Organization
    default_warehouse: str | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    new_batches: dict[tuple[uuid.UUID, str], NewBatch] = field(default_factory=dict)
    named_units: set[tuple[str, uuid.UUID | None, str]] = field(default_factory=set)
    came_back: dict[tuple[uuid.UUID, int, uuid.UUID], Decimal] = field(default_factory=dict)
    tokens: NumberContext | None = None

    def read(self, voucher_id: uuid.UUID, branch_id: uuid.UUID, config_id: uuid.UUID) -> ResolvedVoucher:
        """The voucher, as far as it could be resolved; `faults` says what could not."""
        document, kind = self.document, self.blueprint.voucher_type
        header = self._warehouses()
        foreign, rate = read_currency(self)
        voucher = ResolvedVoucher(
            id=voucher_id,
            organization=self.organization,
            branch_id=branch_id,
            blueprint=self.blueprint,
            config_id=config_id,
            date=date.fromisoformat(document["date"]),
            masters=self.masters,
            lines=(),
            account=self.account(document, "", "account"),
            party=self._party(document),
            warehouse=header.get("warehouse") or header.get("from_warehouse"),
            to_warehouse=header.get("to_warehouse"),
            narration=text_of(document.get("narration")),
            number=text_of(document.get("voucher_number")),
            credit_days=_whole(document.get("credit_days")),
            against=read_against(self, document),
            replaces=read_replaced(self),
            foreign=foreign,
            exchange_rate=rate,
        )
        lines = [
            self._line(voucher, grid, number, row)
            for grid in LINE_GRIDS
            for number, row in enumerate(rows_of(document, grid), 1)
        ]
        if kind.settles:
            allocations = read_allocations(self)
            voucher = replace(voucher, allocations=allocations, total=settlement_total(document, allocations))
        elif kind.capitalises:
            charges = read_cost_charges(self)
            voucher = replace(
                voucher,
                receipts=read_receipts(self),
                cost_charges=charges,
                total=total(charge.amount for charge in charges),
            )
        elif kind.grid_kind is GridKind.ITEMS:
            voucher = self._priced(voucher, lines, charge_rules(self.blueprint, document))
        elif kind.grid_kind is GridKind.ITEMS_DUAL:
            voucher = replace(self._priced(voucher, lines, ()), cost_charges=read_cost_charges(self))
        elif kind.grid_kind is GridKind.LEDGER_SINGLE:
            voucher = self._charged(voucher, lines)
        else:
            voucher = replace(voucher, lines=tuple(lines), total=total(line.debit for line in lines))
        self._check_sizes(voucher)
        voucher = replace(voucher, lines=read_shares(self, voucher.lines, voucher.decimals))
        return replace(voucher, new_batches=tuple(self.new_batches.values()))

    def fault(self, code: str, message: str, place: str, step: Step = Step.SAVED) -> None:
        """Remember one more fault."""
        self.faults.append(Fault(code, message, place, step))

    def _check_sizes(self, voucher: ResolvedVoucher) -> None:
        """Figures that were each in bounds may come to more than the books can hold."""
        for line in voucher.lines:
            if max(abs(line.amount), abs(line.stock_quantity), abs(voucher.in_base(line.amount))) >= LIMIT:
                self.fault("VCH-004", "The line comes to more than 15 digits", f"{line.path}.quantity")
        if max(abs(voucher.total), abs(voucher.in_base(voucher.total))) >= LIMIT:
            self.fault("VCH-004", "The voucher comes to more than 15 digits", "lines")

    def _priced(
        self, voucher: ResolvedVoucher, lines: list[Line], rules: tuple[ChargeRule, ...]
    ) -> ResolvedVoucher:
        decimals = voucher.decimals
        priced = [
            PricedLine(
                line.quantity,
                line.rate,
                line.discount_percent,
                line.discount_amount,
                line.stock_quantity,
                line.item.tax_class if line.item else None,
            )
            for line in lines
        ]
        figures = calculate(
            priced,
            rules,
            decimals,
            self.blueprint.voucher_type.round_to,
        )
        if self.blueprint.voucher_type.grid_kind is GridKind.ITEMS:
            self.faults += charge_faults(self.blueprint, self.document, figures.charges, decimals)
        for line, amount in zip(lines, figures.line_amounts, strict=True):
            if amount < 0:
                self._below_nothing(line)
        done = tuple(
            replace(line, amount=amount) for line, amount in zip(lines, figures.line_amounts, strict=True)
        )
        counts = self.blueprint.voucher_type.counts_stock
        return replace(voucher, lines=done, calculation=figures, total=ZERO if counts else figures.net)

    def _below_nothing(self, line: Line) -> None:
        """What makes an amount less than nothing, where it was typed."""
        if line.quantity < 0:
            self.fault("INV-004", "The quantity is positive", f"{line.path}.quantity", Step.INVENTORY)
        elif line.rate < 0:
            self.fault("VCH-012", "The rate is less than nothing", f"{line.path}.rate")
        else:
            name = "discount_amount" if line.discount_amount > 0 else "discount_percent"
            self.fault("VCH-009", "The discount is more than the line", f"{line.path}.{name}")

    def _charged(self, voucher: ResolvedVoucher, lines: list[Line]) -> ResolvedVoucher:
        """Amounts on accounts, with the charges on what they come to."""
        figures = summed([amount_figures(line.amount) for line in lines], charge_rules(self.blueprint, self.document),
                         voucher.decimals, self.blueprint.voucher_type.round_to)
        self.faults += charge_faults(self.blueprint, self.document, figures.charges, voucher.decimals)
        return replace(voucher, lines=tuple(lines), calculation=figures, total=figures.net)

    def _line(self, voucher: ResolvedVoucher, grid: str, number: int, row: Mapping[str, Any]) -> Line:
        path = f"{grid}[{number - 1}]"
        counted = self.blueprint.voucher_type.counts_stock
        account, party = self.account(row, path, "account"), self._party(row, path)
        if account is not None and account.kind in CONTROL_ACCOUNT_KINDS:
            party = party or voucher.party
        line = Line(
            grid=grid,
            number=number,
            account=account,
            party=party,
            cost_centre=self._cost_centre(row, path),
            quantity=_figure(row, "counted_quantity" if counted else "quantity"),
            counted=counted,
            free_quantity=_figure(row, "free_quantity"),
            rate=_figure(row, "rate"),
            discount_percent=_figure(row, "discount_percent"),
            discount_amount=_figure(row, "discount_amount"),
            amount=_figure(row, "amount"),
            debit=_figure(row, "debit"),
            credit=_figure(row, "credit"),
            narration=text_of(row.get("narration")),
            share=_maybe(row, "share"),
            unit_cost=_maybe(row, "unit_cost"),
            udf=_udf(row),
        )
        item = read_item(self, row, path)
        return line if item is None else read_item_line(self, voucher, line, item, row)

    def account(self, row: Mapping[str, Any], path: str, name: str = "account") -> Account | None:
        """The account that a row names, with every fault of naming it there."""
        code = text_of(row.get(name))
        if code is None:
            return None
        place = f"{path}.{name}".lstrip(".")
        account = self.masters.account(code)
        if account is None:
            self.fault("GL-002", f"There is no account {code}", place, Step.GL)
        elif not account.is_active:
            self.fault("GL-002", f"Account {account.code} {account.name} is not active", place, Step.GL)
        elif account.is_group:
            self.fault(
                "GL-003",
                f"Account {account.code} {account.name} is a group; name an account in it",
                place,
                Step.GL,
            )
        elif account.kind in STOCK_ACCOUNT_KINDS and not self.blueprint.voucher_type.affects_inventory:
            self.fault(
                "GL-004",
                f"Account {account.code} {account.name} is kept by stock vouchers alone",
                place,
                Step.GL,
            )
        elif not account.fits(kinds := self._account_kinds(path)):
            self.fault(
                "GL-008",
                f"Account {account.code} {account.name} is not of the kind {' or '.join(kinds)} that "
                f"{self.blueprint.voucher_type.label} takes here",
                place,
                Step.GL,
            )
        elif account.kind in CONTROL_ACCOUNT_KINDS and not (
                text_of(row.get("party")) or text_of(self.document.get("party"))):
            self.fault(
                "GL-005",
                f"Account {account.code} {account.name} needs a party",
                f"{path}.party".lstrip("."),
                Step.GL,
            )
        return account

    def _account_kinds(self, path: str) -> tuple[str, ...]:
        kind = self.blueprint.voucher_type
        if not path:
            return kind.header_account_kinds
        return kind.line_account_kinds if path.startswith("lines[") else ()

    def _party(self, row: Mapping[str, Any], path: str = "") -> Party | None:
        code = text_of(row.get("party"))
        if code is None:
            return None
        place = f"{path}.party".lstrip(".")
        party = self.masters.parties.get(key_of(code))
        wanted = self.blueprint.voucher_type.party_kind
        if party is None:
            self.fault("VCH-010", f"There is no party {code}", place)
        elif not party.is_active:
            self.fault("VCH-010", f"Party {party.code} {party.name} is not active", place)
        elif (
            not path
            and wanted in (PartyKind.CUSTOMER, PartyKind.SUPPLIER)
            and party.kind not in (str(wanted), "both")
        ):
            self.fault(
                "VCH-011",
                f"{party.code} {party.name} is a {party.kind}; this voucher needs a {wanted}",
                place,
            )
        return party

    def _cost_centre(self, row: Mapping[str, Any], path: str) -> CostCentre | None:
        code = text_of(row.get("cost_centre"))
        if code is None:
            return None
        found = self.masters.cost_centres.get(key_of(code))
        if found is None or not found.is_active:
            self.fault("VCH-013", f"There is no active cost centre {code}", f"{path}.cost_centre")
        return found

    def _warehouses(self) -> dict[str, Warehouse | None]:
        found = {
            name: self.warehouse(self.document, "", name)
            for name in ("warehouse", "from_warehouse", "to_warehouse")
        }
        kind = self.blueprint.voucher_type
        if (
            (kind.affects_inventory or kind.reserves_stock)
            and kind.stock_direction is not StockDirection.TRANSFER
            and found["warehouse"] is None
        ):
            code = self.blueprint.lines.default_warehouse or self.default_warehouse
            found["warehouse"] = self.masters.warehouses.get(key_of(code)) if code else None
        return found

    def warehouse(self, row: Mapping[str, Any], path: str, name: str) -> Warehouse | None:
        """The warehouse that a row names, active."""
        code = text_of(row.get(name))
        if code is None:
            return None
        place = f"{path}.{name}".lstrip(".")
        warehouse = self.masters.warehouses.get(key_of(code))
        if warehouse is None:
            self.fault("INV-003", f"There is no warehouse {code}", place, Step.INVENTORY)
        elif not warehouse.is_active:
            self.fault("INV-003", f"Warehouse {warehouse.named} is not active", place, Step.INVENTORY)
        return warehouse


def _figure(row: Mapping[str, Any], key: str) -> Decimal:
    value = row.get(key)
    return ZERO if value is None or value == "" else read_decimal(value)


def _maybe(row: Mapping[str, Any], key: str) -> Decimal | None:
    return None if row.get(key) in (None, "") else read_decimal(row[key])


def _whole(value: Any) -> int | None:
    return None if value is None or value == "" else int(read_decimal(value))


def _udf(row: Mapping[str, Any]) -> Mapping[str, Any]:
    found = row.get("udf")
    return found if isinstance(found, Mapping) else {}
