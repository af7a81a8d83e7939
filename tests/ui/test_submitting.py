"""Saving and posting: on workers, once, faults at their places, nothing typed lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Fault, Ok, Refused, Step
from erpdesk.ui.voucher.stepper import StepState
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks, Outcome

Open = Callable[[str], VoucherWindow]


def payment(window: VoucherWindow) -> None:
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>")


def counted(window: VoucherWindow) -> dict[str, int]:
    counts = dict.fromkeys(("voucher_saved", "post_started", "post_failed", "voucher_posted"), 0)

    def count(name: str) -> Callable[..., None]:
        def one(*_values: Any) -> None:
            counts[name] += 1

        return one

    for name in counts:
        getattr(window, name).connect(count(name))
    return counts


def test_accepting_posts_once_and_the_next_voucher_is_blank(qtbot: QtBot, open_voucher: Open,
                                                            books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    counts, key = counted(window), window.draft.idempotency_key
    typed("<Ctrl+A>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: counts["voucher_posted"] == 1)
    assert counts == {"voucher_saved": 0, "post_started": 1, "post_failed": 0, "voucher_posted": 1}
    assert len(books.vouchers.posts) == 1
    assert books.vouchers.keys == [key]
    assert window.draft.idempotency_key != key
    assert window.draft.is_blank
    assert here() == "cell_account", "the account is carried"
    assert window.draft.header.values["date"] == "2026-11-20"
    assert "XX/26-27/000001" in window.sheet.banner.text
    assert set(window.sheet.stepper.states.values()) == {StepState.DONE}


def test_keys_typed_during_a_post_reach_the_next_voucher(qtbot: QtBot, open_voucher: Open,
                                                         books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    books.vouchers.gate = threading.Event()
    counts = counted(window)
    typed("<Ctrl+A>")
    assert not window.sheet.post_button.isEnabled()
    typed("6050", "<Enter>", "7")
    assert len(window.sheet.models["lines"].counted_rows()) == 1
    books.vouchers.gate.set()
    qtbot.waitUntil(lambda: counts["voucher_posted"] == 1)
    assert here() == "cell_amount"
    assert focus().text() == "7"
    assert window.draft.document()["lines"] == [{"account": "6050"}]


def test_faults_are_marked_at_their_places_and_the_first_is_entered(qtbot: QtBot, open_voucher: Open,
                                                                    books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    faults = (Fault("VCH-004", "The amount is too small", "lines[0].amount"),
              Fault("GL-002", "The account is inactive", "account", Step.GL))
    books.vouchers.answer = lambda _document: Refused("invalid", faults)
    before = window.draft.document()
    counts = counted(window)
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: counts["post_failed"] == 1)
    assert here() == "field_account", "the first on the path"
    assert focus().property("faulty") is True
    assert (0, "amount") not in window.sheet.models
    assert window.sheet.models["lines"].lines[0].faults["amount"].code == "VCH-004"
    assert window.sheet.banner.text.startswith("VCH-004")
    assert window.draft.document() == before
    assert window.sheet.post_button.isEnabled()
    key = window.draft.idempotency_key
    books.vouchers.answer = lambda _document: None
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: counts["voucher_posted"] == 1)
    assert books.vouchers.keys == [key, key], "the key is kept until it is posted"


def test_a_fault_of_the_whole_voucher_leaves_the_cursor(qtbot: QtBot, open_voucher: Open,
                                                        books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    books.vouchers.answer = lambda _document: Refused("invalid", (Fault("GL-001", "It isn't balanced"),))
    counts, grid = counted(window), window.sheet.grids["lineGrid"]
    place, editor = grid.here(), focus()
    typed("ren", "<Ctrl+A>")
    qtbot.waitUntil(lambda: counts["post_failed"] == 1)
    assert grid.here() == place
    assert focus() is editor
    assert "GL-001" in window.sheet.banner.text


def test_saving_keeps_widgets_text_and_focus(qtbot: QtBot, open_voucher: Open, books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    typed("ba")
    editor, counts = focus(), counted(window)
    books.vouchers.gate = threading.Event()
    typed("<Ctrl+S>", "nk")
    books.vouchers.gate.set()
    qtbot.waitUntil(lambda: counts["voucher_saved"] == 1)
    assert focus() is editor
    assert editor.text() == "bank"
    assert window.draft.row_version == 1
    typed("<Ctrl+S>")
    qtbot.waitUntil(lambda: counts["voucher_saved"] == 2)
    assert window.draft.row_version == 2


def test_accepting_while_a_save_is_under_way_posts_what_was_saved(qtbot: QtBot, open_voucher: Open,
                                                                  books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    books.vouchers.gate = threading.Event()
    counts = counted(window)
    typed("<Ctrl+S>", "<Ctrl+A>")
    books.vouchers.gate.set()
    qtbot.waitUntil(lambda: counts["voucher_posted"] == 1)
    assert counts == {"voucher_saved": 1, "post_started": 1, "post_failed": 0, "voucher_posted": 1}


def test_a_post_that_needs_approval_says_so_and_the_next_voucher_takes_the_keys_typed_since(
        qtbot: QtBot, open_voucher: Open, books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    books.vouchers.answer = lambda _document: Ok(Outcome("v-1", "PENDING_APPROVAL", None, 2))
    books.vouchers.gate = threading.Event()
    counts = counted(window)
    typed("<Ctrl+A>", "ren")
    books.vouchers.gate.set()
    qtbot.waitUntil(lambda: counts["voucher_saved"] == 1)
    assert counts == {"voucher_saved": 1, "post_started": 1, "post_failed": 0, "voucher_posted": 0}
    assert "waits for approval" in window.sheet.banner.text
    assert window.draft.voucher_id is None
    qtbot.waitUntil(lambda: getattr(focus(), "text", str)() == "ren")


def test_an_unforeseen_exception_is_a_failure_and_nothing_is_lost(qtbot: QtBot, open_voucher: Open,
                                                                  books: FakeBooks) -> None:
    def broken(_document: dict[str, Any]) -> None:
        raise RuntimeError("boom")

    window = open_voucher("CASH_PAYMENT")
    payment(window)
    before = window.draft.document()
    books.vouchers.answer = broken
    counts = counted(window)
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: counts["post_failed"] == 1)
    assert window.draft.document() == before
    assert "SYS-" in window.sheet.banner.text
    assert QApplication.focusWidget() is not None


def test_a_blank_voucher_is_not_posted(open_voucher: Open, books: FakeBooks) -> None:
    window = open_voucher("JOURNAL")
    typed("<Ctrl+A>")
    assert not window.submission.is_running
    assert "Nothing" in window.sheet.banner.text


def test_leaving_asks_only_when_something_would_be_lost(qtbot: QtBot, open_voucher: Open) -> None:
    window = open_voucher("JOURNAL")
    with qtbot.waitSignal(window.wants_close):
        window.leave()
    typed("cas")
    window.leave()
    question = QApplication.activeModalWidget()
    assert question is not None
    texts = {button.text().replace("&", "") for button in question.buttons()}
    assert texts == {"Discard it", "Save as draft", "Keep typing"}
    question.reject()


def test_keys_typed_before_a_refusal_are_kept_for_the_next_voucher(qtbot: QtBot, open_voucher: Open,
                                                                  books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    fault = Fault("GL-002", "The account is inactive", "account", Step.GL)
    books.vouchers.answer = lambda _document: Refused("invalid", (fault,))
    books.vouchers.gate = threading.Event()
    counts, said = counted(window), []
    window.said.connect(said.append)
    typed("<Ctrl+A>", "6050", "<Enter>")
    books.vouchers.gate.set()
    qtbot.waitUntil(lambda: counts["post_failed"] == 1)
    assert here() == "field_account"
    assert said == ["5 keys typed since are kept for the next voucher"]
    books.vouchers.answer = lambda _document: None
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: counts["voucher_posted"] == 1)
    assert window.draft.document()["lines"] == [{"account": "6050"}]
    assert here() == "cell_amount"


def test_a_preview_lies_over_the_voucher_until_typing_goes_on(qtbot: QtBot, open_voucher: Open,
                                                              books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    typed("ba", "<Alt+V>")
    qtbot.waitUntil(window.posting_preview.isVisible)
    assert here() == "cell_account", "the cursor stays"
    texts = window.posting_preview.texts()
    assert texts[0] == "Would be posted"
    assert "<b>Name</b>" in texts, "names are text, not markup"
    assert "1,234,567.50" in texts
    assert "and 3 more" in texts
    assert "0.00" not in texts, "an empty side is empty"
    typed("<Esc>")
    assert not window.posting_preview.isVisible()
    typed("<Alt+V>")
    qtbot.waitUntil(window.posting_preview.isVisible)
    typed("<Enter>", "7", "<Enter>")
    assert not window.posting_preview.isVisible()
    assert not books.vouchers.posts
