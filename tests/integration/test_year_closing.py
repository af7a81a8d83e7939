"""Closing a year carries its result to equity and shuts it; reopening undoes both, and nothing gets past either."""

from __future__ import annotations

import multiprocessing
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from erpdesk.domain.results import ErpdeskError, Ok, Refused
from erpdesk.posting.year_closing import TurnedYear
from erpdesk.services.years import Standing
from helpers.posting_desks import desks_at_work
from helpers.trading import PLAIN, Trade, goods, journal, sale

NEXT = "2027-28"


def turned(result: Ok[TurnedYear] | Refused) -> TurnedYear:
    assert isinstance(result, Ok), [fault.as_json() for fault in result.faults]
    return result.value


def code_of(result: Ok[TurnedYear] | Refused) -> str:
    assert isinstance(result, Refused), result
    return result.first.code


def totals(shop: Trade, name: str, **filters: Any) -> dict[str, str]:
    return dict(shop.books.reports.run(name, **filters).totals)


def rent(day: str, amount: str = "40.00") -> dict[str, Any]:
    return {"type": "JOURNAL", "date": day,
            "lines": [{"account": "6020", "debit": amount}, {"account": "1110", "credit": amount}]}


@pytest.fixture
def traded(shop: Trade) -> Trade:
    """A year with a profit of 60.00: sales 150, cost 50, rent 40."""
    shop.buy("TEA", "20", "5")
    shop.sell("TEA", "10", "15")
    shop.post(rent("2027-03-31"))
    return shop


def test_the_entry_carries_every_income_and_expense_to_retained_earnings(traded: Trade) -> None:
    closed = turned(traded.books.years.close())
    assert (closed.code, closed.is_closed, closed.result, closed.next_year) == ("2026-27", True, "60.00", NEXT)
    assert closed.entry == "YC/26-27/000001"
    lines = traded.rows(
        "SELECT a.code, l.debit - l.credit, l.posted_on::text FROM erpdesk.journal_line l"
        " JOIN erpdesk.journal j ON j.id = l.journal_id JOIN erpdesk.account a ON a.id = l.account_id"
        " WHERE j.voucher_id = %s ORDER BY l.line_number", closed.entry_id)
    assert lines == [("4010", "150", "2027-03-31"), ("5010", "-50", "2027-03-31"), ("6020", "-40", "2027-03-31"),
                     ("3020", "-60", "2027-03-31")]
    assert traded.balances() == {"1110": "-40", "1130": "150", "1140": "50", "2110": "-100", "3020": "-60"}
    assert traded.one("SELECT status FROM erpdesk.voucher WHERE id = %s", closed.entry_id) == "POSTED"
    assert turned(traded.books.years.close("2026-27")).replayed
    assert traded.one("SELECT count(*) FROM erpdesk.year_closing") == 1


def test_an_account_that_nobody_may_use_any_more_is_emptied_too(traded: Trade) -> None:
    with traded.admin() as admin:
        admin.execute("UPDATE erpdesk.account SET is_active = false WHERE code IN ('6020', '3020')")
    assert turned(traded.books.years.close()).result == "60.00"
    assert "6020" not in traded.balances()
    assert turned(traded.books.years.reopen(None, reason="Rent was missing")).is_closed is False


def test_the_new_year_begins_at_nothing_and_the_old_one_still_shows_what_it_earned(traded: Trade) -> None:
    before = totals(traded, "profit-loss", since="2026-04-01", until="2027-03-31")
    turned(traded.books.years.close())
    assert totals(traded, "profit-loss", since="2026-04-01", until="2027-03-31") == before
    assert before["net_profit"] == "60.00"
    assert totals(traded, "profit-loss", since="2027-04-01", until="2028-03-31")["net_profit"] == "0.00"
    sheet = traded.books.reports.run("balance-sheet", until="2027-04-01")
    assert sheet.totals["profit"] == "0.00"
    assert {row["account"]: row["amount"] for row in sheet.rows}["3020"] == "60.00"
    trial = traded.books.reports.run("trial-balance", until="2027-04-01")
    assert [row["account"] for row in trial.rows if row["type"] in ("income", "expense")] == []
    assert trial.totals["debit"] == trial.totals["credit"]
    traded.reopen().vouchers.post(rent("2027-04-05", "7.00"))
    assert totals(traded, "profit-loss", since="2027-04-01")["net_profit"] == "-7.00"


