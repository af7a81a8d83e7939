"""A charge is begun with its name; what documents call it is made from that, until it is typed or stored."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.settings.row_list import RowsTab
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import typed
from helpers.fake_desk import FakeBooks
from helpers.settings_pages import edited, open_page, show_tab


@pytest.fixture
def page(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> SettingsPage:
    return open_page(qtbot, main_window, books)


def test_the_code_of_a_charge_follows_its_name_until_it_is_typed_or_stored(page: SettingsPage) -> None:
    tab: RowsTab = show_tab(page, "charges")

    def named(place: int) -> tuple[str, str]:
        row = edited(page).rows("charges")[place]
        return row["label"], row["code"]

    typed("<Ctrl+I>", "Value added tax, 2", "<Enter>")
    assert named(1) == ("Value added tax, 2", "VALUE_ADDED_TAX_2")
    typed("<Ctrl+Z>")
    assert named(1) == ("", ""), "typing a name is one step"
    typed("<Ctrl+Y>")
    tab.rows.setFocus()
    typed("<Ctrl+I>", "VAT", "<Enter>")
    assert named(2) == ("VAT", "VAT_2"), "no other charge has it"
    typed("OWN", "<Enter>")
    tab.form.enter("label")
    typed("Levy", "<Enter>")
    assert named(2) == ("Levy", "OWN")
    tab.rows.setCurrentRow(0)
    tab.form.enter("label")
    typed("Rebate", "<Enter>")
    assert named(0) == ("Rebate", "DISC"), "what is stored is called so by documents"
