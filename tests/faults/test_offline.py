"""With the server out of reach typing goes on; what was accepted is sent when it is back, each exactly once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import open_desk
from erpdesk.ui.session import CONNECTED, LOST, Session
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import here, typed
from helpers.database import Database
from helpers.posting_line import Line, line_to
from helpers.shops import open_shop
from helpers.started_windows import starting

LONG_MS = 60_000
Start = Callable[[], MainWindow]


@pytest.fixture
def line(database: Database) -> Iterator[Line]:
    """The line between this desk and the server of a shop."""
    open_shop(database)
    with line_to(("127.0.0.1", database.cluster.layout.port)) as made:
        yield made


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, database: Database, line: Line, tmp_path: Path) -> Iterator[Start]:
    """Starts the program at the other end of the line."""
    url = database.url(tcp=True).replace(f"port={database.cluster.layout.port}", f"port={line.port}")
    with starting(qtbot, qapp) as started:
        yield lambda: started(
            Session(lambda _progress: open_desk(database_url=url), "SHOP", journal=tmp_path / "journal"))
        line.come_up()


def opened(qtbot: QtBot, window: MainWindow, chord: str) -> VoucherWindow:
    with qtbot.waitSignal(window.opener.voucher_opened, timeout=LONG_MS) as signal:
        typed(chord)
    voucher: VoucherWindow = signal.args[0]
    return voucher


def pay(amount: str) -> None:
    if here() == "field_account":
        typed("1110", "<Enter>")
    typed("6050", "<Enter>", amount, "<Enter>", "<Ctrl+A>")


def books_of(database: Database) -> list[tuple[str, str]]:
    """Key and total of every posted voucher, by number."""
    with database.connect("superuser") as connection:
        rows = connection.execute("SELECT idempotency_key, total::numeric(20, 2)::text FROM erpdesk.voucher"
                                  " WHERE status = 'POSTED' ORDER BY voucher_number").fetchall()
        assert connection.execute("SELECT count(*) FROM erpdesk.voucher").fetchone() == (len(rows),)
    return [(str(key), str(total)) for key, total in rows]


def test_vouchers_accepted_without_a_line_are_sent_once_each_when_it_is_back(
        qtbot: QtBot, start: Start, line: Line, database: Database) -> None:
    window = start()
    voucher = opened(qtbot, window, "<F5>")
    queue, keys = window.session.queue, []
    pay("1")
    qtbot.waitUntil(lambda: queue.posted_today == 1, timeout=LONG_MS)
    line.go_down()
    for amount in ("2", "3", "4"):
        pay(amount)
        assert voucher.draft.is_blank, "the next one is there at once"
    keys = [one.key for one in queue.vouchers]
    qtbot.waitUntil(lambda: window.session.state == LOST, timeout=LONG_MS)
    assert window.strip.word.text() == "not connected"
    assert "3 waiting for the server" in window.queue.counts.text()
    typed("6050", "<Enter>", "5")
    assert queue.refused == ()
    line.come_up()
    qtbot.waitUntil(lambda: queue.posted_today == 4, timeout=LONG_MS)
    assert window.session.state == CONNECTED
    assert window.strip.word.text() == "connected"
    assert books_of(database) == list(zip(keys, ("1.00", "2.00", "3.00", "4.00"), strict=True))
    assert here() == "cell_amount", "typing went on"


def test_an_answer_lost_with_the_line_and_a_restart_make_no_second_voucher(
        qtbot: QtBot, start: Start, line: Line, database: Database) -> None:
    window = start()
    opened(qtbot, window, "<F5>")
    pay("1")
    qtbot.waitUntil(lambda: window.session.queue.posted_today == 1, timeout=LONG_MS)
    line.cut_for_long("after commit")
    for amount in ("2", "3"):
        pay(amount)
    keys = [one.key for one in window.session.queue.vouchers]
    qtbot.waitUntil(lambda: window.session.state == LOST, timeout=LONG_MS)
    assert line.cuts == 1
    assert window.session.queue.posted_today == 1
    assert window.session.journal.flush()
    window.session.close()
    line.come_up()
    again = start()
    qtbot.waitUntil(lambda: again.session.queue.posted_today == 3, timeout=LONG_MS)
    assert books_of(database) == list(zip(keys, ("1.00", "2.00", "3.00"), strict=True))
    assert again.session.queue.refused == ()


def test_a_program_started_without_its_server_finds_it_later(qtbot: QtBot, qapp: QApplication, database: Database,
                                                             line: Line, start: Start, tmp_path: Path) -> None:
    line.go_down()
    url = database.url(tcp=True).replace(f"port={database.cluster.layout.port}", f"port={line.port}")
    session = Session(lambda _progress: open_desk(database_url=url), "SHOP")
    session.open()
    qtbot.waitUntil(lambda: session.state == LOST, timeout=LONG_MS)
    line.come_up()
    qtbot.waitUntil(lambda: session.state == CONNECTED, timeout=LONG_MS)
    assert not session.reconnection.is_trying
    qtbot.waitUntil(lambda: not session.background.is_busy, timeout=LONG_MS)
    line.go_down()
    session.background.submit(session, session.desk.organizations, lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: session.state == LOST, timeout=LONG_MS)
    line.come_up()
    qtbot.waitUntil(lambda: session.state == CONNECTED, timeout=LONG_MS)
    session.close()


def test_a_type_typed_before_opens_without_a_line(qtbot: QtBot, start: Start, line: Line) -> None:
    window = start()
    first = opened(qtbot, window, "<F5>")
    typed("<Esc>", "<Esc>")
    line.go_down()
    again = opened(qtbot, window, "<F5>")
    assert again is not first
    typed("1110", "<Enter>")
    assert again.draft.header.values["account"] == "1110"


def test_a_type_never_typed_before_opens_without_a_line(qtbot: QtBot, start: Start, line: Line,
                                                        database: Database) -> None:
    window = start()
    qtbot.waitUntil(lambda: window.opener.learnt.is_done and not window.session.browsing.is_busy, timeout=LONG_MS)
    line.go_down()
    payment = opened(qtbot, window, "<F5>")
    assert payment.schema.voucher_type == "CASH_PAYMENT"
    pay("12")
    for chord in ("<F7>", "<F8>", "<F9>"):
        opened(qtbot, window, chord)
    qtbot.waitUntil(lambda: window.session.state == LOST, timeout=LONG_MS)
    line.come_up()
    qtbot.waitUntil(lambda: window.session.queue.posted_today == 1, timeout=LONG_MS)
    assert [total for _, total in books_of(database)] == ["12.00"]