def test_a_loss_is_carried_too_and_a_year_without_either_closes_without_an_entry(shop: Trade) -> None:
    shop.post(rent("2026-05-01", "12.34"))
    assert turned(shop.books.years.close()).result == "-12.34"
    assert shop.balances() == {"1110": "-12.34", "3020": "12.34"}
    quiet = turned(shop.books.years.close(NEXT))
    assert (quiet.entry, quiet.result, quiet.next_year) == (None, "0.00", "2028-29")


def test_what_is_not_sealed_yet_does_not_stop_the_closing(traded: Trade) -> None:
    assert totals(traded, "audit")["unsealed"] != "0"
    assert all(result.ok for result in traded.books.years.verify())
    assert totals(traded, "audit")["unsealed"] == "0"


def test_reopening_reverses_the_entry_and_closing_again_makes_another(traded: Trade) -> None:
    years = traded.books.years
    turned(years.close())
    assert code_of(years.reopen(None, "  ")) == "PRD-014"
    opened = turned(years.reopen(None, "A bill of March came late"))
    assert (opened.is_closed, opened.entry, opened.reversal) == (False, "YC/26-27/000001", "YC/26-27/000002")
    assert traded.balances()["4010"] == "-150"
    assert totals(traded, "profit-loss", since="2026-04-01", until="2027-03-31")["net_profit"] == "60.00"
    traded.post(rent("2027-03-30", "10.00"))
    again = turned(years.close())
    assert (again.entry, again.result, again.next_year) == ("YC/26-27/000003", "50.00", None)
    assert [row[:2] for row in traded.rows(
        "SELECT action, coalesce(after ->> 'reason', ''), sequence FROM erpdesk.audit_entry"
        " WHERE object_type = 'year_closing' ORDER BY sequence")] == [
            ("closed", ""), ("reopened", "A bill of March came late"), ("closed", "")]


def test_the_entry_passes_locked_periods_and_the_audit_lock_and_leaves_them_locked(traded: Trade) -> None:
    traded.books.periods.set_state(["2026-27"], "locked")
    traded.books.periods.audit_lock(date(2027, 3, 31))
    turned(traded.books.years.close())
    turned(traded.books.years.reopen(None, "For a look"))
    assert traded.one("SELECT count(*) FROM erpdesk.accounting_period WHERE state = 'open'") == 12  # the next year's
    assert {fault.code for fault in traded.refuse(rent("2027-03-31")).faults} == {"PRD-003"}
    assert traded.unsound() == []


def test_years_are_closed_in_their_order_and_reopened_the_other_way_round(traded: Trade) -> None:
    years = traded.books.years
    traded.books.periods.create_year(date(2027, 4, 1), date(2028, 3, 31))
    assert code_of(years.close(NEXT)) == "PRD-011"
    turned(years.close())
    turned(years.close())
    assert code_of(years.reopen("2026-27", "Because")) == "PRD-012"
    turned(years.reopen(NEXT, "Because"))
    turned(years.reopen("2026-27", "Because"))
    traded.books.settings.set_locked(True)
    assert code_of(years.close()) == "PRD-005"


def test_a_year_that_has_nothing_to_close_with_stays_open(traded: Trade) -> None:
    with traded.admin() as connection:
        connection.execute("DELETE FROM erpdesk.account_role WHERE role = 'retained_earnings'")
    assert [point.code for point in traded.books.years.check_list().points if point.standing is Standing.STOPS] == [
        "closing_type"]
    before = traded.fingerprint()
    assert code_of(traded.books.years.close()) == "PRD-013"
    assert traded.changed_since(before) == {"posting_log"}


