"""Users and roles in the real window on a real database: everything by keyboard, refusals at their fields."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import NoDatabaseError
from erpdesk.services.people import Person
from erpdesk.ui.people.roles_view import RolesView
from erpdesk.ui.people.view import UsersView
from erpdesk.ui.session import CONNECTED, Session
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.window.destinations import screen_destinations
from erpdesk.ui.window.main_window import MainWindow
from helpers.begun_books import begun_books
from helpers.clerk import focus, typed
from helpers.database import Database, Login
from helpers.real_window import window_on
from helpers.shops import desk_of

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal
SECRET = "correct-horse-staple"


database_template = begun_books()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, database: Database) -> Iterator[MainWindow]:
    """The administrator's window on the books of a new shop, the screen of users open."""
    with window_on(qtbot, qapp, database) as made:
        yield made


@pytest.fixture
def users(qtbot: QtBot, window: MainWindow) -> UsersView:
    typed("Users", "<Enter>")
    view = window.pages.current
    assert isinstance(view, UsersView)
    settled(qtbot, view)
    qtbot.waitUntil(lambda: focus() is view.user_rows)
    return view


def settled(qtbot: QtBot, view: UsersView) -> None:
    qtbot.waitUntil(lambda: not (view.session.background.is_busy or view.session.browsing.is_busy), timeout=20_000)


def named(view: UsersView, name: str) -> Person:
    return next(one for one in view.users.rows if one.name == name)


def hired(qtbot: QtBot, view: UsersView, database: Database, name: str = "sita") -> str:
    """Adds a clerk as an administrator types it; the name is the test's own in the cluster."""
    login = f"{name}_{database.name}"
    database.logins.append(Login(login, SECRET))
    typed("<Alt+A>", login, "<Enter>", "Sita Devi", "<Enter>", SECRET, "<Enter>", "clerk", "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: view.changing.panel is None, timeout=20_000)
    settled(qtbot, view)
    return login


def test_a_user_is_added_with_a_role_and_logs_in(qtbot: QtBot, users: UsersView, database: Database) -> None:
    testers = [QAbstractItemModelTester(model, FATAL) for model in (users.users, users.rights, users.limits)]
    login = hired(qtbot, users, database)
    person = users.person_here()
    assert person is not None
    assert (person.name, person.full_name) == (login, "Sita Devi")
    assert [users.users.text(person, key) for key in ("state", "role", "branches")] == ["active", "Clerk", "all"]
    database.connect(Login(login, SECRET)).close()
    del testers


def test_a_password_is_never_shown_and_a_short_one_is_refused_in_its_field(
        qtbot: QtBot, users: UsersView, database: Database) -> None:
    login = hired(qtbot, users, database)
    typed("<Alt+P>")
    field = focus()
    assert isinstance(field, QLineEdit)
    assert field.echoMode() == QLineEdit.EchoMode.Password
    typed("short", "<Ctrl+A>")
    qtbot.waitUntil(lambda: "SEC-009" in users.changing.panel._fault.text(), timeout=20_000)
    assert focus() is field
    field.selectAll()
    typed("another-horse-staple", "<Ctrl+A>")
    qtbot.waitUntil(lambda: users.changing.panel is None, timeout=20_000)
    database.connect(Login(login, "another-horse-staple")).close()
    with pytest.raises(NoDatabaseError):
        database.connect(Login(login, SECRET))


def test_a_permission_is_given_and_taken_with_space(qtbot: QtBot, users: UsersView, database: Database) -> None:
    login = hired(qtbot, users, database)
    typed("<F6>")
    assert focus() is users.rights_rows
    users.rights_rows.selectRow(4)
    typed("<Space>")
    settled(qtbot, users)
    assert users.users.text(named(users, login), "permissions") == "+Reverse vouchers"
    assert focus() is users.rights_rows
    assert users.rights.index(4, 3).data() == "more"
    typed("<Space>")
    settled(qtbot, users)
    assert users.users.text(named(users, login), "permissions") == ""


def test_a_limit_is_set_altered_and_removed(qtbot: QtBot, users: UsersView, database: Database) -> None:
    login = hired(qtbot, users, database)
    typed("<Alt+L>", "<Enter>", "500", "<Enter>", "400", "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: users.changing.panel is None, timeout=20_000)
    settled(qtbot, users)
    shown = [users.limits.index(0, column).data() for column in range(4)]
    assert shown == ["Every voucher type", "500.00", "400.00", ""]
    typed("<F6>", "<F6>")
    assert focus() is users.limit_rows
    typed("<Ctrl+D>")
    settled(qtbot, users)
    assert named(users, login).memberships[0].limits == ()


def test_a_user_is_disabled_after_a_question_and_enabled_again(
        qtbot: QtBot, users: UsersView, database: Database) -> None:
    login = hired(qtbot, users, database)
    typed("<Alt+X>")
    question = users.findChild(Question)
    assert question is not None
    qtbot.waitUntil(lambda: (there := QApplication.focusWidget()) is not None and question.isAncestorOf(there))
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not named(users, login).is_active, timeout=20_000)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is users.user_rows)
    with pytest.raises(NoDatabaseError) as refused:
        database.connect(Login(login, SECRET))
    assert refused.value.details["why"] == "disabled"
    typed("<Alt+X>")
    settled(qtbot, users)
    database.connect(Login(login, SECRET)).close()


