"""The server process: is it up, start it and wait patiently, end it without losing anything.

It is a child in a session of its own, so it outlives the program that started it. What it says about
itself stands in `postmaster.pid` of the data folder: process id first, state in line eight.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage.embedded.account import ServerAccount
from erpdesk.storage.embedded.binaries import Binaries
from erpdesk.storage.embedded.cluster import clean_environment
from erpdesk.storage.embedded.failures import from_log, last_lines
from erpdesk.storage.embedded.layout import SHORT_FOLDER, Layout
from erpdesk.storage.giving_way import interrupt_nobody

Progress = Callable[[str], None]

_POLL_SECONDS = 0.003
_REPORT_SECONDS = 2.0
_START_PATIENCE_SECONDS = 1800.0
_ORPHANS_PATIENCE_SECONDS = 60.0
_RECOVERY_PATIENCE_SECONDS = 60.0
_STOP_PATIENCE_SECONDS = 60.0
_LOG_LIMIT_BYTES = 5_000_000

_KNOCK_SECONDS = 2.0
_STARTUP_MESSAGE = b"\x00\x00\x00\x17\x00\x03\x00\x00user\x00postgres\x00\x00"
_CANNOT_CONNECT_NOW = b"C57P03\x00"

_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True)
class Status:
    """What `postmaster.pid` says: process id and state (`starting`, `ready`, `stopping`)."""

    pid: int
    state: str


def read_status(layout: Layout) -> Status | None:
    """None when no server says that it works on the data folder."""
    try:
        lines = (layout.data / "postmaster.pid").read_text("utf-8", "replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return Status(int(lines[0]), lines[7].strip() if len(lines) > 7 else "starting")
    except (IndexError, ValueError):
        return None


def is_ready(layout: Layout) -> bool:
    """Whether a server takes connections here: it says so, and asks who knocks for a password."""
    status = read_status(layout)
    if status is None or status.state != "ready":
        return False
    answer = _answer(layout)
    return bool(answer) and _CANNOT_CONNECT_NOW not in answer


def start(layout: Layout, binaries: Binaries, account: ServerAccount, progress: Progress,
          settings: dict[str, str]) -> None:
    """Starts the server and waits until it takes connections, through recovery if need be.

    The caller holds the start lock. Raises NoDatabaseError.
    """
    if _is_starting(layout) and _wait_until_ready(layout, None, progress, 0):
        return
    _clear_leftovers(layout, progress)
    deadline = time.monotonic() + _ORPHANS_PATIENCE_SECONDS
    while True:
        written = _rotate_log(layout, account)
        child = _launch(layout, binaries, account, settings)
        if _wait_until_ready(layout, child, progress, written):
            return
        text = last_lines(layout.log, written)
        if "pre-existing shared memory block" not in text or time.monotonic() > deadline:
            raise from_log(text, layout.folder)
        progress("waiting for the remains of a crashed server to end")
        time.sleep(0.2)


def stop(layout: Layout, progress: Progress) -> bool:
    """Ends the server in fast mode (open transactions roll back); False when none was running.

    PostgreSQL 18 told to stop in the middle of a recovery waits for ever; so the recovery is waited for.
    """
    status = read_status(layout)
    if status is None or not serves(status.pid, layout.data):
        return False
    until = time.monotonic() + _RECOVERY_PATIENCE_SECONDS
    while _is_recovering(layout) and time.monotonic() < until:
        time.sleep(_POLL_SECONDS * 3)
    _signal(status.pid, fast=True)
    _wait_for_end(layout, status.pid, progress)
    if layout.socket_folder.parent == SHORT_FOLDER:
        with suppress(OSError):
            layout.socket_folder.rmdir()
    return True


def _signal(pid: int, *, fast: bool) -> None:
    """Fast: roll back and write all pages. Otherwise at once: the next start recovers from the log."""
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.kill(pid, signal.SIGINT if fast else signal.SIGQUIT)


def _is_starting(layout: Layout) -> bool:
    """Whether a server, started by a program that has since died, is still on its way up."""
    status = read_status(layout)
    return status is not None and status.state == "starting" and serves(status.pid, layout.data)


def serves(pid: int, data: Path) -> bool:
    """Whether the process is alive and is a PostgreSQL server on this data folder, not a reused number."""
    command = _command_line(pid)
    return "postgres" in command and str(data) in command


def _command_line(pid: int) -> str:
    """The command line of a living process, empty when there is none (or only its remains)."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            return ""
    if sys.platform == "win32":
        query = ["wmic", "process", "where", f"processid={pid}", "get", "commandline"]
    else:
        query = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    try:
        return subprocess.run(query, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def _answer(layout: Layout) -> bytes:
    """What the server answers to a first knock; empty when nobody opens."""
    try:
        if sys.platform == "win32":
            knock = socket.create_connection(("127.0.0.1", layout.port), timeout=_KNOCK_SECONDS)
        else:
            knock = socket.socket(socket.AF_UNIX)
        with knock:
            knock.settimeout(_KNOCK_SECONDS)
            if sys.platform != "win32":
                knock.connect(str(layout.socket))
            knock.sendall(_STARTUP_MESSAGE)
            return knock.recv(1024)
    except OSError:
        return b""


def _is_recovering(layout: Layout) -> bool:
    """Whether the server is on its way up, for the first time or after one of its processes crashed."""
    return _is_starting(layout) or _CANNOT_CONNECT_NOW in _answer(layout)


def _clear_leftovers(layout: Layout, progress: Progress) -> None:
    """Removes what a crashed server left, when its process number now belongs to somebody else; ends a
    server that lives but can't be reached."""
    status = read_status(layout)
    if status is not None and serves(status.pid, layout.data):
        progress("ending a database server that can't be reached")
        stop(layout, progress)
    elif (layout.data / "postmaster.pid").exists():
        (layout.data / "postmaster.pid").unlink(missing_ok=True)
    lock = layout.socket.with_name(f"{layout.socket.name}.lock")
    try:
        holder = int(lock.read_text("ascii", "replace").split("\n")[0])
    except (OSError, ValueError):
        return
    if "postgres" not in _command_line(holder):
        lock.unlink(missing_ok=True)


def _rotate_log(layout: Layout, account: ServerAccount) -> int:
    """Keeps the log and one before it; gives the size at which new lines begin."""
    try:
        size = layout.log.stat().st_size
    except FileNotFoundError:
        os.close(os.open(layout.log, os.O_WRONLY | os.O_CREAT, 0o600))
        account.give(layout.log)
        return 0
    if size > _LOG_LIMIT_BYTES:
        layout.log.replace(layout.log.with_suffix(".log.1"))
        return _rotate_log(layout, account)
    return size


def _launch(layout: Layout, binaries: Binaries, account: ServerAccount,
            settings: dict[str, str]) -> subprocess.Popen[bytes]:
    options = {"unix_socket_directories": str(layout.socket_folder), "unix_socket_permissions": "0700",
               "listen_addresses": "", "port": str(layout.port), "logging_collector": "off"} | settings
    if sys.platform == "win32":
        return _launch_on_windows(layout, binaries, options)
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(layout.log, flags), "ab") as log:
        child = subprocess.Popen(
            [binaries.program("postgres"), "-D", layout.data, *words], stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, cwd=layout.folder, env=clean_environment(), start_new_session=True, umask=0o077,
            **account.process_options())
    interrupt_nobody(child.pid)
    _children[child.pid] = child
    return child


