"""A scripted typist types reference vouchers in the real window, and counts the keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import here, typed
from helpers.fake_desk import FakeBooks
from helpers.reference_typing import CASES, count

Open = Callable[[str], VoucherWindow]
@pytest.mark.parametrize("name", CASES)
def test_a_reference_voucher_takes_no_more_keys_than_it_may(qtbot: QtBot, open_voucher: Open, books: FakeBooks,
                                                            name: str) -> None:
    type_code, before, keys, most, lines, charges = CASES[name]
    window = open_voucher(type_code)
    posted: list[Any] = []
    window.voucher_posted.connect(posted.append)
    if before:
        typed(*before)
        qtbot.waitUntil(lambda: len(posted) == 1)
    start, expected = here(), len(posted) + 1
    typed(*keys)
    qtbot.waitUntil(lambda: len(posted) == expected)
    typed_lines = [{key: row[key] for key in wanted} for row, wanted in zip(
        books.vouchers.posts[-1]["lines"], lines, strict=True)]
    assert typed_lines == lines
    assert books.vouchers.posts[-1].get("charges") == charges
    assert here() == start, "the next voucher begins where this one did"
    assert count(keys) <= most
    print(f"{name}: {count(keys)} keys of {most}")
