"""An admin makes a petrol slip in the settings; a clerk types one, an approver approves it, and it posts.

All in the real window on a real PostgreSQL, each person with a login of their own, by keys and by mouse.
"""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.ui.settings.edited_types import NEW
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.settings.user_fields import UserFieldsTab
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.made_types import (
    PATIENCE,
    OpenWindow,
    approve_first,
    begin_voucher,
    into,
    open_window,
    press,
    settings_of,
    settle,
    turn_to,
)
from helpers.office import Office, open_office
from helpers.pictures import picture
from helpers.trading import Trade

TYPE = "PETROL_SLIP"
__all__ = ["open_window"]


@pytest.fixture
def office(shop: Trade) -> Office:
    """The shop with a clerk and an approver."""
    return open_office(shop, {"clerk": "clerk", "approver": "approver"})


def configure(qtbot: QtBot, page: SettingsPage) -> None:
    """The petrol slip, tab by tab."""
    turn_to(page, "General")
    into(page, "auto_post")
    typed("y", "<Enter>")
    turn_to(page, "Lines")
    into(page, "cost_centre_mode")
    typed("required", "<Enter>")
    turn_to(page, "Charges")
    press(page, "Add")
    for column, keys in (("label", "Card fee"), ("code", "FEE"), ("ledger", "6050"), ("rate", "2")):
        into(page, column)
        typed(keys, "<Enter>")
    settle(qtbot, page)
    picture(page, "charge")
    turn_to(page, "User fields")
    press(page, "Add")
    typed("Vehicle", "<Enter>")
    into(page, "regex")
    typed("[A-Z]{2} [0-9]{4}", "<Enter>", "BA 1234")
    fields = page.tabs.current
    assert isinstance(fields, UserFieldsTab)
    assert fields.form.editors["regex"].verdict.text() == "Would be taken"  # type: ignore[union-attr]
    fields.rows.setFocus()
    typed("<Ctrl+I>", "Meter reading", "<Enter>", "<Enter>", "<Enter>", "whole", "<Enter>")
    into(page, "required")
    typed("y", "<Enter>")
    into(page, "visible_when")
    typed("<Space>", "vehicle", "<Enter>", "filled", "<Ctrl+A>")
    assert fields.form.editors["visible_when"].text() == "Vehicle is filled in"  # type: ignore[union-attr]
    typed("<Esc>")
    settle(qtbot, page)
    picture(page, "fields")
    turn_to(page, "Numbering")
    into(page, "number_prefix")
    focus().selectAll()  # type: ignore[attr-defined]
    typed("PS/{FYS}/", "<Enter>")
    assert page.tabs.current.numbers.lines[0].endswith("PS/26-27/000001   PS/26-27/000002")  # type: ignore[union-attr]
    turn_to(page, "Approval")
    typed("<Enter>", "y", "<Enter>")
    press(page, "Add")
    typed("5000", "<Enter>")
    assert page.tabs.current.sentence.text() == "From 5,000.00: 1. approver"  # type: ignore[union-attr]
    settle(qtbot, page)
    picture(page, "approval")
    turn_to(page, "Access")
    press(page, "Add")
    typed("lines cost centre", "<Enter>")
    into(page, "section")
    typed("row", "<Enter>")
    settle(qtbot, page)


def test_a_petrol_slip_is_made_in_the_settings_typed_by_a_clerk_approved_and_posted(
        qtbot: QtBot, open_window: OpenWindow, office: Office) -> None:
    admin = open_window("program")
    page = settings_of(qtbot, admin)
    typed("<Alt+N>", "cash payment", "<Enter>", "Petrol slip", "<Enter>", "<Ctrl+A>")
    settle(qtbot, page)
    assert page.edited is not None
    assert page.edited.code == TYPE
    assert page.list.code_here() == NEW, "the list shows which type this is"
    configure(qtbot, page)
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: TYPE in {one.code for one in admin.session.types}, timeout=PATIENCE)
    admin.close()

    assert "role approver" in typed_by_the_clerk(qtbot, open_window("clerk"))
    assert approve_first(qtbot, open_window("approver")) == "6120.00", "the fee of 2 % is paid too"
    posted = office.shop.rows(
        "SELECT voucher_number, status, udf ->> 'vehicle', udf ->> 'meter_reading' FROM erpdesk.voucher")
    assert posted == [("PS/26-27/000001", "POSTED", "BA 1234", "70512")]
    assert office.shop.balances() == {"1110": "-6120", "6050": "6120"}


def typed_by_the_clerk(qtbot: QtBot, window: MainWindow) -> str:
    """Types a slip of 6,000; what is said of it."""
    voucher = begin_voucher(qtbot, window, "petrol")
    form = voucher.sheet.header
    assert not form.editors["udf.meter_reading"].isVisible(), "it is shown only when there is a vehicle"
    typed("1110", "<Enter>")
    form.enter("udf.vehicle")
    typed("ba", "<Enter>")
    assert here() == "field_udf.vehicle", "it isn't of the pattern"
    focus().selectAll()  # type: ignore[attr-defined]
    typed("BA 1234", "<Enter>")
    assert here() == "field_udf.meter_reading"
    typed("70512", "<Enter>")
    typed("6050", "<Enter>", "6000", "<Enter>")
    assert here() == "cell_cost_centre", "it stands in the row now"
    typed("cc1", "<Enter>")
    assert [voucher.sheet.totals.figure(name) for name in ("tax", "charges", "net")] == ["–", "120.00", "6,120.00"]
    picture(voucher, "typed")
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: not voucher.submission.is_running, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "waits" in voucher.sheet.banner.text, timeout=PATIENCE)
    return voucher.sheet.banner.text
