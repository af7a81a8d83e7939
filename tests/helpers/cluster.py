"""A test cluster is a PostgreSQL server for one test run, shared by its workers, gone when the last leaves.

Durability is off: only tests that pull the plug need it, and they start servers of their own. Each worker
holds a shared lock on the cluster's folder; a folder whose lock is free belongs to a run that was killed,
and is swept away by the next.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from erpdesk.storage import migrate, roles
from erpdesk.storage.embedded import process
from erpdesk.storage.embedded.account import ServerAccount, current_account
from erpdesk.storage.embedded.binaries import Binaries, runnable, wheel_binaries
from erpdesk.storage.embedded.cluster import clean_environment
from erpdesk.storage.embedded.layout import Layout, free_port, make_folders
from erpdesk.storage.embedded.locks import FileLock
from erpdesk.storage.server import Server
from erpdesk.storage.target import resolve_target
from helpers.mutations import wanted

TEMPLATE = "erpdesk_template"
DEBIAN_SERVER = Path("/usr/lib/postgresql/15/bin")
_PREFIX = "erpdesk-test-"
_MEMORY = Path("/dev/shm")
_MEMORY_NEEDED_BYTES = 2_000_000_000
_SETTINGS = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "listen_addresses": "127.0.0.1",
    "max_connections": "200", "shared_buffers": "128MB", "wal_level": "minimal", "max_wal_senders": "0",
    "max_wal_size": "4GB", "jit": "off", "autovacuum_naptime": "5min", "max_logical_replication_workers": "0",
}
_SETTINGS_OF_18 = {"io_method": "sync", "scram_iterations": "1"}
"""Logins of tests last a second: what makes guessing their passwords dear would be paid at every connection."""


def _root() -> Path:
    """Memory where there is plenty: copying a template there takes 20 ms instead of 200."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _MEMORY_NEEDED_BYTES
    return _MEMORY if roomy else Path("/tmp")


SERVERS = _root()


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server with the roles of erpdesk and a migrated template database."""

    version: int
    layout: Layout
    passwords: dict[str, str]
    _keepers: list[psycopg.Connection[Any]] = field(default_factory=list, compare=False, repr=False)

    def url(self, database: str, login: str, password: str, *, tcp: bool = False) -> str:
        """A libpq URL; over the socket unless `tcp`."""
        host = "127.0.0.1" if tcp else str(self.layout.socket_folder)
        return f"postgresql://{login}:{password}@/{database}?host={host}&port={self.layout.port}"

    def superuser(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A superuser's connection in autocommit; the caller closes it."""
        return psycopg.connect(self.url(database, "postgres", self.passwords["postgres"]), autocommit=True)

    def keeper(self) -> psycopg.Connection[Any]:
        """A superuser's connection to no test's database, kept for the run: makes databases, drops them, looks on."""
        if not self._keepers:
            self._keepers.append(self.superuser())
        return self._keepers[0]

    def close(self) -> None:
        """Closes the connection that was kept."""
        while self._keepers:
            self._keepers.pop().close()


def binaries_of(version: int) -> Binaries | None:
    """Server programs of a major version; None when they aren't installed here."""
    if version == 18:
        return wheel_binaries()
    return Binaries(DEBIAN_SERVER, 15) if version == 15 and (DEBIAN_SERVER / "postgres").exists() else None


class SharedCluster:
    """One worker's share in the cluster of a test run."""

    def __init__(self, run: str, version: int) -> None:
        self._folder = SERVERS / f"{_PREFIX}{hashlib.sha256(run.encode()).hexdigest()[:10]}-{version}"
        self._version = version
        self._lock = FileLock(self._folder.with_suffix(".lock"))

    def join(self) -> Cluster:
        """Starts the cluster, or joins it when another worker was quicker."""
        _sweep()
        self._lock.acquire(exclusive=False)
        with FileLock(self._folder.with_suffix(".start")):
            layout, passwords = self._load()
            if process.is_ready(layout):
                return Cluster(self._version, layout, passwords)
            return _start(self._version, layout, passwords)

    def leave(self) -> None:
        """Leaves; the last one stops the server and removes its folder."""
        if self._lock.attempt(exclusive=True):
            _remove(self._folder)
        self._lock.release()

    def _load(self) -> tuple[Layout, dict[str, str]]:
        try:
            row = json.loads((self._folder / "cluster.json").read_text())
        except FileNotFoundError:
            self._folder.mkdir(mode=0o711)
            self._folder.chmod(0o711)
            logins = ("postgres", roles.OWNER, roles.WORKER, roles.LOCAL)
            row = {"port": free_port(), "passwords": {login: secrets.token_hex(8) for login in logins}}
            (self._folder / "cluster.json").write_text(json.dumps(row))
        return _layout(self._folder, row["port"]), row["passwords"]


