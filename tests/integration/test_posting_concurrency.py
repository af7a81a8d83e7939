"""Desks that post at the same moment: numbers without gap, keys once, stock exact, no deadlock for anybody."""

from __future__ import annotations

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from helpers.posting_desks import Outcome, outcome_of, run_desks
from helpers.shops import open_shop
from helpers.trading import CODE, PLAIN, Trade, goods, journal, purchase, sale, transfer

ITEMS = ("TEA", "OIL", "ICE", "PILL", "SYRUP")


def numbers(shop: Trade, type_code: str) -> list[int]:
    """The running numbers of a type, sorted, as its vouchers carry them."""
    return sorted(int(number.rpartition("/")[2]) for (number,) in shop.rows(
        "SELECT v.voucher_number FROM erpdesk.voucher v"
        " JOIN erpdesk.voucher_config_master t ON t.id = v.voucher_config_id"
        " WHERE t.code = %s AND v.status = 'POSTED'", type_code))


def refused(outcomes: list[list[Outcome]]) -> list[Outcome]:
    """What any desk was refused."""
    return [outcome for desk in outcomes for outcome in desk if outcome.kind != "ok"]


def deadlocks(shop: Trade) -> int:
    """How often the server had to break a knot of locks, whether or not a desk noticed."""
    found: int = shop.one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return found


def shuffled(seed: int, rows: list[Any]) -> list[Any]:
    """The rows in an order of their own."""
    mixed = list(rows)
    random.Random(seed).shuffle(mixed)
    return mixed


def test_two_desks_with_the_same_keys_post_each_voucher_once_into_one_series(shop: Trade) -> None:
    documents = [journal(str(number + 1), idempotency_key=f"k-{number}") for number in range(200)]
    first, second = run_desks(shop.database.url(), [documents, shuffled(1, documents)])
    assert refused([first, second]) == []
    assert numbers(shop, "JOURNAL") == list(range(1, 201))
    by_key = {outcome.key: outcome.number for outcome in first}
    assert by_key == {outcome.key: outcome.number for outcome in second}
    assert len(set(by_key.values())) == 200
    assert Counter(outcome.replayed for outcome in (*first, *second)) == {False: 200, True: 200}
    assert shop.balances() == {"1110": str(sum(range(201))), "3010": str(-sum(range(201)))}


def sales_of_everything(desk: int, count: int) -> list[dict[str, Any]]:
    """Sales of one piece of every hot item, lines in another order each time."""
    return [sale(shuffled(desk * 1000 + number, [goods(item, "1", "9") for item in ITEMS]),
                 party=f"D{desk}", idempotency_key=f"{desk}-{number}", **PLAIN)
            for number in range(count)]


def stock_up(shop: Trade, pieces: int) -> None:
    """Each hot item in two receipts at prices that do not divide evenly."""
    for rate in ("3.33", "4.01"):
        shop.post(purchase([goods(item, str(pieces // 2), rate, **({"batch": rate} if item in ("PILL",
                                                                                               "SYRUP") else {}))
                            for item in ITEMS], **PLAIN))


def test_eight_desks_on_the_same_items_never_deadlock_and_leave_exact_stock(shop: Trade) -> None:
    stock_up(shop, 100)
    outcomes = run_desks(shop.database.url(), [sales_of_everything(desk, 12) for desk in range(8)])
    assert refused(outcomes) == []
    assert numbers(shop, "SALES_INVOICE") == list(range(1, 97))
    assert {item: shop.stock(item)[0] for item in ITEMS} == dict.fromkeys(ITEMS, "4")
    taken = sum(Decimal(outcome.cost) for desk in outcomes for outcome in desk)
    left = sum(Decimal(shop.stock(item)[1]) for item in ITEMS)
    assert taken + left == 5 * 50 * (Decimal("3.33") + Decimal("4.01"))
    assert deadlocks(shop) == 0


@pytest.mark.long
def test_eight_desks_for_a_long_while(shop: Trade) -> None:
    stock_up(shop, 3000)
    outcomes = run_desks(shop.database.url(), [sales_of_everything(desk, 300) for desk in range(8)])
    assert refused(outcomes) == []
    assert numbers(shop, "SALES_INVOICE") == list(range(1, 2401))
    assert {item: shop.stock(item)[0] for item in ITEMS} == dict.fromkeys(ITEMS, "600")


