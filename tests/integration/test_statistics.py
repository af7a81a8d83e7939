"""Who fills tables lets the server look at them, so that the first vouchers after it are posted by fitting plans."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from erpdesk.services.desk import Books
from helpers.database import Database
from helpers.shops import desk_of, new_shop, open_shop
from helpers.trading import journal

ITEMS = 40


@pytest.fixture
def books(database: Database) -> Books:
    return open_shop(database)


def items(first: int, count: int = ITEMS) -> dict[str, Any]:
    return {"items": [{"code": f"I-{number}", "name": f"Item {number}", "uom": "PCS"}
                      for number in range(first, first + count)]}


def one(database: Database, query: str, *values: object) -> Any:
    with database.connect("superuser") as connection:
        return connection.execute(query.encode(), values).fetchall()[0][0]


def rows_known(database: Database, table: str) -> int:
    """How many rows the server believes a table to have."""
    return int(one(database, "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", f"erpdesk.{table}"))


def looks(database: Database, table: str) -> Any:
    """Which look at a table what is known of it comes from."""
    return one(database, "SELECT max(xmin::text::bigint) FROM pg_statistic WHERE starelid = %s::regclass",
                        f"erpdesk.{table}")


def test_after_an_import_of_masters_one_of_them_is_found_by_its_key(books: Books, database: Database) -> None:
    books.masters.import_masters(items(0))
    assert rows_known(database, "item") == ITEMS
    with database.server().posting_pool(max_size=1).connection() as connection:
        plan = connection.execute("EXPLAIN SELECT FROM item WHERE organization_id = %s AND id = %s",
                                  (books.organization.id, books.organization.id)).fetchall()
    assert "pk_item" in str(plan[0])


def test_a_table_that_hardly_changed_is_not_read_again(books: Books, database: Database) -> None:
    books.masters.import_masters(items(0))
    known = looks(database, "item")
    books.vouchers.refresh_statistics()
    assert looks(database, "item") == known
    assert books.masters.import_masters(items(ITEMS, 1))[0].ok, "a few masters are no reason to look"
    assert looks(database, "item") == known


def test_an_organization_that_was_just_made_is_looked_at(database: Database) -> None:
    with desk_of(database) as desk:
        desk.create_organization(new_shop())
    assert rows_known(database, "account") == one(database, "SELECT count(*) FROM erpdesk.account")


def test_a_long_import_of_vouchers_is_looked_at_on_its_way(books: Books, database: Database, tmp_path: Path) -> None:
    path = tmp_path / "vouchers.jsonl"
    path.write_text("\n".join(json.dumps(journal()) for _ in range(31)))
    assert all(one.ok for one in books.exchange.import_vouchers(path, post=True))
    assert rows_known(database, "journal") == 30


def test_what_the_server_cannot_look_at_stops_nobody(books: Books, database: Database) -> None:
    with database.connect("superuser") as connection:
        connection.execute("REVOKE EXECUTE ON FUNCTION erpdesk.refresh_statistics() FROM"
                           " erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin")
    assert all(one.ok for one in books.masters.import_masters(items(0)))
