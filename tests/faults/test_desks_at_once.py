"""Desks at the same moment: no deadlock for anybody, no gap, each key once, one winner where only one can win."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from erpdesk.domain.results import Ok, Refused
from helpers.posting_desks import Outcome, run_desks
from helpers.trading import PLAIN, Trade, goods, journal, purchase, sale

ITEMS = ("TEA", "OIL", "ICE", "PILL", "SYRUP")


def deadlocks(shop: Trade) -> int:
    found: int = shop.one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return found


def numbers(shop: Trade) -> list[int]:
    """Running numbers of sales invoices, sorted."""
    return sorted(int(number.rpartition("/")[2]) for (number,) in shop.rows(
        "SELECT voucher_number FROM erpdesk.voucher WHERE voucher_number LIKE 'SI/%%' AND status = 'POSTED'"))


def mixed_sales(desk: int, count: int) -> list[dict[str, Any]]:
    """The hot item and some of the others, in an order of their own."""
    work = []
    for number in range(count):
        chance = random.Random(desk * 1000 + number)
        items = [*chance.sample(ITEMS[1:], chance.randint(1, 4)), "TEA"]
        chance.shuffle(items)
        work.append(sale([goods(item, "1", "9") for item in items], party=f"D{desk % 8}",
                         idempotency_key=f"{desk}-{number}", **PLAIN))
    return work


@pytest.mark.invariant("I4")
@pytest.mark.invariant("I5")
@pytest.mark.long
@pytest.mark.parametrize(("desks", "vouchers_each"), [(8, 150), (16, 75)])
def test_many_processes_share_one_series_and_a_hot_item(shop: Trade, desks: int, vouchers_each: int) -> None:
    there = desks * vouchers_each
    shop.post(purchase([goods(item, str(there), "3.33", **({"batch": "B"} if item in ("PILL", "SYRUP") else {}))
                        for item in ITEMS], **PLAIN))
    work = [mixed_sales(desk, vouchers_each) for desk in range(desks)]
    outcomes = run_desks(shop.database.url(), work)
    assert [outcome for row in outcomes for outcome in row if outcome.kind != "ok"] == []
    assert numbers(shop) == list(range(1, there + 1))
    sold = Counter(line["item"] for row in work for document in row for line in document["lines"])
    assert {item: shop.stock(item)[0] for item in ITEMS} == {item: str(there - sold[item]) for item in ITEMS}
    assert deadlocks(shop) == 0
    assert shop.unsound() == []


@pytest.mark.invariant("I7")
def test_a_key_sent_twenty_times_at_once_posts_one_voucher(shop: Trade) -> None:
    keys, senders = 10, 20
    start, told = threading.Barrier(senders), []
    desks = [shop.reopen().vouchers for _ in range(4)]

    def send(number: int) -> None:
        for key in range(keys):
            start.wait(60)
            told.append((key, desks[number % len(desks)].post(journal("7", idempotency_key=f"k-{key}"))))

    with ThreadPoolExecutor(senders) as threads:
        list(threads.map(send, range(senders)))
    assert one_voucher_a_key(shop, keys)
    assert [result for _, result in told if not isinstance(result, Ok)] == []
    assert Counter(result.value.replayed for _, result in told if isinstance(result, Ok)) == {
        False: keys, True: keys * (senders - 1)}


@pytest.mark.invariant("I7")
@pytest.mark.long
def test_a_thousand_keys_sent_by_twenty_processes_at_once_post_a_thousand_vouchers(shop: Trade) -> None:
    keys, senders = 1000, 20
    documents = [journal("7", idempotency_key=f"k-{key}") for key in range(keys)]
    outcomes = run_desks(shop.database.url(), [documents] * senders)
    assert [outcome for row in outcomes for outcome in row if outcome.kind != "ok"] == []
    assert one_voucher_a_key(shop, keys)
    assert Counter(outcome.replayed for row in outcomes for outcome in row) == {
        False: keys, True: keys * (senders - 1)}


def one_voucher_a_key(shop: Trade, keys: int) -> bool:
    """As many vouchers, journals and numbers as keys."""
    return shop.rows(
        "SELECT (SELECT count(*) FROM erpdesk.voucher), (SELECT count(*) FROM erpdesk.journal),"
        " (SELECT max(number) FROM erpdesk.voucher_number), (SELECT count(*) FROM erpdesk.idempotency_key)") == [
        (keys, keys, keys, keys)]


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of so many threads was told; they begin together."""
    start = threading.Barrier(count)

    def begin(number: int) -> Any:
        start.wait(60)
        return act(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(begin, range(count)))


