"""Journal lines before they are books: amounts on one side, merged, balanced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from erpdesk.domain.money import ZERO, total


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line: `amount` is base currency, debit positive, credit negative, never zero in a plan.

    `role` says why the line is there (party, header, line, goods, charge, rounding, cost, stock …).
    """

    account_id: UUID
    role: str
    amount: Decimal
    party_id: UUID | None = None
    cost_centre_id: UUID | None = None
    narration: str | None = None

    @property
    def debit(self) -> Decimal:
        """The amount when it stands on the debit side, else zero."""
        return max(self.amount, ZERO)

    @property
    def credit(self) -> Decimal:
        """The amount when it stands on the credit side, else zero."""
        return max(-self.amount, ZERO)


def merged(lines: Iterable[JournalLine]) -> tuple[JournalLine, ...]:
    """Lines that differ in amount alone become one; zero lines are left out; first seen, first listed."""
    found: dict[tuple[object, ...], JournalLine] = {}
    for line in lines:
        key = (line.account_id, line.role, line.party_id, line.cost_centre_id, line.narration)
        known = found.get(key)
        found[key] = line if known is None else replace(known, amount=known.amount + line.amount)
    return tuple(line for line in found.values() if line.amount != 0)


def imbalance(lines: Iterable[JournalLine]) -> Decimal:
    """Σ debit − Σ credit; zero in a balanced journal."""
    return total(line.amount for line in lines)
