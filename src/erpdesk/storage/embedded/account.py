"""The server account is the operating system user that the server runs as.

PostgreSQL refuses to run as root. For any other user the account is that user itself; root borrows a
system user made for the purpose (`erpdesk`), else one that is there already.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from erpdesk.domain.results import NoDatabaseError

_OWN_NAME = "erpdesk"
_BORROWED_NAMES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """User and group id to run as; both -1 when it is simply whoever runs the program."""

    uid: int = -1
    gid: int = -1

    @property
    def foreign(self) -> bool:
        """Whether the server runs as somebody else than the program."""
        return self.uid >= 0

    def process_options(self) -> dict[str, Any]:
        """What `subprocess` needs to run a program as this account."""
        if not self.foreign:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Makes something that the program has just created the account's own."""
        if self.foreign:
            os.chown(path, self.uid, self.gid)

    def may_run(self, program: Path) -> bool:
        """Whether every folder above `program` may be entered and the file itself read and executed."""
        if not self.foreign:
            return True
        real = program.resolve()
        return self._allowed(real, 0o5) and all(self._allowed(folder, 0o1) for folder in real.parents)

    def _allowed(self, path: Path, wanted: int) -> bool:
        status = path.stat()
        if status.st_uid == self.uid:
            shift = 6
        elif status.st_gid == self.gid:
            shift = 3
        else:
            shift = 0
        return (status.st_mode >> shift) & wanted == wanted


def runs_as_root() -> bool:
    """Whether another account is needed."""
    return sys.platform != "win32" and os.geteuid() == 0


def current_account() -> ServerAccount:
    """The account for a new server; for root a system user, made when there is none."""
    if not runs_as_root():
        return ServerAccount()
    found = _lookup(_OWN_NAME) or _created() or next(filter(None, map(_lookup, _BORROWED_NAMES)), None)
    if found is None:
        raise NoDatabaseError(
            "NET-004", "PostgreSQL can't run as root, and there is no other user to run it as.",
            cure="Make a system user named erpdesk, or run erpdesk as a normal user.")
    return found


def account_of(folder: Path) -> ServerAccount:
    """The account that an existing data folder belongs to."""
    if not runs_as_root():
        return ServerAccount()
    status = folder.stat()
    return ServerAccount(status.st_uid, status.st_gid)


def _lookup(name: str) -> ServerAccount | None:
    if sys.platform == "win32":
        return None
    import pwd

    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return ServerAccount(entry.pw_uid, entry.pw_gid) if entry.pw_uid != 0 else None


def _created() -> ServerAccount | None:
    """Makes the system user where the platform has `useradd`; two at once is no harm."""
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        return None
    subprocess.run([program, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
                    "--shell", "/usr/sbin/nologin", _OWN_NAME],
                   stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return _lookup(_OWN_NAME)