@pytest.mark.invariant("I3")
def test_a_voucher_is_reversed_once_by_desks_at_once(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    for _ in range(5):
        number = str(shop.sell("TEA", "1").voucher_number)
        desks = [shop.reopen().vouchers for _ in range(4)]
        told = at_once(4, lambda desk: desks[desk].reverse(number, "2026-04-20", "a slip"))  # noqa: B023
        refused = [result for result in told if isinstance(result, Refused)]
        assert [result.first.code for result in refused] == ["VCH-024"] * 3
        assert {result.kind for result in refused} == {"conflict"}
    assert shop.stock("TEA") == ("10", "50")


@pytest.mark.invariant("I5")
def test_a_receipt_is_invoiced_or_reversed_by_desks_at_once_not_both(shop: Trade) -> None:
    shop.configure("GOODS_RECEIPT", is_active=True)
    receipt = purchase([goods("TEA", "3", "5")], type="GOODS_RECEIPT", **PLAIN)
    number = str(shop.post(receipt).voucher_number)
    invoice = purchase([goods("TEA", "3", "5")], against=number, date="2026-04-21", **PLAIN)
    with shop.admin() as holder, ThreadPoolExecutor() as threads:
        with holder.transaction():
            holder.execute("SELECT FROM erpdesk.number_counter FOR UPDATE")  # the last lock of the reversal
            reversing = threads.submit(shop.books.vouchers.reverse, number, "2026-04-20", "a slip")
            shop.database.until_somebody_waits(1)
            posting = threads.submit(shop.reopen().vouchers.post, invoice)
            shop.database.until_somebody_waits(2)
        assert isinstance(reversing.result(), Ok)
        late = posting.result()
    assert isinstance(late, Refused)
    assert late.first.code == "VCH-020"
    assert shop.balances() == {}


@pytest.mark.invariant("I7")
@pytest.mark.parametrize("act", ["saved", "posted"])
def test_a_draft_saved_and_posted_at_once_goes_to_one_and_shows_the_other_both_versions(
        shop: Trade, act: str) -> None:
    draft = shop.save(journal("10"))
    mine = {"voucher_id": draft.voucher_id, "row_version": draft.row_version}
    with shop.admin() as holder, ThreadPoolExecutor() as threads:
        with holder.transaction():
            holder.execute("SELECT FROM erpdesk.voucher_line FOR UPDATE")  # saving replaces the lines last
            first = threads.submit(shop.draft, journal("20"), **mine)
            shop.database.until_somebody_waits(1)
            desk = shop.reopen()
            second = threads.submit(shop.draft, journal("30"), **mine) if act == "saved" else threads.submit(
                desk.vouchers.post, journal("30"), **mine)
            shop.database.until_somebody_waits(2)
        assert isinstance(first.result(), Ok)
        late = second.result()
    assert isinstance(late, Refused)
    assert (late.kind, late.first.code) == ("conflict", "VCH-002")
    assert late.first.details["row_version"] == 2
    assert late.first.details["document"] == journal("20")
    assert shop.balances() == {}


@pytest.mark.invariant("I8")
@pytest.mark.long
def test_a_period_closed_while_eight_desks_post_gets_nothing_afterwards(shop: Trade) -> None:
    posted = "SELECT count(*) FROM erpdesk.journal WHERE posted_on <= '2026-04-30'"
    seen: list[int] = []

    def close() -> None:
        period = shop.one("SELECT id FROM erpdesk.accounting_period WHERE starts_on = '2026-04-01'")
        while not shop.one(posted):
            pass
        with shop.database.connect() as program, program.transaction():
            program.execute("SELECT erpdesk.set_period_state((SELECT id FROM erpdesk.organization), %s, 'locked')",
                            ([period],))
            seen.extend(program.execute(posted).fetchall()[0])

    with ThreadPoolExecutor() as threads:
        closing = threads.submit(close)
        outcomes: list[list[Outcome]] = run_desks(shop.database.url(), [
            [journal("1", idempotency_key=f"{desk}-{number}") for number in range(25)] for desk in range(8)])
        closing.result()
    late = [outcome for row in outcomes for outcome in row if outcome.kind != "ok"]
    assert {outcome.code for outcome in late} == {"PRD-003"}, "every post was done before"
    assert seen == [shop.one(posted)] == [200 - len(late)]
