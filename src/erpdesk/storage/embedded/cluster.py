"""A cluster is the data folder that one server works on: made by `initdb`, with passwords for everybody.

Checksums are on, the collation is the builtin C.UTF-8 (sorting never changes with the operating system),
and no line of `pg_hba.conf` trusts anyone. A half-made folder never gets the final name.
"""

from __future__ import annotations

import os
import secrets as random
import shutil
import subprocess
import sys
from pathlib import Path

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage.embedded.account import ServerAccount
from erpdesk.storage.embedded.binaries import Binaries
from erpdesk.storage.embedded.failures import broken_folder, from_log
from erpdesk.storage.embedded.layout import Layout

SUPERUSER = "postgres"

_TUNING = {
    "shared_buffers": "128MB", "max_connections": "60", "work_mem": "16MB", "maintenance_work_mem": "128MB",
    "jit": "off", "io_method": "sync", "random_page_cost": "1.1", "checkpoint_timeout": "5min",
    "wal_level": "minimal", "max_wal_senders": "0", "max_logical_replication_workers": "0",
    "log_checkpoints": "off", "log_min_error_statement": "panic", "log_line_prefix": "%m [%p] ",
    "TimeZone": "UTC", "log_timezone": "UTC",
}

_POSIX_ACCESS = "local all all scram-sha-256\n"
_WINDOWS_ACCESS = "host all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n"


def create(layout: Layout, binaries: Binaries, account: ServerAccount, password: str) -> None:
    """Makes the data folder. Raises NoDatabaseError NET-004 when there is no room for it."""
    _remove_leftovers(layout.folder)
    fresh = layout.folder / f"data.{random.token_hex(4)}"
    password_file = layout.folder / f"initdb.{random.token_hex(4)}"
    try:
        _write_password(password_file, password, account)
        done = subprocess.run(
            [binaries.program("initdb"), "-D", fresh, f"--pwfile={password_file}", "-U", SUPERUSER,
             "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C",
             "--builtin-locale=C.UTF-8", "--data-checksums", "--no-instructions",
             *(f"--set={name}={value}" for name, value in _TUNING.items())],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            cwd=layout.folder, env=clean_environment(), text=True, errors="replace",
            **account.process_options())
        if done.returncode != 0:
            raise from_log("\n".join(done.stdout.splitlines()[-12:]), layout.folder)
        _restrict_access(fresh)
        fresh.rename(layout.data)
    finally:
        _remove_leftovers(layout.folder)


def _remove_leftovers(folder: Path) -> None:
    """What a program that was killed in the middle has left, its password file first."""
    for file in folder.glob("initdb.*"):
        file.unlink(missing_ok=True)
    for unfinished in folder.glob("data.*"):
        shutil.rmtree(unfinished, ignore_errors=True)


def check(layout: Layout, binaries: Binaries) -> None:
    """Refuses a data folder that is no cluster (NET-002) or of another major version (NET-007)."""
    try:
        version = (layout.data / "PG_VERSION").read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        raise broken_folder(layout.data, "PG_VERSION is missing or unreadable") from None
    if not (layout.data / "global" / "pg_control").is_file():
        raise broken_folder(layout.data, "global/pg_control is missing")
    if version != str(binaries.major):
        raise other_major(layout, version, binaries.major)


def other_major(layout: Layout, version: str, major: int) -> NoDatabaseError:
    """The data was written by another major version; the cure names the last dump."""
    dumps = sorted(layout.backups.glob("*.dump"), key=lambda path: path.stat().st_mtime)
    last = f"the last backup is {dumps[-1].name}" if dumps else "there is no backup in this home yet"
    return NoDatabaseError(
        "NET-007", f"The data folder is of PostgreSQL {version}, but the program brings PostgreSQL {major}.",
        cure=f"Start the erpdesk version that wrote it and make a backup, or restore one ({last}).",
        details={"folder": str(layout.data), "found": version, "needed": str(major)})


def clean_environment() -> dict[str, str]:
    """The environment for PostgreSQL's programs: no PG* variable of the user may reach them."""
    if sys.platform == "win32":
        return {name: value for name, value in os.environ.items() if not name.upper().startswith("PG")}
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _write_password(path: Path, password: str, account: ServerAccount) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(password)
    account.give(path)


def _restrict_access(data: Path) -> None:
    """Replaces the shipped access rules, keeping owner and mode of the file."""
    rules = _WINDOWS_ACCESS if sys.platform == "win32" else _POSIX_ACCESS
    with (data / "pg_hba.conf").open("r+", encoding="ascii") as file:
        file.truncate(0)
        file.write(rules)
        file.flush()
        os.fsync(file.fileno())
