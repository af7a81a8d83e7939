"""A report in a tab: its filters above, the table below; asked for on a worker, anew when a filter changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.domain.results import Refused
from erpdesk.ui.calendars import calendar_in_use, date_width
from erpdesk.ui.configured_words import field_in_language
from erpdesk.ui.editors.base import FORWARD_KEYS
from erpdesk.ui.editors.registry import Editor, make_editor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import Books, Report
from erpdesk.ui.reports.exporting import export
from erpdesk.ui.reports.questions import Question
from erpdesk.ui.reports.table import ReportTable
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.words import say, to_say

_STATES = {"POSTED": to_say("Posted"), "REVERSED": to_say("Reversed"), "DRAFT": to_say("Draft"),
           "CANCELLED": to_say("Cancelled"), "PENDING_APPROVAL": to_say("Pending approval"),
           "APPROVED": to_say("Approved"), "REJECTED": to_say("Rejected")}


class ReportRows(QTableView):
    """The table; keys that it doesn't move with go to the view around it."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in FORWARD_KEYS or event.text() in ("+", "-") or not self._moves(event):
            if not route_key(self, event):
                event.ignore()
            return
        super().keyPressEvent(event)

    @staticmethod
    def _moves(event: QKeyEvent) -> bool:
        return Qt.Key.Key_Home <= event.key() <= Qt.Key.Key_PageDown


