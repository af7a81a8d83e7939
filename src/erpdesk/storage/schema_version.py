"""The schema's version is the last migration and a hash of the server-side functions, kept in the database.

Whether it fits the program is one query, and needs neither Alembic nor SQLAlchemy: what the program wants
is read from its own files.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import erpdesk
from erpdesk.domain.results import NoDatabaseError
from erpdesk.settings import MIGRATIONS
from erpdesk.storage.server import Server

if TYPE_CHECKING:
    import psycopg

State = Literal["missing", "older", "current", "newer"]

_REVISION = re.compile(r"^(revision|down_revision)\b[^=\n]*=\s*(?:[\"']([^\"']+)[\"']|None)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What this program needs: the last migration, all migrations it knows, the hash of the functions."""

    revision: str
    known: frozenset[str]
    functions: str


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """What the database has, set against what the program needs. Empty texts when there is no schema."""

    state: State
    revision: str
    wanted_revision: str
    functions_current: bool
    program: str


@cache
def wanted() -> Wanted:
    """Read once a process from `migrations/`."""
    revisions: set[str] = set()
    parents: set[str] = set()
    for path in sorted((MIGRATIONS / "versions").glob("*.py")):
        for kind, name in _REVISION.findall(path.read_text("utf-8")):
            (revisions if kind == "revision" else parents).add(name)
    heads = revisions - parents
    if len(heads) > 1:
        raise RuntimeError(f"the migrations have several heads: {sorted(heads)}")
    return Wanted(next(iter(heads), ""), frozenset(revisions), _functions_hash(function_files()))


def function_files() -> tuple[Path, ...]:
    """The server-side functions, policies and grants, in the order in which they are applied."""
    return tuple(sorted((MIGRATIONS / "functions").glob("*.sql")))


def _functions_hash(files: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for path in files:
        text = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.name}\0{len(text)}\0".encode())
        digest.update(text)
    return digest.hexdigest()


def status(server: Server) -> SchemaStatus:
    """Compares database and program with one query; raises NoDatabaseError."""
    with server.connect() as connection:
        return status_seen_by(connection)


def status_seen_by(connection: psycopg.Connection[Any]) -> SchemaStatus:
    """The same on an open connection, whose transaction is over afterwards."""
    from psycopg import errors

    rows: dict[str, str] = {}
    try:
        rows = dict(connection.execute("SELECT name, value FROM erpdesk.schema_info").fetchall())
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        pass
    except errors.InsufficientPrivilege:
        raise NoDatabaseError(
            "NET-006", f"{connection.info.user} has no rights in this database.",
            cure="Ask the administrator to run erpdesk user grant.") from None
    finally:
        connection.rollback()
    return compared(rows)


def compared(rows: dict[str, str]) -> SchemaStatus:
    """The status that the rows of `schema_info` stand for."""
    want = wanted()
    revision, program = rows.get("revision", ""), rows.get("program", "")
    same = rows.get("functions") == want.functions
    return SchemaStatus(_state(rows, want), revision, want.revision, same, program)


def _state(rows: dict[str, str], want: Wanted) -> State:
    if not rows:
        return "missing"
    revision = rows.get("revision", "")
    if revision != want.revision:
        return "older" if revision in want.known or not revision else "newer"
    if rows.get("functions") == want.functions:
        return "current"
    return "newer" if _numbers(rows.get("program", "")) > _numbers(erpdesk.__version__) else "older"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))
