"""Posts beside the window give way to keys: no step of theirs begins between a key and its paint, none waits long."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.storage import giving_way
from erpdesk.ui.overriding import override
from erpdesk.ui.requests import Requests
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import typed

Open = Callable[[str], VoucherWindow]


@pytest.fixture(autouse=True)
def no_key() -> Iterator[None]:
    giving_way.key_painted()
    yield
    giving_way.key_painted()


class Paints(QObject):
    """Notes for each paint of the lines whether a post's step could begin then."""

    def __init__(self) -> None:
        super().__init__()
        self.free: list[bool] = []

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        around = watched.parent()
        if event.type() == QEvent.Type.Paint and around is not None and around.objectName() == "lineGrid":
            self.free.append(giving_way._free.is_set())
        return False


def test_no_step_begins_between_a_key_and_its_paint(open_voucher: Open) -> None:
    open_voucher("JOURNAL")
    typed("cash")
    application, paints = QApplication.instance(), Paints()
    assert isinstance(application, QApplication)
    application.processEvents()
    application.installEventFilter(paints)
    typed("<Enter>")
    assert not giving_way._free.is_set()
    until = time.monotonic() + 5
    while not giving_way._free.is_set() and time.monotonic() < until:
        application.processEvents()
    application.removeEventFilter(paints)
    assert paints.free
    assert not any(paints.free)
    assert giving_way._free.is_set(), "the post goes on"


def test_a_step_waits_until_the_key_is_painted_but_not_long() -> None:
    giving_way.key_pressed()
    began, done = threading.Event(), threading.Event()

    def step() -> None:
        began.set()
        giving_way.give_way()
        done.set()

    at = time.monotonic()
    thread = threading.Thread(target=step)
    thread.start()
    thread.join(10)
    assert began.is_set()
    assert done.is_set()
    assert time.monotonic() - at >= giving_way.MOST_SECONDS, "it did not wait"
    giving_way.key_painted()
    at = time.monotonic()
    for _ in range(1000):
        giving_way.give_way()
    assert time.monotonic() - at < 1000 * giving_way.MOST_SECONDS / 2, "nothing to wait for"


@pytest.mark.skipif(sys.platform != "linux", reason="no such thing there")
def test_lanes_leave_the_window_a_processor_and_interrupt_nobody(qtbot: QtBot) -> None:
    def place() -> tuple[int, set[int]]:
        return os.sched_getscheduler(0), os.sched_getaffinity(0)

    before = place()
    lane, asker, told = Requests("a lane"), QObject(), list[tuple[int, set[int]]]()
    lane.submit(asker, place, told.append, lambda _: None)
    qtbot.waitUntil(lambda: bool(told))
    lane.stop()
    every = before[1]
    assert told == [(os.SCHED_BATCH, every - {min(every)} or every)]
    assert place() == before, "the window stays where it was"
