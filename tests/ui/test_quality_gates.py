"""Gates that every page has to pass: names for screen readers, room for texts, no overlap, the cursor in the order
of reading, contrast of what is written; and Qt's own traps, which don't catch a clerk.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.settings import RESOURCES
from erpdesk.ui.style.tokens import tokens
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.contrast import contrast
from helpers.fake_desk import ALL_TYPES
from helpers.layout_facts import against_reading_order, clipped, nameless, out_of_sight, overlapping

Open = Callable[[str], VoucherWindow]
WRITTEN = (
    ("text", "window surface raised header readonly focus_tint hover"), ("text_muted", "window surface raised header"),
    ("text_faint", "surface readonly"), ("selection_text", "selection"), ("strip_text", "strip"),
    ("strip_muted", "strip"), ("accent", "surface raised"), ("accent_text", "accent accent_hover"), ("key", "raised"),
    ("error", "error_tint surface"), ("warning", "warning_tint surface"), ("good", "good_tint surface"),
    ("text", "error_tint warning_tint good_tint"),
)
DRAWN = (("accent", "window surface raised focus_tint header"), ("border_strong", "surface"),
         ("error", "surface error_tint"), ("light_on", "strip"), ("light_off", "strip"), ("light_wait", "strip"),
         ("good", "surface"))


def settled() -> None:
    for _ in range(3):
        QApplication.processEvents()


def gates(page: QWidget) -> list[str]:
    settled()
    return [*nameless(page), *clipped(page), *overlapping(page), *out_of_sight(page)]


@pytest.mark.parametrize("type_code", ALL_TYPES)
def test_every_voucher_passes_the_gates(open_voucher: Open, type_code: str) -> None:
    window = open_voucher(type_code)
    assert gates(window) == []
    header = window.sheet.header
    editors = [header.editors[key] for key in header.stops()]
    assert against_reading_order(list(editors), window) == []
    for grid in window.sheet.line_grids:
        columns = [field.key for field in grid.lines.columns]
        places = [columns.index(field.key) for field in grid.path()
                  if field.key in grid.stops(0) and not field.key_path.skip_when_certain]
        assert places == sorted(places), "but for what is mostly passed by, the cursor goes from left to right"


def test_gateway_reports_and_lists_pass_the_gates(qtbot: QtBot, main_window: MainWindow) -> None:
    assert gates(main_window) == []
    typed("<Alt+G>")
    assert gates(main_window) == []
    typed("<Esc>", "<Ctrl+K>")
    assert gates(main_window) == []
    typed("<Esc>")
    for name in ("day-book", "trial-balance"):
        main_window.opener.open_report(name)
        qtbot.waitUntil(lambda: not main_window.session.background.is_busy)
        assert gates(main_window) == [], name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_written_and_drawn_has_enough_contrast(scheme: str) -> None:
    colours = tokens("dark" if scheme == "dark" else "light").colours
    weak = [f"{front} on {back}: {ratio:.2f}" for pairs, least in ((WRITTEN, 4.5), (DRAWN, 3.0))
            for front, backs in pairs for back in backs.split()
            if (ratio := contrast(colours[front], colours[back])) < least]
    assert weak == []


def test_the_style_sheet_names_tokens_only() -> None:
    import re

    sheet = (RESOURCES / "styles" / "window.qss").read_text(encoding="utf-8")
    known = tokens("light").flat()
    assert [name for name in re.findall(r"@([a-z_]+)", sheet) if name not in known] == []
    assert re.findall(r":[^;}]*(#[0-9a-fA-F]{3,8})\b", sheet) == []
    assert json.loads((RESOURCES / "styles" / "tokens.json").read_text())["text_percents"][0] == 80


# Qt's traps


def test_f10_and_alt_letters_open_no_menu_and_type_nothing(main_window: MainWindow) -> None:
    assert main_window.menuWidget() is None
    typed("<Alt+F>")
    typed("<Alt+E>")
    assert here() == "gatewayFilter"
    assert main_window.gateway.places.field.text() == ""
    typed("<F10>")
    assert here() == "goToFilter"


def test_what_alt_gr_types_is_text_and_no_key(open_voucher: Open) -> None:
    open_voucher("PURCHASE_INVOICE")
    typed("terai", "<Enter>")
    assert here() == "field_ref_no"
    alt_gr = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    for key, text in ((Qt.Key.Key_At, "@"), (Qt.Key.Key_A, "ą"), (Qt.Key.Key_S, "ś"), (Qt.Key.Key_U, "€")):
        QApplication.sendEvent(focus(), QKeyEvent(QEvent.Type.KeyPress, key, alt_gr, text))
    assert focus().text() == "@ąś€"
    assert here() == "field_ref_no"


@pytest.mark.parametrize("words", [("हिन", "्दी", " बिल"), ("नेपाल", "ी ", "बिल १२")])
def test_an_input_method_commits_in_the_order_typed(open_voucher: Open, words: tuple[str, ...]) -> None:
    window = open_voucher("PURCHASE_INVOICE")
    typed("terai", "<Enter>")
    for word in words:
        composing = QInputMethodEvent(word[:1], [])
        QApplication.sendEvent(focus(), composing)
        committed = QInputMethodEvent()
        committed.setCommitString(word)
        QApplication.sendEvent(focus(), committed)
    typed("7", "<Enter>")
    assert here() == "cell_item"
    assert window.draft.header.values["ref_no"] == "".join(words) + "7"


def test_an_input_method_filters_a_list(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    committed = QInputMethodEvent()
    committed.setCommitString("asha")
    QApplication.sendEvent(focus(), committed)
    assert window.popup.isVisible()
    typed("<Enter>")
    assert window.draft.header.values["party"] == "C001"
