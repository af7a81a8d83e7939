"""A voucher that needs approval is posted when everybody who has to agree has agreed, and not before."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from erpdesk.domain.results import Ok, Refused
from helpers.office import Office, open_office
from helpers.trading import PLAIN, Trade, accepted, goods, journal, purchase, sale, transfer

ANYBODY = {"level": 1, "role": "approver"}


@pytest.fixture
def office(shop: Trade) -> Office:
    return open_office(shop)


def pending(office: Office, amount: str = "100.00", **header: Any) -> Any:
    """A journal that the clerk has submitted."""
    voucher = office.post("clerk", journal(amount, **header))
    assert voucher.status == "PENDING_APPROVAL"
    return voucher


def test_posting_submits_and_an_approved_voucher_is_posted_by_somebody_who_may(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY)
    voucher = pending(office, idempotency_key="k-1")
    assert (voucher.voucher_number, voucher.waits_for, voucher.replayed) == (None, "role approver", False)
    assert office.shop.balances() == {}
    assert office.approve("approver", voucher, "seen").status == "APPROVED"
    posted = office.post("other", voucher.voucher_id)
    assert (posted.status, posted.replayed, posted.voucher_number) == ("POSTED", False, "JV/26-27/000001")
    assert office.post("clerk", journal(idempotency_key="k-1")).replayed


def test_a_voucher_sent_again_by_its_key_waits_as_before(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY)
    first = pending(office, idempotency_key="k-1")
    before = office.shop.fingerprint()
    again = office.post("clerk", journal(idempotency_key="k-1"))
    assert (again.voucher_id, again.status, again.replayed) == (first.voucher_id, "PENDING_APPROVAL", True)
    assert office.shop.changed_since(before) == set()


def test_a_waiting_voucher_is_not_posted(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY)
    voucher = pending(office)
    before = office.shop.fingerprint()
    assert office.refused(office.books["clerk"].vouchers.post(voucher.voucher_id)) == ("invalid", "APR-001")
    assert office.shop.changed_since(before) == {"posting_log"}


@pytest.mark.parametrize("auto_post", [True, False])
def test_the_last_approval_posts_where_the_type_says_so(office: Office, auto_post: bool) -> None:
    office.matrix("JOURNAL", ANYBODY, {"level": 2, "user": "second"}, auto_post=auto_post)
    voucher = accepted(office.books["clerk"].vouchers.save(journal()))
    assert voucher.status == ("PENDING_APPROVAL" if auto_post else "DRAFT")
    if not auto_post:
        assert (
            accepted(office.books["clerk"].approvals.submit(voucher.voucher_id)).status == "PENDING_APPROVAL"
        )
    first = office.approve("approver", voucher)
    assert (first.status, first.waits_for) == ("PENDING_APPROVAL", office.name("second"))
    last = office.approve("second", voucher)
    assert last.status == ("POSTED" if auto_post else "APPROVED")
    if auto_post:
        poster = office.shop.one("SELECT posted_by FROM erpdesk.voucher WHERE id = %s", last.voucher_id)
        assert poster == office.name("second")


def test_a_post_that_fails_after_the_last_approval_leaves_the_voucher_approved_and_says_why(
    office: Office,
) -> None:
    office.matrix("SALES_INVOICE", ANYBODY, auto_post=True)
    voucher = office.post("clerk", sale([goods("TEA", "3", "15")], **PLAIN))
    approved = office.approve("approver", voucher)
    assert (approved.status, [fault.code for fault in approved.warnings]) == ("APPROVED", ["INV-001"])
    office.shop.buy("TEA", "3", "5")
    assert office.post("clerk", voucher.voucher_id).status == "POSTED"


def test_levels_decide_in_order(office: Office) -> None:
    office.matrix("JOURNAL", {"level": 5, "user": "second"}, {"level": 2, "role": "accountant"})
    voucher = pending(office)
    assert office.refused(office.books["second"].approvals.approve(voucher.voucher_id)) == (
        "forbidden",
        "APR-005",
    )
    assert office.approve("accountant", voucher).status == "PENDING_APPROVAL"
    assert office.refused(office.books["accountant"].approvals.approve(voucher.voucher_id)) == (
        "forbidden",
        "APR-005",
    )
    assert office.approve("second", voucher).status == "APPROVED"


@pytest.mark.parametrize(("amount", "levels"), [("99.99", 0), ("100", 1), ("999.99", 1), ("1000", 2)])
def test_the_amount_says_which_levels_are_needed(office: Office, amount: str, levels: int) -> None:
    office.matrix(
        "JOURNAL",
        {"level": 1, "role": "approver", "minimum_amount": "100"},
        {"level": 2, "role": "accountant", "minimum_amount": "1000"},
    )
    voucher = office.post("clerk", journal(amount))
    assert voucher.status == ("PENDING_APPROVAL" if levels else "POSTED")
    for who in ("approver", "accountant")[:levels]:
        voucher = office.approve(who, voucher)
    assert office.status(voucher) == ("APPROVED" if levels else "POSTED")


def test_of_one_level_the_highest_tier_decides(office: Office) -> None:
    office.matrix(
        "JOURNAL",
        {"level": 1, "role": "approver"},
        {"level": 1, "role": "accountant", "minimum_amount": "500"},
    )
    small, large = pending(office, "100"), pending(office, "500")
    assert (small.waits_for, large.waits_for) == ("role approver", "role accountant")
    assert office.refused(office.books["approver"].approvals.approve(large.voucher_id)) == (
        "forbidden",
        "APR-005",
    )
    assert office.approve("accountant", large).status == "APPROVED"


def test_branch_and_cost_centre_say_which_rows_match(office: Office) -> None:
    with office.shop.admin() as connection:
        connection.execute(
            "INSERT INTO erpdesk.branch (organization_id, id, code, code_key, name)"
            " SELECT id, gen_random_uuid(), 'KTM', 'ktm', 'Town' FROM erpdesk.organization"
        )
    office.matrix(
        "JOURNAL",
        {"level": 1, "role": "approver", "cost_centre": "CC1"},
        {"level": 1, "role": "accountant", "branch": "KTM"},
        cost_centre_mode="optional",
    )
    spent = journal()
    spent["lines"][0]["cost_centre"] = "CC1"
    assert office.post("clerk", journal()).status == "POSTED"
    assert office.post("clerk", spent).waits_for == "role approver"
    split = journal()
    split["lines"][1]["cost_centres"] = [{"cost_centre": "CC1", "amount": "100.00"}]
    assert office.post("clerk", split).waits_for == "role approver"
    assert office.post("clerk", journal(branch="KTM")).waits_for == "role accountant"


def test_a_type_without_a_matrix_is_approved_by_whoever_has_the_right(office: Office) -> None:
    office.matrix("JOURNAL")
    voucher = pending(office)
    assert voucher.waits_for == "anybody with the right to approve"
    assert office.refused(office.books["other"].approvals.approve(voucher.voucher_id)) == (
        "forbidden",
        "SEC-001",
    )
    assert office.approve("accountant", voucher).status == "APPROVED"


@pytest.mark.parametrize(("maker", "allowed"), [("clerk", False), ("approver", False), ("approver", True)])
def test_makers_do_not_approve_their_own_unless_allowed(office: Office, maker: str, allowed: bool) -> None:
    office.matrix("JOURNAL", {**ANYBODY, "maker_may_approve": allowed})
    voucher = office.post(maker, journal())
    result = office.books[maker].approvals.approve(voucher.voucher_id)
    if allowed:
        assert accepted(result).status == "APPROVED"
    else:
        assert office.refused(result)[1] in ("APR-002", "SEC-001")
        assert office.approve("second", voucher).status == "APPROVED"


def test_whoever_changed_or_submitted_it_is_a_maker_too(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY)
    draft = accepted(office.books["clerk"].vouchers.save(journal()))
    changed = accepted(
        office.books["approver"].vouchers.save(journal("70"), voucher_id=draft.voucher_id, row_version=1)
    )
    accepted(
        office.books["clerk"].vouchers.save(
            journal("71"), voucher_id=draft.voucher_id, row_version=changed.row_version
        )
    )
    accepted(office.books["second"].approvals.submit(draft.voucher_id))
    for who in ("approver", "second"):
        assert office.refused(office.books[who].approvals.approve(draft.voucher_id)) == (
            "forbidden",
            "APR-002",
        )


def test_who_may_enter_but_not_post_still_submits(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY)
    office.grant("clerk", "permissions", ["voucher.enter"])
    voucher = pending(office)
    office.approve("approver", voucher)
    assert office.refused(office.books["clerk"].vouchers.post(voucher.voucher_id)) == ("forbidden", "SEC-001")
    assert office.post("other", voucher.voucher_id).status == "POSTED"


def test_a_voucher_that_could_not_be_posted_is_not_submitted(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY)
    wrong = journal()
    wrong["lines"][0]["debit"] = "99"
    assert office.refused(office.books["clerk"].vouchers.post(wrong)) == ("invalid", "GL-001")
    assert office.shop.one("SELECT count(*) FROM erpdesk.voucher") == 0


def test_every_change_is_audited_told_and_failures_are_logged(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY)
    voucher = pending(office)
    office.refused(office.books["other"].approvals.approve(voucher.voucher_id, "me too"))
    office.approve("approver", voucher, "fine")
    assert office.shop.rows(
        "SELECT action, actor, before ->> 'status', after ->> 'status', context -> 'approval' ->> 'comment'"
        " FROM erpdesk.audit_entry WHERE object_type = 'voucher' ORDER BY sequence"
    ) == [
        ("saved", office.name("clerk"), None, "DRAFT", None),
        ("submitted", office.name("clerk"), "DRAFT", "PENDING_APPROVAL", None),
        ("approved", office.name("approver"), "PENDING_APPROVAL", "APPROVED", "fine"),
    ]
    assert office.shop.rows("SELECT event_type FROM erpdesk.integration_event ORDER BY created_at") == [
        ("voucher.approval_requested",),
        ("voucher.approved",),
    ]
    assert office.shop.log() == [("forbidden", "SEC-001")]


@pytest.mark.parametrize("levels", [1, 2])
def test_of_two_approvers_at_once_one_wins_and_the_other_is_told(office: Office, levels: int) -> None:
    office.matrix("JOURNAL", *({"level": level, "role": "approver"} for level in range(1, levels + 1)))
    voucher, start = pending(office), threading.Barrier(2)
    results: list[Any] = []

    def decide(who: str) -> None:
        start.wait()
        results.append(
            office.books[who].approvals.approve(voucher.voucher_id, row_version=voucher.row_version)
        )

    threads = [threading.Thread(target=decide, args=(who,)) for who in ("approver", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(result).__name__ for result in results) == ["Ok", "Refused"]
    [lost] = [result for result in results if isinstance(result, Refused)]
    assert (lost.kind, lost.first.code) == ("conflict", "APR-006" if levels == 1 else "VCH-002")
    assert office.shop.one("SELECT count(*) FROM erpdesk.approval") == 1


def test_an_approval_and_a_withdrawal_at_once_leave_one_outcome(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY)
    voucher, start = pending(office), threading.Barrier(2)
    results: list[Any] = []

    def act(work: Any) -> None:
        start.wait()
        results.append(work(voucher.voucher_id, row_version=voucher.row_version))

    threads = [
        threading.Thread(target=act, args=(work,))
        for work in (office.books["approver"].approvals.approve, office.books["clerk"].approvals.withdraw)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [won] = [result for result in results if isinstance(result, Ok)]
    assert office.status(voucher) == won.value.status


def test_the_inbox_shows_what_waits_for_me_and_the_rest_on_request(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY, {"level": 2, "user": "second"})
    own = office.post("approver", journal("10"))
    voucher = pending(office, narration="rent")
    [mine] = office.books["approver"].approvals.inbox()
    assert (mine.voucher_id, mine.amount, mine.level, mine.levels, mine.narration, mine.requested_by) == (
        voucher.voucher_id,
        "100.00",
        1,
        2,
        "rent",
        office.name("clerk"),
    )
    assert {
        (one.voucher_id, one.bar) for one in office.books["approver"].approvals.inbox(everything=True)
    } == {(voucher.voucher_id, ""), (own.voucher_id, "APR-002")}
    assert office.books["clerk"].approvals.inbox() == ()
    office.approve("approver", voucher)
    assert [one.voucher_id for one in office.books["approver"].approvals.inbox()] == []
    assert {one.voucher_id for one in office.books["second"].approvals.inbox()} == {
        voucher.voucher_id,
        own.voucher_id,
    }


def test_a_changed_matrix_is_for_the_next_request(office: Office) -> None:
    office.matrix("JOURNAL", ANYBODY)
    voucher = pending(office)
    office.matrix("JOURNAL", {"level": 1, "role": "accountant"})
    assert office.approve("approver", voucher).status == "APPROVED"
    assert office.post("clerk", voucher.voucher_id).status == "POSTED"


def test_a_voucher_that_would_be_posted_at_another_amount_than_approved_is_not(office: Office) -> None:
    def priced(rate: str) -> None:
        office.shop.books.masters.import_masters({"price_lists": [
            {"code": "RETAIL", "rates": [{"item": "TEA", "uom": "PCS", "rate": rate}]}]})

    office.shop.buy("TEA", "10", "5")
    priced("9")
    office.matrix("SALES_INVOICE", ANYBODY)
    voucher = office.post("clerk", sale([{"item": "TEA", "quantity": "2"}], price_list="RETAIL"))
    office.approve("approver", voucher)
    priced("12")
    assert office.refused(office.books["clerk"].vouchers.post(voucher.voucher_id)) == ("conflict", "APR-008")
    accepted(office.books["clerk"].approvals.withdraw(voucher.voucher_id))
    assert office.shop.stock("TEA") == ("10", "50")


def test_goods_that_became_dearer_need_the_levels_of_what_they_cost_now(office: Office) -> None:
    office.shop.buy("TEA", "10", "50")
    office.matrix("STOCK_TRANSFER", ANYBODY, {**ANYBODY, "minimum_amount": "450", "level": 2})
    few, many = (office.post("clerk", transfer([goods("TEA", quantity)])) for quantity in ("1", "8"))
    for voucher in (few, many):
        office.approve("approver", voucher)
    accepted(office.shop.books.vouchers.post(sale([goods("TEA", "5", "60")], date="2026-04-05")))
    office.shop.buy("TEA", "10", "70")
    clerk = office.books["clerk"].vouchers
    assert office.refused(clerk.post(many.voucher_id)) == ("conflict", "APR-008")
    assert accepted(clerk.post(few.voucher_id)).cost == "50.00"


def test_a_change_of_the_type_leaves_an_approved_voucher_as_it_was_approved(office: Office) -> None:
    office.matrix("PURCHASE_INVOICE", ANYBODY)
    voucher = office.post("clerk", purchase([goods("TEA", "10", "5")]))
    office.approve("approver", voucher)
    charges = office.shop.books.configuration.document("PURCHASE_INVOICE")["voucher_types"][0]["charges"]
    vat = next(one for one in charges if one["code"] == "VAT")
    office.shop.books.configuration.import_document(
        {"voucher_types": [{"code": "PURCHASE_INVOICE", "charges": [{**vat, "rate": "20"}]}]}
    )
    assert accepted(office.books["clerk"].vouchers.post(voucher.voucher_id)).total == voucher.total == "56.50"


def test_goods_without_a_price_count_at_their_cost(office: Office) -> None:
    office.shop.buy("TEA", "10", "50")
    office.matrix("STOCK_TRANSFER", {**ANYBODY, "minimum_amount": "400"})
    few, many = (
        office.post(
            "clerk",
            {
                "type": "STOCK_TRANSFER",
                "date": "2026-04-10",
                "from_warehouse": "MAIN",
                "to_warehouse": "SHOP",
                "lines": [goods("TEA", quantity)],
            },
        )
        for quantity in "18"
    )
    assert (few.status, many.status) == ("POSTED", "PENDING_APPROVAL")


def test_posting_before_the_matrix_and_after_it_stays_sound(office: Office) -> None:
    office.post("clerk", journal("1"))
    office.matrix("JOURNAL", {**ANYBODY, "minimum_amount": "50"}, allow_direct_post=True)
    office.post("clerk", journal("2"))
    office.post("accountant", journal("200"))
    voucher = pending(office)
    office.approve("approver", voucher)
    office.post("clerk", voucher.voucher_id)
    office.shop.configure("JOURNAL", requires_approval=False)
    office.post("clerk", journal("300"))
    assert office.shop.unsound() == []
