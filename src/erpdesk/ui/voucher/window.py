"""The entry window of one voucher: joins the sheet, the path, the draft and the submission; holds no rule.

Everything that it asks of the services runs on workers, but for the totals, which are pure arithmetic.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from erpdesk.blueprints.defaults import DefaultKind
from erpdesk.blueprints.schema import UiSchema
from erpdesk.domain.results import ErpdeskError, Fault, Ok, Refused
from erpdesk.ui.editors.base import all_readable, can_be_taken
from erpdesk.ui.editors.held_presses import HeldPresses
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import Books, Document
from erpdesk.ui.queue.queued import QueuedVoucher
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.bill_offers import BillOffers
from erpdesk.ui.voucher.conflict import Conflict
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.entry_path import EntryPath
from erpdesk.ui.voucher.fate import show_fate, show_saved
from erpdesk.ui.voucher.fault_places import FaultPlaces, place_faults
from erpdesk.ui.voucher.followed_lines import FollowedLines
from erpdesk.ui.voucher.keeping import Keeping
from erpdesk.ui.voucher.kept_draft import Place
from erpdesk.ui.voucher.lacking import Lacking
from erpdesk.ui.voucher.leaving import ask_before_leaving, save_and_leave
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.line_splits import LineSplits
from erpdesk.ui.voucher.listed_rates import ListedRates
from erpdesk.ui.voucher.live_context import LiveContext
from erpdesk.ui.voucher.masters.in_place import MastersInPlace
from erpdesk.ui.voucher.posting_preview import PostingPreview
from erpdesk.ui.voucher.remembered_columns import remember_columns
from erpdesk.ui.voucher.sheet import CHARGES, VoucherSheet
from erpdesk.ui.voucher.stored import StoredVoucher
from erpdesk.ui.voucher.submission import POSTED, Submission
from erpdesk.ui.voucher.summary import title_of, total_of
from erpdesk.ui.voucher.typing_actions import TypingActions
from erpdesk.ui.voucher.way_back import WayBack
from erpdesk.ui.words import say

_log = logging.getLogger(__name__)
_CARRIED = (DefaultKind.LAST_VALUE, DefaultKind.CONTEXT)


class VoucherWindow(QWidget):
    """`context_changed` says that other keys may be valid now; `wants_close` that it may be taken away."""

    key_context = "voucher"
    voucher_saved = Signal(object)
    voucher_recalculated = Signal(object)
    post_started = Signal()
    post_failed = Signal(object)
    voucher_posted = Signal(object)
    wants_close = Signal()
    wants_help = Signal(object, object)
    said = Signal(str)
    field_entered = Signal(str, str)

    def __init__(self, session: Session, books: Books, schema: UiSchema, document: Document,
                 number: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("voucherWindow")
        self.setAccessibleName(schema.label)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.session, self.books, self.schema = session, books, schema
        self.draft = Draft.blank(schema, document)
        self.is_view = False
        self._place = ("", "")
        self._totals: Any = None
        self._hand_at_save: object = None
        organization = books.organization
        self.popup = LookupPopup(self)
        self.popup.group_figures(organization.digit_grouping)
        self.surroundings = Surroundings(
            session.lookups, self.popup, session.today, session.working_date,
            organization.currency_decimals, organization.digit_grouping, ListedRates(session, schema.voucher_type),
            branch=session.branch)
        self.sheet = VoucherSheet(schema, self.draft, self.surroundings, organization.base_currency, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.sheet)
        self.posting_preview = PostingPreview(organization.digit_grouping, self)
        self.submission = Submission(books.vouchers, session.requests, session.queue, self)
        self.path = EntryPath([self.sheet.header, *self._grids_on_path(), self.sheet.narration,
                               self.sheet.post_button], self)
        self._splits = LineSplits(session, books, self.sheet, self.surroundings, self)
        self._bills = BillOffers(session, books, self.sheet, self)
        self._followed = FollowedLines(session, books, self.sheet, self)
        self._connect()
        self.keeping, self.conflict = Keeping(self, session.journal, self), Conflict(self, self)
        self.typing, self._lacking = TypingActions(self), Lacking(self, self)
        self._way_back, self._presses = WayBack(self, self), HeldPresses(self, self.come_back)
        self.voucher_recalculated.connect(self._lacking.look_again)
        self.masters = MastersInPlace(session, books, self.surroundings, self)
        self.surroundings.edit_master = lambda editor, alter: self.masters.open_for(editor, alter=alter)
        self.context = LiveContext(session, books, self, schema.voucher_type, self)
        remember_columns(self.sheet.grids, session.user, schema.voucher_type)
        self.stored = StoredVoucher(self, self)
        self.offers = self.stored.offers
        self.sheet.show_number(number, is_preview=True)
        self.recalculate()

    def _grids_on_path(self) -> list[Any]:
        grids = [grid for grid in self.sheet.line_grids if not grid.is_mirror]
        charges = self.sheet.grids.get(CHARGES)
        return [*grids, charges] if charges is not None else list(grids)

    def _connect(self) -> None:
        sheet = self.sheet
        for part in (sheet.header, sheet.narration):
            part.field_accepted.connect(self._field_accepted)
            part.field_entered.connect(lambda key: self.field_entered.emit("", key))
            part.not_accepted.connect(sheet.banner.show_word)
        for grid in sheet.grids.values():
            grid.not_accepted.connect(sheet.banner.show_word)
            grid.cell_entered.connect(lambda _row, key, one=grid: self.field_entered.emit(
                one.lines.grid.key, key))
        for model in sheet.models.values():
            model.edited.connect(self._line_edited)
        self.session.lookups.arrived.connect(self._masters_arrived)
        sheet.save_button.clicked.connect(self.save)
        sheet.post_button.clicked.connect(self.accept)
        self.submission.started.connect(self._started)
        self.submission.saved.connect(self._saved)
        self.submission.unsaved.connect(self._unsaved)
        self.submission.settled.connect(self._settled)
        self.field_entered.connect(self._remember_place)

    # The clerk types

    def _remember_place(self, grid: str, key: str) -> None:
        self._place = (grid, key)

    def _grid(self, key: str) -> LineGrid | None:
        return next((one for one in self.sheet.grids.values() if one.lines.grid.key == key and not one.is_mirror), None)

    def place(self) -> Place:
        """Where the cursor is: grid (or nothing), row, field key."""
        grid, key = self._place
        shown = self._grid(grid)
        return grid, max(0, shown.here()[0]) if shown is not None else 0, key

    def summary(self) -> tuple[str, str]:
        """With whom or where it is, and how much."""
        return title_of(self.draft, self.surroundings.lookups), total_of(self._totals, self.books.organization)

    def come_back(self) -> None:
        """Put the cursor where it was before it left the window."""
        if self.masters.come_back():
            return
        if self.is_view:
            self.start()
        else:
            self.enter(*self.place())

    def enter(self, grid: str, row: int, key: str) -> None:
        """Put the cursor into a field of the header, the narration or a grid; else to the beginning."""
        shown, sheet = self._grid(grid), self.sheet
        if not (shown.enter(row, key) if shown is not None else sheet.header.enter(key) or sheet.narration.enter(key)):
            self.start()

    def start(self) -> None:
        """Put the cursor at the beginning of the path; what is only read has it as a whole."""
        if self.is_view:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.path.start()

    def _field_accepted(self, _key: str) -> None:
        self._quiet_banner()
        for model in self.sheet.models.values():
            model.fill_again()
        self.recalculate()

    def _line_edited(self, _row: int, _key: str) -> None:
        self.draft.is_changed = True
        self._quiet_banner()
        self.recalculate()

    def _quiet_banner(self) -> None:
        if self.sheet.banner.fault is None:
            self.sheet.banner.clear()

    def _masters_arrived(self, _kind: str) -> None:
        for model in self.sheet.models.values():
            model.refresh()

    def recalculate(self) -> None:
        """Totals, charges and line amounts anew; local arithmetic, tolerant of what isn't finished."""
        self.posting_preview.hide()
        currency, own = str(self.draft.header.values.get("currency") or ""), self.books.organization.currency_decimals
        if self.surroundings.use_currency(currency, own):
            self._masters_arrived(currency)
        try:
            totals = self.books.vouchers.recalculate(self.draft.document(), self.schema.version)
        except ErpdeskError as error:
            _log.info("no totals: %s", error)
            return
        self._totals = totals
        self.sheet.show_totals(totals)
        self.voucher_recalculated.emit(totals)

    def commit(self) -> None:
        """Everything that stands in an editor goes into the draft."""
        self._splits.take()
        self.sheet.header.take_all()
        self.sheet.narration.take_all()
        for grid in self.sheet.grids.values():
            grid.commit()

    # Save and post

    def accept(self) -> None:
        """Hand what is typed to the posting queue, exactly as it is; the next blank voucher is there at once."""
        if self.is_view or not can_be_taken(self.focusWidget()) or not all_readable(self):
            return
        self.commit()
        if self._says_blank() or self._lacking.says(self._totals) or self.conflict.compare():
            return
        self.keeping.hand_over()
        self.submission.post(self.draft, self.place(), *self.summary())
        self._begin_next()

    def save(self) -> None:
        """Save a draft; typing goes on meanwhile."""
        if self.is_view or self.submission.is_saving or not all_readable(self):
            return
        self.commit()
        if self._says_blank() or self.conflict.compare():
            return
        self.submission.save(self.draft)

    def _says_blank(self) -> bool:
        """Whether nothing is typed; said so, unless the banner tells of the voucher before."""
        if self.draft.is_blank and not self.sheet.banner.text:
            self.sheet.banner.show_word(say("Nothing is typed yet"), tone="warning")
        return self.draft.is_blank

    def _started(self, is_post: bool) -> None:
        if not is_post:
            self.sheet.save_button.setEnabled(False)
            self._hand_at_save = self._hand()
            return
        self.sheet.mark(FaultPlaces())
        self.sheet.stepper.start()
        self.sheet.banner.show_word(say("Accepted; it is being posted"), tone="")
        self.post_started.emit()

    def _saved(self, result: Ok[Any], draft: Draft) -> None:
        self.sheet.save_button.setEnabled(True)
        is_posted = result.value.status == POSTED
        if is_posted and draft is self.draft:
            self.keeping.forget()
            if not draft.begin_anew():
                self._begin_next()
            self.ask_number()
        if draft is self.draft or is_posted:
            show_saved(result, self.sheet, is_posted=is_posted)
        (self.voucher_posted if is_posted else self.voucher_saved).emit(result.value)

    def _unsaved(self, refusal: Refused, draft: Draft) -> None:
        self.sheet.save_button.setEnabled(True)
        if draft is self.draft:
            self.show_refusal(refusal, enter=self._hand() == self._hand_at_save)

    def _settled(self, voucher: QueuedVoucher) -> None:
        """The queue knows what became of a voucher accepted here: nothing moves but the marks that tell of it."""
        show_fate(voucher, self.sheet, is_latest=voucher.key == self.submission.latest)
        if voucher.refusal is not None:
            self.post_failed.emit(voucher.refusal)
        else:
            done = self.voucher_posted if self.submission.is_posted(voucher) else self.voucher_saved
            done.emit(voucher.result.value)
        self.ask_number()

    def _hand(self) -> tuple[Place, str]:
        """Where the clerk is and what stands there: another one later means that typing went on."""
        return self.place(), getattr(self.focusWidget(), "text", str)()

    def show_refusal(self, refusal: Refused, *, enter: bool = True) -> None:
        """Show at which step it failed and why; the cursor goes to the first fault, unless typing has gone on."""
        self.sheet.stepper.fail(refusal.first.step, refusal.first.code)
        self.show_faults(refusal.faults, enter=enter)
        self.conflict.note(refusal)

    def show_faults(self, faults: tuple[Fault, ...], *, enter: bool = True) -> None:
        """Mark every fault at its place and put the cursor at the first."""
        rows = {key: model.counted_rows() for key, model in self.sheet.models.items()}
        places = place_faults(faults, self.schema, rows)
        self.sheet.mark(places)
        self.sheet.banner.show_fault(faults[0], len(faults) - 1)
        if enter and not self.sheet.enter_first_fault(places) and self.hasFocus():
            self.sheet.post_button.enter_first()

    def preview(self) -> None:
        """Show journal and stock as they would be posted; shown already: take them away."""
        if self.posting_preview.put_away() or not all_readable(self):
            return
        self.commit()
        self.popup.hide()
        document, vouchers = self.draft.document(), self.books.vouchers
        self.session.background.submit(
            self, lambda: vouchers.preview(document, self.schema.version), self.posting_preview.show_plan,
            lambda refusal: self.sheet.banner.show_fault(refusal.first, len(refusal.faults) - 1))

    # The next voucher

    def _begin_next(self) -> None:
        """A blank voucher in the same widgets, the date and what is to be as last time carried."""
        before = self.draft.header.values
        carried = {"date": before.get("date") or self.session.working_date.isoformat(),
                   "branch": self.surroundings.branch}
        draft = Draft.blank(self.schema, carried)
        for field in self.schema.header:
            if field.default is not None and field.default.kind in _CARRIED:
                draft.header.supply(field.key, before.get(field.key))
        self._bills.forget()
        self._followed.forget()
        self.set_draft(draft)
        self.start()

    def set_draft(self, draft: Draft) -> None:
        """Go on with another draft in the same widgets."""
        self.draft = draft
        for grid in self.sheet.grids.values():
            grid.close_cell()
        for key, model in self.sheet.models.items():
            model.header_line = draft.header
            model.replace_lines(draft.rows.get(key, []))
            draft.rows[key] = model.lines
        self.sheet.header.set_draft(draft)
        self.sheet.narration.set_draft(draft)
        self.sheet.status.setText("")
        self.recalculate()

    def ask_number(self) -> None:
        """Show the number that the voucher would get now."""
        document, kind = self.draft.document(), self.schema.voucher_type
        vouchers = self.books.vouchers
        self.session.background.submit(
            self, lambda: vouchers.next_number(kind, document),
            lambda number: self.sheet.show_number(number, is_preview=True), lambda _refusal: None)

    # Actions

    def perform(self, action: str) -> bool:
        """Do an action of the voucher's context."""
        if action == "compare":
            return self.conflict.compare()
        header = self.sheet.header
        actions: dict[str, Callable[[], object]] = {
            "accept": self.accept, "save": self.save, "date": lambda: self._way_back.jump("date"), "help": self._help,
            "details": header.toggle_details, "leave": self.leave, "next_field": lambda: header.step_aside(1),
            "previous_field": lambda: header.step_aside(-1), "preview": self.preview, **self.typing.actions,
            **self.stored.actions}
        done = actions.get(action)
        if done is not None:
            done()
        return done is not None

    def perform_chord(self, chord: str) -> bool:
        """No chords beyond the profile."""
        return False

    def _help(self) -> None:
        self.wants_help.emit(self.sheet.banner.fault, getattr(self.focusWidget(), "field", None))

    def take_chord_first(self, chord: str) -> bool:
        """Esc closes the preview before anybody else hears of it."""
        return chord == "Esc" and self.posting_preview.put_away()

    def leave(self) -> None:
        """Close; asked only if something would be lost. A preview that lies over the voucher goes first."""
        if self.posting_preview.put_away():
            return
        self.commit()
        if self.is_view or not self.draft.is_changed or self.draft.is_blank:
            self.wants_close.emit()
            return
        ask_before_leaving(self, self.schema.label, self.wants_close.emit,
                           lambda: save_and_leave(self.submission, self.save, self.wants_close.emit))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not route_key(self, event):
            event.ignore()
