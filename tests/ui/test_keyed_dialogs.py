"""Dialogs follow the key profile: each button does an action, prints its key, and hears another given instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import ErpdeskError
from erpdesk.ui.deciding import Decision
from erpdesk.ui.keys.keyed_dialog import KeyedDialog
from erpdesk.ui.keys.profile import key_profile, rebind, shipped_profile
from erpdesk.ui.session import Session
from erpdesk.ui.settings.differences import DifferencesDialog
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.voucher.versions_dialog import VersionsDialog
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.window.opening import Opening, OpeningPage
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks

Heard = list[str]
Make = Callable[[QWidget, Heard], KeyedDialog]


def versions(over: QWidget, heard: Heard) -> KeyedDialog:
    dialog = VersionsDialog("Changed elsewhere", [], heard.append, over)
    dialog.rejected.connect(lambda: heard.append("later"))
    return dialog


def decision(over: QWidget, heard: Heard) -> KeyedDialog:
    dialog = Decision(over, "Delete?", "It is gone", (("Delete for good", lambda: heard.append("decide")),
                                                      ("Make it inactive", lambda: heard.append("other"))), "Keep it")
    dialog.rejected.connect(lambda: heard.append("keep"))
    return dialog


def differences(over: QWidget, heard: Heard) -> KeyedDialog:
    dialog = DifferencesDialog("Compare", "Two", ("a", "b", "c"), over, key_context="versions")
    dialog.add_button("restoreVersion", "Restore this version", "restore", lambda: heard.append("restore"))
    dialog.add_button("closeDifferences", "Close", "leave", lambda: heard.append("leave"))
    dialog.offer(((1, "first"), (2, "second")), lambda _value: None)
    dialog.choices.setFocus()
    return dialog


DIALOGS: dict[str, Make] = {"two_versions": versions, "question": decision, "versions": differences}
ACTIONS = [(context, action) for context in DIALOGS for action in dict.fromkeys(
    one.action for one in shipped_profile().context(context))]


def press(chord: str) -> None:
    combination = QKeySequence(chord)[0]
    QTest.keyClick(focus(), combination.key(), combination.keyboardModifiers())


@pytest.fixture
def over(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(900, 600)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def opened(qtbot: QtBot, over: QWidget, context: str, heard: Heard) -> KeyedDialog:
    dialog = DIALOGS[context](over, heard)
    dialog.open()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    if dialog.focusWidget() is None:
        dialog.findChildren(QPushButton)[0].setFocus()
    return dialog


@pytest.mark.parametrize(("context", "action"), ACTIONS)
def test_each_action_is_done_by_its_key_and_by_ones_own(qtbot: QtBot, over: QWidget, context: str, action: str) -> None:
    heard: Heard = []
    shipped = key_profile().chord_of(context, action)
    opened(qtbot, over, context, heard)
    press(shipped)
    assert heard == [action]
    heard.clear()
    rebind(context, action, "Alt+7")
    dialog = opened(qtbot, over, context, heard)
    assert any(button.text().endswith("   Alt+7") for button in dialog.findChildren(QPushButton))
    press("Alt+7")
    assert heard == [action]


@pytest.mark.parametrize("context", DIALOGS)
def test_every_button_prints_the_key_of_an_action(qtbot: QtBot, over: QWidget, context: str) -> None:
    dialog = opened(qtbot, over, context, [])
    bound = {one.action for one in key_profile().context(context)}
    keyed = {tuple(button.property("keyed") or ())[1:] for button in dialog.findChildren(QPushButton)}
    assert keyed <= {(context, action) for action in bound}
    dialog.reject()


@pytest.mark.parametrize("context", DIALOGS)
def test_enter_presses_the_button_with_the_cursor_and_arrows_go_between(qtbot: QtBot, over: QWidget,
                                                                        context: str) -> None:
    heard: Heard = []
    dialog = opened(qtbot, over, context, heard)
    buttons = sorted(dialog.findChildren(QPushButton), key=lambda one: one.x())
    buttons[0].setFocus()
    QTest.keyClick(focus(), Qt.Key.Key_Right)
    assert focus() is buttons[1]
    QTest.keyClick(focus(), Qt.Key.Key_Left)
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    assert heard == [buttons[0].property("keyed")[2]]
    assert not dialog.isVisible()


def test_a_list_to_choose_from_goes_on_to_the_first_button(qtbot: QtBot, over: QWidget) -> None:
    heard: Heard = []
    opened(qtbot, over, "versions", heard)
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    assert focus().objectName() == "restoreVersion"
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    assert heard == ["restore"]


def test_a_question_over_a_page_is_decided_by_its_key_from_any_field(qtbot: QtBot, over: QWidget) -> None:
    done: list[str] = []
    rebind("question", "decide", "Ctrl+J")
    question = Question(over, "Reverse?", "It is reversed", "Reverse", lambda _day, reason: done.append(reason))
    question.ask()
    assert question.done_button.text() == "Reverse   Ctrl+J"
    typed("wrong party", "<Ctrl+J>")
    assert done == ["wrong party"]


# What else asks over the window


def test_leaving_a_voucher_asks_by_the_keys_of_a_question(
        qtbot: QtBot, open_voucher: Callable[[str], VoucherWindow], books: FakeBooks) -> None:
    rebind("question", "other", "Alt+7")
    closed: list[bool] = []
    window = open_voucher("JOURNAL")
    window.wants_close.connect(lambda: closed.append(True))
    typed("1110", "<Enter>", "100", "<Enter>")

    def asked() -> Decision:
        window.leave()
        qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), Decision))
        found = QApplication.activeWindow()
        assert isinstance(found, Decision)
        return found

    question = asked()
    assert [button.text() for button in question.buttons] == [
        "Keep typing   Esc", "Save as draft   Alt+Y", "Discard it   Alt+7"]
    assert focus() is question.buttons[1], "Enter saves"
    press("Esc")
    assert not closed
    asked()
    press("Alt+7")
    assert closed == [True]
    assert not books.vouchers.saves


def test_the_working_date_and_the_list_to_go_from_hear_ones_own_keys(main_window: MainWindow) -> None:
    rebind("working_date", "take_day", "Ctrl+J")
    rebind("working_date", "close", "Ctrl+W")
    rebind("goto", "choose", "Ctrl+J")
    rebind("goto", "close", "Ctrl+W")
    typed("<F2>", "5", "<Ctrl+J>")
    assert (here(), main_window.strip.day.text()) == ("gatewayFilter", "Thu 5-Nov-2026")
    typed("<F2>", "6", "<Ctrl+W>")
    assert (here(), main_window.strip.day.text()) == ("gatewayFilter", "Thu 5-Nov-2026")
    typed("<Alt+G>", "day b", "<Ctrl+W>")
    assert (here(), main_window.go_to.isVisible()) == ("gatewayFilter", False)
    typed("<Alt+G>", "day b", "<Ctrl+J>")
    assert main_window.pages.current.objectName() == "registerView"


def test_the_keys_of_what_lies_over_the_window_stand_on_the_bar(main_window: MainWindow) -> None:
    rebind("goto", "close", "Ctrl+W")
    typed("<Alt+G>")
    main_window.refresh_bar()
    assert {"Return", "Ctrl+W"} <= {key.chord for key in main_window.bar.keys}
    typed("<Esc>", "<F2>")
    main_window.refresh_bar()
    assert {"Return", "Esc"} <= {key.chord for key in main_window.bar.keys}


def test_a_page_that_can_t_open_is_closed_by_ones_own_key(qtbot: QtBot, session: Session) -> None:
    rebind("arriving", "leave", "Ctrl+W")

    def fetch() -> Opening:
        raise ErpdeskError("VCH-004", "There is no such voucher")

    page = OpeningPage(session, "Journal", fetch, lambda _page, _opening: None)
    qtbot.addWidget(page)
    page.show()
    page.start()
    qtbot.waitUntil(lambda: "Ctrl+W closes this tab" in page.findChild(QLabel).text())  # type: ignore[union-attr]
    with qtbot.waitSignal(page.wants_close):
        QTest.keyClick(page, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
