"""An open server hands out connections: a pool for posting, an engine for everything else.

The two never share a connection: posting runs psycopg in pipelines, SQLAlchemy can't. All connections
look for names in schema `erpdesk` first, live in UTC, and call themselves `erpdesk`.
"""

from __future__ import annotations

import logging
import platform
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage.embedded import DATABASE, EmbeddedServer, attach
from erpdesk.storage.giving_way import serve_behind_keys
from erpdesk.storage.target import Target

if TYPE_CHECKING:
    import psycopg
    from psycopg_pool import ConnectionPool
    from sqlalchemy.engine import Engine

Role = Literal["program", "owner", "worker", "superuser"]
Progress = Callable[[str], None]

logging.getLogger("psycopg").addHandler(logging.NullHandler())
"""What the driver says of lines that are cut is told as errors of ours; nobody at a command line reads it twice."""

_CONNECT_TIMEOUT_SECONDS = 10
_STARTING_PATIENCE_SECONDS = 30.0
_CUT_PATIENCE_SECONDS = 2.0
_FIRST_CONNECTION_SECONDS = 1.0

_REFUSED = re.compile(
    r"authentication failed|no password supplied|password.*(missing|required)|role .* does not exist"
    r"|not permitted to log in|no pg_hba\.conf entry|permission denied|certificate|does not support SSL"
    r"|SSL (error|connection|is required)|sslmode|too long a password|account.*locked", re.IGNORECASE)
_WHY_REFUSED = (
    ("password", re.compile("no password supplied", re.IGNORECASE), "The server wants a password.",
     "Give it as ERPDESK_PASSWORD, or keep it in the keyring (erpdesk profile add --keep-password)."),
    ("password", re.compile("authentication failed|too long a password", re.IGNORECASE),
     "User or password is wrong.",
     "Type the password again (ERPDESK_PASSWORD or the keyring); an administrator can set a new one."),
    ("disabled", re.compile("not permitted to log in", re.IGNORECASE),
     "This user is disabled; who administers users can enable it again.",
     "Ask them to, with erpdesk user enable or on the screen of users."),
    ("no rights", re.compile("permission denied for database", re.IGNORECASE),
     "This user has no rights in any organization yet; who administers users can give them.",
     "Ask them to, with erpdesk user grant or on the screen of users."),
    ("no TLS", re.compile("does not support SSL", re.IGNORECASE),
     "The server offers no encrypted connection (TLS), which this connection asks for.",
     "Have TLS switched on at the server, or, where the line is safe without, ask for none: sslmode disable."),
    ("certificate", re.compile("certificate|root\\.crt", re.IGNORECASE),
     "The server's certificate isn't one that this connection trusts.",
     "Check the server's name and the certificate of who signed it (sslrootcert)."),
    ("only TLS", re.compile("no pg_hba\\.conf entry.*no encryption|SSL is required", re.IGNORECASE),
     "The server takes encrypted connections (TLS) only, or none from this computer.",
     "Ask for one: sslmode verify-full; or have the server's administrator let this computer in."),
)
"""What the server says of a login, in its own English; a disabled user is told so only after the right password."""

_STARTING = re.compile(
    r"is starting up|is in recovery mode|not yet accepting connections|recovery state has not", re.IGNORECASE)
_CUT = re.compile(r"closed the connection unexpectedly|crash of another server process|reset by peer")

# A post goes by keys. Plans are made once a connection, perhaps while tables were all but empty: none may read a table
# whole for as long as the program runs. What has no key is small, and must not be compiled because it looks dear.
_STEADY = ("-c plan_cache_mode=force_generic_plan", "-c enable_seqscan=off", "-c jit=off")


def _serving_behind_keys(connection: psycopg.Connection[Any]) -> None:
    serve_behind_keys(connection.info.backend_pid)


