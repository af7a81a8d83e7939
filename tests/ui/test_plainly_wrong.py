"""A day that isn't open and one warehouse at both ends of a transfer are said where they are typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.domain.open_days import DatedPeriod, OpenDays
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import here, typed
from helpers.fake_desk import BLUEPRINTS, FakeBooks, schema_of

Open = Callable[[str], VoucherWindow]
YEAR = (date(2026, 4, 1), date(2027, 3, 31))


def is_marked(window: VoucherWindow, key: str) -> bool:
    return bool(window.sheet.header.editors[key].property("faulty"))


@pytest.mark.parametrize("code", BLUEPRINTS)
def test_a_day_of_no_year_is_said_of_every_type_where_it_is_typed(open_voucher: Open, code: str) -> None:
    window = open_voucher(code)
    typed("<F2>")
    assert here() == "field_date"
    typed("5-4-2031", "<Enter>")
    assert window.sheet.banner.text == "PRD-001 No fiscal year holds 2031-04-05"
    assert is_marked(window, "date")
    assert here() != "field_date", "it may still be written down as a draft"
    typed("<F2>", "5-4-2026", "<Enter>")
    assert (window.sheet.banner.text, is_marked(window, "date")) == ("", False)


def test_a_voucher_of_a_closed_day_stays_in_sight(
        open_voucher: Open, books: FakeBooks, session: Session) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("<F2>", "5-4-2031", "<Enter>", "cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "<Ctrl+A>")
    assert window.sheet.banner.text == "PRD-001 No fiscal year holds 2031-04-05"
    assert here() == "field_date"
    assert (books.vouchers.posts, session.queue.open_count) == ([], 0)
    assert window.draft.document()["lines"] == [{"account": "6020", "amount": "5"}]


@pytest.mark.parametrize(("days", "said"), [
    (OpenDays((DatedPeriod("2026-27", True, *YEAR, "open"),)), "PRD-002 Fiscal year 2026-27 is closed"),
    (OpenDays((DatedPeriod("2026-27", False, *YEAR, "locked"),)),
     "PRD-003 The period 2026-04-01 to 2027-03-31 is locked"),
    (OpenDays((DatedPeriod("2026-27", False, *YEAR, "open"),), date(2026, 10, 31)),
     "PRD-004 Everything up to 2026-10-31 is locked for audit")])
def test_what_was_closed_meanwhile_is_known_when_it_was_read(
        qtbot: QtBot, open_voucher: Open, books: FakeBooks, session: Session, days: OpenDays, said: str) -> None:
    books.periods.days = days
    session.place.days.read()
    qtbot.waitUntil(lambda: not session.background.is_busy)
    window = open_voucher("JOURNAL")
    typed("<F2>", "30-10", "<Enter>")
    assert window.sheet.banner.text == said


def test_a_year_that_was_made_meanwhile_is_read_at_once_and_the_voucher_is_taken(
        qtbot: QtBot, open_voucher: Open, books: FakeBooks, session: Session) -> None:
    window = open_voucher("CASH_PAYMENT")
    next_year = DatedPeriod("2027-28", False, date(2027, 4, 1), date(2028, 3, 31), "open")
    books.periods.days = replace(books.periods.days, periods=(*books.periods.days.periods, next_year))
    typed("<F2>", "5-4-2027", "<Enter>")
    assert window.sheet.banner.text.startswith("PRD-001")
    qtbot.waitUntil(lambda: window.sheet.banner.text == "")
    assert not is_marked(window, "date")
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: len(books.vouchers.posts) == 1)


def test_days_are_read_once_and_not_with_every_key(qtbot: QtBot, open_voucher: Open, books: FakeBooks,
                                                   session: Session) -> None:
    window = open_voucher("CASH_PAYMENT")
    assert books.periods.reads == 1
    typed("<F2>", "5-4-2031", "<Enter>")
    qtbot.waitUntil(lambda: not session.background.is_busy)
    assert books.periods.reads == 2
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "ren", "<Enter>", "7", "<Enter>")
    qtbot.waitUntil(lambda: not session.background.is_busy)
    assert books.periods.reads == 2
    assert window.sheet.banner.text.startswith("PRD-001"), "it is still so"


TRANSFERS = [code for code in BLUEPRINTS if schema_of(code).header_field("to_warehouse") is not None]


@pytest.mark.parametrize("code", TRANSFERS)
def test_goods_don_t_go_where_they_are(open_voucher: Open, books: FakeBooks, code: str) -> None:
    window = open_voucher(code)
    header = window.sheet.header
    header.enter("from_warehouse")
    typed("main", "<Enter>", "main", "<Enter>")
    assert window.sheet.banner.text == "INV-003 MAIN Main store is source and target"
    assert is_marked(window, "to_warehouse")
    typed("ric", "<Enter>", "2", "<Enter>", "<Ctrl+A>")
    assert here() == "field_to_warehouse"
    assert books.vouchers.posts == []
    header.enter("from_warehouse")
    typed("branch", "<Enter>")
    assert (window.sheet.banner.text, is_marked(window, "to_warehouse")) == ("", False)


def test_there_are_transfers() -> None:
    assert TRANSFERS


@pytest.mark.parametrize("code", TRANSFERS)
def test_goods_may_go_from_bin_to_bin_of_one_warehouse(
        qtbot: QtBot, open_voucher: Open, books: FakeBooks, code: str) -> None:
    window = open_voucher(code)
    window.sheet.header.enter("from_warehouse")
    typed("main", "<Enter>", "main", "<Enter>", "ric", "<Enter>", "2", "<Enter>")
    window.sheet.models["lines"].put(0, "bin", "A1")
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: len(books.vouchers.posts) == 1)
