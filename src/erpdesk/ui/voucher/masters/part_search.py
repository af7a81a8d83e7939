"""The search over a list that hangs on a master: while words stand in it, only the rows that hold them are shown.

What is shown are the very lines of the draft, so that what is typed into them stays; rows added or removed meanwhile
are added or removed in the whole list (`gather`). The row's first field is searched: its code, and the name of what
it stands for. The words of long lists are made ready while nobody types, so that no key waits for them.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from erpdesk.blueprints.fields import FieldType
from erpdesk.ui.editors.base import FORWARD_KEYS
from erpdesk.ui.keys.profile import keyed
from erpdesk.ui.lookups.words import folded
from erpdesk.ui.overriding import override
from erpdesk.ui.search_field import SearchField
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.masters.part_grid import PartGrid
from erpdesk.ui.words import say

_WIDTH, _PORTION, _NEAR = 24, 1_000, 50


class PartSearch(QWidget):
    """The title of a list, and the field that searches it; the field stands there once there is much to search."""

    def __init__(self, grid: PartGrid, whole: list[Line], parent: QWidget) -> None:
        super().__init__(parent)
        self._grid, self._whole = grid, whole
        self._column = grid.lines.columns[0]
        self._lookups = grid.lines.surroundings.lookups
        self._words: list[str] = []
        self._taken: list[Line] = []
        self._said: dict[str, str] = {}
        self._texts: list[str] = []
        self._is_stale, self._is_touched = True, False
        self._warmed = 0
        self.field, self.count = _Field(self), QLabel(self)
        self._lay_out()
        self._warming = QTimer(self)
        self._warming.timeout.connect(self._warm)
        grid.lines.edited.connect(self._edited)
        self._lookups.arrived.connect(self._read_again)
        self._read_again()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme().space("small"))
        title = QLabel(self._grid.lines.grid.label, self)
        for label in (title, self.count):
            label.setProperty("role", "fieldLabel")
        self.field.setObjectName(f"search_{self._grid.lines.grid.key}")
        self.field.setPlaceholderText(keyed(say("Type to find"), "master", "find"))
        self.field.setAccessibleName(say("Find"))
        self.field.setFixedHeight(theme().size("field"))
        self.field.setFixedWidth(_WIDTH * theme().size("character"))
        self.field.setVisible(len(self._whole) > theme().size("part_rows"))
        self.field.textEdited.connect(lambda _text: self.look())
        self.field.entered.connect(self.into_rows)
        self.field.along.connect(lambda _event: self.into_rows())
        self.count.setFixedWidth(_WIDTH * theme().size("character"))
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(title)
        line.addStretch(1)
        line.addWidget(self.count)
        line.addWidget(self.field)

    # Words of the rows

    def _read_again(self) -> None:
        self._said.clear()
        self._is_stale, self._warmed = True, 0
        self._warming.start()

    def _warm(self) -> None:
        """A portion of the rows is known by its words; one in each turn of the window's loop."""
        for line in self._whole[self._warmed:self._warmed + _PORTION]:
            self._text(line)
        self._warmed += _PORTION
        if self._warmed >= len(self._whole):
            self._warming.stop()
            self._make_ready()

    def _make_ready(self) -> None:
        if self._is_stale or len(self._texts) != len(self._whole):
            self._texts, self._is_stale = [self._text(line) for line in self._whole], False

    def _edited(self, _row: int, key: str) -> None:
        self._is_stale = self._is_stale or key in ("", self._column.key)
        self._is_touched = True
        if self.is_on and not key:
            self.gather()
            self._tell()

    def _text(self, line: Line) -> str:
        """What a row is found by."""
        code = str(line.values.get(self._column.key) or "")
        text = self._said.get(code)
        if text is None:
            lookup = self._column.lookup
            row = self._lookups.row(str(lookup.kind), code) if lookup is not None and code else None
            alias = str(row.attributes.get("alias") or "") if row is not None else ""
            text = self._said[code] = folded(f"{code} {row.name} {alias}" if row is not None else code)
        return text

    # Finding

    @property
    def is_on(self) -> bool:
        """Whether only some rows are shown."""
        return bool(self._words)

    def start(self) -> None:
        """The cursor into the field, what stands there selected."""
        self._grid.close_cell()
        self.field.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def look(self) -> None:
        """Show the rows that hold every word; all of them where there is none."""
        words = folded(self.field.text()).split()
        self._grid.close_cell()
        self.gather()
        was_on, self._words = self.is_on, words
        if words:
            self._taken = self._found(words)
            self._grid.lines.show_lines(list(self._taken), is_narrowed=True)
        elif was_on:
            self._taken = []
            self._grid.lines.show_lines(self._whole)
        self._tell()

    def _found(self, words: Sequence[str]) -> list[Line]:
        self._make_ready()
        whole, texts = self._whole, self._texts
        found: Sequence[int] = range(len(whole))
        for word in words:
            found = [number for number in found if word in texts[number]]
        return [whole[number] for number in found] or self._meant(" ".join(words))

    def _meant(self, typed: str) -> list[Line]:
        """The rows of the masters that the words mean but for a typing error."""
        lookup = self._column.lookup
        if lookup is None:
            return []
        codes = {row.code for row in self._lookups.index(str(lookup.kind)).matches(typed, limit=_NEAR)}
        return [line for line in self._whole if line.values.get(self._column.key) in codes] if codes else []

    def _tell(self) -> None:
        every = sum(not line.is_blank for line in self._whole[-2:]) + max(0, len(self._whole) - 2)
        self.count.setText(say("{found} of {every}", found=f"{len(self._taken):,}", every=f"{every:,}")
                           if self.is_on else "")

    def gather(self) -> None:
        """Rows added or removed while only some were shown are so in the whole list."""
        if not self.is_on or not self._is_touched:
            return
        self._is_touched = False
        shown = [line for line in self._grid.lines.lines if not line.is_blank]
        known, kept = {id(line) for line in self._taken}, {id(line) for line in shown}
        after: dict[int, list[Line]] = {}
        last = max((number for number, line in enumerate(shown) if id(line) in known), default=-1)
        place = 0
        for number, line in enumerate(shown):
            if id(line) in known:
                place = id(line)
            else:
                after.setdefault(place if number < last else 0, []).append(line)
        whole = []
        for line in self._whole:
            if id(line) not in known or id(line) in kept:
                whole.append(line)
            whole += after.get(id(line), ())
        end = len(whole) - 1 if whole and whole[-1].is_blank else len(whole)
        whole[end:end] = after.get(0, ())
        self._whole[:], self._taken, self._is_stale = whole, shown, True

    def end(self) -> bool:
        """All rows again, the cursor where it was; whether only some were shown."""
        if not self.is_on:
            return False
        grid = self._grid
        row, key = grid.here()
        here = grid.lines.lines[row] if row >= 0 else None
        self.field.clear()
        self.look()
        row = next((number for number, line in enumerate(self._whole) if line is here), -1)
        if row >= 0:
            grid.enter(row, key)
        else:
            grid.enter_first()
        return True

    def into_rows(self) -> None:
        """The cursor into the first row found, where it says something of what it was found by."""
        grid = self._grid
        stops = grid.stops(0)
        says = [field.key for field in grid.path()
                if field.required and field.field_type is not FieldType.LOOKUP and field.key in stops]
        if self._taken and says:
            grid.enter(0, says[0])
        else:
            grid.enter_first()


class _Field(SearchField):
    """Enter and Tab go into what was found (`entered`)."""

    entered = Signal()

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in FORWARD_KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.entered.emit()
            event.accept()
        else:
            super().keyPressEvent(event)
