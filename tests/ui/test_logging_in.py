"""Logging in at the window of a shared server: asked for a password, told what is wrong, let in."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import Desk, open_desk
from erpdesk.ui.people.login import Login
from erpdesk.ui.session import CONNECTED, LOST, OpenDesk, Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.window.button_bar import keys_around
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, typed
from helpers.database import Database
from helpers.database import Login as Account
from helpers.shops import open_shop
from helpers.started_windows import show

SECRET = "correct-horse-staple"


def opener(database: Database, user: str, password: str | None = None) -> OpenDesk:
    url = database.url(Account(user, ""))
    return lambda progress: open_desk(database_url=url.replace(":@", "@"), user=user, password=password,
                                      progress=progress)


@pytest.fixture
def sita(database: Database) -> Account:
    books = open_shop(database)
    account = Account(f"sita_{database.name}", SECRET)
    database.logins.append(account)
    books.people.add(account.name, SECRET)
    books.people.grant(account.name, "SHOP", "clerk")
    return account


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, database: Database, sita: Account) -> MainWindow:
    apply_theme(qapp, "light")
    made = MainWindow(Session(opener(database, sita.name), "SHOP"))
    show(qtbot, made)
    return made


def test_a_password_is_asked_for_and_a_wrong_one_typed_again(
        qtbot: QtBot, window: MainWindow, database: Database, sita: Account) -> None:
    login = Login(window.session, window, lambda name, password, _keep: opener(database, name, password))
    window.session.open()
    qtbot.waitUntil(lambda: login.panel is not None, timeout=20_000)
    field = focus()
    assert isinstance(field, QLineEdit)
    assert (field.objectName(), field.echoMode()) == ("field_password", QLineEdit.EchoMode.Password)
    assert [key.label for key in keys_around(field)] == ["Log in", "Cancel"]
    typed("not the right one", "<Ctrl+A>")
    qtbot.waitUntil(lambda: "User or password is wrong" in login.panel._fault.text(), timeout=20_000)
    field.selectAll()
    typed(SECRET, "<Ctrl+A>")
    qtbot.waitUntil(lambda: window.session.state == CONNECTED and not window.session.background.is_busy, timeout=20_000)
    assert login.panel is None
    assert window.session.user == sita.name
    window.session.close()


def test_a_disabled_user_is_told_whom_to_ask_and_not_for_a_password(
        qtbot: QtBot, window: MainWindow, database: Database, sita: Account) -> None:
    Desk(database.server()).people.set_active(sita.name, False)
    login = Login(window.session, window, lambda name, password, _keep: opener(database, name, password))
    window.session.open(opener(database, sita.name, SECRET))
    qtbot.waitUntil(lambda: window.session.state == LOST, timeout=20_000)
    assert "disabled; who administers users" in window.session.state_text
    assert login.panel is None
    window.session.close()


def test_who_is_let_in_nowhere_may_choose_where_the_books_live(
        qtbot: QtBot, window: MainWindow, database: Database, sita: Account, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERPDESK_PROFILES", str(tmp_path / "profiles.toml"))
    Desk(database.server()).people.set_active(sita.name, False)
    session = window.session
    session.doors = lambda _name: opener(database, sita.name, SECRET)
    session.open(opener(database, sita.name, SECRET))
    qtbot.waitUntil(lambda: session.state == LOST, timeout=20_000)
    assert "disabled" in window.gateway.word.text()
    window.gateway.start()
    typed("<Enter>")
    qtbot.waitUntil(lambda: (page := window.beginning.page) is not None and page.step is not None
                    and page.step.code == "where", timeout=20_000)
    session.close()
