"""Business rules of a whole voucher, before stock is looked at. Each returns faults; none stops the others.

They block posting; a draft may be saved with them, and reports them as warnings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.vocabulary import GridKind, HeaderSide, NumberingMethod, StockDirection
from erpdesk.domain.following import following_fault
from erpdesk.domain.journal import no_line_counts, sides_differ
from erpdesk.domain.money import money_text, total
from erpdesk.domain.open_days import DatedPeriod, day_fault
from erpdesk.domain.results import Fault, Step
from erpdesk.domain.transfer import TARGET, source_is_target
from erpdesk.posting.resolved import ResolvedVoucher

Found = Mapping[str, Any]
"""What the server resolved: period, today, limits, organization."""


def check_voucher(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """All faults of the whole voucher, in the order of the rules."""
    return [fault for rule in RULES for fault in rule(voucher, found)]


def check_day(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """Faults of type and date alone: what can be said of a voucher whose fields are wrong."""
    return [fault for rule in DAY_RULES for fault in rule(voucher, found)]


def type_is_active(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """Inactive types make no new vouchers."""
    if found["type"]["is_active"]:
        return []
    return [
        Fault(
            "VCH-007",
            f"Voucher type {voucher.blueprint.voucher_type.label} is not active",
            "type",
            Step.JOURNAL,
        )
    ]


def has_effective_lines(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """A voucher does something."""
    settled = any(part.settled for part in voucher.allocations) or (
        voucher.blueprint.voucher_type.settles and voucher.total
    )
    if settled or voucher.cost_charges or any(line.is_effective() for line in voucher.lines):
        return []
    return [no_line_counts()]


def day_is_open(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """The date lies in an open period of an open year, after the audit lock, in an unlocked organization."""
    period, organization = found.get("period"), found["organization"]
    if organization["is_locked"]:
        return [Fault("PRD-005", f"Organization {organization['code']} is locked", "date", Step.JOURNAL)]
    locked = organization["audit_locked_until"]
    fault = day_fault(voucher.date, _dated(period) if period is not None else None,
                      date.fromisoformat(locked) if locked is not None else None)
    return [fault] if fault is not None else []


def _dated(period: Mapping[str, Any]) -> DatedPeriod:
    return DatedPeriod(period["fiscal_year"], period["is_closed"], date.fromisoformat(period["starts_on"]),
                       date.fromisoformat(period["ends_on"]), period["state"])


def date_is_within_limits(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """Not further back or ahead of the server's today than type and user allow."""
    kind, today = voucher.blueprint.voucher_type, date.fromisoformat(found["today"])
    limits = found.get("limits") or ()
    back = [
        days for days in (kind.back_date_days, *(row["back_date_days"] for row in limits)) if days is not None
    ]
    ahead = [
        days
        for days in (kind.forward_date_days, *(row["forward_date_days"] for row in limits))
        if days is not None
    ]
    faults = []
    if back and voucher.date < today - timedelta(days=min(back)):
        faults.append(
            Fault("PRD-006", f"{voucher.date} is more than {min(back)} days back", "date", Step.JOURNAL)
        )
    if ahead and voucher.date > today + timedelta(days=min(ahead)):
        faults.append(
            Fault("PRD-007", f"{voucher.date} is more than {min(ahead)} days ahead", "date", Step.JOURNAL)
        )
    return faults


