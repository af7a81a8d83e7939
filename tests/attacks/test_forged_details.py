"""Plans and raw SQL that put a unit in two places, take it twice, or move goods where no detail says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from erpdesk.domain.results import Ok
from helpers.hostile import forging_plan
from helpers.stored_units import stored
from helpers.trading import PLAIN, Trade, broken_invariants, goods, purchase, sale, transfer
from helpers.trading_fixtures import begun_as

pytestmark = pytest.mark.server_versions

Plan = dict[str, Any]


def stock(shop: Trade) -> None:
    stored(shop)
    shop.post(purchase([goods("PHONE", "3", "5", serials=["S1", "S2", "S3"])], **PLAIN))
    for item in ("TEA", "OIL"):
        shop.buy(item, "5", "5", bin="A1")
        shop.buy(item, "5", "5", bin="A2")
    shop.buy("SYRUP", "5", "5", batch="B1")
    shop.buy("SYRUP", "5", "5", batch="B2", expires="2026-04-05")
    shop.sell("PHONE", "1", serials=["S3"])


shop_template = begun_as(stock)


@pytest.fixture
def store(shop: Trade) -> Trade:
    """Phones by number, tea and oil in bins, syrup in batches; a phone is sold."""
    return shop


def row(store: Trade, table: str, code: str) -> str:
    return str(store.one(f"SELECT id FROM erpdesk.{table} WHERE code = %s", code))


def unit(store: Trade, move: Plan, code: str) -> None:
    """Let a movement be that of another unit, at its own layer."""
    found, layer = store.rows("SELECT id, layer_id FROM erpdesk.serial WHERE code = %s", code)[0]
    move.update(serial_id=str(found), layer_id=str(layer) if layer else move["layer_id"])


def another_unit(store: Trade, plan: Plan) -> None:
    unit(store, plan["movements"][0], "S2")


def a_unit_that_is_gone(store: Trade, plan: Plan) -> None:
    plan["movements"][0]["serial_id"] = row(store, "serial", "S3")


def no_unit(store: Trade, plan: Plan) -> None:
    plan["movements"][0]["serial_id"] = None


def another_detail(store: Trade, plan: Plan) -> None:
    plan["movements"][0]["detail_number"] = 9


def no_detail(store: Trade, plan: Plan) -> None:
    plan["movements"][0]["detail_number"] = None


def the_same_unit_twice(store: Trade, plan: Plan) -> None:
    plan["movements"].append({**plan["movements"][0], "id": str(uuid4()), "movement_number": 2})


def stays_behind(store: Trade, plan: Plan) -> None:
    """A transfer whose unit arrives and never leaves."""
    plan["movements"] = [move for move in plan["movements"] if move["quantity"] > 0]


def to_another_bin(store: Trade, plan: Plan) -> None:
    plan["movements"][-1]["bin_id"] = row(store, "bin_location", "A2")
    for layer in plan["layers"]:
        layer["bin_id"] = row(store, "bin_location", "A2")


def from_another_bin(store: Trade, plan: Plan) -> None:
    plan["movements"][0]["bin_id"] = row(store, "bin_location", "A2")


def from_no_bin(store: Trade, plan: Plan) -> None:
    plan["movements"][0]["bin_id"] = None


def a_bin_elsewhere(store: Trade, plan: Plan) -> None:
    plan["movements"][0]["bin_id"] = row(store, "bin_location", "F1")


def an_expired_batch(store: Trade, plan: Plan) -> None:
    plan["movements"][0]["batch_id"] = row(store, "batch", "B2")


def more_than_the_batch_has(store: Trade, plan: Plan) -> None:
    """Both parts from the batch of one: the pool has that much, the batch has not."""
    for move in plan["movements"]:
        move["batch_id"] = row(store, "batch", "B1")


def money_between_parts(store: Trade, plan: Plan) -> None:
    plan["movements"][0]["value"] += 1
    plan["movements"][1]["value"] -= 1


SALE = sale([goods("PHONE", "1", "9", serials=["S1"])], **PLAIN)
MOVE = transfer([goods("PHONE", "1", serials=["S1"])])
TEA = sale([goods("TEA", "2", "9", bin="A1")], **PLAIN)
OIL = sale([goods("OIL", "2", "9")], **PLAIN)
SYRUP = sale([goods("SYRUP", "2", "9")], **PLAIN)
BOTH = transfer([goods("SYRUP", "8")])
WITHIN = transfer([goods("TEA", "2", bin="A2", to_bin="A3")], from_warehouse="MAIN", to_warehouse="MAIN")
BUY = purchase(
    [goods("TEA", "2", "5", details=[{"quantity": "1", "bin": "A1"}, {"quantity": "1", "bin": "A3"}])],
    **PLAIN,
)

CASES: list[tuple[dict[str, Any], Callable[[Trade, Plan], None]]] = [
    *(
        (SALE, forgery)
        for forgery in (
            another_unit,
            a_unit_that_is_gone,
            no_unit,
            another_detail,
            no_detail,
            the_same_unit_twice,
        )
    ),
    (MOVE, stays_behind),
    (MOVE, another_unit),
    *((TEA, forgery) for forgery in (from_another_bin, from_no_bin, a_bin_elsewhere)),
    (OIL, from_no_bin),
    (OIL, a_bin_elsewhere),
    (WITHIN, to_another_bin),
    (BUY, to_another_bin),
    (BUY, no_detail),
    (SYRUP, an_expired_batch),
    (BOTH, more_than_the_batch_has),
    (BOTH, money_between_parts),
]


@pytest.mark.parametrize(
    ("document", "forgery"),
    CASES,
    ids=[
        f"{document['type'].lower()}-{document['lines'][0]['item'].lower()}-{forgery.__name__}"
        for document, forgery in CASES
    ],
)
def test_a_forged_detail_is_refused_whole(
    store: Trade,
    document: dict[str, Any],
    forgery: Callable[[Trade, Plan], None],
) -> None:
    before = store.fingerprint()
    with forging_plan(store, forgery):
        result = store.books.vouchers.post(document)
    assert not isinstance(result, Ok), "posted"
    assert store.changed_since(before) <= {"posting_log"}


def the_first_batch(store: Trade, plan: Plan) -> None:
    plan["movements"][0]["batch_id"] = row(store, "batch", "B1")


def a_batch_of_later(store: Trade, plan: Plan) -> None:
    plan["movements"][0]["batch_id"] = row(store, "batch", "B3")


@pytest.mark.parametrize(("day", "forgery"), [("2026-04-20", the_first_batch), ("2026-04-03", a_batch_of_later)])
def test_a_forged_plan_takes_no_batch_that_is_kept_and_none_before_it_came(
    store: Trade, day: str, forgery: Callable[[Trade, Plan], None]
) -> None:
    store.buy("SYRUP", "5", "5", day="2026-04-10", batch="B3")
    if day == "2026-04-20":
        order = {**sale([goods("SYRUP", "5", "9", batch="B1")], date="2026-04-03", **PLAIN), "type": "SALES_ORDER"}
        store.post(order)
    before = store.fingerprint()
    sold = sale([goods("SYRUP", "2", "9")], date=day, **PLAIN)
    with forging_plan(store, forgery):
        result = store.books.vouchers.post(sold)
    assert not isinstance(result, Ok), "posted"
    assert store.changed_since(before) <= {"posting_log"}
    store.post(sold)


COPY = (
    "INSERT INTO erpdesk.stock_movement (organization_id, id, voucher_id, grid, line_number, fiscal_year_id, kind,"
    " moved_on, posting_sequence, movement_number, item_id, warehouse_id, serial_id, uom_id, quantity, value,"
    " valuation, account_id) SELECT m.organization_id, gen_random_uuid(), m.voucher_id, m.grid, m.line_number,"
    " m.fiscal_year_id,"
    " m.kind, m.moved_on, m.posting_sequence, 99, m.item_id, %s, m.serial_id, m.uom_id, {quantity}, {quantity},"
    " m.valuation, m.account_id"
    " FROM erpdesk.stock_movement m JOIN erpdesk.serial s ON s.id = m.serial_id WHERE s.code = %s LIMIT 1"
)


@pytest.mark.parametrize(
    ("warehouse", "code", "quantity"),
    [
        ("MAIN", "S1", "1"),
        ("SHOP", "S1", "1"),
        ("MAIN", "S3", "-1"),
        ("SHOP", "S1", "-1"),
        ("MAIN", "S1", "-2"),
    ],
)
def test_even_a_superuser_can_not_put_a_unit_in_two_places_or_take_it_twice(
    store: Trade, warehouse: str, code: str, quantity: str
) -> None:
    with store.admin() as connection, pytest.raises(psycopg.Error) as caught:
        connection.execute(
            COPY.format(quantity=quantity).encode(), (row(store, "warehouse", warehouse), code)
        )
    assert caught.value.diag.constraint_name in (
        "i5_unit_in_one_place",
        "ck_stock_movement_one_unit_a_serial",
    )


def test_even_a_superuser_can_not_take_more_from_a_bin_than_it_holds(store: Trade) -> None:
    with store.admin() as connection, pytest.raises(psycopg.Error) as caught:
        connection.execute("UPDATE erpdesk.batch_balance SET quantity = quantity - 6")
    assert caught.value.diag.constraint_name == "i5_batch_never_below_zero"


@pytest.mark.parametrize(
    "change",
    [
        "serial SET warehouse_id = NULL, layer_id = NULL WHERE code = 'S1'",
        "serial SET warehouse_id = (SELECT id FROM erpdesk.warehouse WHERE code = 'SHOP') WHERE code = 'S1'",
        "serial SET layer_id = (SELECT layer_id FROM erpdesk.serial WHERE code = 'S2') WHERE code = 'S1'",
        "serial SET bin_id = (SELECT id FROM erpdesk.bin_location WHERE code = 'A1') WHERE code = 'S1'",
        "batch_balance q SET quantity = q.quantity + 1 FROM erpdesk.bin_location b WHERE b.id = q.bin_id",
    ],
)
def test_what_raw_sql_changes_is_found_by_verify(store: Trade, change: str) -> None:
    with store.admin() as connection:
        connection.execute("BEGIN")
        connection.execute(f"UPDATE erpdesk.{change}".encode())
        connection.execute("COMMIT")
    assert any(line.startswith("I5 FAILED") for line in broken_invariants(store.database))
    with store.admin() as connection:  # as it was, so that the books are sound again
        _mend(connection)


def _mend(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "UPDATE erpdesk.serial s SET warehouse_id = m.warehouse_id, layer_id = m.layer_id, bin_id = m.bin_id"
        " FROM erpdesk.stock_movement m WHERE m.serial_id = s.id AND m.quantity > 0 AND s.code IN ('S1', 'S2')"
    )
    connection.execute(
        "UPDATE erpdesk.batch_balance q SET quantity = m.quantity FROM ("
        " SELECT item_id, warehouse_id, bin_id, sum(quantity) AS quantity,"
        " coalesce(batch_id, '00000000-0000-0000-0000-000000000000') AS batch_id"
        " FROM erpdesk.stock_movement WHERE bin_id IS NOT NULL GROUP BY item_id, warehouse_id, bin_id, batch_id) m"
        " WHERE (q.item_id, q.warehouse_id, q.bin_id, q.batch_id)"
        " = (m.item_id, m.warehouse_id, m.bin_id, m.batch_id)"
    )


@pytest.mark.parametrize("group", ["clerk", "accountant", "admin"])
def test_nobody_writes_units_or_details_but_the_engine(store: Trade, group: str) -> None:
    with store.database.connect(store.database.make_user(group, [group])) as connection:
        for statement in (
            "UPDATE erpdesk.serial SET warehouse_id = NULL",
            "DELETE FROM erpdesk.serial",
            "DELETE FROM erpdesk.voucher_line_detail",
            "UPDATE erpdesk.batch_balance SET quantity = 0",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
