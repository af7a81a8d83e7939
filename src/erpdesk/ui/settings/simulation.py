"""The simulation: the form at its full size on the unsaved settings, filled by hand, and the posting it would make.

Nothing that is typed here is kept anywhere; the plan is made by the same planning as every preview.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from erpdesk.domain.results import ErpdeskError, Refused
from erpdesk.services.candidates import Looked
from erpdesk.ui.configured_words import schema_in_language
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.keyed_button import print_key
from erpdesk.ui.keys.profile import key_profile
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.overriding import override
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.entry_path import EntryPath
from erpdesk.ui.voucher.fault_places import place_faults
from erpdesk.ui.voucher.listed_rates import UnsavedRates
from erpdesk.ui.voucher.posting_preview import PostingPreview
from erpdesk.ui.voucher.sheet import CHARGES, VoucherSheet
from erpdesk.ui.words import say


class Simulation(QWidget):
    """`closed` says that the settings are wanted again."""

    key_context = "simulation"
    keeps_keyboard = True
    closed = Signal()

    def __init__(self, looked: Looked, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert looked.schema is not None
        self.setObjectName("simulation")
        self._looked, self._bench = looked, bench
        self.schema = schema_in_language(looked.schema)
        self.setAccessibleName(say("Simulation of {type}", type=self.schema.label))
        organization, popup = bench.books.organization, LookupPopup(self)
        popup.group_figures(organization.digit_grouping)
        around = bench.surroundings
        self.surroundings = Surroundings(around.lookups, popup, around.today, around.working_date,
                                         around.money_decimals, around.grouping,
                                         UnsavedRates(bench.session, self._looked.blueprint))
        self.draft = Draft.blank(self.schema, {"date": around.working_date.isoformat()})
        self.sheet = VoucherSheet(self.schema, self.draft, self.surroundings, organization.base_currency, self)
        self.plan = PostingPreview(organization.digit_grouping, self)
        self.plan.setObjectName("simulatedPosting")
        self._lay_out()
        grids = [grid for grid in self.sheet.line_grids if not grid.is_mirror]
        charges = [self.sheet.grids[CHARGES]] if CHARGES in self.sheet.grids else []
        parts: list[Any] = [self.sheet.header, *grids, *charges, self.sheet.narration, self.sheet.post_button]
        self.path = EntryPath(parts, self)
        self._connect()
        self.recalculate()

    def _lay_out(self) -> None:
        space = theme().space
        word = QLabel(say("Simulation: fill the form; nothing of it is saved"), self)
        word.setProperty("role", "warning")
        print_key(self.sheet.post_button, say("Show the posting"), self.key_context, "preview")
        self.sheet.save_button.hide()
        back = QPushButton(self)
        print_key(back, say("Back to the settings"), self.key_context, "leave")
        back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        back.setFixedHeight(theme().size("field"))
        back.clicked.connect(self.closed)
        above = QHBoxLayout()
        above.setContentsMargins(space("medium"), space("small"), space("medium"), 0)
        above.addWidget(word, 1)
        above.addWidget(back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above)
        layout.addWidget(self.sheet, 1)

    def _connect(self) -> None:
        sheet = self.sheet
        for part in (sheet.header, sheet.narration):
            part.field_accepted.connect(lambda _key: self._changed())
            part.not_accepted.connect(sheet.banner.show_word)
        for grid in sheet.grids.values():
            grid.not_accepted.connect(sheet.banner.show_word)
        for model in sheet.models.values():
            model.edited.connect(lambda _row, _key: self._changed())
        sheet.post_button.clicked.connect(self.show_plan)

    def start(self) -> None:
        """The cursor to the first stop."""
        self.path.start()

    def _changed(self) -> None:
        self.sheet.banner.clear()
        for model in self.sheet.models.values():
            model.fill_again()
        self.recalculate()

    def recalculate(self) -> None:
        """Totals anew; what was planned before is out of date."""
        self.plan.hide()
        try:
            totals = self._bench.books.candidates.totals(self._looked.blueprint, self.draft.document())
        except ErpdeskError:
            return
        self.sheet.show_totals(totals)

    def commit(self) -> None:
        """Everything that stands in an editor goes into the draft."""
        self.sheet.header.take_all()
        self.sheet.narration.take_all()
        for grid in self.sheet.grids.values():
            grid.commit()

    def show_plan(self) -> None:
        """The posting that the voucher would make; shown already: take it away."""
        if self.plan.isVisible():
            self.plan.hide()
            return
        self.commit()
        self.surroundings.popup.hide()
        document, candidates, blueprint = self.draft.document(), self._bench.books.candidates, self._looked.blueprint
        self._bench.session.background.submit(
            self, lambda: candidates.simulate(blueprint, document), self._planned, self._failed)

    def _planned(self, plan: Any) -> None:
        rows = {key: model.counted_rows() for key, model in self.sheet.models.items()}
        self.sheet.mark(place_faults(tuple(plan.faults), self.schema, rows))
        self.plan.show_plan(plan)

    def _failed(self, refusal: Refused) -> None:
        self.sheet.banner.show_fault(refusal.first, len(refusal.faults) - 1)

    # Keys

    def perform(self, action: str) -> bool:
        """Do an action of the simulation's context."""
        if action == "preview":
            self.show_plan()
        elif action == "details":
            self.sheet.header.toggle_details()
        elif action in ("next_field", "previous_field"):
            self.sheet.header.step_aside(1 if action == "next_field" else -1)
        elif action == "leave":
            if self.plan.isVisible():
                self.plan.hide()
            else:
                self.closed.emit()
        return True

    def perform_chord(self, chord: str) -> bool:
        """No key reaches the settings beneath; those of the window do."""
        return any(binding.context == "settings" for binding in key_profile().actions(chord))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not route_key(self, event):
            event.ignore()
