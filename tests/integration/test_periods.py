"""Years, periods and locks: who may set them, what they stop, and what they wait for."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import psycopg
import pytest

from erpdesk.domain.results import ErpdeskError, ForbiddenError, InvalidRequest, Ok, Refused
from erpdesk.services.organizations import NewOrganization
from helpers.database import Database, Login
from helpers.shops import desk_of, open_shop
from helpers.trading import PLAIN, Trade, goods, purchase


def buying(day: str) -> dict[str, Any]:
    return purchase([goods("TEA", "1", "5")], date=day, **PLAIN)


def codes(shop: Trade, day: str) -> set[str]:
    """Why a post is refused; a day that isn't open is known beforehand, in the same words."""
    faults = shop.refuse(buying(day)).faults
    known = shop.books.periods.open_days().fault(date.fromisoformat(day))
    assert known is None or known in faults
    return {fault.code for fault in faults if known is not None or fault.code == "PRD-005"}


def test_a_locked_period_stops_posts_until_it_is_unlocked(shop: Trade) -> None:
    periods = shop.books.periods
    assert [one.starts_on for one in periods.set_state(["2026-05"], "locked")] == [date(2026, 5, 1)]
    assert codes(shop, "2026-05-10") == {"PRD-003"}
    shop.post(buying("2026-04-30"))
    assert periods.set_state(["2026-05-31"], "locked") == ()
    periods.set_state(["2"], "open")
    shop.post(buying("2026-05-10"))


@pytest.mark.parametrize(("name", "numbers"), [
    ("1", [1]), ("2026-06", [3]), ("2026-06-30", [3]), ("2026-04-30:2026-06-01", [1, 2, 3]),
    ("2026-07:2026-08", [4, 5]), ("2026-07:2026-08-01", [4, 5]), ("2:3", [2, 3]),
    ("2026-04-30:2026-27", list(range(1, 13))),
    ("2026-27", list(range(1, 13)))])
def test_a_period_is_named_in_several_ways(shop: Trade, name: str, numbers: list[int]) -> None:
    assert [one.number for one in shop.books.periods.set_state([name], "locked")] == numbers


@pytest.mark.parametrize("name", ["13", "2027-04", "2028-01-01", "x", "2026-13-01:2026-14-01", "2026-07:x",
                                  "2026-04:2026-05:2026-06", "2026-08:2026-07", ""])
