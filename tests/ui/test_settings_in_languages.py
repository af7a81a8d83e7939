"""Every tab of the settings of voucher types speaks Hindi and Nepali: nothing English is left but codes and data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from erpdesk.ui.editors.listed import SelectEditor
from erpdesk.ui.settings.form import SettingsForm
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.settings.tabs import TABS
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.words import use_language
from helpers.fake_desk import FakeBooks
from helpers.layout_facts import clipped
from helpers.settings_pages import edited, open_page, settled, show_tab

_CHORD = re.compile(r"\b(?:(?:Ctrl|Alt|Shift)\+)*(?:F\d+|Esc|Enter|Space|(?:Ctrl|Alt|Shift)\+\S+)")
_CODE = re.compile(r"\{\w+\}|\bkey:|\b[A-Z0-9_/.-]{2,}\b|\b\w+_\w+\b")
_ENGLISH = re.compile(r"[A-Za-z]{2,}")
ROWS = {
    "charges": {"code": "EXTRA", "label": "EXTRA", "calculation_type": "rate", "rate": "1", "ledger": "4000"},
    "udfs": {"key": "colour_x", "label": "COLOUR", "scope": "header", "field_type": "text"},
    "field_rules": {"field": "narration", "scope": "branch", "scope_value": "HO", "required": True},
    "approval": {"level": 1, "role": "approver", "minimum_amount": "1000"},
    "series": {"code": "EXPORT", "label": "EXPORT"},
}
"""A row of every list, so that the form of its rows is in sight; what they are called is written as codes are."""

QT_OWN = ("ScrollLeftButton", "ScrollRightButton")


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    use_language("en")


def words_in_sight(top: QWidget) -> Iterator[str]:
    """What a person reads, hears or can choose; what is typed into a field is data."""
    for widget in (top, *top.findChildren(QWidget)):
        if widget.objectName() in QT_OWN:
            continue
        yield from (widget.accessibleName(), widget.accessibleDescription(), widget.toolTip())
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        elif isinstance(widget, QLineEdit | QPlainTextEdit):
            yield widget.placeholderText()
            yield widget.text() if isinstance(widget, SelectEditor) else ""
        elif isinstance(widget, QListWidget):
            yield from (widget.item(number).text() for number in range(widget.count()))
        elif isinstance(widget, QTabBar):
            yield from (widget.tabText(number) for number in range(widget.count()))
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(number) for number in range(widget.count()))
        if isinstance(widget, SettingsForm):
            yield from (option.label for editor in widget.editors.values() for option in editor.field.options)


def written_by_hand(page: SettingsPage, books: FakeBooks) -> set[str]:
    """Names that no catalogue has: those of masters and users."""
    found = {name for rows in page.bench.choices.values() for _code, name in rows}
    for kind in ("account", "party", "item", "warehouse", "cost_centre", "branch", "price_list", "currency"):
        found |= {row.name for row in page.session.lookups.index(kind).matches("")}
    return found | {books.organization.name}


def left_in_english(top: QWidget, names: set[str]) -> list[str]:
    found = []
    for text in set(words_in_sight(top)):
        rest = text
        for name in sorted(names, key=len, reverse=True):
            rest = rest.replace(name, "")
        if _ENGLISH.search(_CODE.sub("", _CHORD.sub("", rest))):
            found.append(text)
    return sorted(found)


@pytest.mark.parametrize("language", ["hi", "ne"])
@pytest.mark.parametrize("type_code", [
    "SALES_INVOICE", *(pytest.param(code, marks=pytest.mark.long) for code in ("JOURNAL", "STOCK_JOURNAL"))])
def test_no_tab_has_a_word_of_english(qtbot: QtBot, main_window: MainWindow, books: FakeBooks, language: str,
                                      type_code: str) -> None:
    use_language(language)
    page = open_page(qtbot, main_window, books)
    page.list.choose(type_code)
    for part, row in ROWS.items():
        edited(page).add(part, row)
    settled(qtbot, page)
    names = written_by_hand(page, books)
    found = {}
    for row in TABS:
        tab = show_tab(page, row.code)
        cut_off = clipped(tab)
        assert not cut_off, cut_off
        lists = [one for one in tab.findChildren(QListWidget) if one.objectName().startswith("rows_")]
        for number in range(lists[0].count() if lists else 1):
            if lists:
                lists[0].setCurrentRow(number)
            if left := left_in_english(tab if number else page, names):
                found[f"{row.code} {number}"] = left
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)
