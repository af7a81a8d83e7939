"""A number typed by hand belongs to one voucher of its type and year, draft or posted, unless it is cancelled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from erpdesk.domain.results import Ok, Refused
from helpers.posting_desks import run_desks
from helpers.trading import Trade, accepted, journal


@pytest.fixture
def shop(shop: Trade) -> Trade:
    """SHOP with journals numbered by hand."""
    shop.configure("JOURNAL", numbering_method="manual")
    return shop


def cancel(shop: Trade, voucher_id: str) -> None:
    """What cancelling does to a draft."""
    with shop.admin() as connection, connection.transaction():
        connection.execute(
            "INSERT INTO erpdesk.audit_entry (organization_id, id, sequence, action, object_type, object_id, after)"
            " SELECT organization_id, gen_random_uuid(), nextval('erpdesk.audit_sequence'), 'cancelled', 'voucher',"
            " id::text, '{\"status\": \"CANCELLED\"}' FROM erpdesk.voucher WHERE id = %s", (voucher_id,))
        connection.execute("UPDATE erpdesk.voucher SET status = 'CANCELLED' WHERE id = %s", (voucher_id,))


def refused(result: Ok[Any] | Refused) -> tuple[str, str, str]:
    assert isinstance(result, Refused), result
    return result.kind, result.first.code, result.first.field


TAKEN = ("invalid", "NUM-001", "voucher_number")


def test_a_draft_holds_its_number_against_drafts_and_posts(shop: Trade) -> None:
    shop.save(journal(voucher_number="A-7"))
    assert refused(shop.draft(journal("2", voucher_number=" a-7 "))) == TAKEN
    assert refused(shop.books.vouchers.post(journal("3", voucher_number="A-7"))) == TAKEN


def test_the_refusal_names_who_has_the_number(shop: Trade) -> None:
    posted = shop.post(journal(voucher_number="A-7"))
    fault = shop.refuse(journal("2", voucher_number="a-7", date="2026-05-01")).first
    assert fault.message.startswith("Number a-7 belongs to another Journal, of 2026-04-02, posted by ")
    assert fault.details["voucher_id"] == posted.voucher_id


def test_a_draft_that_takes_another_number_lets_the_first_go(shop: Trade) -> None:
    draft = shop.save(journal(voucher_number="A-7"))
    shop.save(journal(voucher_number="A-8"), voucher_id=draft.voucher_id, row_version=draft.row_version)
    assert shop.post(journal("2", voucher_number="A-7")).voucher_number == "A-7"
    assert shop.rows("SELECT number_key FROM erpdesk.number_claim ORDER BY 1") == [("a-7",), ("a-8",)]


def test_a_draft_posts_with_the_number_it_holds(shop: Trade) -> None:
    shop.save(journal(voucher_number="A-7", idempotency_key="d"))
    assert accepted(shop.books.vouchers.post("key:d")).voucher_number == "A-7"


def test_a_cancelled_draft_lets_its_number_go(shop: Trade) -> None:
    draft = shop.save(journal(voucher_number="A-7"))
    cancel(shop, draft.voucher_id)
    assert shop.post(journal(voucher_number="A-7")).voucher_number == "A-7"


def test_duplicates_are_taken_where_the_type_allows_them(shop: Trade) -> None:
    shop.configure("JOURNAL", prevent_duplicate_voucher_no=False)
    assert [shop.post(journal(amount, voucher_number="A-7")).voucher_number for amount in ("1", "2")] == ["A-7", "A-7"]
    shop.configure("JOURNAL", prevent_duplicate_voucher_no=True)
    assert refused(shop.books.vouchers.post(journal("3", voucher_number="A-7"))) == TAKEN


@pytest.mark.parametrize("first_ends", ["commits", "rolls back"])
def test_a_desk_waits_for_another_that_is_taking_the_number(shop: Trade, first_ends: str) -> None:
    other = shop.save(journal(voucher_number="A-1"))
    with shop.admin() as holder, ThreadPoolExecutor() as threads:
        holder.execute("BEGIN")
        holder.execute("UPDATE erpdesk.number_claim SET number_key = 'a-7' WHERE voucher_id = %s", (other.voucher_id,))
        saving = threads.submit(shop.draft, journal("3", voucher_number="A-7"))
        shop.database.until_somebody_waits(unless=saving.done)
        holder.execute("COMMIT" if first_ends == "commits" else "ROLLBACK")
        result = saving.result()
    assert (refused(result) == TAKEN) if first_ends == "commits" else isinstance(result, Ok)


def test_of_eight_desks_that_type_the_same_number_one_posts(shop: Trade) -> None:
    work = [[journal(str(desk + 1), voucher_number=f"A-{number}", idempotency_key=f"{desk}-{number}")
             for number in range(5)] for desk in range(8)]
    outcomes = [outcome for desk in run_desks(shop.database.url(), work) for outcome in desk]
    assert sorted(str(outcome.number) for outcome in outcomes if outcome.kind == "ok") == [f"A-{n}" for n in range(5)]
    assert {(outcome.kind, outcome.code) for outcome in outcomes if outcome.kind != "ok"} == {("invalid", "NUM-001")}


def test_a_reversal_takes_the_number_typed_for_it_or_that_of_its_voucher_with_an_r(shop: Trade) -> None:
    for number in ("A-1", "A-2", "A-3", "A-3-R"):
        shop.post(journal(voucher_number=number))
    reverse = shop.books.vouchers.reverse
    assert accepted(reverse("A-1", "2026-04-03", "a slip")).voucher_number == "A-1-R"
    assert accepted(reverse("A-2", "2026-04-03", "a slip", number=" B-2 ")).voucher_number == "B-2"
    assert refused(reverse("A-3", "2026-04-03", "a slip")) == TAKEN
    assert refused(reverse("A-3", "2026-04-03", "a slip", number="b-2")) == TAKEN
    assert accepted(reverse("A-3", "2026-04-03", "a slip", number="B-3")).voucher_number == "B-3"


def test_a_reversed_voucher_keeps_its_number(shop: Trade) -> None:
    shop.post(journal(voucher_number="A-1"))
    accepted(shop.books.vouchers.reverse("A-1", "2026-04-03", "a slip"))
    assert refused(shop.books.vouchers.post(journal(voucher_number="A-1"))) == TAKEN


def test_a_typed_number_is_as_short_as_the_law_says(shop: Trade) -> None:
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.organization SET country = 'IN'")
    too_long = shop.books.vouchers.post(journal(voucher_number="A" * 17))
    assert refused(too_long) == ("invalid", "NUM-003", "voucher_number")
    assert shop.post(journal(voucher_number="A" * 16)).voucher_number == "A" * 16
