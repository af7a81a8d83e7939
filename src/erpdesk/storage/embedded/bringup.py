"""Bringing up: whatever lies between an empty home and a server that takes connections, in order."""

from __future__ import annotations

from pathlib import Path

from erpdesk.storage.embedded import account as accounts
from erpdesk.storage.embedded import cluster, logins, process
from erpdesk.storage.embedded import layout as places
from erpdesk.storage.embedded.binaries import runnable, wheel_binaries
from erpdesk.storage.embedded.failures import broken_folder
from erpdesk.storage.embedded.layout import Layout
from erpdesk.storage.embedded.process import Progress


def bring_up(home: Path, progress: Progress, settings: dict[str, str]) -> Layout:
    """Makes what is missing and starts the server. The caller holds the start lock.

    Raises NoDatabaseError, OSError.
    """
    layout = places.load(home) or places.new(home)
    if process.is_ready(layout) and layout.prepared:
        return layout
    passwords = logins.load_or_make(layout)
    if not layout.data.exists():
        if layout.prepared:
            raise broken_folder(layout.data, "the folder is missing")
        progress("making the database (once)")
        _create(layout, passwords[cluster.SUPERUSER])
    _start(layout, progress, settings)
    return layout if layout.prepared else _prepare(layout, passwords)


def _create(layout: Layout, password: str) -> None:
    account = accounts.current_account()
    binaries = runnable(wheel_binaries(), account)
    places.make_folders(layout, account)
    places.save(layout)
    cluster.create(layout, binaries, account, password)


def _start(layout: Layout, progress: Progress, settings: dict[str, str]) -> None:
    if process.is_ready(layout):
        return
    binaries = wheel_binaries()
    cluster.check(layout, binaries)
    account = accounts.account_of(layout.data)
    places.make_folders(layout, account)
    process.start(layout, runnable(binaries, account), account, progress, settings)


def _prepare(layout: Layout, passwords: dict[str, str]) -> Layout:
    """Roles and database, once; a crash in between repeats it at the next start."""
    from erpdesk.storage import roles

    roles.prepare_embedded(layout.host, layout.port, passwords)
    done = places.prepared(layout)
    places.save(done)
    return done