def test_the_check_list_says_what_is_left(traded: Trade) -> None:
    traded.save(rent("2026-06-01"))
    traded.books.periods.set_state(["1", "2"], "locked")
    found = traded.books.years.check_list()
    assert {point.code: (str(point.standing), point.figure) for point in found.points} == {
        "earlier_years": ("clear", ""), "drafts": ("look", "1"), "waiting": ("clear", ""), "approved": ("clear", ""),
        "open_periods": ("look", "10"), "trial_balance": ("clear", ""), "closing_type": ("clear", "")}
    assert (found.may_close, found.result, found.year.code) == (True, "60.00", "2026-27")
    assert all(result.ok for result in traded.books.years.verify())
    assert turned(traded.books.years.close()).left == 1


@pytest.mark.long
def test_eight_desks_post_while_the_year_is_closed(shop: Trade) -> None:
    """Whoever comes first: what is in the year is carried to the cent, and nothing is dated in it afterwards."""
    shop.buy("TEA", "400", "5.55")
    work = [[sale([goods("TEA", "1", "15.35")], date="2027-03-31", idempotency_key=f"{desk}-{number}", **PLAIN)
             for number in range(12)] for desk in range(8)]
    with desks_at_work(shop.database.url(), work) as outcomes:
        while shop.one("SELECT count(*) FROM erpdesk.voucher WHERE status = 'POSTED'") < 9:
            assert multiprocessing.active_children()
        closed = turned(shop.books.years.close())
        told = [outcome for desk in outcomes() for outcome in desk]
    posted = [outcome for outcome in told if outcome.kind == "ok"]
    assert {outcome.code for outcome in told if outcome.kind != "ok"} <= {"PRD-002"}
    assert len(posted) >= 8
    assert Decimal(closed.result) == len(posted) * (Decimal("15.35") - Decimal("5.55"))
    assert [account for account in shop.balances() if account[0] in "456"] == []
    assert shop.one("SELECT count(*) FROM erpdesk.voucher v JOIN erpdesk.voucher c ON c.id = %s"
                    " WHERE v.posting_sequence > c.posting_sequence", closed.entry_id) == 0


def test_nobody_reverses_or_posts_a_closing_entry_by_hand(traded: Trade) -> None:
    closed = turned(traded.books.years.close())
    assert closed.entry is not None
    refused = traded.books.vouchers.reverse(closed.entry, "2027-04-02", "Out of its year")
    assert isinstance(refused, Refused)
    assert refused.first.code == "PRD-015"
    by_hand = traded.refuse(journal("5.00", type="YEAR_CLOSING", date="2027-04-02"))
    assert by_hand.first.code == "VCH-007"


def test_the_trial_balance_shows_a_closed_year_as_it_stood_before(traded: Trade) -> None:
    before = traded.books.reports.run("trial-balance", until="2027-03-31").rows
    turned(traded.books.years.close())
    run = traded.reopen().reports.run
    assert run("trial-balance", until="2027-03-31").rows != before
    assert run("trial-balance", until="2027-03-31", closing="without").rows == before
    turned(traded.books.years.close(NEXT))
    assert run("trial-balance", until="2027-03-31", closing="without").rows == before
    later = run("trial-balance", until="2028-03-31", closing="without").rows
    assert "3020" in {row["account"] for row in later}, "what an earlier year carried stays carried"
    with pytest.raises(ErpdeskError, match="closing entry") as refused:
        run("trial-balance", closing="maybe")
    assert refused.value.code == "RPT-003"


def test_what_was_posted_before_its_type_closed_years_is_no_closing_entry(traded: Trade) -> None:
    with traded.admin() as admin:
        admin.execute("UPDATE erpdesk.voucher_config_master SET counterpart_role = 'retained_earnings'"
                      " WHERE code = 'JOURNAL'")
    assert [result.text for result in traded.books.years.verify() if not result.ok] == []
