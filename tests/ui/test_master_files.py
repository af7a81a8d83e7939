"""Masters written to files and brought in from them on their screens, by key."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import Books
from erpdesk.services.master_pages import MasterQuestion
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.file_dialogs import chosen
from helpers.master_screens import books, codes, database_template, heard, screen_of, window

__all__ = ["books", "database_template", "window"]


def test_what_is_shown_is_written_and_a_file_is_looked_at_before_it_is_brought_in(
        qtbot: QtBot, window: MainWindow, books: Books, tmp_path: Path) -> None:
    view, file = screen_of(qtbot, window, "party"), tmp_path / "mine.csv"
    said: list[str] = []
    view.said.connect(said.append)
    typed("<Ctrl+E>")
    chosen(view, "exportFile", file)
    heard(qtbot, window)
    assert said == [f"Written to {file}"]
    text = file.read_text(encoding="utf-8-sig")
    assert text.startswith("code,name,kind,")
    file.write_text(text.replace("Asha Stores", "Asha and Sons") + "N1,New one,customer" + "," * 8 + "\nN2,Bad,nobody"
                    + "," * 8 + "\n", encoding="utf-8")
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    typed("<Alt+I>")
    chosen(view, "importFile", file)
    heard(qtbot, window)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    panel = view.files.panel
    assert panel is not None
    assert panel.word.text() == "1 new, 1 changed, 2 unchanged, 1 refused. Nothing is written yet."
    assert [(one.key, one.status) for one in panel.model.results][:3] == [
        ("N2", "refused"), ("N1", "created"), ("C001", "updated")]
    assert len(books.master_lists.everything(MasterQuestion("party"))) == 3
    typed("<Esc>")
    assert view.files.panel is None
    assert focus() is view.rows
    view.files.look_at(file)
    heard(qtbot, window)
    assert here() == "importDo"
    typed("<Enter>")
    heard(qtbot, window)
    assert said[-1] == "1 new, 1 changed, 1 refused"
    names = {row.code: row.values["name"] for row in books.master_lists.everything(MasterQuestion("party"))}
    assert (names["C001"], names["N1"]) == ("Asha and Sons", "New one")
    assert "N1" in codes(view)


def test_a_file_that_is_no_table_of_masters_is_refused_with_a_word(
        qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    view, file = screen_of(qtbot, window, "party"), tmp_path / "other.csv"
    said: list[str] = []
    view.said.connect(said.append)
    file.write_text("colour\nred\n", encoding="utf-8")
    view.files.look_at(file)
    heard(qtbot, window)
    assert view.files.panel is None
    assert said[0].startswith("IMP-008  The column")
