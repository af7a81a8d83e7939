"""A server as its installer leaves it, prepared through the window alone, and found again at the next start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import psycopg
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.app import _desk_opener
from erpdesk.ui.calendars import use_calendar
from erpdesk.ui.people.login import Login
from erpdesk.ui.session import CONNECTED, LOST, Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.window.remembered import Remembered
from helpers.clerk import here, typed
from helpers.cluster import Cluster, bare_cluster

LONG_MS = 60_000
GROUPS = {"erpdesk_owner", "erpdesk_engine", "erpdesk_worker", "erpdesk_users", "erpdesk_clerk", "erpdesk_approver",
          "erpdesk_accountant", "erpdesk_admin", "erpdesk_auditor"}


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """The server; nothing keeps a password on this computer."""
    kept = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    monkeypatch.setenv("ERPDESK_PROFILES", str(tmp_path / "profiles.toml"))
    monkeypatch.delenv("ERPDESK_PASSWORD", raising=False)
    with bare_cluster(18) as cluster:
        yield cluster
    keyring.set_keyring(kept)
    use_calendar("")


def started(qtbot: QtBot, qapp: QApplication) -> tuple[MainWindow, Login]:
    """The window as the program starts it."""
    apply_theme(qapp, "light")
    session = Session(_desk_opener(None, None, None))
    session.doors = lambda name: _desk_opener(None, name or None, None)
    session.profile = Remembered().text("profile")
    made = MainWindow(session)
    qtbot.addWidget(made)
    login = Login(session, made, lambda name, secret, keep: _desk_opener(
        None, session.profile or None, name, secret, keep=keep))
    login.left.connect(made.beginning.choose_place)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made, login


def at(qtbot: QtBot, window: MainWindow, step: str) -> None:
    def stands() -> bool:
        page = window.beginning.page
        return (page is not None and page.step is not None and page.step.code == step
                and not page.making.lane.is_busy and not window.session.background.is_busy)

    qtbot.waitUntil(stands, timeout=LONG_MS)


def test_a_bare_server_is_prepared_by_the_window_and_asks_for_the_password_at_the_next_start(
        qtbot: QtBot, qapp: QApplication, bare: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    window, _ = started(qtbot, qapp)
    window.beginning.open()
    at(qtbot, window, "where")
    typed("2")
    at(qtbot, window, "server")
    typed("127.0.0.1", "<Enter>", str(bare.layout.port), "<Enter>", "books", "<Enter>", "postgres", "<Enter>",
          "secret", "<Enter>", "not enc", "<Enter>", "<Space>", "<Ctrl+A>")
    at(qtbot, window, "what")
    with psycopg.connect(bare.url("books", "postgres", "secret")) as connection:
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
        assert roles >= GROUPS
        assert connection.execute("SELECT count(*) FROM erpdesk.organization").fetchone() == (0,)
    typed("1")
    at(qtbot, window, "organization")
    typed("NEW", "<Enter>", "New Traders", "<Enter>", "nepal", "<Enter>")
    at(qtbot, window, "organization")
    typed("<Ctrl+A>")
    for step in ("year", "chart", "balances", "stock", "summary"):
        at(qtbot, window, step)
        typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: window.session.organization is not None, timeout=LONG_MS)
    profile = window.session.profile
    assert Remembered().text("profile") == profile == "127-0-0-1-books"
    window.session.close()
    window.close()
    monkeypatch.delenv("ERPDESK_PASSWORD", raising=False)

    window, login = started(qtbot, qapp)
    session = window.session
    assert session.doors is not None
    session.open(session.doors(profile))
    qtbot.waitUntil(lambda: login.panel is not None, timeout=LONG_MS)
    assert here() == "field_password"
    typed("wrong", "<Ctrl+A>")
    qtbot.waitUntil(lambda: session.state == LOST and login.panel is not None
                    and "User or password is wrong" in login.panel._fault.text(), timeout=LONG_MS)
    typed("<Esc>")
    at(qtbot, window, "where")
    assert here() == f"way_{profile}", "Esc leads back to where the books may live, this server among the answers"
    typed("<Enter>")
    qtbot.waitUntil(lambda: login.panel is not None, timeout=LONG_MS)
    typed("secret", "<Ctrl+A>")
    qtbot.waitUntil(lambda: session.state == CONNECTED and session.organization is not None, timeout=LONG_MS)
    assert window.beginning.page is None
    session.close()
