"""A folder of kept entries: one small file each, replaced whole, so that no crash leaves half of one.

Each running program has a folder of its own under the root, locked while it lives. What a program that ended
badly left behind is taken over by the next one to start; nobody takes anything from a program that runs.
Folders and files are for their owner's eyes only.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

_log = logging.getLogger(__name__)
_LOCK, _ENTRY, _UNREADABLE = "lock", ".json", ".unreadable"

Entry = dict[str, Any]


def place_of(root: Path, organization: str, user: str) -> Path:
    """Where the entries of a user in an organization are kept."""
    return root / quote(organization, safe="") / (quote(user, safe="") or "_")


def left_behind(root: Path, organization: str, user: str, beside: str = "") -> bool:
    """Whether programs, running or not, keep anything there `beside` an entry of that name. Never raises."""
    try:
        return any(path.stem != beside for path in place_of(root, organization, user).glob(f"*/*{_ENTRY}"))
    except OSError:
        return False


class JournalFolder:
    """Entries by name. Every call may raise OSError; none is for the thread of the window."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._own = root / uuid.uuid4().hex
        self._lock = -1

    def open(self) -> None:
        """Make this program's folder, locked before anybody can see it."""
        _make_private(self._root)
        hidden = self._root / f".{self._own.name}"
        hidden.mkdir(mode=0o700)
        self._lock = _take_lock(hidden / _LOCK)
        hidden.rename(self._own)

    def put(self, name: str, entry: Mapping[str, Any]) -> None:
        """Keep an entry in place of the one before; on disk when this returns."""
        made = self._own / f".{name}"
        stream = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(stream, "w", encoding="utf-8") as file:
                json.dump(entry, file, ensure_ascii=False, separators=(",", ":"), default=str)
                file.flush()
                os.fsync(file.fileno())
            made.replace(self._own / f"{name}{_ENTRY}")
        except BaseException:
            made.unlink(missing_ok=True)
            raise
        _settle(self._own)

    def drop(self, name: str) -> None:
        """Keep an entry no longer."""
        (self._own / f"{name}{_ENTRY}").unlink(missing_ok=True)
        _settle(self._own)

    def take_over(self) -> dict[str, Entry]:
        """The entries of programs that are no more, by name; they are this program's from now on."""
        for folder in sorted(self._root.iterdir()):
            if folder != self._own and folder.is_dir() and not folder.name.startswith("."):
                self._take(folder)
        return {path.stem: entry for path in sorted(self._own.glob(f"*{_ENTRY}"))
                if (entry := _read(path)) is not None}

    def _take(self, folder: Path) -> None:
        try:
            lock = _take_lock(folder / _LOCK)
        except OSError:
            return
        try:
            for path in folder.glob(f"*{_ENTRY}"):
                path.replace(self._own / path.name)
            for path in folder.iterdir():
                if path.is_file() and path.name != _LOCK and path.suffix != _UNREADABLE:
                    path.unlink()
        finally:
            os.close(lock)
        _remove(folder)

    def close(self) -> None:
        """Give the folder up; one that is empty goes."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
            _remove(self._own)


def _read(path: Path) -> Entry | None:
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        entry = None
    if isinstance(entry, dict):
        return entry
    _log.error("%s can't be read and is set aside", path)
    path.replace(path.with_suffix(_UNREADABLE))
    return None


def _make_private(folder: Path) -> None:
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        with suppress(FileExistsError):
            one.mkdir(mode=0o700)


def _remove(folder: Path) -> None:
    """Take a folder away that holds nothing but its lock."""
    if any(path.name != _LOCK for path in folder.iterdir()):
        return
    with suppress(OSError):
        (folder / _LOCK).unlink(missing_ok=True)
        folder.rmdir()


def _take_lock(path: Path) -> int:
    """Hold a file for this process alone; ends with the process however that ends. Raises OSError if held."""
    stream = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(stream)
        raise
    return stream


def _settle(folder: Path) -> None:
    """Have the names in a folder on disk, where the system can do that."""
    if sys.platform != "win32":
        stream = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(stream)
        finally:
            os.close(stream)
