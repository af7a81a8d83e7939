"""Saving and posting: on workers, once, faults at their places, nothing typed lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Fault, Ok, Refused, Step
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.kept_draft import restore
from erpdesk.ui.voucher.resuming import resume
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


def test_the_next_voucher_is_typed_while_the_post_is_still_under_way(qtbot: QtBot, open_voucher: Open,
                                                                     books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    accepted = window.draft.document()
    books.vouchers.gate = threading.Event()
    counts = counted(window)
    typed("<Ctrl+A>")
    assert window.draft.is_blank
    assert here() == "cell_account"
    typed("<Ctrl+A>", "6050", "<Enter>", "7")
    assert focus().text() == "7"
    assert window.draft.document()["lines"] == [{"account": "6050"}]
    editor = focus()
    assert counts == {"voucher_saved": 0, "post_started": 1, "post_failed": 0, "voucher_posted": 0}
    books.vouchers.gate.set()
    qtbot.waitUntil(lambda: counts["voucher_posted"] == 1)
    assert focus() is editor
    assert editor.text() == "7"
    assert len(books.vouchers.posts) == 1
    key = books.vouchers.posts[0].pop("idempotency_key")
    assert books.vouchers.posts == [accepted], "what is posted is the version accepted"
    assert books.vouchers.keys == [key]


def test_a_refusal_moves_nothing_and_waits_in_the_queue_with_its_fault(qtbot: QtBot, open_voucher: Open,
                                                                       books: FakeBooks, session: Session) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    faults = (Fault("VCH-004", "The amount is too small", "lines[0].amount"),
              Fault("GL-002", "The account is inactive", "account", Step.GL))
    books.vouchers.answer = lambda _document: Refused("invalid", faults)
    before, key, counts = window.draft.document(), window.draft.idempotency_key, counted(window)
    typed("<Ctrl+A>", "6050")
    place, editor = here(), focus()
    qtbot.waitUntil(lambda: counts["post_failed"] == 1)
    assert (here(), focus(), editor.text()) == (place, editor, "6050")
    assert counts == {"voucher_saved": 0, "post_started": 1, "post_failed": 1, "voucher_posted": 0}
    assert "VCH-004" in window.sheet.banner.text
    assert "Cash" in window.sheet.banner.text, "it says which voucher"
    assert window.sheet.stepper.code == "VCH-004"
    refused, = session.queue.refused
    assert refused.document == before | {"idempotency_key": key}
    typed("<Enter>", "9", "<Enter>")
    assert "VCH-004" in window.sheet.banner.text, "it stays until the next voucher is accepted"
    books.vouchers.answer = lambda _document: None
    resume(window, refused.kept, refused.refusal)
    assert here() == "field_account", "the first on the path"
    assert focus().property("faulty") is True
    assert window.sheet.models["lines"].lines[0].faults["amount"].code == "VCH-004"
    assert window.draft.document() == before
    session.queue.take_back(refused)
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: counts["voucher_posted"] == 1)
    assert books.vouchers.keys == [key, key], "the key is kept until it is posted"
    assert session.queue.refused == ()


def test_a_fault_of_the_whole_voucher_leaves_the_cursor_where_it_was(qtbot: QtBot, open_voucher: Open,
                                                                     books: FakeBooks, session: Session) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    books.vouchers.answer = lambda _document: Refused("invalid", (Fault("GL-001", "It isn't balanced"),))
    counts, grid = counted(window), window.sheet.grids["lineGrid"]
    typed("ren", "<Enter>", "7")
    place = grid.here()
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: counts["post_failed"] == 1)
    refused, = session.queue.refused
    resume(window, refused.kept, refused.refusal)
    assert grid.here() == place
    assert here() == "cell_amount"
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


def test_a_refused_save_enters_its_fault_only_if_typing_has_not_gone_on(qtbot: QtBot, open_voucher: Open,
                                                                        books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    fault = Fault("GL-002", "The account is inactive", "account", Step.GL)
    books.vouchers.answer = lambda _document: Refused("invalid", (fault,))
    books.vouchers.gate = threading.Event()
    typed("<Ctrl+S>", "ba")
    place, editor = here(), focus()
    books.vouchers.gate.set()
    qtbot.waitUntil(lambda: "GL-002" in window.sheet.banner.text)
    assert (here(), focus(), editor.text()) == (place, editor, "ba")
    typed("<Ctrl+S>")
    qtbot.waitUntil(lambda: here() == "field_account")


def test_what_is_typed_after_a_save_was_asked_for_is_still_unsaved(qtbot: QtBot, open_voucher: Open,
                                                                   books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    books.vouchers.gate = threading.Event()
    counts = counted(window)
    typed("<Ctrl+S>", "ban", "<Enter>", "7", "<Enter>")
    books.vouchers.gate.set()
    qtbot.waitUntil(lambda: counts["voucher_saved"] == 1)
    assert window.draft.is_changed
    typed("<Ctrl+S>")
    qtbot.waitUntil(lambda: counts["voucher_saved"] == 2)
    assert not window.draft.is_changed


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
    assert getattr(focus(), "text", str)() == "ren"


def test_an_unforeseen_exception_is_a_failure_and_nothing_is_lost(qtbot: QtBot, open_voucher: Open,
                                                                  books: FakeBooks, session: Session) -> None:
    def broken(_document: dict[str, Any]) -> None:
        raise RuntimeError("boom")

    window = open_voucher("CASH_PAYMENT")
    payment(window)
    before = window.draft.document()
    books.vouchers.answer = broken
    counts = counted(window)
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: counts["post_failed"] == 1)
    refused, = session.queue.refused
    assert restore(window.schema, refused.kept).document() == before
    assert "SYS-" in window.sheet.banner.text
    assert QApplication.focusWidget() is not None


def test_a_blank_voucher_is_not_posted(open_voucher: Open, books: FakeBooks) -> None:
    window = open_voucher("JOURNAL")
    typed("<Ctrl+A>")
    assert not window.submission.is_running
    assert "Nothing" in window.sheet.banner.text


def test_what_cannot_be_read_is_said_at_its_field_before_anything_is_posted(open_voucher: Open,
                                                                            books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", "5x", "<Ctrl+A>")
    assert (here(), books.vouchers.posts) == ("cell_amount", [])
    assert "number" in window.sheet.banner.text
    typed("<Backspace>", "<Ctrl+A>")
    assert window.draft.is_blank, "the next one"


def test_leaving_asks_only_when_something_would_be_lost(qtbot: QtBot, open_voucher: Open) -> None:
    window = open_voucher("JOURNAL")
    with qtbot.waitSignal(window.wants_close):
        window.leave()
    typed("cas")
    window.leave()
    question = QApplication.activeModalWidget()
    assert question is not None
    texts = {button.text().partition("   ")[0] for button in question.buttons}
    assert texts == {"Discard it", "Save as draft", "Keep typing"}
    question.reject()


def test_vouchers_are_posted_in_the_order_accepted(qtbot: QtBot, open_voucher: Open, books: FakeBooks,
                                                   session: Session) -> None:
    window = open_voucher("CASH_PAYMENT")
    payment(window)
    books.vouchers.gate = threading.Event()
    typed("<Ctrl+A>")
    for amount in ("11", "12", "13"):
        typed("ren", "<Enter>", amount, "<Enter>", "<Ctrl+A>")
    assert session.queue.open_count == 4
    books.vouchers.gate.set()
    qtbot.waitUntil(lambda: session.queue.posted_today == 4)
    assert [one["lines"][0]["amount"] for one in books.vouchers.posts] == ["5", "11", "12", "13"]
    assert len(set(books.vouchers.keys)) == 4


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


def test_what_is_typed_over_in_the_header_is_posted_without_leaving_the_field(
        qtbot: QtBot, open_voucher: Callable[[str], VoucherWindow], books: FakeBooks) -> None:
    voucher = open_voucher("CASH_PAYMENT")
    typed("1110", "<Enter>", "rent", "<Enter>", "40", "<Enter>")
    voucher.enter("", 0, "account")
    typed("1120", "<Ctrl+A>")
    qtbot.waitUntil(lambda: bool(books.vouchers.posts))
    assert books.vouchers.posts[0]["account"] == "1120"
