"""Nothing is cut off in Hindi or Nepali: labels, headings, buttons, steps and keys have room for their text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.ui.calendars import use_calendar
from erpdesk.ui.configured_words import schema_in_language
from erpdesk.ui.keys.profile import printed
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.button_bar import ButtonBar, KeyButton
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.words import say, use_language
from helpers.clerk import typed
from helpers.fake_desk import FakeBooks, schema_of

TYPES = ("SALES_INVOICE", "PURCHASE_INVOICE", "JOURNAL", "STOCK_JOURNAL", "LANDED_COST", "AR_RECEIPT",
         "BANK_PAYMENT", "GOODS_RECEIPT")
LANGUAGES = ("en", "hi", "ne")


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    use_language("en")
    use_calendar("gregorian")


@pytest.fixture
def opened(qtbot: QtBot, session: Session, books: FakeBooks) -> Callable[[str, str], VoucherWindow]:
    def shown(type_code: str, language: str) -> VoucherWindow:
        use_language(language)
        use_calendar("bikram_sambat" if language == "ne" else "gregorian")
        books.organization = replace(books.organization, digit_grouping="lakh")
        window = VoucherWindow(session, books, schema_in_language(schema_of(type_code)), {"date": "2026-11-20"},
                               "XX/26-27/000001")
        qtbot.addWidget(window)
        window.resize(1180, 700)
        window.show()
        qtbot.waitExposed(window)
        return window

    return shown


def cut_off(widget: QWidget) -> list[str]:
    """The texts that have no room where they stand."""
    found = [label.text() for label in widget.findChildren(QLabel)
             if label.isVisible() and label.text() and not label.wordWrap()
             and (label.width() < _advance(label) or label.height() < QFontMetrics(label.font()).ascent())]
    found += [button.text() for button in widget.findChildren(QAbstractButton)
              if button.isVisible() and button.text() and not isinstance(button, KeyButton)
              and button.width() < _advance(button)]
    for grid in widget.findChildren(LineGrid):
        header = grid.horizontalHeader()
        found += [label for column, label in enumerate(_headings(grid))
                  if header.sectionSize(column) < header.fontMetrics().horizontalAdvance(label)]
    return found


def _advance(widget: QLabel | QAbstractButton) -> int:
    text = widget.text().replace("&&", "&")
    return max((QFontMetrics(widget.font()).horizontalAdvance(line) for line in text.split("\n")), default=0)


def _headings(grid: LineGrid) -> list[str]:
    model = grid.model()
    return [str(model.headerData(column, Qt.Orientation.Horizontal)) for column in range(model.columnCount())]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("type_code", TYPES)
def test_nothing_is_cut_off_in_a_form(opened: Callable[[str, str], VoucherWindow], type_code: str,
                                      language: str) -> None:
    window = opened(type_code, language)
    window.sheet.header.toggle_details()
    assert not cut_off(window)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_amount_in_words_has_room_for_twelve_digits(opened: Callable[[str, str], VoucherWindow],
                                                        language: str) -> None:
    from erpdesk.domain.money import parse_decimal
    from erpdesk.ui.amount_words import amount_words

    window = opened("SALES_INVOICE", language)
    words = window.sheet.totals.findChild(QLabel, "amountInWords")
    amount = parse_decimal("987654321987.65")
    assert isinstance(words, QLabel)
    assert amount is not None
    words.setText(amount_words(amount, 2, "lakh", "NPR"))
    assert words.heightForWidth(words.width()) <= window.sheet.totals.height() - words.y()


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_on_the_bar_are_written_in_full(main_window: MainWindow, language: str) -> None:
    main_window.session.speak(language)
    typed("<F8>")
    bar = main_window.findChild(ButtonBar)
    assert bar is not None
    assert not [button.key.label for button in bar.findChildren(KeyButton) if button.isVisible() and _elided(button)]


def _elided(button: KeyButton) -> bool:
    from erpdesk.ui.style.theme import figures_font

    keys = [key.chord for key in button.window().bar.keys]  # type: ignore[attr-defined]
    chords = QFontMetrics(figures_font(theme().text("small_points"), semibold=True))
    labels = QFontMetrics(figures_font(theme().text("base_points"), semibold=button.key.primary))
    left = max(chords.horizontalAdvance(printed(chord)) for chord in keys) + theme().space("small")
    room = button.width() - theme().space("medium") - theme().space("tiny") - left
    return labels.horizontalAdvance(button.key.label) > room


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_steps_of_a_post_have_room(opened: Callable[[str, str], VoucherWindow], language: str) -> None:
    from erpdesk.ui.style.theme import figures_font
    from erpdesk.ui.voucher.stepper import LABELS

    stepper = opened("SALES_INVOICE", language).sheet.stepper
    metrics, space = QFontMetrics(figures_font(theme().text("small_points"))), theme().space
    step = theme().size("step_mark") + 2 * space("tiny") + space("small") + space("tiny")
    after_last = space("small") + 2 * space("tiny")
    needed = sum(metrics.horizontalAdvance(say(label)) + step for label in LABELS.values()) - after_last
    assert needed <= stepper.width()


def test_a_label_without_room_is_found(opened: Callable[[str, str], VoucherWindow]) -> None:
    window = opened("JOURNAL", "hi")
    window.sheet.title.setFixedWidth(10)
    assert cut_off(window) == [window.sheet.title.text()]
