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


def test_posts_that_the_database_refuses_spoil_nothing_for_those_after_them(shop: Trade) -> None:
    """Behind a statement that fails nothing is prepared, whatever the driver would believe."""
    with shop.database.connect("superuser") as connection:
        connection.execute("ALTER TABLE erpdesk.journal_line ADD CONSTRAINT never_777 CHECK (debit <> 777) NOT VALID")
    payment = {"type": "CASH_PAYMENT", "date": "2026-04-10", "account": "1110",
               "lines": [{"account": "6050", "amount": "5"}]}
    # Twice, so that the driver has prepared what it sends to roll back, and forgets nothing with it.
    assert [shop.refuse(journal("777")).first.details["constraint"] for _ in range(2)] == ["never_777"] * 2
    shop.post(payment | {"idempotency_key": "paid"})
    assert shop.refuse(journal("777")).first.details["constraint"] == "never_777"
    again = shop.post(payment | {"idempotency_key": "put right", "replaces": "key:paid"})
    assert again.voucher_number == "CP/26-27/000003"


def test_a_connection_that_has_lost_what_was_prepared_is_given_up(shop: Trade) -> None:
    for number in range(8):
        shop.post(journal("1", idempotency_key=f"j{number}"))
    with shop.books.vouchers.engine.pool.connection() as connection:
        assert connection._prepared._names
        connection.pgconn.exec_(b"DEALLOCATE ALL")
    assert shop.post(journal("1", idempotency_key="after")).voucher_number == "JV/26-27/000009"
