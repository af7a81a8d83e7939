"""The layout says where an embedded server keeps its data, socket, log, locks and secrets.

Everything lies under `ERPDESK_HOME`, except when the program runs as root: the server's account may not
enter root's folders, so the server's folder lies under `/var/lib/erpdesk` (or `ERPDESK_SERVER_FOLDER`) and
`server.json` in the home points to it. The folder's name comes from a random id stored in the home: a home
made anew at the same path never finds the data of its predecessor. No folder that was there before has its
mode changed.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage.embedded.account import ServerAccount, runs_as_root

SHORT_FOLDER = Path("/tmp")
_SOCKET_PATH_BYTES = 107
_POSIX_PORT = 5432


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of one home. `port` only names the socket file on POSIX; `prepared` says that roles and
    database were made."""

    home: Path
    identity: str
    folder: Path
    port: int
    prepared: bool = False

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server writes while it runs."""
        return self.folder / "server.log"

    @property
    def socket_folder(self) -> Path:
        """Own folder, mode 0700, with a path short enough for a socket address."""
        inside = self.folder / "run"
        if len(os.fsencode(inside / f".s.PGSQL.{self.port}")) <= _SOCKET_PATH_BYTES:
            return inside
        return SHORT_FOLDER / f"erpdesk-{self.identity}"

    @property
    def socket(self) -> Path:
        """The socket file that clients connect to."""
        return self.socket_folder / f".s.PGSQL.{self.port}"

    @property
    def host(self) -> str:
        """What libpq calls host: the socket's folder, or the loopback address on Windows."""
        return "127.0.0.1" if sys.platform == "win32" else str(self.socket_folder)

    @property
    def backups(self) -> Path:
        """Dumps written nightly and before upgrades."""
        return self.home / "backups"

    @property
    def secrets_file(self) -> Path:
        """Passwords of the four login roles, mode 0600."""
        return self.home / "secrets.json"


def system_folder() -> Path:
    """Where root's servers live."""
    return Path(os.environ.get("ERPDESK_SERVER_FOLDER") or "/var/lib/erpdesk")


def start_lock_path(home: Path) -> Path:
    """Held exclusively while a server is made, started or stopped."""
    return home / "start.lock"


def server_lock_path(home: Path) -> Path:
    """Held shared by every process that uses the server."""
    return home / "server.lock"


def make_home(home: Path) -> None:
    """The home folder, private when it is new."""
    if not home.is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)


def load(home: Path) -> Layout | None:
    """The layout of a home that has one; raises NoDatabaseError NET-002 when its pointer is unreadable."""
    try:
        text = (home / "server.json").read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        row = json.loads(text)
        folder = Path(row["folder"]) if row.get("folder") else home / "server"
        if row.get("folder") and row["home"] != str(home):
            _refuse_copy(home, Path(row["home"]), text)
        return Layout(home, str(row["id"]), folder, int(row["port"]), bool(row["prepared"]))
    except (ValueError, KeyError, TypeError) as error:
        raise NoDatabaseError(
            "NET-002", f"{home / 'server.json'} can't be read, so the data folder isn't known.",
            cure="Restore the file from a backup of the folder, or move the home away and restore the last "
                 "backup with erpdesk db restore.") from error


def _refuse_copy(home: Path, original: Path, pointer: str) -> None:
    """A home may be moved, but two homes must not share one data folder."""
    try:
        copied = (original / "server.json").read_text("utf-8") == pointer
    except OSError:
        return
    if copied:
        raise NoDatabaseError(
            "NET-002", f"{home} is a copy of {original}, whose database lies elsewhere.",
            cure="Make a backup of the original with erpdesk db backup and restore it into an empty home.")


def new(home: Path) -> Layout:
    """A layout for a home without one; nothing is written yet."""
    identity = secrets.token_hex(6)
    folder = system_folder() / identity if runs_as_root() else home / "server"
    return Layout(home, identity, folder, _POSIX_PORT if sys.platform != "win32" else free_port())


def save(layout: Layout) -> None:
    """Writes the pointer in one step, so that no reader ever sees half of it."""
    outside = layout.folder != layout.home / "server"
    row = {"id": layout.identity, "home": str(layout.home), "folder": str(layout.folder) if outside else "",
           "port": layout.port, "prepared": layout.prepared}
    write_private(layout.home / "server.json", json.dumps(row, indent=1) + "\n")


def prepared(layout: Layout) -> Layout:
    """The same layout, marked as having its roles and database."""
    return replace(layout, prepared=True)


def make_folders(layout: Layout, account: ServerAccount) -> None:
    """The server's own folder and its socket folder, 0700, belonging to the account."""
    if layout.folder.parent != layout.home and not layout.folder.parent.is_dir():
        layout.folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    for folder in (layout.folder, layout.socket_folder):
        if not folder.is_dir():
            folder.mkdir(mode=0o700)
            account.give(folder)
    _must_be_private(layout.socket_folder, account)


def _must_be_private(folder: Path, account: ServerAccount) -> None:
    """Nobody else may have put the socket folder there before us."""
    if sys.platform == "win32":
        return
    status = folder.lstat()
    owner = account.uid if account.foreign else os.geteuid()
    if status.st_uid != owner or status.st_mode & 0o077:
        raise NoDatabaseError("NET-003", f"{folder} belongs to somebody else or is open to others.",
                              cure="Remove the folder and start again.", details={"folder": str(folder)})


def write_private(path: Path, text: str) -> None:
    """A file that only its owner can read, replaced whole and brought to disk."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def free_port() -> int:
    """A loopback port that nobody listens on just now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
