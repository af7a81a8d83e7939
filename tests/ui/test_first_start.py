"""The first start: from an empty database to books by keyboard alone, on the real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import open_desk
from erpdesk.ui.calendars import use_calendar
from erpdesk.ui.first_start.answers import kept_in
from erpdesk.ui.session import CONNECTED, EMPTY, Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.window.button_bar import keys_around
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.window.remembered import Remembered
from helpers.clerk import focus, here, typed
from helpers.database import Database
from helpers.first_start import LONG_MS, arrived, assistant, session, window, window_on
from helpers.keyring_file import FileKeyring
from helpers.shops import desk_of

__all__ = ["session", "window"]

def to_the_summary(qtbot: QtBot, window: MainWindow) -> None:
    """Type an own organization of Nepal with a balance and some stock."""
    typed("1")
    arrived(qtbot, window, "organization")
    typed("NEW", "<Enter>", "New Traders", "<Enter>", "nepal", "<Enter>")
    arrived(qtbot, window, "organization")
    typed("New Traders Pvt. Ltd.", "<Enter>", "<Enter>", "<Enter>", "301234567", "<Enter>")
    arrived(qtbot, window, "year")
    typed("<Ctrl+A>")
    arrived(qtbot, window, "chart")
    typed("<Ctrl+A>")
    arrived(qtbot, window, "balances")
    typed("cash", "<Enter>", "5000", "<Enter>", "receiv", "<Enter>", "Asha Stores", "<Enter>", "1200", "<Enter>")


def shown_lines(window: MainWindow) -> list[str]:
    """What the summary says will be made."""
    return [label.text() for label in assistant(window).step.findChildren(QLabel)]


def test_an_own_organization_is_made_by_keyboard_alone(qtbot: QtBot, window: MainWindow) -> None:
    arrived(qtbot, window, "what")
    to_the_summary(qtbot, window)
    balances = assistant(window).step
    assert balances.sum.text() == ("Debit 6,200.00  ·  Credit 0.00  ·  "
                                   "6,200.00 Cr goes to 3030 Opening balance difference")
    typed("<Ctrl+A>")
    arrived(qtbot, window, "stock")
    typed("Rice 25 kg", "<Enter>", "<Enter>", "10", "<Enter>", "150", "<Enter>", "<Enter>")
    arrived(qtbot, window, "summary")
    assert "Fri 1-Shrawan-2083 – Fri 32-Ashadh-2084" in shown_lines(window)
    assert [key.label for key in keys_around(focus())][:2] == ["Make it", "Back"]
    typed("<Enter>")
    qtbot.waitUntil(lambda: window.session.state == CONNECTED and window.beginning.page is None, timeout=LONG_MS)
    qtbot.waitUntil(lambda: not window.session.background.is_busy, timeout=LONG_MS)
    organization = window.session.organization
    assert organization is not None
    assert (organization.code, organization.base_currency, organization.calendar) == ("NEW", "NPR", "bikram_sambat")
    assert window.gateway.word.isVisible()
    assert here() == "gatewayFilter"
    assert not kept_in().exists()
    assert window.session.lookups.row("party", "ASHA-STORES") is not None


def test_a_fault_of_the_making_leads_back_to_its_field_and_nothing_typed_is_lost(
        qtbot: QtBot, window: MainWindow) -> None:
    arrived(qtbot, window, "what")
    to_the_summary(qtbot, window)
    typed("capital", "<Enter>", "<Enter>", "1", "<Enter>", "receiv", "<Enter>", "<Enter>", "10", "<Enter>", "<Ctrl+A>")
    arrived(qtbot, window, "stock")
    typed("<Ctrl+A>")
    arrived(qtbot, window, "summary")
    typed("<Ctrl+A>")
    arrived(qtbot, window, "balances")
    page = assistant(window)
    qtbot.waitUntil(lambda: not page.making.is_busy)
    assert here() == "cell_party"
    assert page.answers.made == "NEW"
    typed("Bina", "<Enter>", "<Ctrl+A>", "<Ctrl+A>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: window.beginning.page is None, timeout=LONG_MS)


def test_answers_outlive_the_program(qtbot: QtBot, qapp: QApplication, session: Session, database: Database,
                                     tmp_path: Path) -> None:
    window = window_on(qtbot, qapp, session)
    arrived(qtbot, window, "what")
    to_the_summary(qtbot, window)
    typed("<Ctrl+A>")
    arrived(qtbot, window, "stock")
    window.hide()
    again = Session(lambda _progress: desk_of(database))
    window = window_on(qtbot, qapp, again)
    arrived(qtbot, window, "stock")
    typed("<Esc>")
    arrived(qtbot, window, "balances")
    assert [row["account"] for row in assistant(window).step.rows] == ["1110", "1130"]
    again.close()


def test_esc_goes_back_and_out_and_the_gateway_leads_in_again(qtbot: QtBot, window: MainWindow) -> None:
    arrived(qtbot, window, "what")
    typed("1")
    arrived(qtbot, window, "organization")
    typed("NEW", "<Enter>", "<Esc>")
    assert here() == "way_own"
    typed("<Esc>")
    assert window.beginning.page is None
    assert here() == "gatewayFilter"
    typed("<Enter>")
    arrived(qtbot, window, "organization")
    assert assistant(window).step.values["code"] == "NEW"


def test_what_is_needed_is_asked_for_before_one_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    arrived(qtbot, window, "what")
    typed("1")
    arrived(qtbot, window, "organization")
    typed("<Ctrl+A>")
    assert assistant(window).word.text() == "Code is needed"
    assert here() == "field_code"


def test_the_demo_is_made_and_can_be_stopped(qtbot: QtBot, window: MainWindow) -> None:
    arrived(qtbot, window, "what")
    typed("2")
    arrived(qtbot, window, "summary")
    page = assistant(window)
    typed("<Enter>")
    qtbot.waitUntil(lambda: page.step.progress.value() > 3, timeout=LONG_MS)
    typed("<Esc>")
    qtbot.waitUntil(lambda: not page.making.is_busy, timeout=LONG_MS)
    assert page.word.text().startswith("Stopped")
    assert window.session.organization is None
    typed("<Enter>")
    qtbot.waitUntil(lambda: window.session.organization is not None, timeout=4 * LONG_MS)
    assert window.session.organization.code == "DEMO"


def test_another_organization_is_made_from_the_list_of_organizations(qtbot: QtBot, qapp: QApplication,
                                                                    session: Session, database: Database) -> None:
    from helpers.shops import open_shop

    open_shop(database)
    window = window_on(qtbot, qapp, session)
    typed("<Alt+F3>", "new", "<Enter>")
    arrived(qtbot, window, "organization")
    assert here() == "field_code"
    typed("<Esc>")
    assert window.beginning.page is None


@pytest.fixture
def undecided(qtbot: QtBot, qapp: QApplication, database: Database, tmp_path: Path,
              monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """A program that nobody has told yet where the books live; "" is the test database, as if it were this desk's."""
    kept = keyring.get_keyring()
    monkeypatch.setenv("ERPDESK_TEST_KEYRING", str(tmp_path / "keyring.json"))
    monkeypatch.setenv("ERPDESK_PROFILES", str(tmp_path / "profiles.toml"))
    keyring.set_keyring(FileKeyring())
    apply_theme(qapp, "light")
    session = Session(lambda _progress: desk_of(database))
    session.doors = lambda name: (lambda progress: open_desk(profile=name, progress=progress)) if name else (
        lambda _progress: desk_of(database))
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.beginning.open()
    yield made
    session.close()
    use_calendar("")
    keyring.set_keyring(kept)


