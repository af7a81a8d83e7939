"""The users of an organization and the limits of one of them, as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject, Qt

from erpdesk.services.people import Limit, Membership, Person, differences
from erpdesk.ui.figures import shown_text
from erpdesk.ui.overriding import override
from erpdesk.ui.people.wording import PERMISSION_LABELS, ROLE_LABELS
from erpdesk.ui.reports.fixed_columns import NO_INDEX, AnyIndex, FixedColumns
from erpdesk.ui.style.theme import colour, figures_font, theme
from erpdesk.ui.words import say, to_say

_ROLE = Qt.ItemDataRole


class RowsOfText(FixedColumns):
    """Rows that are shown as text; `pale` ones are muted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Any, ...] = ()

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these."""
        if tuple(rows) != self.rows:
            self.beginResetModel()
            self.rows = tuple(rows)
            self.endResetModel()

    def text(self, row: Any, key: str) -> str:
        """What stands in a column of a row."""
        return str(getattr(row, key) or "")

    def pale(self, row: Any) -> bool:
        """Whether a row is muted."""
        return False

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, key = self.rows[index.row()], self.columns[index.column()][0]
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            return self.text(row, key)
        if role == _ROLE.TextAlignmentRole:
            return self.alignment(key)
        if role == _ROLE.ForegroundRole:
            return colour("text_muted") if self.pale(row) else None
        return figures_font(theme().text("base_points")) if role == _ROLE.FontRole else None


class UsersTable(RowsOfText):
    """Users by name; who is disabled or no member here is pale."""

    columns = (("name", to_say("User")), ("full_name", to_say("Name")), ("state", to_say("State")),
               ("role", to_say("Role")), ("branches", to_say("Branches")), ("types", to_say("Voucher types")),
               ("permissions", to_say("Beyond or below the role")))

    def __init__(self, organization: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.organization = organization
        self.roles: Mapping[str, frozenset[str]] = {}

    def membership(self, person: Person) -> Membership | None:
        """What a user is here, if anything."""
        found = person.membership(self.organization)
        return found if found is not None and found.is_active else None

    @override
    def pale(self, row: Person) -> bool:
        return not row.is_active or self.membership(row) is None

    @override
    def text(self, row: Person, key: str) -> str:
        member = self.membership(row)
        if key in ("name", "full_name"):
            return str(getattr(row, key)) + (f"  ({say('you')})" if key == "name" and row.is_me else "")
        if key == "state":
            return say("disabled") if not row.is_active else say("active") if member else say("no member here")
        if member is None:
            return ""
        if key == "role":
            return say(ROLE_LABELS[member.role])
        if key == "permissions":
            return ", ".join(one[0] + say(PERMISSION_LABELS[one[1:]])
                             for one in differences(member.permissions, self.roles.get(member.role, ())))
        codes = member.branches if key == "branches" else member.types
        return say("all") if codes is None else ", ".join(codes)


class LimitsTable(RowsOfText):
    """Limits of one user, that for every voucher type first."""

    columns = (("type_code", to_say("Voucher type")), ("enter", to_say("Enter")), ("post", to_say("Post")),
               ("approve", to_say("Approve")), ("back_date_days", to_say("Days back")),
               ("forward_date_days", to_say("Days ahead")))
    figures = frozenset(("enter", "post", "approve", "back_date_days", "forward_date_days"))

    def __init__(self, label_of: Callable[[str], str], decimals: int, grouping: str,
                 parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._label_of, self._decimals, self._grouping = label_of, decimals, grouping

    @override
    def text(self, row: Limit, key: str) -> str:
        value = getattr(row, key)
        if key == "type_code":
            return say("Every voucher type") if value is None else self._label_of(value)
        if value is None:
            return ""
        if not isinstance(value, Decimal):
            return str(value)
        return shown_text(format(value, "f"), self._decimals, self._grouping)
