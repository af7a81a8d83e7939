"""Masters attacked: what books, stock and posted vouchers rest on isn't changed, by SQL as little as by the program; a
master names only accounts that its postings can stand on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from erpdesk.domain.results import ErpdeskError
from erpdesk.storage.master_sections import READABLE
from erpdesk.storage.sql_errors import meaning
from helpers.hostile import HostileDesk, hostile_desk
from helpers.trading import PLAIN, Trade, goods, purchase, sale
from helpers.trading_fixtures import begun_as

pytestmark = pytest.mark.server_versions
invariant = pytest.mark.invariant

MORE = {
    "cost_centres": [{"code": "CC2", "parent": "CC1"}],
    "item_groups": [{"code": "COLDS", "inventory_account": "1145"}, {"code": "DRY"},
                    {"code": "FROZEN", "inventory_account": "1146"}],
    "accounts": [{"code": "1900", "name": "Lent", "parent": "1000", "type": "asset"},
                 {"code": "4090", "name": "Other sales", "parent": "4000", "type": "income"},
                 {"code": "4091", "name": "More sales", "parent": "4000", "type": "income"},
                 {"code": "2111", "name": "Owed to mills", "parent": "2000", "type": "liability", "kind": "payable"},
                 {"code": "1146", "name": "Frozen goods", "parent": "1000", "type": "asset", "kind": "stock"}],
    "items": [{"code": "SALT", "name": "Salt", "uom": "PCS", "group": "DRY"},
              {"code": "NEW", "name": "New", "uom": "PCS", "alternate_units": [{"uom": "BOX", "factor": "6"}]}],
    "currencies": [{"code": "USD", "rates": [{"valid_from": "2026-04-01", "rate": "133"}]}, {"code": "JPY"}],
    "bins": [{"warehouse": "MAIN", "code": "A1"}],
}


def worked(shop: Trade) -> None:
    """Goods bought, sold and lying there, a repair sold, dollars owed."""
    results = shop.books.masters.import_masters(MORE)
    assert all(result.ok for result in results), results
    for item, quantity, more in (("TEA", "10", {}), ("TEA", "2", {"uom": "BOX"}), ("OIL", "2.5", {}), ("ICE", "4", {}),
                                 ("PILL", "5", {"batch": "L1"}), ("SALT", "3", {})):
        shop.buy(item, quantity, "5", **more)
    shop.sell("TEA", "5")
    shop.sell("REPAIR", "1")
    shop.post(sale([goods("TEA", "1", "15")], currency="USD", **PLAIN))


shop_template = begun_as(worked)


@pytest.fixture
def clerk(shop: Trade) -> Iterator[HostileDesk]:
    with hostile_desk(shop) as desk:
        yield desk


def run(clerk: HostileDesk, statement: str) -> str:
    """What a statement of the clerk is refused with."""
    return clerk.refusal(lambda: clerk.connection.execute(statement.encode()))


def done(clerk: HostileDesk, statement: str) -> int:
    return clerk.connection.execute(statement.encode()).rowcount


def of(table: str, code: str) -> str:
    return f"(SELECT id FROM erpdesk.{table} WHERE code = '{code}')"


def become(table: str, code: str, change: str) -> str:
    return f"UPDATE erpdesk.{table} SET {change} WHERE code = '{code}'"


KEPT = {
    "kind": ("I6", become("account", "4010", "kind = 'stock'")),
    "kind of stock": ("I6", become("account", "1140", "kind = 'general'")),
    "nature": ("I11", become("account", "4010", "nature = 'asset'")),
    "group": ("I1", become("account", "4010", "is_group = true")),
    "parent with entries": ("I1", become("account", "4090", f"parent_id = {of('account', '4010')}")),
    "code": ("I2", become("account", "4010", "code = '4011'")),
    "key of a code": ("I2", become("party", "C001", "code_key = 'c00x'")),
    "code of a batch": ("I5", become("batch", "L1", "code = 'L2', code_key = 'l2'")),
    "item of a batch": ("I5", become("batch", "L1", f"item_id = {of('item', 'TEA')}")),
    "warehouse of a bin": ("I5", become("bin_location", "A1", f"warehouse_id = {of('warehouse', 'COLD')}")),
    "valuation": ("I5", become("item", "TEA", "valuation = 'weighted_average'")),
    "batches": ("I5", become("item", "TEA", "track_batch = true")),
    "serial numbers": ("I5", become("item", "TEA", "track_serial = true")),
    "fixed product": ("I5", become("item", "TEA", "is_fixed_product = true")),
    "unit": ("I5", become("item", "TEA", f"uom_id = {of('uom', 'KG')}")),
    "stocked": ("I5", become("item", "TEA", "is_stocked = false")),
    "stocked after a sale": ("I5", become("item", "REPAIR", "is_stocked = true")),
    "currency": ("I1", become("currency", "USD", "decimals = 0")),
    "all at once": ("I5", "UPDATE erpdesk.item SET valuation = 'weighted_average'"),
}


@pytest.mark.parametrize("statement", [
    pytest.param(statement, marks=invariant(of_books), id=name) for name, (of_books, statement) in KEPT.items()])
def test_what_the_books_rest_on_is_not_changed_by_sql(clerk: HostileDesk, statement: str) -> None:
    assert run(clerk, statement) == "23514 master_keeps"


TEA = f"WHERE item_id = {of('item', 'TEA')}"


@pytest.mark.parametrize(("statement", "refused"), [
    (become("uom", "KG", "decimals = 0"), "unit_keeps_decimals"),
    (f"UPDATE erpdesk.item_uom SET factor = 24 {TEA}", "unit_keeps_factor"),
    (f"UPDATE erpdesk.item_uom SET uom_id = {of('uom', 'HALF')} {TEA}", "unit_keeps_factor"),
    (f"DELETE FROM erpdesk.item_uom {TEA}", "unit_keeps_factor"),
], ids=["decimals", "factor", "unit", "gone"])
@invariant("I5")
def test_units_hold_what_was_counted_in_them(clerk: HostileDesk, statement: str, refused: str) -> None:
    assert run(clerk, statement) == f"23514 {refused}"


MOVED = {
    "warehouse": become("warehouse", "MAIN", f"inventory_account_id = {of('account', '1145')}"),
    "item": become("item", "TEA", f"inventory_account_id = {of('account', '1145')}"),
    "item that has one": become("item", "ICE", "inventory_account_id = NULL"),
    "group": become("item_group", "DRY", f"inventory_account_id = {of('account', '1145')}"),
    "group of an item": become("item", "SALT", f"item_group_id = {of('item_group', 'COLDS')}"),
}


@pytest.mark.parametrize("statement", MOVED.values(), ids=MOVED.keys())
@invariant("I6")
def test_goods_stay_on_the_account_that_they_stand_on(clerk: HostileDesk, statement: str) -> None:
    assert run(clerk, statement) == "23514 goods_keep_account"


MISFITS = {
    "bank for a warehouse": become("warehouse", "COLD", f"inventory_account_id = {of('account', '1120')}"),
    "expense for an item": become("item", "NEW", f"inventory_account_id = {of('account', '6050')}"),
    "group for an item group": become("item_group", "FROZEN", f"inventory_account_id = {of('account', '1000')}"),
    "income for costs": become("item", "NEW", f"cogs_account_id = {of('account', '4010')}"),
    "stock for sales": become("item", "NEW", f"sales_account_id = {of('account', '1140')}"),
    "bank for sales": become("item", "NEW", f"sales_account_id = {of('account', '1120')}"),
    "cash for GR/IR": become("item", "NEW", f"grir_account_id = {of('account', '1110')}"),
    "stock for a party": become("party", "C001", f"account_id = {of('account', '1140')}"),
    "income for a party": become("party", "C001", f"account_id = {of('account', '4010')}"),
    "payable for a customer": become("party", "C001", f"account_id = {of('account', '2110')}"),
    "customer becomes supplier": become("party", "C002", "kind = 'supplier'"),
    "new item": "INSERT INTO erpdesk.item"
                " (organization_id, id, code, code_key, name, name_key, uom_id, inventory_account_id)"
                " SELECT organization_id, gen_random_uuid(), 'X', 'x', 'X', 'x', uom_id, " + of("account", "1120")
                + " FROM erpdesk.item WHERE code = 'TEA'",
    "account of a party": become("account", "1135", "kind = 'general'"),
    "type of an account of goods": become("account", "1146", "is_group = true"),
}


@pytest.mark.parametrize("statement", MISFITS.values(), ids=MISFITS.keys())
@invariant("I6")
def test_a_master_names_only_accounts_that_fit(clerk: HostileDesk, statement: str) -> None:
    assert run(clerk, statement) == "23514 account_fits"


def test_a_role_of_goods_goes_to_an_account_of_goods(shop: Trade) -> None:
    with hostile_desk(shop, "admin") as desk:
        for role, code in (("grir", "6050"), ("delivered_not_invoiced", "4090"), ("sales", "1146"), ("cash", "1135")):
            assert run(desk, f"UPDATE erpdesk.account_role SET account_id = {of('account', code)}"
                             f" WHERE role = '{role}'") == "23514 account_role_kind"


ALLOWED = (
    become("account", "4091", "kind = 'variance'"), become("account", "4091", "nature = 'expense'"),
    become("account", "4010", "name = 'Sales here'"), become("account", "4010", f"parent_id = {of('account', '6000')}"),
    become("item", "NEW", "valuation = 'weighted_average', track_batch = true, uom_id = " + of("uom", "KG")),
    become("item", "TEA", "batch_policy = 'fefo', track_expiry = true, is_active = false"),
    become("item", "TEA", f"inventory_account_id = {of('account', '1140')}"),
    become("item", "TEA", f"item_group_id = {of('item_group', 'COLDS')}"),
    become("item", "TEA", f"sales_account_id = {of('account', '4090')}"),
    become("uom", "KG", "decimals = 6"), become("uom", "KG", "decimals = 1"), become("uom", "HALF", "decimals = 3"),
    f"UPDATE erpdesk.item_uom SET factor = 7 WHERE item_id = {of('item', 'NEW')}",
    f"DELETE FROM erpdesk.item_uom WHERE item_id = {of('item', 'NEW')}",
    become("currency", "JPY", "decimals = 2"), become("currency", "USD", "name = 'Dollar'"),
    become("warehouse", "COLD", f"inventory_account_id = {of('account', '1145')}"),
    become("party", "S002", f"account_id = {of('account', '2111')}"), become("party", "D1", "kind = 'both'"),
)


def test_whatever_nothing_rests_on_is_changed(clerk: HostileDesk) -> None:
    for statement in ALLOWED:
        assert done(clerk, statement) == 1, statement


def test_the_program_asks_the_database_about_every_column_that_it_keeps(shop: Trade) -> None:
    kept = shop.rows("SELECT master, name, word FROM erpdesk.kept_columns() WHERE kept = 'in use'")
    of_table = {section.table.name: section for section in READABLE.values()}
    assert kept
    for table, name, word in kept:
        column = of_table[table].columns[word]
        assert column.name == name
        assert column.is_guarded or table == "currency", f"{table}.{name}"


def meant(clerk: HostileDesk, statement: str) -> ErpdeskError:
    with pytest.raises(psycopg.Error) as caught:
        clerk.connection.execute(statement.encode())
    return meaning(caught.value)


@pytest.mark.parametrize(("statement", "code", "field", "said"), [
    (KEPT["nature"][1], "MST-001", "type", "The account 4010 has entries; its type can't change any more."),
    (KEPT["code"][1], "MST-001", "code", "The account 4010 keeps its code."),
    (become("uom", "KG", "decimals = 0"), "MST-001", "decimals",
     "Quantities in KG have up to 1 decimals; it can't have fewer any more."),
    (f"DELETE FROM erpdesk.item_uom WHERE item_id = {of('item', 'TEA')}", "MST-001", "alternate_units",
     "Vouchers were posted in BOX of the item TEA; what it holds can't change any more."),
    (MOVED["warehouse"], "MST-001", "inventory_account",
     "Goods of the warehouse MAIN lie in MAIN; the account that they stand on can't change."),
    (MISFITS["bank for a warehouse"], "MST-010", "inventory_account",
     "1120 is of kind bank; one of kind stock is needed here."),
])
def test_the_refusal_says_what_and_where(clerk: HostileDesk, statement: str, code: str, field: str, said: str) -> None:
    [fault] = meant(clerk, statement).faults
    assert (fault.code, fault.field, fault.message) == (code, field, said)


def test_who_deletes_an_item_in_use_is_told_who_uses_it(shop: Trade) -> None:
    """Not what its alternate unit holds, which would go with it."""
    with pytest.raises(ErpdeskError) as caught:
        shop.books.master_lists.delete("item", "TEA")
    assert caught.value.code == "MST-007"
    shop.books.master_lists.delete("item", "NEW")


@pytest.mark.parametrize(("table", "one", "other"), [
    ("account", "1000", "1000"), ("account", "1000", "1900"), ("cost_centre", "CC1", "CC2"),
    ("item_group", "DRY", "DRY")])
def test_nothing_stands_above_itself(clerk: HostileDesk, table: str, one: str, other: str) -> None:
    statement = become(table, one, f"parent_id = {of(table, other)}")
    assert run(clerk, statement) == "23514 tree_without_circle"
    [fault] = meant(clerk, statement).faults
    assert (fault.code, fault.field) == ("IMP-015", "parent")


def test_a_tree_is_put_upside_down_in_one_file(shop: Trade) -> None:
    for upper, lower in (("CC1", "CC2"), ("CC2", "CC1")):
        told = shop.books.masters.import_masters({"cost_centres": [
            {"code": lower, "parent": upper}, {"code": upper, "parent": None, "name": f"Above {lower}"}]})
        assert {one.ok for one in told} == {True}, told


@invariant("I9")
def test_nobody_asks_about_the_masters_of_another_organization(clerk: HostileDesk) -> None:
    other = "00000000-0000-0000-0000-000000000001"
    assert run(clerk, f"SELECT * FROM erpdesk.masters_refused('{other}', 'account', '[]')") == "42501 None"
    assert run(clerk, f"SELECT * FROM erpdesk.masters_refused('{clerk.shop.books.organization.id}', 'voucher',"
                      " '[{\"n\": 0}]')") == "22023 None"


@invariant("I5")
def test_a_change_waits_for_the_voucher_that_is_being_posted(shop: Trade, clerk: HostileDesk) -> None:
    """Nothing lies of NEW yet; a voucher that brings some is under way when the clerk makes it a pool."""
    sent = clerk.sent(purchase([goods("NEW", "1", "5")], **PLAIN))
    said: list[str] = []
    with shop.database.connect(clerk.login) as second, second.transaction():
        for name, payload in (("posting_open", sent.opened), ("posting_apply", sent.applied)):
            second.execute(f"SELECT erpdesk.{name}(%s, %s)".encode(), (sent.organization, json.dumps(payload)))
        thread = threading.Thread(
            target=lambda: said.append(run(clerk, become("item", "NEW", "valuation = 'weighted_average'"))))
        thread.start()
        until = time.monotonic() + 20
        while not shop.rows("SELECT 1 FROM pg_locks WHERE NOT granted AND pid = %s", clerk.connection.info.backend_pid):
            assert time.monotonic() < until, "it did not wait"
    thread.join(20)
    assert said == ["23514 master_keeps"]
