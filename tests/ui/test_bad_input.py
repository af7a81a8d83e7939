"""Whatever is typed, pasted or composed into a field is taken as it is or answered with a word; nothing else.

Every editor of the registry is fed a table of hostile texts in three ways: key by key, by the clipboard, and by an
input method. Afterwards the value can be kept, and where it isn't what came in, something was said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.fields import Field, FieldType, Lookup, LookupKind, Option
from erpdesk.ui.editors.registry import EDITORS, Editor, make_editor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.editors.unstorable import unstorable_in
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import apply_theme
from helpers.fake_desk import MASTERS

TEXTS = {
    "forty digits": "9" * 40, "forty decimals": "0." + "1" * 40, "an exponent": "1e9", "a hexadecimal": "0x1F",
    "not a number": "NaN", "infinity": "-Infinity", "a date that isn't": "99/99/9999", "the 31st of": "31-2-2026",
    "a distant day": "+99999", "a time that isn't": "25:61", "right to left": "مرحبا بالعالم", "hebrew": "שלום 12",
    "an override": "abc\u202edcb\u202c", "devanagari": "नमस्ते १२", "arabic digits": "٣٤", "emoji": "🍚👨‍👩‍👧🏽 5",
    "combining": "e\u0301\u0301\u0301", "a formula": "=1+1", "markup": "<b>x</b>&amp;", "sql": "'; DROP TABLE x; --",
    "brackets": "(" * 150 + "1" + ")" * 150, "deep signs": "-" * 180 + "1", "only blanks": "   ",
    "a no-break space": "\u00a0", "percent": "5%%", "a division by nothing": "1/0",
}
CONTROLS = {"nul": "a\x00b", "bell": "\x07", "escape": "\x1b[31m5", "delete": "5\x7f", "no character": "\uffff",
            "two lines": "a\nb", "tabs": "a\tb", "a line mark": "a\u2028b"}
LONG = {"very long": "x" * 5000, "very long figures": "1" * 5000, "long emoji": "🍚" * 3000,
        "a million": "Sun " * 250_000}
ALL = {**TEXTS, **CONTROLS, **LONG}
TYPED = [one for one in FieldType if one not in (FieldType.LABEL, FieldType.COMPUTED)]
FREE = (FieldType.TEXT, FieldType.TEXTAREA, FieldType.TYPEAHEAD)


def field_of(kind: FieldType) -> Field:
    lookup = Lookup(LookupKind.ITEM) if kind in (FieldType.LOOKUP, FieldType.TYPEAHEAD) else None
    options = (Option("a", "First"), Option("b", "Second")) if kind is FieldType.SELECT else ()
    return Field("it", "It", kind, lookup=lookup, options=options)


@pytest.fixture
def surroundings(qtbot: QtBot, qapp: QApplication, session: Session) -> Iterator[Surroundings]:
    """A bare window with a popup, its masters at hand."""
    apply_theme(qapp, "light")
    host = QWidget()
    qtbot.addWidget(host)
    QVBoxLayout(host)
    host.resize(600, 400)
    session.lookups.put("item", MASTERS["item"])
    yield Surroundings(session.lookups, LookupPopup(host), session.today, session.working_date)
    host.hide()


class Fed:
    """An editor with the focus, and what it says."""

    def __init__(self, qtbot: QtBot, surroundings: Surroundings, kind: FieldType) -> None:
        host = surroundings.popup.parentWidget()
        assert host is not None
        self.editor: Editor = make_editor(field_of(kind), surroundings, host)
        host.layout().addWidget(self.editor)
        host.show()
        host.activateWindow()
        qtbot.waitUntil(host.isActiveWindow)
        self.editor.setFocus(Qt.FocusReason.TabFocusReason)
        self.words: list[str] = []
        self.accepted = 0
        self.editor.not_accepted.connect(self.words.append)
        self.editor.accepted.connect(self._count)

    def _count(self) -> None:
        self.accepted += 1

    @property
    def text(self) -> str:
        editor = self.editor
        return editor.text() if hasattr(editor, "text") else editor.toPlainText()

    def close(self) -> None:
        self.editor.hide()
        self.editor.deleteLater()

    def enter(self) -> None:
        QTest.keyClick(self.editor, Qt.Key.Key_Return)


def typed(fed: Fed, text: str) -> None:
    for character in text:
        press = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, character)
        QApplication.sendEvent(fed.editor, press)


def pasted(fed: Fed, text: str) -> None:
    QApplication.clipboard().setText(text)
    QTest.keyClick(fed.editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def composed(fed: Fed, text: str) -> None:
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(fed.editor, event)


WAYS: tuple[Callable[[Fed, str], None], ...] = (typed, pasted, composed)


def check(fed: Fed, text: str, kind: FieldType) -> None:
    """The value can be kept; what isn't as it came was told; Enter went on or said why not."""
    arrived, said_before = fed.text, len(fed.words)
    if arrived.strip() != text.replace("\u2028", "\n" if kind is FieldType.TEXTAREA else "\u2028").strip():
        assert fed.words, f"{arrived[:60]!r} stands there and nothing was said"
    fed.enter()
    assert fed.accepted + (len(fed.words) > said_before) == 1, (fed.accepted, fed.words)
    raw = fed.editor.raw
    json.dumps(raw, ensure_ascii=False).encode("utf-8")
    assert not unstorable_in(str(raw))
    if not fed.accepted:
        assert fed.text == arrived, "what was refused is still there to be mended"
    elif kind in FREE and arrived.strip():
        assert raw == arrived.strip(), "a text is taken as it stands"
    for word in fed.words:
        assert word.strip()
        assert len(word) < 300, "a word and not the whole text again"


