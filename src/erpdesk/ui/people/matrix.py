"""Permissions by role as a table of ticks, and beside the roles what one user may do: more or less than the role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt

from erpdesk.services.people import PERMISSIONS, ROLES
from erpdesk.ui.overriding import override
from erpdesk.ui.people.wording import PERMISSION_LABELS, ROLE_LABELS
from erpdesk.ui.reports.fixed_columns import NO_INDEX, AnyIndex, FixedColumns
from erpdesk.ui.style.theme import colour, figures_font, theme
from erpdesk.ui.words import say, to_say

_ROLE = Qt.ItemDataRole
_TICK = "✓"
_USER, _DIFFERENCE, _NAME = "user", "difference", "permission"
_BY_ROLE = ((_NAME, to_say("Permission")), *((role, ROLE_LABELS[role]) for role in ROLES))
_BY_USER = ((_NAME, to_say("Permission")), ("of_role", to_say("Role")), (_USER, to_say("User")),
            (_DIFFERENCE, to_say("Difference")))


class PermissionMatrix(FixedColumns):
    """What each role may do; with `of_user` instead what one user's role may, what the user may, and the difference."""

    def __init__(self, parent: QObject | None = None, *, of_user: bool = False) -> None:
        super().__init__(parent)
        self.shown: Sequence[tuple[str, str]] = _BY_USER if of_user else _BY_ROLE
        self.roles: Mapping[str, frozenset[str]] = {}
        self.role, self.held = "", frozenset[str]()

    def show_roles(self, roles: Mapping[str, frozenset[str]]) -> None:
        """Show what the roles may do."""
        self.roles = roles
        self._tell()

    def show_user(self, role: str, held: frozenset[str]) -> None:
        """Show a user of that role; an empty role shows nobody."""
        self.role, self.held = role, held
        self._tell()

    def _tell(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(len(PERMISSIONS) - 1, len(self.shown) - 1))

    @override
    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.shown)

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(PERMISSIONS)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.shown):
            return None
        key, heading = self.shown[section]
        if role == _ROLE.TextAlignmentRole:
            return self._side(key)
        return {_ROLE.UserRole: key, _ROLE.DisplayRole: say(heading)}.get(_ROLE(role))

    @override
    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        permission, key = PERMISSIONS[index.row()], self.shown[index.column()][0]
        if role == _ROLE.DisplayRole:
            return self._text(permission, key)
        if role == _ROLE.AccessibleTextRole:
            return self._text(permission, key) if key in (_NAME, _DIFFERENCE) else self._spoken(permission, key)
        if role == _ROLE.TextAlignmentRole:
            return self._side(key)
        if role == _ROLE.ToolTipRole:
            return permission
        if role == _ROLE.ForegroundRole and key == _DIFFERENCE:
            return colour("text_muted")
        return figures_font(theme().text("base_points")) if role == _ROLE.FontRole else None

    def _side(self, key: str) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignLeft if key in (_NAME, _DIFFERENCE) else Qt.AlignmentFlag.AlignHCenter
        return side | Qt.AlignmentFlag.AlignVCenter

    def _has(self, permission: str, key: str) -> bool:
        if key == _USER:
            return permission in self.held
        return permission in self.roles.get(self.role if key == "of_role" else key, ())

    def _text(self, permission: str, key: str) -> str:
        if key == _NAME:
            return say(PERMISSION_LABELS[permission])
        if key != _DIFFERENCE:
            return _TICK if self._has(permission, key) else ""
        of_role, own = self._has(permission, "of_role"), self._has(permission, _USER)
        return "" if of_role == own else say("more") if own else say("less")

    def _spoken(self, permission: str, key: str) -> str:
        return say("Yes") if self._has(permission, key) else say("No")
