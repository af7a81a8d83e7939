"""A session: the desk once it is open, the organization worked in, and what every part of the window shares.

The window is there before the database is; `state_changed` tells how far the connection is, `opened` when the books of
an organization are at hand, `left` that another comes into sight, `spoken` that another language is in use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from erpdesk.domain.organization import OrganizationInfo
from erpdesk.domain.results import NoDatabaseError, Refused
from erpdesk.ui.approval_watch import ApprovalWatch
from erpdesk.ui.calendars import use_calendar
from erpdesk.ui.configured_words import say_fault
from erpdesk.ui.figures import use_grouping
from erpdesk.ui.journal.folder import left_behind
from erpdesk.ui.journal.journal import Journal
from erpdesk.ui.lookups.cache import LookupCache
from erpdesk.ui.lookups.freshness import Freshness
from erpdesk.ui.ports import Books, Desk, PriceBook, VoucherTypeInfo
from erpdesk.ui.queue.posting_queue import TALLY, PostingQueue
from erpdesk.ui.queue.queued import QueuedVoucher
from erpdesk.ui.reconnection import Reconnection
from erpdesk.ui.requests import Requests
from erpdesk.ui.words import language_in_use, to_say, use_language
from erpdesk.ui.workplace import Entered, Workplace, enter

CONNECTING, CONNECTED, LOST, EMPTY = "connecting", "connected", "lost", "empty"
OpenDesk = Callable[[Callable[[str], None]], Desk]


@dataclass(frozen=True, slots=True)
class _Opened:
    """What opening brings back from the worker."""

    desk: Desk
    organizations: tuple[OrganizationInfo, ...]
    entered: Entered | None


class Session(QObject):
    """One person at one database. `requests` is the lane of saves and posts, `browsing` of pages of registers and of
    vouchers beside the one in sight, `background` of everything else. `left` and `place_changed` carry the workplace
    that goes out of sight and the one that comes; `settled` a voucher answered for the one in sight, `elsewhere` for
    another. `doors` opens the database of a connection profile ("" the one on this computer), where there is a choice;
    `profile` is the one that was chosen."""

    state_changed = Signal(str, str)
    opened = Signal()
    left = Signal(object)
    place_changed = Signal(object)
    settled = Signal(object)
    elsewhere = Signal(object, object)
    queues_changed = Signal()
    said = Signal(str)
    spoken = Signal()
    working_date_changed = Signal()
    branch_changed = Signal()
    types_changed = Signal()
    _progress = Signal(str)

    def __init__(self, open_desk: OpenDesk, organization: str = "", parent: QObject | None = None, *,
                 journal: Path | None = None) -> None:
        super().__init__(parent)
        self._open_desk = open_desk
        self._wanted, self._journals = organization, journal
        self.doors: Callable[[str], OpenDesk] | None = None
        self.profile = ""
        self.refusal: Refused | None = None
        self.requests = Requests("vouchers", self)
        self.background = Requests("reading", self)
        self.browsing = Requests("browsing", self)
        self.desk: Desk | None = None
        self._woken: list[Desk] = []
        self.organizations: tuple[OrganizationInfo, ...] = ()
        self.place = self._made_place()
        self.places: dict[str, Workplace] = {}
        self.state, self.state_text = CONNECTING, to_say("starting…")
        self.language = ""
        self.reconnection = Reconnection(self, self)
        self.approval_watch = ApprovalWatch(lambda: (
            self.books if self.state == CONNECTED else None, self.freshness.lane, self.permissions), self)
        self.opened.connect(self.approval_watch.begin)
        self._progress.connect(lambda text: self._set_state(CONNECTING, text))

    # What is at hand of the organization worked in

    @property
    def journal(self) -> Journal:
        """What keeps all that is typed."""
        return self.place.journal

    @property
    def queue(self) -> PostingQueue:
        """What sends accepted vouchers."""
        return self.place.queue

    @property
    def lookups(self) -> LookupCache:
        """Masters."""
        return self.place.lookups

    @property
    def freshness(self) -> Freshness:
        """What keeps masters fresh."""
        return self.place.freshness

    @property
    def prices(self) -> PriceBook | None:
        """Price lists, once read."""
        return self.place.prices

    @property
    def books(self) -> Books | None:
        """The books worked in, once open."""
        return self.place.books

    @property
    def types(self) -> tuple[VoucherTypeInfo, ...]:
        """The active voucher types."""
        return self.place.types

    @property
    def enterable(self) -> tuple[VoucherTypeInfo, ...]:
        """Those of them that the user may enter."""
        return tuple(kind for kind in self.types if kind.may_enter)

    @property
    def permissions(self) -> frozenset[str]:
        """What the person may do."""
        return self.place.permissions

    @property
    def today(self) -> date:
        """The server's day."""
        return self.place.today

    @property
    def working_date(self) -> date:
        """The day that blank vouchers begin with."""
        return self.place.working_date

    @property
    def branch(self) -> str:
        """The branch that blank vouchers begin with, if one was chosen."""
        return self.place.branch

    @property
    def organization(self) -> OrganizationInfo | None:
        """The organization worked in, once known."""
        return self.place.organization

    @property
    def user(self) -> str:
        """Who works here."""
        return self.desk.user if self.desk is not None else ""

    # Opening

    def open(self, open_desk: OpenDesk | None = None, organization: str = "") -> None:
        """Reach for the database, on a worker: the one known, or another from now on."""
        self._open_desk = open_desk or self._open_desk
        self._wanted = organization or self._wanted
        self._set_state(CONNECTING, to_say("starting…"))
        self.background.submit(self, self._opening, self._take, self._failed)

    def reach_again(self) -> None:
        """Reach for the database without a word. Blocks, raises what goes wrong; for `Reconnection` only."""
        if self.desk is None:
            raise NoDatabaseError("NET-001", "The database isn't open yet.", retryable=True)
        try:
            self.desk.organizations()
        except NoDatabaseError:
            if not getattr(self.desk, "is_embedded", False):
                raise
            self._woken.append(self._open_desk(lambda _text: None))

    def lose(self, refusal: Refused) -> None:
        """Nobody answers any more: what is accepted waits."""
        self._reach(False)
        self._set_state(LOST, say_fault(refusal.first))

    def find_again(self) -> None:
        """The server answers again: what waits is sent."""
        self._set_state(CONNECTED, to_say("connected"))
        self._reach(True)

    def _reach(self, reachable: bool) -> None:
        for place in self.workplaces:
            if place.books is not None or place is self.place:
                place.queue.reach(reachable)

    def _opening(self) -> _Opened:
        desk = self._open_desk(self._progress.emit)
        organizations = tuple(desk.organizations())
        if not organizations:
            return _Opened(desk, (), None)
        codes = [organization.code for organization in organizations]
        return _Opened(desk, organizations, enter(desk, self._wanted if self._wanted in codes else codes[0]))

    def _take(self, opened: _Opened) -> None:
        self.reconnection.reached()
        self.desk, self.organizations = opened.desk, opened.organizations
        if opened.entered is None:
            self._set_state(EMPTY, to_say("no organization"))
            return
        self._settle(self.place, opened.entered)
        self._begin()
        self._look_elsewhere()

    def _settle(self, place: Workplace, entered: Entered) -> None:
        place.settle(entered, self.user)
        self.places[entered.books.organization.code] = place

    def _begin(self) -> None:
        """The organization of the workplace is in sight now."""
        organization = self.organization
        assert organization is not None
        use_calendar(organization.calendar)
        use_grouping(organization.digit_grouping)
        self._speak(self.language or organization.language)
        self._set_state(CONNECTED, to_say("connected"))
        self.opened.emit()
        self.place.read()

    # Another organization, branch, day

    @property
    def workplaces(self) -> tuple[Workplace, ...]:
        """All that are known, the one in sight first."""
        return (self.place, *(place for place in self.places.values() if place is not self.place))

    def work_in(self, code: str, then: Callable[[Refused | None], object] = lambda _refusal: None) -> None:
        """Work in an organization: at once in one that was worked in before, else when its books are read. `then`
        hears of it, or of what stood in the way."""
        desk, known = self.desk, self.places.get(code)
        if desk is None or known is not None:
            if known is not None and known is not self.place:
                self._come_to(known)
            then(None)
            return

        def entered(answer: tuple[Entered, tuple[OrganizationInfo, ...]]) -> None:
            self.organizations = answer[1]
            place = self.place if self.place.books is None else self.places.get(code) or self._made_place()
            if code not in self.places:
                self._settle(place, answer[0])
            self._come_to(place)
            then(None)

        def failed(refusal: Refused) -> None:
            then(refusal)

        self.background.submit(self, lambda: (enter(desk, code), tuple(desk.organizations())), entered,
                               failed)

    def _come_to(self, place: Workplace) -> None:
        if place is not self.place:
            self.left.emit(self.place)
            self.place.rest()
            self.place = place
            self.place_changed.emit(place)
        self._begin()
        self.queues_changed.emit()

    def work_on(self, day: date) -> None:
        """Blank vouchers begin on this day from now on."""
        self.place.working_date = day
        self.working_date_changed.emit()

    def work_for(self, branch: str) -> None:
        """Blank vouchers begin with this branch from now on."""
        self.place.branch = branch
        self.branch_changed.emit()

    @property
    def chosen_day(self) -> str:
        """The working date, if it is another day than today; else nothing."""
        return self.working_date.isoformat() if self.working_date != self.today else ""

    def _look_elsewhere(self) -> None:
        """What was accepted for other organizations before a crash is sent, whether anybody looks there or not."""
        root, desk, here = self._journals, self.desk, self.organization
        others = {str(one.id): one.code for one in self.organizations if one != here}
        if root is None or desk is None or not others:
            return
        user = desk.user

        def look() -> list[Entered]:
            return [enter(desk, code) for identity, code in others.items() if left_behind(root, identity, user, TALLY)]

        def found(there: list[Entered]) -> None:
            for entered in there:
                if entered.books.organization.code not in self.places:
                    self._settle(self._made_place(), entered)
            self.queues_changed.emit()

        self.background.submit(self, look, found, lambda _refusal: None)

    def _made_place(self) -> Workplace:
        place = Workplace(self.requests, self.background, self._journals, self)
        place.refused.connect(lambda refusal: self.said.emit(say_fault(refusal.first)))
        place.types_changed.connect(self.types_changed)
        place.queue.changed.connect(self.queues_changed)
        place.queue.settled.connect(lambda voucher: self._settled(place, voucher))
        return place

    def _settled(self, place: Workplace, voucher: QueuedVoucher) -> None:
        if place is self.place:
            self.settled.emit(voucher)
        else:
            self.elsewhere.emit(place, voucher)

    # Language

    def speak(self, language: str) -> None:
        """Show texts in the language that the person chose, whatever the organization's is."""
        self.language = language
        self._speak(language)

    def _speak(self, language: str) -> None:
        before = language_in_use()
        use_language(language)
        if language_in_use() != before:
            self.spoken.emit()

    def _failed(self, refusal: Refused) -> None:
        self.refusal = refusal
        self._set_state(LOST, say_fault(refusal.first))

    def _set_state(self, state: str, text: str) -> None:
        self.state, self.state_text = state, text
        self.state_changed.emit(state, text)

    def type_info(self, code: str) -> VoucherTypeInfo | None:
        """The voucher type of a code."""
        return next((kind for kind in self.types if kind.code == code), None)

    def close(self) -> None:
        """Finish what is under way, then give the desk back."""
        self.approval_watch.stop()
        self.requests.stop()
        self.background.stop()
        for place in self.workplaces:
            place.stop()
        self.browsing.stop()
        self.reconnection.stop()
        for place in self.workplaces:
            place.journal.close()
        for desk in (self.desk, *self._woken):
            if desk is not None:
                desk.close()
