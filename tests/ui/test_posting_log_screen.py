"""Posting metrics and log on real books: figures with their states, failures with their code, events given up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Ok
from erpdesk.services.desk import Books
from erpdesk.ui.metrics.view import PostingLogView
from erpdesk.ui.voucher.asking import Question
from helpers.begun_books import begun_books, books_of
from helpers.clerk import typed
from helpers.database import Database
from helpers.real_window import settled, window_on


def entry(day: str, amount: str = "100.00") -> dict[str, Any]:
    return {"type": "JOURNAL", "date": day,
            "lines": [{"account": "1110", "debit": amount}, {"account": "4010", "credit": amount}]}


def begin(made: Books) -> None:
    assert isinstance(made.vouchers.post(entry("2026-05-01")), Ok)
    refused = made.vouchers.post({**entry("2026-05-01"), "lines": [{"account": "1110", "debit": "1.00"}]})
    assert not isinstance(refused, Ok)


database_template = begun_books(begin)


@pytest.fixture
def books(database: Database) -> Books:
    """A shop: one journal posted, one refused, an event given up."""
    with database.connect("superuser") as connection:
        connection.execute("UPDATE erpdesk.integration_event SET status = 'dead', attempts = 7, last_error = 'timeout'")
    return books_of(database)


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication, database: Database, books: Books) -> Iterator[PostingLogView]:
    """The screen, opened from the gateway."""
    with window_on(qtbot, qapp, database) as window:
        typed("metrics and log", "<Enter>")
        page = window.pages.current
        assert isinstance(page, PostingLogView)
        settled(qtbot, page.session)
        yield page


def test_figures_stand_beside_their_targets_with_a_word_for_their_state(qtbot: QtBot, view: PostingLogView) -> None:
    found = {row.key: row.texts[1:] for row in view.figure_model.rows}
    assert found["success_rate"] == ("100 %", "99.9 %", "99 %", "✓ good")
    assert found["events_dead"] == ("1", "", "", "✕ alarm")


def test_failures_are_listed_with_their_code_and_explained(qtbot: QtBot, view: PostingLogView) -> None:
    event, failure = view.model.rows
    assert event.texts[2:4] == ("✕ event", "")
    assert failure.texts[2:5] == ("invalid", "GL-001", "gl")
    typed("<Down>")
    assert failure.fact.correlation_id in view.foot.text()
    with qtbot.waitSignal(view.wants_help) as asked:
        typed("<Enter>")
    assert asked.args[0].code == "GL-001"


def test_every_attempt_is_shown_and_opened(qtbot: QtBot, view: PostingLogView) -> None:
    typed("<F4>")
    settled(qtbot, view.session)
    assert [row.texts[2] for row in view.model.rows] == ["✕ event", "invalid", "done"]
    typed("<Ctrl+End>")
    with qtbot.waitSignal(view.wants_voucher) as asked:
        typed("<Enter>")
    assert asked.args[1] == "JV/26-27/000001"


def test_events_given_up_are_sent_again(qtbot: QtBot, view: PostingLogView, books: Books) -> None:
    typed("<Alt+R>")
    question = view.findChild(Question)
    assert question is not None
    qtbot.waitUntil(lambda: QApplication.focusWidget() is question.done_button)
    question.done_button.click()
    settled(qtbot, view.session)
    assert books.events.counts() == {"pending": 1}
    assert [row.texts[2] for row in view.model.rows] == ["invalid"]
    assert not view.offers("retry")
