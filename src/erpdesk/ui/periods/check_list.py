"""What an accountant looks at before a year is closed: each point with how it stands and a way to look at it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QPushButton, QVBoxLayout, QWidget

from erpdesk.domain.results import Refused
from erpdesk.services.period_grid import GridYear
from erpdesk.ui.administration.rows import ListedRow, ListedTable
from erpdesk.ui.configured_words import coded
from erpdesk.ui.figures import shown_text
from erpdesk.ui.keys.keyed_button import print_key
from erpdesk.ui.keys.keyed_dialog import KeyedDialog
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.ports import Books
from erpdesk.ui.reports.listing import ReportRows, dress_rows
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say, to_say

TRIAL_BALANCE = "trial_balance"
POINTS = {
    "earlier_years": to_say("Earlier years are closed"), "drafts": to_say("Drafts and rejected vouchers"),
    "waiting": to_say("Vouchers that wait for approval"), "approved": to_say("Approved vouchers not posted"),
    "queue": to_say("Accepted at this desk and not yet posted"), "open_periods": to_say("Periods still open"),
    TRIAL_BALANCE: to_say("Debits and credits agree"), "closing_type": to_say("Retained earnings can be posted to"),
    "verified": to_say("The books hold every invariant"),
}
_SIGNS = {"clear": to_say("✓ in order"), "look": to_say("! look"), "stops": to_say("✕ stops it"),
          "": to_say("… checking")}
_TONES = {"clear": "good", "look": "warning", "stops": "error", "": "text_muted"}
_CONSEQUENCE = to_say("Closing carries {result} to retained earnings by an entry of the year's last day, and nothing"
                      " is posted in the year any more. The next year is made if there is none.")
_COLUMNS = (("point", to_say("Check")), ("standing", to_say("Standing")), ("figure", to_say("Found")))
_WIDTHS = {1: 14, 2: 34}


class CheckListDialog(KeyedDialog):
    """`wants_look` names a point to be looked at, `wants_close_year` that the year is to be closed."""

    key_context = "year_check"
    wants_look = Signal(str)
    wants_close_year = Signal()

    def __init__(self, session: Session, books: Books, year: GridYear, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("yearCheck")
        self.setWindowTitle(say("Close {year}", year=year.code))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(theme().size("gateway_width"), theme().size("types_width") * 2)
        self._session, self._books, self._year = session, books, year
        self._points: dict[str, tuple[str, str]] = {}
        self._may_close = False
        self.model, self.rows = ListedTable(_COLUMNS, frozenset(), self), ReportRows(self)
        self.word = plain(QLabel(self))
        self.close_button = self._button(say("Close {year}", year=year.code), "close_year")
        self.look_button = self._button(say("Look"), "open_row")
        self.balance_button = self._button(say("Trial balance before closing"), "trial_balance")
        self.keep_button = self._button(say("Keep it open"), "leave")
        self._lay_out()

    def _button(self, text: str, action: str) -> QPushButton:
        button = QPushButton(self)
        print_key(button, text, self.key_context, action)
        return button

    def _lay_out(self) -> None:
        rows = self.rows
        dress_rows(rows, "reportRows")
        rows.setAccessibleName(say("What to look at before closing"))
        rows.setModel(self.model)
        rows.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, characters in _WIDTHS.items():
            rows.setColumnWidth(column, characters * theme().size("character") + theme().size("column_padding"))
        rows.setMinimumHeight((len(POINTS) + 1) * theme().size("row"))
        rows.doubleClicked.connect(lambda _index: self._look())
        self.word.setObjectName("yearCheckWord")
        self.word.setWordWrap(True)
        self.close_button.setProperty("role", "primary")
        self.close_button.setEnabled(False)
        self.close_button.clicked.connect(self._close_year)
        self.look_button.clicked.connect(self._look)
        self.balance_button.clicked.connect(self._look_at_balance)
        self.keep_button.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.keep_button, self.balance_button, self.look_button, self.close_button):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme().space("large"),) * 4)
        layout.setSpacing(theme().space("medium"))
        layout.addWidget(rows, 1)
        layout.addWidget(self.word)
        layout.addLayout(buttons)

    def ask(self) -> None:
        """Open, and look at everything."""
        self.open()
        self.rows.setFocus(Qt.FocusReason.TabFocusReason)
        self.refresh()

    def refresh(self) -> None:
        """Look at everything again."""
        years, code = self._books.years, self._year.code
        self._may_close = False
        self._points = dict.fromkeys(POINTS, ("", ""))
        open_count = self._session.queue.open_count
        self._points["queue"] = ("look" if open_count else "clear", str(open_count) if open_count else "")
        self._show_points()
        self._session.browsing.submit(self, lambda: years.check_list(code), self._take, self._failed)
        self._session.background.submit(self, years.verify, self._verified, self._failed)

    def _take(self, found: Any) -> None:
        self._points |= {point.code: (str(point.standing), point.figure) for point in found.points}
        self._may_close = found.may_close
        decimals, grouping = len(found.result.partition(".")[2]), self._books.organization.digit_grouping
        self.word.setText(say(_CONSEQUENCE, result=shown_text(found.result, decimals, grouping)))
        self._show_points()

    def _verified(self, results: Sequence[Any]) -> None:
        wrong = [result.text for result in results if not result.ok]
        self._points["verified"] = ("stops", wrong[0]) if wrong else ("clear", "")
        self._show_points()

    def _failed(self, refusal: Refused) -> None:
        self.word.setText(coded(refusal.first))

    def _show_points(self) -> None:
        rows = [ListedRow(code, (say(POINTS[code]), say(_SIGNS[standing]), figure), _TONES[standing])
                for code, (standing, figure) in self._points.items()]
        here = self.rows.currentIndex().row()
        self.model.show_rows(rows)
        if here < 0:
            self.rows.selectRow(0)
        self.close_button.setEnabled(self._may_close and self._points["verified"][0] == "clear")

    def _look(self) -> None:
        number = self.rows.currentIndex().row()
        if 0 <= number < len(self.model.rows):
            code = self.model.rows[number].key
            self.reject()
            self.wants_look.emit(code)

    def _look_at_balance(self) -> None:
        self.reject()
        self.wants_look.emit(TRIAL_BALANCE)

    def _close_year(self) -> None:
        if self.close_button.isEnabled():
            self.accept()
            self.wants_close_year.emit()

    @override
    def perform(self, action: str) -> bool:
        actions = {"open_row": self._look, "close_year": self._close_year, "refresh": self.refresh,
                   "trial_balance": self._look_at_balance, "leave": self.reject}
        if action in actions:
            actions[action]()
        return action in actions
