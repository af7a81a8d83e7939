"""The plan of a voucher as things stand: made of what is read without a lock, applied by nobody."""

from __future__ import annotations

from uuid import UUID

from erpdesk.domain.results import Fault, InvalidRequest
from erpdesk.posting.payload import locks
from erpdesk.posting.plan import PostingPlan
from erpdesk.posting.planning import plan_post
from erpdesk.posting.resolved import ResolvedVoucher
from erpdesk.storage.keys import new_id
from erpdesk.storage.posting_calls import PostingCalls


def plan_as_things_stand(calls: PostingCalls, organization_id: UUID, voucher: ResolvedVoucher) -> PostingPlan:
    """One round trip; a plan that can't be made is an empty one with its faults."""
    state = calls.state(organization_id, locks(voucher), voucher.date)
    try:
        return plan_post(voucher, state.get("stock"), state)
    except InvalidRequest as refusal:
        return PostingPlan(new_id(), total=voucher.total, faults=refusal.faults)


def told_besides(first: tuple[Fault, ...], plan: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Faults of a voucher, and those of its plan: where its places are wrong, none."""
    return first if any(fault.code == "INV-003" for fault in first) else told_together(first, plan)


def told_together(first: tuple[Fault, ...], more: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """All faults, the same one only once."""
    known = {(fault.code, fault.field) for fault in first}
    return (*first, *(fault for fault in more if (fault.code, fault.field) not in known))
