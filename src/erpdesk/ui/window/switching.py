"""Switching: another organization or branch comes into sight; the pages of the one left are kept until it is back.

Keys typed while an organization is opened are held for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from erpdesk.domain.results import Refused
from erpdesk.ui.configured_words import coded
from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.session import Session
from erpdesk.ui.window.destinations import Destination, begin_destinations
from erpdesk.ui.window.opener import Opener
from erpdesk.ui.window.pages import Aside, Pages
from erpdesk.ui.window.queue_line import QueueLine
from erpdesk.ui.window.recovery import Recovery
from erpdesk.ui.window.strip import ContextStrip, first_branch
from erpdesk.ui.words import say
from erpdesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from erpdesk.ui.voucher.draft import Draft
    from erpdesk.ui.window.overlays import GoTo

ORGANIZATION, BRANCH = "organization", "branch"


class SwitchedWindow(Protocol):
    """The window as seen from here."""

    pages: Pages
    opener: Opener
    queue: QueueLine
    strip: ContextStrip
    recovery: Recovery

    @property
    def go_to(self) -> GoTo: ...
    def ask_date(self) -> None: ...
    def new_recovery(self) -> Recovery: ...
    def forget_queue_list(self) -> None: ...


def organization_destinations(session: Session) -> list[Destination]:
    """The branches of the organization in sight, then every organization of the person's."""
    here = session.organization
    if here is None:
        return []
    branches = [one for one in here.branches if one.is_active]
    found = [Destination(BRANCH, one.code, f"{one.code}   {one.name}", say("Branches of {organization}",
                                                                          organization=here.name))
             for one in branches] if len(branches) > 1 else []
    return found + [Destination(ORGANIZATION, one.code, f"{one.name}   {one.code}{_waiting(session, one.code)}",
                                say("Organizations")) for one in session.organizations] + begin_destinations()


def _waiting(session: Session, code: str) -> str:
    """How many accepted vouchers of an organization aren't posted yet, where there are any."""
    place = session.places.get(code)
    waiting = place.queue.open_count + len(place.queue.refused) if place is not None else 0
    return f"   {say('{number} in the queue', number=waiting)}" if waiting else ""


class Switching(QObject):
    """Follows the session; the window's list of places leads here."""

    def __init__(self, window: SwitchedWindow, over: QWidget, session: Session) -> None:
        super().__init__(over)
        self._window, self._session = window, session
        self._asides: dict[Workplace, Aside] = {}
        self._recoveries: dict[Workplace, Recovery] = {session.place: window.recovery}
        self._held = HeldKeys(over)
        window.strip.place_pressed.connect(self.offer)
        window.strip.day_pressed.connect(window.ask_date)
        session.left.connect(self._put_aside)
        session.place_changed.connect(self._follow)
        session.branch_changed.connect(self._tell_blank_vouchers)

    def offer(self) -> None:
        """Show where one may switch to."""
        if places := organization_destinations(self._session):
            self._window.go_to.open_with(places, asks=say("Organization, branch"))

    def go(self, place: Destination) -> None:
        """Switch to an organization or a branch."""
        if place.kind == BRANCH:
            self._session.work_for(place.code)
            self._window.queue.say(say("New vouchers are for branch {branch}", branch=place.code))
            self._window.pages.come_back()
        elif place.kind == ORGANIZATION:
            self.work_in(place.code)

    def work_in(self, code: str) -> None:
        """Switch to an organization; the keys typed meanwhile are meant for it."""
        if self._held.is_holding:
            return
        self._window.pages.come_back()
        self._held.hold()
        self._session.work_in(code, self._arrived)

    def _arrived(self, refusal: Refused | None) -> None:
        if refusal is not None:
            self._window.queue.say(coded(refusal.first))
        self._window.pages.come_back()
        self._held.give()

    def asides(self) -> dict[str, Aside]:
        """The pages out of sight, by the code of their organization."""
        return {place.organization.code: kept for place, kept in self._asides.items() if place.organization is not None}

    # What belongs to an organization

    def _put_aside(self, place: Workplace) -> None:
        self._asides[place] = self._window.pages.put_aside()

    def _follow(self, place: Workplace) -> None:
        window = self._window
        window.forget_queue_list()
        if place not in self._recoveries:
            self._recoveries[place] = window.new_recovery()
        window.recovery = self._recoveries[place]
        if (kept := self._asides.pop(place, None)) is not None:
            window.pages.bring_back(kept)

    def _tell_blank_vouchers(self) -> None:
        """Vouchers in which nothing is typed yet are for the branch that was chosen."""
        organization = self._session.organization
        branch = self._session.branch or (first_branch(organization) if organization is not None else "")
        for page in self._window.pages.pages():
            if (surroundings := getattr(page, "surroundings", None)) is not None:
                surroundings.branch = self._session.branch
            if self._window.opener.is_untouched(page):
                draft: Draft = page.draft  # type: ignore[attr-defined]
                if draft.schema.header_field("branch") is not None and draft.header.supply("branch", branch):
                    page.sheet.header.show_values()  # type: ignore[attr-defined]
                    page.ask_number()  # type: ignore[attr-defined]

    # Closing

    def show_unsaved(self) -> bool:
        """Have a voucher of another organization ask, in sight, if something typed in it would be lost."""
        for place, kept in self._asides.items():
            unsaved = self._window.opener.unsaved_among(page for page, _ in kept.pages)
            if unsaved is not None and place.organization is not None:
                self._session.work_in(place.organization.code)
                self._window.pages.show_page(unsaved)
                unsaved.leave()
                return True
        return False

