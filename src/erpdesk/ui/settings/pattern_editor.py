"""A regular expression with a line to try it out: whether what is typed there would be taken, said at once."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.blueprints.patterns import matcher
from erpdesk.ui.configured_words import say_reason
from erpdesk.ui.editors.base import FieldEditor
from erpdesk.ui.editors.plain import TextEditor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.settings.several_editors import SeveralEditors
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say

GOOD, WRONG, NOTHING = "good", "wrong", ""


class PatternEditor(SeveralEditors):
    """The pattern as it is typed is the value; what is tried out is kept nowhere."""

    def __init__(self, field: Field, surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.pattern = TextEditor(field, surroundings, self)
        self.tried = TextEditor(Field("tried", say("Try it out"), FieldType.TEXT), surroundings, self)
        self.tried.setPlaceholderText(say("try it out"))
        self.verdict = QLabel(self)
        self.verdict.setProperty("role", "verdict")
        self.verdict.setWordWrap(True)
        line = QHBoxLayout()
        line.setSpacing(theme().space("small"))
        line.addWidget(self.tried, 1)
        room = QVBoxLayout(self)
        room.setContentsMargins(0, 0, 0, 0)
        room.setSpacing(theme().space("tiny"))
        room.addWidget(self.pattern)
        room.addLayout(line)
        room.addWidget(self.verdict)
        for editor in (self.pattern, self.tried):
            self.listen(editor)
            editor.textChanged.connect(self._judge)
        self.pattern.textEdited.connect(lambda _text: self.changed.emit())
        self._judge()

    @property
    @override
    def raw(self) -> Any:
        return self.pattern.text().strip() or None

    @override
    def set_raw(self, raw: Any) -> None:
        if raw != self.raw:
            self.pattern.set_raw(raw)

    @override
    def path(self) -> list[FieldEditor]:
        return [self.pattern, self.tried] if self.raw else [self.pattern]

    def _judge(self) -> None:
        tone, said = _verdict(str(self.raw or ""), self.tried.text().strip())
        self.tried.setVisible(self.raw is not None)
        self.verdict.setText(said)
        self.verdict.setVisible(bool(said))
        if self.verdict.property("tone") != tone:
            self.verdict.setProperty("tone", tone)
            self.verdict.style().unpolish(self.verdict)
            self.verdict.style().polish(self.verdict)


def _verdict(pattern: str, tried: str) -> tuple[str, str]:
    if not pattern:
        return NOTHING, ""
    try:
        matches = matcher(pattern)
    except ValueError as problem:
        return WRONG, say("This pattern {problem}", problem=say_reason(str(problem)))
    if not tried and pattern.count("{") > pattern.count("}"):
        return NOTHING, say("A curly bracket that nothing closes is taken as it stands")
    if not tried:
        return NOTHING, say("Type something to see whether it would be taken")
    return (GOOD, say("Would be taken")) if matches(tried) else (WRONG, say("Would be refused"))
