"""Labels that an administrator wrote are shown as they were written: nothing in them is markup, nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.rows import UserField
from erpdesk.blueprints.vocabulary import FieldScope
from erpdesk.domain.results import Fault, Refused
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import typed
from helpers.fake_desk import FakeBooks
from helpers.fake_versions import BLUEPRINTS, CONTEXT

EVIL = "<b>Bold</b><img src='file:///etc/hostname'>"


def rich(root: QWidget) -> list[str]:
    """Texts and tips that Qt would take for markup."""
    found = [f"{label.objectName()}: {label.text()}" for label in root.findChildren(QLabel)
             if label.textFormat() != Qt.TextFormat.PlainText and "<b>" in label.text()]
    return found + [f"{one.objectName()} tip: {one.toolTip()}" for one in root.findChildren(QWidget)
                    if "<b>" in one.toolTip()]


@pytest.fixture
def evil_window(qtbot: QtBot, session: Session, books: FakeBooks) -> VoucherWindow:
    """A form of which every label that can be configured is markup."""
    one = BLUEPRINTS["SALES_INVOICE"]
    kind = replace(one.voucher_type, label=EVIL, ref_no_label=EVIL, voucher_date_label=EVIL, help=EVIL,
                   narration_templates=(EVIL,))
    udfs = tuple(UserField(scope=scope, key=f"x{scope}", label=EVIL, field_type="text", help=EVIL, required=True)
                 for scope in (FieldScope.HEADER, FieldScope.LINE))
    charges = tuple(replace(charge, label=EVIL) for charge in one.charges)
    schema = resolve_ui_schema(replace(one, voucher_type=kind, udfs=udfs, charges=charges), CONTEXT)
    books.vouchers.answer = lambda _document: Refused("invalid", (
        Fault("VCH-004", f"{EVIL} must be given", "udf.xheader"),
        Fault("VCH-004", f"{EVIL} is wrong", "lines[0].udf.xline")))
    window = VoucherWindow(session, books, schema, {"date": "2026-11-20"}, EVIL)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.start()
    return window


def test_no_label_of_a_form_is_markup(evil_window: VoucherWindow) -> None:
    assert EVIL in [label.text() for label in evil_window.findChildren(QLabel)], "the labels are shown"
    assert rich(evil_window) == []


def test_no_refusal_that_names_a_label_is_markup(qtbot: QtBot, evil_window: VoucherWindow) -> None:
    typed("asha", "<Enter>")
    evil_window.save()
    qtbot.waitUntil(lambda: evil_window.sheet.banner.fault is not None)
    assert "<b>" in evil_window.sheet.banner.text
    assert rich(evil_window) == []


def test_no_question_about_a_type_is_markup(qtbot: QtBot, evil_window: VoucherWindow) -> None:
    typed("asha", "<Enter>")
    evil_window.leave()
    asked = QApplication.activeModalWidget() or evil_window
    assert rich(evil_window) + rich(asked) == []
    if asked is not evil_window:
        asked.close()


def test_no_label_in_the_gateway_and_on_the_bar_is_markup(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    books.vouchers.kinds.change("CASH_PAYMENT", label=EVIL, ref_no_label=EVIL)
    main_window.session.place.read_types()
    qtbot.waitUntil(lambda: not main_window.session.background.is_busy)
    with qtbot.waitSignal(main_window.opener.voucher_opened):
        typed("<F5>")
    typed("<F1>")
    assert rich(main_window) == []
