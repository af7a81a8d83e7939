"""Wrong things typed into every field of every voucher type are answered with a word at the field; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.database import Database
from helpers.fake_desk import BLUEPRINTS
from helpers.real_desk import TYPED, database_template, real_desk
from helpers.wrong_typing import complaints, fill

__all__ = ["database_template"]

Open = Callable[[str], VoucherWindow]


@pytest.mark.parametrize("code", BLUEPRINTS)
def test_nothing_wrong_is_taken_or_left_without_a_word(
        qtbot: QtBot, open_voucher: Open, session: Session, code: str) -> None:
    voucher = open_voucher(code)
    voucher.sheet.header.toggle_details()
    fill(voucher)
    qtbot.waitUntil(lambda: not session.background.is_busy)
    said = complaints(voucher, most=4)
    assert not said, "\n".join(said)


@pytest.mark.long
def test_nothing_wrong_is_taken_on_real_books(
        qtbot: QtBot, qapp: QApplication, database: Database) -> None:
    said: list[str] = []
    with real_desk(qtbot, qapp, database) as desk:
        for code in TYPED:
            voucher = desk.open(code)
            voucher.sheet.header.toggle_details()
            fill(voucher)
            desk.settle()
            said += complaints(voucher)
            desk.settle()
        assert not said, "\n".join(said)
