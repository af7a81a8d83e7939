"""Dialogs follow the key profile: each button does an action, prints its key, and hears another given instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.ui.keys.keyed_dialog import KeyedDialog
from erpdesk.ui.keys.profile import key_profile, rebind, shipped_profile
from erpdesk.ui.masters.deciding import Decision
from erpdesk.ui.settings.differences import DifferencesDialog
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.voucher.versions_dialog import VersionsDialog
from helpers.clerk import focus, typed

Heard = list[str]
Make = Callable[[QWidget, Heard], KeyedDialog]


def versions(over: QWidget, heard: Heard) -> KeyedDialog:
    dialog = VersionsDialog("Changed elsewhere", [], heard.append, over)
    dialog.rejected.connect(lambda: heard.append("later"))
    return dialog


def decision(over: QWidget, heard: Heard) -> KeyedDialog:
    dialog = Decision(over, "Delete?", "It is gone", (("Delete for good", lambda: heard.append("decide")),), "Keep it")
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
