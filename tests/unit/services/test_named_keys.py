"""Texts of resources name keys by their actions; where nobody has keys of his own they are those shipped."""

from __future__ import annotations

from erpdesk.services.error_catalogue import cure_of, errors_page
from erpdesk.services.named_keys import with_keys, with_shipped_keys


def test_shipped_keys_stand_in_for_actions() -> None:
    said = with_shipped_keys("{key:voucher.date} changes it, {key:report.open_row} opens.")
    assert said == "F2 changes it, Enter opens."


def test_what_is_no_action_stands_as_it_is() -> None:
    for text in ("{key:voucher.nothing}", "{key}", "{key:}", "a {quantity} of {key:x", ""):
        assert with_shipped_keys(text) == text


def test_one_s_own_keys_stand_in_for_actions() -> None:
    assert with_keys("{key:grid.balance_line} balances", lambda *where: ".".join(where)) == "grid.balance_line balances"


def test_cures_read_well_where_there_is_no_profile() -> None:
    assert cure_of("GL-001") == "Correct the lines; Ctrl+B puts the balancing amount into a line."
    assert "{key:" not in errors_page()
