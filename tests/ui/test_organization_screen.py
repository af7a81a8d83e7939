"""The organization's form on real books: read, changed, refused at its fields, left without losing anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import Books
from erpdesk.ui.organization.view import OrganizationView
from erpdesk.ui.voucher.asking import Question
from helpers.clerk import here, typed
from helpers.database import Database
from helpers.real_window import settled, window_on
from helpers.shops import open_shop


@pytest.fixture
def books(database: Database) -> Books:
    """A shop."""
    return open_shop(database)


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication, database: Database, books: Books) -> Iterator[OrganizationView]:
    """The screen, opened from the gateway."""
    with window_on(qtbot, qapp, database) as window:
        typed("organization", "<Enter>")
        page = window.pages.current
        assert isinstance(page, OrganizationView)
        settled(qtbot, page.session)
        yield page


def test_names_and_tax_numbers_are_changed_by_key(qtbot: QtBot, view: OrganizationView, books: Books) -> None:
    assert view.form is not None
    assert here() == "field_name"
    assert view.form.editors["language"].text() == "English"
    typed("Asha and Sons", "<Enter>", "Asha and Sons Pvt. Ltd.", "<Enter>")
    view.form.enter("tax_number_PAN")
    typed("301234567", "<Enter>", "<Ctrl+A>")
    settled(qtbot, view.session)
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
    settled(qtbot, view.session)
    assert here() == "field_time_zone"
    assert view.word.text().startswith("ORG-008")
    assert books.settings.all() == before
    typed("<F12>")
    settled(qtbot, view.session)
    assert view.typed() == {}


def test_esc_asks_only_when_something_typed_would_be_lost(qtbot: QtBot, view: OrganizationView) -> None:
    view.form.enter("legal_name")  # type: ignore[union-attr]
    typed("Other", "<Enter>", "<Esc>")
    question = view.findChild(Question)
    assert question is not None
    assert question.done_button.text() == "Leave without saving"
    with qtbot.waitSignal(view.wants_close):
        question.done_button.click()
