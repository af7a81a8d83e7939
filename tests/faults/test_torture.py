"""Ten thousand random keys at desks that stall, by fresh seeds: the same keys type the same vouchers."""

from __future__ import annotations

import random

import pytest
from pytestqt.qtbot import QtBot

from helpers.torture import same_keys_same_vouchers

_ROUNDS = 3
"""Random keys complete four long sales in a round, and in one round of fifty none."""


@pytest.mark.long
@pytest.mark.parametrize("type_code", ["CASH_PAYMENT", "JOURNAL", "SALES_INVOICE"])
def test_thousands_of_keys_type_the_same_vouchers_whatever_the_stalls(qtbot: QtBot, type_code: str) -> None:
    accepted = 0
    for _ in range(_ROUNDS):
        seed = random.randrange(10**6)
        print(f"seed {seed}")
        accepted += same_keys_same_vouchers(qtbot, type_code, seed, 3400)
    assert accepted
