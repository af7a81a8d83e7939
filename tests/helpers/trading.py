"""A trading organization made by the real services, and its books as plain rows to assert on.

Making it takes a third of a second, so it is made once and copied for each test. Figures come as plain text
(`70.06`, `12`), signed: debits and what is owed to us positive.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from erpdesk.domain.money import plain
from erpdesk.domain.results import Ok, Refused
from erpdesk.posting.outcome import PostedVoucher
from erpdesk.services.desk import Books, Desk
from erpdesk.services.organizations import NewOrganization
from erpdesk.storage.sealing import seal
from erpdesk.storage.server import Server
from helpers.cluster import Cluster
from helpers.database import Database, copied_database, fresh_database

CODE = "SHOP"
STARTS, ENDS = date(2026, 4, 1), date(2027, 3, 31)
_numbers = itertools.count(1)

MASTERS: Mapping[str, Any] = {
    "warehouses": [{"code": "MAIN"}, {"code": "SHOP", "name": "Shop floor"}, {"code": "COLD", "name": "Cold store"}],
    "uoms": [{"code": "PCS", "decimals": "0"}, {"code": "KG", "decimals": "3"}, {"code": "BOX", "decimals": "0"},
             {"code": "HALF", "decimals": "0"}],
    "tax_classes": [{"code": "STD"}, {"code": "EXEMPT"}],
    "accounts": [
        {"code": "6020", "name": "Rent", "parent": "6000", "type": "expense"},
        {"code": "1145", "name": "Cold inventory", "parent": "1000", "type": "asset", "kind": "stock"},
        {"code": "1135", "name": "Receivable from Bala", "parent": "1000", "type": "asset", "kind": "receivable"}],
    "items": [
        {"code": "TEA", "name": "Tea", "uom": "PCS", "valuation": "fifo",
         "alternate_units": [{"uom": "BOX", "factor": "12"}]},
        {"code": "OIL", "name": "Oil", "uom": "KG", "valuation": "weighted_average"},
        {"code": "PILL", "name": "Pill", "uom": "PCS", "valuation": "fifo", "track_batch": True},
        {"code": "DRUG", "name": "Drug", "uom": "PCS", "valuation": "fifo", "track_batch": True,
         "batch_policy": "fefo"},
        {"code": "SYRUP", "name": "Syrup", "uom": "PCS", "valuation": "weighted_average", "track_batch": True},
        {"code": "ICE", "name": "Ice", "uom": "PCS", "valuation": "fifo", "inventory_account": "1145"},
        {"code": "REPAIR", "name": "Repair", "uom": "PCS", "is_stocked": False}],
    "parties": [
        {"code": "C001", "name": "Asha Stores", "kind": "customer", "credit_days": "30"},
        {"code": "C002", "name": "Bala Stores", "kind": "customer", "account": "1135", "price_list": "OWN"},
        {"code": "S001", "name": "Tea Estate", "kind": "supplier", "credit_days": "15"},
        {"code": "S002", "name": "Oil Mill", "kind": "supplier"},
        {"code": "B001", "name": "Both Ways", "kind": "both"},
        *({"code": f"D{number}", "name": f"Door {number}", "kind": "customer"} for number in range(8))],
    "cost_centres": [{"code": "CC1", "name": "Counter"}],
    "price_lists": [
        {"code": "RETAIL", "rates": [{"item": "TEA", "uom": "PCS", "rate": "15"},
                                     {"item": "TEA", "uom": "BOX", "rate": "170"}]},
        {"code": "OWN", "rates": [{"item": "TEA", "uom": "PCS", "rate": "14"}]}],
}


@dataclass(slots=True)
class Trade:
    """The organization SHOP in a database of its own, seen by its local admin."""

    database: Database
    server: Server
    desk: Desk
    books: Books

    def reopen(self) -> Books:
        """The same books on connections of their own, as another desk has them; blueprints read anew."""
        return Desk(self.database.server()).books(CODE)

    # what a desk does

    def post(self, document: Mapping[str, Any], **more: Any) -> PostedVoucher:
        """Posts, or fails the test with what was said."""
        return accepted(self.books.vouchers.post(document, **more))

    def save(self, document: Mapping[str, Any], **more: Any) -> PostedVoucher:
        """Saves a draft through the engine, whatever the type does by itself."""
        return accepted(self.draft(document, **more))

    def draft(self, document: Mapping[str, Any], **more: Any) -> Ok[PostedVoucher] | Refused:
        """The result of saving a draft: the service posts types with `auto_post`, the engine need not."""
        from erpdesk.posting.engine import PostRequest

        return self.books.vouchers.engine.run(PostRequest(
            document=document, key=document.get("idempotency_key"), post=False,
            voucher_id=UUID(more["voucher_id"]) if more.get("voucher_id") else None,
            row_version=more.get("row_version")))

    def refuse(self, document: Mapping[str, Any] | str, **more: Any) -> Refused:
        """Posts what must be refused."""
        result = self.books.vouchers.post(document, **more)
        assert isinstance(result, Refused), f"posted as {result.value.voucher_number}"
        return result

    def buy(self, item: str, quantity: str, rate: str, day: str = "2026-04-02", **line: Any) -> PostedVoucher:
        """A purchase of one line, without charges, on account of S001."""
        warehouse = line.pop("warehouse", "MAIN")
        return self.post(purchase([goods(item, quantity, rate, **line)], date=day,
                                  warehouse=warehouse, **PLAIN))

    def sell(self, item: str, quantity: str, rate: str = "15", day: str = "2026-04-10", **line: Any) -> PostedVoucher:
        """A sale of one line, without charges, to C001."""
        warehouse = line.pop("warehouse", "MAIN")
        return self.post(sale([goods(item, quantity, rate, **line)], date=day,
                              warehouse=warehouse, **PLAIN))

    def configure(self, type_code: str, **columns: Any) -> None:
        """Sets columns of a voucher type and stores the blueprint as its next version, as an admin's change does."""
        from erpdesk.storage.blueprints import version_row

        names = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in columns)
        with self.admin() as connection:
            connection.execute(sql.SQL(
                "UPDATE erpdesk.voucher_config_master SET {}, version = version + 1 WHERE code = {}").format(
                    names, sql.Placeholder("type_code")), {**columns, "type_code": type_code})
            row = version_row(self.books.organization.id, self.one(
                "SELECT id FROM erpdesk.voucher_config_master WHERE code = %s", type_code),
                self.books.configuration.blueprint(type_code))
            connection.execute(
                "INSERT INTO erpdesk.blueprint_version"
                " (organization_id, id, voucher_config_id, version, document, hash) VALUES"
                " (%(organization_id)s, %(id)s, %(voucher_config_id)s, %(version)s, %(document)s, %(hash)s)",
                {**row, "document": Jsonb(row["document"])})

    # what the books say

    def admin(self) -> psycopg.Connection[Any]:
        """A superuser's connection, which sees and may do everything; triggers stay on."""
        return self.database.connect("superuser")

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a question to the whole database, figures as plain text."""
        found = self.database.look().execute(statement.encode(), values or None).fetchall()
        return [tuple(plain(cell) if isinstance(cell, Decimal) else cell for cell in row) for row in found]

    def one(self, statement: str, *values: Any) -> Any:
        """The only cell of the only row."""
        [[cell]] = self.rows(statement, *values)
        return cell

    def journal(self, voucher: PostedVoucher) -> list[tuple[str, str]]:
        """Accounts and signed amounts of a voucher's journal, in line order; a party follows its account."""
        return [(f"{account}/{party}" if party else account, amount) for account, party, amount in self.rows(
            "SELECT a.code, p.code, l.debit - l.credit FROM erpdesk.journal j"
            " JOIN erpdesk.journal_line l ON l.journal_id = j.id JOIN erpdesk.account a ON a.id = l.account_id"
            " LEFT JOIN erpdesk.party p ON p.id = l.party_id WHERE j.voucher_id = %s ORDER BY l.line_number",
            voucher.voucher_id)]

    def balances(self) -> dict[str, str]:
        """Net balances of all accounts that have one."""
        return dict(self.rows(
            "SELECT a.code, sum(l.debit - l.credit) FROM erpdesk.journal_line l"
            " JOIN erpdesk.account a ON a.id = l.account_id GROUP BY a.code HAVING sum(l.debit - l.credit) <> 0"
            " ORDER BY a.code"))

    def stock(self, item: str, warehouse: str = "MAIN") -> tuple[str, str]:
        """Quantity and value on hand by the balance row; zero when there is none."""
        found = self.rows(
            "SELECT b.quantity, b.value FROM erpdesk.stock_balance b JOIN erpdesk.item i ON i.id = b.item_id"
            " JOIN erpdesk.warehouse w ON w.id = b.warehouse_id WHERE i.code = %s AND w.code = %s", item, warehouse)
        return (found[0][0], found[0][1]) if found else ("0", "0")

    def layers(self, item: str, warehouse: str = "MAIN") -> list[tuple[str | None, str, str]]:
        """Open layers as batch, quantity left and value left, in the order that issues take them."""
        return self.rows(
            "SELECT b.code, l.quantity_left, l.value_left FROM erpdesk.stock_layer l"
            " JOIN erpdesk.item i ON i.id = l.item_id JOIN erpdesk.warehouse w ON w.id = l.warehouse_id LEFT"
            " JOIN erpdesk.batch b ON b.id = l.batch_id"
            " WHERE i.code = %s AND w.code = %s AND l.quantity_left > 0"
            " ORDER BY l.received_on, l.posting_sequence, l.layer_number", item, warehouse)

    def batches(self, item: str, warehouse: str = "MAIN") -> dict[str, str]:
        """Quantity of each batch on hand."""
        return dict(self.rows(
            "SELECT b.code, q.quantity FROM erpdesk.batch_balance q JOIN erpdesk.batch b ON b.id = q.batch_id"
            " JOIN erpdesk.item i ON i.id = q.item_id JOIN erpdesk.warehouse w ON w.id = q.warehouse_id"
            " WHERE i.code = %s AND w.code = %s AND q.quantity <> 0 ORDER BY b.code", item, warehouse))

    def open_items(self, party: str) -> list[tuple[str, str, str | None]]:
        """Account, open amount and due date of a party's open items, in posting order."""
        return self.rows(
            "SELECT a.code, o.open_amount, o.due_on::text FROM erpdesk.open_item o"
            " JOIN erpdesk.party p ON p.id = o.party_id JOIN erpdesk.account a ON a.id = o.account_id JOIN"
            " erpdesk.voucher v ON v.id = o.voucher_id"
            " WHERE p.code = %s ORDER BY v.posting_sequence, a.code", party)

    def party_balance(self, party: str) -> str:
        """What the party owes us by its balance row; zero when there is none."""
        found = self.rows("SELECT b.balance FROM erpdesk.party_balance b JOIN erpdesk.party p ON p.id = b.party_id"
                          " WHERE p.code = %s", party)
        return str(found[0][0]) if found else "0"

    def log(self) -> list[tuple[str, str | None]]:
        """Status and error code of every attempt in the posting log, in order."""
        return self.rows("SELECT status, error_code FROM erpdesk.posting_log ORDER BY started_at, ended_at")

    def fingerprint(self) -> dict[str, tuple[int, str]]:
        """Row count and hash of every table of the schema."""
        connection = self.database.look()
        tables = [name for (name,) in connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'erpdesk' ORDER BY tablename").fetchall()]
        return {name: connection.execute(sql.SQL(
            "SELECT count(*), coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '')"
            " FROM erpdesk.{} t"
        ).format(sql.Identifier(name))).fetchall()[0] for name in tables}

    def changed_since(self, before: Mapping[str, tuple[int, str]]) -> set[str]:
        """The tables that differ from a fingerprint."""
        return {name for name, now in self.fingerprint().items() if before[name] != now}

    def unsound(self) -> list[str]:
        """What `db verify` finds wrong; empty when every invariant holds."""
        return broken_invariants(self.database)


PLAIN: Mapping[str, Any] = {"charges": [], "auto_charges": False}
"""No charges at all."""


def goods(item: str, quantity: str, rate: str | None = None, **more: Any) -> dict[str, Any]:
    """A line of goods; without a rate the document says none."""
    return {"item": item, "quantity": quantity, **({} if rate is None else {"rate": rate}), **more}


def purchase(lines: list[dict[str, Any]], **header: Any) -> dict[str, Any]:
    """A purchase invoice of S001 into MAIN."""
    return {"type": "PURCHASE_INVOICE", "date": "2026-04-02", "party": "S001", "warehouse": "MAIN",
            "lines": lines, **header}


def sale(lines: list[dict[str, Any]], **header: Any) -> dict[str, Any]:
    """A sales invoice to C001 out of MAIN."""
    return {"type": "SALES_INVOICE", "date": "2026-04-10", "party": "C001", "warehouse": "MAIN",
            "lines": lines, **header}


def transfer(lines: list[dict[str, Any]], **header: Any) -> dict[str, Any]:
    """A stock transfer from MAIN to SHOP."""
    return {"type": "STOCK_TRANSFER", "date": "2026-04-10", "from_warehouse": "MAIN", "to_warehouse": "SHOP",
            "lines": lines, **header}


def journal(amount: str = "100.00", **header: Any) -> dict[str, Any]:
    """A journal of cash and capital."""
    return {"type": "JOURNAL", "date": "2026-04-02", "lines": [
        {"account": "1110", "debit": amount}, {"account": "3010", "credit": amount}], **header}


def accepted(result: Ok[PostedVoucher] | Refused) -> PostedVoucher:
    """The voucher of an accepted request; fails the test with the faults of a refused one."""
    assert isinstance(result, Ok), [fault.as_json() for fault in result.faults]
    return result.value


def broken_invariants(database: Database) -> list[str]:
    """What `db verify` finds wrong in a database; empty when every invariant holds."""
    from erpdesk.storage.verify import verify

    connection = database.look()
    connection.execute("SET join_collapse_limit = 1")  # the books of a test are small: it is planning that takes long
    return [result.line for result in verify(connection) if not result.ok]


def make_organization(desk: Desk) -> Books:
    """SHOP with its masters, through the services."""
    desk.create_organization(NewOrganization(CODE, "Shop", "NPR", STARTS, ENDS, "NP"))
    books = desk.books(CODE)
    results = books.masters.import_masters(MASTERS)
    assert all(result.ok for result in results), [result.as_json() for result in results if not result.ok]
    return books


@contextmanager
def trading_template(cluster: Cluster) -> Iterator[str]:
    """The name of a database that holds SHOP, to be copied."""
    with fresh_database(cluster) as database:
        with Desk(database.server()) as desk:
            make_organization(desk)
        seal(database.server())  # a copy made much later is not to be found unsealed
        yield database.name


@contextmanager
def begun(cluster: Cluster, template: str, begin: Callable[[Trade], object]) -> Iterator[str]:
    """The name of a database in which somebody has begun to work, to be copied."""
    with trading(cluster, template) as trade:
        begin(trade)
        seal(trade.server)
        trade.database.close()
        trade.database.stop_looking()
        yield trade.database.name


@contextmanager
def trading_database(cluster: Cluster, template: str) -> Iterator[Database]:
    """A copy of the template, dropped afterwards."""
    with copied_database(Database(cluster, f"trade_{os.getpid()}_{next(_numbers)}"), template) as database:
        yield database


@contextmanager
def trading(cluster: Cluster, template: str) -> Iterator[Trade]:
    """The organization, open; afterwards no transaction may be left open and every invariant must hold."""
    with trading_database(cluster, template) as database:
        server = database.server()
        desk = Desk(server)
        yield Trade(database, server, desk, desk.books(CODE))
        database.close()
        left_open = database.open_transactions()
        assert not left_open, f"the test left transactions open: {left_open}"
        broken = broken_invariants(database)
        assert not broken, f"the test left broken books: {broken}"
