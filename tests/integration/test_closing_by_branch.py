"""A year is closed branch by branch: each branch's books begin the new year at nothing and show its own closing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from erpdesk.domain.results import Ok, Refused
from erpdesk.posting.year_closing import TurnedYear
from helpers.hostile import hostile_desk
from helpers.trading import Trade, journal

LAST = "2027-03-31"


def turned(result: Ok[TurnedYear] | Refused) -> TurnedYear:
    assert isinstance(result, Ok), [fault.as_json() for fault in result.faults]
    return result.value


@pytest.fixture
def branched(shop: Trade) -> Trade:
    """HO earned 100.00, EAST 30.00 and WEST nothing."""
    results = shop.books.masters.import_masters(
        {"branches": [{"code": "EAST", "name": "East"}, {"code": "WEST", "name": "West"}]})
    assert all(one.ok for one in results)
    for branch, amount in (("HO", "100.00"), ("EAST", "30.00")):
        shop.post({"type": "JOURNAL", "date": "2026-05-01", "branch": branch,
                   "lines": [{"account": "1110", "debit": amount}, {"account": "4010", "credit": amount}]})
    return shop


def seen_by(shop: Trade, branch: str, report: str = "trial-balance", **filters: Any) -> dict[str, str]:
    """Accounts and their sums, as an accountant sees them who is limited to the branch."""
    with hostile_desk(shop, "accountant") as desk:
        with shop.admin() as admin:
            admin.execute("UPDATE erpdesk.organization_member SET branch_ids = ARRAY(SELECT id FROM erpdesk.branch"
                          " WHERE code = %s) WHERE user_name = %s", (branch, desk.login.name))
        found = desk.desk.books("SHOP").reports.run(report, **filters)
        years = desk.desk.books("SHOP").years.grid().years
        with shop.admin() as admin:
            admin.execute("DELETE FROM erpdesk.organization_member WHERE user_name = %s", (desk.login.name,))
    sums = {row["account"]: row.get("amount") or str(Decimal(row["debit"]) - Decimal(row["credit"]))
            for row in found.rows}
    return sums | ({"entry": years[0].entry} if years[0].entry else {})


def test_result_accounts_of_every_branch_stand_at_nothing_after_closing(branched: Trade) -> None:
    closed = turned(branched.books.years.close())
    assert (closed.entry, closed.result) == ("YC/26-27/000001, YC/26-27/000002", "130.00")
    assert seen_by(branched, "EAST", until=LAST) == {"1110": "30.00", "3020": "-30.00", "entry": "YC/26-27/000002"}


def test_the_first_branch_carries_its_own_result_alone(branched: Trade) -> None:
    turned(branched.books.years.close())
    assert seen_by(branched, "HO", until=LAST) == {"1110": "100.00", "3020": "-100.00", "entry": "YC/26-27/000001"}


def test_a_branch_still_shows_what_it_earned_in_the_closed_year(branched: Trade) -> None:
    turned(branched.books.years.close())
    assert seen_by(branched, "EAST", "profit-loss", until=LAST)["4010"] == "30.00"


def test_a_branch_without_income_and_expenses_gets_no_entry(branched: Trade) -> None:
    turned(branched.books.years.close())
    assert seen_by(branched, "WEST", until=LAST) == {}
    rows = branched.rows("SELECT b.code, trim_scale(c.result)::text FROM erpdesk.year_closing c JOIN erpdesk.branch b"
                         " ON b.id = c.branch_id ORDER BY b.code DESC")
    assert rows == [("HO", "100"), ("EAST", "30")]


def test_reopening_reverses_the_entries_of_all_branches_and_closing_again_makes_them_anew(branched: Trade) -> None:
    first = turned(branched.books.years.close())
    opened = turned(branched.books.years.reopen("2026-27", "A late bill"))
    assert opened.entry == first.entry
    assert (opened.reversal or "").count("YC/") == 2
    assert branched.balances() == {"1110": "130", "4010": "-130"}
    branched.reopen().vouchers.post(journal("5.00", date=LAST, branch="EAST"))
    again = turned(branched.books.years.close())
    assert (again.entry or "").count("YC/") == 2
    assert turned(branched.books.years.close("2026-27")).replayed


def test_a_profit_in_one_branch_and_the_same_loss_in_another_are_both_carried(branched: Trade) -> None:
    branched.post({"type": "JOURNAL", "date": "2026-06-01", "branch": "WEST",
                   "lines": [{"account": "6020", "debit": "130.00"}, {"account": "1110", "credit": "130.00"}]})
    closed = turned(branched.books.years.close())
    assert (closed.result, closed.entry and closed.entry.count("YC/")) == ("0.00", 3)
    assert seen_by(branched, "WEST", until=LAST)["3020"] == "130.00"
