"""I8: a closed year attacked with SQL by people who may close it, and by clerks who may not."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from erpdesk.domain.results import Ok
from erpdesk.storage.invariant_checks import years
from helpers.hostile import HostileDesk, hostile_desk, said
from helpers.trading import Trade, journal

pytestmark = [pytest.mark.server_versions, pytest.mark.invariant("I8")]


@pytest.fixture
def closed(shop: Trade) -> Trade:
    """SHOP after a year with a profit of 10.00."""
    shop.post({"type": "JOURNAL", "date": "2026-05-01",
               "lines": [{"account": "1110", "debit": "10.00"}, {"account": "4010", "credit": "10.00"}]})
    assert isinstance(shop.books.years.close(), Ok)
    return shop


def year_of(shop: Trade, code: str = "2026-27") -> str:
    return str(shop.one("SELECT id FROM erpdesk.fiscal_year WHERE code = %s", code))


def turn(desk: HostileDesk, function: str, **payload: Any) -> Any:
    given = {"year": year_of(desk.shop), "id": str(uuid4()), **payload}
    return desk.call(function, desk.shop.books.organization.id, given)


def test_a_year_is_reopened_by_nobody_without_the_right(closed: Trade) -> None:
    for role in ("clerk", "approver", "accountant"):
        with hostile_desk(closed, role) as desk:
            assert desk.refusal(lambda d=desk: turn(d, "posting_reopen_year", reason="Mine")) == "P0001 SEC-001"
            assert desk.refusal(lambda d=desk: turn(d, "posting_close_year")) == "P0001 SEC-001"
            for statement in ("UPDATE erpdesk.fiscal_year SET is_closed = false",
                              "UPDATE erpdesk.year_closing SET reason = 'x', reopened_at = now()",
                              "INSERT INTO erpdesk.year_closing (organization_id, id, fiscal_year_id, is_being_written)"
                              " SELECT organization_id, gen_random_uuid(), id, true FROM erpdesk.fiscal_year",
                              "DELETE FROM erpdesk.year_closing"):
                assert desk.refusal(lambda d=desk, s=statement: d.connection.execute(s.encode())).startswith("42501")
    assert closed.one("SELECT is_closed FROM erpdesk.fiscal_year WHERE code = '2026-27'")


def test_who_sees_some_branches_does_not_close_the_year_of_all(closed: Trade) -> None:
    with hostile_desk(closed, "admin") as desk, closed.admin() as master:
        master.execute("INSERT INTO erpdesk.branch (organization_id, id, code, code_key, name)"
                       " SELECT organization_id, gen_random_uuid(), 'NORTH', 'NORTH', 'North' FROM erpdesk.branch")
        limit = b"UPDATE erpdesk.organization_member SET branch_ids = %s WHERE user_name = %s"
        seen = [row[0] for row in master.execute("SELECT id FROM erpdesk.branch").fetchall()]
        master.execute(limit, (seen[:1], desk.login.name))
        master.commit()
        assert desk.refusal(lambda: turn(desk, "posting_reopen_year", reason="Mine")) == "P0001 SEC-001"
        assert desk.refusal(lambda: turn(desk, "posting_close_year")) == "P0001 SEC-001"
        master.execute(limit, (seen, desk.login.name))
        master.commit()
        turn(desk, "posting_reopen_year", reason="Every branch is mine")
    assert not closed.one("SELECT is_closed FROM erpdesk.fiscal_year WHERE code = '2026-27'")


def test_not_even_an_admin_writes_the_rows_himself_or_reopens_without_a_reason(closed: Trade) -> None:
    with hostile_desk(closed, "admin") as desk:
        assert desk.refusal(lambda: turn(desk, "posting_reopen_year")) == "P0001 PRD-014"
        for statement in ("UPDATE erpdesk.fiscal_year SET is_closed = false",
                          "UPDATE erpdesk.year_closing SET is_being_written = true",
                          "INSERT INTO erpdesk.year_closing (organization_id, id, fiscal_year_id)"
                          " SELECT organization_id, gen_random_uuid(), id FROM erpdesk.fiscal_year"):
            assert desk.refusal(lambda s=statement: desk.connection.execute(s.encode())).startswith("42501")
        for function in ("write_closing_entry", "year_to_turn", "result_to_carry", "closing_told", "is_closing_day",
                         "branches_to_close", "closing_audited"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                desk.connection.execute(_called(function))


def _called(function: str) -> bytes:
    arguments = {"write_closing_entry": "(SELECT y FROM erpdesk.fiscal_year y LIMIT 1), gen_random_uuid(),"
                                        " gen_random_uuid(), '{}'",
                 "branches_to_close": "gen_random_uuid(), current_date",
                 "closing_audited": "(SELECT c FROM erpdesk.year_closing c LIMIT 1), '', '{}', gen_random_uuid(), '{}'",
                 "year_to_turn": "gen_random_uuid(), gen_random_uuid(), true",
                 "result_to_carry": "gen_random_uuid(), gen_random_uuid(), current_date",
                 "closing_told": "(SELECT y FROM erpdesk.fiscal_year y LIMIT 1), true, ''",
                 "is_closing_day": "gen_random_uuid(), gen_random_uuid(), current_date"}[function]
    return f"SELECT erpdesk.{function}({arguments})".encode()


def test_nothing_is_posted_into_a_closed_year_not_even_in_the_transaction_that_closes_it(shop: Trade) -> None:
    with hostile_desk(shop, "admin") as desk:
        sent = desk.sent(journal(date="2027-03-31"))
        assert desk.refusal(lambda: turn(desk, "posting_close_year"), lambda: desk.open(sent)) == "23514 i8_year_closed"
        assert desk.refusal(lambda: desk.open(sent), lambda: turn(desk, "posting_close_year"),
                            lambda: desk.apply(sent)) == "23514 i8_year_closed"


def test_the_lock_that_a_closing_passes_stays_shut_for_everything_else(shop: Trade) -> None:
    with hostile_desk(shop, "admin") as desk:
        sent = desk.sent(journal(date="2027-03-31"))
        shop.books.periods.set_state(["2026-27"], "locked")
        assert desk.refusal(lambda: turn(desk, "posting_close_year"),
                            lambda: turn(desk, "posting_reopen_year", reason="x"),
                            lambda: desk.open(sent)) == "23514 i8_period_locked"


def switch(shop: Trade, on: bool) -> None:
    with shop.admin() as admin:
        admin.execute("UPDATE erpdesk.voucher_config_master SET is_active = %s"
                      " WHERE counterpart_role = 'retained_earnings'", (on,))


def test_a_closing_entry_is_not_forged(closed: Trade) -> None:
    """Not by typing one, though its type is switched on by hand; not by giving the function figures."""
    switch(closed, True)
    with hostile_desk(closed, "admin") as desk:
        typed = desk.desk.books("SHOP").vouchers.post(journal("10.00", type="YEAR_CLOSING", date="2027-04-01"))
        assert (typed.kind, typed.first.code) == ("invalid", "PRD-015")  # type: ignore[union-attr]
        entry = closed.one("SELECT voucher_id::text FROM erpdesk.year_closing")
        assert desk.refusal(lambda: desk.call("posting_reverse", closed.books.organization.id, {
            "of": entry, "date": "2027-04-01", "reason": "Mine", "id": str(uuid4())})) == "P0001 PRD-015"
        answer = turn(desk, "posting_close_year", lines=[{"account": "1110", "debit": "99"}], result="99")
        assert (answer["replayed"], float(answer["result"])) == (True, 10.0)
    switch(closed, False)


def test_a_closing_entry_stays_one_when_its_type_is_made_another(closed: Trade) -> None:
    """Who may configure types, and not reopen years, changes the type that the entry has."""
    entry = closed.one("SELECT voucher_id::text FROM erpdesk.year_closing")
    with closed.admin() as admin:
        admin.execute("UPDATE erpdesk.voucher_config_master SET counterpart_role = 'none'"
                      " WHERE counterpart_role = 'retained_earnings'")
    with hostile_desk(closed, "accountant") as desk:
        assert desk.refusal(lambda: desk.call("posting_reverse", closed.books.organization.id, {
            "of": entry, "date": "2027-04-01", "reason": "Mine", "id": str(uuid4()),
            "content_hash": "x"})) == "P0001 PRD-015"
    assert isinstance(closed.books.years.reopen(None, reason="Rent was missing"), Ok)


def test_nobody_keeps_a_year_open_by_taking_the_key_of_its_entry(shop: Trade) -> None:
    with hostile_desk(shop) as clerk:
        for key in ("year-close:2026-27:0", "year-close:2026-27:1", "year-close:2026-27:2", "year-close:2026-27:"):
            posted = clerk.desk.books("SHOP").vouchers.post({
                "type": "JOURNAL", "date": "2026-05-01", "idempotency_key": key,
                "lines": [{"account": "1110", "debit": "10.00"}, {"account": "4010", "credit": "10.00"}]})
            assert isinstance(posted, Ok), posted
    closed = shop.books.years.close()
    assert isinstance(closed, Ok), closed
    assert closed.value.result == "40.00"


def test_the_books_of_a_closed_year_and_its_audit_stay_as_they_are(closed: Trade) -> None:
    for who in ("owner", "superuser"):
        for table in ("journal", "journal_line", "audit_entry", "audit_seal"):
            with closed.database.connect(who) as master, pytest.raises(psycopg.Error) as caught, master.transaction():
                master.execute(f"UPDATE erpdesk.{table} SET organization_id = organization_id".encode())
            assert said(caught.value) == "23514 i3_books_never_change"


@pytest.mark.parametrize(("tampering", "told"), [
    ("UPDATE erpdesk.year_closing SET result = 11", "says 11, its entry YC/26-27/000001 carries 10"),
    ("DELETE FROM erpdesk.year_closing", "closes a year, but no closing made it"),
    ("UPDATE erpdesk.fiscal_year SET is_closed = false WHERE code = '2026-27'", "is open, but its closing stands"),
    ("UPDATE erpdesk.journal_line SET debit = debit + 1 WHERE debit > 0", "4010 stands at"),
])
def test_verify_finds_a_closing_that_was_tampered_with(closed: Trade, tampering: str, told: str) -> None:
    with closed.admin() as admin, admin.transaction() as transaction:
        admin.execute("SET session_replication_role = replica")
        admin.execute(tampering.encode())
        questions = years.CHECKS[0].questions
        texts = [row[0] for question in questions for row in admin.execute(question.encode()).fetchall()]
        assert any(told in text for text in texts), texts
        raise psycopg.Rollback(transaction)
