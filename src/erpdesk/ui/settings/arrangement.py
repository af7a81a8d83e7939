"""How the settings share the page: list, tabs and preview side by side, their edges dragged; or the preview alone.

The edges are kept between days for each user in the home's window.ini.
"""

from __future__ import annotations

from urllib.parse import quote

from PySide6.QtCore import QByteArray, QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from erpdesk.settings import home
from erpdesk.ui.style.theme import theme


class Arrangement(QObject):
    """`outer` parts the list from the rest, `inner` the tabs from the preview. `turned` says that the preview came
    to be alone, or is so no longer."""

    turned = Signal(bool)

    def __init__(self, user: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._place = f"settings/{quote(user, safe='') or '-'}"
        self.outer, self.inner = _splitter("settingsOuter", parent), _splitter("settingsInner", parent)
        self._besides: tuple[QWidget, ...] = ()
        self.is_large = False

    def lay_out(self, types: QWidget, rest: QWidget, tabs: QWidget, preview: QWidget) -> None:
        """Put the parts beside one another, as wide as they were the last time."""
        size = theme().size
        types.setMinimumWidth(size("types_width") * 2 // 3)
        tabs.setMinimumWidth(size("settings_width"))
        for splitter, parts in ((self.outer, (types, rest)), (self.inner, (tabs, preview))):
            for part in parts:
                splitter.addWidget(part)
            splitter.setStretchFactor(0, 0)
            splitter.setStretchFactor(1, 1)
            splitter.setCollapsible(1, False)
        self.inner.setCollapsible(0, False)
        self._besides = (types, tabs)
        widest = size("preview_least") * 2
        self.outer.setSizes([size("types_width"), widest])
        self.inner.setSizes([size("settings_width"), widest])
        kept = _kept()
        for splitter in (self.outer, self.inner):
            state = kept.value(self._name(splitter)) if kept is not None else None
            if isinstance(state, QByteArray):
                splitter.restoreState(state)
            splitter.splitterMoved.connect(lambda _at, _number, one=splitter: self._keep(one))

    def turn(self, *, large: bool) -> None:
        """Leave the page to the preview, or share it again."""
        if large == self.is_large:
            return
        self.is_large = large
        for part in self._besides:
            part.setVisible(not large)
        self.turned.emit(large)

    def _name(self, splitter: QSplitter) -> str:
        return f"{self._place}/{splitter.objectName()}"

    def _keep(self, splitter: QSplitter) -> None:
        kept = _kept()
        if kept is not None:
            kept.setValue(self._name(splitter), splitter.saveState())


def _splitter(name: str, parent: QWidget) -> QSplitter:
    made = QSplitter(Qt.Orientation.Horizontal, parent)
    made.setObjectName(name)
    made.setHandleWidth(theme().space("medium"))
    made.setChildrenCollapsible(True)
    return made


def _kept() -> QSettings | None:
    """Nothing is kept before there is a home."""
    return QSettings(str(home() / "window.ini"), QSettings.Format.IniFormat) if home().is_dir() else None
