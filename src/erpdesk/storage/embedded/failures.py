"""Why there is no server: what the operating system or the server's log said, as a fault with a cure.

Codes: NET-001 no database, NET-002 data folder broken, NET-003 socket or port taken, NET-004 no space or
not writable, NET-005 schema older or newer, NET-006 refused, NET-007 server program missing or of
another major version.
"""

from __future__ import annotations

import errno
import re
from pathlib import Path

from erpdesk.domain.results import NoDatabaseError

_LAST_LINES = 12

_LOG_SIGNS: tuple[tuple[str, str, str, str], ...] = (
    (r"No space left on device|Disk quota exceeded",
     "NET-004", "The disk is full; the database can't be started.", "Free some space and start again."),
    (r"Read-only file system|[Pp]ermission denied",
     "NET-004", "The database's folder can't be written.",
     "Make the folder writable for the account the server runs as, and start again."),
    (r"could not bind|could not create any (Unix-domain|TCP/IP) sockets|is another postmaster \(PID \d+\) "
     r"using socket|Address already in use|lock file \"[^\"]*\.s\.PGSQL[^\"]*\" already exists",
     "NET-003", "The database's socket or port is taken by something else.",
     "Remove what lies in its place, or end the other program, and start again."),
    (r"database files are incompatible|not compatible with this version",
     "NET-007", "The data folder was written by another major version of the database server.",
     "Install the erpdesk version that wrote it, or restore the last backup."),
    (r"could not open file .*(PG_VERSION|pg_control)|is not a valid data directory|invalid checkpoint record"
     r"|could not locate a valid checkpoint|incorrect checksum in control file|could not find the database "
     r"system|has invalid permissions|has wrong ownership|could not (read|open) (file|directory)"
     r"|invalid (contents|data) in file|calculated CRC checksum|required WAL directory|control file",
     "NET-002", "The database's data folder is broken.",
     "Keep a copy of the folder, move it away, and restore the last backup with erpdesk db restore."),
)

_ERRNO_CODES = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR,
                errno.EISDIR, errno.EEXIST, errno.EIO, errno.ENAMETOOLONG}


def last_lines(log: Path, start: int = 0) -> str:
    """The end of a server log, from byte `start` on; empty when there is none."""
    try:
        with log.open("rb") as file:
            file.seek(start)
            text = file.read()[-20_000:].decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-_LAST_LINES:])


def from_log(text: str, folder: Path) -> NoDatabaseError:
    """The failure that the server's own words point to; NET-001 when they point nowhere."""
    for pattern, code, message, cure in _LOG_SIGNS:
        if re.search(pattern, text):
            return NoDatabaseError(code, message, cure=cure,
                                   details={"folder": str(folder), "log": text})
    return NoDatabaseError("NET-001", "The database server ended while it was starting.",
                           cure="Mend what the end of its log names, and start again.",
                           details={"folder": str(folder), "log": text}, retryable=True)


def from_os_error(error: OSError, folder: Path) -> NoDatabaseError:
    """A folder that can't be made or written."""
    place = str(error.filename or folder)
    details = {"folder": str(folder), "place": place, "reason": error.strerror or str(error)}
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NoDatabaseError("NET-004", f"The disk is full: {place} can't be written.",
                               cure="Free some space and start again.", details=details)
    if error.errno in _ERRNO_CODES:
        return NoDatabaseError("NET-004", f"{place} can't be written: {error.strerror}.",
                               cure="Make the folder writable, or choose another with ERPDESK_HOME.",
                               details=details)
    return NoDatabaseError("NET-001", f"The database can't be started: {error.strerror or error}.",
                           cure="Mend what the operating system names, and start again.",
                           details=details)


def broken_folder(folder: Path, what: str) -> NoDatabaseError:
    """A data folder in which something that must be there is missing or unreadable."""
    return NoDatabaseError(
        "NET-002", f"The database's data folder is broken: {what}.",
        cure="Keep a copy of the folder, move it away, and restore the last backup with erpdesk db restore.",
        details={"folder": str(folder)})


def missing_binaries(why: str) -> NoDatabaseError:
    """No server program to run."""
    return NoDatabaseError("NET-007", f"The database server's program is missing: {why}.",
                           cure="Install erpdesk again, or use a shared server with --database.")
