"""Landed cost: costs that arrive after the goods raise the value of what is left of them; the rest is expensed.

Each charge is spread over the lines received, by their value or quantity; each line's share over what is left of
it wherever it has gone, in the order of layers, and over what has been issued, last. Nothing posted is re-costed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.journal import JournalLine
from erpdesk.domain.money import ZERO, split, split_over, total
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.plan import Movement
from erpdesk.posting.resolved import ResolvedVoucher
from erpdesk.posting.sources import CostCharge
from erpdesk.posting.value_spread import rows_by_line, spread_value

ReceiptLine = tuple[Mapping[str, Any], ...]
"""A line received: its rows as locked, one a movement."""


@dataclass(slots=True)
class LandedPlan:
    """Value that joins stock, and value that is expensed."""

    journal: list[JournalLine] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    capitalised: Decimal = ZERO


def plan_landed_cost(voucher: ResolvedVoucher, receipts: Any, party_account: UUID | None) -> LandedPlan:
    """The plan, from the receipts as locked: the rows of each line received, with what is left of it."""
    plan = LandedPlan()
    rows = rows_by_line(row for row in receipts or () if _is_named(voucher, row))
    if not rows:
        plan.faults.append(
            Fault(
                "VCH-020",
                "The receipts named hold nothing that cost can be added to",
                "receipts",
                Step.JOURNAL,
            )
        )
        return plan
    plan.journal += cost_credits(voucher, party_account)
    for number, charge in enumerate(voucher.cost_charges):
        if charge.account is None and voucher.party is None:
            plan.faults.append(_unnamed(number))
        for row, part in zip(rows, _spread(voucher, plan, charge, number, rows), strict=True):
            _capitalise(voucher, plan, row, part)
    return plan


def cost_credits(voucher: ResolvedVoucher, party_account: UUID | None) -> list[JournalLine]:
    """Who is owed the charges: their accounts, else the header's party."""
    lines = []
    for charge in voucher.cost_charges:
        if charge.account is not None:
            lines.append(JournalLine(charge.account.id, "charge", -charge.amount))
        elif voucher.party is not None and party_account is not None:
            lines.append(JournalLine(party_account, "party", -charge.amount, voucher.party.id))
    return lines


def _is_named(voucher: ResolvedVoucher, row: Mapping[str, Any]) -> bool:
    for receipt in voucher.receipts:
        if str(receipt.source.id) == row["voucher_id"]:
            return receipt.lines is None or row["line_number"] in receipt.lines
    return False


def _unnamed(number: int) -> Fault:
    return Fault(
        "GL-002", "The charge needs an account, or the voucher a party", f"charges[{number}].account", Step.GL
    )


def _spread(
    voucher: ResolvedVoucher,
    plan: LandedPlan,
    charge: CostCharge,
    number: int,
    rows: Sequence[ReceiptLine],
) -> tuple[Decimal, ...]:
    """The charge over the lines received."""
    values = [total(Decimal(row["value"]) for row in line) for line in rows]
    quantities = [total(Decimal(row["quantity"]) for row in line) for line in rows]
    decimals = voucher.organization.decimals
    if charge.by == "manual":
        if len(charge.shares) != len(rows) or sum(charge.shares, ZERO) == 0:
            plan.faults.append(
                Fault(
                    "INV-005",
                    f"Give one share for each of the {len(rows)} lines received",
                    f"charges[{number}].shares",
                    Step.INVENTORY,
                )
            )
            return (ZERO,) * len(rows)
        return split(charge.amount, charge.shares, decimals)
    ways = [quantities, values] if charge.by == "quantity" else [values, quantities]
    return split_over(charge.amount, ways, len(rows), decimals)


def _capitalise(voucher: ResolvedVoucher, plan: LandedPlan, line: ReceiptLine, amount: Decimal) -> None:
    """One line's share: to the layers or the pool it is still in, the issued part to cost of goods sold."""
    row = line[0]
    spread = spread_value(line, amount, row["line_number"], voucher.organization.decimals)
    plan.movements += spread.movements
    plan.capitalised += spread.capitalised
    plan.journal += [
        JournalLine(movement.account_id, "goods", movement.value) for movement in spread.movements
    ]
    cogs = UUID(row["cogs_account_id"]) if row["cogs_account_id"] else voucher.masters.roles["cogs"]
    plan.journal.append(JournalLine(cogs, "cost", spread.issued))
