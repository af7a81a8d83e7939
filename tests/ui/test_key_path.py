"""The cursor goes along the path and nowhere else; keys do what the profile says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from erpdesk.blueprints.fields import Section
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed

Open = Callable[[str], VoucherWindow]


def test_journal_passes_its_stops_and_leaves_on_a_blank_row(open_voucher: Open) -> None:
    window = open_voucher("JOURNAL")
    assert here() == "cell_account"
    assert typed("cash", "<Enter>") == ["cell_account", "cell_debit"]
    assert typed("100", "<Enter>")[-1] == "cell_account"
    assert typed("cap", "<Enter>")[-1] == "cell_credit"
    assert focus().text() == "100.00", "the last amount is proposed"
    assert typed("<Enter>") == ["cell_account"]
    assert typed("<Enter>") == ["field_narration"]
    assert typed("<Enter>") == ["postButton"]
    document = window.draft.document()
    assert document["lines"] == [{"account": "1110", "debit": "100"}, {"account": "3010", "credit": "100.00"}]
    assert window.sheet.totals.figure("difference") == "–"


def test_cash_payment_is_typed_and_adds_up(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", "12*45+10", "<Enter>")
    assert here() == "cell_account"
    document = window.draft.document()
    assert document["account"] == "1110"
    assert document["lines"] == [{"account": "6020", "amount": "550"}]
    assert window.sheet.totals.figure("net") == "550.00"


def test_sale_skips_what_is_certain(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    assert here() == "field_party"
    assert typed("asha", "<Enter>")[-1] == "cell_item", "credit days and warehouse are certain"
    assert window.draft.header.values["credit_days"] == "30"
    assert typed("sun 5", "<Enter>")[-1] == "cell_quantity"
    assert typed("10", "<Enter>")[-1] == "cell_rate", "warehouse and unit are certain"
    assert typed("15", "<Enter>")[-1] == "cell_item"
    assert typed("<Enter>")[-1] == "cell_amount", "the charges come next"
    assert typed("5", "<Enter>")[-1] == "field_narration"
    document = window.draft.document()
    assert document["lines"] == [{"item": "OIL5", "quantity": "10", "rate": "15", "uom": "PCS"}]
    assert document["charges"] == [{"code": "DISC", "amount": "5"}]
    assert window.sheet.totals.figure("net") == "163.85"


def test_purchase_goes_back_the_way_it_came(open_voucher: Open) -> None:
    open_voucher("PURCHASE_INVOICE")
    typed("terai", "<Enter>")
    forward = [here()]
    for key in ("BILL-7", "<Enter>", "rice", "<Enter>", "5", "<Enter>"):
        typed(key)
        if key == "<Enter>":
            forward.append(here())
    backward = [here()]
    for _ in range(len(forward) - 1):
        typed("<Shift+Tab>")
        backward.append(here())
    assert backward == forward[::-1]


def test_backspace_goes_back_only_from_an_empty_field(open_voucher: Open) -> None:
    open_voucher("PURCHASE_INVOICE")
    typed("terai", "<Enter>", "A", "<Backspace>")
    assert here() == "field_ref_no", "the press that empties the field doesn't leave it"
    typed("<Enter>")
    assert here() == "cell_item"
    typed("<Backspace>")
    assert here() == "field_ref_no"


@pytest.mark.parametrize("bad", ["abc", "1+", "9" * 40])
def test_a_bad_figure_keeps_the_cursor_and_what_was_typed(open_voucher: Open, bad: str) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", bad, "<Enter>")
    assert here() == "cell_amount"
    assert focus().text() == bad
    assert window.sheet.banner.text


def test_nothing_found_keeps_the_cursor(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("zzz", "<Enter>")
    assert here() == "field_account"
    assert "zzz" in window.sheet.banner.text


def test_escape_closes_the_list_first(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("c")
    assert window.popup.isVisible()
    typed("<Esc>")
    assert not window.popup.isVisible()
    assert here() == "field_account"


def test_lines_are_removed_inserted_and_copied(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>")
    typed("<F3>")
    assert [line.values.get("account") for line in window.sheet.models["lines"].lines] == ["6020", "6020", None]
    typed("<Ctrl+D>")
    assert [line.values.get("account") for line in window.sheet.models["lines"].lines] == ["6020", None]
    assert here() == "cell_amount"
    typed("<Shift+Tab>", "<Shift+Tab>", "<Ctrl+I>")
    assert [line.values.get("account") for line in window.sheet.models["lines"].lines] == [None, "6020", None]
    assert here() == "cell_account"


def test_space_turns_the_side_and_ctrl_b_balances(open_voucher: Open) -> None:
    window = open_voucher("JOURNAL")
    typed("cash", "<Enter>", "100", "<Enter>", "cap", "<Enter>")
    assert here() == "cell_credit"
    assert focus().text() == "100.00"
    typed(" ")
    assert here() == "cell_debit"
    typed(" ")
    assert here() == "cell_credit"
    typed("70", "<Enter>", "ren", "<Enter>", "<Ctrl+B>")
    assert here() == "cell_credit"
    assert window.draft.document()["lines"][2] == {"account": "6020", "credit": "30.00"}


def test_f2_goes_to_the_date_from_anywhere_and_back(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "<F2>")
    assert here() == "field_date"
    typed("5", "<Enter>")
    assert window.draft.header.values["date"] == "2026-11-05"
    assert here() == "cell_account"


def test_a_field_that_is_passed_by_is_reached_by_its_key(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "sun 5", "<Enter>", "10", "<Enter>")
    assert here() == "cell_rate"
    assert typed(*4 * ["<Alt+Right>"])[-2:] == 2 * ["cell_discount_percent"], "it ends with the row"
    typed("5")
    assert typed(*5 * ["<Alt+Left>"])[-1] == "cell_item"
    assert window.draft.document()["lines"][0]["discount_percent"] == "5"
    assert typed(*4 * ["<Alt+Left>"])[-2:] == ["field_warehouse", "field_ref_no"], "passed by on the way"
    typed("R-1", "<Enter>")
    assert window.draft.header.values["ref_no"] == "R-1"


def test_a_line_stops_at_what_its_master_asks_for(open_voucher: Open) -> None:
    window = open_voucher("JOURNAL")
    assert typed("rec", "<Enter>")[-1] == "cell_party", "a control account needs a party"
    assert typed("asha", "<Enter>", "60", "<Enter>")[-1] == "cell_account"
    assert window.draft.document()["lines"] == [{"account": "1130", "party": "C001", "debit": "60"}]
    window = open_voucher("PURCHASE_INVOICE")
    assert typed("terai", "<Enter>", "B-1", "<Enter>", "pill", "<Enter>", "2", "<Enter>")[-1] == "cell_batch"
    assert typed("L77", "<Enter>")[-1] == "cell_expires"
    assert typed("4/27", "<Enter>")[-1] == "cell_rate"
    assert typed("5", "<Enter>")[-1] == "cell_item"
    assert window.draft.document()["lines"][0]["expires"] == "2027-04-30"


def test_mirrored_target_follows_the_source(open_voucher: Open) -> None:
    window = open_voucher("STOCK_TRANSFER")
    source, target = window.sheet.grids["sourceGrid"], window.sheet.grids["targetGrid"]
    source.lines.put(0, "item", "RICE")
    source.lines.put(0, "quantity", "4")
    assert target.model().data(target.model().index(0, 0)) == "Basmati rice 25 kg"
    assert not target.enter_first()


def test_details_unfold_and_fold(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("<Alt+D>")
    assert window.sheet.header.details_are_open
    assert focus().property("fieldKey") in {field.key for field in window.schema.section(Section.DETAILS)}
    typed("<Alt+D>")
    assert not window.sheet.header.details_are_open
    assert here() == "field_party"


def test_a_rate_of_a_price_list_is_passed_by_and_follows_the_header_until_it_is_typed(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    assert typed("bin", "<Enter>", "soa", "<Enter>", "2", "<Enter>")[-1] == "cell_item"
    assert typed("soa", "<Enter>", "3", "<Enter>", "<Shift+Tab>")[-1] == "cell_quantity"
    typed("<Alt+Right>")
    assert (here(), focus().text()) == ("cell_rate", "45.50")
    typed("40", "<Enter>")
    window.sheet.header.enter("party")
    typed("asha", "<Enter>")
    rates = [line.get("rate") for line in window.draft.document()["lines"]]
    assert rates == [None, "40"], "a customer without a list has no such rate; what was typed stays"
    window.sheet.header.enter("price_list")
    typed("RETAIL", "<Enter>")
    assert window.sheet.totals.figure("gross") == "211.00"


def test_a_percentage_is_taken_only_of_a_whole(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("bin", "<Enter>", "soa", "<Enter>", "2", "<Enter>", "<Enter>")
    assert here() == "cell_amount"
    typed("10%", "<Enter>")
    assert window.draft.document()["charges"] == [{"code": "DISC", "amount": "9.1"}]
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", "5%", "<Enter>")
    assert here() == "cell_amount"
    assert "percentage" in window.sheet.banner.text
