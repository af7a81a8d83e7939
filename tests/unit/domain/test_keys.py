"""Keys of names, and how a master is named."""

from __future__ import annotations

import pytest

from erpdesk.domain.keys import code_and_name, key_of


@pytest.mark.parametrize(("code", "name", "said"), [
    ("C001", "Asha Stores", "C001 Asha Stores"), ("NOS", "nos", "NOS"), ("NOS", "", "NOS"),
    ("nos", "Nos.", "nos Nos.")])
def test_a_master_is_named_by_code_and_name_each_once(code: str, name: str, said: str) -> None:
    assert code_and_name(code, name) == said


@pytest.mark.parametrize(("text", "key"), [
    ("  Asha  STORES ", "asha stores"), ("", ""), (" \t ", ""), ("STRASSE", "strasse"), ("Straße", "strasse"),
    ("ﬁne\u00a0 Tea", "fine tea"), ("Café", "café"), ("Cafe\u0301", "café")])
def test_spellings_that_mean_the_same_share_a_key(text: str, key: str) -> None:
    assert key_of(text) == key
