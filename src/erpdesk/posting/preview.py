"""A preview is the plan of a post as plain values, computed from the same state, with nothing locked or written.

Money has the currency's decimals, quantities no trailing zeros. With faults of fields there is no plan yet;
with faults of the whole voucher (balance, period, stock) whatever could be planned is shown beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.money import ZERO, money, money_text, plain
from erpdesk.domain.results import Fault
from erpdesk.posting.foresight import plan_as_things_stand, told_together
from erpdesk.posting.plan import PostingPlan
from erpdesk.posting.preparation import Blueprints, prepare
from erpdesk.posting.resolved import ResolvedVoucher
from erpdesk.storage.keys import new_id
from erpdesk.storage.posting_calls import PostingCalls

Row = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Preview:
    """What posting would do: `faults` stop it, `warnings` don't."""

    type: str
    date: str
    total: str
    cost: str
    charges: tuple[Row, ...] = ()
    journal: tuple[Row, ...] = ()
    stock: tuple[Row, ...] = ()
    open_items: tuple[Row, ...] = ()
    settlements: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the voucher could be posted as things stand."""
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """One plain JSON object."""
        rows = {name: [dict(row) for row in getattr(self, name)]
                for name in ("charges", "journal", "stock", "open_items", "settlements")}  # fmt: skip
        return {
            "ok": self.ok, "type": self.type, "date": self.date, "total": self.total, "cost": self.cost, **rows,
            "faults": [fault.as_json() for fault in self.faults],
            "warnings": [fault.as_json() for fault in self.warnings],
        }  # fmt: skip


def preview(
    calls: PostingCalls, blueprints: Blueprints, document: Mapping[str, Any], version: int | None = None
) -> Preview:
    """The plan of a document as things stand, typed on a version of its type (None: the current one). Raises
    InvalidRequest VCH-017 for an unknown type."""
    decimals = blueprints.organization.currency_decimals
    prepared = prepare(calls, blueprints, document, None, new_id(), version=version)
    faults, voucher = prepared.field_faults + prepared.voucher_faults, prepared.voucher
    kind, day = str(document.get("type")), str(document.get("date") or "")
    if prepared.field_faults or voucher is None:
        nothing = money_text(ZERO, decimals)
        return Preview(kind, day, total=nothing, cost=nothing, faults=faults, warnings=prepared.warnings)
    organization_id = blueprints.organization.id
    plan = plan_as_things_stand(calls, organization_id, voucher)
    labels = calls.labels(organization_id, sorted(_ids(plan)))
    shown = _Shown(labels | _new_batches(voucher), decimals)
    return Preview(
        kind,
        day,
        total=money_text(plan.total if not plan.faults else voucher.total, voucher.decimals),
        cost=money_text(plan.cost, decimals),
        charges=tuple(_charges(voucher, voucher.decimals)),
        journal=tuple(shown.journal(plan)),
        stock=tuple(shown.stock(plan)),
        open_items=tuple(shown.open_items(plan)),
        settlements=tuple(shown.settlements(plan)),
        faults=told_together(faults, plan.faults),
        warnings=prepared.warnings + plan.warnings,
    )


def _ids(plan: PostingPlan) -> set[UUID]:
    found: set[UUID | None] = set()
    for line in plan.journal:
        found |= {line.account_id, line.party_id, line.cost_centre_id}
    for movement in plan.movements:
        found |= {movement.item_id, movement.warehouse_id, movement.batch_id}
    found |= {part for item in plan.open_items for part in (item.party_id, item.account_id)}
    found |= {settlement.open_item_id for settlement in plan.settlements}
    return {one for one in found if one is not None}


def _new_batches(voucher: ResolvedVoucher) -> dict[str, Any]:
    """Batches that would come into being with the voucher."""
    return {str(batch.id): {"code": batch.code, "name": None} for batch in voucher.new_batches}


def _charges(voucher: ResolvedVoucher, decimals: int) -> Iterable[Row]:
    labels = {setup.code: setup.label for setup in voucher.blueprint.charges}
    for charge in voucher.calculation.charges if voucher.calculation else ():
        yield {
            "code": charge.rule.code, "label": labels.get(charge.rule.code),
            "base": money_text(charge.base, decimals), "amount": money_text(charge.amount, decimals),
            "direction": "deduct" if charge.rule.deduct else "add",
        }  # fmt: skip
    for cost in voucher.cost_charges:
        yield {
            "code": None, "label": cost.account.name if cost.account else None, "base": None,
            "amount": money_text(cost.amount, decimals), "direction": "add",
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Shown:
    """Rows of a plan with codes and names in place of ids."""

    labels: Mapping[str, Mapping[str, Any]]
    decimals: int

    def journal(self, plan: PostingPlan) -> Iterable[Row]:
        for number, line in enumerate(plan.journal, start=1):
            yield {
                "line": str(number), "account": self._code(line.account_id), "name": self._name(line.account_id),
                "party": self._code(line.party_id), "cost_centre": self._code(line.cost_centre_id),
                "debit": self._money(line.debit), "credit": self._money(line.credit),
                "narration": line.narration,
            }  # fmt: skip

    def stock(self, plan: PostingPlan) -> Iterable[Row]:
        for movement in plan.movements:
            unit_cost = abs(movement.value / movement.quantity) if movement.quantity else None
            yield {
                "line": str(movement.line_number), "kind": movement.kind,
                "item": self._code(movement.item_id), "name": self._name(movement.item_id),
                "warehouse": self._code(movement.warehouse_id), "batch": self._code(movement.batch_id),
                "quantity": plain(movement.quantity), "value": self._money(movement.value),
                "unit_cost": None if unit_cost is None else plain(money(unit_cost, 6)),
            }  # fmt: skip

    def open_items(self, plan: PostingPlan) -> Iterable[Row]:
        for item in plan.open_items:
            yield {
                "party": self._code(item.party_id), "account": self._code(item.account_id),
                "amount": self._money(item.amount), "open_amount": self._money(item.still_open),
                "due_date": item.due_on.isoformat() if item.due_on else None,
            }  # fmt: skip

    def settlements(self, plan: PostingPlan) -> Iterable[Row]:
        for part in plan.settlements:
            if not part.own:
                yield {"voucher_number": self._code(part.open_item_id), "amount": self._money(part.amount)}

    def _code(self, row: UUID | None) -> str | None:
        return self.labels.get(str(row), {}).get("code") if row else None

    def _name(self, row: UUID | None) -> str | None:
        return self.labels.get(str(row), {}).get("name") if row else None

    def _money(self, amount: Decimal) -> str:
        return money_text(amount, self.decimals)
