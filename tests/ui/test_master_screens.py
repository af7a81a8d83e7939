"""Screens of masters on real books: every kind is made, altered, found, made inactive and deleted by key."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.master_forms import master_forms
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, typed
from helpers.master_screens import (
    FATAL,
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

NEW: dict[str, dict[str, str]] = {
    "account": {"code": "6999", "name": "Zebra expense", "type": "expense"},
    "party": {"code": "Z1", "name": "Zebra Stores", "kind": "customer"},
    "item": {"code": "Z1", "name": "Zebra cloth", "uom": "PCS"},
    "item_group": {"code": "Z1", "name": "Zebra goods"}, "uom": {"code": "Z1", "name": "Zebra unit"},
    "warehouse": {"code": "Z1", "name": "Zebra store"}, "bin": {"warehouse": "MAIN", "code": "Z1"},
    "batch": {"item": "RICE", "batch": "Z1"}, "price_list": {"code": "Z1", "name": "Zebra list"},
    "cost_centre": {"code": "Z1", "name": "Zebra centre"}, "tax_class": {"code": "Z1", "name": "Zebra class"},
    "currency": {"code": "ZAR", "name": "Zebra money"}, "branch": {"code": "Z1", "name": "Zebra branch"},
}
ALTERED = {"bin": None, "batch": ("expires", "1-4-27")}


def test_every_kind_but_one_that_vouchers_make_can_be_made() -> None:
    assert NEW.keys() == {kind for kind, form in master_forms().items() if not form.is_kept}


@pytest.mark.parametrize("kind", sorted(NEW))
def test_a_master_is_made_altered_found_made_inactive_and_deleted(
        qtbot: QtBot, window: MainWindow, kind: str) -> None:
    view, form = screen_of(qtbot, window, kind), master_forms()[kind]
    tester = QAbstractItemModelTester(view.model, FATAL)
    code = NEW[kind][form.code_key]
    typed("<Alt+C>")
    panel = panel_of(qtbot, window, view)
    assert panel.is_new
    for key, text in NEW[kind].items():
        into(panel, key, text, "<Enter>")
    typed("<Ctrl+A>")
    heard(qtbot, window)
    assert view.editing.panel is None, view.editing.panel._fault.text()
    row = view.row_here()
    assert row is not None
    assert (row.code, focus()) == (code, view.rows), "the cursor is at the new one"
    typed("<Enter>")
    panel = panel_of(qtbot, window, view)
    assert not panel.is_new
    key, text = ALTERED.get(kind, ("name", "Zulu")) or ("is_active", "y")
    into(panel, key, text, "<Enter>", "<Ctrl+A>")
    heard(qtbot, window)
    assert view.editing.panel is None, panel._fault.text()
    typed(code.lower())
    heard(qtbot, window)
    assert view.search.text() == code.lower()
    assert code in codes(view)
    row = view.row_here()
    assert row is not None
    assert row.code == code, "the best match has the cursor"
    if key == "name":
        assert row.values["name"] == "Zulu"
    view.search.setFocus()
    typed("<Esc>")
    heard(qtbot, window)
    assert view.search.text() == ""
    view.rows.go(view.model.number_of(row.name))
    typed("<Delete>")
    decided(qtbot, window, "Make it inactive")
    row = view.model.row_at(view.model.number_of(row.name))
    assert row is not None
    assert not row.is_active
    typed("<Delete>")
    decided(qtbot, window, "Delete for good")
    assert code not in codes(view)
    del tester
