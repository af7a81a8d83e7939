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
from erpdesk.blueprints.values import read_decimal
from erpdesk.blueprints.vocabulary import GridKind, PartyKind, StockDirection
from erpdesk.domain.calculation import PricedLine, calculate
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import ZERO, decimal_places, plain, product, total
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.charging import charge_faults, charge_rules
from erpdesk.posting.masters import Account, Batch, CostCentre, Item, Masters, Party, Warehouse
from erpdesk.posting.references import LINE_GRIDS, rows_of
from erpdesk.posting.resolved import Line, NewBatch, Organization, ResolvedVoucher
from erpdesk.storage.keys import new_id


@dataclass(slots=True)
class Reader:
    """One reading: collects faults and the batches that the document brings into being."""

    document: Mapping[str, Any]
    blueprint: Blueprint
    masters: Masters
    organization: Organization
    default_warehouse: str | None = None
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    new_batches: dict[tuple[uuid.UUID, str], NewBatch] = field(default_factory=dict)

    def read(self, voucher_id: uuid.UUID, branch_id: uuid.UUID, config_id: uuid.UUID) -> ResolvedVoucher:
        """The voucher, as far as it could be resolved; `faults` says what could not."""
        document, kind = self.document, self.blueprint.voucher_type
        header = self._warehouses()
        voucher = ResolvedVoucher(
            id=voucher_id,
            organization=self.organization,
            branch_id=branch_id,
            blueprint=self.blueprint,
            config_id=config_id,
            date=date.fromisoformat(document["date"]),
            masters=self.masters,
            lines=(),
            account=self._account(document, "", "account"),
            party=self._party(document),
            warehouse=header.get("warehouse") or header.get("from_warehouse"),
            to_warehouse=header.get("to_warehouse"),
            narration=_text(document.get("narration")),
            credit_days=_whole(document.get("credit_days")),
        )
        lines = [
            self._line(voucher, grid, number, row)
            for grid in LINE_GRIDS
            for number, row in enumerate(rows_of(document, grid), 1)
        ]
        if kind.grid_kind in (GridKind.ITEMS, GridKind.ITEMS_DUAL):
            voucher = self._priced(voucher, lines)
        else:
            voucher = replace(voucher, lines=tuple(lines), total=_ledger_total(kind.grid_kind, lines))
        return replace(voucher, new_batches=tuple(self.new_batches.values()))

    def fault(self, code: str, message: str, place: str, step: Step = Step.SAVED) -> None:
        """Remember one more fault."""
        self.faults.append(Fault(code, message, place, step))

    def _priced(self, voucher: ResolvedVoucher, lines: list[Line]) -> ResolvedVoucher:
        decimals = self.organization.decimals
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
            charge_rules(self.blueprint, self.document),
            decimals,
            self.blueprint.voucher_type.round_to,
        )
        self.faults += charge_faults(self.blueprint, self.document, figures.charges, decimals)
        for line, amount in zip(lines, figures.line_amounts, strict=True):
            if amount < 0:
                self.fault("VCH-009", "The discount is more than the line", f"{line.path}.discount_amount")
        done = tuple(
            replace(line, amount=amount) for line, amount in zip(lines, figures.line_amounts, strict=True)
        )
        return replace(voucher, lines=done, calculation=figures, total=figures.net)

    def _line(self, voucher: ResolvedVoucher, grid: str, number: int, row: Mapping[str, Any]) -> Line:
        path = f"{grid}[{number - 1}]"
        line = Line(
            grid=grid,
            number=number,
            account=self._account(row, path, "account"),
            party=self._party(row, path),
            cost_centre=self._cost_centre(row, path),
            quantity=_figure(row, "quantity"),
            free_quantity=_figure(row, "free_quantity"),
            rate=_figure(row, "rate"),
            discount_percent=_figure(row, "discount_percent"),
            discount_amount=_figure(row, "discount_amount"),
            amount=_figure(row, "amount"),
            debit=_figure(row, "debit"),
            credit=_figure(row, "credit"),
            narration=_text(row.get("narration")),
            udf=_udf(row),
        )
        item = self._item(row, path)
        return line if item is None else self._item_line(voucher, line, item, row)

    def _item_line(self, voucher: ResolvedVoucher, line: Line, item: Item, row: Mapping[str, Any]) -> Line:
        path = line.path
        typed_unit = _text(row.get("uom"))
        unit = item.units.get(key_of(typed_unit) if typed_unit else item.uom)
        if unit is None:
            self.fault(
                "INV-006", f"{item.code} is not measured in {typed_unit}", f"{path}.uom", Step.INVENTORY
            )
            unit = item.units[item.uom]
        if (
            decimal_places(line.quantity) > unit.decimals
            or decimal_places(line.free_quantity) > unit.decimals
        ):
            self.fault(
                "INV-004",
                f"{item.code} is counted with {unit.decimals} decimals; {plain(line.quantity)} has more",
                f"{path}.quantity",
                Step.INVENTORY,
            )
        stock_quantity = product(line.quantity + line.free_quantity, unit.factor)
        if decimal_places(stock_quantity) > max(item.decimals, unit.decimals):
            self.fault(
                "INV-004",
                f"{plain(line.quantity)} does not make a quantity of {item.code} with {item.decimals} decimals",
                f"{path}.quantity",
                Step.INVENTORY,
            )
        warehouse = self._warehouse(row, path, "warehouse") or voucher.warehouse
        if item.is_stocked and warehouse is None and self.blueprint.voucher_type.affects_inventory:
            self.fault("INV-003", f"{item.code} needs a warehouse", f"{path}.warehouse", Step.INVENTORY)
        return replace(
            line,
            item=item,
            uom_id=unit.id,
            factor=unit.factor,
            stock_quantity=stock_quantity,
            warehouse=warehouse,
            to_warehouse=self._warehouse(row, path, "to_warehouse") or voucher.to_warehouse,
            rate=self._rate(line, item, row, typed_unit),
            batch=self._batch(item, row, path),
        )

    def _rate(self, line: Line, item: Item, row: Mapping[str, Any], typed_unit: str | None) -> Decimal:
        """Typed, else from the header's, the party's or the type's price list; a missing rate is a fault."""
        config = self.blueprint.lines
        if row.get("rate") not in (None, "") or not config.show_rate:
            rate = line.rate
        else:
            rate = self._listed_rate(item, key_of(typed_unit) if typed_unit else item.uom, line.quantity)
        if rate == 0 and config.show_rate and not config.allow_zero_rate and line.quantity:
            self.fault("VCH-012", f"{item.code} needs a rate", f"{line.path}.rate")
        return rate

    def _listed_rate(self, item: Item, unit: str, quantity: Decimal) -> Decimal:
        fitting = [
            row
            for row in self.masters.rates
            if row["item"] == key_of(item.code)
            and row["uom"] == unit
            and Decimal(row["minimum_quantity"]) <= quantity
        ]
        named = key_of(str(self.document.get("price_list") or ""))
        fitting.sort(key=lambda row: (row["list"] != named, -Decimal(row["minimum_quantity"])))
        return Decimal(fitting[0]["rate"]) if fitting else ZERO

    def _batch(self, item: Item, row: Mapping[str, Any], path: str) -> Batch | NewBatch | None:
        kind = self.blueprint.voucher_type
        code = _text(row.get("batch"))
        receives = kind.stock_direction is StockDirection.IN
        if code is None:
            if item.track_batch and receives and kind.affects_inventory:
                self.fault(
                    "INV-007",
                    f"{item.code} is kept by batch: name the batch received",
                    f"{path}.batch",
                    Step.INVENTORY,
                )
            return None
        if not item.track_batch:
            self.fault("INV-007", f"{item.code} is not kept by batch", f"{path}.batch", Step.INVENTORY)
            return None
        known = self.masters.batches.get((key_of(item.code), key_of(code)))
        if known is not None and not known.is_active:
            self.fault(
                "INV-007", f"Batch {code} of {item.code} is not active", f"{path}.batch", Step.INVENTORY
            )
        if known is None and not receives:
            self.fault("INV-007", f"{item.code} has no batch {code}", f"{path}.batch", Step.INVENTORY)
        if known is not None or not receives:
            return known
        made = NewBatch(
            new_id(), item.id, code, key_of(code), _day(row.get("manufactured")), _day(row.get("expires"))
        )
        return self.new_batches.setdefault((item.id, made.code_key), made)

    def _item(self, row: Mapping[str, Any], path: str) -> Item | None:
        code = _text(row.get("item"))
        if code is None:
            return None
        item = self.masters.items.get(key_of(code))
        if item is None:
            self.fault("INV-002", f"There is no item {code}", f"{path}.item", Step.INVENTORY)
        elif not item.is_active:
            self.fault("INV-002", f"Item {item.code} is not active", f"{path}.item", Step.INVENTORY)
        return item

    def _account(self, row: Mapping[str, Any], path: str, name: str) -> Account | None:
        code = _text(row.get(name))
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
        elif account.kind in {"stock", "grir", "dni"} and not self.blueprint.voucher_type.affects_inventory:
            self.fault(
                "GL-004",
                f"Account {account.code} {account.name} is kept by stock vouchers alone",
                place,
                Step.GL,
            )
        elif account.kind in {"receivable", "payable"} and _text(row.get("party")) is None:
            self.fault(
                "GL-005",
                f"Account {account.code} {account.name} needs a party",
                f"{path}.party".lstrip("."),
                Step.GL,
            )
        return account

    def _party(self, row: Mapping[str, Any], path: str = "") -> Party | None:
        code = _text(row.get("party"))
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
        code = _text(row.get("cost_centre"))
        if code is None:
            return None
        found = self.masters.cost_centres.get(key_of(code))
        if found is None or not found.is_active:
            self.fault("VCH-013", f"There is no active cost centre {code}", f"{path}.cost_centre")
        return found

    def _warehouses(self) -> dict[str, Warehouse | None]:
        found = {
            name: self._warehouse(self.document, "", name)
            for name in ("warehouse", "from_warehouse", "to_warehouse")
        }
        kind = self.blueprint.voucher_type
        if (
            kind.affects_inventory
            and kind.stock_direction is not StockDirection.TRANSFER
            and found["warehouse"] is None
        ):
            code = self.blueprint.lines.default_warehouse or self.default_warehouse
            found["warehouse"] = self.masters.warehouses.get(key_of(code)) if code else None
        return found

    def _warehouse(self, row: Mapping[str, Any], path: str, name: str) -> Warehouse | None:
        code = _text(row.get(name))
        if code is None:
            return None
        place = f"{path}.{name}".lstrip(".")
        warehouse = self.masters.warehouses.get(key_of(code))
        if warehouse is None:
            self.fault("INV-003", f"There is no warehouse {code}", place, Step.INVENTORY)
        elif not warehouse.is_active:
            self.fault("INV-003", f"Warehouse {warehouse.code} is not active", place, Step.INVENTORY)
        return warehouse


def _ledger_total(grid_kind: GridKind, lines: list[Line]) -> Decimal:
    if grid_kind is GridKind.LEDGER_DR_CR:
        return total(line.debit for line in lines)
    return total(line.amount for line in lines)


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _figure(row: Mapping[str, Any], key: str) -> Decimal:
    value = row.get(key)
    return ZERO if value is None or value == "" else read_decimal(value)


def _whole(value: Any) -> int | None:
    return None if value is None or value == "" else int(read_decimal(value))


def _day(value: Any) -> date | None:
    text = _text(value)
    return date.fromisoformat(text) if text else None


def _udf(row: Mapping[str, Any]) -> Mapping[str, Any]:
    found = row.get("udf")
    return found if isinstance(found, Mapping) else {}
