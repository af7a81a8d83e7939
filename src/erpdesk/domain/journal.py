"""Journal lines before they are books: amounts on one side, merged, balanced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from erpdesk.domain.money import ZERO, money_text, total
from erpdesk.domain.results import Fault, Step


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line: `amount` is base currency, debit positive, credit negative, never zero in a plan.

    `role` says why the line is there (party, header, line, goods, charge, rounding, cost, stock …).
    `currency_amount` is the same in the currency of a foreign voucher; None where there is none (stock at cost).
    """

    account_id: UUID
    role: str
    amount: Decimal
    party_id: UUID | None = None
    cost_centre_id: UUID | None = None
    narration: str | None = None
    currency_amount: Decimal | None = None

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
        key = _key(line)
        known = found.get(key)
        found[key] = line if known is None else _together(known, line)
    return tuple(line for line in found.values() if line.amount != 0)


def _together(one: JournalLine, other: JournalLine) -> JournalLine:
    stated = other.currency_amount
    if one.currency_amount is not None:
        stated = one.currency_amount + (stated or ZERO)
    return JournalLine(
        one.account_id,
        one.role,
        one.amount + other.amount,
        one.party_id,
        one.cost_centre_id,
        one.narration,
        stated,
    )


def _key(line: JournalLine) -> tuple[object, ...]:
    return (line.account_id, line.role, line.party_id, line.cost_centre_id, line.narration)


def stated_in_currency(
    lines: Iterable[JournalLine], stated: Iterable[JournalLine]
) -> tuple[JournalLine, ...]:
    """Merged lines in base with the amounts that the merged lines `stated` say in the voucher's currency."""
    amounts = {_key(line): line.amount for line in stated}
    return tuple(replace(line, currency_amount=amounts.get(_key(line))) for line in lines)


def imbalance(lines: Iterable[JournalLine]) -> Decimal:
    """Σ debit − Σ credit; zero in a balanced journal."""
    return total(line.amount for line in lines)


def no_line_counts() -> Fault:
    """The refusal of a voucher whose lines all come to nothing."""
    return Fault("VCH-003", "The voucher has no line that does anything", "lines", Step.JOURNAL)


def sides_differ(debit: Decimal, credit: Decimal, decimals: int) -> Fault:
    """What is said of a journal whose sides should be equal and aren't."""
    return Fault(
        "GL-001",
        f"Debit {money_text(debit, decimals)} and credit {money_text(credit, decimals)} differ by "
        f"{money_text(abs(debit - credit), decimals)}",
        "lines",
        Step.GL,
        {"difference": money_text(debit - credit, decimals)},
    )
