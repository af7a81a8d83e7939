"""What an administrator saves reaches a clerk's open window on the same books: two windows, two logins, one server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import Books
from erpdesk.ui.session import CONNECTED, Session
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import here, typed
from helpers.database import Database, Login
from helpers.real_window import PATIENCE_MS, settled, window_on
from helpers.shops import desk_of, open_shop
from helpers.started_windows import in_sight, label_of

PAYMENT = "CASH_PAYMENT"
SECRET = "correct-horse-staple"
OFTEN_MS = 100


@pytest.fixture
def shop(database: Database) -> Books:
    return open_shop(database)


@pytest.fixture
def clerk(qtbot: QtBot, qapp: QApplication, database: Database, shop: Books) -> Iterator[MainWindow]:
    """The window of a clerk with a login of their own; it looks for changes oftener than usual."""
    login = f"sita_{database.name}"
    shop.people.add(login, SECRET, "Sita Devi")
    shop.people.grant(login, "SHOP", "clerk")
    database.logins.append(Login(login, SECRET))
    session = Session(lambda _progress: desk_of(database, Login(login, SECRET)), "SHOP")
    session.freshness._timer.setInterval(OFTEN_MS)
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    session.open()
    qtbot.waitUntil(lambda: session.state == CONNECTED and not session.background.is_busy, timeout=PATIENCE_MS)
    yield window
    session.close()


@pytest.fixture
def admin(qtbot: QtBot, qapp: QApplication, database: Database, shop: Books) -> Iterator[MainWindow]:
    with window_on(qtbot, qapp, database) as made:
        yield made


def at(qtbot: QtBot, window: MainWindow) -> None:
    """Turn to a window, as a person does who sits at it."""
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow() and QApplication.focusWidget() is not None
                    and QApplication.focusWidget().window() is window)


def name_the_reference(qtbot: QtBot, admin: MainWindow, label: str) -> None:
    """The administrator opens the settings, names the reference of cash payments and saves, all by keys."""
    at(qtbot, admin)
    typed("voucher types", "<Enter>")
    page = admin.pages.current
    assert isinstance(page, SettingsPage)
    qtbot.waitUntil(lambda: page.edited is not None, timeout=PATIENCE_MS)
    settled(qtbot, admin.session)
    typed("cash payment", "<Enter>")
    page.go_to("ref_no_label")
    assert here() == "setting_ref_no_label"
    typed(label, "<Enter>")
    qtbot.waitUntil(lambda: page.checking.is_settled, timeout=PATIENCE_MS)
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: not page.types.is_saving and not page.types.changed(), timeout=PATIENCE_MS)


def test_a_saved_change_reaches_the_clerk_whose_draft_keeps_its_form(
        qtbot: QtBot, admin: MainWindow, clerk: MainWindow, shop: Books, database: Database) -> None:
    at(qtbot, clerk)
    with qtbot.waitSignal(clerk.opener.voucher_opened, timeout=PATIENCE_MS):
        typed("<F5>")
    draft = in_sight(clerk)
    typed("1110", "<Enter>", "6050", "<Enter>", "40")
    place = here()
    assert label_of(draft) == "Reference"

    name_the_reference(qtbot, admin, "Slip no.")

    qtbot.waitUntil(lambda: clerk.session.type_info(PAYMENT).version == 2, timeout=PATIENCE_MS)  # type: ignore[union-attr]
    settled(qtbot, clerk.session)
    at(qtbot, clerk)
    assert (in_sight(clerk), here(), label_of(draft)) == (draft, place, "Reference")
    typed("<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: clerk.pages.current is not draft, timeout=PATIENCE_MS)
    blank = in_sight(clerk)
    assert (blank.schema.version, label_of(blank)) == (2, "Slip no.")
    assert "Posted" in blank.sheet.banner.text
    typed("1110", "<Enter>", "6050", "<Enter>", "50", "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: not blank.submission.is_running and blank.draft.is_blank, timeout=PATIENCE_MS)
    with database.connect("superuser") as connection:
        rows = connection.execute(
            "SELECT total, blueprint_version FROM erpdesk.voucher ORDER BY total").fetchall()
    assert [(f"{total:f}", version) for total, version in rows] == [("40", 1), ("50", 2)]


@pytest.mark.long
def test_a_blank_form_that_is_open_already_becomes_the_new_one_and_a_new_type_comes_to_the_gateway(
        qtbot: QtBot, admin: MainWindow, clerk: MainWindow, shop: Books) -> None:
    at(qtbot, clerk)
    with qtbot.waitSignal(clerk.opener.voucher_opened, timeout=PATIENCE_MS):
        typed("<F5>")
    before = in_sight(clerk)
    name_the_reference(qtbot, admin, "Slip no.")
    qtbot.waitUntil(lambda: clerk.pages.current is not before, timeout=PATIENCE_MS)
    assert label_of(in_sight(clerk)) == "Slip no."
    at(qtbot, admin)
    typed("<Alt+N>", "<Enter>", "one amount", "<Enter>", "Petrol slip", "<Enter>", "<Ctrl+A>")
    page = admin.pages.current
    assert isinstance(page, SettingsPage)
    qtbot.waitUntil(lambda: page.checking.is_settled, timeout=PATIENCE_MS)
    settled(qtbot, admin.session)
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: "PETROL_SLIP" in {kind.code for kind in clerk.session.types}, timeout=PATIENCE_MS)
    at(qtbot, clerk)
    typed("<Alt+G>")
    with qtbot.waitSignal(clerk.opener.voucher_opened, timeout=PATIENCE_MS):
        typed("petrol", "<Enter>")
    assert in_sight(clerk).schema.voucher_type == "PETROL_SLIP"
