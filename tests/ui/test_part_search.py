"""A list that hangs on a master is searched: rates found by part of a name, typed, and nothing typed is lost."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import Books
from erpdesk.ui.keys.profile import rebind
from erpdesk.ui.voucher.masters.panel import MasterPanel
from erpdesk.ui.voucher.masters.part_search import PartSearch
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.master_screens import (
    FATAL,
    books,
    database_template,
    decided,
    heard,
    panel_of,
    screen_of,
    window,
)

__all__ = ["books", "database_template", "window"]

KINDS = ("Green tea", "Black tea", "Basmati rice", "Sunflower oil", "Chick peas")


def many(books: Books, count: int) -> None:
    """A price list of so many items, five kinds in turn."""
    told = books.masters.import_masters({
        "items": [{"code": f"I{number:05}", "name": f"{KINDS[number % 5]} no {number}", "uom": "PCS"}
                  for number in range(count)],
        "price_lists": [{"code": "RETAIL", "name": "Retail", "rates": [
            {"item": f"I{number:05}", "uom": "PCS", "rate": "10"} for number in range(count)]}]})
    assert all(one.ok for one in told)


def opened(qtbot: QtBot, window: MainWindow, books: Books, count: int) -> tuple[MasterPanel, PartSearch]:
    many(books, count)
    window.session.freshness.read_again("item")
    view = screen_of(qtbot, window, "price_list")
    window.session.lookups.index("item")
    typed("<Enter>")
    panel = panel_of(qtbot, window, view)
    search = panel.searches["rates"]
    qtbot.waitUntil(lambda: not search._warming.isActive(), timeout=30_000)
    return panel, search


def shown(panel: MasterPanel) -> list[str]:
    return [str(line.values["item"]) for line in panel.grids["rates"].lines.lines if not line.is_blank]


def rates_of(books: Books) -> dict[str, str]:
    values = books.master_forms.open("price_list", "RETAIL").values
    assert values is not None
    return {row["item"]: row["rate"] for row in values["rates"]}


def test_rates_are_found_typed_removed_and_added_among_many(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    panel, search = opened(qtbot, window, books, 60)
    QAbstractItemModelTester(panel.grids["rates"].lines, FATAL)
    before = rates_of(books)
    typed("<Ctrl+F>")
    assert focus() is search.field
    typed("tea 1")
    assert shown(panel) == ["I00001", "I00010", "I00011", "I00015", "I00016", "I00021", "I00031", "I00041", "I00051"]
    assert search.count.text() == "9 of 61"
    typed("1", "<Enter>")
    assert (shown(panel), here()) == (["I00011"], "cell_rate")
    typed("77.5", "<Enter>", "<Ctrl+F>")
    assert focus() is search.field
    typed("chik", "<Down>")
    assert shown(panel)[:2] == ["I00004", "I00009"], "a typing error is forgiven"
    typed("<Ctrl+D>", "<Ctrl+F>", "i00020", "<Enter>", "88", "<Enter>")
    grid = panel.grids["rates"]
    grid.enter(1, "item")
    typed("oil", "<Enter>")
    grid.enter(1, "rate")
    typed("99", "<Enter>", "<Esc>")
    assert search.field.text() == ""
    assert len(shown(panel)) == 61, "one less, one more"
    added = grid.lines.lines[grid.here()[0]].values
    assert added["rate"] == "99", "the cursor stays at its row"
    assert panel.draft.is_changed
    typed("<Ctrl+F>", "i00030", "<Enter>", "66", "<Ctrl+A>")
    heard(qtbot, window)
    assert rates_of(books) == {
        **{code: rate for code, rate in before.items() if code != "I00004"}, "I00011": "77.5", "I00020": "88",
        "I00030": "66", str(added["item"]): "99"}


def test_a_fault_in_a_row_out_of_sight_is_shown_in_its_cell(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    panel, search = opened(qtbot, window, books, 30)
    grid = panel.grids["rates"]
    grid.enter(7, "valid_from")
    typed("1-4-26", "<Enter>", "31-3-26", "<Enter>", "<Ctrl+F>", "i00002", "<Ctrl+A>")
    heard(qtbot, window)
    assert not search.is_on
    assert (here(), grid.here()[0]) == ("cell_valid_until", 7)
    assert "before it begins" in panel._fault.text()


def test_leaving_a_search_is_not_leaving_the_list(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    panel, search = opened(qtbot, window, books, 30)
    typed("<Ctrl+F>", "nowhere to be found")
    assert (shown(panel), search.count.text()) == ([], "0 of 31")
    typed("<Esc>")
    assert (len(shown(panel)), panel.isVisible()) == (31, True)
    typed("<Ctrl+F>", "i00003", "<Enter>", "5", "<Enter>", "<Esc>", "<Esc>")
    decided(qtbot, window, "Go on typing")
    assert panel.draft.rows["rates"][3].values["rate"] == "5"


def test_a_short_list_has_no_search_in_sight(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    rebind("master", "find", "Ctrl+J")
    view = screen_of(qtbot, window, "price_list")
    typed("<Enter>")
    panel = panel_of(qtbot, window, view)
    assert not panel.searches["rates"].field.isVisible()
    typed("<Ctrl+J>")
    field = panel.searches["rates"].field
    assert focus() is field
    assert field.placeholderText().endswith("   Ctrl+J"), "the person's own key"


@pytest.mark.long
def test_among_fifty_thousand_rates_no_key_waits(qtbot: QtBot, qapp: QApplication, window: MainWindow,
                                                 books: Books) -> None:
    panel, search = opened(qtbot, window, books, 50_000)
    typed("<Ctrl+F>")
    qapp.processEvents()
    took = []
    for letter in "tea no 4321":
        began = time.perf_counter()
        QTest.keyClick(search.field, Qt.Key.Key_Space if letter == " " else getattr(Qt.Key, f"Key_{letter.upper()}"))
        qapp.processEvents()
        took.append((time.perf_counter() - began) * 1_000)
    print("a key in ms:", [round(one, 1) for one in took])
    assert "I04321" in shown(panel)
    assert sorted(took)[len(took) // 2] < 16, took


def pasted(panel: MasterPanel, text: str) -> str:
    """Paste it where the cursor is; what is said then."""
    QApplication.clipboard().setText(text)
    typed("<Ctrl+V>")
    return panel._fault.text()


def test_what_is_pasted_while_only_some_rows_are_shown_goes_into_those_and_is_told(
        qtbot: QtBot, window: MainWindow, books: Books) -> None:
    panel, search = opened(qtbot, window, books, 60)
    before = rates_of(books)
    grid = panel.grids["rates"]
    typed("<Ctrl+F>", "chick 1", "<Enter>")
    assert shown(panel) == ["I00014", "I00019"]
    refused = "Nothing was pasted. Of the rows found 2 stand from here on, and there are 3 to paste; Esc shows all rows"
    assert pasted(panel, "21\n22\n23") == refused
    assert [line.values["rate"] for line in grid.lines.lines[:2]] == ["10", "10"]
    assert pasted(panel, "21\n22") == "2 lines pasted"
    grid.enter(2, "item")
    assert pasted(panel, "I00020\tPCS\t5\t77\nI00021\tPCS\t5\t78") == "2 lines pasted"
    assert search.count.text() == "4 of 63"
    typed("<Ctrl+A>")
    heard(qtbot, window)
    values = books.master_forms.open("price_list", "RETAIL").values
    assert values is not None
    assert [(row["item"], row["rate"]) for row in values["rates"] if row.get("minimum_quantity", "0") != "0"] == [
        ("I00020", "77"), ("I00021", "78")]
    assert {row["item"]: row["rate"] for row in values["rates"] if row.get("minimum_quantity", "0") == "0"} == {
        **before, "I00014": "21", "I00019": "22"}


def test_a_row_pasted_that_contradicts_one_out_of_sight_is_refused_by_the_number_of_its_line(
        qtbot: QtBot, window: MainWindow, books: Books) -> None:
    panel, _ = opened(qtbot, window, books, 60)
    typed("<Ctrl+F>", "chick 1", "<Enter>")
    grid = panel.grids["rates"]
    grid.enter(2, "item")
    pasted(panel, "I00020\tPCS\t\t77\n\tPCS\t\t78")
    typed("<Ctrl+A>")
    heard(qtbot, window)
    assert (panel._fault.text(), grid.here()) == ("IMP-012  Line 63: Item must be given", (62, "item"))
    typed("i00021", "<Enter>", "<Ctrl+A>")
    heard(qtbot, window)
    assert panel._fault.text() == ("IMP-011  The rate holds on days of line 21, for the same item, unit and quantity; "
                                   "give one an end before the other begins.")
    assert grid.here()[0] == 61
