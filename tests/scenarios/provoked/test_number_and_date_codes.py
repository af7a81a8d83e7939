"""NUM-*, PRD-*, APR-*: each code is provoked through the command line, and takes no number."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.terminal import Terminal
from helpers.trading import journal

provokes = pytest.mark.provokes


@provokes("NUM-001", "NUM-004")
def test_a_number_typed_by_hand_is_there_and_free(terminal: Terminal) -> None:
    terminal.configure("NUMBERED", copy_of="JOURNAL", label="Numbered", numbering_method="manual",
                       prevent_duplicate_voucher_no=True)
    by_hand = journal("1", type="NUMBERED")
    answer = terminal.refused(by_hand)
    assert (answer["code"], answer["field"]) == ("NUM-004", "voucher_number")
    terminal.posted({**by_hand, "voucher_number": "A-1", "idempotency_key": "a"})
    answer = terminal.refused({**by_hand, "voucher_number": " a-1 ", "idempotency_key": "b"})
    assert answer["code"] == "NUM-001"


@provokes("NUM-002")
def test_an_unknown_series_is_refused(terminal: Terminal) -> None:
    answer = terminal.refused(journal("1", series="EAST"))
    assert (answer["code"], answer["field"]) == ("NUM-002", "series")


@provokes("NUM-003")
def test_a_number_longer_than_the_law_of_the_country_allows_is_refused(terminal: Terminal) -> None:
    created = terminal.run("org", "create", "--code", "INDIA", "--name", "India", "--currency", "INR",
                           "--country", "IN", "--fiscal-year", "2026-04-01:2027-03-31")
    assert created.code == 0, created
    series = {"code": "LONG", "prefix": "JV/{FY}/", "width": 4, "first_number": 100000}
    change = terminal.file({"voucher_types": [{"code": "JOURNAL", "series": [series]}]})
    assert terminal.run("config", "import", change, "--org", "INDIA").code == 0
    sent = terminal.file([journal("1", series="LONG")])
    ended = terminal.run("import", "vouchers", sent, "--org", "INDIA", "--post")
    assert (ended.code, ended.rows[0]["code"]) == (1, "NUM-003")


def by_calendar(terminal: Terminal, *closing: tuple[str, ...], day: str = "2026-04-02") -> dict[str, Any]:
    """What a journal is told after these commands; each is a command of `period`, `year` or `org`."""
    for command in closing:
        ended = terminal.ask(*command)
        assert ended.code == 0, ended
    return terminal.refused(journal("1", date=day))


@provokes("PRD-001")
def test_a_day_of_no_year_is_refused(terminal: Terminal) -> None:
    answer = by_calendar(terminal, day="2031-01-01")
    assert (answer["code"], answer["field"], answer["step"]) == ("PRD-001", "date", "journal")


@pytest.mark.parametrize(("command", "undo", "code"), [
    pytest.param(("year", "close"), ("year", "reopen", "--reason", "Again"), "PRD-002", marks=provokes("PRD-002")),
    pytest.param(("period", "lock", "2026-04"), ("period", "unlock", "2026-04"), "PRD-003", marks=provokes("PRD-003")),
    pytest.param(("period", "audit-lock", "2026-04-02"), ("period", "audit-lock", "none"), "PRD-004",
                 marks=provokes("PRD-004")),
    pytest.param(("org", "lock"), ("org", "unlock"), "PRD-005", marks=provokes("PRD-005"))])
def test_what_is_closed_or_locked_takes_no_voucher(
        terminal: Terminal, command: tuple[str, ...], undo: tuple[str, ...], code: str) -> None:
    answer = by_calendar(terminal, command)
    assert (answer["code"], answer["field"], answer["step"]) == (code, "date", "journal")
    assert terminal.ask(*undo).code == 0
    terminal.posted(journal("1"))


@provokes("PRD-006", "PRD-007")
def test_a_date_is_within_the_days_that_its_type_allows(terminal: Terminal) -> None:
    ended = terminal.ask("year", "create", "--fiscal-year", "2027-04-01:2028-03-31")
    assert ended.code == 0, ended
    terminal.configure("NEAR", copy_of="JOURNAL", label="Near", back_date_days=0, forward_date_days=0)
    told = {day: terminal.refused(journal("1", type="NEAR", date=day))["code"]
            for day in ("2026-04-01", "2028-03-31")}
    assert told == {"2026-04-01": "PRD-006", "2028-03-31": "PRD-007"}


@provokes("PRD-008", "PRD-009", "PRD-010", "PRD-016")
def test_years_and_periods_are_named_as_they_are(terminal: Terminal) -> None:
    for command, code in ((("year", "create", "--fiscal-year", "2026-06-01:2027-05-31"), "PRD-008"),
                          (("year", "create", "--fiscal-year", "2035-04-01:2036-03-31"), "PRD-016"),
                          (("year", "close", "1999-00"), "PRD-009"),
                          (("period", "lock", "1999-01"), "PRD-010")):
        ended = terminal.ask(*command)
        assert (ended.code, ended.err[:7]) == (1, code), ended


@provokes("PRD-011", "PRD-012", "PRD-014")
def test_years_are_closed_and_reopened_in_their_order_and_for_a_reason(terminal: Terminal) -> None:
    assert terminal.ask("year", "create", "--fiscal-year", "2027-04-01:2028-03-31").code == 0
    told = [terminal.ask("year", "close", "2027-28").err[:7]]
    assert [terminal.ask("year", "close", code).code for code in ("2026-27", "2027-28")] == [0, 0]
    told += [terminal.ask("year", "reopen", "2026-27").err[:7], terminal.ask("year", "reopen", "--reason", " ").err[:7]]
    assert [terminal.ask("year", "reopen", "--reason", "Late bill").code for _ in range(2)] == [0, 0]
    assert told == ["PRD-011", "PRD-012", "PRD-014"]


@provokes("PRD-015")
def test_a_closing_entry_is_reversed_only_by_reopening(terminal: Terminal) -> None:
    terminal.posted({"type": "JOURNAL", "date": "2026-04-02", "lines": [
        {"account": "6010", "debit": "1.00"}, {"account": "1110", "credit": "1.00"}]})
    assert terminal.ask("year", "close").code == 0
    [answer] = terminal.ask("voucher", "reverse", "YC/26-27/000001", "--date", "2027-04-01", "--reason", "No").rows
    assert (answer["ok"], answer["code"]) == (False, "PRD-015")
    assert terminal.ask("year", "reopen", "--reason", "Late bill").code == 0


@provokes("PRD-013")
def test_a_year_needs_something_to_close_with(terminal: Terminal) -> None:
    terminal.posted({"type": "JOURNAL", "date": "2026-04-02", "lines": [
        {"account": "6010", "debit": "1.00"}, {"account": "1110", "credit": "1.00"}]})
    with terminal.trade.admin() as admin:
        admin.execute("CREATE TEMP TABLE kept AS SELECT * FROM erpdesk.account_role WHERE role = 'retained_earnings'")
        admin.execute("DELETE FROM erpdesk.account_role WHERE role = 'retained_earnings'")
        ended = terminal.ask("year", "close")
        admin.execute("INSERT INTO erpdesk.account_role SELECT * FROM kept")
    assert (ended.code, ended.err[:7]) == (1, "PRD-013")


@provokes("APR-001")
def test_a_type_that_needs_approval_posts_nothing_without_it(terminal: Terminal) -> None:
    terminal.configure("APPROVED", copy_of="JOURNAL", label="Approved", requires_approval=True)
    [draft] = terminal.send(journal("1", type="APPROVED"), post=False)
    [submitted] = terminal.ask("voucher", "post", draft["voucher_id"]).rows
    assert submitted["status"] == "PENDING_APPROVAL"
    [answer] = terminal.ask("voucher", "post", draft["voucher_id"]).rows
    assert (answer["ok"], answer["code"], answer["step"]) == (False, "APR-001", "journal")