def test_receipts_issues_and_transfers_of_new_places_do_not_deadlock(shop: Trade) -> None:
    stock_up(shop, 100)
    work: list[list[dict[str, Any]]] = []
    for desk in range(4):
        rows: list[dict[str, Any]] = []
        for number in range(8):
            seed, key = desk * 100 + number, f"{desk}-{number}"
            lines = shuffled(seed, [goods(item, "1") for item in ITEMS])
            target = ("SHOP", "COLD")[number % 2]
            rows.append(transfer(lines, to_warehouse=target, idempotency_key=f"t-{key}"))
            bought = shuffled(seed, [goods(item, "1", "5") for item in ("TEA", "OIL", "ICE")])
            rows.append(purchase(bought, warehouse=target, idempotency_key=f"p-{key}", **PLAIN))
        work.append(rows)
    outcomes = run_desks(shop.database.url(), work)
    assert refused(outcomes) == []
    for item in ITEMS:
        on_hand = sum(int(shop.stock(item, place)[0]) for place in ("MAIN", "SHOP", "COLD"))
        assert on_hand == (100 if item in ("PILL", "SYRUP") else 132)
    assert deadlocks(shop) == 0


def test_one_new_batch_named_by_every_desk_is_made_once(shop: Trade) -> None:
    work = [[purchase([goods("PILL", "1", "5", batch="NEW")], idempotency_key=f"k-{desk}",
                      **PLAIN)] for desk in range(4)]
    assert refused(run_desks(shop.database.url(), work)) == []
    assert shop.batches("PILL") == {"NEW": "4"}
    assert shop.one("SELECT count(*) FROM erpdesk.batch") == 1


@pytest.mark.parametrize(("item", "batch"), [("TEA", {}), ("OIL", {}), ("PILL", {"batch": "B1"})])
def test_of_two_issues_of_a_hundred_from_a_hundred_and_fifty_one_posts_and_one_is_refused_whole(
        shop: Trade, item: str, batch: dict[str, str]) -> None:
    shop.buy(item, "150", "2", **batch)
    shop.buy("ICE", "10", "1")
    work = [[sale([goods("ICE", "1", "9"), goods(item, "100", "9", **batch)], idempotency_key=f"k-{desk}", **PLAIN)]
            for desk in range(2)]
    outcomes = run_desks(shop.database.url(), work)
    [short] = refused(outcomes)
    what = f"{item} batch B1" if batch else item
    assert (short.code, short.message) == (
        "INV-001", f"Insufficient stock of {what} in MAIN: 100 needed, 50 available")
    assert (shop.stock(item), shop.stock("ICE")) == (("50", "100"), ("9", "9"))
    assert numbers(shop, "SALES_INVOICE") == [1]


def test_after_a_period_was_closed_nothing_is_dated_in_it(shop: Trade) -> None:
    """Closing waits for posts under way and no post slips in behind it."""
    closed_after: list[int] = []
    began = threading.Event()

    def close_april() -> None:
        began.wait()
        with shop.admin() as connection, connection.transaction():
            connection.execute("SELECT FROM erpdesk.accounting_period WHERE starts_on = '2026-04-01' FOR UPDATE")
            connection.execute(_CLOSE_APRIL)
            closed_after.extend(count for (count,) in connection.execute(_POSTED_IN_APRIL).fetchall())

    def until_posts_flow() -> None:
        with shop.admin() as connection:
            while not connection.execute(_POSTED_IN_APRIL).fetchall()[0][0]:
                pass
        began.set()

    threads = [threading.Thread(target=close_april), threading.Thread(target=until_posts_flow)]
    for thread in threads:
        thread.start()
    work = [[journal("1", idempotency_key=f"{desk}-{number}") for number in range(60)] for desk in range(3)]
    outcomes = run_desks(shop.database.url(), work)
    for thread in threads:
        thread.join()
    late = refused(outcomes)
    assert late, "every post was done before the period was closed"
    assert {outcome.code for outcome in late} == {"PRD-003"}
    assert closed_after == [shop.rows(_POSTED_IN_APRIL)[0][0]] == [180 - len(late)]
    for desk in outcomes:
        kinds = [outcome.kind for outcome in desk]
        assert kinds == sorted(kinds, key=("ok", "invalid").index), "a desk posted after it had been refused"


_POSTED_IN_APRIL = "SELECT count(*) FROM erpdesk.journal WHERE posted_on <= '2026-04-30'"


def test_a_period_can_not_be_closed_under_a_post_that_has_found_it_open(shop: Trade) -> None:
    shop.post(journal("1"))
    with shop.admin() as holder, shop.admin() as closer, ThreadPoolExecutor() as threads:
        closer.execute("SET lock_timeout = '200ms'")
        with holder.transaction():
            holder.execute("SELECT FROM erpdesk.number_counter FOR UPDATE")  # the last lock that a post takes
            posting = threads.submit(shop.post, journal("2"))
            shop.database.until_somebody_waits()
            with pytest.raises(psycopg.errors.LockNotAvailable):
                closer.execute(_CLOSE_APRIL)
        assert posting.result().voucher_number == "JV/26-27/000002"
        closer.execute(_CLOSE_APRIL)
    assert shop.refuse(journal("3")).first.code == "PRD-003"


