"""A test database is a fresh copy of the migrated template, dropped after the test that asked for it."""

from __future__ import annotations

import itertools
import os
import secrets
import select
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from erpdesk.storage import roles
from erpdesk.storage.server import Server
from erpdesk.storage.target import Target, resolve_target
from helpers.cluster import TEMPLATE, Cluster

_LOGINS = {"program": roles.LOCAL, "owner": roles.OWNER, "worker": roles.WORKER, "superuser": "postgres"}
_PATIENCE_SECONDS = 2.0
_LOCK_PATIENCE_SECONDS = 60.0
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Login:
    """A login role of one test; `name` is unique in the cluster."""

    name: str
    password: str


@dataclass(slots=True)
class Database:
    """A migrated database of its own. Roles: `program` (the local admin, member of all five groups),
    `owner`, `worker`, `superuser`; or a `Login` from `make_user`."""

    cluster: Cluster
    name: str
    logins: list[Login] = field(default_factory=list)
    _servers: list[Server] = field(default_factory=list)
    _looking: psycopg.Connection[Any] | None = None

    def url(self, role: str | Login = "program", *, tcp: bool = False) -> str:
        """The database's URL, password included."""
        login = role if isinstance(role, Login) else self._login(role)
        return self.cluster.url(self.name, login.name, login.password, tcp=tcp)

    def target(self, role: str | Login = "program") -> Target:
        """The same as a target."""
        return resolve_target(self.url(role))

    def server(self, role: str | Login = "program") -> Server:
        """An open server on it, closed after the test: pools, engine, connections."""
        server = Server(self.target(role), None)
        self._servers.append(server)
        return server

    def connect(self, role: str | Login = "program", *, autocommit: bool = True) -> psycopg.Connection[Any]:
        """One connection, as the program makes them (search path, UTC); the caller closes it."""
        return Server(self.target(role), None).connect(autocommit=autocommit)

    def look(self) -> psycopg.Connection[Any]:
        """A superuser's connection in autocommit that is kept for the test's questions: don't close it, don't set
        anything in it. Another one when the server has ended it."""
        kept = self._looking
        if kept is None or kept.closed or select.select([kept.fileno()], [], [], 0)[0]:
            self.stop_looking()
            kept = self._looking = self.connect("superuser")
            kept.prepare_threshold = None  # tables change under it
        return kept

    def stop_looking(self) -> None:
        """Closes the kept connection."""
        if self._looking is not None:
            self._looking.close()
            self._looking = None

    def make_user(self, name: str, groups: Iterable[str] = ()) -> Login:
        """A login with a row in `app_user`, member of the groups (`clerk`, …), in no organization yet."""
        login = Login(f"{name}_{self.name.removeprefix('test_')}", secrets.token_hex(8))
        connection = self.look()
        with connection.transaction():
            connection.execute(f'CREATE ROLE "{login.name}" LOGIN')
            roles.set_password(connection, login.name, login.password)
            for group in groups:
                connection.execute(f'GRANT "erpdesk_{group.removeprefix("erpdesk_")}" TO "{login.name}"')
            connection.execute("INSERT INTO erpdesk.app_user (name) VALUES (%s)", (login.name,))
        self.logins.append(login)
        return login

    def close(self) -> None:
        """Closes the servers that were handed out."""
        servers, self._servers = self._servers, []
        for server in servers:
            server.close()

    def open_transactions(self) -> list[str]:
        """What sessions of this database still have a transaction open, after a moment's patience."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            rows = self.cluster.keeper().execute(
                "SELECT usename || ': ' || state || ': ' || left(query, 200) FROM pg_stat_activity"
                " WHERE datname = %s AND xact_start IS NOT NULL AND backend_type = 'client backend'",
                (self.name,)).fetchall()
            if not rows or time.monotonic() > until:
                return [str(row[0]) for row in rows]
            time.sleep(0.005)

    def waiting_sessions(self) -> list[int]:
        """Which sessions of this database wait for a lock, by process."""
        return [int(str(pid)) for (pid,) in self.cluster.keeper().execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
            " ORDER BY query_start", (self.name,)).fetchall()]

    def until_somebody_waits(self, sessions: int = 1, unless: Callable[[], bool] = lambda: False) -> list[int]:
        """Which sessions wait for a lock, once so many do; all that do when `unless` says that nobody else will."""
        until = time.monotonic() + _LOCK_PATIENCE_SECONDS
        while len(found := self.waiting_sessions()) < sessions and not unless():
            assert time.monotonic() < until, f"{len(found)} of {sessions} sessions wait for a lock"
        return found

    def _login(self, role: str) -> Login:
        name = _LOGINS[role]
        return Login(name, self.cluster.passwords[name])


@contextmanager
def copied_database(database: Database, template: str) -> Iterator[Database]:
    """Copies a template under a database's name; drops the copy and its logins at the end."""
    connection = database.cluster.keeper()
    connection.execute(f"CREATE DATABASE {database.name} TEMPLATE {template} OWNER {roles.OWNER} STRATEGY file_copy")
    roles.protect_database(connection, database.name)
    try:
        yield database
    finally:
        database.close()
        database.stop_looking()
        _drop(connection, database.name)
        for login in database.logins:
            connection.execute(f'DROP ROLE IF EXISTS "{login.name}"')


@contextmanager
def fresh_database(cluster: Cluster, template: str = TEMPLATE) -> Iterator[Database]:
    """A copy of a template; of the one that is only migrated, if none is said."""
    with copied_database(Database(cluster, f"test_{os.getpid()}_{next(_numbers)}"), template) as database:
        yield database


@contextmanager
def watched_database(cluster: Cluster, template: str = TEMPLATE) -> Iterator[Database]:
    """The same for a test; fails the one that leaves a transaction open in it."""
    with fresh_database(cluster, template) as database:
        yield database
        database.close()
        left_open = database.open_transactions()
    assert not left_open, f"the test left transactions open: {left_open}"


def _drop(connection: psycopg.Connection[Any], name: str) -> None:
    """Drops a database when its last session is gone: to one that is about to go, DROP gives a tenth of a second."""
    connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and connection.execute(
            "SELECT FROM pg_stat_activity WHERE datname = %s", (name,)).fetchone() is not None:
        time.sleep(0.001)
    connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
