"""The step that asks for the chart of accounts: the ready-made one, a table of one's own, or none; seen before it is
anybody's, with the faults of each line, and asked for the accounts of roles that the table doesn't name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHeaderView, QLabel, QWidget

from erpdesk.blueprints.fields import Field, FieldType, FieldUi, KeyPath, Option
from erpdesk.domain.results import Fault
from erpdesk.services.chart_roles import may_play
from erpdesk.services.charts import ChartPreview, ChartRow
from erpdesk.ui.configured_words import coded
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.first_start.form_step import FormStep
from erpdesk.ui.first_start.forms import Asked, asked
from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.keys.profile import key_profile
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.reports.listing import Listing, ReportRows, dress_rows
from erpdesk.ui.role_words import role_word
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.line_model import NO_INDEX, AnyIndex
from erpdesk.ui.words import say, to_say

CHART = "chart"
BASELINE, FILE, NONE = "baseline", "file", "none"
_COLUMNS = (("code", to_say("Code"), 12), ("name", to_say("Name"), 34), ("type", to_say("Nature"), 12),
            ("parent", to_say("Under"), 12), ("role", to_say("Role"), 22), ("fault", to_say("What is wrong"), 0))
_NATURES = {"asset": to_say("Asset"), "liability": to_say("Liability"), "equity": to_say("Equity"),
            "income": to_say("Income"), "expense": to_say("Expense")}


class ChartTable(QAbstractTableModel):
    """The accounts of a chart as rows; rows with a fault come first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[tuple[ChartRow, str]] = []

    def show_chart(self, preview: ChartPreview) -> None:
        """Show another chart."""
        faults: dict[int, str] = {}
        for fault in preview.faults:
            place = fault.field.partition(".")[0].removeprefix("line ")
            line = int(place) if place.isdecimal() else 0
            faults.setdefault(line, coded(fault))
        self.beginResetModel()
        rows = [(row, say("Line {line}: {fault}", line=row.line, fault=faults[row.line])
                 if row.line and row.line in faults else "") for row in preview.rows]
        self.rows = sorted(rows, key=lambda row: not row[1])
        self.endResetModel()

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return say(_COLUMNS[section][1])
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row, fault = self.rows[index.row()]
        key = _COLUMNS[index.column()][0]
        if key == "fault":
            return fault
        if key == "type":
            return say(_NATURES.get(row.type, row.type))
        if key == "role":
            return ", ".join(role_word(role) for role in row.roles)
        return ("" if row.is_group or key != "name" else "    ") + str(getattr(row, key))


