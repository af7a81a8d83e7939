"""Limits hold for whoever enters, posts, approves or reverses; a draft that isn't wanted is cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.office import Office, open_office
from helpers.trading import Trade, accepted, goods, journal

ANYBODY = {"level": 1, "role": "approver"}


@pytest.fixture
def office(shop: Trade) -> Office:
    return open_office(shop, {"clerk": "clerk", "approver": "approver", "accountant": "accountant"})


def test_nobody_enters_posts_or_reverses_above_his_limit(office: Office) -> None:
    office.limit("clerk", enter_limit=500, post_limit=100)
    office.limit("accountant", "JOURNAL", post_limit=50)
    clerk = office.books["clerk"].vouchers
    assert office.refused(clerk.save(journal("500.01"))) == ("forbidden", "SEC-002")
    assert accepted(clerk.save(journal("500"))).status == "DRAFT"
    assert office.refused(clerk.post(journal("100.01"))) == ("forbidden", "SEC-002")
    posted = office.post("clerk", journal("100"))
    reverse = office.books["accountant"].vouchers.reverse
    assert office.refused(reverse(str(posted.voucher_number), "2026-04-20", "a slip")) == (
        "forbidden",
        "SEC-002",
    )
    assert office.refused(office.books["accountant"].vouchers.post(journal("51"))) == ("forbidden", "SEC-002")
    accepted(office.shop.books.vouchers.reverse(str(posted.voucher_number), "2026-04-20", "a slip"))


def test_nobody_cancels_what_is_above_his_limit_to_enter(office: Office) -> None:
    draft = accepted(office.books["accountant"].vouchers.save(journal("500")))
    office.limit("clerk", enter_limit=499)
    clerk = office.books["clerk"].approvals
    assert office.refused(clerk.cancel(draft.voucher_id, "not mine")) == ("forbidden", "SEC-002")
    office.limit("accountant", enter_limit=500)
    accepted(office.books["accountant"].approvals.cancel(draft.voucher_id, "mine"))


def test_a_limit_for_one_type_is_no_limit_for_another(office: Office) -> None:
    office.limit("clerk", "CASH_PAYMENT", post_limit=1)
    assert office.post("clerk", journal("100")).status == "POSTED"


def test_who_may_not_post_so_much_may_submit_it_and_the_approver_has_a_limit_too(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY, auto_post=True)
    office.limit("clerk", post_limit=10)
    office.limit("approver", approve_limit=100)
    large, small = office.post("clerk", journal("100.01")), office.post("clerk", journal("100"))
    approvals = office.books["approver"].approvals
    assert office.refused(approvals.approve(large.voucher_id)) == ("forbidden", "APR-004")
    assert [(one.voucher_id, one.bar) for one in approvals.inbox(everything=True)] == [
        (large.voucher_id, "APR-004"),
        (small.voucher_id, ""),
    ]
    assert office.approve("approver", small).status == "POSTED"
    assert accepted(approvals.reject(large.voucher_id)).status == "REJECTED"


def test_the_day_may_not_lie_further_back_than_the_users_limit(office: Office) -> None:
    posted = office.post("clerk", journal("100"))
    office.limit("accountant", back_date_days=3)
    assert office.refused(office.books["accountant"].vouchers.post(journal("1")))[1] == "PRD-006"
    assert (
        office.refused(
            office.books["accountant"].vouchers.reverse(str(posted.voucher_number), "2026-04-20", "a slip")
        )[1]
        == "PRD-006"
    )


@pytest.mark.parametrize("status", ["DRAFT", "REJECTED"])
def test_a_draft_or_a_rejected_voucher_is_cancelled_for_good(office: Office, status: str) -> None:
    office.matrix("JOURNAL", ANYBODY)
    voucher = accepted(office.books["clerk"].vouchers.save(journal(idempotency_key="k-1")))
    clerk = office.books["clerk"]
    if status == "REJECTED":
        accepted(clerk.approvals.submit(voucher.voucher_id))
        accepted(office.books["approver"].approvals.reject(voucher.voucher_id))
    cancelled = accepted(clerk.approvals.cancel(voucher.voucher_id, "not wanted"))
    assert (cancelled.status, cancelled.voucher_number) == ("CANCELLED", None)
    for again in (
        clerk.approvals.cancel(voucher.voucher_id),
        clerk.vouchers.post(voucher.voucher_id),
        clerk.approvals.withdraw(voucher.voucher_id),
        clerk.vouchers.post(journal(idempotency_key="k-1")),
        clerk.vouchers.save(journal("2"), voucher_id=voucher.voucher_id, row_version=cancelled.row_version),
    ):
        assert office.refused(again) == ("conflict", "VCH-006")
    assert office.status(voucher) == "CANCELLED"
    assert office.shop.one("SELECT reason FROM erpdesk.voucher") == "not wanted"


def test_what_is_on_its_way_is_not_cancelled(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY)
    clerk = office.books["clerk"].approvals
    voucher = office.post("clerk", journal())
    assert office.refused(clerk.cancel(voucher.voucher_id)) == ("conflict", "VCH-006")
    office.approve("approver", voucher)
    assert office.refused(clerk.cancel(voucher.voucher_id)) == ("conflict", "VCH-006")
    office.post("clerk", voucher.voucher_id)
    assert office.refused(clerk.cancel(voucher.voucher_id)) == ("conflict", "VCH-001")


def test_a_cancelled_number_typed_by_hand_is_free_again(office: Office) -> None:
    office.shop.configure("JOURNAL", numbering_method="manual")
    clerk = office.books["clerk"]
    draft = accepted(clerk.vouchers.save(journal(voucher_number="A-1")))
    accepted(clerk.approvals.cancel(draft.voucher_id))
    assert office.post("clerk", journal(voucher_number="A-1")).voucher_number == "A-1"


def test_no_automatic_number_is_lost_by_cancelling(office: Office) -> None:
    clerk = office.books["clerk"]
    for _ in range(2):
        accepted(clerk.approvals.cancel(accepted(clerk.vouchers.save(journal())).voucher_id))
    assert office.post("clerk", journal()).voucher_number == "JV/26-27/000001"


def test_an_order_keeps_goods_from_its_posting_until_it_is_reversed(office: Office) -> None:
    office.shop.buy("TEA", "10", "5")
    office.shop.configure("SALES_ORDER", is_active=True)
    order: dict[str, Any] = {
        "type": "SALES_ORDER",
        "date": "2026-04-10",
        "party": "C001",
        "warehouse": "MAIN",
        "lines": [goods("TEA", "8", "15")],
    }
    reserved = "SELECT reserved_quantity FROM erpdesk.stock_balance"
    draft = accepted(office.books["clerk"].vouchers.save(order))
    assert office.shop.one(reserved) == "0"
    accepted(office.books["clerk"].approvals.cancel(draft.voucher_id))
    posted = office.post("clerk", order)
    assert office.shop.one(reserved) == "8"
    accepted(
        office.books["accountant"].vouchers.reverse(str(posted.voucher_number), "2026-04-20", "not wanted")
    )
    assert office.shop.one(reserved) == "0"


def test_cancelling_needs_the_right(office: Office) -> None:
    voucher = accepted(office.books["clerk"].vouchers.save(journal()))
    office.grant("clerk", "permissions", ["voucher.enter", "voucher.post"])
    assert office.refused(office.books["clerk"].approvals.cancel(voucher.voucher_id)) == (
        "forbidden",
        "SEC-001",
    )
