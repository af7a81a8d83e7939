"""An admin who can't program makes three types of voucher nobody made before; clerks type, others approve, all post.

A receipt with a number of its own form and a field that shows only when it is wanted; a sale of scrap, copied, with a
charge and most columns gone; a move from shelf to shelf, which two people approve.
"""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.ui.editors.listed import LookupEditor
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.settings.row_list import RowsTab
from erpdesk.ui.settings.user_fields import UserFieldsTab
from erpdesk.ui.voucher.line_details import LineDetails
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed
from helpers.made_types import (
    PATIENCE,
    OpenWindow,
    accept,
    approve_first,
    begin_voucher,
    into,
    open_window,
    press,
    save_type,
    settings_of,
    turn_to,
)
from helpers.office import Office, open_office
from helpers.pictures import picture
from helpers.trading import Trade

__all__ = ["open_window"]

@pytest.fixture
def office(shop: Trade) -> Office:
    """The shop with those who type and those who approve, and goods to sell and to move."""
    told = shop.books.masters.import_masters({"bins": [
        {"warehouse": "MAIN", "code": "A1"}, {"warehouse": "MAIN", "code": "B2"}, {"warehouse": "SHOP", "code": "S1"}]})
    assert all(one.ok for one in told)
    shop.books.configuration.import_document({"voucher_types": [
        {"code": "PURCHASE_INVOICE", "lines": {"show_bin": True}}]})
    shop.buy("TEA", "10", "5", day="2026-11-20")
    shop.buy("TEA", "6", "5", day="2026-11-20", bin="A1")
    return open_office(shop, {"clerk": "clerk", "approver": "approver", "accountant": "accountant"})


def set_to(page: SettingsPage, answer: str, *columns: str) -> None:
    for column in columns:
        into(page, column)
        typed(answer, "<Enter>")


def rows_here(page: SettingsPage) -> RowsTab:
    tab = page.tabs.current
    assert isinstance(tab, RowsTab)
    return tab


def vouchers(office: Office, prefix: str) -> list[tuple[str, str]]:
    return office.shop.rows("SELECT voucher_number, status FROM erpdesk.voucher WHERE voucher_number LIKE %s",
                            f"{prefix}%")


def condition(page: SettingsPage, column: str) -> str:
    into(page, column)
    typed("<Space>", "adm", "<Enter>", "is", "<Enter>", "inp", "<Enter>", "<Ctrl+A>")
    fields = page.tabs.current
    assert isinstance(fields, UserFieldsTab)
    return fields.form.editors[column].text()  # type: ignore[union-attr]


def test_a_hospital_advance_asks_for_the_patient_and_for_the_ward_of_who_stays(
        qtbot: QtBot, open_window: OpenWindow, office: Office) -> None:
    admin = open_window("program")
    page = settings_of(qtbot, admin)
    typed("<Alt+N>", "cash receipt", "<Enter>", "Hospital advance", "<Enter>", "<Ctrl+A>")
    turn_to(page, "User fields")
    press(page, "Add")
    typed("Patient no", "<Enter>")
    set_to(page, "y", "required")
    into(page, "regex")
    typed("PT-[0-9]{6}", "<Enter>", "PT-000123")
    assert rows_here(page).form.editors["regex"].verdict.text() == "Would be taken"  # type: ignore[union-attr]
    rows_here(page).rows.setFocus()
    typed("<Ctrl+I>", "Admission", "<Enter>")
    into(page, "field_type")
    typed("sel", "<Enter>", "Inpatient", "<Enter>", "<Enter>", "Outpatient", "<Enter>")
    rows_here(page).rows.setFocus()
    typed("<Ctrl+I>", "Ward", "<Enter>")
    assert [condition(page, column) for column in ("required_when", "visible_when")] == 2 * ["Admission is Inpatient"]
    picture(page, "hospital")
    save_type(qtbot, admin, page, "HOSPITAL_ADVANCE")

    window = open_window("clerk")
    voucher = begin_voucher(qtbot, window, "hospital")
    assert not voucher.sheet.header.editors["udf.ward"].isVisible()
    typed("1110", "<Enter>", "PT-1", "<Enter>")
    assert voucher.sheet.banner.text == "Patient no doesn't have the form PT-[0-9]{6}"
    focus().selectAll()  # type: ignore[attr-defined]
    typed("PT-000123", "<Enter>", "inp", "<Enter>")
    assert here() == "field_udf.ward"
    typed("<Enter>", "4010", "<Enter>", "2500", "<Enter>")
    assert accept(qtbot, voucher) == "VCH-004 Ward must be given"
    assert here() == "field_udf.ward"
    typed("W4", "<Enter>")
    picture(voucher, "hospital-typed")
    assert accept(qtbot, voucher) == "Posted HA/26-27/000001"
    assert office.shop.one("SELECT udf FROM erpdesk.voucher WHERE voucher_number LIKE %s", "HA%") == {
        "patient_no": "PT-000123", "admission": "inpatient", "ward": "W4"}


