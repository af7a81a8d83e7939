"""What the window remembers: size, tabs with their filters, organization, branch and day; never a start that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.settings import home
from erpdesk.ui.session import CONNECTED, Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.window.remembered import Remembered
from erpdesk.ui.window.remembered_tabs import TabToCome
from helpers.clerk import here, typed
from helpers.fake_desk import FakeBooks, FakeDesk, slowly

Start = Callable[[], MainWindow]


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    """Starts the program as `run_window` does, on the same books and home; ending it writes what is remembered."""
    apply_theme(qapp, "light")
    home().mkdir(parents=True, exist_ok=True)
    books, other = FakeBooks(branches=("HO", "EAST")), FakeBooks("BETA", "Beta Mills")
    books.vouchers.stored["SI/26-27/000001"] = {"status": "POSTED", "voucher_number": "SI/26-27/000001"}
    windows: list[tuple[MainWindow, Remembered]] = []

    def ended() -> None:
        while windows:
            window, remembered = windows.pop()
            window.close()
            remembered.keep(window)
            window.session.close()

    def started() -> MainWindow:
        ended()
        remembered = Remembered()
        window = MainWindow(Session(slowly(FakeDesk(books, other), 0), remembered.text("organization")))
        qtbot.addWidget(window)
        remembered.place(window)
        remembered.tabs(window)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        windows.append((window, remembered))
        window.session.open()
        session = window.session
        qtbot.waitUntil(lambda: session.state == CONNECTED and not session.background.is_busy)
        return window

    yield started
    ended()


def labels(window: MainWindow) -> list[str]:
    bar = window.pages.bar
    return [bar.tabText(number) for number in range(bar.count())]


def settled(qtbot: QtBot, window: MainWindow) -> None:
    lanes = (window.session.background, window.session.browsing)
    qtbot.waitUntil(lambda: not any(lane.is_busy for lane in lanes))


def test_tabs_come_back_in_order_the_one_in_sight_in_sight(qtbot: QtBot, start: Start) -> None:
    window = start()
    window.opener.open_report("trial-balance")
    window.pages.current.filters.put("until", "2026-11-05")
    typed("<F5>")
    settled(qtbot, window)
    window.opener.open_register("SALES_INVOICE")
    window.opener.open_screen("approvals")
    window.pages.turn(-1)
    settled(qtbot, window)
    before = labels(window)
    again = start()
    assert labels(again) == before
    settled(qtbot, again)
    assert again.pages.current.objectName() == "registerView"
    assert again.pages.current.values["type"] == "SALES_INVOICE"
    others = [page for page in again.pages.pages() if isinstance(page, TabToCome)]
    assert len(others) == 3, "the others open when they are looked at"
    again.pages.bar.setCurrentIndex(1)
    assert again.pages.current.objectName() == "reportView"
    assert again.pages.current.values["until"] == "2026-11-05"
    again.pages.bar.setCurrentIndex(2)
    settled(qtbot, again)
    assert again.pages.current.objectName() == "voucherWindow"
    assert here() == "field_account"
    assert labels(again) == before
    third = start()
    assert labels(third) == before, "a tab that was never looked at is remembered again"


def test_organization_branch_and_day_come_back(qtbot: QtBot, start: Start) -> None:
    window = start()
    typed("<Alt+F3>", "east", "<Enter>", "<F2>", "5", "<Enter>")
    day = window.session.working_date
    again = start()
    assert again.session.branch == "EAST"
    assert again.session.working_date == day
    typed("<Alt+F3>", "beta", "<Enter>")
    qtbot.waitUntil(lambda: again.session.organization.code == "BETA")
    again.opener.open_report("trial-balance")
    third = start()
    assert third.session.organization.code == "BETA"
    assert len(third.pages.pages()) == 2
    typed("<Alt+F3>", "acme", "<Enter>")
    qtbot.waitUntil(lambda: third.session.organization.code == "ACME")
    assert third.session.branch == "EAST", "what was out of sight at the end is remembered, too"


def test_a_day_of_yesterday_is_forgotten(start: Start) -> None:
    window = start()
    typed("<F2>", "5", "<Enter>")
    assert window.tabs is not None
    written = window.tabs.written().replace(f'"on": "{window.session.today}"', '"on": "2026-11-19"')
    window.tabs.written = lambda: written  # type: ignore[method-assign]
    again = start()
    assert again.session.working_date == again.session.today


def test_nobody_is_taken_away_from_what_is_typed_at_the_gateway(qtbot: QtBot, start: Start) -> None:
    window = start()
    window.opener.open_report("trial-balance")
    assert window.tabs is not None
    written = window.tabs.written()
    window.pages.remove(window.pages.current)
    window.tabs.written = lambda: written  # type: ignore[method-assign]
    remembered = start()
    remembered.pages.bar.setCurrentIndex(0)
    assert here() == "gatewayFilter"
    assert remembered.tabs is not None
    remembered.tabs._kept = {"BETA": {"tabs": [{"kind": "report", "code": "ledger", "label": "Ledger"}], "current": 1}}
    remembered.session.work_in("BETA")
    typed("day")
    qtbot.waitUntil(lambda: remembered.session.organization.code == "BETA")
    assert remembered.pages.current is remembered.gateway
    assert labels(remembered) == ["Gateway", "Ledger"]


@pytest.mark.parametrize("content", [
    b"", b"\x00\xff garbage", b"[General]\ntabs=not json\ngeometry=nonsense\ntext_percent=x\n",
    b'[General]\ntabs="{\\"ACME\\": {\\"tabs\\": [{\\"kind\\": \\"report\\", \\"code\\": \\"gone\\"}, 7]}}"\n',
    b'[General]\ntabs="[1, 2]"\norganization=GONE\nscheme=7\n'])  # fmt: skip
def test_a_broken_file_never_keeps_the_program_from_starting(start: Start, content: bytes) -> None:
    (home() / "window.ini").write_bytes(content)
    window = start()
    assert window.session.organization.code == "ACME"
    assert labels(window) == ["Gateway"]
    assert here() == "gatewayFilter"


def test_size_and_maximised_come_back(start: Start) -> None:
    window = start()
    window.showNormal()
    window.resize(window.minimumWidth(), 690)
    again = start()
    assert again.height() == 690
    again.showMaximized()
    third = start()
    assert third.isMaximized()
