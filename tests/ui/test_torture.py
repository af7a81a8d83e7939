"""Random keys at speed at a desk that stalls: no key is lost or reordered, and the cursor never leaves the path."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from helpers.torture import same_keys_same_vouchers

KEYS, SEEDS = 270, {"CASH_PAYMENT": 3, "JOURNAL": 12, "SALES_INVOICE": 28}


@pytest.mark.parametrize("type_code", SEEDS)
def test_what_is_typed_doesnt_depend_on_when_the_server_answers(qtbot: QtBot, type_code: str) -> None:
    assert same_keys_same_vouchers(qtbot, type_code, SEEDS[type_code], KEYS) > 1
