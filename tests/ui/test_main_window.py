"""The main window: there before the database is, everything by keyboard, keys printed on the bar."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.ui.session import CONNECTED, CONNECTING, Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.style.tokens import tokens
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.button_bar import KeyButton
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.window.opening import OpeningPage
from helpers.clerk import focus, here, typed
from helpers.contrast import contrast
from helpers.fake_desk import FakeBooks, FakeDesk, slowly


def opened(qtbot: QtBot, window: MainWindow, do: Callable[[], object]) -> VoucherWindow:
    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        do()
    return signal.args[0]


def test_the_gateway_can_be_typed_into_before_the_database_is_there(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    session = Session(slowly(FakeDesk(), 0.3))
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    session.open()
    assert session.state == CONNECTING
    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        typed("journal", "<Enter>")
        assert session.state == CONNECTING
    assert signal.args[0].schema.voucher_type == "JOURNAL"
    assert session.state == CONNECTED
    session.close()


def test_a_function_key_opens_its_type_and_early_keys_are_kept(qtbot: QtBot, main_window: MainWindow) -> None:
    def press() -> None:
        typed("<F5>")
        typed("cas", "<Enter>")

    window = opened(qtbot, main_window, press)
    assert window.schema.voucher_type == "CASH_PAYMENT"
    assert window.draft.header.values["account"] == "1110"
    assert here() == "cell_account"


def test_the_same_key_again_comes_back_to_the_blank_tab(qtbot: QtBot, main_window: MainWindow) -> None:
    opened(qtbot, main_window, lambda: typed("<F7>"))
    opened(qtbot, main_window, lambda: typed("<F5>"))
    count = len(main_window.pages.pages())
    typed("<F7>")
    assert len(main_window.pages.pages()) == count
    assert main_window.opener.type_of(main_window.pages.current) == "JOURNAL"
    assert here() == "cell_account"


def test_f10_and_alt_g_open_the_list_and_esc_puts_the_cursor_back(qtbot: QtBot, main_window: MainWindow) -> None:
    window = opened(qtbot, main_window, lambda: typed("<F5>"))
    typed("cas", "<Enter>", "ren", "<Enter>")
    assert here() == "cell_amount"
    typed("<F10>")
    assert here() == "goToFilter"
    typed("<Esc>")
    assert here() == "cell_amount"
    assert window.draft.document()["lines"] == [{"account": "6020"}]
    typed("<Alt+G>", "day")
    assert here() == "goToFilter"
    typed("<Enter>")
    assert main_window.pages.current.objectName() == "registerView"


def test_the_bar_prints_the_keys_valid_now(qtbot: QtBot, main_window: MainWindow) -> None:
    labels = {key.label for key in main_window.bar.keys}
    assert "Accept" not in labels
    opened(qtbot, main_window, lambda: typed("<F8>"))
    keys = {key.chord: key for key in main_window.bar.keys}
    assert keys["Ctrl+A"].label == "Accept"
    assert keys["F8"].marked
    assert "Ctrl+D" not in keys
    typed("asha", "<Enter>", "<Enter>")
    assert "Ctrl+D" in {key.chord for key in main_window.bar.keys}


def test_a_report_is_asked_on_a_worker_and_opens_its_voucher(qtbot: QtBot, main_window: MainWindow,
                                                             books: FakeBooks) -> None:
    main_window.opener.open_report("tax-register")
    view = main_window.pages.current
    qtbot.waitUntil(lambda: not view.model.is_empty)
    assert books.reports.asked[0][0] == "tax-register"
    qtbot.waitUntil(lambda: focus().objectName() == "reportRows")
    window = opened(qtbot, main_window, lambda: typed("<Enter>"))
    assert window.is_view
    assert "JV/26-27/000001" in window.sheet.number.text()
    assert window.sheet.totals.figure("debit") == "100.00"
    typed("<Esc>") if QApplication.focusWidget() is not None else window.leave()
    assert main_window.pages.current is view


def test_an_empty_report_says_what_to_do(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    books.reports.rows = ()
    main_window.opener.open_report("tax-register")
    view = main_window.pages.current
    qtbot.waitUntil(lambda: bool(books.reports.asked))
    qtbot.waitUntil(lambda: view.word.isVisible())
    assert "F2" in view.word.text()


def test_every_report_asks_only_for_what_it_knows() -> None:
    from erpdesk.reports.catalogue import REPORTS
    from erpdesk.ui.reports.questions import QUESTIONS

    for question in QUESTIONS:
        definition = REPORTS[question.name]
        assert {field.key for field in question.filters} <= set(definition.filters), question.name
        assert set(definition.required) <= {key for key, _ in question.preset} | {question.needs}, question.name


def test_totals_that_no_column_has_stand_below_the_rows(qtbot: QtBot, main_window: MainWindow,
                                                        books: FakeBooks) -> None:
    books.reports.totals = {"total": "1.00", "net_profit": "-1234567.50", "vouchers": "3"}
    main_window.opener.open_report("stock-ageing")
    view = main_window.pages.current
    qtbot.waitUntil(lambda: not view.model.is_empty)
    assert view.foot.text() == "1 row   ·   Net profit −1,234,567.50"
    assert not view.perform("period")


def test_both_schemes_have_the_same_tokens_and_readable_text() -> None:
    light, dark = tokens("light"), tokens("dark")
    assert set(light.colours) == set(dark.colours)
    pairs = [("text", "surface"), ("text_muted", "surface"), ("text_muted", "raised"), ("text_faint", "surface"),
             ("text", "focus_tint"), ("error", "error_tint"), ("warning", "warning_tint"), ("good", "good_tint"),
             ("accent_text", "accent"), ("selection_text", "selection"), ("strip_muted", "strip"),
             ("key", "raised"), ("text_muted", "header"), ("text", "readonly"), ("text_muted", "window")]
    for scheme in (light, dark):
        for front, back in pairs:
            ratio = contrast(scheme.colour(front), scheme.colour(back))
            assert ratio >= 4.5, f"{scheme.scheme}: {front} on {back} is {ratio:.2f}"
        assert contrast(scheme.colour("accent"), scheme.colour("surface")) >= 3


def luminance(colour: str) -> float:
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_strip_says_where_one_works(main_window: MainWindow) -> None:
    assert main_window.strip.place.text() == "Acme Traders · HO"
    assert main_window.strip.day.text() == "Fri 20-Nov-2026"
    assert main_window.strip.period.text() == "2026-27"
    assert main_window.strip.word.text() == "connected"


def test_ctrl_tab_turns_around_all_tabs_the_gateway_among_them(qtbot: QtBot, main_window: MainWindow) -> None:
    voucher = opened(qtbot, main_window, lambda: typed("<F7>"))
    seen = []
    for chord in ("<Ctrl+Tab>", "<Ctrl+Tab>", "<Ctrl+Shift+Tab>", "<Ctrl+Shift+Tab>"):
        typed(chord)
        seen.append(main_window.pages.current)
    assert seen == [main_window.gateway, voucher, main_window.gateway, voucher]


def test_the_bar_prints_other_keys_on_the_buttons_it_has(qtbot: QtBot, main_window: MainWindow) -> None:
    opened(qtbot, main_window, lambda: typed("<F7>"))
    printed = [[key.chord for key in main_window.bar.keys]]
    typed("<Ctrl+Tab>")
    printed.append([key.chord for key in main_window.bar.keys])
    made = _buttons(main_window)
    for step in ("<Ctrl+Tab>", "1110", "<Enter>", "<Ctrl+Tab>", "<Ctrl+Tab>"):
        typed(step)
        printed.append([key.chord for key in main_window.bar.keys])
    assert len({tuple(chords) for chords in printed}) > 1, "the keys must change for this to show anything"
    assert _buttons(main_window) == made
    qtbot.waitUntil(lambda: _printed_from_top(main_window) == [key.chord for key in main_window.bar.keys])


def _printed_from_top(window: MainWindow) -> list[str]:
    visible = [button for button in _buttons(window) if button.isVisible()]
    return [button.key.chord for button in sorted(visible, key=lambda one: one.y())]


def _buttons(window: MainWindow) -> list[KeyButton]:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return window.bar.findChildren(KeyButton)


def test_a_name_that_nothing_has_is_said_to_lead_nowhere(qtbot: QtBot, main_window: MainWindow) -> None:
    typed("<Alt+G>", "qqqxyz")
    places = main_window.go_to
    assert places.model.rows == ["Nothing found for “qqqxyz”"]
    typed("<Enter>")
    assert places.highlighted is None
    assert len(main_window.pages.pages()) == 1


def test_closed_pages_leave_nothing_behind(qtbot: QtBot, main_window: MainWindow) -> None:
    opener, session = main_window.opener, main_window.session
    for do in (lambda: opener.open_type("JOURNAL", "Journal"), opener.open_register,
               lambda: opener.open_screen("approvals")):
        closed = []
        for _ in range(3):
            do()
            qtbot.waitUntil(lambda: not isinstance(main_window.pages.current, OpeningPage)
                            and main_window.pages.current is not main_window.gateway
                            and not session.background.is_busy and not session.browsing.is_busy)
            closed.append(weakref.ref(main_window.pages.current))
            main_window.pages.remove(main_window.pages.current)
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        left = [page for page in closed if page() is not None]
        assert len(left) <= 1, "the last one may still be known to a worker that has just answered it"
