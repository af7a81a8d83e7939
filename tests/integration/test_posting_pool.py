"""The pool of the posting path: one connection for one desk, open however long the first takes."""

from __future__ import annotations

import pytest

from helpers.database import Database
from helpers.trading import Trade, journal


def test_a_slow_first_connection_closes_nothing(shop: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("erpdesk.storage.server._FIRST_CONNECTION_SECONDS", 0.0)
    assert shop.post(journal()).status == "POSTED"


def test_one_desk_that_posts_in_turn_has_one_connection(database: Database) -> None:
    pool = database.server().posting_pool()
    for _ in range(3):
        with pool.connection() as connection:
            connection.execute("SELECT 1")
    assert (pool.get_stats()["pool_size"], pool.max_size) == (1, 4)
