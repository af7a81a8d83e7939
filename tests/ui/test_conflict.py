"""A draft that another desk changed: both versions side by side, and nothing lost until the clerk has chosen."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Ok
from erpdesk.services.desk import Books
from erpdesk.ui.voucher.versions_dialog import VersionsDialog
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import here, typed
from helpers.shop_window import books, database_template, window

__all__ = ["books", "database_template", "window"]

PATIENCE_MS = 20_000


def conflicting(qtbot: QtBot, window: MainWindow, books: Books) -> VoucherWindow:
    """A saved payment of 40 that is typed on to 45 here, and changed to 50 at another desk."""
    with qtbot.waitSignal(window.opener.voucher_opened, timeout=PATIENCE_MS) as signal:
        typed("<F5>")
    voucher: VoucherWindow = signal.args[0]
    typed("1110", "<Enter>", "6050", "<Enter>", "40", "<Enter>", "<Ctrl+S>")
    qtbot.waitUntil(lambda: voucher.draft.row_version is not None, timeout=PATIENCE_MS)
    document = books.vouchers.show(str(voucher.draft.voucher_id)).document
    lines = [{**document["lines"][0], "amount": "50"}]
    changed = books.vouchers.save({**document, "lines": lines, "narration": "theirs"},
                                  voucher_id=voucher.draft.voucher_id, row_version=voucher.draft.row_version)
    assert isinstance(changed, Ok)
    voucher.sheet.grids["lineGrid"].enter(0, "amount")
    typed("45", "<Enter>")
    return voucher


def asked() -> VersionsDialog:
    found = QApplication.activeModalWidget()
    assert isinstance(found, VersionsDialog)
    return found


def choose(qtbot: QtBot, window: MainWindow, name: str) -> None:
    button = asked().findChild(QPushButton, f"{name}Button")
    assert button is not None
    button.click()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def refused_and_reopened(qtbot: QtBot, window: MainWindow) -> None:
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: len(window.session.queue.refused) == 1, timeout=PATIENCE_MS)
    assert window.session.queue.refused[0].refusal.first.code == "VCH-002"
    typed("<Alt+W>")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=PATIENCE_MS)


def posted(qtbot: QtBot, window: MainWindow, books: Books) -> list[tuple[str, str]]:
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: window.session.queue.posted_today == 1, timeout=PATIENCE_MS)
    voucher = next(one for one in window.session.queue.vouchers if one.number)
    view = books.vouchers.show(voucher.number).as_json()
    return [(line["account"], line["amount"]) for line in view["document"]["lines"]]


def test_both_versions_are_shown_and_mine_may_replace_the_stored_one(qtbot: QtBot, window: MainWindow,
                                                                     books: Books) -> None:
    voucher = conflicting(qtbot, window, books)
    known = voucher.draft.voucher_id
    refused_and_reopened(qtbot, window)
    model = asked().table.model()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    changed = datetime.fromisoformat(str(books.vouchers.show(str(known)).as_json()["changed_at"]))
    told = [label.text() for label in asked().findChildren(QLabel) if "was changed by" in label.text()]
    assert [text.rpartition(" at ")[2] for text in told] == [
        f"{changed.astimezone(ZoneInfo('Asia/Kathmandu')):%d-%b-%Y %H:%M:%S} since you opened it"], "the shop's clock"
    rows = {model.index(row, 0).data(): [model.index(row, column).data() for column in (1, 2, 3)]
            for row in range(model.rowCount())}
    amount = next(texts for label, texts in rows.items() if label.endswith("1 · Amount"))
    assert amount == ["45.00", "50.00", "≠"]
    assert rows["Narration"] == ["", "theirs", "≠"]
    assert rows["Paid from"][2] == ""
    del tester
    choose(qtbot, window, "mine")
    assert voucher.draft.voucher_id == known
    assert voucher.draft.document()["lines"][0]["amount"] == "45"
    assert posted(qtbot, window, books) == [("6050", "45")]


def test_theirs_may_be_taken(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    voucher = conflicting(qtbot, window, books)
    refused_and_reopened(qtbot, window)
    choose(qtbot, window, "theirs")
    assert voucher.draft.document()["lines"][0]["amount"] == "50"
    assert voucher.draft.header.values["narration"] == "theirs"
    assert not voucher.draft.is_changed
    assert posted(qtbot, window, books) == [("6050", "50")]


def test_both_may_stay_mine_as_a_new_voucher(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    voucher = conflicting(qtbot, window, books)
    known = str(voucher.draft.voucher_id)
    refused_and_reopened(qtbot, window)
    choose(qtbot, window, "both")
    assert posted(qtbot, window, books) == [("6050", "45")]
    stored = books.vouchers.show(known).as_json()
    assert stored["status"] == "DRAFT"
    assert stored["document"]["lines"][0]["amount"] == "50"


def test_a_save_that_conflicts_disturbs_no_key_and_a_key_compares(qtbot: QtBot, window: MainWindow,
                                                                  books: Books) -> None:
    voucher = conflicting(qtbot, window, books)
    place = here()
    typed("<Ctrl+S>")
    qtbot.waitUntil(lambda: "VCH-002" in voucher.sheet.banner.text, timeout=PATIENCE_MS)
    assert QApplication.activeModalWidget() is None
    assert here() == place
    typed("<Alt+W>")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=PATIENCE_MS)
    asked().reject()
    assert voucher.draft.document()["lines"][0]["amount"] == "45"
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    typed("<Ctrl+S>")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=PATIENCE_MS)
    choose(qtbot, window, "mine")
    typed("<Ctrl+S>")
    qtbot.waitUntil(lambda: not voucher.submission.is_saving, timeout=PATIENCE_MS)
    assert not voucher.draft.is_changed
    assert books.vouchers.show(str(voucher.draft.voucher_id)).document["lines"][0]["amount"] == "45"
