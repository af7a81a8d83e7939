"""Books made row by row, as the superuser and with triggers off: consistent, until a test breaks them.

Reports and verification are tested on these rows, so that what they say doesn't depend on the engine that
normally writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import TracebackType
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from erpdesk.domain.keys import key_of
from helpers.database import Database, Login

NIL = UUID(int=0)
STARTS, ENDS = date(2026, 4, 1), date(2027, 3, 31)


@dataclass(frozen=True, slots=True)
class Line:
    """A journal line: account code, amount (debit positive), party code."""

    account: str
    amount: str
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A movement: signed quantity and value; an issue names the voucher whose layer it takes from."""

    item: str
    warehouse: str
    quantity: str
    value: str
    batch: str | None = None
    taken_from: UUID | None = None
    account: str = "1140"


@dataclass(slots=True)
class OrganizationRows:
    """Ids of one organization's rows, by code."""

    id: UUID
    code: str
    branch: UUID
    year: UUID
    period: UUID
    ids: dict[tuple[str, str], UUID] = field(default_factory=dict)
    pooled: set[str] = field(default_factory=set)

    def __getitem__(self, what: tuple[str, str]) -> UUID:
        return self.ids[what]


class BookRows:
    """Writes rows through one superuser connection in replication mode: no trigger, no foreign key."""

    def __init__(self, database: Database, sequence: int = 0) -> None:
        self.database = database
        self.connection: psycopg.Connection[Any] = database.connect("superuser")
        self.connection.execute("SET session_replication_role = replica")
        self.sequence = sequence
        """The posting sequence of the newest voucher."""

    def __enter__(self) -> BookRows:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.connection.close()

    def execute(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Runs a statement; its rows, if it has any."""
        done = self.connection.execute(statement.encode(), values or None)
        return done.fetchall() if done.description else []

    def insert(self, table: str, **values: Any) -> None:
        """One row."""
        cells = [Jsonb(v) if isinstance(v, dict) else v for v in values.values()]
        self.connection.execute(sql.SQL("INSERT INTO erpdesk.{} ({}) VALUES ({})").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join([sql.Placeholder()] * len(values))), cells)

    def organization(self, code: str, members: Sequence[tuple[Login, str]] = (),
                     decimals: int = 2) -> OrganizationRows:
        """An organization with a year of one period, six accounts, two warehouses, four voucher types."""
        made = OrganizationRows(uuid4(), code, uuid4(), uuid4(), uuid4())
        own = {"organization_id": made.id}
        self.insert("organization", id=made.id, code=code, code_key=key_of(code), name=code,
                    base_currency="NPR", currency_decimals=decimals)
        self.insert("branch", **own, id=made.branch, code="HO", code_key="ho", name="Head office")
        self.insert("fiscal_year", **own, id=made.year, code="2026-27", short_code="26-27", starts_on=STARTS,
                    ends_on=ENDS)
        self.insert("accounting_period", **own, id=made.period, fiscal_year_id=made.year, number=1,
                    starts_on=STARTS, ends_on=ENDS)
        for login, role in members:
            self.member(made, login, role)
        journal = self._row(made, "journal_type", "GENERAL", label="General")
        for name, gl, stock in (("LEDGER", True, False), ("IN", True, True), ("OUT", True, True),
                                ("MOVE", False, True)):
            self._row(made, "voucher_config_master", name, label=name, journal_type_id=journal,
                      affects_gl=gl, affects_inventory=stock,
                      stock_direction={"IN": "in", "OUT": "out", "MOVE": "transfer"}.get(name, "none"))
        for number, name, nature, kind in (
                ("1110", "Cash", "asset", "cash"), ("1130", "Receivable", "asset", "receivable"),
                ("1140", "Inventory", "asset", "stock"), ("2110", "Payable", "liability", "payable"),
                ("4010", "Sales", "income", "general"), ("5010", "Cost of goods sold", "expense", "cogs")):
            self._named(made, "account", number, name=name, nature=nature, kind=kind)
        self._named(made, "uom", "PCS")
        self.warehouse(made, "MAIN")
        self.warehouse(made, "SHOP")
        return made

    def member(self, of: OrganizationRows, login: Login, role: str) -> None:
        """Somebody of the organization."""
        self.insert("organization_member", organization_id=of.id, user_name=login.name, role=role)

    def warehouse(self, of: OrganizationRows, code: str) -> None:
        """A warehouse."""
        self._named(of, "warehouse", code, name=code)

    def account(self, of: OrganizationRows, code: str, parent: str | None = None, **more: Any) -> None:
        """An account."""
        self._named(of, "account", code, name=more.pop("name", code),
                    parent_id=of["account", parent] if parent else None, nature=more.pop("nature", "asset"),
                    **more)

    def party(self, of: OrganizationRows, code: str, kind: str = "customer") -> None:
        """A party."""
        self._named(of, "party", code, name=code, kind=kind)

    def item(self, of: OrganizationRows, code: str, valuation: str = "fifo",
             batches: Sequence[str] = ()) -> None:
        """An item with its batches."""
        self._named(of, "item", code, name=code, uom_id=of["uom", "PCS"], valuation=valuation,
                    track_batch=bool(batches))
        if valuation == "weighted_average":
            of.pooled.add(code)
        for batch in batches:
            self._named(of, "batch", f"{code}/{batch}", item_id=of["item", code])
            self.execute("UPDATE erpdesk.batch SET code = %s, code_key = %s WHERE id = %s", batch,
                         key_of(batch), of["batch", f"{code}/{batch}"])

    def post(self, of: OrganizationRows, voucher_type: str, day: str, lines: Sequence[Line] = (),
             moves: Sequence[Move] = (), *, key: str | None = None, due: str | None = None,
             narration: str = "") -> UUID:
        """A posted voucher with everything that belongs to one."""
        voucher, config = uuid4(), of["voucher_config_master", voucher_type]
        self.sequence += 1
        own, sequence = {"organization_id": of.id}, self.sequence
        number = self._number(of, config, voucher)
        total = sum((Decimal(line.amount) for line in lines if Decimal(line.amount) > 0), Decimal(0))
        party = next((line.party for line in lines if line.party), None)
        self.insert(
            "voucher", **own, id=voucher, branch_id=of.branch, voucher_config_id=config, blueprint_version=1,
            fiscal_year_id=of.year, voucher_on=day, entry_on=day, currency_code="NPR", total=total,
            base_total=total, status="POSTED", voucher_number=number, voucher_number_key=key_of(number),
            series_code="MAIN", posting_sequence=sequence, document_hash=f"hash of {voucher}",
            idempotency_key=key, posted_by="tester", posted_at="2026-04-01", narration=narration,
            party_id=of["party", party] if party else None)
        self.execute("UPDATE erpdesk.voucher SET posted_at = now() WHERE id = %s", voucher)
        journal = uuid4() if lines else None
        if journal:
            self._journal(of, journal, voucher, day, lines, due)
        for place, move in enumerate(moves, start=1):
            self._move(of, voucher, journal, day, place, move)
        self.audit(of, "posted", voucher)
        if key:
            self.insert("idempotency_key", **own, key=key, content_hash="content", object_id=voucher,
                        result={"voucher_id": str(voucher), "voucher_number": number})
        return voucher

    def audit(self, of: OrganizationRows, action: str, voucher: UUID) -> None:
        """An audit entry with the voucher as it is now, in the transaction that its journal names."""
        self.execute(
            "INSERT INTO erpdesk.audit_entry (organization_id, id, sequence, actor, action, object_type,"
            " object_id, after, transaction_id)"
            " SELECT %s, gen_random_uuid(), nextval('erpdesk.audit_sequence'), v.posted_by, %s, 'voucher',"
            " v.id::text, to_jsonb(v), coalesce(j.transaction_id, txid_current()) FROM erpdesk.voucher v"
            " LEFT JOIN erpdesk.journal j ON j.voucher_id = v.id WHERE v.id = %s", of.id, action, voucher)

    def layer_of(self, voucher: UUID) -> UUID:
        """The one layer that a voucher made."""
        found: UUID = self.execute("SELECT id FROM erpdesk.stock_layer WHERE source_voucher_id = %s",
                                   voucher)[0][0]
        return found

    def _number(self, of: OrganizationRows, config: UUID, voucher: UUID) -> str:
        series = {"organization_id": of.id, "voucher_config_id": config, "series_code": "MAIN",
                  "branch_id": NIL, "restart_key": "2026-27"}
        last: int = self.execute(
            "INSERT INTO erpdesk.number_counter AS c (organization_id, voucher_config_id, series_code,"
            " branch_id, restart_key, last_number) VALUES (%s, %s, %s, %s, %s, 1)"
            " ON CONFLICT (organization_id, voucher_config_id, series_code, branch_id, restart_key)"
            " DO UPDATE SET last_number = c.last_number + 1 RETURNING last_number", *series.values())[0][0]
        self.insert("voucher_number", **series, number=last, voucher_id=voucher)
        code = next(code for (table, code), id_ in of.ids.items() if id_ == config)
        return f"{code}/{last:06}"

    def _journal(self, of: OrganizationRows, journal: UUID, voucher: UUID, day: str, lines: Sequence[Line],
                 due: str | None) -> None:
        own, sequence = {"organization_id": of.id}, self.sequence
        self.insert("journal", **own, id=journal, voucher_id=voucher, branch_id=of.branch,
                    journal_type_id=of["journal_type", "GENERAL"], fiscal_year_id=of.year,
                    period_id=of.period, posted_on=day, posting_sequence=sequence)
        for place, line in enumerate(lines, start=1):
            amount, account = Decimal(line.amount), of["account", line.account]
            party = of["party", line.party] if line.party else None
            self.insert("journal_line", **own, journal_id=journal, line_number=place, account_id=account,
                        role="line", party_id=party, debit=max(amount, Decimal(0)),
                        credit=max(-amount, Decimal(0)), posted_on=day, posting_sequence=sequence)
            if party:
                self.insert("open_item", **own, id=uuid4(), voucher_id=voucher, party_id=party,
                            account_id=account, dated_on=day, due_on=due, currency_code="NPR", amount=amount,
                            open_amount=amount, currency_amount=amount, currency_open_amount=amount)
                self.execute(
                    "INSERT INTO erpdesk.party_balance AS b (organization_id, party_id, balance)"
                    " VALUES (%s, %s, %s) ON CONFLICT (organization_id, party_id)"
                    " DO UPDATE SET balance = b.balance + excluded.balance", of.id, party, amount)

    def _move(self, of: OrganizationRows, voucher: UUID, journal: UUID | None, day: str, place: int,
              move: Move) -> None:
        quantity, value = Decimal(move.quantity), Decimal(move.value)
        item, warehouse = of["item", move.item], of["warehouse", move.warehouse]
        batch = of["batch", f"{move.item}/{move.batch}"] if move.batch else None
        own = {"organization_id": of.id}
        layer = None
        if move.item not in of.pooled:
            layer = uuid4() if quantity > 0 else self.layer_of(move.taken_from or NIL)
            if quantity > 0:
                origin = self.layer_of(move.taken_from) if move.taken_from else None
                self.insert("stock_layer", **own, id=layer, item_id=item, warehouse_id=warehouse,
                            batch_id=batch, received_on=day, posting_sequence=self.sequence,
                            layer_number=place, source_voucher_id=voucher, source_line_number=place,
                            origin_layer_id=origin, quantity=quantity, value=value, quantity_left=quantity,
                            value_left=value)
            else:
                self.execute("UPDATE erpdesk.stock_layer SET quantity_left = quantity_left + %s,"
                             " value_left = value_left + %s WHERE id = %s", quantity, value, layer)
        self.insert("stock_movement", **own, id=uuid4(), voucher_id=voucher, line_number=place,
                    journal_id=journal, fiscal_year_id=of.year, kind="in" if quantity > 0 else "out",
                    moved_on=day, posting_sequence=self.sequence, movement_number=place, item_id=item,
                    warehouse_id=warehouse, batch_id=batch, uom_id=of["uom", "PCS"], quantity=quantity,
                    value=value, valuation="weighted_average" if move.item in of.pooled else "fifo",
                    layer_id=layer, account_id=of["account", move.account])
        self.execute("INSERT INTO erpdesk.stock_balance (organization_id, item_id, warehouse_id)"
                     " VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", of.id, item, warehouse)
        self.execute("UPDATE erpdesk.stock_balance SET quantity = quantity + %s, value = value + %s"
                     " WHERE organization_id = %s AND item_id = %s AND warehouse_id = %s",
                     quantity, value, of.id, item, warehouse)
        if batch:
            self.execute(
                "INSERT INTO erpdesk.batch_balance AS b (organization_id, item_id, warehouse_id, bin_id,"
                " batch_id, quantity) VALUES (%s, %s, %s, %s, %s, %s)"
                " ON CONFLICT (organization_id, item_id, warehouse_id, bin_id, batch_id)"
                " DO UPDATE SET quantity = b.quantity + excluded.quantity",
                of.id, item, warehouse, NIL, batch, quantity)

    def _row(self, of: OrganizationRows, table: str, code: str, **values: Any) -> UUID:
        made = uuid4()
        self.insert(table, organization_id=of.id, id=made, code=code, **values)
        of.ids[table, code] = made
        return made

    def _named(self, of: OrganizationRows, table: str, code: str, **values: Any) -> UUID:
        keys = {"code_key": key_of(code)}
        if table in ("account", "party", "item"):
            keys["name_key"] = key_of(str(values.get("name", code)))
        return self._row(of, table, code, **keys, **values)