def _launch_on_windows(layout: Layout, binaries: Binaries,
                       options: dict[str, str]) -> subprocess.Popen[bytes]:
    """`pg_ctl` drops the rights of an administrator, which the server would refuse."""
    options = options | {"listen_addresses": "127.0.0.1"}
    del options["unix_socket_directories"], options["unix_socket_permissions"]
    words = " ".join(f'-c "{name}={value}"' for name, value in options.items())
    return subprocess.Popen(
        [binaries.program("pg_ctl"), "start", "--wait", "--timeout=86400", "-D", layout.data,
         "-l", layout.log, "-o", words],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=clean_environment())


def _wait_until_ready(layout: Layout, child: subprocess.Popen[bytes] | None, progress: Progress,
                      written: int) -> bool:
    """True once it takes connections; False when it has ended without doing so."""
    began = reported = time.monotonic()
    while not is_ready(layout):
        if _has_ended(layout, child):
            return False
        now = time.monotonic()
        if now - began > _START_PATIENCE_SECONDS:
            raise NoDatabaseError("NET-001", "The database server is still starting after half an hour.",
                                  cure="Wait and try again; the server goes on with its recovery.",
                                  details={"log": last_lines(layout.log, written)}, retryable=True)
        if now - reported > _REPORT_SECONDS:
            reported = now
            said = last_lines(layout.log, written).splitlines()[-1:]
            progress(f"the database is starting ({now - began:.0f} s): {' '.join(said)}")
        time.sleep(_POLL_SECONDS)
    return True


def _has_ended(layout: Layout, child: subprocess.Popen[bytes] | None) -> bool:
    if child is None:
        return not _is_starting(layout)
    if child.poll() is None or (sys.platform == "win32" and child.returncode == 0):
        return False
    _children.pop(child.pid, None)
    return True


def _wait_for_end(layout: Layout, pid: int, progress: Progress) -> None:
    began = reported = time.monotonic()
    patient = True
    while serves(pid, layout.data):
        child = _children.get(pid)
        if child is not None and child.poll() is not None:
            break
        now = time.monotonic()
        if patient and now - began > _STOP_PATIENCE_SECONDS:
            patient = False
            _signal(pid, fast=False)
        if now - began > 2 * _STOP_PATIENCE_SECONDS:
            raise NoDatabaseError("NET-001", "The database server doesn't end.",
                                  cure="Restart the computer, or end the process named postgres.",
                                  details={"pid": str(pid)})
        if now - reported > _REPORT_SECONDS:
            reported = now
            progress(f"the database is stopping ({now - began:.0f} s)")
        time.sleep(_POLL_SECONDS)
    _children.pop(pid, None)
