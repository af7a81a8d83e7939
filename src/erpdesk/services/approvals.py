"""Approvals for the doors: submit, approve, reject, withdraw, cancel, and what waits for whom.

With the last approval a type with `auto_post` posts, in the approver's name. If that fails the voucher stays
approved, and the reasons stand among the result's warnings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.money import money_text
from erpdesk.domain.results import ErpdeskError, Ok, Refused, Result, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from erpdesk.posting.approval import Change
    from erpdesk.posting.outcome import PostedVoucher
    from erpdesk.services.vouchers import VoucherService


@dataclass(frozen=True, slots=True)
class Waiting:
    """A voucher that waits for approval. `bar` is the code of what keeps this user from deciding it, "" if nothing
    does; `row_version` is what a decision names."""

    voucher_id: str
    type: str
    type_label: str
    date: str
    branch: str
    party: str
    party_name: str
    narration: str
    amount: str
    round: int
    level: int
    levels: int
    waits_for: str
    requested_by: str
    requested_at: str
    comment: str
    row_version: int
    bar: str

    @property
    def is_mine(self) -> bool:
        """Whether it waits for this user."""
        return not self.bar

    def as_json(self) -> dict[str, Any]:
        """A row of the inbox, as the command line prints it."""
        from dataclasses import asdict

        return asdict(self)


class ApprovalService:
    """Approvals in one organization. Thread-safe; a result is a value, never an exception."""

    def __init__(self, vouchers: VoucherService) -> None:
        self._vouchers = vouchers

    def submit(
        self,
        document: Mapping[str, Any] | str,
        *,
        voucher_id: str | None = None,
        row_version: int | None = None,
        comment: str = "",
    ) -> Result[PostedVoucher]:
        """Save a document, or take the stored draft that a reference names, and ask for approval."""
        from erpdesk.posting.engine import PostRequest

        try:
            typed: Mapping[str, Any]
            version = None
            if isinstance(document, str):
                facts = self._vouchers.show(document).facts
                typed, voucher_id, row_version = facts["document"], facts["voucher_id"], facts["row_version"]
                version = facts["blueprint_version"]
            else:
                typed = document
            return self._vouchers.engine.run(
                PostRequest(
                    document=typed,
                    key=typed.get("idempotency_key") if voucher_id is None else None,
                    voucher_id=UUID(voucher_id) if voucher_id else None,
                    row_version=row_version,
                    post=False,
                    submit=True,
                    comment=comment,
                    version=version,
                )
            )
        except ErpdeskError as error:
            return refused(error)

    def approve(
        self, reference: str, comment: str = "", *, row_version: int | None = None
    ) -> Result[PostedVoucher]:
        """Approve the level whose turn it is; the last approval posts where the type says so. `row_version` is
        that of the voucher as it was looked at (None: as it is now)."""
        result = self._change("approve", reference, comment, row_version)
        if isinstance(result, Refused):
            return result
        if not result.value.posts_by_itself:
            return Ok(result.value.voucher)
        posted = self._vouchers.post(result.value.voucher.voucher_id)
        if isinstance(posted, Ok):
            return posted
        return Ok(replace(result.value.voucher, warnings=posted.faults), posted.faults)

    def reject(
        self, reference: str, comment: str = "", *, row_version: int | None = None
    ) -> Result[PostedVoucher]:
        """Reject a voucher that waits; it goes back to its maker."""
        return self._plain("reject", reference, comment, row_version)

    def withdraw(
        self, reference: str, comment: str = "", *, row_version: int | None = None
    ) -> Result[PostedVoucher]:
        """Take a voucher that waits, is approved or was rejected back to a draft."""
        return self._plain("withdraw", reference, comment, row_version)

    def cancel(
        self, reference: str, comment: str = "", *, row_version: int | None = None
    ) -> Result[PostedVoucher]:
        """Cancel a draft or a rejected voucher for good."""
        return self._plain("cancel", reference, comment, row_version)

    def inbox(self, *, everything: bool = False) -> tuple[Waiting, ...]:
        """What waits for this user, oldest first; with `everything` also what waits for others. Raises
        ErpdeskError."""
        from erpdesk.storage.posting_calls import posting_calls

        organization = self._vouchers.organization
        with posting_calls(self._vouchers.engine.pool) as calls:
            rows = calls.inbox(organization.id)
        waiting = (
            Waiting(**{**row, "amount": money_text(Decimal(row["amount"]), organization.currency_decimals)})
            for row in rows
        )
        return tuple(one for one in waiting if everything or one.is_mine)

    def _plain(
        self, change: Change, reference: str, comment: str, row_version: int | None
    ) -> Result[PostedVoucher]:
        result = self._change(change, reference, comment, row_version)
        return result if isinstance(result, Refused) else Ok(result.value.voucher)

    def _change(self, change: Change, reference: str, comment: str, row_version: int | None) -> Result[Any]:
        from erpdesk.posting.approval import StatusRequest

        try:
            facts = self._vouchers.show(reference).facts
        except ErpdeskError as error:
            return refused(error)
        seen = row_version if row_version is not None else facts["row_version"]
        return self._vouchers.engine.change_status(
            StatusRequest(change, UUID(facts["voucher_id"]), seen, comment)
        )
