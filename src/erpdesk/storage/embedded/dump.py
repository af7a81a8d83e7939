"""A dump is the whole database in one file, from which it can be made again by any later server version.

It is written as superuser, who sees every row whatever the policies say, and checked before it gets its
name: an archive whose list of contents can't be read is no dump.
"""

from __future__ import annotations

import os
import secrets as random
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage.embedded.binaries import wheel_binaries
from erpdesk.storage.embedded.cluster import clean_environment
from erpdesk.storage.embedded.server import DATABASE, EmbeddedServer


def write_dump(server: EmbeddedServer, file: Path) -> None:
    """Writes a verified dump in PostgreSQL's custom format; raises NoDatabaseError NET-004, OSError."""
    fresh = file.with_name(f"{file.name}.{random.token_hex(4)}")
    login, password = server.login("superuser")
    layout = server.layout
    environment = clean_environment() | {"PGPASSWORD": password}
    try:
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _run("pg_dump", ["--format=custom", f"--file={fresh}", f"--host={layout.host}",
                         f"--port={layout.port}", f"--username={login}", "--no-password",
                         f"--dbname={DATABASE}"], environment)
        _run("pg_restore", ["--list", str(fresh)], environment)
        with fresh.open("rb+") as written:
            os.fsync(written.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def dump_before_upgrade(server: EmbeddedServer) -> Path | None:
    """A dump in the home's `backups` folder; None when there is no organization yet."""
    if not _holds_data(server):
        return None
    folder = server.layout.backups
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"before-upgrade-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
    write_dump(server, file)
    return file


def _holds_data(server: EmbeddedServer) -> bool:
    import psycopg

    login, password = server.login("superuser")
    place: dict[str, Any] = {"host": server.layout.host, "port": server.layout.port, "dbname": DATABASE}
    with psycopg.connect(user=login, password=password, **place) as connection:
        row = connection.execute("SELECT to_regclass('erpdesk.organization') IS NOT NULL").fetchone()
        if not row or not row[0]:
            return False
        return connection.execute("SELECT FROM erpdesk.organization LIMIT 1").rowcount > 0


def _run(program: str, arguments: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run([wheel_binaries().program(program), *arguments], env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                          check=False)
    if done.returncode != 0:
        said = "\n".join(done.stderr.splitlines()[-8:])
        raise NoDatabaseError("NET-004", "The backup could not be written.",
                              cure="Free some space, and see that the backups folder can be written.",
                              details={"program": program, "reason": said})
