"""The scene of every attack: two organizations, and people of the first who know SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest

from helpers.book_rows import BookRows, Line, Move, OrganizationRows
from helpers.cluster import Cluster
from helpers.database import Login, fresh_database, watched_database
from helpers.trading_fixtures import shop, shop_template

__all__ = ["shop", "shop_template"]

GROUPS = ("clerk", "approver", "accountant", "admin", "auditor")


@dataclass(slots=True)
class Scene:
    """Posted books of SHOP and RIVAL; a login of each group in SHOP, with connections."""

    rows: BookRows
    shop: OrganizationRows
    rival: OrganizationRows
    voucher: UUID
    logins: dict[str, Login]
    people: dict[str, psycopg.Connection[Any]]

    @property
    def clerk(self) -> psycopg.Connection[Any]:
        return self.people["clerk"]

    def refused(self, who: str | psycopg.Connection[Any], statement: str, *values: Any) -> str:
        """The SQLSTATE and constraint that a statement is refused with; fails the test when it isn't."""
        connection = self.people[who] if isinstance(who, str) else who
        with pytest.raises(psycopg.Error) as caught, connection.transaction():
            connection.execute(statement.encode(), values or None)
        diagnosis = caught.value.diag
        return " ".join(filter(None, (diagnosis.sqlstate, diagnosis.constraint_name)))

    def code(self, connection: psycopg.Connection[Any], statement: str) -> str | None:
        """The SQLSTATE that a statement is refused with, None when it isn't; nothing of it stays."""
        try:
            with connection.transaction(force_rollback=True):
                connection.execute(statement.encode())
        except psycopg.Error as error:
            return error.sqlstate
        return None

    def tables(self, where: str = "true") -> list[str]:
        """Tables of the schema, by name."""
        return [name for (name,) in self.rows.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'erpdesk'::regnamespace"
            f" AND c.relkind IN ('r', 'p') AND {where} ORDER BY 1")]

    def organization_tables(self) -> list[str]:
        """Tables whose rows belong to an organization."""
        return self.tables("EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid"
                           " AND a.attname = 'organization_id' AND NOT a.attisdropped)")


@dataclass(frozen=True, slots=True)
class Posted:
    """The books of a scene before anybody enters it: the name of their database, the newest voucher's sequence."""

    template: str
    sequence: int
    shop: OrganizationRows
    rival: OrganizationRows
    voucher: UUID


@pytest.fixture(scope="session")
def posted(cluster: Cluster) -> Iterator[Posted]:
    """Books written once, to be copied."""
    with fresh_database(cluster) as database:
        with BookRows(database) as rows:
            shop, rival = rows.organization("SHOP"), rows.organization("RIVAL")
            vouchers = [_trade(rows, of) for of in (shop, rival)]
        yield Posted(database.name, rows.sequence, shop, rival, vouchers[0])


@pytest.fixture
def scene(cluster: Cluster, posted: Posted) -> Iterator[Scene]:
    """A copy of the books, and people who are of this test alone."""
    with watched_database(cluster, posted.template) as database, ExitStack() as stack:
        rows = stack.enter_context(BookRows(database, posted.sequence))
        shop, rival = deepcopy(posted.shop), deepcopy(posted.rival)
        logins = {group: database.make_user(group, [group]) for group in GROUPS}
        for group, login in logins.items():
            rows.member(shop, login, group)
        rows.member(rival, database.make_user("rival", ["admin"]), "admin")
        people = {name: stack.enter_context(database.connect(login)) for name, login in logins.items()}
        yield Scene(rows, shop, rival, posted.voucher, logins, people)


def _trade(rows: BookRows, of: OrganizationRows) -> UUID:
    rows.party(of, "C001")
    rows.party(of, "S001", "supplier")
    rows.item(of, "TEA", batches=["B1"])
    rows.post(of, "IN", "2026-04-02", [Line("1140", "50"), Line("2110", "-50", "S001")],
              [Move("TEA", "MAIN", "10", "50", "B1")], key="k-1")
    rows.insert("user_limit", organization_id=of.id, id=UUID(int=1), user_name="somebody", post_limit=1)
    rows.insert("integration_event", organization_id=of.id, id=UUID(int=1), event_type="voucher.posted",
                source_type="voucher", source_id="x")
    rows.insert("posting_log", organization_id=of.id, id=UUID(int=1), status="done", correlation_id=UUID(int=1))
    rows.insert("audit_seal", organization_id=of.id, sequence=1, previous_hash=b"", hash=b"x", entry_ids=[])
    return rows.post(of, "LEDGER", "2026-04-04", [Line("1130", "30", "C001"), Line("4010", "-30")])
