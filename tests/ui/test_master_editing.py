"""Masters on their screens: lists that hang on them, neighbours, two people at one, many at once, trees, long lists."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.master_forms import master_forms
from erpdesk.domain.results import Ok
from erpdesk.services.desk import Books
from erpdesk.ui.deciding import Decision
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.window.screens import permitted
from helpers.clerk import clicked, focus, here, typed
from helpers.master_screens import (
    books,
    codes,
    database_template,
    decided,
    heard,
    into,
    panel_of,
    screen_of,
    window,
)

__all__ = ["books", "database_template", "window"]

def test_who_may_not_edit_masters_sees_no_screens() -> None:
    assert [one.code for one in permitted({"voucher.enter"}) if one.code.startswith("masters.")] == []
    clerk = {one.code for one in permitted({"masters.edit"}) if one.code.startswith("masters.")}
    assert clerk == {f"masters.{kind}" for kind in master_forms() if kind != "branch"}
    assert "masters.branch" in {one.code for one in permitted({"config.edit"})}


def test_an_item_gets_units_in_the_grid_below_its_form(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    books.masters.import_masters({"uoms": [{"code": "BOX"}, {"code": "CASE"}]})
    window.session.freshness.read_again("uom")
    view = screen_of(qtbot, window, "item")
    view.rows.go(view.model.number_of(("TEA", "")))
    typed("<Enter>")
    panel = panel_of(qtbot, window, view)
    grid = panel.grids["alternate_units"]
    assert grid.enter_first()
    typed("box", "<Enter>", "12", "<Enter>", "case", "<Enter>", "144", "<Enter>")
    assert here() == "cell_uom"
    typed("<Enter>")
    assert here() == "masterSaveButton", "an empty row is the end of the list"
    typed("<Enter>")
    heard(qtbot, window)
    values = books.master_forms.open("item", "TEA").values
    assert values is not None
    assert values["alternate_units"] == [{"uom": "BOX", "factor": "12"}, {"uom": "CASE", "factor": "144"}]
    typed("<Enter>")
    panel = panel_of(qtbot, window, view)
    grid = panel.grids["alternate_units"]
    grid.enter(0, "uom")
    typed("<Ctrl+D>", "<Ctrl+A>")
    heard(qtbot, window)
    values = books.master_forms.open("item", "TEA").values
    assert values is not None
    assert values["alternate_units"] == [{"uom": "CASE", "factor": "144"}]


def test_rates_of_a_price_list_are_typed_and_a_fault_stands_in_its_cell(
        qtbot: QtBot, window: MainWindow, books: Books) -> None:
    view = screen_of(qtbot, window, "price_list")
    typed("<Enter>")
    panel = panel_of(qtbot, window, view)
    grid = panel.grids["rates"]
    assert grid.enter(1, "item")
    typed("rice", "<Enter>")
    assert grid.lines.lines[1].values["uom"] == "PCS", "the item's own unit is proposed"
    grid.enter(1, "minimum_quantity")
    typed("10", "<Enter>", "12.5", "<Enter>", "1-4-26", "<Enter>", "31-3-26", "<Enter>", "<Ctrl+A>")
    heard(qtbot, window)
    assert view.editing.panel is panel
    assert "before it begins" in panel._fault.text()
    assert here() == "cell_valid_until"
    typed("31-3-27", "<Enter>", "<Ctrl+A>")
    heard(qtbot, window)
    assert view.editing.panel is None
    values = books.master_forms.open("price_list", "RETAIL").values
    assert values is not None
    assert values["rates"] == [
        {"item": "RICE", "uom": "PCS", "rate": "12.5", "minimum_quantity": "10", "valid_from": "2026-04-01",
         "valid_until": "2027-03-31"}, {"item": "TEA", "uom": "PCS", "rate": "15"}]


def test_parties_are_found_although_mistyped_and_turned_through(qtbot: QtBot, window: MainWindow) -> None:
    view = screen_of(qtbot, window, "party")
    typed("a")
    assert focus() is view.search, "a letter goes into the search"
    typed("hsa")
    heard(qtbot, window)
    assert codes(view) == ["C001"], "ahsa is asha"
    typed("<Esc>")
    heard(qtbot, window)
    assert codes(view) == ["C001", "C002", "S001"]
    view.rows.go(0)
    typed("<Enter>")
    panel_of(qtbot, window, view)
    typed("<PageDown>")
    assert panel_of(qtbot, window, view).draft.header.values["code"] == "C002"
    typed("Bina Stores", "<PageDown>")
    decided(qtbot, window, "Go on typing")
    assert panel_of(qtbot, window, view).draft.header.values["name"] == "Bina Stores", "nothing typed is lost"
    typed("<PageDown>")
    decided(qtbot, window, "Throw away what was typed")
    panel = panel_of(qtbot, window, view)
    assert panel.draft.header.values["code"] == "S001"
    typed("<PageDown>", "<PageUp>")
    panel_of(qtbot, window, view)
    typed("<Esc>")
    assert view.editing.panel is None
    row = view.row_here()
    assert row is not None
    assert (row.code, focus()) == ("C002", view.rows)
    typed("<Esc>")
    assert view not in window.pages.pages()


def test_the_second_of_two_is_told_and_sees_what_the_first_wrote(
        qtbot: QtBot, window: MainWindow, books: Books) -> None:
    view = screen_of(qtbot, window, "party")
    typed("<Enter>")
    panel = panel_of(qtbot, window, view)
    other = books.master_forms.open("party", "C001").values
    assert other is not None
    assert books.master_forms.save("party", {**other, "credit_days": "45"}, is_new=False, seen=other) == ()
    into(panel, "name", "Mine", "<Enter>", "<Ctrl+A>")
    decided(qtbot, window, "Go on typing")
    assert view.editing.panel is panel, "what was typed stays"
    panel.form.enter("name")
    typed("<Ctrl+A>")
    decided(qtbot, window, "Show what is there now")
    now = panel_of(qtbot, window, view)
    assert (now.draft.header.values["name"], now.draft.header.values["credit_days"]) == ("Asha Stores", "45")


def test_a_field_of_many_is_set_and_a_refusal_changes_none(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    view = screen_of(qtbot, window, "item")
    typed("<Space>", "<Shift+Down>")
    assert sorted(code for code, _ in view.model.marked) == ["OIL", "RICE"]
    typed("<Ctrl+A>")
    heard(qtbot, window)
    assert len(view.model.marked) == 3
    assert view.marks.text().startswith("3 marked")

    def set_for_all(field: str, value: str) -> None:
        typed("<Alt+E>")
        heard(qtbot, window)
        assert view.many.panel is not None
        typed(field, "<Enter>")
        assert here().startswith("many_"), here()
        typed(value, "<Enter>")
        assert here() == "manyDo"
        QTest.keyClick(focus(), Qt.Key.Key_Return)
        heard(qtbot, window)

    set_for_all("tax class", "stand")
    assert focus() is view.rows
    assert {row.values["tax_class"] for row in view.model.rows} == {"STD"}
    assert not view.model.marked
    typed("<Ctrl+A>")
    heard(qtbot, window)
    posted = books.vouchers.post({"type": "PURCHASE_INVOICE", "date": "2026-11-20", "party": "S001", "charges": [],
                                  "auto_charges": False, "lines": [{"item": "TEA", "quantity": "1", "rate": "2"}]})
    assert isinstance(posted, Ok), posted
    set_for_all("valuation", "weighted")
    assert view.many.panel is not None
    assert view.many.panel.word.text().startswith("None was changed.\nTEA: "), view.many.panel.word.text()
    typed("<Esc>", "<Esc>")
    heard(qtbot, window)
    assert focus() is view.rows, "the first closes the list of choices, the second the question"
    assert {row.values["valuation"] for row in view.model.rows} == {"fifo"}


def test_accounts_are_a_tree_that_folds_and_moves(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    view = screen_of(qtbot, window, "account")
    everything = codes(view)
    assert everything[:2] == ["1000", "1110"]
    assert view.model.data(view.model.index(0, 1)) == "▾ 1000"
    typed("<Left>")
    assert codes(view)[:2] == ["1000", "2000"]
    typed("<Right>")
    assert codes(view) == everything
    typed("<Right>", "<Down>")
    row = view.row_here()
    assert row is not None
    assert (row.code, row.values["roles"]) == ("1120", "bank")
    typed("<Left>")
    row = view.row_here()
    assert row is not None
    assert row.code == "1000", "up to the group"
    typed("<Alt+C>")
    panel = panel_of(qtbot, window, view)
    assert panel.draft.header.values["parent"] == "1000"
    into(panel, "code", "1010", "<Enter>", "Cash", "<Enter>", "<Ctrl+A>")
    heard(qtbot, window)
    row = view.row_here()
    assert row is not None
    assert (row.code, row.values["parent"], row.values["name"]) == ("1010", "1000", "Cash"), "names need not differ"
    typed("<Enter>")
    panel = panel_of(qtbot, window, view)
    into(panel, "parent", "expens", "<Enter>", "<Ctrl+A>")
    heard(qtbot, window)
    assert view.editing.panel is None
    moved = codes(view)
    assert moved.index("1010") == moved.index("6000") + 1
    typed("r")
    typed("ound")
    heard(qtbot, window)
    assert codes(view) == ["6000", "6030", "6040"], "what is found, and the group it stands in"
    row = view.row_here()
    assert row is not None
    assert row.code == "6030"


def test_a_click_takes_what_can_be_read_and_is_held_by_what_can_t(qtbot: QtBot, window: MainWindow,
                                                                 books: Books) -> None:
    view = screen_of(qtbot, window, "party")
    typed("<Enter>")
    panel = panel_of(qtbot, window, view)
    limit, name = panel.form.editors["credit_limit"], panel.form.editors["name"]
    panel.form.enter("credit_limit")
    typed("3z")
    assert clicked(name) == "field_credit_limit"
    assert "number" in panel.findChild(QLabel, "masterFault").text()  # type: ignore[union-attr]
    typed("<Esc>", "300+50")
    assert clicked(name) == "field_name"
    assert (limit.raw, panel.draft.header.values["credit_limit"]) == ("350", "350")


def test_what_is_used_is_only_made_inactive(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    view = screen_of(qtbot, window, "item")
    view.rows.go(view.model.number_of(("TEA", "")))
    typed("<Delete>")
    heard(qtbot, window)
    decision = window.findChild(Decision)
    assert decision is not None
    assert decision.word.text() == "It is used by price lists. Inactive, it is offered nowhere any more."
    assert [button.text() for button in decision.buttons] == ["Keep it   Esc", "Make it inactive   Alt+Y"]
    decided(qtbot, window, "Keep it")
    assert view.model.row_at(view.model.number_of(("TEA", ""))).is_active  # type: ignore[union-attr]


def test_a_long_list_is_scrolled_to_its_end_page_by_page(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    books.masters.import_masters({"parties": [
        {"code": f"P{number:05}", "name": f"Party {number}", "kind": "customer"} for number in range(3_000)]})
    view = screen_of(qtbot, window, "party")
    assert len(view.model.rows) < 1_000
    typed("<End>")
    heard(qtbot, window)
    row = view.row_here()
    assert row is not None
    assert row.code == "S001"
    typed("<PageUp>")
    heard(qtbot, window)
    row = view.row_here()
    assert row is not None
    assert row.code.startswith("P02")
    typed("<Home>")
    heard(qtbot, window)
    row = view.row_here()
    assert row is not None
    assert row.code == "C001"
    for _ in range(40):
        typed("<PageDown>")
        heard(qtbot, window)
    row = view.row_here()
    assert row is not None
    assert row.code > "P00600"
    assert view.foot.text() == "3003 masters"


def test_a_unit_is_made_while_an_item_is_altered_and_the_item_goes_on(
        qtbot: QtBot, window: MainWindow, books: Books) -> None:
    view = screen_of(qtbot, window, "item")
    view.rows.go(view.model.number_of(("TEA", "")))
    typed("<Enter>")
    panel = panel_of(qtbot, window, view)
    assert panel.grids["alternate_units"].enter_first()
    typed("Sack", "<Alt+C>")
    heard(qtbot, window)
    inner = view.in_place.panel
    assert inner is not None
    assert inner.draft.header.values["code"] == "SACK"
    typed("<Ctrl+A>")
    heard(qtbot, window)
    assert view.in_place.panel is None
    assert here() == "cell_factor", "the unit is taken, the cursor goes on"
    typed("50", "<Enter>", "<Ctrl+A>")
    heard(qtbot, window)
    values = books.master_forms.open("item", "TEA").values
    assert values is not None
    assert values["alternate_units"] == [{"uom": "SACK", "factor": "50"}]


def test_serial_numbers_are_looked_at_only(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    books.masters.import_masters({"items": [{"code": "PHONE", "name": "Phone", "uom": "PCS", "track_serial": True}]})
    posted = books.vouchers.post({
        "type": "PURCHASE_INVOICE", "date": "2026-11-20", "party": "S001", "charges": [], "auto_charges": False,
        "lines": [{"item": "PHONE", "quantity": "2", "rate": "9", "serials": ["SN-1", "SN-2"]}]})
    assert isinstance(posted, Ok), posted
    view = screen_of(qtbot, window, "serial")
    assert codes(view) == ["SN-1", "SN-2"]
    typed("<Alt+C>", "<Delete>")
    heard(qtbot, window)
    assert view.editing.panel is None
    assert window.findChild(Decision) is None
    typed("<Enter>")
    panel = panel_of(qtbot, window, view)
    assert all(editor.isReadOnly() for editor in panel.form.editors.values())
    assert not panel.save_button.isVisible()
    typed("<Ctrl+A>", "<PageDown>")
    assert panel_of(qtbot, window, view).draft.header.values["serial"] == "SN-2"
    typed("<Esc>")
    assert view.editing.panel is None