def test_branches_and_types_are_ticked_in_lists_and_nothing_else_can_stand_there(
        qtbot: QtBot, users: UsersView, database: Database) -> None:
    login = hired(qtbot, users, database)
    typed("<Enter>", "<Enter>", "<Enter>", "<Enter>")
    panel = users.changing.panel
    assert panel is not None
    branches, types = panel.form.editors["branches"], panel.form.editors["types"]
    assert focus() is types
    typed("no such type", "<Enter>")
    assert focus() is types
    assert "no such type" in panel._fault.text()
    types.selectAll()
    typed("journal", "<Enter>")
    assert types.raw == ["JOURNAL"]
    assert types.text() == "Journal"
    typed("sales inv", "<Enter>")
    popup = types.surroundings.popup
    assert popup.serves(types)
    ticked = [row.name for row in popup._model.rows if row.name.startswith("☑")]
    assert ticked == ["☑  Journal", "☑  Sales Invoice"] or ticked == ["☑  Sales Invoice", "☑  Journal"]
    clicked = next(number for number, row in enumerate(popup._model.rows) if row.code == "JOURNAL")
    place = popup._model.index(clicked, 0)
    popup.list.scrollTo(place)
    QTest.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=popup.list.visualRect(place).center())
    assert types.raw == ["SALES_INVOICE"]
    QTest.mouseClick(branches, Qt.MouseButton.LeftButton)
    assert popup.serves(branches)
    typed("<Down>", "<Space>")
    assert branches.raw == ["HO"]
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: users.changing.panel is None, timeout=20_000)
    settled(qtbot, users)
    member = named(users, login).memberships[0]
    assert (member.branches, member.types) == (("HO",), ("SALES_INVOICE",))
    typed("<Enter>", "<Enter>", "<Enter>", "<Enter>", "<Backspace>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: users.changing.panel is None, timeout=20_000)
    settled(qtbot, users)
    assert named(users, login).memberships[0].types is None


def test_nobody_is_offered_to_change_oneself(users: UsersView) -> None:
    assert users.person_here() is not None
    for action in ("open_row", "disable_user", "revoke_user", "turn_right", "add_limit"):
        assert not users.offers(action)


def test_a_name_that_is_taken_is_marked_where_it_was_typed(qtbot: QtBot, users: UsersView, database: Database) -> None:
    hired(qtbot, users, database)
    typed("<Alt+A>", "Sita Devi", "<Enter>", "<Enter>", SECRET, "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: "SEC-005" in users.changing.panel._fault.text(), timeout=20_000)
    assert focus() is users.changing.panel.form.editors["name"]
    typed("<Esc>")
    assert users.changing.panel is None


def test_the_roles_can_be_read(qtbot: QtBot, window: MainWindow) -> None:
    typed("Roles", "<Enter>")
    view = window.pages.current
    assert isinstance(view, RolesView)
    qtbot.waitUntil(lambda: not view.session.browsing.is_busy)
    shown = {view.model.index(row, 0).data(): [view.model.index(row, column).data() for column in range(1, 6)]
             for row in range(view.model.rowCount())}
    assert shown["Administer users"] == ["", "", "", "✓", ""]
    assert shown["See reports"] == ["✓"] * 5


def test_types_that_one_may_not_enter_are_offered_nowhere(
        qtbot: QtBot, qapp: QApplication, users: UsersView, database: Database) -> None:
    login = hired(qtbot, users, database)
    users.books.people.grant(login, "SHOP", "clerk", types=["JOURNAL"])  # type: ignore[attr-defined]
    session = Session(lambda _progress: desk_of(database, Login(login, SECRET)), "SHOP")
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    session.open()
    qtbot.waitUntil(lambda: session.state == CONNECTED and not session.background.is_busy, timeout=20_000)
    assert [kind.code for kind in session.enterable] == ["JOURNAL"]
    assert window.perform_chord("F7")
    assert not window.perform_chord("F5")
    assert "user.admin" not in session.permissions
    assert "Users" not in {place.label for place in screen_destinations(session.permissions)}
    qtbot.waitUntil(lambda: not session.background.is_busy, timeout=20_000)
    session.close()