def test_a_name_that_means_no_period_is_refused(shop: Trade, name: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        shop.books.periods.set_state([name], "locked")
    assert caught.value.code == "PRD-010"


def test_a_closed_year_stops_posts_until_it_is_reopened(shop: Trade) -> None:
    shop.save(buying("2026-05-10"))
    closed = shop.books.years.close()
    assert isinstance(closed, Ok)
    assert (closed.value.code, closed.value.left, closed.value.entry) == ("2026-27", 1, None)
    assert codes(shop, "2026-05-10") == {"PRD-002"}
    assert isinstance(shop.books.years.close("2026-27"), Ok)
    refused = shop.books.years.close("1999-00")
    assert isinstance(refused, Refused)
    assert refused.first.code == "PRD-009"
    shop.books.years.reopen(None, "One bill was missing")
    shop.post(buying("2026-05-10"))


def test_the_audit_lock_stops_posts_up_to_its_day(shop: Trade) -> None:
    shop.books.periods.audit_lock(date(2026, 5, 10))
    assert codes(shop, "2026-05-10") == {"PRD-004"}
    shop.post(buying("2026-05-11"))
    shop.books.periods.audit_lock(None)
    shop.post(buying("2026-05-10"))


def test_a_locked_organization_takes_no_posts(shop: Trade) -> None:
    assert shop.books.settings.set_locked(True)
    assert not shop.books.settings.set_locked(True)
    assert codes(shop, "2026-05-10") == {"PRD-005"}
    assert shop.books.settings.set_locked(False)
    shop.post(buying("2026-05-10"))


def test_a_new_year_opens_its_days_and_may_not_overlap(shop: Trade) -> None:
    assert codes(shop, "2027-04-01") == {"PRD-001"}
    assert shop.books.periods.create_year(date(2027, 4, 1), date(2028, 3, 31)) == "2027-28"
    assert shop.post(buying("2027-04-01")).voucher_number == "PI/27-28/000001"
    for first, last, code in [(date(2027, 1, 1), date(2027, 6, 30), "PRD-008"),
                              (date(2028, 4, 2), date(2029, 3, 31), "PRD-016"),
                              (date(2025, 4, 1), date(2026, 3, 30), "PRD-016"),
                              (date(2028, 4, 1), date(2028, 3, 31), "ORG-005")]:
        with pytest.raises(InvalidRequest) as caught:
            shop.books.periods.create_year(first, last)
        assert caught.value.code == code
    assert shop.books.periods.create_year(date(2025, 4, 1), date(2026, 3, 31)) == "2025-26", "before the first one"


def test_locking_waits_for_a_post_under_way(shop: Trade) -> None:
    with shop.admin() as holder:
        holder.autocommit = False
        holder.execute("SELECT FROM erpdesk.fiscal_year y JOIN erpdesk.accounting_period a"
                       " ON a.fiscal_year_id = y.id WHERE a.number = 2 FOR SHARE OF y, a")
        done = threading.Thread(target=shop.books.periods.set_state, args=(["2"], "locked"))
        done.start()
        assert shop.database.until_somebody_waits(unless=lambda: not done.is_alive())
        assert shop.one("SELECT state FROM erpdesk.accounting_period WHERE number = 2") == "open"
        holder.rollback()
    done.join()
    assert shop.one("SELECT state FROM erpdesk.accounting_period WHERE number = 2") == "locked"


def test_every_change_is_audited(shop: Trade) -> None:
    last = shop.one("SELECT max(sequence) FROM erpdesk.audit_entry")
    shop.books.periods.set_state(["1"], "locked")
    shop.books.periods.audit_lock(date(2026, 4, 30))
    shop.books.settings.set("negative_stock", "allow")
    shop.books.years.close("2026-27")
    assert shop.rows(
        "SELECT object_type, coalesce(after ->> 'state', after ->> 'is_closed', after ->> 'negative_stock')"
        " FROM erpdesk.audit_entry WHERE sequence > %s AND (action = 'changed' OR object_type = 'year_closing')"
        " ORDER BY sequence", last) == [
            ("accounting_period", "locked"), ("organization", "false"), ("organization", "true"),
            ("year_closing", None), ("fiscal_year", "true")]


def member(database: Database, organization: Any, role: str) -> Login:
    made = database.make_user(f"erpdesk_t_{role}", [role])
    with database.connect("superuser") as connection:
        connection.execute("INSERT INTO erpdesk.organization_member (organization_id, user_name, role)"
                           " VALUES (%s, %s, %s)", (organization, made.name, role))
    return made


def test_each_change_needs_its_permission(database: Database) -> None:
    organization = open_shop(database).organization.id
    clerk = desk_of(database, member(database, organization, "clerk")).books("SHOP")
    accountant = desk_of(database, member(database, organization, "accountant")).books("SHOP")
    for change in (lambda: clerk.periods.set_state(["1"], "locked"),
                   lambda: clerk.periods.audit_lock(date(2026, 4, 30)),
                   lambda: clerk.settings.set("name", "Mine"),
                   lambda: accountant.periods.create_year(date(2027, 4, 1), date(2028, 3, 31)),
                   lambda: accountant.settings.set_locked(True),
                   lambda: accountant.settings.set("name", "Mine")):
        with pytest.raises(ForbiddenError) as caught:
            change()
        assert caught.value.code == "SEC-001"
    for refused in (accountant.years.close(), accountant.years.reopen("2026-27", "Because")):
        assert isinstance(refused, Refused)
        assert refused.first.code == "SEC-001"
    assert len(accountant.periods.set_state(["1"], "closed")) == 1
    with pytest.raises(ForbiddenError):
        accountant.periods.set_state(["1"], "open")
    accountant.periods.audit_lock(date(2026, 5, 31))
    accountant.periods.audit_lock(date(2026, 6, 30))
    with pytest.raises(ForbiddenError):
        accountant.periods.audit_lock(date(2026, 6, 29))


def test_nobody_sets_the_rows_themselves(database: Database) -> None:
    open_shop(database)
    with database.connect() as connection:
        for statement in (b"UPDATE erpdesk.accounting_period SET state = 'open'",
                          b"UPDATE erpdesk.fiscal_year SET is_closed = false",
                          b"UPDATE erpdesk.organization SET is_locked = false"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.parametrize(("key", "value"), [
    ("name", "New Name"), ("legal_name", "New Name Pvt. Ltd."), ("address", "Kathmandu"), ("language", "ne"),
    ("calendar", "gregorian"), ("digit_grouping", "western"), ("negative_stock", "allow"),
    ("time_zone", "Asia/Kolkata"), ("tax_number.PAN", "301234567")])
def test_a_setting_is_stored_as_typed(shop: Trade, key: str, value: str) -> None:
    shop.books.settings.set(key, value)
    assert shop.books.settings.all()[key] == value


@pytest.mark.parametrize(("key", "value"), [
    ("name", ""), ("name", "a\nb"), ("calendar", "maya"), ("negative_stock", "yes"), ("time_zone", "Mars/Base"),
    ("language", "xx-yy-zz-1"), ("base_currency", "USD"), ("is_locked", "no"), ("tax_number.a b", "1")])
def test_a_wrong_setting_is_refused(shop: Trade, key: str, value: str) -> None:
    before = shop.fingerprint()
    with pytest.raises(ErpdeskError) as caught:
        shop.books.settings.set(key, value)
    assert caught.value.code == "ORG-008"
    assert shop.changed_since(before) == set()


def test_setting_what_is_set_already_leaves_no_trace(shop: Trade) -> None:
    shop.books.settings.set("negative_stock", "allow")
    before = shop.fingerprint()
    shop.books.settings.set("negative_stock", "allow")
    assert shop.changed_since(before) == set()
    assert isinstance(shop.books.vouchers.post(buying("2026-04-02")), Ok)


def test_years_of_a_nepali_calendar_have_its_months(database: Database) -> None:
    desk = desk_of(database)
    desk.create_organization(NewOrganization("SHOP", "Shop", "NPR", date(2023, 7, 17), date(2024, 7, 15), "NP",
                                             settings={"calendar": "bikram_sambat"}))
    books = desk.books("SHOP")
    assert books.years.make_next() == "2081-82"
    found = [(one.ends_on - one.starts_on).days + 1 for one in books.periods.periods()]
    assert found[:12] == [32, 31, 30, 30, 30, 29, 29, 30, 30, 31, 32, 31]
    assert found[12:] == [32, 31, 30, 30, 30, 29, 30, 29, 31, 31, 31, 32]
    changed = books.periods.set_state(["2080-05", "2024-07-16"], "locked")
    assert [str(one.starts_on) for one in changed] == ["2023-08-18", "2024-07-16"]
