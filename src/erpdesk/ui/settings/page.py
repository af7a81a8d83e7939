"""The settings of voucher types: the types at the left, tabs of settings in the middle, the form itself at the right.

The page joins its parts and says which key does what; it holds no rule.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from erpdesk.domain.results import Refused
from erpdesk.ui.configured_words import coded
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.keyed_button import print_key
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.settings.arrangement import Arrangement
from erpdesk.ui.settings.checking import Checking
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.edited_types import EditedTypes
from erpdesk.ui.settings.field_limits import says_more_than_limits
from erpdesk.ui.settings.places import paths_of_place
from erpdesk.ui.settings.preview import PreviewPane
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.settings.tab_line import TabLine
from erpdesk.ui.settings.tabs_area import TabsArea
from erpdesk.ui.settings.type_actions import TypeActions, ask_before_leaving
from erpdesk.ui.settings.types_list import TypesList
from erpdesk.ui.style.heading import Heading, dress_title, stand_level
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say, to_say

_BUTTONS = (("compare", to_say("Compare")), ("restore", to_say("Restore")), ("simulate", to_say("Simulate")),
            ("save", to_say("Save")))


CONFLICT = "CFG-026"


class SettingsPage(QWidget):
    """One page for all types. What is wrong is marked while one types, and kept as it was typed."""

    key_context = "settings"
    marks_while_typing = True
    wants_close = Signal()
    wants_help = Signal(object, object)
    wants_screen = Signal(str)
    said = Signal(str)
    keys_changed = Signal()

    def __init__(self, session: Session, books: Books, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settingsPage")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say("Voucher types"))
        self.session, self.books = session, books
        self.popup = LookupPopup(self)
        organization = books.organization
        self.bench = Bench(session, books, Surroundings(
            session.lookups, self.popup, session.today, session.working_date, organization.currency_decimals,
            organization.digit_grouping))
        self.types, self.list = EditedTypes(session, books, self), TypesList(self)
        self.title, self.about = dress_title(Heading(parent=self)), Heading(parent=self)
        self.bar = TabLine(self)
        self.tabs = TabsArea(self.bench, self.bar, self)
        self.preview = PreviewPane(self.bench, self)
        self.checking = Checking(session, books, self)
        self.arrangement = Arrangement(session.user, self)
        self.edited: EditedType | None = None
        self._before: QWidget | None = None
        self._lay_out()
        self.on_type = TypeActions(self, self)
        self._connect()

    def _lay_out(self) -> None:
        space = theme().space
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setProperty("role", "fieldLabel")
        stand_level(self.about, self.title)
        heading = QHBoxLayout()
        heading.setSpacing(space("medium"))
        heading.addWidget(self.title)
        heading.addWidget(self.about, 1, Qt.AlignmentFlag.AlignBottom)
        rest = QWidget(self)
        right = QVBoxLayout(rest)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addLayout(heading)
        right.addSpacing(space("tiny"))
        right.addWidget(self.bar)
        right.addWidget(_line(self))
        right.addWidget(self.arrangement.inner, 1)
        right.addSpacing(space("small"))
        right.addLayout(self._buttons())
        self._settings = QWidget(self)
        layout = QHBoxLayout(self._settings)
        layout.setContentsMargins(*(space("small"),) * 4)
        layout.setSpacing(space("medium"))
        layout.addWidget(self.arrangement.outer)
        self.arrangement.lay_out(self.list, rest, self.tabs, self.preview)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._settings)

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme().space("small"))
        line.addStretch(1)
        self.buttons: dict[str, QPushButton] = {}
        for action, label in _BUTTONS:
            button = QPushButton(self)
            print_key(button, say(label), self.key_context, action)
            button.setObjectName(f"settings_{action}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setFixedHeight(theme().size("banner_height"))
            button.clicked.connect(lambda _on=False, asked=action: self.perform(asked))
            line.addWidget(button)
            self.buttons[action] = button
        self.buttons["save"].setProperty("role", "primary")
        return line

    def _connect(self) -> None:
        self.list.chosen.connect(self.show_type)
        self.list.entered.connect(self.tabs.start)
        self.tabs.left_back.connect(self.list.start)
        self.tabs.said.connect(self.said)
        self.tabs.keys_changed.connect(self.keys_changed)
        self.types.loaded.connect(self._loaded)
        self.types.marked.connect(self._mark)
        self.types.saved.connect(self._saved)
        self.types.refused.connect(self._refused)
        self.types.failed.connect(self._say)
        self.checking.looked.connect(self.preview.show_look)
        self.checking.said.connect(self.said)
        self.arrangement.turned.connect(self.preview.be_alone)
        self.bar.clicked.connect(lambda _place: self.arrangement.turn(large=False))
        self.preview.wanted.connect(self.go_to)
        self.preview.chosen.connect(self._go_to_place)

    # Types

    def start(self) -> None:
        """Read the types, the cursor in their list."""
        self.types.load()
        self.list.start()

    def come_back(self) -> None:
        """The cursor to where it was."""
        focus = self.focusWidget()
        if focus is not None and focus is not self:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.list.start()

    def _loaded(self) -> None:
        self.bench.choices.update(self.types.choices)
        self._mark()
        if self.edited is None and self.types.listed():
            self.list.choose(self.types.listed()[0].code)

    def _mark(self) -> None:
        self.list.show_types(self.types.listed())
        if self.edited is not None:
            self._show_title(self.edited)

    def show_type(self, code: str) -> None:
        """The settings and the form of a type."""
        edited = self.types.edit(code)
        if edited is None or edited is self.edited:
            return
        self.tabs.commit()
        self.edited = edited
        self._show_title(edited)
        self.tabs.show_type(edited)
        self.preview.show_type(edited)
        self.checking.follow(edited)

    def _show_title(self, edited: EditedType) -> None:
        self.title.setText(str(say(edited.value("label")) if edited.value("label") else say("New type"))[:60])
        version = say("not saved yet") if edited.is_new else say("version {number}", number=edited.version)
        changed = say("changed") if edited.is_changed and not edited.is_new else ""
        override = say("override from a file") if says_more_than_limits(edited.value("schema_definition")) else ""
        self.about.setText("   ".join(part for part in (edited.code[:40], version, changed, override) if part))

    def go_to(self, path: str) -> None:
        """The cursor to where a path is set."""
        self.arrangement.turn(large=False)
        if not self.tabs.go_to(path):
            self.said.emit(say("{place} isn't set here", place=path))

    def _go_to_place(self, place: str) -> None:
        if self.edited is not None:
            self.arrangement.turn(large=False)
            paths = paths_of_place(place, self.edited)
            if not any(self.tabs.go_to(path) for path in paths):
                self.said.emit(say("{place} isn't set here", place=place))

    # Saving

    def save(self) -> None:
        """Save the type in sight, unless it has faults that are known already."""
        self.tabs.commit()
        edited = self.edited
        if edited is None or self.types.is_saving:
            return
        if not edited.is_changed:
            self.said.emit(say("Nothing has changed"))
            return
        self.types.save(edited)

    def _saved(self, code: str) -> None:
        self.list.choose(code)
        self.said.emit(say("{type} saved", type=code))

    def _refused(self, refusal: Refused) -> None:
        self._say(refusal)
        if self.edited is None:
            return
        if refusal.first.code == CONFLICT:
            self.on_type.versions.tell_conflict(self.edited, refusal)
        elif refusal.kind == "invalid":
            self.edited.take_faults(refusal.faults)
            self.preview.show_faults(refusal.faults)
            self.tabs.go_to(refusal.first.field)

    def _say(self, refusal: Refused) -> None:
        self.said.emit(coded(refusal.first))

    # Keys

    def perform(self, action: str) -> bool:
        """Do an action of the page's context."""
        if self.on_type.perform(action):
            return True
        actions: dict[str, Callable[[], object]] = {
            "save": self.save, "undo": lambda: self._step(back=True), "redo": lambda: self._step(back=False),
            "next_tab": lambda: self._turn_tab(1), "previous_tab": lambda: self._turn_tab(-1),
            "types": self._to_types, "preview": self.preview.start, "large_preview": self._turn_preview,
            "leave": self._leave_part, "help": lambda: self.wants_help.emit(None, None)}
        done = actions.get(action)
        if done is not None:
            done()
        return done is not None

    def perform_chord(self, chord: str) -> bool:
        """No chords beyond the profile."""
        return False

    def _to_types(self) -> None:
        self.arrangement.turn(large=False)
        self.list.start()

    def _turn_tab(self, by: int) -> None:
        self.arrangement.turn(large=False)
        self.tabs.turn(by)

    def _turn_preview(self) -> None:
        """The preview alone, the cursor in it; or the settings beside it again, the cursor where it was."""
        if self.arrangement.is_large:
            self.arrangement.turn(large=False)
            (self._before if self._before is not None and self._before.isVisible() else self.list.field).setFocus(
                Qt.FocusReason.OtherFocusReason)
            return
        self.tabs.commit()
        self._before = self.focusWidget()
        self.preview.picture.setFocus(Qt.FocusReason.OtherFocusReason)
        self.arrangement.turn(large=True)

    def _leave_part(self) -> None:
        """From the preview alone back to the settings; from there out of the page."""
        if self.arrangement.is_large:
            self._turn_preview()
        else:
            self.leave()

    def _step(self, *, back: bool) -> None:
        self.tabs.commit()
        edited = self.edited
        if edited is not None and not (edited.undo() if back else edited.redo()):
            self.said.emit(say("Nothing to undo") if back else say("Nothing to do again"))

    def offers(self, action: str) -> bool:
        """Whether an action makes sense now."""
        return self.on_type.offers(action)

    @property
    def has_unsaved(self) -> bool:
        """Whether closing the window now would lose changes."""
        self.tabs.commit()
        return bool(self.types.changed())

    def leave(self) -> None:
        """Close, asking first where changes would be lost."""
        self.tabs.commit()
        if self.types.changed():
            ask_before_leaving(self, self.types.changed(), self.wants_close.emit)
        else:
            self.wants_close.emit()

    def show_over(self, widget: QWidget) -> None:
        """Something in the place of the settings, for a while."""
        self._settings.hide()
        layout = self.layout()
        assert layout is not None
        layout.addWidget(widget)
        widget.show()

    def show_settings(self) -> None:
        """The settings again, the cursor in the preview."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._settings.show()
        self.preview.start()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not route_key(self, event):
            event.ignore()


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("role", "edge")
    line.setFixedHeight(theme().space("hair"))
    return line

