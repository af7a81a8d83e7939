"""A desk learns cheaply that masters or prices were changed at another one."""

from __future__ import annotations

import time
from collections.abc import Callable

from helpers.database import Database
from helpers.shops import desk_of, open_shop

_PATIENCE_SECONDS = 30


def _comes_true(holds: Callable[[], bool]) -> bool:
    """PostgreSQL tells of rows written a moment after they are committed."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
    return holds()


def test_positions_tell_what_was_changed_at_another_desk(database: Database) -> None:
    here = open_shop(database).masters
    before = here.positions()
    assert {"account", "party", "item", "batch", "voucher", "prices"} <= before.keys()
    with desk_of(database) as desk:
        there = desk.books("SHOP").masters
        [made] = there.import_masters({"parties": [{"code": "C9", "name": "Nine", "kind": "customer"}]})
        assert made.ok
        assert _comes_true(lambda: here.positions()["party"].masters > before["party"].masters)


def test_positions_tell_of_a_voucher_type_that_was_changed(database: Database) -> None:
    books = open_shop(database)
    assert _comes_true(lambda: books.masters.positions()["voucher_types"].masters > 0), "those that were seeded"
    before = books.masters.positions()
    with desk_of(database) as desk:
        desk.books("SHOP").configuration.import_document({"voucher_types": [{"code": "JOURNAL", "label": "Entry"}]})
    for kind in ("voucher_types", "prices"):
        assert _comes_true(lambda kind=kind: books.masters.positions()[kind].masters > before[kind].masters)
