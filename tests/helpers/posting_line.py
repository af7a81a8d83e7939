"""A line between desk and server that can be cut around a commit, or be slow.

It forwards bytes both ways over TCP. Each connection has a thread a direction; a cut closes that connection
alone, and the next one finds the line mended.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

Cut = Literal["before commit", "after commit"]
_COMMIT = b"COMMIT"


class Line:
    """A listening line to `server`; `cut` asks for one cut, `delay_seconds` is added each way."""

    def __init__(self, server: tuple[str, int], delay_seconds: float = 0.0) -> None:
        self._server = server
        self._delay_seconds = delay_seconds
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._cut: Cut | None = None
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where desks connect to."""
        port: int = self._listening.getsockname()[1]
        return port

    def cut(self, when: Cut) -> None:
        """The next commit on any connection is cut off: itself, or its answer."""
        self._cut = when

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
            server = socket.create_connection(self._server)
            threading.Thread(target=self._to_server, args=(desk, server), daemon=True).start()
            threading.Thread(target=self._to_desk, args=(desk, server), daemon=True).start()

    def _to_server(self, desk: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := desk.recv(65536):
                time.sleep(self._delay_seconds)
                when = self._cut if _COMMIT in data else None
                if when is not None:
                    self._cut, self.cuts = None, self.cuts + 1
                    _hang_up(desk)
                if when != "before commit":
                    server.sendall(data)
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


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(server: tuple[str, int], delay_seconds: float = 0.0) -> Iterator[Line]:
    """A line, closed after the block."""
    line = Line(server, delay_seconds)
    try:
        yield line
    finally:
        line.close()
