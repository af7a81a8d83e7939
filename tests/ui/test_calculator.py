"""Alt+C in a number field shows the sum that is typed there and what it comes to; Enter takes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from erpdesk.ui.editors.calculator import CalculatorStrip
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed

Open = Callable[[str], VoucherWindow]


@pytest.fixture
def payment(open_voucher: Open) -> VoucherWindow:
    """A payment of rent, the cursor at its amount."""
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>")
    assert here() == "cell_amount"
    return window


def strip(window: VoucherWindow) -> CalculatorStrip | None:
    shown = [one for one in window.findChildren(CalculatorStrip) if one.isVisible()]
    return shown[0] if shown else None


def test_the_result_is_shown_while_typing_and_taken_by_enter(payment: VoucherWindow) -> None:
    typed("12*45", "<Alt+C>")
    shown = strip(payment)
    assert shown is not None
    assert shown.texts == ("12*45", "= 540")
    typed("+1000")
    assert shown.texts == ("12*45+1000", "= 1,540")
    typed("<Enter>")
    assert (here(), focus().text(), strip(payment)) == ("cell_amount", "1540", None)
    typed("<Enter>")
    assert payment.draft.document()["lines"] == [{"account": "6020", "amount": "1540"}]


def test_a_result_is_rounded_half_up_where_the_field_has_decimals(payment: VoucherWindow) -> None:
    typed("<Alt+C>", "2.01/2")
    shown = strip(payment)
    assert shown is not None
    assert shown.texts[1] == "= 1.01"
    typed("<Enter>", "<Enter>")
    assert payment.draft.document()["lines"][0]["amount"] == "1.01"


def test_what_is_no_sum_is_said_and_not_taken(payment: VoucherWindow) -> None:
    typed("<Alt+C>", "12*")
    shown = strip(payment)
    assert shown is not None
    assert shown.texts == ("", "The sum isn't finished")
    typed("<Enter>")
    assert (here(), focus().text()) == ("cell_amount", "12*")
    assert "finished" in payment.sheet.banner.text


def test_escape_and_alt_c_put_the_strip_away_and_leave_the_text(payment: VoucherWindow) -> None:
    typed("7+8", "<Alt+C>", "<Esc>")
    assert (strip(payment), here(), focus().text()) == (None, "cell_amount", "7+8")
    typed("<Alt+C>")
    assert strip(payment) is not None
    typed("<Alt+C>")
    assert strip(payment) is None


def test_the_strip_goes_with_the_cursor_and_lies_inside_the_window(payment: VoucherWindow) -> None:
    typed("7+8", "<Alt+C>")
    shown = strip(payment)
    assert shown is not None
    assert payment.rect().contains(shown.geometry())
    typed("<Tab>")
    assert here() == "cell_account"
    assert strip(payment) is None


def test_a_number_of_the_header_has_it_too(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    window.sheet.header.enter("credit_days")
    typed("<Alt+C>", "15+15", "<Enter>", "<Enter>")
    assert window.draft.header.values["credit_days"] == "30"
