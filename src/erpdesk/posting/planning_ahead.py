"""Plans made before anything is locked: which vouchers are plain enough, and which state of stock is.

The server verifies every plan under its locks, whenever it was made. A plain sale's plan hangs on nothing that the
server does not verify, so it may be made of what was read without a lock, and posted in one call. What other desks
changed meanwhile so that it no longer holds is refused, and the plan is made again under the locks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from erpdesk.blueprints.vocabulary import CreditCheck
from erpdesk.posting.plan import PostingPlan
from erpdesk.posting.resolved import ResolvedVoucher

_PLAIN = {"parties", "stock"}


def may_plan_ahead(voucher: ResolvedVoucher, wanted: Mapping[str, Any]) -> bool:
    """Whether a plan of this voucher hangs on nothing but plain stock and the credit of its parties.

    `wanted` is what the plan depends on, as `posting_open` takes it.
    """
    kind = voucher.blueprint.voucher_type
    unusual = kind.requires_approval or kind.is_return or kind.counts_stock or kind.reserves_stock
    return not unusual and not voucher.new_batches and _PLAIN.issuperset(wanted) and not any(
        row["tracked"] or row["bins"] for row in wanted.get("stock", ())
    )


def stands_alone(plan: PostingPlan) -> bool:
    """Whether the server verifies all that the plan took from what was read: no fault or warning hangs on it, and
    nothing is owed at a cost that was last known."""
    return not (plan.faults or plan.warnings or plan.deficits or plan.deficit_settlements)


def is_read(voucher: ResolvedVoucher, wanted: Mapping[str, Any]) -> bool:
    """Whether the plan needs to read any of what is wanted: stock, or what parties owe."""
    return "stock" in wanted or voucher.blueprint.voucher_type.credit_check is not CreditCheck.OFF


def is_plain(state: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether the stock read is as `posting_hold_stock` will have it: there already, moved by no later day, neither
    owed nor reserved."""
    places: Sequence[Mapping[str, Any]] = (state.get("stock") or {}).get("balances") or ()
    return len(places) == len(wanted.get("stock", ())) and all(
        not place.get("is_new")
        and place["least_later"] is None
        and not place["deficit_quantity"]
        and not place["reserved"]
        for place in places
    )
