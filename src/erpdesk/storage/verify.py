"""Verification asks every invariant of the whole database, in one snapshot, and names what breaks it.

It runs only for a session that sees every organization: row-level security would make broken books of
others look sound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ForbiddenError
from erpdesk.storage.invariant_checks import CHECKS, Check, audit, rights

if TYPE_CHECKING:
    import psycopg

SHOWN = 5
"""So many offenders are named for each check; the rest is counted."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one invariant stands: a line for people, and whether it holds."""

    name: str
    ok: bool
    text: str

    @property
    def line(self) -> str:
        """`I1 ok 1234 journals balance`, or `I1 FAILED …`."""
        return f"{self.name} {'ok' if self.ok else 'FAILED'} {self.text}"


def verify(connection: psycopg.Connection[Any]) -> Iterator[CheckResult]:
    """One result for each invariant, in order. Reads only.

    Raises ForbiddenError SEC-002 when the session doesn't see every organization.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SET LOCAL search_path = pg_catalog")
        _require_everything(connection)
        for check in CHECKS:
            yield _result(connection, check)


def verify_organization(connection: psycopg.Connection[Any], code: str) -> Iterator[CheckResult]:
    """One result for each invariant of one organization's books, as far as the session sees them. Reads only."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SET LOCAL search_path = pg_catalog")
        for check in CHECKS:
            if check not in rights.CHECKS:
                yield _result(connection, check, code)


def verify_chain(connection: psycopg.Connection[Any], code: str) -> CheckResult:
    """Whether the audit entries of one organization are complete and in one chain of seals. Reads only."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SET LOCAL search_path = pg_catalog")
        return _result(connection, audit.CHECKS[0], code)


def _require_everything(connection: psycopg.Connection[Any]) -> None:
    above, is_owner = connection.execute(_STANDING).fetchall()[0]
    sees = connection.execute(b"SELECT count(*) FROM erpdesk.organization").fetchall()[0][0]
    if above or (is_owner and sees == _organizations(connection)):
        return
    raise ForbiddenError("SEC-002", "Only a login that sees every organization can verify the database",
                         cure="Use the login erpdesk_owner, or a superuser.", details={"sees": sees})


def _organizations(connection: psycopg.Connection[Any]) -> int:
    """How many there are, as a function that sees all of them says."""
    return int(connection.execute(b"SELECT erpdesk.organization_count()").fetchall()[0][0])


def _result(connection: psycopg.Connection[Any], check: Check, code: str = "") -> CheckResult:
    """How a check stands; with a code, without what it finds in other organizations."""
    from psycopg import sql

    found, total = [], 0
    where = _NOT_OF_OTHERS.format(code=sql.Literal(code).as_string(connection)) if code else ""
    for question in (*check.questions, *_asked_of_tables(connection, check)):
        rows = connection.execute(_COUNTED.format(question=question, where=where, shown=SHOWN).encode()).fetchall()
        found += [str(row[0]) for row in rows]
        total += rows[0][1] if rows else 0
    if total:
        more = f"; and {total - SHOWN} more" if total > SHOWN else ""
        return CheckResult(check.name, False, "; ".join(found[:SHOWN]) + more)
    counted = connection.execute(check.counted.encode()).fetchall()[0][0]
    return CheckResult(check.name, True, f"{counted} {check.holds}")


def _asked_of_tables(connection: psycopg.Connection[Any], check: Check) -> Sequence[str]:
    """The question that goes to every table, where the check is about tables."""
    if check not in rights.CHECKS:
        return ()
    from psycopg import sql

    return [sql.SQL(rights.ROWS_OF_NOBODY).format(name=sql.Literal(name), table=sql.Identifier(name))
            .as_string(connection) for (name,) in connection.execute(rights.TABLES.encode()).fetchall()]


_COUNTED = "SELECT q.offender, count(*) OVER () FROM ({question}) AS q (offender){where} LIMIT {shown}"

_NOT_OF_OTHERS = """ WHERE NOT EXISTS (
    SELECT FROM erpdesk.organization e WHERE e.code <> {code}
    AND (starts_with(q.offender, e.code || ' ') OR starts_with(q.offender, e.code || ':')))"""
"""Sentences begin with the code of the organization that they are about."""


_STANDING = b"""
SELECT r.rolsuper OR r.rolbypassrls, session_user = 'erpdesk_owner' AND current_user = session_user
FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
"""
