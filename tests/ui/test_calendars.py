"""Days are typed and shown in the organization's calendar; the document holds Gregorian dates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.ui.calendars import shown_date, shown_date_short, shown_iso, use_calendar
from erpdesk.ui.editors.date_shorthand import NotADate, read_date
from erpdesk.ui.session import CONNECTED, Session
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.words import use_language
from helpers.clerk import typed
from helpers.fake_desk import FakeBooks, FakeDesk, slowly

TODAY = date(2026, 11, 20)     # 4 Mangsir 2083
NEAR = date(2026, 11, 17)      # 1 Mangsir 2083


@pytest.fixture(autouse=True)
def gregorian_english_afterwards() -> Iterator[None]:
    yield
    use_calendar("gregorian")
    use_language("en")


@pytest.fixture
def books(books: FakeBooks) -> FakeBooks:
    """Books of an organization that reckons in Bikram Sambat."""
    books.organization = replace(books.organization, calendar="bikram_sambat", digit_grouping="lakh")
    return books


@pytest.mark.parametrize(("keys", "day"), [
    ("5", "2026-11-21"), ("5-4", "2026-07-21"), ("5/4/83", "2026-07-21"), ("5.4.2082", "2025-07-21"),
    ("32/2/81", "2024-06-14"), ("+1", "2026-11-18"), ("-1", "2026-11-16"), ("t", "2026-11-20"),
    ("2081-01-01", "2024-04-13"), ("1 mangsir", "2026-11-17"), ("Tue 1-Mangsir-2083", "2026-11-17"),
    ("20-nov-2026", "2026-11-20"), ("५", "2026-11-21"), ("2/85", "2028-06-14")])
def test_dates_are_typed_short_in_bikram_sambat(keys: str, day: str) -> None:
    use_calendar("bikram_sambat")
    assert read_date(keys, NEAR, TODAY).isoformat() == day


@pytest.mark.parametrize("keys", ["30-8", "5-13", "33/2/81", "5 smarch", "1-1-2101"])
def test_days_that_bikram_sambat_has_not_are_refused(keys: str) -> None:
    use_calendar("bikram_sambat")
    with pytest.raises(NotADate):
        read_date(keys, NEAR, TODAY)


def test_a_day_is_shown_with_its_month_in_the_language_in_use() -> None:
    use_calendar("bikram_sambat")
    assert shown_date(TODAY) == "Fri 4-Mangsir-2083"
    assert shown_date_short(TODAY) == "2083-08-04"
    use_language("ne")
    assert shown_date(TODAY) == "शुक्र 4-मंसिर-2083"
    assert read_date(shown_date(TODAY), NEAR, NEAR) == TODAY


def test_a_day_outside_the_table_is_shown_as_gregorian() -> None:
    use_calendar("bikram_sambat")
    assert shown_date_short(date(1900, 1, 1)) == "01-Jan-1900"
    assert shown_iso("soon") == "soon"


def test_the_clerk_types_bikram_sambat_and_the_document_is_gregorian(
        open_voucher: Callable[[str], VoucherWindow]) -> None:
    window = open_voucher("JOURNAL")
    window.sheet.header.enter("date")
    typed("1/5/83", "<Enter>")
    assert window.draft.header.values["date"] == "2026-08-17"
    editor = window.sheet.header.editors["date"]
    assert editor.text() == "Mon 1-Bhadra-2083"
    assert editor.width() >= editor.fontMetrics().horizontalAdvance(editor.text() + "  17-Aug-2026")


def test_the_strip_shows_both_days(main_window: MainWindow) -> None:
    assert main_window.strip.day.text() == "Fri 4-Mangsir-2083  (20-Nov-2026)"


def test_the_day_book_begins_with_the_month_of_the_calendar(qtbot: QtBot, books: FakeBooks) -> None:
    session = Session(slowly(FakeDesk(books), 0))
    session.open()
    qtbot.waitUntil(lambda: session.state == CONNECTED)
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    window.opener.open_report("day-book")
    assert window.pages.current.values["since"] == "2026-11-17"  # type: ignore[attr-defined]
    session.close()