@pytest.mark.parametrize("kind", TYPED)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_hostile_texts_are_taken_or_answered(qtbot: QtBot, surroundings: Surroundings, kind: FieldType,
                                             way: Callable[[Fed, str], None]) -> None:
    for name, text in (TEXTS if way is typed else ALL).items():
        fed = Fed(qtbot, surroundings, kind)
        try:
            way(fed, text)
            check(fed, text, kind)
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from error
        finally:
            fed.close()


@pytest.mark.parametrize("kind", TYPED)
def test_a_figure_a_day_a_time_is_never_made_up(qtbot: QtBot, surroundings: Surroundings, kind: FieldType) -> None:
    """What is no value of the type never becomes one."""
    if kind in FREE:
        return
    for text in ("1e9", "NaN", "25:61", "مرحبا", "🍚", "zz", "qx\x00", "1/0", "(((", "x" * 900):
        fed = Fed(qtbot, surroundings, kind)
        pasted(fed, text)
        fed.enter()
        assert not fed.accepted, f"{text[:20]!r} became {fed.editor.raw!r}"
        fed.close()


def test_shown_fields_take_nothing(qtbot: QtBot, surroundings: Surroundings) -> None:
    for kind in (FieldType.LABEL, FieldType.COMPUTED):
        fed = Fed(qtbot, surroundings, kind)
        for way in WAYS:
            way(fed, "12")
        assert fed.editor.raw is None
        fed.close()


def test_every_editor_is_fed() -> None:
    assert {*TYPED, FieldType.LABEL, FieldType.COMPUTED} == set(EDITORS)


def test_a_stored_value_that_can_not_be_read_is_shown_as_it_is(qtbot: QtBot, surroundings: Surroundings) -> None:
    odd: tuple[Any, ...] = ("9" * 40, "not a date", "2026-13-45", "🍚", ["a", 1], {"a": 1}, True, 12, "")
    for kind in FieldType:
        for value in odd:
            fed = Fed(qtbot, surroundings, kind)
            fed.editor.set_raw(value)
            fed.editor.grab()
            assert fed.editor.raw in (value, None, str(value)) or fed.editor.raw == str(value).strip()
            fed.close()
