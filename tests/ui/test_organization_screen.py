"""The organization's form on real books: read, changed, refused at its fields, left without losing anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import Books
from erpdesk.ui.organization.view import OrganizationView
from erpdesk.ui.session import CONNECTED, Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import here, typed
from helpers.database import Database
from helpers.shops import desk_of, open_shop


@pytest.fixture
def books(database: Database) -> Books:
    """A shop."""
    return open_shop(database)


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication, database: Database, books: Books) -> Iterator[OrganizationView]:
    """The screen, opened from the gateway."""
    apply_theme(qapp, "light")
    session = Session(lambda _progress: desk_of(database), "SHOP")
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    session.open()
    qtbot.waitUntil(lambda: session.state == CONNECTED and not session.background.is_busy, timeout=20_000)
    typed("organization", "<Enter>")
    page = window.pages.current
    assert isinstance(page, OrganizationView)
    settled(qtbot, page)
    yield page
    session.close()


def settled(qtbot: QtBot, view: OrganizationView) -> None:
    lanes = (view.session.requests, view.session.browsing, view.session.background)
    qtbot.waitUntil(lambda: not any(lane.is_busy for lane in lanes), timeout=20_000)


def test_names_and_tax_numbers_are_changed_by_key(qtbot: QtBot, view: OrganizationView, books: Books) -> None:
    assert view.form is not None
    assert here() == "field_name"
    typed("Asha and Sons", "<Enter>", "Asha and Sons Pvt. Ltd.", "<Enter>")
    view.form.enter("tax_number_PAN")
    typed("301234567", "<Enter>", "<Ctrl+A>")
    settled(qtbot, view)
    found = books.settings.all()
    assert (found["name"], found["legal_name"], found["tax_number.PAN"]) == (
        "Asha and Sons", "Asha and Sons Pvt. Ltd.", "301234567")
    assert view.typed() == {}


def test_faults_stand_at_their_fields_and_nothing_is_saved(qtbot: QtBot, view: OrganizationView, books: Books) -> None:
    assert view.form is not None
    before = books.settings.all()
    view.form.enter("legal_name")
    typed("Other", "<Enter>")
    view.form.enter("time_zone")
    typed("Mars/Base", "<Enter>", "<Ctrl+A>")
    settled(qtbot, view)
    assert here() == "field_time_zone"
    assert view.word.text().startswith("ORG-008")
    assert books.settings.all() == before
    typed("<F12>")
    settled(qtbot, view)
    assert view.typed() == {}


def test_esc_asks_only_when_something_typed_would_be_lost(qtbot: QtBot, view: OrganizationView) -> None:
    view.form.enter("legal_name")  # type: ignore[union-attr]
    typed("Other", "<Enter>", "<Esc>")
    question = view.findChild(Question)
    assert question is not None
    assert question.done_button.text() == "Leave without saving"
    with qtbot.waitSignal(view.wants_close):
        question.done_button.click()
