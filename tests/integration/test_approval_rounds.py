"""Rejected, withdrawn, edited: a voucher comes again as another round, and what was agreed stays provable."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.domain.results import Refused
from helpers.office import Office, open_office
from helpers.trading import Trade, accepted, journal

ANYBODY = {"level": 1, "role": "approver"}


@pytest.fixture
def office(shop: Trade) -> Office:
    return open_office(shop)


def pending(office: Office, amount: str = "100.00", **header: Any) -> Any:
    """A journal that the clerk has submitted."""
    voucher = office.post("clerk", journal(amount, **header))
    assert voucher.status == "PENDING_APPROVAL"
    return voucher


def test_a_rejected_voucher_goes_back_and_comes_again_as_another_round(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY, {"level": 2, "role": "accountant"})
    voucher = pending(office)
    office.approve("approver", voucher)
    rejected = accepted(office.books["accountant"].approvals.reject(voucher.voucher_id, "wrong account"))
    assert rejected.status == "REJECTED"
    clerk = office.books["clerk"]
    result = clerk.vouchers.post(voucher.voucher_id)
    assert office.refused(result) == ("conflict", "APR-003")
    assert isinstance(result, Refused)
    assert result.first.message.endswith("wrong account")
    saved = accepted(
        clerk.vouchers.save(journal("50"), voucher_id=voucher.voucher_id, row_version=rejected.row_version)
    )
    assert (saved.status, office.status(voucher)) == ("DRAFT", "DRAFT")
    assert accepted(clerk.approvals.submit(voucher.voucher_id, comment="now")).waits_for == "role approver"
    assert office.approve("approver", voucher).waits_for == "role accountant"
    assert office.approve("accountant", voucher).status == "APPROVED"
    assert office.shop.rows("SELECT round, level, decision, comment FROM erpdesk.approval ORDER BY 1, 2") == [
        (1, 1, "approved", None),
        (1, 2, "rejected", "wrong account"),
        (2, 1, "approved", None),
        (2, 2, "approved", None),
    ]


def test_an_edit_after_approval_starts_again(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY)
    voucher = pending(office)
    approved = office.approve("approver", voucher)
    clerk = office.books["clerk"].vouchers
    edited = accepted(
        clerk.post(journal("150"), voucher_id=voucher.voucher_id, row_version=approved.row_version)
    )
    assert (edited.status, edited.total) == ("PENDING_APPROVAL", "150.00")
    assert (
        office.shop.one("SELECT approved_by FROM erpdesk.voucher WHERE id = %s", voucher.voucher_id) is None
    )
    assert office.approve("approver", voucher).status == "APPROVED"
    assert office.shop.rows("SELECT round, amount FROM erpdesk.approval_request ORDER BY 1") == [
        (1, "100"),
        (2, "150"),
    ]


def test_saving_an_approved_voucher_unchanged_keeps_it_approved(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY)
    voucher = pending(office)
    approved = office.approve("approver", voucher)
    saved = accepted(
        office.books["clerk"].vouchers.save(
            journal(), voucher_id=voucher.voucher_id, row_version=approved.row_version
        )
    )
    assert (saved.status, saved.row_version) == ("APPROVED", approved.row_version)


def test_a_waiting_voucher_is_edited_only_after_it_is_withdrawn(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY)
    voucher = pending(office)
    clerk = office.books["clerk"]
    edit = {"voucher_id": voucher.voucher_id, "row_version": voucher.row_version}
    assert office.refused(clerk.vouchers.save(journal("9"), **edit)) == ("conflict", "VCH-006")
    back = accepted(clerk.approvals.withdraw(voucher.voucher_id, "a slip"))
    assert back.status == "DRAFT"
    assert (
        accepted(
            clerk.vouchers.save(journal("9"), voucher_id=voucher.voucher_id, row_version=back.row_version)
        ).status
        == "DRAFT"
    )


@pytest.mark.parametrize("status", ["PENDING_APPROVAL", "APPROVED", "REJECTED"])
def test_withdrawing_makes_a_draft(office: Office, status: str) -> None:
    office.matrix("JOURNAL", ANYBODY)
    voucher = pending(office)
    if status != "PENDING_APPROVAL":
        decide = office.books["approver"].approvals
        accepted((decide.approve if status == "APPROVED" else decide.reject)(voucher.voucher_id))
    assert accepted(office.books["clerk"].approvals.withdraw(voucher.voucher_id)).status == "DRAFT"
    assert office.refused(office.books["clerk"].approvals.withdraw(voucher.voucher_id)) == (
        "conflict",
        "VCH-006",
    )


@pytest.mark.parametrize(
    ("before", "by_right"), [("DRAFT", True), ("PENDING_APPROVAL", True), ("DRAFT", False)]
)
def test_the_right_to_post_directly_skips_approval_where_the_type_allows_it(
    office: Office, before: str, by_right: bool
) -> None:
    office.matrix("JOURNAL", ANYBODY, allow_direct_post=by_right)
    voucher = (
        pending(office)
        if before == "PENDING_APPROVAL"
        else accepted(office.books["clerk"].vouchers.save(journal()))
    )
    posted = office.post("accountant", voucher.voucher_id)
    assert posted.status == ("POSTED" if by_right else "PENDING_APPROVAL")
    if by_right:
        assert office.shop.rows(
            "SELECT ground, requested_by FROM erpdesk.approval_request ORDER BY round DESC LIMIT 1"
        ) == [("direct", office.name("accountant"))]


@pytest.mark.parametrize(
    ("forgery", "said"),
    [
        ("DELETE FROM erpdesk.approval_request", "was posted without approval"),
        ("DELETE FROM erpdesk.approval", "without the approval of level 1"),
        ("UPDATE erpdesk.approval_request SET document_hash = 'other'", "is not what was approved"),
        (
            "UPDATE erpdesk.approval SET decided_by = (SELECT created_by FROM erpdesk.voucher)",
            "was approved by its maker",
        ),
        ("UPDATE erpdesk.voucher SET approved_at = NULL, approved_by = NULL", "while it waited for approval"),
    ],
)
def test_verification_finds_what_was_posted_without_consent(office: Office, forgery: str, said: str) -> None:
    office.matrix("JOURNAL", ANYBODY)
    voucher = pending(office)
    office.approve("approver", voucher)
    office.post("clerk", voucher.voucher_id)
    with office.shop.admin() as connection:
        connection.execute("SET session_replication_role = replica")
        with connection.transaction(force_rollback=True):
            connection.execute(forgery.encode())
            from erpdesk.storage.invariant_checks import approvals

            found = [
                row[0]
                for question in approvals.CHECKS[0].questions
                for row in connection.execute(question.encode()).fetchall()
            ]
    assert any(said in line for line in found)
