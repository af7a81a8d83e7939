"""The credit check: what a party would owe with this voucher, against its limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.vocabulary import CreditCheck, SettlementSide
from erpdesk.domain.journal import JournalLine
from erpdesk.domain.money import money_text, total
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.resolved import ResolvedVoucher


def credit_faults(
    voucher: ResolvedVoucher, journal: Sequence[JournalLine], parties: Mapping[str, Any] | None
) -> tuple[list[Fault], list[Fault]]:
    """Faults and warnings: exposure is the party's balance on its side plus this voucher's part in it.

    Decisive under the party's lock. A null limit means none.
    """
    kind = voucher.blueprint.voucher_type
    if kind.credit_check is CreditCheck.OFF or voucher.party is None:
        return [], []
    state = (parties or {}).get(str(voucher.party.id))
    if state is None or state["credit_limit"] is None:
        return [], []
    sign = -1 if kind.settlement_side is SettlementSide.PAYABLE else 1
    own = total(line.amount for line in journal if line.party_id == voucher.party.id)
    exposure = sign * (Decimal(state["balance"]) + own)
    limit = Decimal(state["credit_limit"])
    if exposure <= limit:
        return [], []
    decimals = voucher.organization.decimals
    fault = Fault(
        "VCH-040", f"{voucher.party.code} {voucher.party.name} would owe {money_text(exposure, decimals)}; "
        f"the limit is {money_text(limit, decimals)}", "party", Step.JOURNAL,
        {"exposure": money_text(exposure, decimals), "limit": money_text(limit, decimals)})  # fmt: skip
    return ([fault], []) if kind.credit_check is CreditCheck.BLOCK else ([], [fault])
