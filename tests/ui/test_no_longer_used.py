"""A master that is not active is called so where it is typed, not offered to be made again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.ui.lookups.index import LookupIndex
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import here, typed
from helpers.fake_desk import MASTERS, FakeBooks, Row

CLOSED = Row("C099", "Closed Corner Shop", active=False)


@pytest.fixture
def books() -> FakeBooks:
    made = FakeBooks()
    made.masters.kept["party"] = (*MASTERS["party"], CLOSED)
    return made


@pytest.mark.parametrize("name", ["C099", "c099", "closed corner", "Closed Corner Shop"])
def test_a_customer_that_is_not_active_is_told_apart_from_one_that_is_not_there(
        open_voucher: Callable[[str], VoucherWindow], name: str) -> None:
    window = open_voucher("SALES_INVOICE")
    typed(name)
    assert window.popup.nothing_text() == "C099 Closed Corner Shop is not active"
    typed("<Enter>")
    assert window.sheet.banner.text == "C099 Closed Corner Shop is not active"
    assert here() == "field_party"
    typed(*["<Backspace>"] * len(name), "nobody")
    assert window.popup.nothing_text() == "Nothing found — Alt+C creates it"


def test_groups_and_those_in_use_are_not_called_so() -> None:
    index = LookupIndex([CLOSED, Row("C1", "Asha"), Row("1000", "Assets", attributes={"is_group": True})])
    assert [index.inactive(typed) for typed in ("", " ", "asha", "1000", "x")] == [None] * 5


def test_help_goes_before_the_list_under_it_and_when_another_voucher_comes(
        qtbot: QtBot, main_window: MainWindow) -> None:
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        typed("<F8>")
    voucher: VoucherWindow = signal.args[0]
    typed("as", "<F1>")
    assert main_window.help.isVisible()
    typed("<Esc>")
    assert not main_window.help.isVisible()
    assert not voucher.popup.isHidden(), "the list is next"
    typed("<Esc>")
    assert voucher.popup.isHidden()
    typed("<F1>")
    assert main_window.help.isVisible()
    with qtbot.waitSignal(main_window.opener.voucher_opened):
        typed("<F5>")
    QApplication.processEvents()
    assert not main_window.help.isVisible()
