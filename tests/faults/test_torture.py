"""Ten thousand random keys at desks that stall, by fresh seeds: the same keys type the same vouchers."""

from __future__ import annotations

import random

import pytest
from pytestqt.qtbot import QtBot

from helpers.torture import same_keys_same_vouchers


@pytest.mark.long
@pytest.mark.parametrize("type_code", ["CASH_PAYMENT", "JOURNAL", "SALES_INVOICE"])
def test_thousands_of_keys_type_the_same_vouchers_whatever_the_stalls(qtbot: QtBot, type_code: str) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    assert same_keys_same_vouchers(qtbot, type_code, seed, 3400)
