"""The main window: puts strip, pages, bar and overlays together and says who opens what. It holds no rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from erpdesk.ui.keys.profile import key_profile
from erpdesk.ui.keys.routing import route_chord, route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import theme
from erpdesk.ui.window.anywhere import Anywhere, LastUsed, open_master
from erpdesk.ui.window.button_bar import ButtonBar, Key, keys_around
from erpdesk.ui.window.closing import ask_before_closing, nothing_is_pending, open_count
from erpdesk.ui.window.destinations import (
    BEGIN,
    ELSEWHERE,
    MASTER,
    REGISTER,
    REPORT,
    SCREEN,
    STORED,
    VOUCHER_TYPE,
    Destination,
    register_destinations,
    report_destinations,
    screen_destinations,
    type_chord,
    type_destinations,
)
from erpdesk.ui.window.first_start import FirstStart
from erpdesk.ui.window.gateway import Gateway
from erpdesk.ui.window.language import LANGUAGE, language_destinations
from erpdesk.ui.window.look import Look
from erpdesk.ui.window.lying_over import LyingOver
from erpdesk.ui.window.opener import Opener
from erpdesk.ui.window.pages import Pages
from erpdesk.ui.window.queue_line import ProgressLine, QueueLine
from erpdesk.ui.window.recovery import Recovery
from erpdesk.ui.window.strip import ContextStrip
from erpdesk.ui.window.switching import Switching, organization_destinations
from erpdesk.ui.words import say

if TYPE_CHECKING:
    from erpdesk.blueprints.fields import Field
    from erpdesk.domain.results import Fault
    from erpdesk.ui.queue.queued import QueuedVoucher
    from erpdesk.ui.window.remembered_tabs import RememberedTabs


_REMEMBERED_KINDS = (VOUCHER_TYPE, REPORT, SCREEN, REGISTER, MASTER, STORED)


class MainWindow(LyingOver):
    """`first_painted` fires once, when the first field can be typed into."""

    key_context = "window"
    first_painted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("erpdesk")
        self.session = session
        self._is_painted = self._is_closing = False
        self._arriving = QTimer(self)
        self._arriving.setSingleShot(True)
        self.strip, self.pages, self.bar = ContextStrip(session, self), Pages(self), ButtonBar(self)
        self.gateway = Gateway(session, self)
        self.queue, self.progress = QueueLine(session, self), ProgressLine(session, self)
        self.opener = Opener(session, self.pages, self.queue, self)
        self.recovery = self.new_recovery()
        self.tabs: RememberedTabs | None = None
        self.used = LastUsed()
        self.switching, self.beginning = Switching(self, self, session), FirstStart(self, self, session)
        self.look = Look(self)
        self._lay_out()
        self.pages.add(self.gateway, say("Gateway"))
        self._connect()
        self.resize(theme().size("window_width"), theme().size("window_height"))
        self.setMinimumSize(theme().size("window_minimum_width"), theme().size("window_minimum_height"))

    def _lay_out(self) -> None:
        inside = QWidget(self)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addWidget(self.progress)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.pages, 1)
        edge = QFrame(inside)
        edge.setProperty("role", "edge")
        edge.setFixedWidth(theme().space("hair"))
        middle.addWidget(edge)
        middle.addWidget(self.bar)
        layout.addLayout(middle, 1)
        layout.addWidget(self.queue)
        self.setCentralWidget(inside)

    def _connect(self) -> None:
        self.bar.follow(self.refresh_bar)
        self.gateway.chosen.connect(self.go)
        self.bar.pressed.connect(self._pressed)
        self.pages.page_changed.connect(self._page_changed)
        self.opener.wants_choice.connect(lambda found: self.go_to.open_with(
            [Destination(STORED, code, label, say("Tied vouchers")) for code, label in found]))
        self.opener.wants_help.connect(self._explain)
        self.session.state_changed.connect(self._state_changed)
        self.session.opened.connect(self.bar.ask_soon)
        self.session.types_changed.connect(self.bar.ask_soon)
        self.opener.keys_changed.connect(self.bar.ask_soon)
        self.opener.voucher_opened.connect(self.bar.ask_soon)
        self.opener.voucher_opened.connect(lambda _voucher: self._close_help())
        self.session.opened.connect(self._say_key_faults)
        self.session.said.connect(self.queue.say)
        self.session.spoken.connect(self._say_again)
        QApplication.instance().focusChanged.connect(self.bar.ask_soon)  # type: ignore[union-attr]
        QApplication.instance().focusChanged.connect(self._arriving.start)  # type: ignore[union-attr]
        self._arriving.timeout.connect(self._arrived)

    def new_recovery(self) -> Recovery:
        """What offers again what was typed in the organization in sight: while the gateway is, nothing typed there."""
        journal = self.session.journal
        return Recovery(journal, self, lambda: journal is self.session.journal and self.pages.current is self.gateway
                        and not self.gateway.places.field.text(), self.opener.resume, self.queue.say)

    # Going places

    def go(self, place: Destination) -> None:
        """Go to a destination."""
        if (organization := self.session.organization) is not None and place.kind in _REMEMBERED_KINDS:
            self.used.note(organization.code, place)
        if place.kind == VOUCHER_TYPE:
            self.opener.open_type(place.code, place.label)
        elif place.kind == REPORT:
            self.opener.open_report(place.code)
        elif place.kind == LANGUAGE:
            self.speak(place.code)
        elif place.kind == SCREEN:
            self.opener.open_screen(place.code)
        elif place.kind == REGISTER:
            self.opener.open_register(place.code)
        elif place.kind == STORED:
            self.opener.open_voucher(place.code)
        elif place.kind == MASTER:
            open_master(place, self.opener.open_screen, lambda: self.pages.current)
        elif place.kind == BEGIN:
            self.beginning.open()
        elif place.kind == ELSEWHERE:
            self.beginning.choose_place()
        else:
            self.switching.go(place)

    def _type_places(self) -> list[Destination]:
        return type_destinations(self.session.enterable, key_profile())

    def _go_anywhere(self) -> None:
        may = self.session.permissions
        places = [*self._type_places(), *report_destinations(may), *screen_destinations(may),
                  *register_destinations(self.session.types), *language_destinations(),
                  *organization_destinations(self.session)]
        organization = self.session.organization
        anywhere = Anywhere(self.session, places, self.used.of(organization.code if organization is not None else ""))
        self.go_to.open_with(anywhere.at_first, anywhere.found)

    def _go_to_type(self) -> None:
        self.go_to.open_with(self._type_places())

    def show_queued(self, voucher: QueuedVoucher) -> None:
        """Open a voucher of the queue: refused ones to be typed on."""
        if voucher.refusal is not None:
            self.opener.reopen(voucher)
        else:
            self.opener.open_voucher(voucher.number)

    def _reopen_refused(self) -> None:
        refused = self.session.queue.refused
        if refused:
            self.opener.reopen(refused[-1])
        else:
            self.queue.say(say("No voucher was refused"))

    # Actions

    def perform(self, action: str) -> bool:
        """Do an action of the window's context."""
        if (word := self.look.perform(action)) is not None:
            self.queue.say(word)
            return True
        actions: dict[str, Callable[[], None]] = {
            "go_to": self._go_anywhere, "any_type": self._go_to_type, "help": self._help,
            "all_keys": lambda: self.keys_page.open(), "next_tab": lambda: self.pages.turn(1),
            "previous_tab": lambda: self.pages.turn(-1),
            "language": lambda: self.go_to.open_with(language_destinations(), asks=say("Language")),
            "date": self.ask_date, "quit": self._quit, "switch": self.switching.offer,
            "queue": lambda: self.queue_list.open(), "reopen": self._reopen_refused,
        }
        done = actions.get(action)
        if done is not None:
            done()
        return done is not None

    def perform_chord(self, chord: str) -> bool:
        """The key of a voucher type opens it."""
        profile = key_profile()
        types = self.session.types
        kind = next((one for one in self.session.enterable if type_chord(one, profile, types) == chord), None)
        if kind is not None:
            self.opener.open_type(kind.code, say(kind.label))
        return kind is not None

    def take_chord_first(self, chord: str) -> bool:
        """Esc and F1 close the help that lies over the window."""
        return chord in ("Esc", "F1") and self._close_help()

    def _close_help(self) -> bool:
        """Whether help lay over the window; it speaks of one fault or field, and goes when another voucher comes."""
        panel = self.findChild(QFrame, "helpPanel")
        if panel is None or not panel.isVisible():
            return False
        panel.hide()
        return True

    def _help(self) -> None:
        self.keys_page.open()

    def _explain(self, fault: Fault | None, field: Field | None) -> None:
        """Help on a fault or a field; where there is neither, on the keys."""
        if fault is None and field is None:
            self.keys_page.open()
        else:
            self.help.explain(fault, field)

    def ask_date(self) -> None:
        """Ask for the working date."""
        if self.session.organization is not None:
            self.working_date.open()

    def speak(self, language: str) -> None:
        """Another language from now on; what is open keeps its words, so that nothing moves under the hands."""
        self.session.speak(language)
        if len(self.pages.pages()) > 1:
            self.queue.say(say("What is open keeps its language until it is opened again"))
        self.pages.come_back()

    def _say_again(self) -> None:
        """Everything that stays in sight, in the language in use."""
        self.pages.bar.setTabText(0, say("Gateway"))
        self.gateway.refresh()
        self.strip.refresh()
        self.queue.say_counts()
        self.bar.setAccessibleName(say("Keys"))
        self.refresh_bar()

    def _quit(self) -> None:
        self.close()

    def _pressed(self, chord: str) -> None:
        focus = QApplication.focusWidget()
        route_chord(focus if focus is not None and focus.window() is self else self.pages.current, chord)

    # The bar

    def _page_changed(self) -> None:
        if self.isVisible():
            self.pages.come_back()
        self.bar.ask_soon()
        self.recovery.offer()

    def _arrived(self) -> None:
        """The cursor has come to where it stays."""
        focus = QApplication.focusWidget()
        if focus is not None:
            self.pages.keep_in_sight(focus)
        self.hide_what_was_left()

    def refresh_bar(self) -> None:
        """The keys that are valid where the cursor is."""
        focus = QApplication.focusWidget()
        inside = focus if focus is not None and focus.window() is self else self.pages.current
        here = self.opener.type_of(self.pages.current)
        profile = key_profile()
        around = keys_around(inside)
        taken = {key.chord for key in around}
        types = [Key(chord, say(kind.label), marked=kind.code == here) for kind in self.session.enterable
                 if (chord := type_chord(kind, profile, self.session.types)) and self._is_shown(chord)
                 and chord not in taken]
        self.bar.show_keys([sorted(types, key=lambda key: (len(key.chord), key.chord)), around])

    def _is_shown(self, chord: str) -> bool:
        """Function keys always; with a modifier only at the gateway, where there is room."""
        return "+" not in chord or (self.pages.current is self.gateway and chord.startswith("Alt+"))

    def _say_key_faults(self) -> None:
        for fault in key_profile().faults[:1]:
            self.queue.say(str(fault))

    def _state_changed(self, _state: str, text: str) -> None:
        organization = self.session.organization
        self.setWindowTitle(f"erpdesk — {organization.name}" if organization is not None else "erpdesk")
        self.queue.say_state(text)

    # Qt

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not route_key(self, event):
            event.ignore()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.gateway.start()
        self.refresh_bar()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.first_painted.emit)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        unsaved = self.opener.first_unsaved()
        if unsaved is not None:
            self.pages.show_page(unsaved)
            unsaved.leave()
            event.ignore()
            return
        if self.switching.show_unsaved():
            event.ignore()
            return
        if not self._is_closing and not nothing_is_pending(self.session):
            event.ignore()
            ask_before_closing(self, self.session, self._close_now, self._close_when_posted)
            return
        self.opener.forget_kept()
        super().closeEvent(event)

    def _close_now(self) -> None:
        self._is_closing = True
        self.close()

    def _close_when_posted(self) -> None:
        self.session.queues_changed.connect(self._close_if_posted)
        self._close_if_posted()

    def _close_if_posted(self) -> None:
        if not open_count(self.session):
            self.session.queues_changed.disconnect(self._close_if_posted)
            self.close()
