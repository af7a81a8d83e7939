"""The audit trail on real books: filtered, read field by field, compared, its chain checked, page after page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Ok
from erpdesk.services.desk import Books
from erpdesk.services.trail import PAGE, differences
from erpdesk.ui.trail.view import TrailView
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.begun_books import begun_books, books_of
from helpers.clerk import typed
from helpers.database import Database
from helpers.real_window import settled, window_on


def entry(day: str, amount: str = "100.00") -> dict[str, Any]:
    return {"type": "JOURNAL", "date": day,
            "lines": [{"account": "1110", "debit": amount}, {"account": "4010", "credit": amount}]}


def begin(made: Books) -> None:
    saved = made.vouchers.save(entry("2026-05-01"))
    assert isinstance(saved, Ok)
    again = made.vouchers.save(entry("2026-05-02", "250.00"), voucher_id=saved.value.voucher_id, row_version=1)
    assert isinstance(again, Ok), again
    posted = made.vouchers.post(saved.value.voucher_id)
    assert isinstance(posted, Ok), posted
    assert isinstance(made.vouchers.reverse(str(posted.value.voucher_number), "2026-05-03", "Wrong"), Ok)
    made.periods.set_state(["2026-04"], "locked")


database_template = begun_books(begin)


@pytest.fixture
def books(database: Database) -> Books:
    """A shop: a draft saved, changed, posted and reversed; a period locked."""
    return books_of(database)


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication, database: Database, books: Books) -> Iterator[TrailView]:
    """The screen, opened from the gateway."""
    with window_on(qtbot, qapp, database) as window:
        typed("trail by field", "<Enter>")
        page = window.pages.current
        assert isinstance(page, TrailView)
        settled(qtbot, page.session)
        yield page


def down_to(view: TrailView, **wanted: str) -> None:
    typed("<Ctrl+Home>")
    for _ in range(len(view.model.rows)):
        row = view.row_here()
        assert row is not None
        if all(getattr(row.fact, key) == value for key, value in wanted.items()):
            return
        typed("<Down>")
    raise AssertionError([row.texts for row in view.model.rows])


def changed(view: TrailView) -> dict[str, tuple[str, str]]:
    return {row.texts[0]: (row.texts[1], row.texts[2]) for row in view.changes.rows}


def test_the_newest_entry_stands_first_with_what_it_changed(qtbot: QtBot, view: TrailView) -> None:
    row = view.row_here()
    assert row is not None
    assert (row.fact.kind, row.fact.action) == ("accounting_period", "changed")
    assert row.texts[5].startswith("2026-27 · "), "a period is named by its year and number"
    assert changed(view) == {"State": ("Open", "Locked")}
    tip = view.changes.data(view.changes.index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert tip == "state", "the name of the column is there for who asks"


def test_versions_of_a_draft_show_what_each_save_changed_and_are_compared(qtbot: QtBot, view: TrailView) -> None:
    typed("<F2>", "<Enter>", "<Enter>", "<Enter>", "voucher", "<Enter>", "<Enter>")
    settled(qtbot, view.session)
    assert {row.fact.kind for row in view.model.rows} == {"voucher"}
    saves = [row.fact for row in view.model.rows if row.fact.action == "saved"]
    assert len(saves) == 2
    down_to(view, action="posted")
    down_to(view, sequence=saves[0].sequence)
    assert changed(view)["Total"] == ("100.00", "250.00")
    assert changed(view)["Lines 1 › Debit"] == ("100.00", "250.00")
    assert list(changed(view)).count("Date") == 1, "what column and document say alike is told once"
    assert changed(view)["Date"] == ("01-May-2026", "02-May-2026")
    down_to(view, sequence=saves[1].sequence)
    assert changed(view)["Lines 1 › Account"] == ("", "1110 Cash"), changed(view)
    down_to(view, sequence=saves[0].sequence)
    typed("<Alt+M>")
    assert view.foot.text() == (f"Entry {saves[0].sequence} is held: go to another of the same record to compare; "
                                "Alt+M ends it")
    assert changed(view)["Total"] == ("100.00", "250.00"), "until then it shows what it changed itself"
    down_to(view, sequence=next(row.fact.sequence for row in reversed(view.model.rows)))
    assert "compared with" in view.foot.text()
    assert changed(view)["Date"] == ("01-May-2026", "02-May-2026")
    typed("<Alt+M>")
    assert "compared with" not in view.foot.text()


def test_the_chain_is_checked_on_a_worker_and_the_result_said(qtbot: QtBot, view: TrailView) -> None:
    typed("<Alt+K>")
    assert "checking" in view.foot.text()
    settled(qtbot, view.session)
    assert "The chain holds" in view.foot.text()


def test_entries_are_read_page_after_page(qtbot: QtBot, view: TrailView) -> None:
    assert len(view.model.rows) == PAGE
    typed("<Ctrl+End>")
    settled(qtbot, view.session)
    qtbot.waitUntil(lambda: len(view.model.rows) > PAGE)
    sequences = [row.fact.sequence for row in view.model.rows]
    assert sequences == sorted(set(sequences), reverse=True)


def test_enter_opens_the_voucher_of_an_entry(qtbot: QtBot, view: TrailView) -> None:
    down_to(view, kind="voucher", action="reversed")
    window = view.window()
    assert isinstance(window, MainWindow)
    with qtbot.waitSignal(window.opener.voucher_opened, timeout=10_000) as opened:
        typed("<Enter>")
    assert isinstance(opened.args[0], VoucherWindow)


@pytest.mark.parametrize(("before", "after", "told"), [
    (None, {"a": 1}, [("a", "", "1")]), ({"a": [1, 2]}, {"a": [1, 3]}, [("a[2]", "2", "3")]),
    ({"a": True, "row_version": 1}, {"a": False, "row_version": 2}, [("a", "yes", "no")]), ({}, {}, [])])
def test_two_snapshots_differ_field_by_field(before: Any, after: Any, told: list[tuple[str, str, str]]) -> None:
    assert [(one.field, one.before, one.after) for one in differences(before, after)] == told