class ChartStep(FormStep):
    """`wants_preview` carries the path of a table and the accounts named for roles."""

    wants_preview = Signal(str, object)

    def __init__(self, values: Mapping[str, Any], roles: Mapping[str, str], surroundings: Surroundings,
                 parent: QWidget | None = None) -> None:
        super().__init__(CHART, asked("forms")[CHART], values, surroundings, parent)
        self._surroundings, self._roles = surroundings, dict(roles)
        self.preview: ChartPreview | None = None
        self._shown, self._is_asked, self._goes_on, self._is_read_now = "", False, False, False
        self._held = HeldKeys(self, (key_profile().chord_of("assistant", "go_on"), "Return"))
        self.role_form: FormStep | None = None
        self.table, self.rows = ChartTable(self), ReportRows(self)
        self.listing, self.word = Listing(self.rows, self), plain(QLabel(self))
        dress_rows(self.rows, "reportRows")
        self.rows.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.rows.setModel(self.table)
        self.rows.setAccessibleName(say("Chart of accounts"))
        for number, (_, _, width) in enumerate(_COLUMNS):
            if width:
                self.rows.setColumnWidth(number, width * theme().size("character"))
        self.rows.horizontalHeader().setSectionResizeMode(len(_COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        self.word.setProperty("role", "fieldLabel")
        self.body.takeAt(self.body.count() - 1)
        self.body.addWidget(self.word)
        self.body.addWidget(self.listing, 1)
        self.form.finished.disconnect()
        self.form.finished.connect(self._form_finished)
        self.answered.connect(lambda key: self._ask(again=key == "file"))
        self._show_file()

    @property
    def chart(self) -> str:
        """`baseline`, `none`, or the path of a table."""
        kind = str(self.values.get("chart") or BASELINE)
        return str(self.values.get("file") or "") if kind == FILE else kind

    @property
    def roles(self) -> dict[str, str]:
        """The codes of accounts named for roles."""
        named = {key: str(raw) for key, raw in self.role_form.values.items() if raw} if self.role_form else {}
        return self._roles | named

    @override
    def begin(self) -> None:
        super().begin()
        self._ask(again=True)

    def _show_file(self) -> None:
        is_file = self.values.get("chart") == FILE
        self.form.editors["file"].setReadOnly(not is_file)
        if not is_file:
            self.form.mark({})

    def _ask(self, *, again: bool = False) -> None:
        """Have the chart read that is named now. A table is read `again` in passing: it may have been mended."""
        self._show_file()
        wanted = self.chart
        is_other = wanted != self._shown
        if not wanted or not (is_other or (again and self.values.get("chart") == FILE)):
            return
        if is_other:
            self._drop_role_form()
        self._shown, self._is_asked = wanted, True
        self.wants_preview.emit(wanted, {})

    def show_preview(self, preview: ChartPreview) -> None:
        """What the chart holds, as a worker has found it; the cursor goes on where it waits for that."""
        is_new = preview != self.preview or self.role_form is None
        self.preview, self._is_asked = preview, False
        if is_new:
            self.table.show_chart(preview)
            self.listing.setVisible(bool(preview.rows))
            self._drop_role_form()
            if (preview.missing_roles or preview.optional_roles) and not preview.faults:
                self._ask_for_roles(preview)
        self.word.setText(self._told(preview))
        if self._held.is_holding:
            self._held.stop()
            if preview.faults:
                self.said.emit(self._told(preview))
                self.form.enter("file")
            elif self.role_form is not None and (is_new or not self._goes_on):
                self.role_form.begin()
            else:
                self._is_read_now = True
                self.finished.emit()
            self._held.give()

    def _told(self, preview: ChartPreview) -> str:
        general = next((fault for fault in preview.faults if not fault.field.startswith("line ")), None)
        if general is not None:
            return coded(general)
        if preview.faults:
            return say("{count} things are wrong in this table; mend it and come back to the field with Enter",
                       count=len(preview.faults))
        if not preview.rows:
            return say("No accounts: nothing can be posted before there are some")
        accounts = sum(not row.is_group for row in preview.rows)
        told = say("{count} accounts", count=accounts)
        return f"{told}  ·  {say('Say which account plays each of these roles')}" if preview.missing_roles else told

    # Roles that the table doesn't name

    def _ask_for_roles(self, preview: ChartPreview) -> None:
        """A field for each role, the account that probably plays it in it; any that can play the role is offered."""
        asked_for = (*preview.missing_roles, *preview.optional_roles)
        fields = tuple(Field(role, role_word(role), FieldType.SELECT, required=role in preview.missing_roles,
                             options=tuple(Option(row.code, f"{row.code}  {row.name}") for row in preview.rows
                                           if may_play(row, role)),
                             ui=FieldUi(width=26), key_path=KeyPath(tab_order=number))
                       for number, role in enumerate(asked_for))
        self.role_form = FormStep("roles", Asked("", fields), self._named(asked_for), self._surroundings, self)
        self.role_form.propose({role: preview.proposed_roles[role] for role in asked_for
                                if role in preview.proposed_roles})
        self.body.insertWidget(1, self.role_form)
        self.role_form.said.connect(self.said)
        self.role_form.explained.connect(self.explained)
        self.role_form.left_back.connect(lambda: self.form.enter_last())
        self.role_form.finished.connect(self._roles_finished)

    def _named(self, roles: Collection[str]) -> dict[str, str]:
        return {role: code for role, code in self._roles.items() if role in roles}

    def _roles_finished(self) -> None:
        if self._roles_fit():
            self.finished.emit()

    def _roles_fit(self) -> bool:
        """Whether each account that was named can play all it was named for; the cursor goes to the first that can't.
        """
        if self.role_form is None or self.preview is None:
            return True
        named = {key: str(raw) for key, raw in self.role_form.values.items() if raw}
        rows = {row.code: row for row in self.preview.rows}
        for role, code in named.items():
            others = tuple(one for one, other in named.items() if other == code and one != role)
            row = rows.get(code)
            if row is not None and not may_play(replace(row, roles=(*row.roles, *others)), role):
                told = ", ".join(role_word(one) for one in (*row.roles, *others))
                self.role_form.show_faults({role: Fault("", say(
                    "{account} is named for {roles} too; {role} needs an account of its own",
                    account=code, roles=told, role=role_word(role)))})
                return False
        return True

    def _drop_role_form(self) -> None:
        if self.role_form is not None:
            self._roles = self.roles
            self.role_form.hide()
            self.role_form.deleteLater()
            self.role_form = None

    def _form_finished(self) -> None:
        """On, once it is known what the table holds now; keys are kept for what comes."""
        if self._is_asked:
            self._goes_on = False
            self._held.hold()
        elif self.role_form is not None:
            self.role_form.begin()
        else:
            self.finished.emit()

    @override
    def may_go_on(self) -> bool:
        if not super().may_go_on():
            return False
        if self.values.get("chart") == FILE and not self.values.get("file"):
            self.show_faults({"file": Fault("", say("{field} is needed", field=self.form.editors["file"].field.label))})
            return False
        is_read_now, self._is_read_now = self._is_read_now, False
        if self.preview is None or self._is_asked or (self.values.get("chart") == FILE and not is_read_now):
            self._goes_on = True
            self._ask(again=True)
            self._held.hold()
            return False
        if self.preview.faults:
            self.said.emit(self._told(self.preview))
            self.form.enter("file")
            return False
        return self.role_form is None or (self.role_form.may_go_on() and self._roles_fit())

    @override
    def perform(self, action: str) -> bool:
        if action != "choose_file":
            return False
        dialog = QFileDialog(self, say("Table of accounts"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter("CSV, XLSX (*.csv *.xlsx)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.take_file)
        dialog.open()
        return True

    def take_file(self, path: str) -> None:
        """A table that was looked for."""
        self.draft.header.put("chart", FILE)
        self.draft.header.put("file", path)
        self.form.show_values()
        self._ask()
        self.form.enter("file")
