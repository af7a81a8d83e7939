"""The demo is made whole, once; one that was interrupted is gone on with."""

from __future__ import annotations

import pytest

from erpdesk.services.demo import make_demo
from helpers.database import Database
from helpers.shops import desk_of


class PulledPlugError(Exception):
    """The program ended in the middle."""


def numbers(database: Database) -> list[str]:
    with database.connect("owner") as connection:
        rows = connection.execute(
            "SELECT voucher_number FROM erpdesk.voucher WHERE status = 'POSTED'"
        ).fetchall()
    return sorted(str(row[0]) for row in rows)


def looked_at_by_no_plan(database: Database) -> list[str]:
    """Tables filled since the server last looked how full they are."""
    with database.connect("owner") as connection:
        rows = connection.execute("""
            SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = 'erpdesk'::regnamespace AND c.relkind = 'r'
              AND pg_stat_get_mod_since_analyze(c.oid) > 50 + greatest(c.reltuples, 0) * 0.1""").fetchall()
    return sorted(str(row[0]) for row in rows)


def test_an_interrupted_demo_is_gone_on_with(database: Database) -> None:
    desk = desk_of(database)

    def stop_after_ten(done: int) -> None:
        if done == 10:
            raise PulledPlugError

    with pytest.raises(PulledPlugError):
        make_demo(desk, advance=stop_after_ten)
    assert len(numbers(database)) == 10
    made = make_demo(desk)
    assert made is not None
    assert len(numbers(database)) == made.vouchers
    assert looked_at_by_no_plan(database) == [], "a report asked right after it need not wait for plans of empty tables"
    before = numbers(database)
    assert make_demo(desk) is None
    assert numbers(database) == before