class Server:
    """A database that is up. `close` gives back pools, engine and the share in an embedded server."""

    def __init__(self, target: Target, embedded: EmbeddedServer | None) -> None:
        self.target = target
        self.embedded = embedded
        self._pools: list[ConnectionPool[Any]] = []
        self._engine: Engine | None = None

    def parameters(self, role: Role = "program", *, lock_timeout_ms: int | None = None) -> dict[str, Any]:
        """libpq's parameters for a role, password included. On a shared server every role is the URL's
        login."""
        parameters = self._place(role) | {"application_name": program_name(), "client_encoding": "utf8"}
        parameters.setdefault("connect_timeout", _CONNECT_TIMEOUT_SECONDS)
        if not self.target.pooled:
            words = [str(parameters.get("options") or ""), "-c search_path=erpdesk,pg_catalog",
                     "-c TimeZone=UTC"]
            if lock_timeout_ms is not None:
                words += [f"-c lock_timeout={lock_timeout_ms}", *_STEADY]
            parameters["options"] = " ".join(words).strip()
        return parameters

    def conninfo(self, role: Role = "program") -> str:
        """The same as one string for libpq. It holds a password: don't print it."""
        from psycopg.conninfo import make_conninfo

        return make_conninfo("", **self.parameters(role))

    def connect(self, role: Role = "program", *, autocommit: bool = False) -> psycopg.Connection[Any]:
        """One connection of the caller's own; raises NoDatabaseError."""
        return connect(self.parameters(role), self.target, autocommit=autocommit)

    def posting_pool(self, *, max_size: int = 4, lock_timeout_ms: int = 5000) -> ConnectionPool[Any]:
        """A new pool for the posting path: autocommit, prepared statements unless a pooler forbids them.

        Through a transaction pooler `lock_timeout` must be set in each transaction.
        """
        from psycopg_pool import ConnectionPool, PoolTimeout

        options = self.parameters("program", lock_timeout_ms=lock_timeout_ms) | {
            "autocommit": True, "prepare_threshold": self._prepare_threshold(1)}
        pool: ConnectionPool[Any] = ConnectionPool(
            kwargs=options, min_size=1, max_size=1, open=True, name="posting", timeout=30.0, num_workers=1,
            configure=_serving_behind_keys if self.embedded is not None else None)
        with suppress(PoolTimeout), pool.connection(_FIRST_CONNECTION_SECONDS):
            pass  # not `wait`, which closes the pool when the first connection takes longer
        pool.resize(1, max_size)  # not before: a pool that is asked before it is up makes two and takes turns
        self._pools.append(pool)
        return pool

    def engine(self) -> Engine:
        """The SQLAlchemy engine for masters, configuration and reports; one for each open server."""
        if self._engine is None:
            from sqlalchemy import create_engine

            threshold = self._prepare_threshold(5)

            def connection() -> psycopg.Connection[Any]:
                made = self.connect()
                made.prepare_threshold = threshold
                return made

            self._engine = create_engine("postgresql+psycopg://", creator=connection, pool_size=2,
                                         max_overflow=4, pool_pre_ping=True, hide_parameters=True)
        return self._engine

    @contextmanager
    def owner_connection(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection whose session user is `erpdesk_owner`, for migrations; raises NoDatabaseError."""
        from erpdesk.storage.roles import OWNER, owner_session

        if self.embedded is not None:
            with self.connect("owner") as connection:
                yield connection
            return
        with self.connect() as connection:
            if connection.info.user == OWNER:
                yield connection
                return
            with owner_session(connection, self.parameters()) as owner:
                yield owner

    def close(self) -> None:
        """Closes what was handed out and leaves the server; may be called twice."""
        pools, self._pools = self._pools, []
        for pool in pools:
            pool.close()
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None
        if self.embedded is not None:
            self.embedded.detach()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Server({self.target!r})"

    def _place(self, role: Role) -> dict[str, Any]:
        if self.embedded is None:
            return self.target.connection_parameters(role)
        if role == "program" and self.target.user:
            login, password = self.target.user, self.target.password or ""
        else:
            login, password = self.embedded.login(role)
        layout = self.embedded.layout
        return {"host": layout.host, "port": layout.port, "dbname": DATABASE, "user": login,
                "password": password}

    def _prepare_threshold(self, wanted: int) -> int | None:
        return None if self.target.pooled else wanted


def program_name() -> str:
    """What the server calls a session of this program: with the name of the machine, so that a desk can be found."""
    return f"erpdesk@{platform.node()}"[:63]


def reach(target: Target, progress: Progress) -> Server:
    """The target's server, whatever its schema; an embedded one is made and started as needed.

    Raises NoDatabaseError.
    """
    return Server(target, attach(target.home, progress) if target.kind == "embedded" else None)


def connect(parameters: dict[str, Any], target: Target, *,
            autocommit: bool = False) -> psycopg.Connection[Any]:
    """One connection; waits while the server says it is starting, or a crash of one of its processes
    cuts the line. Raises NoDatabaseError."""
    import psycopg

    began = time.monotonic()
    while True:
        try:
            return psycopg.connect(autocommit=autocommit, **parameters)
        except psycopg.OperationalError as error:
            if time.monotonic() - began > _patience_seconds(str(error)):
                raise no_database(error, target) from None
            time.sleep(0.05)


def _patience_seconds(said: str) -> float:
    if _STARTING.search(said):
        return _STARTING_PATIENCE_SECONDS
    return _CUT_PATIENCE_SECONDS if _CUT.search(said) else 0.0


def no_database(error: Exception, target: Target) -> NoDatabaseError:
    """What a failed connection means: NET-006 refused, NET-001 not there."""
    said = " ".join(str(error).split())
    details = {"database": target.described(), "reason": said}
    for why, pattern, message, cure in _WHY_REFUSED:
        if pattern.search(said):
            told = details | {"why": why, "user": _user_of(target)}
            return NoDatabaseError("NET-006", message, cure=cure, details=told)
    if _REFUSED.search(said):
        return NoDatabaseError(
            "NET-006", "The database refused the login.",
            cure="Check user and password (ERPDESK_PASSWORD or the keyring), and that the user may connect.",
            details=details)
    return NoDatabaseError(
        "NET-001", f"The database can't be reached: {_reason(said)}.",
        cure="Check address and network, and that the server is running.", details=details, retryable=True)


def _user_of(target: Target) -> str:
    """Who was to log in, as far as anybody said."""
    return str(target.connection_parameters().get("user") or "") if target.url is not None else target.user or ""


def _reason(said: str) -> str:
    """The end of libpq's message, which says what happened, without where."""
    return said.rsplit("failed: ", 1)[-1].rstrip(".")[:200]