def amount_is_within_limits(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """Not above what the user may enter, and post; where others approve, posting is left to who posts it then."""
    names = ("enter",) if voucher.blueprint.voucher_type.requires_approval else ("enter", "post")
    rows = found.get("limits") or ()
    limits = [Decimal(row[name]) for row in rows for name in names if row[name] is not None]
    whole = voucher.in_base(voucher.total)
    if not limits or whole <= min(limits):
        return []
    decimals = voucher.organization.decimals
    return [
        Fault(
            "SEC-002",
            f"{money_text(whole, decimals)} is above your limit of "
            f"{money_text(min(limits), decimals)}",
            "amount",
            Step.JOURNAL,
        )
    ]


def number_is_given(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """A type that is numbered by hand is posted under a number; its drafts may wait for one."""
    kind = voucher.blueprint.voucher_type
    if kind.numbering_method is not NumberingMethod.MANUAL or voucher.number:
        return []
    return [Fault("NUM-004", f"{kind.label} is numbered by hand: type the voucher number", "voucher_number",
                  Step.JOURNAL)]  # fmt: skip


def sides_are_clear(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """Each line of a journal is debit or credit, never both; the two sides are equal."""
    kind = voucher.blueprint.voucher_type
    if kind.grid_kind is not GridKind.LEDGER_DR_CR:
        return []
    faults = [
        Fault("GL-006", "A line is either debit or credit", f"{line.path}.credit", Step.GL)
        for line in voucher.lines
        if line.debit and line.credit
    ]
    debit, credit = total(x.debit for x in voucher.lines), total(x.credit for x in voucher.lines)
    if debit != credit and kind.header_side is not HeaderSide.BALANCE:
        faults.append(sides_differ(debit, credit, voucher.decimals))
    return faults


def ledger_lines_have_accounts(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """Every line of a ledger grid with money on it names its account."""
    if voucher.blueprint.voucher_type.grid_kind not in (GridKind.LEDGER_DR_CR, GridKind.LEDGER_SINGLE):
        return []
    return [
        Fault("GL-002", "The line needs an account", f"{line.path}.account", Step.GL)
        for line in voucher.lines
        if line.account is None and line.is_effective()
    ]


def header_account_is_elsewhere(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """A receipt or payment moves money to another account than its own."""
    if voucher.account is None:
        return []
    return [
        Fault(
            "GL-007",
            f"{line.account.code} {line.account.name} is the account of the voucher itself",
            f"{line.path}.account",
            Step.GL,
        )
        for line in voucher.lines
        if line.account is not None and line.account.id == voucher.account.id
    ]


def warehouses_differ(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """A transfer leaves one warehouse for another, or within one, one bin for another."""
    if voucher.blueprint.voucher_type.stock_direction is not StockDirection.TRANSFER:
        return []
    faults = []
    for line in (part for whole in voucher.lines for part in whole.parts):
        if line.to_warehouse is None:
            faults.append(
                Fault("INV-003", "The transfer needs a target warehouse", TARGET, Step.INVENTORY)
            )
        elif line.is_within and (line.bin.id if line.bin else None) == (line.to_bin.id if line.to_bin else None):
            faults.append(source_is_target(f"Bin {line.bin.code}" if line.bin else line.to_warehouse.named))
    return faults[:1]


def followed_is_of_the_party(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """What comes back, is invoiced or delivered was bought from, or sold to, the same party."""
    followed, party = voucher.against, voucher.party
    if followed is None or party is None:
        return []
    fault = following_fault(followed.reference, followed, (), "against", party.code)
    return [fault] if fault is not None else []


def follows_in_time(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """What comes back, is invoiced or made dearer was there before: else a day would have its value without it."""
    later = [one for one in voucher.followed if one.date is not None and one.date > voucher.date]
    return [
        Fault("VCH-026", f"{one.name} is of {one.date}; what follows it can't be dated before", "date", Step.JOURNAL)
        for one in later[:1]
    ]


def quantities_are_positive(voucher: ResolvedVoucher, found: Found) -> list[Fault]:
    """Goods move in positive quantities; a return has its own voucher type."""
    return [
        Fault("INV-004", "The quantity is positive", f"{line.path}.quantity", Step.INVENTORY)
        for line in voucher.lines
        if line.quantity < 0 or line.free_quantity < 0
    ]


DAY_RULES: tuple[Callable[[ResolvedVoucher, Found], list[Fault]], ...] = (
    type_is_active,
    day_is_open,
    date_is_within_limits,
)

RULES: tuple[Callable[[ResolvedVoucher, Found], list[Fault]], ...] = (
    type_is_active,
    has_effective_lines,
    day_is_open,
    date_is_within_limits,
    amount_is_within_limits,
    number_is_given,
    sides_are_clear,
    ledger_lines_have_accounts,
    header_account_is_elsewhere,
    warehouses_differ,
    followed_is_of_the_party,
    follows_in_time,
    quantities_are_positive,
)
