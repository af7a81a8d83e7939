"""A sale that is being typed: where tests of the ways out of a field begin."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import here, typed

E = "<Enter>"


@pytest.fixture
def sale(open_voucher: Callable[[str], VoucherWindow]) -> VoucherWindow:
    """Two lines, the cursor in the item of a third, its list open."""
    window = open_voucher("SALES_INVOICE")
    typed("asha", E, "ric", E, "2", E, "15", E, "soap", E, "3", E, "9", E)
    assert (here(), window.place()[1]) == ("cell_item", 2)
    assert window.popup.isVisible()
    return window
