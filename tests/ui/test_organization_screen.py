"""The organization's form on real books: read, changed, refused at its fields, left without losing anything."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import Books
from erpdesk.ui.organization.view import OrganizationView
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import here, typed
from helpers.real_window import settled
from helpers.shop_window import books, database_template, window

__all__ = ["books", "database_template", "window"]


@pytest.fixture
def view(qtbot: QtBot, window: MainWindow) -> OrganizationView:
    """The screen, opened from the gateway."""
    typed("organization", "<Enter>")
    page = window.pages.current
    assert isinstance(page, OrganizationView)
    settled(qtbot, page.session)
    return page


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
    assert question.done_button.text() == "Leave without saving   Alt+Y"
    with qtbot.waitSignal(view.wants_close):
        question.done_button.click()
