"""Seeding backfills what is missing and leaves alone what is there."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.database import Database
from helpers.shops import open_shop

TABLES = (
    "account", "account_role", "uom", "warehouse", "journal_type", "voucher_config_master",
    "inventory_line_config", "footer_charge_setup", "field_rule", "number_series", "blueprint_version",
)  # fmt: skip


def contents(database: Database) -> dict[str, list[Any]]:
    """Every configuration row, whole."""
    with database.connect("owner") as connection:
        return {
            table: [row[0] for row in connection.execute(
                f"SELECT to_jsonb(t) FROM erpdesk.{table} t ORDER BY to_jsonb(t)::text".encode()).fetchall()]
            for table in TABLES
        }  # fmt: skip


def test_seeding_again_changes_nothing(database: Database) -> None:
    books = open_shop(database)
    before = contents(database)
    results = {result for _, result in books.configuration.seed().rows()}
    assert results == {"kept"}
    assert contents(database) == before


def forget(database: Database, code: str) -> None:
    """A voucher type that was never there."""
    with database.connect("superuser") as connection, connection.transaction():
        (made,) = connection.execute(
            "SELECT id FROM erpdesk.voucher_config_master WHERE code = %s", (code,)
        ).fetchone() or (None,)
        for table in ("inventory_line_config", "footer_charge_setup", "voucher_udf_config", "field_rule",
                      "number_series", "approval_rule", "blueprint_version", "blueprint_baseline"):  # fmt: skip
            connection.execute(f"ALTER TABLE erpdesk.{table} DISABLE TRIGGER USER".encode())
            connection.execute(f"DELETE FROM erpdesk.{table} WHERE voucher_config_id = %s".encode(), (made,))
            connection.execute(f"ALTER TABLE erpdesk.{table} ENABLE TRIGGER USER".encode())
        connection.execute("DELETE FROM erpdesk.voucher_config_master WHERE id = %s", (made,))


@pytest.mark.parametrize("code", ["JOURNAL", "SALES_INVOICE", "STOCK_JOURNAL", "SALES_ORDER"])
def test_after_deleting_one_type_exactly_that_one_is_made(database: Database, code: str) -> None:
    books = open_shop(database)
    before = {name: one.hash for name, one in books.configuration.blueprints().items()}
    forget(database, code)
    rows = dict(books.configuration.seed().rows())
    assert [name for name, result in rows.items() if result == "created"] == [code]
    assert {name: one.hash for name, one in books.configuration.blueprints().items()} == before


def test_a_type_that_comes_leaves_its_key_to_the_one_that_has_it(database: Database) -> None:
    books = open_shop(database)
    forget(database, "SALES_INVOICE")
    books.configuration.import_document({"voucher_types": [{"code": "JOURNAL", "shortcut": "F8"}]})
    books.configuration.seed()
    keys = {code: one.voucher_type.shortcut for code, one in books.configuration.blueprints().items()}
    assert (keys["JOURNAL"], keys["SALES_INVOICE"]) == ("F8", "")


def test_an_admins_change_is_never_overwritten(database: Database) -> None:
    books = open_shop(database)
    with database.connect() as connection:
        connection.execute(
            "UPDATE erpdesk.voucher_config_master SET label = 'Bill' WHERE code = 'SALES_INVOICE'"
        )
        connection.execute("UPDATE erpdesk.account SET name = 'Till' WHERE code = '1110'")
        connection.execute("UPDATE erpdesk.footer_charge_setup SET rate = 12 WHERE code = 'VAT'")
    before = contents(database)
    books.configuration.seed()
    assert contents(database) == before


def test_a_missing_account_comes_back(database: Database) -> None:
    books = open_shop(database)
    with database.connect() as connection:
        connection.execute("DELETE FROM erpdesk.account_role WHERE role = 'write_off'")
        connection.execute("DELETE FROM erpdesk.account WHERE code = '6060'")
    books.configuration.seed()
    assert "6060" in [row.code for row in books.masters.lookup_rows("account")]


def test_every_type_has_the_series_that_its_columns_describe(database: Database) -> None:
    open_shop(database)
    with database.connect("owner") as connection:
        (odd,) = connection.execute(
            "SELECT count(*) FROM erpdesk.voucher_config_master c LEFT JOIN erpdesk.number_series s"
            " ON s.voucher_config_id = c.id AND s.code = 'MAIN' AND s.prefix = c.number_prefix"
            " AND s.width = c.number_width WHERE s.id IS NULL"
        ).fetchone() or (1,)
    assert odd == 0
