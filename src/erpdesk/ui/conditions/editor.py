"""The condition editor: comparisons and groups as lines, indented, each made from menus.

Enter goes from part to part; what a line compares is chosen from the fields of the form, the comparisons that the
field's type allows, and a constant typed as the field itself is, or another field.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from erpdesk.blueprints.conditions import Condition
from erpdesk.ui.conditions.group_row import WORD, GroupRow
from erpdesk.ui.conditions.leaf_row import FIELD, LeafRow
from erpdesk.ui.conditions.tree import Group, Leaf, Node, Tree
from erpdesk.ui.conditions.vocabulary import Vocabulary
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.profile import keyed
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say

Row = LeafRow | GroupRow


class ConditionEditor(QWidget):
    """`changed` with every choice; `finished` and `left_back` hand the cursor on."""

    key_context = "condition"
    changed = Signal()
    finished = Signal()
    left_back = Signal()
    not_accepted = Signal(str)

    def __init__(self, condition: Condition | None, vocabulary: Vocabulary, surroundings: Surroundings,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conditionEditor")
        self.setAccessibleName(say("Condition"))
        self.tree, self._vocabulary, self._surroundings = Tree.of(condition), vocabulary, surroundings
        self.rows: dict[Node, Row] = {}
        self.empty = QLabel(say("It holds always. Add a condition to say when."), self)
        self.empty.setProperty("role", "fieldLabel")
        self._area, self._inside = QScrollArea(self), QWidget()
        self._lines = QVBoxLayout(self._inside)
        self._lines.setContentsMargins(0, 0, theme().space("small"), 0)
        self._lines.setSpacing(theme().space("tiny"))
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        self._show()

    # Lines

    def _show(self) -> None:
        """Make every line anew."""
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget is not self.empty:
                widget.hide()
                widget.deleteLater()
        self.rows = {}
        self.empty.setVisible(self.tree.root is None)
        if self.tree.root is None:
            self._lines.addWidget(self.empty)
        for node, depth in self.tree.walk():
            line = self._line(node, depth)
            self._lines.addWidget(line)
            line.show()
        self._lines.addStretch(1)
        self._lines.activate()

    def _line(self, node: Node, depth: int) -> QWidget:
        line = QWidget(self._inside)
        room = QHBoxLayout(line)
        room.setContentsMargins(depth * theme().space("huge"), 0, 0, 0)
        room.setSpacing(theme().space("small"))
        room.addWidget(self._not_box(node, line))
        row = self._row(node, line)
        row.stepped.connect(lambda name, by: self._step(node, name, by))
        row.not_accepted.connect(self.not_accepted)
        self.rows[node] = row
        room.addWidget(row, 1)
        remove = QToolButton(line)
        remove.setText("×")
        remove.setProperty("role", "rowButton")
        remove.setAccessibleName(say("Take this condition away"))
        remove.setToolTip(keyed(say("Take this condition away"), self.key_context, "remove_condition"))
        remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        remove.clicked.connect(lambda: self.remove(node))
        room.addWidget(remove)
        return line

    def _row(self, node: Node, line: QWidget) -> Row:
        if isinstance(node, Group):
            group = GroupRow(node, self._surroundings, line)
            group.taken.connect(self.changed)
            group.wants_condition.connect(lambda: self.add(Leaf(), node))
            return group
        leaf = LeafRow(node, self._vocabulary, self._surroundings, line)
        leaf.taken.connect(self.changed)
        leaf.reshaped.connect(lambda name: self._reshaped(node, name))
        return leaf

    def _not_box(self, node: Node, line: QWidget) -> QCheckBox:
        """A box that is ticked where the line is turned round, so that its word isn't read as said where it isn't."""
        button = QCheckBox(line)
        button.setObjectName("conditionNot")
        button.setFixedHeight(theme().size("field"))
        button.setChecked(node.turned > 0)
        button.setText(" ".join([say("not")] * max(1, node.turned)))
        button.setToolTip(keyed(say("Turn it round: it must not hold"), self.key_context, "turn_condition"))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self.turn(node))
        return button

    def _reshaped(self, node: Node, name: str) -> None:
        self._show()
        self.changed.emit()
        if not self._enter(node, name):
            self._step(node, FIELD, 2)

    # The cursor

    def stops(self) -> list[tuple[Node, str]]:
        """Every part of every line where the cursor stops, in order."""
        return [(node, name) for node, row in self.rows.items() for name in row.editors]

    def _enter(self, node: Node, name: str) -> bool:
        row = self.rows.get(node)
        editor = row.editors.get(name) if row is not None else None
        if editor is None:
            return False
        self._area.ensureWidgetVisible(editor)
        editor.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _step(self, node: Node, name: str, by: int) -> None:
        stops = self.stops()
        place = stops.index((node, name)) + by if (node, name) in stops else 0
        if place < 0:
            self.left_back.emit()
        elif place >= len(stops) or not self._enter(*stops[place]):
            self.finished.emit()

    def enter_first(self) -> bool:
        """Come in from before."""
        stops = self.stops()
        return bool(stops) and self._enter(*stops[0])

    def enter_last(self) -> bool:
        """Come in from behind."""
        stops = self.stops()
        return bool(stops) and self._enter(*stops[-1])

    def here(self) -> Node | None:
        """The line of the cursor; while it is elsewhere, the last one."""
        focus = self.focusWidget()
        found = next((node for node, row in self.rows.items() if focus is not None and row.isAncestorOf(focus)), None)
        return found or next(reversed(self.rows), None)

    # Changes

    def condition(self) -> Condition | None:
        """The condition as it stands; None for always, and while something is unfinished."""
        return self.tree.condition()

    def take_all(self) -> bool:
        """Everything typed is taken; False, having said why and gone there, when something is missing."""
        for row in list(self.rows.values()):
            if isinstance(row, LeafRow) and not row.take_all():
                return False
        left = self.tree.unfinished()
        if left is None:
            return True
        self.not_accepted.emit(say("This condition isn't finished: choose what is missing, or take it away"))
        row = self.rows[left]
        names = list(row.editors)
        self._enter(left, names[0] if not left.field else names[-1])
        return False

    def add(self, made: Node, after: Node | None = None) -> None:
        """A new line after one, or after that of the cursor, the cursor in it."""
        if not self.tree.add(after or self.here(), made):
            self.not_accepted.emit(say("There is no room for more conditions here"))
            return
        self._show()
        self.changed.emit()
        leaf = made.parts[0] if isinstance(made, Group) else made
        self._enter(leaf, FIELD)

    def add_group(self) -> None:
        """A group of its own, any of which is enough, with its first condition."""
        self.add(Group(False, [Leaf()]))

    def remove(self, node: Node | None) -> None:
        """Take a line away, with all that is in it."""
        if node is None:
            return
        beside = self.tree.remove(node)
        self._show()
        self.changed.emit()
        if beside is None:
            self.finished.emit()
        else:
            self._enter(beside, FIELD if isinstance(beside, Leaf) else WORD)

    def turn(self, node: Node | None) -> None:
        """Have a line hold when it didn't, and the other way round."""
        if node is not None:
            node.turned = 0 if node.turned else 1
            self._again(node)

    def move_line(self, by: int) -> None:
        """Move the line of the cursor among its neighbours."""
        node = self.here()
        if node is not None and self.tree.move(node, by):
            self._again(node)

    def _again(self, node: Node) -> None:
        focus = self.focusWidget()
        name = focus.objectName() if focus is not None else ""
        self._show()
        self.changed.emit()
        self._enter(node, name if name in self.rows[node].editors else next(iter(self.rows[node].editors)))

    # Keys

    def perform(self, action: str) -> bool:
        """Do an action of the editor's context."""
        actions: dict[str, Callable[[], object]] = {
            "add_condition": lambda: self.add(Leaf()), "add_group": self.add_group,
            "remove_condition": lambda: self.remove(self.here()), "turn_condition": lambda: self.turn(self.here()),
            "condition_up": lambda: self.move_line(-1), "condition_down": lambda: self.move_line(1)}
        done = actions.get(action)
        if done is not None:
            done()
        return done is not None

    def perform_chord(self, chord: str) -> bool:
        """No chords beyond the profile."""
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus = self.focusWidget()
        node, name = self.here(), focus.objectName() if focus is not None else ""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and node is not None and not event.modifiers():
            self._step(node, name, 1 if event.key() == Qt.Key.Key_Down else -1)
        elif not route_key(self, event):
            event.ignore()