def test_the_books_can_live_on_this_computer(qtbot: QtBot, undecided: MainWindow) -> None:
    arrived(qtbot, undecided, "where")
    typed("<Enter>")
    arrived(qtbot, undecided, "what")
    qtbot.waitUntil(lambda: undecided.session.state == EMPTY, timeout=LONG_MS)
    assert here() == "way_own"


def test_a_shared_server_is_tried_at_once_and_remembered(qtbot: QtBot, undecided: MainWindow, database: Database,
                                                         tmp_path: Path) -> None:
    login = database.make_user("boss", ["admin", "clerk", "accountant", "approver", "auditor"])
    arrived(qtbot, undecided, "where")
    typed("<Down>", "<Enter>")
    arrived(qtbot, undecided, "server")
    typed("127.0.0.1", "<Enter>", str(database.cluster.layout.port), "<Enter>", database.name, "<Enter>",
          login.name, "<Enter>", "wrong", "<Enter>", "not enc", "<Enter>", "<Ctrl+A>")
    page = assistant(undecided)
    qtbot.waitUntil(lambda: page.word.text().startswith("NET-006"), timeout=LONG_MS)
    assert "Check user and password" in page.word.text()
    assert not (tmp_path / "keyring.json").exists() or "wrong" not in (tmp_path / "keyring.json").read_text()
    page.step.form.enter("password")
    typed(login.password, "<Ctrl+A>")
    arrived(qtbot, undecided, "what")
    assert undecided.session.user == login.name
    assert Remembered().text("profile") == undecided.session.profile == f"127-0-0-1-{database.name}"[:40]
    assert login.password not in kept_in().read_text(encoding="utf-8")
    assert login.password not in (tmp_path / "profiles.toml").read_text(encoding="utf-8")
    to_the_summary(qtbot, undecided)
    typed("<Ctrl+A>")
    arrived(qtbot, undecided, "stock")
    typed("<Ctrl+A>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: undecided.beginning.page is None, timeout=LONG_MS)
    qtbot.waitUntil(lambda: undecided.session.organization is not None, timeout=LONG_MS)


def test_a_server_with_organizations_leads_straight_to_the_gateway(qtbot: QtBot, undecided: MainWindow,
                                                                  database: Database) -> None:
    from helpers.shops import open_shop

    open_shop(database)
    arrived(qtbot, undecided, "where")
    typed("<Enter>")
    qtbot.waitUntil(lambda: undecided.session.organization is not None, timeout=LONG_MS)
    qtbot.waitUntil(lambda: undecided.beginning.page is None)
    assert here() == "gatewayFilter"


def test_a_name_typed_as_the_code_is_refused_in_words(qtbot: QtBot, undecided: MainWindow) -> None:
    arrived(qtbot, undecided, "where")
    typed("<Enter>")
    arrived(qtbot, undecided, "what")
    qtbot.waitUntil(lambda: undecided.session.state == EMPTY, timeout=LONG_MS)
    typed("1")
    arrived(qtbot, undecided, "organization")
    typed("Himal Traders", "<Enter>")
    assert assistant(undecided).word.text() == (
        "Code takes letters, digits, points, hyphens and underscores only, no blanks")


def back_to(window: MainWindow, step: str) -> None:
    """Esc until the step is in sight; where a list is open it closes that first."""
    for _ in range(12):
        if assistant(window).answers.step != step:
            typed("<Esc>")


def test_a_summary_come_back_to_shows_days_in_the_calendar_that_was_chosen(
        qtbot: QtBot, qapp: QApplication, session: Session, database: Database) -> None:
    window = window_on(qtbot, qapp, session)
    arrived(qtbot, window, "what")
    to_the_summary(qtbot, window)
    typed("<Ctrl+A>")
    arrived(qtbot, window, "stock")
    typed("<Ctrl+A>")
    arrived(qtbot, window, "summary")
    window.hide()
    use_calendar("")
    again = Session(lambda _progress: desk_of(database))
    window = window_on(qtbot, qapp, again)
    arrived(qtbot, window, "summary")
    assert "Fri 1-Shrawan-2083 – Fri 32-Ashadh-2084" in shown_lines(window)
    again.close()


def test_esc_all_the_way_out_resumes_where_it_was_left(qtbot: QtBot, window: MainWindow) -> None:
    arrived(qtbot, window, "what")
    to_the_summary(qtbot, window)
    back_to(window, "what")
    assert here() == "way_own"
    typed("<Esc>")
    assert window.beginning.page is None
    typed("<Enter>")
    arrived(qtbot, window, "balances")
    assert [row["account"] for row in assistant(window).step.rows] == ["1110", "1130"]
