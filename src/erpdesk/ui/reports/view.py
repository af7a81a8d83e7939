"""A report in a tab: its filters above, the table below; asked for on a worker, anew when a filter changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from erpdesk.domain.results import Refused
from erpdesk.ui.calendars import calendar_in_use
from erpdesk.ui.configured_words import coded
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import Books, Report
from erpdesk.ui.reports.exporting import export
from erpdesk.ui.reports.filter_line import FilterLine
from erpdesk.ui.reports.listing import Listing, ReportRows, dress_rows
from erpdesk.ui.reports.questions import Question
from erpdesk.ui.reports.statuses import STATUSES
from erpdesk.ui.reports.table import ReportTable
from erpdesk.ui.session import Session
from erpdesk.ui.style.heading import Heading, dress_title
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say


class ReportView(QWidget):
    """One report. `wants_voucher` names a voucher to be opened, `wants_print` a report, its filters and what it is
    called."""

    key_context = "report"
    wants_voucher = Signal(str)
    wants_close = Signal()
    wants_help = Signal(object, object)
    wants_print = Signal(str, object, str)

    def __init__(self, session: Session, books: Books, question: Question,
                 parent: QWidget | None = None, *, values: Mapping[str, Any] | None = None) -> None:
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
        self.values.update(values or {})
        self.filters = FilterLine(question.filters, self.values, self.surroundings, self, in_turn=True)
        labels = {kind.code: kind.label for kind in session.types} | STATUSES
        self.model = ReportTable(organization.digit_grouping, labels, question.hidden, self, names=self._name_of)
        session.lookups.arrived.connect(self._names_arrived)
        self.rows = ReportRows(self)
        self.listing = Listing(self.rows, self)
        self.word = self.listing.word
        self.word.setText(self._empty_word())
        self.foot = QLabel(self)
        self._lay_out()
        self.ask()

    def _lay_out(self) -> None:
        space = theme().space
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space("medium"), space("small"), space("medium"), space("small"))
        layout.setSpacing(space("small"))
        line = QHBoxLayout()
        line.addWidget(dress_title(Heading(say(self.question.label), self)))
        line.addStretch(1)
        line.addWidget(self.filters)
        layout.addLayout(line)
        layout.addWidget(self.listing, 1)
        layout.addWidget(self.foot)
        self.foot.setProperty("role", "fieldLabel")
        self.rows.setAccessibleName(say(self.question.label))
        self.rows.setModel(self.model)
        dress_rows(self.rows, "reportRows")
        self.rows.setAlternatingRowColors(True)
        self.rows.doubleClicked.connect(self._open)
        self.filters.accepted.connect(lambda _key: self.ask())
        self.filters.not_accepted.connect(lambda why: self.foot.setText(why) if why else None)
        self.filters.left.connect(self._into_rows)

    # Asking

    def ask(self) -> None:
        """Ask for the report with the filters as they are."""
        if self.question.needs and not self.values.get(self.question.needs):
            self._show_word(self._empty_word())
            return
        name, filters = self.question.name, {key: raw for key, raw in self.values.items() if raw}
        reports = self.books.reports
        self.session.background.submit(self, lambda: reports.run(name, **filters), self._show, self._failed)

    def _empty_word(self) -> str:
        return say(self.question.empty, period=key_name(self.key_context, "period"),
                   filter=key_name(self.key_context, "filter"), start=key_name("window", "any_type"))

    def _show(self, report: Report) -> None:
        had_focus = self.rows.hasFocus() or self.hasFocus()
        self.model.show_report(report)
        self.session.lookups.load(self.model.named)
        QTimer.singleShot(0, self, self._fit_columns)
        self.rows.setVisible(not self.model.is_empty)
        self.word.setVisible(self.model.is_empty)
        self.word.setText(self._empty_word())
        self.foot.setText("   ·   ".join((say("{count} rows", count=len(report.rows)), *self.model.other_totals)))
        if not self.model.is_empty:
            self.rows.selectRow(0)
            if had_focus or self.focusWidget() is None:
                self.rows.setFocus()

    def _name_of(self, kind: str, code: str) -> str:
        row = self.session.lookups.row(kind, code)
        return row.name if row is not None else ""

    def _names_arrived(self, kind: str) -> None:
        if kind in self.model.named:
            self.model.say_names()
            self._fit_columns()

    def _failed(self, refusal: Refused) -> None:
        self._show_word(coded(refusal.first))

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
        self._save_room(widths, -spare)
        for number, width in enumerate(widths):
            self.rows.setColumnWidth(number, width)

    def _save_room(self, widths: list[int], short: int) -> None:
        """Where the columns are wider than the table, names beside codes are cut rather than figures out of sight."""
        named = (number for number, column in enumerate(self.model.columns) if column.key in self.model.named)
        room = {number: max(0, widths[number] - theme().size("elastic_minimum")) for number in named}
        whole = sum(room.values())
        for number, width in room.items():
            widths[number] -= -(-width * max(0, min(short, whole)) // (whole or 1))

    # Filters and keys

    def start(self) -> None:
        """The cursor into the filter that is needed, else into the rows."""
        if self.question.needs and not self.values.get(self.question.needs):
            self.filters.enter(self.question.needs)
        elif self.rows.isVisible():
            self.rows.setFocus()
        else:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setFocus()

    def _into_rows(self) -> None:
        self.setFocus()
        self.start()

    def _enter_filter(self, *keys: str) -> bool:
        """The cursor into the first of these filters that the report has."""
        key = next((one for one in keys if one in self.filters.editors), None)
        if key is not None:
            self.filters.enter(key)
        return key is not None

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
            self.filters.put(key, moved)
        self.ask()
        return True

    def _export(self) -> None:
        name, filters = self.question.name, {key: raw for key, raw in self.values.items() if raw}
        reports = self.books.reports
        export(self, self.session.background, say(self.question.label),
               lambda kind: reports.written(name, kind, **filters), self.foot.setText)

    def _print(self) -> None:
        filters = {key: raw for key, raw in self.values.items() if raw}
        if not self.question.needs or self.values.get(self.question.needs):
            self.wants_print.emit(self.question.name, filters, say(self.question.label))

    def perform(self, action: str) -> bool:
        """Do an action of the report's context."""
        match action:
            case "open_row":
                self._open(self.rows.currentIndex())
            case "period":
                return self._enter_filter("since", "until")
            case "filter":
                return self._enter_filter(*self.filters.editors)
            case "refresh":
                self.ask()
            case "export":
                self._export()
            case "print":
                self._print()
            case "next_day" | "previous_day":
                return self._move_days(1 if action == "next_day" else -1)
            case "leave":
                self.filters.restore()
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
