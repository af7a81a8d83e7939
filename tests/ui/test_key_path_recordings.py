"""A voucher of every shipped type is typed by recorded keys; the cursor visits the very fields it visited before.

`make key-paths` records anew, after a change of the path that is meant.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from erpdesk.ui.voucher.window import VoucherWindow
from helpers.fake_desk import ALL_TYPES
from helpers.key_paths import RECORDING, Typist, keep, recorded, replayed


@pytest.mark.parametrize("type_code", ALL_TYPES)
def test_the_cursor_goes_where_it_went_before(open_voucher: Callable[[str], VoucherWindow], type_code: str) -> None:
    window = open_voucher(type_code)
    if os.environ.get(RECORDING):
        keep(type_code, Typist(window).type_all())
        return
    path = recorded()[type_code]
    assert path[-1][1] == "postButton", "a recording goes to the end"
    assert replayed(window, path) == path


def test_every_type_is_recorded_and_no_other() -> None:
    assert set(recorded()) == set(ALL_TYPES)
