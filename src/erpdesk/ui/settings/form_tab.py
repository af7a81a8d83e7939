"""Tabs that are nothing but a form of settings: general, header, lines."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from erpdesk.ui.overriding import override
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.form import SettingsForm
from erpdesk.ui.settings.setting import groups
from erpdesk.ui.settings.tab import Bench, SettingsTab
from erpdesk.ui.style.theme import theme


class FormTab(SettingsTab):
    """The settings of the tab whose code it has."""

    code = ""

    def __init__(self, edited: EditedType, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(edited, bench, parent)
        self.form = self.make_form()
        self.area = scrolled(self.form, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
        self.form.finished.connect(lambda: self.left.emit(1))
        self.form.left_back.connect(lambda: self.left.emit(-1))
        self.form.not_accepted.connect(self.said)

    def make_form(self) -> SettingsForm:
        """The form of the tab."""
        return SettingsForm(groups(self.code), self.edited, self.bench, self)

    @override
    def start(self) -> None:
        self.form.enter_first()

    @override
    def end(self) -> None:
        self.form.enter_last()

    @override
    def refresh(self, path: str = "") -> None:
        self.form.show_values()

    @override
    def show_faults(self) -> None:
        self.form.show_faults()

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
