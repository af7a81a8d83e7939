"""A proxy between a desk and its server that delays what passes, and counts what the desk says.

A round trip begins when the desk speaks and nothing of what it asked before is unanswered; what it sends on the
way, however cut into pieces, belongs to it. Messages are told apart as the protocol has them, so that statements are
counted where they pass, not where they are meant.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_CHUNK = 1 << 16
_UNTYPED = {80877103, 80877104}
"""SSLRequest, GSSENCRequest: answered with one byte, then the startup message follows."""

_NO_QUESTION = {"start", "p", "X"}
"""A pool may open and close a connection at any time; getting in and out is no part of a post."""

_ANSWERED_WHEN_READY = {"S", "Q"}
_READY = "Z"


@dataclass(slots=True)
class Heard:
    """What passed since the last reset: messages of the desk by type, and its turns."""

    messages: Counter[str] = field(default_factory=Counter)
    round_trips: int = 0

    @property
    def statements(self) -> int:
        """Statements run: Execute of the extended protocol, and simple queries."""
        return self.messages["E"] + self.messages["Q"]


@dataclass(slots=True)
class Proxy:
    """A running proxy. `delay_seconds` is one way and may be changed while it runs."""

    port: int = 0
    delay_seconds: float = 0.0
    heard: Heard = field(default_factory=Heard)

    def reset(self) -> None:
        """Count from here."""
        self.heard = Heard()


@contextmanager
def proxy(host: str, port: int) -> Iterator[Proxy]:
    """A proxy on a free port of the loopback address for a server at `host` (a socket's folder, or an address)."""
    running = Proxy()
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def serve() -> None:
        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _carry(running, reader, writer, host, port)

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        running.port = server.sockets[0].getsockname()[1]
        ready.set()

    thread = threading.Thread(target=_run, args=(loop, serve), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield running
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def _run(loop: asyncio.AbstractEventLoop, serve: object) -> None:
    asyncio.set_event_loop(loop)
    loop.run_until_complete(serve())  # type: ignore[operator]
    loop.run_forever()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


async def _carry(
    running: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int
) -> None:
    """One connection, both ways, until either side ends."""
    upstream = await (
        asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        if host.startswith("/")
        else asyncio.open_connection(host, port)
    )
    ear = _Ear(running)
    tasks = [
        asyncio.create_task(_pass(running, reader, upstream[1], ear.desk)),
        asyncio.create_task(_pass(running, upstream[0], writer, ear.server)),
    ]
    with suppress(asyncio.CancelledError, ConnectionError):
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    for one in (upstream[1], writer):
        one.close()


async def _pass(
    running: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listen: object
) -> None:
    """Bytes one way, each chunk `delay_seconds` later; chunks overtake each other never, and wait for none."""
    line: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    async def deliver() -> None:
        while True:
            due, chunk = await line.get()
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            writer.write(chunk)
            await writer.drain()

    delivery = asyncio.create_task(deliver())
    try:
        while chunk := await reader.read(_CHUNK):
            listen(chunk)  # type: ignore[operator]
            line.put_nowait((loop.time() + running.delay_seconds, chunk))
    finally:
        delivery.cancel()


class _Ear:
    """Hears one connection: takes the bytes of both sides apart into messages."""

    def __init__(self, running: Proxy) -> None:
        self._running = running
        self._started = False
        self._rest = {"desk": b"", "server": b""}
        self._unanswered = 0
        self._asking = False

    def server(self, chunk: bytes) -> None:
        for kind in self._messages("server", chunk):
            if kind == _READY:
                self._unanswered = max(self._unanswered - 1, 0)
                self._asking = self._asking and self._unanswered > 0

    def desk(self, chunk: bytes) -> None:
        for kind in self._messages("desk", chunk):
            self._running.heard.messages[kind] += 1
            self._unanswered += kind in _ANSWERED_WHEN_READY
            if kind not in _NO_QUESTION and not self._asking:
                self._running.heard.round_trips += 1
                self._asking = True

    def _messages(self, side: str, chunk: bytes) -> Iterator[str]:
        """The types of the messages that are all there now."""
        data = self._rest[side] + chunk
        while message := self._message(data, side):
            kind, length = message
            data = data[length:]
            yield kind
        self._rest[side] = data

    def _message(self, data: bytes, side: str) -> tuple[str, int] | None:
        """Type and whole length of the first message, once it is all there."""
        head = 1 if self._started or side == "server" else 0
        if len(data) < head + 8 - 4 * head:
            return None
        length = head + int.from_bytes(data[head : head + 4], "big")
        if len(data) < length:
            return None
        if head:
            return chr(data[0]), length
        if int.from_bytes(data[4:8], "big") not in _UNTYPED:
            self._started = True
        return "start", length