@pytest.mark.long
def test_a_scrap_sale_is_a_sale_with_little_to_type_and_a_charge(
        qtbot: QtBot, open_window: OpenWindow, office: Office) -> None:
    admin = open_window("program")
    page = settings_of(qtbot, admin)
    typed("sales inv", "<Alt+2>", "Scrap sale", "<Ctrl+A>")
    turn_to(page, "Header")
    set_to(page, "n", "use_ref_no", "use_credit_days", "use_price_list")
    turn_to(page, "Lines")
    set_to(page, "n", "lines.show_discount", "lines.show_warehouse", "lines.show_alternate_unit", "lines.show_tax")
    turn_to(page, "Charges")
    while rows_here(page).rows.count():
        rows_here(page).rows.setFocus()
        typed("<Ctrl+D>")
    press(page, "Add")
    typed("Scrap handling", "<Enter>", "<Enter>", "4010", "<Enter>")
    set_to(page, "5", "rate")
    assert rows_here(page).texts() == ["+ Scrap handling   SCRAP_HANDLING   5 %"]
    picture(page, "scrap")
    save_type(qtbot, admin, page, "SCRAP_SALE")

    voucher = begin_voucher(qtbot, open_window("clerk"), "scrap")
    lines = voucher.sheet.models["lines"]
    assert [field.key for field in lines.columns] == ["item", "quantity", "rate", "line_amount"]
    typed("c001", "<Enter>", "tea", "<Enter>", "2", "<Enter>", "40", "<Enter>")
    assert voucher.sheet.totals.figure("net") == "84.00"
    picture(voucher, "scrap-typed")
    assert accept(qtbot, voucher) == "Posted SS/26-27/000001"
    assert office.shop.balances()["1130"] == "84"


def asked_for_the_bins(qtbot: QtBot, voucher: VoucherWindow) -> None:
    """What must be given is asked for, though it has no column; where the goods lie is offered."""
    qtbot.waitUntil(lambda: not voucher.session.background.is_busy, timeout=PATIENCE)
    assert here() == "cell_to_bin"
    editor = focus()
    assert isinstance(editor, LookupEditor)
    assert [row.code for row in editor.rows("")] == ["S1"], "those of the warehouse that the goods go to"
    split = voucher.findChild(LineDetails).split  # type: ignore[union-attr]
    assert split is not None
    assert split.lines.lines[0].values["bin"] == "A1"


@pytest.mark.long
def test_a_shelf_move_wants_both_bins_and_two_who_approve(
        qtbot: QtBot, open_window: OpenWindow, office: Office) -> None:
    admin = open_window("program")
    page = settings_of(qtbot, admin)
    typed("<Alt+N>", "stock transfer", "<Enter>", "Shelf move", "<Ctrl+A>")
    turn_to(page, "General")
    set_to(page, "y", "auto_post")
    turn_to(page, "Lines")
    set_to(page, "y", "lines.show_bin")
    qtbot.waitUntil(lambda: page.checking.is_settled, timeout=PATIENCE)
    turn_to(page, "Key path")
    rows = rows_here(page).rows
    for text in ("·  Bin   in the details", "·  To bin   in the details"):
        rows.setCurrentRow(rows_here(page).texts().index(text))
        set_to(page, "y", "required")
        qtbot.waitUntil(lambda: page.checking.is_settled, timeout=PATIENCE)
    turn_to(page, "Approval")
    typed("<Enter>", "y", "<Enter>")
    for level, role in (("1", "appr"), ("2", "acc")):
        press(page, "Add")
        into(page, "level")
        focus().selectAll()  # type: ignore[attr-defined]
        typed(level, "<Enter>", role, "<Enter>")
    picture(page, "shelf")
    assert page.tabs.current.sentence.text() == "Every voucher: 1. approver, 2. accountant"  # type: ignore[union-attr]
    save_type(qtbot, admin, page, "SHELF_MOVE")

    window = open_window("clerk")
    voucher = begin_voucher(qtbot, window, "shelf")
    typed("main", "<Enter>", "shop", "<Enter>", "tea", "<Enter>", "2", "<Enter>")
    asked_for_the_bins(qtbot, voucher)
    typed("<Esc>")
    assert accept(qtbot, voucher) == "VCH-004 Bin must be given"
    asked_for_the_bins(qtbot, voucher)
    typed("s1", "<Enter>", "<Enter>")
    picture(voucher, "shelf-typed")
    assert accept(qtbot, voucher) == "Saved; waits for approval by role approver"
    window.close()
    for who in ("approver", "accountant"):
        assert vouchers(office, "SM") == []
        window = open_window(who)
        approve_first(qtbot, window)
        picture(window, "shelf-" + who)
        window.close()
    assert vouchers(office, "SM") == [("SM/26-27/000001", "POSTED")]