def _layout(folder: Path, port: int) -> Layout:
    return Layout(folder, folder.name, folder / "pg", port)


def _start(version: int, layout: Layout, passwords: dict[str, str]) -> Cluster:
    account = current_account()
    found = binaries_of(version)
    assert found is not None
    binaries = runnable(found, account)
    shutil.rmtree(layout.folder, ignore_errors=True)
    make_folders(layout, account)
    initialise_data(layout, binaries, account, passwords["postgres"])
    process.start(layout, binaries, account, print, _SETTINGS | (_SETTINGS_OF_18 if version >= 18 else {}))
    cluster = Cluster(version, layout, passwords)
    _make_template(cluster)
    return cluster


def initialise_data(layout: Layout, binaries: Binaries, account: ServerAccount, password: str) -> None:
    """`initdb` as any major version knows it, with passwords for everybody."""
    password_file = layout.folder / "password"
    password_file.write_text(password)
    account.give(password_file)
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if binaries.major >= 17 else []
    subprocess.run(
        [binaries.program("initdb"), "-D", layout.data, f"--pwfile={password_file}", "-U", "postgres",
         "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", *builtin],
        check=True, stdout=subprocess.DEVNULL, cwd=layout.folder, env=clean_environment(),
        **account.process_options())
    password_file.unlink()


def _make_template(cluster: Cluster) -> None:
    with cluster.superuser() as connection:
        roles.prepare_cluster(connection)
        connection.execute(f"CREATE ROLE {roles.LOCAL} LOGIN IN ROLE {', '.join(roles.GROUPS)}".encode())
        for login in ("postgres", roles.OWNER, roles.WORKER, roles.LOCAL):
            roles.set_password(connection, login, cluster.passwords[login])
        connection.execute(f"CREATE DATABASE {TEMPLATE} OWNER {roles.OWNER}".encode())
    target = resolve_target(cluster.url(TEMPLATE, "postgres", cluster.passwords["postgres"]))
    with Server(target, None) as server:
        migrate.initialise(server)
        mutation = wanted()
        if mutation is not None:
            with server.connect(autocommit=True) as connection:
                mutation.apply(connection)


def _remove(folder: Path) -> None:
    try:
        port = int(json.loads((folder / "cluster.json").read_text())["port"])
        process.stop(_layout(folder, port), print)
    except (OSError, ValueError, KeyError):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    for suffix in (".start", ".lock"):
        folder.with_suffix(suffix).unlink(missing_ok=True)


@contextmanager
def bare_cluster(version: int) -> Iterator[Cluster]:
    """A server as its installer leaves it: no role but `postgres`, no database of erpdesk's."""
    found = binaries_of(version)
    assert found is not None
    account = current_account()
    folder = Path(tempfile.mkdtemp(prefix="erpdesk-bare-", dir=SERVERS))
    folder.chmod(0o711)
    layout, binaries = _layout(folder, free_port()), runnable(found, account)
    try:
        make_folders(layout, account)
        initialise_data(layout, binaries, account, "secret")
        process.start(layout, binaries, account, print, _SETTINGS)
        yield Cluster(version, layout, {"postgres": "secret"})
    finally:
        end_servers(folder)
        shutil.rmtree(folder, ignore_errors=True)


def end_servers(folder: Path) -> None:
    """Ends every server whose data folder lies in `folder`, whatever state it is in."""
    for file in folder.glob("**/postmaster.pid"):
        with suppress(OSError, ValueError, IndexError):
            pid = int(file.read_text().splitlines()[0])
            if process.serves(pid, file.parent):
                os.kill(pid, signal.SIGQUIT)
                while process.serves(pid, file.parent):
                    time.sleep(0.01)


def _sweep() -> None:
    """Removes what killed test runs have left."""
    for path in SERVERS.glob(f"{_PREFIX}*.lock"):
        try:
            young = time.time() - path.stat().st_mtime < 60
            ours = path.stat().st_uid == os.getuid()
        except FileNotFoundError:
            continue
        lock = FileLock(path)
        if ours and not young and lock.attempt(exclusive=True):
            _remove(path.with_suffix(""))
            lock.release()
