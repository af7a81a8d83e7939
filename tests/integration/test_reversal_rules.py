"""What a reversal is held to: period, limits, rights, what others have done since; and reversals at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from erpdesk.domain.results import Ok, Refused
from helpers.every_type import furnish
from helpers.posting_desks import run_desks
from helpers.trading import PLAIN, Trade, accepted, goods, journal, purchase, sale
from integration.test_keys_of_names import migration

DAY = "2026-04-20"


def reverse(shop: Trade, number: str | None, day: str = DAY, **more: Any) -> Any:
    return shop.books.vouchers.reverse(str(number), day, "a slip", **more)


def refused(result: Any) -> str:
    assert isinstance(result, Refused), result
    return result.first.code


def run(shop: Trade, *statements: str) -> None:
    with shop.admin() as connection:
        for statement in statements:
            connection.execute(statement.encode())


_LIMIT = ("INSERT INTO erpdesk.user_limit (organization_id, id, user_name, voucher_type_code, {0}) SELECT id,"
          " gen_random_uuid(), 'erpdesk_local', {1}, {2} FROM erpdesk.organization")


@pytest.mark.parametrize(("change", "code"), [
    ("UPDATE erpdesk.organization SET is_locked = true", "PRD-005"),
    ("UPDATE erpdesk.organization SET audit_locked_until = '2026-04-20'", "PRD-004"),
    ("UPDATE erpdesk.accounting_period SET state = 'locked' WHERE starts_on = '2026-04-01'", "PRD-003"),
    ("UPDATE erpdesk.fiscal_year SET is_closed = true", "PRD-002"),
    ("UPDATE erpdesk.organization_member SET permissions = ARRAY['voucher.enter', 'voucher.post']", "SEC-001"),
    ("UPDATE erpdesk.voucher_config_master SET back_date_days = 1", "PRD-006"),
    (_LIMIT.format("back_date_days", "NULL", "1"), "PRD-006"),
    (_LIMIT.format("post_limit", "'JOURNAL'", "99.99"), "SEC-002")])
def test_a_reversal_is_refused_where_a_post_would_be_and_changes_nothing(shop: Trade, change: str, code: str) -> None:
    number = shop.post(journal("100")).voucher_number
    run(shop, "UPDATE erpdesk.organization SET time_zone = 'UTC'", change)
    before = shop.fingerprint()
    assert refused(reverse(shop, number)) == code
    assert shop.changed_since(before) == {"posting_log"}


def test_a_reversal_is_dated_no_further_ahead_than_type_and_person_may(shop: Trade) -> None:
    today = date.fromisoformat(shop.books.vouchers.new_document("JOURNAL")["date"])
    number = shop.post(journal()).voucher_number
    run(shop, _LIMIT.format("forward_date_days", "NULL", "3"))
    assert refused(reverse(shop, number, (today + timedelta(days=4)).isoformat())) == "PRD-007"
    accepted(reverse(shop, number, (today + timedelta(days=3)).isoformat()))


def test_of_eight_processes_that_reverse_one_voucher_one_wins(shop: Trade) -> None:
    original = shop.post(journal("7"))
    work = [[journal("1", replaces=str(original.voucher_number), idempotency_key=f"k-{desk}")] for desk in range(8)]
    outcomes = [desk[0] for desk in run_desks(shop.database.url(), work)]
    assert sorted((one.kind, one.code) for one in outcomes) == [("conflict", "VCH-024")] * 7 + [("ok", "")]
    assert shop.balances() == {"1110": "1", "3010": "-1"}


def together(*acts: Callable[[], Any]) -> list[Any]:
    """The results of acts begun at the same moment, in their order."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def do(place: int, act: Callable[[], Any]) -> None:
        start.wait()
        results[place] = act()

    threads = [threading.Thread(target=do, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_sale_is_returned_or_reversed_never_both(shop: Trade) -> None:
    shop.buy("TEA", "100", "5")
    for _ in range(6):
        sold = str(shop.sell("TEA", "4").voucher_number)
        desks = [shop.reopen().vouchers for _ in range(2)]
        returned = {"type": "SALES_RETURN", "date": "2026-04-12", "party": "C001", "warehouse": "MAIN", "against": sold,
                    "lines": [goods("TEA", "1", "15")], **PLAIN}
        results = together(partial(desks[0].post, returned), partial(desks[1].reverse, sold, DAY, "a slip"))
        assert sorted(type(result).__name__ for result in results) == ["Ok", "Refused"]
        [loser] = [result for result in results if isinstance(result, Refused)]
        assert loser.first.code in ("VCH-020", "VCH-023")
    assert shop.unsound() == []


def test_desks_that_replace_and_desks_that_sell_never_deadlock(shop: Trade) -> None:
    """A replacement takes all its locks before the number of its reversal, which every sale wants last."""
    for item in ("TEA", "OIL", "ICE"):
        shop.buy(item, "500", "3")
    lines = [goods("TEA", "1", "9"), goods("ICE", "1", "9")]
    sold = [str(shop.post(sale(lines, party=f"D{n % 4}", **PLAIN)).voucher_number) for n in range(24)]
    replacing = [[sale([goods("OIL", "1", "9"), goods("TEA", "2", "9")], party=f"D{desk + 2}", replaces=number,
                       idempotency_key=number, **PLAIN) for number in sold[desk::3]] for desk in range(3)]
    selling = [[sale([goods(item, "1", "9") for item in ("ICE", "TEA", "OIL")], party=f"D{desk}",
                     idempotency_key=f"{desk}-{n}", **PLAIN) for n in range(10)] for desk in range(3)]
    outcomes = run_desks(shop.database.url(), replacing + selling)
    assert [one for desk in outcomes for one in desk if one.kind != "ok"] == []
    assert shop.one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0
    assert shop.stock("TEA")[0] == str(500 - 2 * 24 - 30)


def test_a_replacement_sent_twice_at_once_is_posted_once_and_replayed(shop: Trade) -> None:
    number = str(shop.post(journal("7")).voucher_number)
    desks = [shop.reopen().vouchers for _ in range(2)]
    document = journal("9", replaces=number, idempotency_key="once")
    results = together(*(partial(desk.post, document) for desk in desks))
    assert all(isinstance(result, Ok) for result in results), results
    assert len({result.value.voucher_number for result in results}) == 1
    assert sorted(result.value.replayed for result in results) == [False, True]


def test_an_issue_below_zero_stays_once_a_receipt_has_made_it_good(shop: Trade) -> None:
    furnish(shop)
    short = shop.post(sale([goods("ICE", "18", "9"), goods("SNOW", "18", "9")], **PLAIN))
    good = shop.post(purchase([goods("ICE", "9", "6"), goods("SNOW", "9", "6")], date="2026-04-15", **PLAIN))
    result = reverse(shop, short.voucher_number)
    assert (refused(result), str(good.voucher_number) in result.first.message) == ("INV-011", True)
    accepted(reverse(shop, good.voucher_number))
    accepted(reverse(shop, short.voucher_number))
    assert shop.unsound() == []


def test_an_invoice_of_a_receipt_and_the_receipt_are_reversed_in_their_order(shop: Trade) -> None:
    furnish(shop)
    came = shop.post({"type": "GOODS_RECEIPT", "date": "2026-04-06", "party": "S001", "warehouse": "MAIN",
                      "lines": [goods("TEA", "5", "4")], **PLAIN})
    billed = shop.post(purchase([goods("TEA", "3", "4.50")], against=came.voucher_number, date="2026-04-07", **PLAIN))
    result = reverse(shop, came.voucher_number)
    assert (refused(result), str(billed.voucher_number) in result.first.message) == ("VCH-023", True)
    accepted(reverse(shop, billed.voucher_number))
    accepted(reverse(shop, came.voucher_number))


def test_a_reversal_takes_the_series_named_for_it_when_its_own_is_switched_off(shop: Trade) -> None:
    series = [{"code": "OLD", "prefix": "OLD-"}, {"code": "NEW", "prefix": "NEW-"}]
    change = {"voucher_types": [{"code": "JOURNAL", "series": series}]}
    shop.books.configuration.import_document(change)
    number = shop.post(journal(series="OLD")).voucher_number
    run(shop, "UPDATE erpdesk.number_series SET is_active = false WHERE code = 'OLD'")
    assert refused(reverse(shop, number)) == "NUM-002"
    assert accepted(reverse(shop, number, series="NEW")).voucher_number == "NEW-000001"


def used_sources(shop: Trade) -> list[tuple[Any, ...]]:
    return shop.rows("SELECT voucher_id::text, source_voucher_id::text, source_line_number, quantity, value"
                     " FROM erpdesk.source_use ORDER BY 1, 2, 3")


def followed(shop: Trade) -> list[str]:
    """Returns, deliveries and invoices of parts of documents; the numbers of those that follow."""
    furnish(shop)
    sold = shop.sell("TEA", "7").voucher_number
    bought = shop.buy("TEA", "7", "3.33").voucher_number
    came = shop.post({"type": "GOODS_RECEIPT", "date": "2026-04-06", "party": "S001", "warehouse": "MAIN",
                      "lines": [goods("OIL", "7", "3.33")], **PLAIN}).voucher_number
    order = shop.post({"type": "SALES_ORDER", "date": "2026-04-06", "party": "C001", "warehouse": "MAIN",
                       "lines": [goods("TEA", "6", "9")], **PLAIN}).voucher_number
    following = [
        ("SALES_RETURN", "C001", sold, goods("TEA", "2", "15")),
        ("SALES_RETURN", "C001", sold, goods("TEA", "3", "15")),
        ("PURCHASE_RETURN", "S001", bought, goods("TEA", "1", "3")),
        ("PURCHASE_RETURN", "S001", bought, goods("TEA", "4", "3")),
        ("PURCHASE_INVOICE", "S001", came, goods("OIL", "2", "3.40")),
        ("PURCHASE_INVOICE", "S001", came, goods("OIL", "3", "3.40")),
        ("DELIVERY_NOTE", "C001", order, goods("TEA", "4", "9"))]
    return [str(shop.post({"type": code, "date": "2026-04-13", "party": party, "warehouse": "MAIN", "against": source,
                           "lines": [line], **PLAIN}).voucher_number) for code, party, source, line in following]


def test_what_early_vouchers_used_is_derived_from_what_is_stored(shop: Trade) -> None:
    numbers = followed(shop)
    before = used_sources(shop)
    assert len(before) == 7
    run(shop, "SET session_replication_role = replica; DELETE FROM erpdesk.source_use")
    assert used_sources(shop) == []
    run(shop, migration("0007_number_claims").SOURCE_USES)
    assert used_sources(shop) == before
    for number in reversed(numbers):
        accepted(reverse(shop, number))
    assert shop.unsound() == []


def test_a_voucher_whose_uses_are_not_known_is_not_reversed(shop: Trade) -> None:
    number = followed(shop)[0]
    kept = used_sources(shop)
    run(shop, "SET session_replication_role = replica; CREATE TABLE public.kept AS SELECT * FROM erpdesk.source_use;"
              " DELETE FROM erpdesk.source_use")
    assert refused(reverse(shop, number)) == "VCH-025"
    run(shop, "INSERT INTO erpdesk.source_use SELECT * FROM public.kept; DROP TABLE public.kept")
    assert used_sources(shop) == kept


def test_a_correction_reverses_and_keeps_a_draft_or_does_neither(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    wrong = shop.sell("TEA", "10")
    result = shop.books.vouchers.correct(str(wrong.voucher_number), DAY, "wrong quantity")
    assert isinstance(result, Ok)
    draft, reversal = result.value.draft, result.value.reversal
    assert (draft.status, draft.voucher_number, reversal.reverses) == ("DRAFT", None, wrong.voucher_number)
    assert shop.stock("TEA") == ("10", "50")
    right = {**shop.books.vouchers.show(draft.voucher_id).document, "lines": [goods("TEA", "9", "15")]}
    shop.post(right, voucher_id=draft.voucher_id, row_version=draft.row_version)
    assert shop.stock("TEA") == ("1", "5")
    again = shop.sell("TEA", "1", day="2026-04-21")
    run(shop, "UPDATE erpdesk.party SET is_active = false WHERE code = 'C001'")
    before = shop.fingerprint()
    assert refused(shop.books.vouchers.correct(str(again.voucher_number), None, "who is that")) == "VCH-010"
    assert shop.changed_since(before) == {"posting_log"}