@pytest.mark.parametrize(("second", "told"), [("7", ("ok", "")), ("8", ("conflict", "VCH-015"))])
def test_a_key_under_way_elsewhere_is_waited_for_and_then_replayed_or_refused(
        shop: Trade, second: str, told: tuple[str, str]) -> None:
    shop.post(journal("1"))
    with shop.admin() as holder, ThreadPoolExecutor() as threads:
        with holder.transaction():
            holder.execute("SELECT FROM erpdesk.number_counter FOR UPDATE")
            first = threads.submit(shop.post, journal("7", idempotency_key="k"))
            shop.database.until_somebody_waits()
            document = journal(second, idempotency_key="k")
            later = threads.submit(shop.books.vouchers.post, document)
            shop.database.until_somebody_waits(2)
        assert first.result().voucher_number == "JV/26-27/000002"
        outcome = outcome_of(document, later.result())
    assert (outcome.kind, outcome.code) == told
    assert shop.balances() == {"1110": "8", "3010": "-8"}


def test_a_post_waits_for_a_period_that_is_being_closed_and_is_refused(shop: Trade) -> None:
    with shop.admin() as closer, ThreadPoolExecutor() as threads:
        with closer.transaction():
            closer.execute(_CLOSE_APRIL)
            posting = threads.submit(shop.refuse, journal("2"))
            shop.database.until_somebody_waits()
        assert posting.result().first.code == "PRD-003"
    assert shop.balances() == {}


_CLOSE_APRIL = "UPDATE erpdesk.accounting_period SET state = 'locked' WHERE starts_on = '2026-04-01'"


def test_a_lock_held_by_somebody_else_ends_in_a_conflict_that_names_them_and_may_be_tried_again(shop: Trade) -> None:
    shop.buy("TEA", "5", "5")
    with shop.admin() as holder, holder.transaction():
        holder.execute("SET LOCAL application_name = 'a counter'")
        holder.execute("SELECT FROM erpdesk.stock_balance FOR UPDATE")
        [[began]] = holder.execute("SELECT to_char(now() AT TIME ZONE o.time_zone, 'YYYY-MM-DD HH24:MI:SS')"
                                   " FROM erpdesk.organization o").fetchall()
        before, user = shop.fingerprint(), holder.info.user
        result = shop.refuse(sale([goods("TEA", "1", "9")], **PLAIN))
        assert (result.kind, result.first.code, result.retryable) == ("conflict", "NET-008", True)
        assert shop.changed_since(before) == {"posting_log"}
    [told] = result.first.details["holders"]
    assert (told["user"], told["program"], told["since"]) == (user, "a counter", began)
    assert f"{user} (a counter" in result.first.message
    assert f"works on the same rows since {began} and holds them locked" in result.first.message, "the shop's clock"
    assert shop.sell("TEA", "1").cost == "5.00"


def test_who_holds_a_lock_is_told_by_the_clock_of_the_organization_that_is_open(shop: Trade) -> None:
    """Not by the server's, though the login has another organization that goes by another clock."""
    shop.buy("TEA", "5", "5")
    open_shop(shop.database, "INDIA", country="IN")
    with shop.admin() as holder, holder.transaction():
        zones = holder.execute("SELECT DISTINCT o.time_zone FROM erpdesk.organization o").fetchall()
        assert len(zones) == 2
        holder.execute("SELECT FROM erpdesk.stock_balance FOR UPDATE")
        [[began]] = holder.execute("SELECT to_char(now() AT TIME ZONE o.time_zone, 'YYYY-MM-DD HH24:MI:SS')"
                                   " FROM erpdesk.organization o WHERE o.code = %s", (CODE,)).fetchall()
        result = shop.refuse(sale([goods("TEA", "1", "9")], **PLAIN))
    [told] = result.first.details["holders"]
    assert told["since"] == began


def test_who_holds_a_lock_is_the_one_at_the_end_of_the_line_and_only_told_to_who_waits(shop: Trade) -> None:
    shop.buy("TEA", "5", "5")
    lock = "SELECT FROM erpdesk.stock_balance FOR UPDATE"
    with shop.admin() as holder, shop.admin() as first, ThreadPoolExecutor() as threads:
        with holder.transaction():
            holder.execute("SET LOCAL application_name = 'the first'")
            holder.execute(lock)
            waiting = threads.submit(first.execute, lock)
            while not shop.one("SELECT cardinality(pg_blocking_pids(%s))", first.info.backend_pid):
                pass
            selling = threads.submit(shop.refuse, sale([goods("TEA", "1", "9")], **PLAIN))
            with shop.server.connect() as other:
                asked = other.execute("SELECT erpdesk.lock_holders(%s)", (first.info.backend_pid,))
                assert asked.fetchall() == [(None,)]
            told = selling.result().first.details["holders"]
        waiting.result()
    assert [one["program"] for one in told] == ["the first"]
