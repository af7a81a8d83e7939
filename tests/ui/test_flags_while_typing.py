"""What rules say of the way of the cursor, seen while typing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pytestqt.qtbot import QtBot

from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.rows import FieldRule
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import here, typed
from helpers.fake_desk import FakeBooks
from helpers.fake_versions import BLUEPRINTS, CONTEXT
from helpers.started_windows import show

PAYMENT = "CASH_PAYMENT"


def opened(qtbot: QtBot, session: Session, books: FakeBooks, *rules: FieldRule) -> VoucherWindow:
    """A blank payment under more rules."""
    one = BLUEPRINTS[PAYMENT]
    schema = resolve_ui_schema(replace(one, field_rules=(*one.field_rules, *rules)), CONTEXT)
    window = VoucherWindow(session, books, schema, {"date": "2026-11-20"})
    show(qtbot, window)
    window.start()
    return window


def test_a_list_opens_when_the_cursor_comes_or_with_the_first_letter(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Callable[[str], VoucherWindow]) -> None:
    assert open_voucher(PAYMENT).popup.isVisible()
    window = opened(qtbot, session, books, FieldRule(field="account", open_on_focus=False))
    assert here() == "field_account"
    assert not window.popup.isVisible()
    typed("c")
    assert window.popup.isVisible()
    typed("as", "<Enter>")
    assert window.draft.header.values["account"] == "1110"


def test_a_row_begins_with_what_the_row_above_has_where_the_field_repeats(
        qtbot: QtBot, session: Session, books: FakeBooks) -> None:
    repeated = {}
    for repeats in (False, True):
        window = opened(qtbot, session, books, FieldRule(field="lines.narration", repeat_from_above=repeats))
        model = window.sheet.models["lines"]
        model.put(0, "account", "6020")
        model.put(0, "narration", "Rent of May")
        model.put(1, "account", "6020")
        repeated[repeats] = window.draft.document()["lines"][1].get("narration")
    assert repeated == {False: None, True: "Rent of May"}
