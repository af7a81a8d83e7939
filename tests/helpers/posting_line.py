"""A line between desk and server that can be cut around a commit, or be slow.

It forwards bytes both ways, from TCP to TCP or to a server's socket file.
Each connection has a thread a direction; a cut closes that connection
alone, and the next one finds the line mended.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

Cut = Literal["before commit", "during commit", "after commit"]
_COMMITTING = (b"COMMIT", b"SELECT erpdesk.posting_post(")
"""Orders that commit: the plain one, and the post in one call."""

_PROTOCOL = b"\0\3"


class Line:
    """A listening line to `server`; `cut` asks for one cut, `delay_seconds` is added each way."""

    def __init__(self, server: tuple[str, int] | Path, delay_seconds: float = 0.0) -> None:
        self._server = server
        self._delay_seconds = delay_seconds
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._cut: Cut | None = None
        self.cuts = self.commits = 0
        self.passed = 0
        self._at = 0
        self._act: Callable[[], None] | None = None
        self._desks: list[socket.socket] = []
        self._is_down = self._stays_down = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where desks connect to."""
        port: int = self._listening.getsockname()[1]
        return port

    def cut(self, when: Cut) -> None:
        """The next commit on any connection is cut off: itself, some of its bytes, or its answer."""
        self._cut = when

    def cut_for_long(self, when: Cut) -> None:
        """The same, and nothing passes any more, on no connection, until the line comes up."""
        self._stays_down = True
        self.cut(when)

    def go_down(self) -> None:
        """Every connection is cut off, and no other is made."""
        self._is_down = True
        for desk in self._desks:
            _hang_up(desk)

    def come_up(self) -> None:
        """Connections are made again."""
        self._is_down = self._stays_down = False

    def strike(self, message: int, act: Callable[[], None]) -> None:
        """Do something when that message of a desk (from 1, counted from now) is about to pass."""
        self.passed, self._at, self._act = 0, message, act

    def relent(self) -> None:
        """Do nothing of what was to be done at a message that didn't come."""
        self._act = None

    def close(self) -> None:
        """No more connections."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                desk, _ = self._listening.accept()
            except OSError:
                return
            if self._is_down:
                desk.close()
                continue
            self._desks.append(desk)
            try:
                server = self._reach()
            except OSError:
                desk.close()
                continue
            threading.Thread(target=self._to_server, args=(desk, server), daemon=True).start()
            threading.Thread(target=self._to_desk, args=(desk, server), daemon=True).start()

    def _reach(self) -> socket.socket:
        if isinstance(self._server, tuple):
            return socket.create_connection(self._server)
        there = socket.socket(socket.AF_UNIX)
        there.connect(str(self._server))
        return there

    def _hear(self, data: bytes) -> bytes:
        """What may pass of the data: all of it, or what comes before the message at which to strike."""
        passing = 0
        while self._act is not None and passing + 5 <= len(data):
            self.passed += 1
            if self.passed == self._at:
                act, self._act = self._act, None
                act()
                return data[:passing]
            passing += 1 + int.from_bytes(data[passing + 1:passing + 5], "big")
        return data

    def _to_server(self, desk: socket.socket, server: socket.socket) -> None:
        heard = _Heard()
        with suppress(OSError):
            while data := desk.recv(65536):
                time.sleep(self._delay_seconds)
                is_commit = heard.asks_for_commit(data)
                self.commits += is_commit
                when = self._cut if is_commit else None
                if when is not None:
                    self._cut, self.cuts = None, self.cuts + 1
                    if self._stays_down:
                        self.go_down()
                    _hang_up(desk)
                if when == "during commit":
                    data = data[:random.randrange(1, len(data))]
                if when != "before commit":
                    server.sendall(self._hear(data))
                if when is not None:
                    break
        with suppress(OSError):
            server.shutdown(socket.SHUT_WR)  # what was sent still arrives, and the server hears the end

    def _to_desk(self, desk: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                time.sleep(self._delay_seconds)
                desk.sendall(data)
        _hang_up(desk)


class _Heard:
    """What a desk asks on one connection, message by message, in whatever pieces its bytes arrive."""

    def __init__(self) -> None:
        self._pending = b""
        self._is_speaking = False
        self._statements: dict[bytes, bytes] = {}

    def asks_for_commit(self, data: bytes) -> bool:
        """Whether the data completes an order to commit: as text, or as a statement read before."""
        self._pending += data
        found = False
        while (message := self._next()) is not None:
            found = self._is_commit(message) or found
        return found

    def _next(self) -> bytes | None:
        at = 1 if self._is_speaking else 0  # before the session begins messages have no kind
        length = at + int.from_bytes(self._pending[at:at + 4], "big")
        if len(self._pending) < max(length, at + 4):
            return None
        message, self._pending = self._pending[:length], self._pending[length:]
        if not self._is_speaking:
            self._is_speaking = message[4:6] == _PROTOCOL
            return b""
        return message

    def _is_commit(self, message: bytes) -> bool:
        kind, parts = message[:1], message[5:].split(b"\0", 2)
        if kind == b"P":
            self._statements[parts[0]] = parts[1]
        return (kind == b"Q" and parts[0].startswith(_COMMITTING)) or (
            kind == b"B" and self._statements.get(parts[1], b"").startswith(_COMMITTING))


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(server: tuple[str, int] | Path, delay_seconds: float = 0.0) -> Iterator[Line]:
    """A line, closed after the block."""
    line = Line(server, delay_seconds)
    try:
        yield line
    finally:
        line.close()
