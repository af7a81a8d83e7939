"""How posting does, in a tab: figures beside their targets above; below events given up, and attempts of the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field, FieldType, FieldUi
from erpdesk.domain.results import Fault
from erpdesk.services.posting_log import PAGE, AttemptLine, DeadEvent, LogQuestion
from erpdesk.ui.administration.page import ListPage
from erpdesk.ui.administration.rows import ListedRow, ListedTable
from erpdesk.ui.calendars import shown_date_short
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.figures import grouping_in_use, shown_text
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import Books
from erpdesk.ui.reports.filter_line import FilterLine
from erpdesk.ui.reports.listing import Listing, ReportRows, dress_rows
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.words import say, to_say

_FILTERS = (Field("since", to_say("From"), FieldType.DATE, ui=FieldUi(width=14)),
            Field("until", to_say("To"), FieldType.DATE, ui=FieldUi(width=14)),
            Field("actor", to_say("User"), FieldType.TEXT, ui=FieldUi(width=16)))
_FIGURES = {
    "success_rate": to_say("Success"), "conflict_rate": to_say("Conflicts"), "mean_post_time": to_say("Mean post"),
    "p95_post_time": to_say("95 of 100 posts within"), "posted": to_say("Posted"), "refused": to_say("Refused"),
    "failed": to_say("Failed"), "lock_waits": to_say("Waits for locks"), "planned_again": to_say("Planned again"),
    "events_pending": to_say("Events to deliver"),
    "events_dead": to_say("Events given up"),
}
_STATES = {"good": to_say("✓ good"), "missed": to_say("! target missed"), "alarm": to_say("✕ alarm"), "": ""}
_TONES = {"good": "good", "missed": "warning", "alarm": "error", "": ""}
_FIGURE_COLUMNS = (("metric", to_say("Figure")), ("value", to_say("Value")), ("target", to_say("Target")),
                   ("alarm", to_say("Alarm")), ("state", to_say("State")))
RETRY_RIGHT = "config.edit"


class PostingLogView(ListPage):
    """The page."""

    key_context = "posting_log"
    title: ClassVar[str] = to_say("Posting")
    columns = (("time", to_say("Time")), ("actor", to_say("User")), ("status", to_say("Outcome")),
               ("code", to_say("Code")), ("step", to_say("Step")), ("elapsed", to_say("ms")),
               ("timings", to_say("Steps done at")), ("what", to_say("Voucher")),
               ("message", to_say("Message")), ("correlation", to_say("Correlation")))
    figures = frozenset(("elapsed",))
    widths: ClassVar[Mapping[str, int]] = {
        "time": 20, "actor": 12, "status": 9, "code": 8, "step": 9, "elapsed": 7, "timings": 18, "what": 16,
        "correlation": 10}

    def __init__(self, session: Session, books: Books, parent: QWidget | None = None) -> None:
        super().__init__(session, books, parent)
        organization = books.organization
        self.values: dict[str, Any] = dict.fromkeys(field.key for field in _FILTERS)
        surroundings = Surroundings(session.lookups, LookupPopup(self), session.today, session.working_date,
                                    organization.currency_decimals, organization.digit_grouping)
        self.filters = FilterLine(_FILTERS, self.values, surroundings, self, in_turn=True)
        self.filters.accepted.connect(lambda _key: self.ask())
        self.filters.not_accepted.connect(self.said)
        self.filters.left.connect(self.into_rows)
        self.beside.addWidget(self.filters)
        self.failed_only, self._has_more, self._is_reading = True, False, False
        self.figure_model, self.figure_rows = ListedTable(_FIGURE_COLUMNS, frozenset(("value", "target", "alarm")),
                                                          self), ReportRows(self)
        self._lay_out_figures()

    def _lay_out_figures(self) -> None:
        rows, unit = self.figure_rows, theme().size("character")
        dress_rows(rows, "reportRows")
        rows.setAccessibleName(say("Figures and their targets"))
        rows.setModel(self.figure_model)
        for column, characters in enumerate((32, 18, 16, 16)):
            rows.setColumnWidth(column, characters * unit)
        rows.horizontalHeader().setStretchLastSection(True)
        frame = Listing(rows, self)
        frame.setFixedHeight(theme().size("row") * (len(_FIGURES) + 1) + theme().space("tiny"))
        self.head.addWidget(frame)

    # Reading

    def question(self) -> LogQuestion:
        """What the filters ask for."""
        texts = {key: str(raw or "").strip() for key, raw in self.values.items()}
        since, until = (date.fromisoformat(texts[key]) if texts[key] else None for key in ("since", "until"))
        return LogQuestion(since, until, texts["actor"], self.failed_only)

    @override
    def ask(self) -> None:
        """Read figures, events given up, and the newest attempts."""
        log, reports, question = self.books.posting_log, self.books.reports, self.question()

        def work() -> tuple[Any, Sequence[DeadEvent], Sequence[AttemptLine]]:
            return (reports.run("metrics", since=question.since, until=question.until), log.dead_events(),
                    log.page(question))

        self.read(work, self._show)

    def _show(self, found: tuple[Any, Sequence[DeadEvent], Sequence[AttemptLine]]) -> None:
        report, events, attempts = found
        by_name = {row["metric"]: row for row in report.rows}
        self.figure_model.show_rows([_figure(name, by_name.get(name, {})) for name in _FIGURES])
        self._has_more = len(attempts) == PAGE
        rows = [*(_event(one) for one in events), *(_attempt(one) for one in attempts)]
        self.show_rows(rows, say("Nothing failed — {key} shows every attempt",
                                 key=key_name(self.key_context, "everything")) if self.failed_only
                       else say("Nothing was posted on these days — {key} changes them",
                                key=key_name(self.key_context, "filter")))
        self.row_changed()

    @override
    def come_back(self) -> None:
        """Back from somewhere else: the same attempts, however many pages were read."""
        self.into_rows()

    @override
    def row_changed(self) -> None:
        """The whole of the attempt under the cursor; more attempts once the last ones are reached."""
        super().row_changed()
        row = self.row_here()
        fact: Any = row.fact if row is not None else None
        self.foot.setText(f"{fact.message}   ·   {fact.correlation_id}" if isinstance(fact, AttemptLine)
                          else fact.error if isinstance(fact, DeadEvent) else "")
        if row is not None and self._has_more and self.rows.currentIndex().row() >= len(self.model.rows) - 2:
            self._read_more()

    def _read_more(self) -> None:
        last = self.model.rows[-1].fact
        if self._is_reading or not isinstance(last, AttemptLine):
            return
        self._is_reading = True
        log, question = self.books.posting_log, self.question()

        def joined(found: Sequence[AttemptLine]) -> None:
            self._is_reading = False
            if self.model.rows and self.model.rows[-1].fact == last:
                self._has_more = len(found) == PAGE
                self.model.join_rows([_attempt(one) for one in found])

        self.read(lambda: log.page(question, (last.ended_at, last.id)), joined)

    def _attempt_here(self) -> AttemptLine | None:
        """The attempt under the cursor."""
        row = self.row_here()
        return row.fact if row is not None and isinstance(row.fact, AttemptLine) else None

    # Keys

    @override
    def offers(self, action: str) -> bool:
        """A code is explained where there is one; dead events are sent again by who may configure."""
        if action == "explain":
            attempt = self._attempt_here()
            return attempt is not None and bool(attempt.code)
        if action == "retry":
            return RETRY_RIGHT in self.session.permissions and any(
                isinstance(one.fact, DeadEvent) for one in self.model.rows)
        return True

    @override
    def doings(self) -> Mapping[str, Callable[[], object]]:
        """What the page does."""
        return {"open_row": self._open, "filter": lambda: self.filters.enter("since"), "everything": self._turn,
                "explain": self._explain, "retry": self._retry}

    def _open(self) -> None:
        attempt = self._attempt_here()
        if attempt is not None and attempt.voucher_id:
            self.wants_voucher.emit(attempt.voucher_id, attempt.voucher_number or attempt.type_code)
        else:
            self._explain()

    def _explain(self) -> None:
        attempt = self._attempt_here()
        if attempt is not None and attempt.code:
            self.wants_help.emit(Fault(attempt.code, attempt.message), None)

    def _turn(self) -> None:
        self.failed_only = not self.failed_only
        self.ask()

    def _retry(self) -> None:
        events = self.books.events

        def told(count: int) -> None:
            self.said.emit(say("{count} events are due again", count=count))
            self.ask()

        Question(self, say("Send them again?"), say("Every event that was given up is tried again from the start."),
                 say("Send them again"), lambda _day, _reason: self.do(events.retry_dead, told),
                 needs_reason=False, asks_reason=False).ask()


def _figure(name: str, row: Mapping[str, str]) -> ListedRow:
    state = row.get("state", "")
    if name == "events_dead" and row.get("value", "0") not in ("", "0"):
        state = "alarm"
    unit = row.get("unit", "")
    value = row.get("value", "") or ("0" if name.startswith("events_") else "")
    return ListedRow(name, (
        say(_FIGURES[name]), _measured(value, unit) or say("nothing measured"), _measured(row.get("target", ""), unit),
        _measured(row.get("alarm", ""), unit), say(_STATES[state]) if state else ""), _TONES[state])


def _measured(text: str, unit: str) -> str:
    """A figure with its unit; milliseconds to a tenth."""
    shown = shown_text(text, 1 if unit == "ms" else None, grouping_in_use())
    return f"{shown} {unit}".strip() if shown else ""


def _attempt(one: AttemptLine) -> ListedRow:
    steps = "  ".join(f"{name} {at}" for name, at in one.timings.items())
    tone = "" if one.status in ("done", "replayed") else "error" if one.status == "failed" else "warning"
    return ListedRow(str(one.id), (
        f"{shown_date_short(one.ended_at.date())} {one.ended_at:%H:%M:%S}", one.actor, one.status, one.code, one.step,
        one.elapsed_ms, steps, one.voucher_number or one.type_code, one.message, one.correlation_id), tone, fact=one)


def _event(one: DeadEvent) -> ListedRow:
    return ListedRow(str(one.id), (
        f"{shown_date_short(one.created_at.date())} {one.created_at:%H:%M:%S}", "", say("✕ event"), "", "", "",
        say("{count} tries", count=one.attempts), one.event_type, one.error, one.source_id), "error", fact=one)
