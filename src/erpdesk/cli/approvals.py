"""`erpdesk voucher submit|approve|reject|withdraw|cancel|inbox`: a voucher on its way to being posted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from erpdesk.cli.choice import OrganizationOption, opened_books
from erpdesk.cli.output import print_json
from erpdesk.cli.vouchers import Reference, group, print_result

if TYPE_CHECKING:
    from erpdesk.services.approvals import ApprovalService

Comment = Annotated[str, typer.Option("--comment", metavar="TEXT", help="Why; kept with the decision.")]


def add_to(app: typer.Typer) -> None:
    """The commands of this module are those of `voucher`, which is there already."""


@group.command()
def submit(context: typer.Context, reference: Reference, org: OrganizationOption, comment: Comment = "") -> int:
    """Ask for approval of a saved voucher; one JSON result."""
    with opened_books(context, org, to_write=True) as books:
        return print_result(books.approvals.submit(reference, comment=comment))


@group.command()
def approve(context: typer.Context, reference: Reference, org: OrganizationOption, comment: Comment = "") -> int:
    """Approve a voucher that waits for you; the last approval posts where the type says so."""
    return _changed(context, org, "approve", reference, comment)


@group.command()
def reject(context: typer.Context, reference: Reference, org: OrganizationOption, comment: Comment = "") -> int:
    """Reject a voucher that waits for you; it goes back to its maker."""
    return _changed(context, org, "reject", reference, comment)


@group.command()
def withdraw(context: typer.Context, reference: Reference, org: OrganizationOption, comment: Comment = "") -> int:
    """Make a waiting, approved or rejected voucher a draft again."""
    return _changed(context, org, "withdraw", reference, comment)


@group.command()
def cancel(context: typer.Context, reference: Reference, org: OrganizationOption, comment: Comment = "") -> int:
    """Cancel a draft or a rejected voucher; a posted one is reversed instead."""
    return _changed(context, org, "cancel", reference, comment)


@group.command()
def inbox(
    context: typer.Context,
    org: OrganizationOption,
    everything: Annotated[bool, typer.Option("--all", help="Also what waits for others.")] = False,
) -> None:
    """List what waits for your approval, one JSON row each, the oldest first."""
    with opened_books(context, org) as books:
        for waiting in books.approvals.inbox(everything=everything):
            print_json(waiting.as_json())


def _changed(context: typer.Context, org: str, change: str, reference: str, comment: str) -> int:
    with opened_books(context, org, to_write=True) as books:
        service: ApprovalService = books.approvals
        changes = {
            "approve": service.approve,
            "reject": service.reject,
            "withdraw": service.withdraw,
            "cancel": service.cancel,
        }
        return print_result(changes[change](reference, comment))
