"""Switching organization and branch: nothing typed is lost, accepted vouchers are posted where they belong, once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import here, typed
from helpers.fake_desk import FakeBooks, FakeDesk, slowly
from helpers.started_windows import starting

Start = Callable[[str], MainWindow]


@pytest.fixture
def acme() -> FakeBooks:
    return FakeBooks(branches=("HO", "EAST"))


@pytest.fixture
def beta() -> FakeBooks:
    return FakeBooks("BETA", "Beta Mills")


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, acme: FakeBooks, beta: FakeBooks, tmp_path: Path) -> Iterator[Start]:
    """Starts the program in an organization, a journal on disk."""
    with starting(qtbot, qapp) as started:
        yield lambda code="ACME": started(Session(slowly(FakeDesk(acme, beta), 0), code, journal=tmp_path / "journal"))


@pytest.fixture
def window(start: Start) -> MainWindow:
    return start("ACME")


def opened(qtbot: QtBot, window: MainWindow, chord: str) -> VoucherWindow:
    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        typed(chord)
    voucher: VoucherWindow = signal.args[0]
    return voucher


def switched(qtbot: QtBot, window: MainWindow, name: str, code: str) -> None:
    typed("<Alt+F3>", name, "<Enter>")
    qtbot.waitUntil(lambda: window.session.organization is not None and window.session.organization.code == code)
    qtbot.waitUntil(lambda: not window.session.background.is_busy)


def test_another_company_comes_into_sight_with_its_own_pages(qtbot: QtBot, window: MainWindow) -> None:
    payment = opened(qtbot, window, "<F5>")
    typed("1110", "<Enter>", "rent", "<Enter>", "40")
    switched(qtbot, window, "beta", "BETA")
    assert window.pages.pages() == [window.gateway]
    assert here() == "gatewayFilter"
    assert "Beta Mills" in window.strip.place.text()
    assert "Beta" in window.windowTitle()
    receipt = opened(qtbot, window, "<F6>")
    assert receipt.surroundings.lookups is window.session.lookups is not payment.surroundings.lookups
    switched(qtbot, window, "acme", "ACME")
    assert window.pages.current is payment, "the tab that was in sight is in sight again"
    assert here() == "cell_amount"
    assert payment.sheet.line_grids[0].open_editor.text() == "40.00"
    typed("<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: window.session.queue.posted_today == 1)
    switched(qtbot, window, "beta", "BETA")
    assert window.pages.current is receipt


def test_vouchers_accepted_in_a_company_that_was_left_are_posted_there_once(
        qtbot: QtBot, window: MainWindow, acme: FakeBooks, beta: FakeBooks) -> None:
    acme.vouchers.gate = threading.Event()
    opened(qtbot, window, "<F5>")
    typed("1110", "<Enter>", "rent", "<Enter>", "40", "<Enter>", "<Ctrl+A>")
    typed("rent", "<Enter>", "50", "<Enter>", "<Ctrl+A>")
    switched(qtbot, window, "beta", "BETA")
    assert "0 posting" in window.queue.counts.text(), "the queue in sight is this company's"
    acme.vouchers.gate.set()
    left = window.session.places["ACME"]
    qtbot.waitUntil(lambda: left.queue.posted_today == 2)
    assert [post["lines"][0]["amount"] for post in acme.vouchers.posts] == ["40", "50"]
    assert len(set(acme.vouchers.keys)) == 2
    assert beta.vouchers.posts == []
    assert window.queue.word.text().startswith("ACME · ")


def test_a_voucher_that_opens_after_the_switch_waits_for_its_own_company(
        qtbot: QtBot, window: MainWindow, acme: FakeBooks) -> None:
    switched(qtbot, window, "beta", "BETA")
    switched(qtbot, window, "acme", "ACME")
    gate = threading.Event()
    plain = acme.vouchers.new_document
    acme.vouchers.new_document = lambda code: (gate.wait(10), plain(code))[1]  # type: ignore[method-assign]
    typed("<F5>")
    window.session.work_in("BETA")
    assert window.session.organization.code == "BETA", "a company that was open is there at once"
    gate.set()
    qtbot.waitUntil(lambda: not window.session.background.is_busy)
    assert window.pages.pages() == [window.gateway]
    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        window.session.work_in("ACME")
    assert signal.args[0].surroundings.lookups is window.session.places["ACME"].lookups
    assert window.pages.current is signal.args[0]


def test_keys_typed_while_a_company_opens_are_typed_into_it(
        qtbot: QtBot, window: MainWindow, beta: FakeBooks) -> None:
    gate = threading.Event()
    kinds = beta.vouchers.types
    beta.vouchers.types = lambda: (gate.wait(10), kinds())[1]  # type: ignore[method-assign]
    typed("<Alt+F3>", "beta", "<Enter>", "journ")
    gate.set()
    qtbot.waitUntil(lambda: window.session.organization.code == "BETA")
    assert window.gateway.places.field.text() == "journ"


def test_closing_asks_for_what_is_typed_in_a_company_out_of_sight(qtbot: QtBot, window: MainWindow) -> None:
    payment = opened(qtbot, window, "<F5>")
    typed("1110", "<Enter>", "rent", "<Enter>", "40", "<Enter>")
    switched(qtbot, window, "beta", "BETA")
    assert not window.close()
    assert window.session.organization.code == "ACME"
    assert window.pages.current is payment
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    QTest.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape)


def test_what_was_accepted_elsewhere_is_sent_after_a_crash_though_nobody_looks_there(
        qtbot: QtBot, start: Start, acme: FakeBooks, beta: FakeBooks) -> None:
    window = start("ACME")
    window.session.queue.reach(False)
    opened(qtbot, window, "<F5>")
    typed("1110", "<Enter>", "rent", "<Enter>", "40", "<Enter>", "<Ctrl+A>")
    assert window.session.journal.flush()
    window.session.close()
    window.hide()
    again = start("BETA")
    qtbot.waitUntil(lambda: len(acme.vouchers.posts) == 1)
    assert again.session.organization.code == "BETA"
    assert beta.vouchers.posts == []


def test_a_branch_is_chosen_by_key_and_new_vouchers_are_for_it(
        qtbot: QtBot, window: MainWindow, acme: FakeBooks) -> None:
    blank = opened(qtbot, window, "<F6>")
    typed("<Alt+F3>", "east", "<Enter>")
    assert window.strip.place.text().endswith("EAST")
    assert blank.draft.header.values["branch"] == "EAST", "a voucher in which nothing is typed follows"
    payment = opened(qtbot, window, "<F5>")
    assert payment.draft.header.values["branch"] == "EAST"
    typed("1110", "<Enter>", "rent", "<Enter>", "40", "<Enter>", "<Ctrl+A>")
    typed("rent", "<Enter>", "50", "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: len(acme.vouchers.posts) == 2)
    assert [post["branch"] for post in acme.vouchers.posts] == ["EAST", "EAST"]


def test_a_click_on_the_strip_offers_the_companies(window: MainWindow) -> None:
    QTest.mouseClick(window.strip.place, Qt.MouseButton.LeftButton)
    assert window.go_to.isVisible()
    labels = [row.label for row in window.go_to.model.rows if not isinstance(row, str)]
    assert labels == ["HO   Head office", "EAST   East", "Acme Traders   ACME", "Beta Mills   BETA", "New organization"]


def test_each_company_has_its_working_date(qtbot: QtBot, window: MainWindow) -> None:
    typed("<F2>", "5", "<Enter>")
    chosen = window.session.working_date
    switched(qtbot, window, "beta", "BETA")
    assert window.session.working_date == window.session.today != chosen
    switched(qtbot, window, "acme", "ACME")
    assert window.session.working_date == chosen
    assert "5-Nov" in window.strip.day.text()
