"""Who holds it: while a desk waits for a lock, a second connection asks the server whose lock that is.

A waiting connection can't ask, and once its wait has ended nobody is blocked any more: so the question is put after one
second of waiting, by one thread for the whole program, which sleeps while nothing is under way. Where the wait ends in
`lock_timeout`, the refusal names who, since when, and with which program.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ConflictError, Step

if TYPE_CHECKING:
    import psycopg

PATIENCE_SECONDS = 1.0
"""How long a wait may last before somebody is asked about it."""

_TICK_SECONDS = 0.25
_time_zone: ContextVar[str] = ContextVar("time_zone", default="")


def tell_by_clock_of(time_zone: str) -> None:
    """From now on whoever holds something up on this thread is told of by the clock of a time zone, which is that of
    the organization that is open: a login may have others that go by other clocks."""
    _time_zone.set(time_zone)



@dataclass(slots=True)
class _Wait:
    """A statement under way on a connection, and whose lock held it up when that was asked."""

    backend: int
    parameters: Mapping[str, Any]
    since: float
    time_zone: str
    asked: bool = False
    holders: tuple[Mapping[str, Any], ...] = ()


class _Watch:
    """The thread and what it watches."""

    def __init__(self) -> None:
        self._waits: dict[int, _Wait] = {}
        self._lock = threading.Lock()
        self._busy = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, wait: _Wait) -> None:
        with self._lock:
            self._waits[id(wait)] = wait
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="lock watch", daemon=True)
                self._thread.start()
            self._busy.set()

    def end(self, wait: _Wait) -> None:
        with self._lock:
            self._waits.pop(id(wait), None)

    def _run(self) -> None:
        while True:
            self._busy.wait()
            time.sleep(_TICK_SECONDS)
            late_since = time.monotonic() - PATIENCE_SECONDS
            with self._lock:
                if not self._waits:
                    self._busy.clear()
                late = [one for one in self._waits.values() if not one.asked and one.since < late_since]
            for wait in late:
                wait.asked = True
                with suppress(Exception):
                    wait.holders = _holders(wait)


_watch = _Watch()


@contextmanager
def named_holder(connection: psycopg.Connection[Any], parameters: Mapping[str, Any]) -> Iterator[None]:
    """A lock wait inside the block that ends at its limit comes out as ConflictError NET-008 that names the holder;
    as LockNotAvailable where nobody could be named. `parameters` open a connection to the same server."""
    from psycopg.errors import LockNotAvailable

    wait = _Wait(connection.pgconn.backend_pid, parameters, time.monotonic(), _time_zone.get())
    _watch.begin(wait)
    try:
        yield
    except LockNotAvailable as error:
        if wait.holders:
            raise _held(wait.holders) from error
        raise
    finally:
        _watch.end(wait)


def _holders(wait: _Wait) -> tuple[Mapping[str, Any], ...]:
    import psycopg

    with psycopg.connect(**wait.parameters) as connection:
        clock = _clock(connection, wait.time_zone)
        row = connection.execute("SELECT erpdesk.lock_holders(%s)", (wait.backend,)).fetchone()
    found: tuple[Mapping[str, Any], ...] = tuple(row[0] or ()) if row else ()
    if not clock:
        return found
    return tuple({**one, "since": one["since"].rpartition(" ")[0]} if one.get("since") else one for one in found)


def _clock(connection: psycopg.Connection[Any], zone: str) -> str:
    """Have moments told by the clock of the organization that is waited in, and which that is. Where none was named it
    is that of the login's organizations, if they all go by one; else moments keep the server's clock and its name."""
    if not zone:
        zones = connection.execute("SELECT DISTINCT time_zone FROM erpdesk.organization").fetchall()
        if len(zones) != 1:
            return ""
        [[zone]] = zones
    connection.execute("SELECT set_config('TimeZone', %s, false)", (zone,))
    return str(zone)


def _held(holders: tuple[Mapping[str, Any], ...]) -> ConflictError:
    first = holders[0]
    place = ", ".join(str(first[name]) for name in ("program", "address") if first.get(name))
    others = f" and {len(holders) - 1} more" if len(holders) > 1 else ""
    user, since = f"{first['user']}{f' ({place})' if place else ''}{others}", first.get("since")
    return ConflictError(
        "NET-008",
        f"{user} works on the same rows since {since} and holds them locked" if since
        else f"{user} works on the same rows and holds them locked",
        cure="Try again in a moment.",
        retryable=True,
        step=Step.JOURNAL,
        details={"holders": list(holders)},
    )
