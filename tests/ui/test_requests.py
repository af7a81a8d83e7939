"""What a request that fails in a way that nobody foresaw is told as."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Refused
from erpdesk.ui.requests import Requests


def _cut() -> None:
    raise psycopg.OperationalError("the connection is lost")


def _broken() -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(("work", "code", "retryable"), [(_cut, "NET-001", True), (_broken, "SYS-001", False)])
def test_a_lost_line_is_no_unforeseen_failure(
        qtbot: QtBot, work: Callable[[], None], code: str, retryable: bool) -> None:
    lane, asker, told = Requests("tried"), QObject(), list[Refused]()
    lane.submit(asker, work, lambda _answer: None, told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert (told[0].first.code, told[0].retryable) == (code, retryable)
    lane.stop()
