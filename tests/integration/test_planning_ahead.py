"""Plain vouchers are planned before anything is locked and posted in one call; what changed meanwhile is never missed.

Each of these tests lets another desk act between the reading and the call, as the luck of the moment may have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest

from erpdesk.domain.results import Refused
from erpdesk.storage.posting_calls import PostingCalls
from helpers.posting_desks import run_desks
from helpers.stored_units import below_zero, stored
from helpers.trading import PLAIN, Trade, accepted, goods, journal, purchase, sale, transfer

pytestmark = pytest.mark.usefixtures("books_replan")

PLAIN_SALE = sale([goods("TEA", "4", "9"), goods("OIL", "2", "9")], idempotency_key="k", **PLAIN)
TOO_MUCH = sale([goods("TEA", "99", "9")], **PLAIN)
AHEAD, AGAIN = ["resolve", "state", "post"], ["resolve", "state", "post", "open", "apply"]
CALLS = ("resolve", "state", "post", "open", "apply")


@contextmanager
def watched(meanwhile: Callable[[], Any] | None = None, after: str = "state") -> Iterator[list[str]]:
    """The calls of every post in the block; `meanwhile` happens once, after what a plan made ahead is made of was
    read, or after another call."""
    made: list[str] = []
    acts = [meanwhile] if meanwhile else []

    def watch(name: str) -> Callable[..., Any]:
        call = getattr(PostingCalls, name)

        def called(self: PostingCalls, *args: Any) -> Any:
            made.append(name)
            answer = call(self, *args)
            if name == after and acts:
                before = len(made)
                acts.pop()()
                del made[before:]
            return answer

        return called

    with patch.multiple(PostingCalls, **{name: watch(name) for name in CALLS}):
        yield made


@pytest.fixture
def stocked(shop: Trade) -> Trade:
    """Two layers of TEA, 5 at 5.00 and 5 at 6.00; 10 of OIL at 7.00; the blueprint of sales has been read."""
    shop.buy("TEA", "5", "5")
    shop.buy("TEA", "5", "6")
    shop.buy("OIL", "10", "7")
    shop.refuse(TOO_MUCH)
    return shop


def test_the_first_post_of_a_type_reads_its_blueprint_and_takes_no_more_than_others(shop: Trade) -> None:
    shop.buy("TEA", "5", "5")
    with watched() as made:
        posted = shop.sell("TEA", "1")
    assert (made, posted.round_trips) == (["resolve", "open", "apply"], 4)


def steps(trade: Trade) -> list[str]:
    """What the log of PLAIN_SALE timed, in the order of time."""
    timings: dict[str, str] = trade.one("SELECT timings FROM erpdesk.posting_log WHERE idempotency_key = 'k'")
    assert all(Decimal(at) >= 0 for at in timings.values())
    return sorted(timings, key=lambda step: Decimal(timings[step]))


def test_a_plain_sale_is_posted_in_one_call(stocked: Trade) -> None:
    with watched() as made:
        posted = stocked.post(PLAIN_SALE)
    assert (made, posted.round_trips, posted.cost) == (AHEAD, 3, "34.00")
    assert steps(stocked) == ["resolve", "read", "plan", "open", "apply"]
    [(took, until)] = stocked.rows(
        "SELECT elapsed_ms, timings ->> 'apply' FROM erpdesk.posting_log WHERE idempotency_key = 'k'")
    assert Decimal(took) == Decimal(until) > 0


def test_a_voucher_that_hangs_on_nothing_reads_nothing(shop: Trade) -> None:
    shop.post(journal())
    with watched() as made:
        posted = shop.post(journal())
    assert (made, posted.round_trips) == (["resolve", "post"], 2)


@pytest.mark.parametrize("document", [
    sale([goods("PILL", "1", "9")], **PLAIN),
    purchase([goods("TEA", "1", "5")], warehouse="SHOP", **PLAIN),
    sale([goods("TEA", "1", "9")], date="2026-04-01", **PLAIN),
    transfer([goods("TEA", "1")]),
    TOO_MUCH,
], ids=["batches", "a new place", "moved on a later day", "to a new place", "too much"])
def test_what_is_not_plain_is_planned_under_locks(stocked: Trade, document: dict[str, Any]) -> None:
    stocked.buy("PILL", "5", "5", batch="B1")
    with watched() as made:
        stocked.books.vouchers.post(document)
    assert "post" not in made
    assert "open" in made


def test_a_layer_taken_meanwhile_is_not_taken_twice(stocked: Trade) -> None:
    other = stocked.reopen()
    with watched(lambda: accepted(other.vouchers.post(sale([goods("TEA", "3", "9")], **PLAIN)))) as made:
        posted = stocked.post(PLAIN_SALE)
    assert made == AGAIN
    assert posted.round_trips == 5
    assert posted.cost == "36.00"  # two of the first layer, two of the second, two of OIL
    assert steps(stocked) == ["resolve", "read", "overtaken", "open", "plan", "apply"]
    assert stocked.layers("TEA") == [(None, "3", "18")]


def test_a_layer_with_enough_left_is_shared_without_planning_again(stocked: Trade) -> None:
    other = stocked.reopen()
    with watched(lambda: accepted(other.vouchers.post(sale([goods("TEA", "1", "9")], **PLAIN)))) as made:
        assert stocked.post(PLAIN_SALE).cost == "34.00"
    assert made == AHEAD


def test_a_pool_whose_average_changed_meanwhile_is_valued_anew(stocked: Trade) -> None:
    other = stocked.reopen()
    with watched(lambda: accepted(other.vouchers.post(purchase([goods("OIL", "10", "9")], **PLAIN)))) as made:
        posted = stocked.post(PLAIN_SALE)
    assert (made, posted.cost) == (AGAIN, "36.00")


def test_what_is_gone_meanwhile_is_refused(stocked: Trade) -> None:
    other = stocked.reopen()
    before = stocked.one("SELECT count(*) FROM erpdesk.voucher")
    with watched(lambda: accepted(other.vouchers.post(sale([goods("TEA", "8", "9")], **PLAIN)))):
        refused = stocked.refuse(PLAIN_SALE)
    assert refused.first.code == "INV-001"
    assert refused.first.details["available"] == "2"
    assert stocked.one("SELECT count(*) FROM erpdesk.voucher") == before + 1


def test_what_is_reserved_meanwhile_is_not_sold(stocked: Trade) -> None:
    stocked.configure("SALES_ORDER", is_active=True)
    order = {"type": "SALES_ORDER", "date": "2026-04-06", "party": "C002", "warehouse": "MAIN",
             "lines": [goods("TEA", "8", "9")]}
    other = stocked.reopen()
    with watched(lambda: accepted(other.vouchers.post(order))) as made:
        refused = stocked.refuse(PLAIN_SALE)
    assert made == [*AGAIN[:-1]]
    assert refused.first.code == "INV-001"
    assert refused.first.details["available"] == "2"


def test_what_a_later_day_takes_meanwhile_is_not_sold(stocked: Trade) -> None:
    """Enough lies there now, at the same average; but on a later day there would have been too little."""
    other = stocked.reopen()

    def later() -> None:
        accepted(other.vouchers.post(sale([goods("OIL", "8", "9")], date="2026-05-20", **PLAIN)))
        accepted(other.vouchers.post(purchase([goods("OIL", "10", "7")], date="2026-05-25", **PLAIN)))

    with watched(later) as made:
        refused = stocked.refuse(sale([goods("OIL", "4", "9")], **PLAIN))
    assert made == [*AGAIN[:-1]]
    assert (refused.first.code, refused.first.details["available"]) == ("INV-001", "2")


@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_goods_that_go_below_zero_meanwhile_are_made_good(stocked: Trade, item: str) -> None:
    below_zero(stocked, item)
    other = stocked.reopen()
    document = purchase([goods(item, "5", "8")], **PLAIN)
    stocked.post(purchase([goods(item, "1", "8")], date=document["date"], **PLAIN))  # the blueprint has been read
    with watched(lambda: accepted(other.vouchers.post(
            sale([goods(item, "13", "9")], date=document["date"], **PLAIN)))) as made:
        stocked.post(document)
    assert made == AGAIN
    assert stocked.stock(item)[0] == "3"
    assert stocked.one("SELECT sum(quantity_left) FROM erpdesk.stock_deficit") == "0"


@pytest.mark.parametrize("how", ["block", "warn"])
def test_a_limit_used_up_meanwhile_is_told(stocked: Trade, how: str) -> None:
    stocked.books.configuration.import_document({"voucher_types": [{"code": "SALES_INVOICE", "credit_check": how}]})
    assert all(one.ok for one in stocked.books.masters.import_masters(
        {"parties": [{"code": "C001", "kind": "customer", "credit_limit": "100"}]}))
    stocked.refuse(TOO_MUCH)  # reads the blueprint as it is now
    other = stocked.reopen()
    with watched(lambda: accepted(other.vouchers.post(sale([goods("REPAIR", "1", "90")], **PLAIN)))) as made:
        result = stocked.books.vouchers.post(PLAIN_SALE)
    told = result.faults if isinstance(result, Refused) else result.warnings
    assert [(fault.code, fault.details["exposure"]) for fault in told] == [("VCH-040", "144.00")]
    assert made == (AGAIN[:-1] if how == "block" else AGAIN)


def test_a_key_used_meanwhile_answers_with_its_voucher(stocked: Trade) -> None:
    other = stocked.reopen()
    with watched(lambda: accepted(other.vouchers.post(PLAIN_SALE))):
        again = stocked.post(PLAIN_SALE)
    assert again.replayed
    assert stocked.one("SELECT count(*) FROM erpdesk.voucher v JOIN erpdesk.journal j ON j.voucher_id = v.id"
                       " WHERE v.idempotency_key = 'k'") == 1


def test_a_key_used_meanwhile_for_something_else_is_refused(stocked: Trade) -> None:
    other = stocked.reopen()
    with watched(lambda: accepted(other.vouchers.post(journal(idempotency_key="k")))):
        assert stocked.refuse(PLAIN_SALE).first.code == "VCH-015"


def test_a_type_that_wants_approval_meanwhile_is_not_posted_without(stocked: Trade) -> None:
    def approve() -> None:
        stocked.reopen().configuration.import_document(
            {"voucher_types": [{"code": "SALES_INVOICE", "requires_approval": True}]})

    with watched(approve) as made:
        waiting = stocked.post(PLAIN_SALE)
    assert (made, waiting.status, waiting.voucher_number) == (AGAIN[:-1], "PENDING_APPROVAL", None)


def test_a_type_changed_meanwhile_is_not_posted_by_its_old_rules(stocked: Trade) -> None:
    with watched(lambda: stocked.reopen().configuration.import_document(
            {"voucher_types": [{"code": "SALES_INVOICE", "label": "Bill of sale"}]})) as made:
        refused = stocked.refuse(PLAIN_SALE)
    assert (made, refused.first.code) == (AGAIN[:-1], "VCH-014")
    assert stocked.one("SELECT count(*) FROM erpdesk.voucher WHERE idempotency_key = 'k'") == 0


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"expires": "2027-02-01"}, "Batch N1 of PILL expires on 2027-01-01, not on 2027-02-01"),
        ({"manufactured": "2026-01-02"}, "Batch N1 of PILL was manufactured on 2026-01-01, not on 2026-01-02"),
        ({"manufactured": "2026-01-01"}, ""),
    ],
)
def test_days_of_a_batch_brought_in_meanwhile_are_not_contradicted_unheard(
    shop: Trade, days: dict[str, str], said: str
) -> None:
    stored(shop)
    theirs = {"batch": "N1", "expires": "2027-01-01", "manufactured": "2026-01-01"}
    with watched(lambda: shop.buy("PILL", "1", "5", **theirs), after="resolve"):
        if said:
            [fault] = shop.refuse(purchase([goods("PILL", "2", "5", batch="n1", **days)], **PLAIN)).faults
            assert (fault.code, fault.message) == ("INV-009", said)
        else:
            shop.buy("PILL", "2", "5", batch="n1", **days)
    assert shop.batches("PILL") == {"N1": "1" if said else "3"}


def test_a_draft_changed_meanwhile_is_not_posted_over(stocked: Trade) -> None:
    draft = stocked.save(PLAIN_SALE)
    stored = {"voucher_id": str(draft.voucher_id), "row_version": draft.row_version}
    changed = {**PLAIN_SALE, "narration": "counted again"}
    with watched(lambda: stocked.save(changed, **stored)):
        refused = stocked.refuse(PLAIN_SALE, **stored)
    assert refused.first.code == "VCH-002"
    assert stocked.one("SELECT narration FROM erpdesk.voucher WHERE id = %s", draft.voucher_id) == "counted again"


def test_a_post_refused_ahead_leaves_nothing(stocked: Trade) -> None:
    seen: list[set[str]] = []
    before = stocked.fingerprint()
    opening = PostingCalls.open

    def looked(self: PostingCalls, *args: Any) -> Any:
        seen.append(stocked.changed_since(before))
        return opening(self, *args)

    def close() -> None:
        with stocked.admin() as connection:
            connection.execute("UPDATE erpdesk.accounting_period SET state = 'locked' WHERE starts_on = '2026-04-01'")

    with patch.object(PostingCalls, "open", looked), watched(close):
        refused = stocked.refuse(PLAIN_SALE)
    assert refused.first.code == "PRD-003"
    assert seen == [{"accounting_period", "audit_entry"}]
    assert stocked.changed_since(before) == {"accounting_period", "audit_entry", "posting_log"}


def test_eight_desks_on_plain_stock_are_exact_whatever_was_planned_when(shop: Trade) -> None:
    """Layers of three pieces at prices of their own, so that every desk's plan is often overtaken."""
    for number in range(20):
        for item in ("TEA", "OIL", "ICE"):
            shop.buy(item, "3", f"{3 + number * Decimal('0.37')}")
    work = [[sale([goods(item, "1", "9") for item in (("TEA", "OIL", "ICE") if desk % 2 else ("ICE", "OIL", "TEA"))],
                  party=f"D{desk}", idempotency_key=f"{desk}-{number}", **PLAIN) for number in range(6)]
            for desk in range(8)]
    outcomes = run_desks(shop.database.url(), work)
    assert [outcome for row in outcomes for outcome in row if outcome.kind != "ok"] == []
    taken = sum(Decimal(outcome.cost) for row in outcomes for outcome in row)
    bought = 3 * 3 * sum(round(Decimal(3) + number * Decimal("0.37"), 2) for number in range(20))
    left = sum(Decimal(shop.stock(item)[1]) for item in ("TEA", "OIL", "ICE"))
    assert taken + left == bought
    assert {item: shop.stock(item)[0] for item in ("TEA", "OIL", "ICE")} == dict.fromkeys(("TEA", "OIL", "ICE"), "12")
    assert shop.one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0
    ways = shop.rows("SELECT (timings ->> 'plan')::numeric < (timings ->> 'open')::numeric FROM erpdesk.posting_log"
                     " WHERE status = 'done' AND timings ? 'read' AND idempotency_key ~ '^[0-7]-'")
    assert {ahead for (ahead,) in ways} == {True, False}, "not both ways were gone"


def test_what_the_one_call_refuses_is_told_by_the_way_under_the_locks(stocked: Trade) -> None:
    def deactivate() -> None:
        with stocked.admin() as connection:
            connection.execute("UPDATE erpdesk.item SET is_active = false WHERE code = 'OIL'")

    with watched(deactivate) as made:
        refused = stocked.refuse(PLAIN_SALE)
    assert (made, refused.first.code) == (AGAIN, "INV-002")
    assert [status for status, _ in stocked.log()][-1] == "invalid"