class ReportView(QWidget):
    """One report. `wants_voucher` names a voucher to be opened."""

    key_context = "report"
    wants_voucher = Signal(str)
    wants_close = Signal()
    wants_help = Signal(object, object)

    def __init__(self, session: Session, books: Books, question: Question,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reportView")
        self.setAccessibleName(say(question.label))
        self.session, self.books, self.question = session, books, question
        organization = books.organization
        self.surroundings = Surroundings(
            session.lookups, LookupPopup(self), session.today, session.working_date,
            organization.currency_decimals, organization.digit_grouping)
        self.values: dict[str, Any] = dict(question.preset)
        if question.by_month:
            self.values["since"] = calendar_in_use().month_start(session.working_date).isoformat()
            self.values["until"] = session.working_date.isoformat()
        self.editors: dict[str, Editor] = {}
        labels = {kind.code: kind.label for kind in session.types} | _STATES
        self.model = ReportTable(organization.digit_grouping, labels, question.hidden, self)
        self.rows = ReportRows(self)
        self.word = QLabel(say(question.empty), self)
        self.foot = QLabel(self)
        self._lay_out()
        self.ask()

    def _lay_out(self) -> None:
        space = theme().space
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space("medium"), space("small"), space("medium"), space("small"))
        layout.setSpacing(space("small"))
        layout.addLayout(self._title_line())
        frame = QFrame(self)
        frame.setProperty("role", "gridFrame")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(*(space("hair"),) * 4)
        inside.addWidget(self.rows)
        self.word.setObjectName("emptyState")
        self.word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(self.word)
        layout.addWidget(frame, 1)
        layout.addWidget(self.foot)
        self.foot.setProperty("role", "fieldLabel")
        self._dress_rows()

    def _title_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme().space("small"))
        title = QLabel(say(self.question.label), self)
        title.setProperty("role", "title")
        title.setFont(figures_font(theme().text("title_points"), semibold=True))
        line.addWidget(title)
        line.addStretch(1)
        for asked in self.question.filters:
            field = field_in_language(asked)
            label = QLabel(field.label, self)
            label.setProperty("role", "fieldLabel")
            editor = make_editor(field, self.surroundings, self)
            editor.setObjectName(f"filter_{field.key}")
            editor.setFixedHeight(theme().size("field"))
            editor.setFixedWidth(_characters(field) * theme().size("character") + theme().size("column_padding"))
            editor.set_raw(self.values.get(field.key))
            editor.beside = self.values.get
            editor.accepted.connect(lambda key=field.key: self._accepted(key))
            editor.went_back.connect(lambda key=field.key: self._enter_filter(self._number(key) - 1))
            self.editors[field.key] = editor
            line.addWidget(label)
            line.addWidget(editor)
        return line

    def _dress_rows(self) -> None:
        rows = self.rows
        rows.setObjectName("reportRows")
        rows.setAccessibleName(say(self.question.label))
        rows.setModel(self.model)
        rows.setFrameShape(QFrame.Shape.NoFrame)
        rows.setShowGrid(False)
        rows.setAlternatingRowColors(True)
        rows.setWordWrap(False)
        rows.setTabKeyNavigation(False)
        rows.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        rows.verticalHeader().hide()
        rows.verticalHeader().setDefaultSectionSize(theme().size("row"))
        rows.horizontalHeader().setHighlightSections(False)
        rows.horizontalHeader().setFixedHeight(theme().size("row"))
        rows.doubleClicked.connect(self._open)

    # Asking

    def ask(self) -> None:
        """Ask for the report with the filters as they are."""
        if self.question.needs and not self.values.get(self.question.needs):
            self._show_word(say(self.question.empty))
            return
        name, filters = self.question.name, {key: raw for key, raw in self.values.items() if raw}
        reports = self.books.reports
        self.session.background.submit(self, lambda: reports.run(name, **filters), self._show, self._failed)

    def _show(self, report: Report) -> None:
        had_focus = self.rows.hasFocus() or self.hasFocus()
        self.model.show_report(report)
        QTimer.singleShot(0, self, self._fit_columns)
        self.rows.setVisible(not self.model.is_empty)
        self.word.setVisible(self.model.is_empty)
        self.word.setText(say(self.question.empty))
        self.foot.setText("   ·   ".join((say("{count} rows", count=len(report.rows)), *self.model.other_totals)))
        if not self.model.is_empty:
            self.rows.selectRow(0)
            if had_focus or self.focusWidget() is None:
                self.rows.setFocus()

    def _failed(self, refusal: Refused) -> None:
        self._show_word(f"{refusal.first.code}  {refusal.first.message}")

    def _show_word(self, text: str) -> None:
        self.rows.hide()
        self.word.show()
        self.word.setText(text)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        header = self.rows.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        widths = [max(header.sectionSize(number), self.rows.sizeHintForColumn(number))
                  + theme().size("column_padding") for number in range(self.model.columnCount())]
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        texts = [number for number, column in enumerate(self.model.columns) if str(column.kind) == "text"]
        spare = self.rows.viewport().width() - sum(widths)
        if texts and spare > 0:
            widest = max(texts, key=lambda number: widths[number])
            widths[widest] += spare
        for number, width in enumerate(widths):
            self.rows.setColumnWidth(number, width)

    # Filters and keys

    def start(self) -> None:
        """The cursor into the filter that is needed, else into the rows."""
        if self.question.needs and not self.values.get(self.question.needs):
            self.editors[self.question.needs].setFocus(Qt.FocusReason.TabFocusReason)
        elif self.rows.isVisible():
            self.rows.setFocus()
        else:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setFocus()

    def _number(self, key: str) -> int:
        return list(self.editors).index(key)

    def _enter_filter(self, number: int) -> bool:
        editors = list(self.editors.values())
        if not 0 <= number < len(editors):
            return False
        editors[number].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _accepted(self, key: str) -> None:
        self.values[key] = self.editors[key].raw
        self.ask()
        if not self._enter_filter(self._number(key) + 1):
            self.setFocus()
            self.start()

    def _open(self, index: QModelIndex) -> None:
        number = self.model.row(index.row()).get(self.question.opens, "") if self.question.opens else ""
        if number:
            self.wants_voucher.emit(number)

    def _move_days(self, by: int) -> bool:
        if not self.question.by_month:
            return False
        day = date.fromisoformat(str(self.values.get("until") or self.session.working_date.isoformat()))
        moved = (day + timedelta(by)).isoformat()
        for key in ("since", "until"):
            self.values[key] = moved
            self.editors[key].set_raw(moved)
        self.ask()
        return True

    def _export(self) -> None:
        name, filters = self.question.name, {key: raw for key, raw in self.values.items() if raw}
        reports = self.books.reports
        export(self, self.session.background, say(self.question.label),
               lambda kind: reports.written(name, kind, **filters), self.foot.setText)

    def perform(self, action: str) -> bool:
        """Do an action of the report's context."""
        match action:
            case "open_row":
                self._open(self.rows.currentIndex())
            case "period":
                day = next((key for key in ("since", "until") if key in self.editors), None)
                return day is not None and self._enter_filter(self._number(day))
            case "filter":
                return self._enter_filter(0)
            case "refresh":
                self.ask()
            case "export":
                self._export()
            case "next_day" | "previous_day":
                return self._move_days(1 if action == "next_day" else -1)
            case "leave":
                self.wants_close.emit()
            case "help":
                self.wants_help.emit(None, None)
            case _:
                return False
        return True

    def perform_chord(self, chord: str) -> bool:
        """No chords beyond the profile."""
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not route_key(self, event):
            event.ignore()


def _characters(field: Field) -> int:
    return max(field.ui.width, date_width()) if field.field_type is FieldType.DATE else field.ui.width
