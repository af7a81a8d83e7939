"""What a post reads doesn't grow with what the books hold: never a whole table of vouchers, numbers or lines."""

from __future__ import annotations

import re
from typing import Any

import pytest

from erpdesk.posting.engine import PostingEngine, PostRequest
from helpers.trading import Trade, accepted, goods, journal, purchase, sale, transfer

_TELL_EVERY_PLAN = {
    "session_preload_libraries": "auto_explain", "auto_explain.log_min_duration": "0", "client_min_messages": "log",
    "auto_explain.log_nested_statements": "on"}


def _plans_of(shop: Trade, document: dict[str, Any]) -> list[str]:
    """Every plan the server runs for a post, its second on a connection."""
    with shop.admin() as connection:
        for setting, value in _TELL_EVERY_PLAN.items():
            connection.execute(f"ALTER DATABASE {shop.database.name} SET {setting} = '{value}'".encode())
    pool = shop.database.server().posting_pool(max_size=1)
    engine = PostingEngine(pool, shop.books.organization)
    heard: list[str] = []
    with pool.connection() as connection:
        connection.add_notice_handler(lambda notice: heard.append(notice.message_primary or ""))
    for number in range(2):
        heard.clear()
        accepted(engine.run(PostRequest({**document, "idempotency_key": f"k-{number}"}, key=f"k-{number}")))
    return heard


def test_a_number_is_taken_without_reading_those_of_other_series(shop: Trade) -> None:
    shop.buy("TEA", "9000", "5")
    shop.sell("TEA", "1")
    with shop.admin() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("""
            INSERT INTO erpdesk.voucher_number
                (organization_id, voucher_config_id, series_code, branch_id, restart_key, number, voucher_id)
            SELECT organization_id, voucher_config_id, series_code, branch_id, 'an earlier year', n, gen_random_uuid()
            FROM (SELECT * FROM erpdesk.voucher_number LIMIT 1) x, generate_series(1, 5000) n""")
        connection.execute("ANALYZE erpdesk.voucher_number")
    plans = _plans_of(shop, sale([goods("TEA", "1", "9")]))
    with shop.admin() as connection:  # what was there for show would be a fault of the books
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM erpdesk.voucher_number WHERE restart_key = 'an earlier year'")
    assert any("voucher_number" in plan for plan in plans)
    assert not [plan for plan in plans if "Seq Scan on voucher_number" in plan]


GROWING = {"journal", "journal_line", "voucher", "voucher_line", "voucher_charge", "voucher_number", "stock_layer",
           "stock_movement", "open_item", "source_line", "audit_entry", "idempotency_key", "posting_log"}
_READ_WHOLE = re.compile(r"Seq Scan on (\w+)")


@pytest.mark.parametrize("document", [
    sale([goods("TEA", "1", "9")]), purchase([goods("OIL", "1", "9")]), transfer([goods("TEA", "1")]), journal()],
    ids=lambda document: str(document["type"]))
def test_a_connection_that_first_saw_empty_books_never_reads_them_whole(shop: Trade, document: dict[str, Any]) -> None:
    shop.buy("TEA", "9000", "5")
    with shop.admin() as connection:
        connection.execute("ANALYZE")
    plans = _plans_of(shop, document)
    assert len(plans) > 50
    assert not {name for plan in plans for name in _READ_WHOLE.findall(plan)} & GROWING


@pytest.mark.parametrize(("table", "taken"), [
    ("stock_layer", {"quantity_left", "value_left"}),
    ("stock_balance", {"quantity", "value", "reserved_quantity", "last_moved_on", "last_unit_cost"})])
def test_what_every_sale_changes_stands_in_no_index(shop: Trade, table: str, taken: set[str]) -> None:
    """Else each sale of a hot item writes all indexes of its row anew, and leaves the old entries to be read past."""
    with shop.admin() as connection:
        indexed = {name for (name,) in connection.execute("""
            SELECT DISTINCT a.attname FROM pg_depend d
            JOIN pg_class x ON x.oid = d.objid AND x.relkind = 'i' AND d.classid = 'pg_class'::regclass
            JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            WHERE d.refobjid = %s::regclass""", (f"erpdesk.{table}",))}
    assert "organization_id" in indexed
    assert not indexed & taken
