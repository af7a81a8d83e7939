"""A document of another system is one voucher, whichever way and however often it comes; a reversal opens it again."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from erpdesk.domain.results import Ok, Refused
from helpers.trading import PLAIN, Trade, goods, purchase

Document = dict[str, Any]


def invoice(**more: Any) -> Document:
    """A purchase that the web shop calls its invoice 77."""
    return {**purchase([goods("TEA", "2", "5")], **PLAIN), "source_type": "shop", "source_id": "77", **more}


def count(shop: Trade) -> int:
    found: int = shop.one("SELECT count(*) FROM erpdesk.voucher")
    return found


@pytest.mark.parametrize("again", ["import", "post_invoice", "post", "another key"])
@pytest.mark.parametrize("first", ["import", "post_invoice"])
def test_sent_again_it_is_the_first_voucher(shop: Trade, first: str, again: str) -> None:
    vouchers = shop.books.vouchers
    doors = {
        "import": lambda: vouchers.import_one(invoice(idempotency_key="file:a:1"), post=True),
        "post_invoice": lambda: vouchers.post_invoice(invoice(source_id=" 77 ")),
        "post": lambda: vouchers.post(invoice()),
        "another key": lambda: vouchers.import_one(invoice(idempotency_key="file:b:7"), post=True)}
    made, answer = doors[first](), doors[again]()
    assert isinstance(made, Ok)
    assert isinstance(answer, Ok), answer
    assert answer.value.replayed
    for name in ("voucher_id", "voucher_number", "total", "cost", "status", "row_version"):
        assert getattr(answer.value, name) == getattr(made.value, name), name
    assert count(shop) == 1
    assert shop.log()[-1] == ("replayed", None)


@pytest.mark.parametrize("changed", [{"ref_no": "R2"}, {"lines": [goods("TEA", "2", "6")]}, {"type": "SALES_INVOICE",
                                                                                              "party": "C001"}])
@pytest.mark.parametrize("post", [True, False])
def test_with_another_content_it_is_a_conflict_that_names_both(shop: Trade, changed: Document, post: bool) -> None:
    number = shop.post(invoice()).voucher_number
    refused = shop.books.vouchers.import_one(invoice(**changed), post=post)
    assert isinstance(refused, Refused)
    assert (refused.kind, refused.first.code, refused.first.field) == ("conflict", "VCH-015", "source_id")
    assert refused.first.message == f"shop 77 was posted before as {number}, with another content"
    assert refused.first.details["voucher_number"] == number
    assert count(shop) == 1


def test_it_stays_the_first_voucher_whatever_was_locked_since(shop: Trade) -> None:
    made = shop.post(invoice())
    shop.books.periods.set_state(["2026-04"], "locked")
    answer = shop.books.vouchers.import_one(invoice(), post=True)
    assert isinstance(answer, Ok), answer
    assert (answer.value.voucher_id, answer.value.replayed) == (made.voucher_id, True)


def test_a_draft_of_it_is_the_one_that_is_posted(shop: Trade) -> None:
    draft = shop.save(invoice(idempotency_key="one"))
    again = shop.save(invoice(idempotency_key="two"))
    assert (again.voucher_id, again.replayed) == (draft.voucher_id, True)
    posted = shop.post(invoice(idempotency_key="two"))
    assert (posted.voucher_id, posted.status, posted.replayed) == (draft.voucher_id, "POSTED", False)
    assert shop.one("SELECT document ->> 'idempotency_key' FROM erpdesk.voucher") == "one"
    assert count(shop) == 1


def test_a_draft_of_it_with_another_content_is_named_by_its_source(shop: Trade) -> None:
    shop.save(invoice())
    refused = shop.refuse(invoice(ref_no="R2"))
    assert (refused.kind, refused.first.code) == ("conflict", "VCH-015")
    assert refused.first.message == "shop 77 is a draft already, with another content"


def test_its_draft_is_edited_and_posted_as_any(shop: Trade) -> None:
    draft = shop.save(invoice())
    edited = shop.save(invoice(ref_no="R2", source_id="78"), voucher_id=draft.voucher_id, row_version=1)
    assert shop.rows("SELECT source_type, source_id FROM erpdesk.voucher") == [("shop", "78")]
    assert shop.post(edited.voucher_id).voucher_id == draft.voucher_id


def test_what_replaces_it_may_stand_for_it(shop: Trade) -> None:
    shop.post(invoice(idempotency_key="wrong"))
    right = invoice(lines=[goods("TEA", "2", "6")], replaces="key:wrong", idempotency_key="right")
    posted, again = shop.post(right), shop.post({**right, "idempotency_key": "again"})
    assert (posted.replayed, again.replayed, again.voucher_id) == (False, True, posted.voucher_id)


@pytest.mark.parametrize(("said", "missing"), [("source_type", "source_id"), ("source_id", "source_type")])
def test_half_a_source_is_a_fault_of_the_field_that_is_missing(shop: Trade, said: str, missing: str) -> None:
    refused = shop.refuse(purchase([goods("TEA", "2", "5")], **PLAIN, **{said: "x"}))
    assert (refused.kind, refused.first.code, refused.first.field) == ("invalid", "VCH-004", missing)
    assert missing in {fault.field for fault in shop.books.vouchers.preview(
        purchase([goods("TEA", "2", "5")], **PLAIN, **{said: "x", missing: " "})).faults}


def test_two_that_come_at_once_are_one_voucher(shop: Trade) -> None:
    """Both have looked before either has written; the second waits for the first in the database."""
    answers: dict[str, Any] = {}

    def send(name: str, document: Document) -> None:
        answers[name] = shop.reopen().vouchers.post(document)

    with shop.admin() as holder:
        with holder.transaction():
            holder.execute("LOCK TABLE erpdesk.voucher_line IN EXCLUSIVE MODE")
            threads = [threading.Thread(target=send, args=(str(one), invoice(idempotency_key=f"k{one}")))
                       for one in range(2)]
            threads.append(threading.Thread(target=send, args=("other", invoice(ref_no="R2"))))
            for thread in threads:
                thread.start()
            shop.database.until_somebody_waits(3)
        for thread in threads:
            thread.join()
    assert count(shop) == 1
    if isinstance(answers["other"], Ok):  # it was first
        assert {answers[one].first.code for one in "01"} == {"VCH-015"}
        return
    assert (answers["other"].kind, answers["other"].first.code) == ("conflict", "VCH-015")
    assert "PI/" in answers["other"].first.message
    assert sorted(answers[one].value.replayed for one in "01") == [False, True]
    assert answers["0"].value.voucher_id == answers["1"].value.voucher_id


def test_a_rehearsal_knows_its_draft(shop: Trade) -> None:
    shop.save(invoice())
    rehearsal = shop.books.vouchers.rehearsal()
    assert isinstance(rehearsal.rehearse(invoice(idempotency_key="a")), Ok)


def test_a_rehearsal_says_so_too(shop: Trade) -> None:
    shop.post(invoice(source_id="1"))
    rehearsal = shop.books.vouchers.rehearsal()
    told = []
    for document in (invoice(source_id="1"), invoice(source_id="1", ref_no="R2"), invoice(idempotency_key="a"),
                     invoice(idempotency_key="b"), invoice(idempotency_key="c", ref_no="R2"),
                     {"type": "REVERSAL", "of": "key:a", "date": "2026-04-05", "reason": "x"},
                     invoice(idempotency_key="d", ref_no="R2")):
        result = rehearsal.rehearse(document)
        told.append((result.kind, result.value.replayed if isinstance(result, Ok) else result.first.code))
    assert told == [("ok", True), ("conflict", "VCH-015"), ("ok", False), ("ok", True), ("conflict", "VCH-015"),
                    ("ok", False), ("ok", False)]
