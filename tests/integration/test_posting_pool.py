"""The pool of the posting path stays open however long its first connection takes."""

from __future__ import annotations

import pytest

from helpers.trading import Trade, journal


def test_a_slow_first_connection_closes_nothing(shop: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("erpdesk.storage.server._FIRST_CONNECTION_SECONDS", 0.0)
    assert shop.post(journal()).status == "POSTED"
