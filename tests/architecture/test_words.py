"""Nothing that the window shows is written without `say`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[2] / "src" / "erpdesk" / "ui"
SHOWING = {
    "setText", "setAccessibleName", "setAccessibleDescription", "setPlaceholderText", "setToolTip", "setStatusTip",
    "setWindowTitle", "setTitle", "setTabText", "setInformativeText", "setPlainText", "showMessage", "show_word",
    "addAction", "addButton", "addTab", "QLabel", "QPushButton", "QToolButton", "QCheckBox", "AcceptButton", "PickList",
    "QAction", "NotAccepted", "NotADate", "NotArithmetic", "ask",
}
"""The calls that put a text before people's eyes, or into a screen reader."""
EMITTING = {"said", "not_accepted"}
SAYING = {"say", "to_say", "say_fault"}
CHORD = re.compile(r"\b(?:(?:Ctrl|Alt|Shift)\+\S+|Esc|Enter|Del|F\d{1,2})(?=\W|$)")
NAME = "erpdesk"


def unsaid(source: str) -> list[tuple[int, str]]:
    """Line and text of each literal that is shown without `say`."""
    return [(node.lineno, text) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and _shows(node)
            for argument in (*node.args, *(one.value for one in node.keywords if one.arg in ("text", "label")))
            for text in _texts(argument) if _is_word(text)]


def _shows(call: ast.Call) -> bool:
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr == "emit":
        return isinstance(function.value, ast.Attribute) and function.value.attr in EMITTING
    return (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")) in SHOWING


def _texts(node: ast.expr) -> Iterator[str]:
    """The literals in an expression, but for those given to `say` and to other calls, and keys of subscripts."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _texts(part.value if isinstance(part, ast.FormattedValue) else part)
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (*_texts(node.left), *_texts(node.right))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _texts(value)


def _is_word(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2,}", CHORD.sub("", text).replace(NAME, "")))


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda path: str(path.relative_to(UI)))
def test_every_text_that_is_shown_is_said(path: Path) -> None:
    found = unsaid(path.read_text(encoding="utf-8"))
    assert not found, "wrap it in say(…) of erpdesk.ui.words"


@pytest.mark.parametrize("source", [
    'label.setText("Posted")', 'QLabel("Nothing found", self)', 'self.banner.show_word(f"Line {n} is wrong")',
    'button.setToolTip("Save" if ready else say("Wait"))', 'self.said.emit("kept")',
    'raise NotAccepted("A number" + say(" is needed"))', 'bar.addTab(page, "Gateway")'])
def test_a_text_without_say_is_found(source: str) -> None:
    assert unsaid(source)


@pytest.mark.parametrize("source", [
    'label.setText(say("Posted"))', 'label.setText(f"{say(\'Accept\')}   Ctrl+A")', 'label.setText("")',
    'label.setObjectName("voucherNumber")', 'window.setWindowTitle(f"erpdesk — {name}")', 'label.setText("✕  F1")'])
def test_what_is_said_or_is_no_word_passes(source: str) -> None:
    assert not unsaid(source)
