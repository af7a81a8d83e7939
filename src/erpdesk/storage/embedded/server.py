"""The embedded server is a PostgreSQL of the user's own, up while any process uses it.

Every process that uses it holds `server.lock` shared; whoever leaves and gets it exclusively stops the
server. `start.lock` is held while it is made, started or stopped. A process that is killed lets go of its
lock, and the server stays up for the next one to adopt.
"""

from __future__ import annotations

import atexit
from pathlib import Path
from types import TracebackType

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage.embedded import layout as places
from erpdesk.storage.embedded import logins
from erpdesk.storage.embedded.failures import from_os_error
from erpdesk.storage.embedded.layout import Layout
from erpdesk.storage.embedded.locks import FileLock
from erpdesk.storage.embedded.process import Progress, is_ready

DATABASE = "erpdesk"


def _silent(_message: str) -> None:
    """No progress is shown."""


class EmbeddedServer:
    """A share in the server of one home; `detach` gives it back, and so does the end of the process."""

    def __init__(self, layout: Layout, lock: FileLock, progress: Progress) -> None:
        self.layout = layout
        self._lock = lock
        self._progress = progress
        self._passwords: dict[str, str] = {}
        self._attached = True
        atexit.register(self.detach)

    def login(self, role: str) -> tuple[str, str]:
        """Name and password of `program`, `owner`, `worker` or `superuser`."""
        if not self._passwords:
            self._passwords = logins.load_or_make(self.layout)
        name = logins.ROLES[role]
        return name, self._passwords[name]

    def detach(self) -> None:
        """Leaves; stops the server when nobody else uses it."""
        if not self._attached:
            return
        self._attached = False
        atexit.unregister(self.detach)
        if self._lock.attempt(exclusive=True):
            try:
                _stop(self.layout, self._progress)
            finally:
                self._lock.release()

    def __enter__(self) -> EmbeddedServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.detach()

    def __repr__(self) -> str:
        return f"EmbeddedServer({str(self.layout.home)!r})"


def attach(home: Path, progress: Progress = _silent,
           settings: dict[str, str] | None = None) -> EmbeddedServer:
    """Adopts the home's server when it is up, else makes and starts it.

    `settings` are server settings for this start (tests use them). Raises NoDatabaseError.
    """
    try:
        return _attach(home, progress, settings or {})
    except OSError as error:
        raise from_os_error(error, home) from error


def stop_server(home: Path, progress: Progress = _silent) -> bool:
    """Stops the home's server whoever uses it; False when there is none or it isn't running."""
    try:
        layout = places.load(home)
        return layout is not None and _stop(layout, progress)
    except OSError as error:
        raise from_os_error(error, home) from error


def _attach(home: Path, progress: Progress, settings: dict[str, str]) -> EmbeddedServer:
    places.make_home(home)
    lock = FileLock(places.server_lock_path(home))
    if not lock.acquire(exclusive=False):
        raise _held(home)
    try:
        layout = places.load(home)
        if layout is None or not layout.prepared or not is_ready(layout):
            layout = _bring_up(home, progress, settings)
        return EmbeddedServer(layout, lock, progress)
    except BaseException:
        if lock.attempt(exclusive=True):
            _stop_after_failure(home, progress)
        lock.release()
        raise


def _bring_up(home: Path, progress: Progress, settings: dict[str, str]) -> Layout:
    from erpdesk.storage.embedded.bringup import bring_up

    with _start_lock(home):
        return bring_up(home, progress, settings)


def _stop(layout: Layout, progress: Progress) -> bool:
    from erpdesk.storage.embedded.process import stop

    with _start_lock(layout.home):
        return stop(layout, progress)


def _stop_after_failure(home: Path, progress: Progress) -> None:
    """A server that came up but can't be used isn't left behind."""
    try:
        layout = places.load(home)
        if layout is not None:
            _stop(layout, progress)
    except (OSError, NoDatabaseError):
        return


class _start_lock:  # noqa: N801
    """`start.lock`, with a word for the user when it can't be had."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = FileLock(places.start_lock_path(home))

    def __enter__(self) -> None:
        if not self._lock.acquire(exclusive=True, timeout_seconds=1800.0):
            raise _held(self._home)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._lock.release()


def _held(home: Path) -> NoDatabaseError:
    return NoDatabaseError("NET-001", "Another program has been starting or stopping the database too long.",
                           cure="End the other erpdesk, and start again.", retryable=True,
                           details={"home": str(home)})
