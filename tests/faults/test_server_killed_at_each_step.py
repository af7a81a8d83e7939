"""kill -9 of the whole server at every message of a post and at moments within the server's own work (R2).

A post is whole or not there, the same key gives one voucher, and the books are sound.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from erpdesk.domain.results import Ok
from erpdesk.services.desk import Desk, open_desk
from erpdesk.services.vouchers import VoucherService
from erpdesk.storage.connections import open_server
from erpdesk.storage.embedded import layout as places
from erpdesk.storage.embedded.process import read_status
from erpdesk.storage.target import Target
from faults.test_posting_killed import sound_books
from helpers.posting_line import Line, line_to
from helpers.trading import CODE, PLAIN, accepted, goods, make_organization, purchase, sale

MESSAGES = 40
Disarm = Callable[[], None]


@dataclass(slots=True)
class Front:
    """A desk at the other end of a line to a server of the test's own."""

    home: Path
    line: Line
    vouchers: VoucherService

    def kill_server(self) -> None:
        """kill -9 of the server's first process and of all that it has started."""
        layout = places.load(self.home)
        status = read_status(layout) if layout is not None else None
        if status is not None:
            for pid in (status.pid, *children_of(status.pid)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def post_under_fire(self, key: str, arm: Callable[[Callable[[], None]], Disarm]) -> tuple[bool, bool]:
        """Post while the server is killed when `arm` says, start it, send it again: was it killed, had it posted?"""
        document = sale([goods("TEA", "1", "9"), goods("OIL", "1", "9")], idempotency_key=key, **PLAIN)
        killed = threading.Event()

        def fire() -> None:
            self.kill_server()
            killed.set()

        with ThreadPoolExecutor() as threads:
            disarm = arm(fire)
            posting = threads.submit(self.vouchers.post, document)
            while not killed.is_set() and not posting.done():
                time.sleep(0.001)
            disarm()
            with open_server(Target("embedded", self.home)):
                told = posting.result()
                there = self.numbers_of(key)
                assert len(there) <= 1
                again = accepted(self.vouchers.post(document))
                assert self.numbers_of(key) == [again.voucher_number]
        assert not there or there == [again.voucher_number]
        assert not isinstance(told, Ok) or told.value.voucher_number == again.voucher_number
        return killed.is_set(), bool(there)

    def numbers_of(self, key: str) -> list[Any]:
        """Numbers of what was posted with a key."""
        with open_server(Target("embedded", self.home)) as server, \
                server.connect("superuser", autocommit=True) as connection:
            return [number for (number,) in connection.execute(
                "SELECT v.voucher_number FROM erpdesk.voucher v JOIN erpdesk.journal j ON j.voucher_id = v.id"
                " WHERE v.idempotency_key = %s AND v.status = 'POSTED'", (key,)).fetchall()]


def children_of(pid: int) -> list[int]:
    """Processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if stat.read_text().rpartition(")")[2].split()[1] == str(pid):
                found.append(int(stat.parent.name))
    return found


@pytest.fixture
def front(home: Path) -> Iterator[Front]:
    with Desk(open_server(Target("embedded", home))) as desk:
        accepted(make_organization(desk).vouchers.post(
            purchase([goods("TEA", "1000", "5"), goods("OIL", "1000", "7")], **PLAIN)))
        layout = places.load(home)
        assert layout is not None
        password = json.loads((home / "secrets.json").read_text())["erpdesk_local"]
        with line_to(layout.socket) as line:
            url = f"postgresql://erpdesk_local:{password}@/erpdesk?host=127.0.0.1&port={line.port}"
            with open_desk(database_url=url) as through:
                vouchers = through.books(CODE).vouchers
                vouchers.types()
                yield Front(home, line, vouchers)
        sound_books(home)


def at_message(line: Line, message: int) -> Callable[[Callable[[], None]], Disarm]:
    """When that message of the desk is about to pass."""
    def arm(fire: Callable[[], None]) -> Disarm:
        line.strike(message, fire)
        return lambda: line.strike(0, lambda: None)
    return arm


def after(seconds: float) -> Callable[[Callable[[], None]], Disarm]:
    """At a moment of the server's own work."""
    def arm(fire: Callable[[], None]) -> Disarm:
        timer = threading.Timer(seconds, fire)
        timer.start()

        def disarm() -> None:
            timer.cancel()
            timer.join()
        return disarm
    return arm


@pytest.mark.invariant("I12", attacks=2)
@pytest.mark.parametrize("messages", [(5, 9), pytest.param(range(1, MESSAGES), marks=pytest.mark.long)],
                         ids=["some", "every"])
def test_a_server_killed_at_a_message_of_a_post_has_all_or_nothing(front: Front, messages: Any) -> None:
    outcomes = [front.post_under_fire(f"m-{message}", at_message(front.line, message)) for message in messages]
    assert any(killed for killed, _ in outcomes)


@pytest.mark.invariant("I12", attacks=2)
@pytest.mark.parametrize("times", [2, pytest.param(60, marks=pytest.mark.long)])
def test_a_server_killed_at_any_moment_of_a_post_has_all_or_nothing(front: Front, times: int) -> None:
    accepted(front.vouchers.post(sale([goods("TEA", "1", "9")], **PLAIN)))
    began = time.perf_counter()
    accepted(front.vouchers.post(sale([goods("TEA", "1", "9")], **PLAIN)))
    lasts = time.perf_counter() - began
    outcomes = [front.post_under_fire(f"t-{number}", after(random.Random(number).uniform(0.0, lasts)))
                for number in range(times)]
    assert any(killed for killed, _ in outcomes)
