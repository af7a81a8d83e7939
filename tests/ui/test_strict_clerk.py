"""What a clerk without every right, with wrong units or the wrong source, is told while the voucher is in sight."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.ui.session import Session
from helpers.clerk import here, typed
from helpers.database import Database, Login
from helpers.real_desk import Desk, database_template, real_desk
from helpers.shops import desk_of
from helpers.started_windows import PATIENCE_MS, starting

__all__ = ["database_template"]

E, SECRET = "<Enter>", "Sunny-day-4711"


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, database: Database) -> Iterator[Desk]:
    with real_desk(qtbot, qapp, database) as made:
        yield made


def test_who_may_not_post_is_told_with_the_voucher_in_sight_and_may_as_soon_as_it_is_given(
        qtbot: QtBot, qapp: QApplication, database: Database, desk: Desk) -> None:
    login = Login(f"gita_{database.name}", SECRET)
    people = desk.books.people
    people.add(login.name, SECRET, "Gita")
    people.grant(login.name, "SHOP", "clerk", permissions=("voucher.enter", "report.view"))
    database.logins.append(login)
    with starting(qtbot, qapp) as started:
        desk.window, desk.voucher = started(Session(lambda _progress: desk_of(database, login), "SHOP")), None
        voucher = desk.open("CASH_PAYMENT")
        desk.type("1110", E, "rent", E, "40", E, "<Ctrl+A>")
        assert voucher.sheet.banner.text.startswith("You may not post Cash Payment — Ctrl+S saves it")
        assert voucher.draft.document()["lines"] == [{"account": "6100", "amount": "40"}]
        assert desk.window.session.queue.refused == ()
        typed("<Ctrl+S>")
        qtbot.waitUntil(lambda: voucher.draft.voucher_id is not None, timeout=PATIENCE_MS)
        people.grant(login.name, "SHOP", "clerk")
        desk.type("<Ctrl+A>")
        assert desk.accept().startswith("CP/")


def test_who_only_enters_may_hand_in_what_others_decide_on(desk: Desk, database: Database) -> None:
    login = Login(f"gita_{database.name}", SECRET)
    desk.books.people.add(login.name, SECRET, "Gita")
    desk.books.people.grant(login.name, "SHOP", "clerk", permissions=("voucher.enter",))
    database.logins.append(login)
    desk.books.configuration.import_document(
        {"voucher_types": [{"code": "JOURNAL", "requires_approval": True}]})
    with desk_of(database, login) as hers:
        known = {kind.code: kind.may_hand_in for kind in hers.books("SHOP").vouchers.types()}
    assert (known["JOURNAL"], known["CASH_PAYMENT"]) == (True, False)



def test_a_serial_number_is_named_once(desk: Desk) -> None:
    voucher = desk.open("SALES_INVOICE")
    desk.type("asha", E, "phone", E, "2", E, "P1", E)
    assert here() == "cell_serials"
    desk.type("p1", E)
    assert here() == "cell_serials", "the second one is still to be named"
    assert voucher.sheet.banner.text == "P1 stands in line 1 of the split already"
    desk.type("P2", E)
    assert here() == "cell_rate"
    desk.type("120", E)
    assert voucher.draft.document()["lines"][0]["serials"] == ["P1", "P2"]
    desk.accept()


def test_a_source_that_can_not_be_followed_is_said_and_marked_where_it_is_typed(desk: Desk) -> None:
    voucher = desk.open("SALES_RETURN")
    against = voucher.sheet.header.editors["against"]
    for number, said in ((desk.bill, f"VCH-021 {desk.bill} is not a document that this voucher can follow"),
                         ("SI/26-27/009999", "VCH-005 There is no voucher SI/26-27/009999")):
        voucher.sheet.header.enter("party")
        desk.type("asha", E)
        voucher.sheet.header.enter("against")
        desk.type(number, E)
        assert voucher.sheet.banner.text == said
        assert against.property("faulty")
        assert voucher.draft.document()["lines"] == [], "nothing of it is taken over"
    voucher.sheet.header.enter("against")
    desk.type(desk.sale, E)
    assert not against.property("faulty")
    assert [row["item"] for row in voucher.draft.document()["lines"]] == ["RICE", "TEA"]


def test_what_is_saved_on_leaving_is_left(qtbot: QtBot, desk: Desk) -> None:
    voucher = desk.open("SALES_INVOICE")
    desk.type("asha", E, "rice", E, "2", E, "15", E, "<Esc>", "<Esc>")
    question = QApplication.activeModalWidget()
    assert question is not None
    with qtbot.waitSignal(voucher.wants_close, timeout=PATIENCE_MS):
        QTest.keyClick(question, Qt.Key.Key_Return)
    assert desk.books.vouchers.show(str(voucher.draft.voucher_id)).document["party"] == "C001"
