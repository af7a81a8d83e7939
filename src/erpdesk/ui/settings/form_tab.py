"""Tabs that are nothing but a form of settings: general, header, lines."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from erpdesk.ui.editors.base import FORWARD_KEYS
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.form import SettingsForm
from erpdesk.ui.settings.setting import LINES, Setting, groups
from erpdesk.ui.settings.tab import Bench, SettingsTab
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say


class FormTab(SettingsTab):
    """The settings of the tab whose code it has."""

    code = ""

    def __init__(self, edited: EditedType, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(edited, bench, parent)
        self.form = self.make_form()
        self.area = scrolled(self.form, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._nothing = plain(QLabel(say("Vouchers of this kind have nothing to set here."), self))
        self._nothing.setProperty("role", "fieldLabel")
        self._nothing.setContentsMargins(*(theme().space("medium"),) * 4)
        self._nothing.hide()
        layout.addWidget(self._nothing)
        layout.addWidget(self.area, 1)
        self._idle: set[str] = set()
        self._fit()
        self.form.finished.connect(lambda: self.left.emit(1))
        self.form.left_back.connect(lambda: self.left.emit(-1))
        self.form.not_accepted.connect(self.said)

    def make_form(self) -> SettingsForm:
        """The form of the tab."""
        return SettingsForm(groups(self.code), self.edited, self.bench, self)

    def _means_anything(self, setting: Setting, kind: str) -> bool:
        """Whether the setting is for such lines, or says something that may have to be mended."""
        column, value = setting.column, self.edited.value
        if not setting.grids or kind in setting.grids or (setting.or_when and value(setting.or_when) is True):
            return True
        said = not column.startswith(f"{LINES}.") and value(column) not in (setting.default, None)
        return said or self.form.editors[column].hasFocus() or bool(self.edited.faults_at(column))

    @override
    def start(self) -> None:
        if not self.form.enter_first():
            self.setFocus(Qt.FocusReason.TabFocusReason)

    @override
    def end(self) -> None:
        if not self.form.enter_last():
            self.setFocus(Qt.FocusReason.BacktabFocusReason)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.hasFocus():
            event.ignore()
        elif event.key() in (*FORWARD_KEYS, Qt.Key.Key_Down):
            self.left.emit(1)
        elif event.key() in (Qt.Key.Key_Backtab, Qt.Key.Key_Up):
            self.left.emit(-1)
        else:
            event.ignore()

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        return False

    @override
    def refresh(self, path: str = "") -> None:
        self.form.show_values()
        self._fit()

    @override
    def show_faults(self) -> None:
        self.form.show_faults()
        self._fit()

    def _fit(self) -> None:
        """Only what means anything to the lines of the type; what it says all the same stays where it can be mended."""
        kind = str(self.edited.value("grid_kind"))
        idle = {column for column, setting in self.form.settings.items() if not self._means_anything(setting, kind)}
        if idle != self._idle:
            self._idle = idle
            self.form.show_only([column for column in self.form.settings if column not in idle])
        self._nothing.setVisible(len(idle) == len(self.form.settings))

    @override
    def holds(self, path: str) -> bool:
        return bool(self._column(path))

    @override
    def go_to(self, path: str) -> bool:
        return self.form.enter(self._column(path))

    def _column(self, path: str) -> str:
        """The column whose value a path is, or is within."""
        return next((one for one in sorted(self.form.settings, key=len, reverse=True)
                     if path == one or path.startswith((f"{one}.", f"{one}["))), "")

    @override
    def commit(self) -> None:
        self.form.take_all()


class GeneralTab(FormTab):
    """What the type is called, and what its vouchers do. The code stands fast once the type is saved."""

    code = "general"

    def __init__(self, edited: EditedType, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(edited, bench, parent)
        self.refresh()

    @override
    def refresh(self, path: str = "") -> None:
        super().refresh(path)
        self.form.lock("code", locked=not self.edited.is_new)


class HeaderTab(FormTab):
    """What stands above the lines."""

    code = "header"


class LinesTab(FormTab):
    """What stands in the lines."""

    code = "lines"


def scrolled(inside: QWidget, parent: QWidget) -> QScrollArea:
    """A form in a room of its own that follows the cursor."""
    area = QScrollArea(parent)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    margin = theme().space("medium")
    inside.setContentsMargins(margin, theme().space("small"), margin, theme().space("small"))

    def follow(_old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and inside.isAncestorOf(new):
            area.ensureWidgetVisible(new, 0, 2 * theme().size("row"))

    application = QApplication.instance()
    connection = application.focusChanged.connect(follow)  # type: ignore[union-attr]
    area.destroyed.connect(lambda: application.disconnect(connection))  # type: ignore[union-attr]
    return area
