"""The sheet of a voucher: all its widgets in their places, made from the schema; it decides nothing.

Above: type, number, status. Then header, line grids, the foot with narration, charges and totals, and the line
with the banner and the buttons.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from erpdesk.blueprints.fields import FieldType
from erpdesk.blueprints.grids import GridKey
from erpdesk.blueprints.schema import Grid, UiSchema
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.keyed_button import print_key
from erpdesk.ui.plain_words import plain
from erpdesk.ui.style.heading import Heading, stand_level
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.voucher import quantities, sides, totals_panel
from erpdesk.ui.voucher.accept_button import AcceptButton
from erpdesk.ui.voucher.banner import ErrorBanner
from erpdesk.ui.voucher.charges_model import ChargesModel
from erpdesk.ui.voucher.context_label import ContextLabel
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.fault_places import FaultPlaces, is_inside, lacks_detail
from erpdesk.ui.voucher.grid_frame import GridFrame
from erpdesk.ui.voucher.header_form import HeaderForm
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.line_model import LineModel
from erpdesk.ui.voucher.narration_box import NarrationBox
from erpdesk.ui.voucher.offered_grid import OfferedGrid
from erpdesk.ui.voucher.offered_model import OfferedModel
from erpdesk.ui.voucher.settlement_model import SettlementModel
from erpdesk.ui.voucher.stepper import ProcessStepper
from erpdesk.ui.voucher.totals_panel import TotalsPanel
from erpdesk.ui.words import say

CHARGES = "chargesGrid"
_FIRST, _SECOND = 2, 4
"""Of the room in the foot the totals take twice as much as the narration, and the charges more than both, until they
have all that they use."""


class VoucherSheet(QFrame):
    """The widgets of one voucher, by name."""

    def __init__(self, schema: UiSchema, draft: Draft, surroundings: Surroundings, currency: str,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.schema = schema
        self._surroundings = surroundings
        self.models: dict[str, LineModel] = {}
        self.grids: dict[str, LineGrid] = {}
        self.title, self.number, self.status = plain(Heading(schema.label)), plain(QLabel()), plain(QLabel())
        self.header = HeaderForm(schema, draft, surroundings, self)
        self.narration = NarrationBox(schema, draft, surroundings, self)
        self.line_context = ContextLabel("lineContext", say("What is known of the line"), self)
        self.stepper, self.banner = ProcessStepper(self), ErrorBanner(self)
        self.save_button, self.post_button = QPushButton(self), AcceptButton("", self)
        print_key(self.save_button, say("Save draft"), "voucher", "save")
        print_key(self.post_button, say("Accept"), "voucher", "accept")
        self._make_grids(draft)
        self._counted = quantities.counted(self.models)
        labels = {grid.key: grid.label for grid in schema.grids}
        alone = len(self._counted) == 1
        self.totals = TotalsPanel(surroundings, currency, self._kind_of_totals(), self, [
            (f"counted_{key}", say("Quantity") if alone else labels[key]) for key in self._counted])
        self.totals.ledgers = {charge.code: charge.ledger for charge in schema.charges if charge.ledger}
        self._lay_out()

    def _make_grids(self, draft: Draft) -> None:
        for grid in self.schema.grids:
            if grid.mirror_of:
                self.grids[grid.object_name] = LineGrid(self.models[grid.key], grid.object_name, self,
                                                        is_mirror=True)
                continue
            model = self._model(grid, draft)
            self.models[grid.key] = model
            model.header_fields = {field.key: field for field in self.schema.header}
            made = OfferedGrid if isinstance(model, OfferedModel) else LineGrid
            self.grids[grid.object_name] = made(model, grid.object_name, self)  # type: ignore[arg-type]

    def _model(self, grid: Grid, draft: Draft) -> LineModel:
        lines = draft.rows.setdefault(grid.key, [])
        if grid.object_name == CHARGES and grid.field("code") is not None:
            return ChargesModel(grid, self.schema.charges, lines, draft.header, self._surroundings, self)
        if grid.key == GridKey.ALLOCATIONS:
            return SettlementModel(grid, lines, draft.header, self._surroundings, self)
        return LineModel(grid, lines, draft.header, self._surroundings, self)

    def _kind_of_totals(self) -> str:
        columns = [field for grid in self.schema.grids for field in grid.columns]
        if any(sides.has_sides(model) for model in self.models.values()):
            return totals_panel.SIDES
        if any(isinstance(model, SettlementModel) for model in self.models.values()):
            return totals_panel.SETTLED
        counted = any(field.field_type is FieldType.QUANTITY for field in columns)
        if self.schema.charges or any(field.formula for field in columns):
            return totals_panel.PRICED if counted else totals_panel.AMOUNTS
        return totals_panel.QUANTITIES if counted else totals_panel.PLAIN

    @property
    def line_grids(self) -> list[LineGrid]:
        """The grids that stand in the middle, from left to right."""
        return [grid for name, grid in self.grids.items() if name != CHARGES]

    # Layout

    def _lay_out(self) -> None:
        space = theme().space
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space("medium"), space("small"), space("medium"), space("tiny"))
        layout.setSpacing(space("small"))
        layout.addLayout(self._title_line())
        layout.addWidget(self.header)
        layout.addLayout(self._middle(), 1)
        layout.addWidget(self.line_context)
        layout.addWidget(self._foot())
        layout.addLayout(self._last_line())

    def _title_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme().space("large"))
        self.title.setProperty("role", "title")
        self.title.setFont(figures_font(theme().text("title_points"), semibold=True))
        self.number.setObjectName("voucherNumber")
        self.number.setAccessibleName(say("Voucher number"))
        self.number.setFont(figures_font(theme().text("base_points")))
        stand_level(self.number, self.title)
        self.status.setObjectName("voucherStatus")
        line.addWidget(self.title)
        line.addWidget(self.number, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        line.addWidget(self.status)
        return line

    def _middle(self) -> QHBoxLayout:
        middle = QHBoxLayout()
        middle.setSpacing(theme().space("medium"))
        captioned = len(self.line_grids) > 1
        for grid in self.line_grids:
            middle.addWidget(GridFrame(grid, _caption_of(self.schema, grid) if captioned else ""), _breadth(grid))
        return middle

    def _foot(self) -> QWidget:
        foot = QWidget(self)
        foot.setMinimumHeight(theme().size("foot_least"))
        foot.setMaximumHeight(theme().size("foot_height"))
        layout = QHBoxLayout(foot)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().space("medium"))
        self.narration.setMinimumWidth(theme().size("narration_least"))
        left = QVBoxLayout()
        left.setSpacing(theme().space("small"))
        left.addWidget(self.narration, 1)
        left.addWidget(self.stepper)
        layout.addLayout(left, 1)
        charges = self.grids.get(CHARGES)
        if charges is not None:
            charges.columns.elastic_least = "charge_name_least"
            framed = GridFrame(charges, charges.lines.grid.label)
            framed.setMinimumWidth(theme().size("charges_least"))
            framed.setMaximumWidth(theme().size("charges_width"))
            layout.addWidget(framed, _SECOND)
        self.totals.setMaximumWidth(theme().size("totals_width"))
        layout.addWidget(self.totals, _FIRST)
        return foot

    def _last_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme().space("small"))
        self.save_button.setObjectName("saveButton")
        self.save_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.post_button.setProperty("role", "primary")
        for button in (self.save_button, self.post_button):
            button.setFixedHeight(theme().size("banner_height"))
        line.addWidget(self.banner, 1)
        line.addWidget(self.save_button)
        line.addWidget(self.post_button)
        return line

    def show_totals(self, totals: Any) -> None:
        """Computed figures at their places."""
        header = self.header.draft.header.values
        self.totals.count_in(str(header.get("currency") or ""), str(header.get("exchange_rate") or ""))
        self.totals.show_totals(totals)
        for key, (model, quantity) in self._counted.items():
            self.totals.count(f"counted_{key}", quantities.total_of(model, quantity))
        for key, model in self.models.items():
            if isinstance(model, ChargesModel):
                model.show_charges({charge.code: charge.rate for charge in totals.charges},
                                   {charge.code: charge.amount for charge in totals.charges},
                                   {charge.code: charge.base for charge in totals.charges})
            elif key == "lines":
                for field in model.columns:
                    if field.formula:
                        model.show_figures(field.key, totals.line_amounts)

    def lock(self) -> None:
        """Nothing can be typed any more."""
        self.header.lock()
        self.narration.lock()
        for model in self.models.values():
            model.end_growing()
        for grid in self.grids.values():
            grid.is_locked = True
        self.save_button.hide()
        self.post_button.hide()

    def mark(self, places: FaultPlaces) -> None:
        """Show the faults at their places, and no others."""
        self.header.mark(places.header)
        self.narration.mark(places.header)
        for key, model in self.models.items():
            model.mark({**places.cells.get(key, {}), **places.inside.get(key, {})})

    def enter_first_fault(self, places: FaultPlaces) -> bool:
        """Put the cursor at the first fault in the order of the form; whether there was one to put it at."""
        for key in (field.key for field in self.schema.header):
            if key in places.header and (self.header.enter(key) or self.narration.enter(key)):
                return True
        for grid in self.grids.values():
            cells = places.cells.get(grid.lines.grid.key)
            if cells and not grid.is_mirror:
                row, column = min(cells, key=lambda cell: (cell[0], grid.lines.column_of[cell[1]]))
                grid.enter(row, column)
                fault, inside = cells[row, column], places.inside.get(grid.lines.grid.key, {})
                if is_inside(fault, row, inside) or lacks_detail(fault, grid.lines.grid):
                    grid.details_wanted.emit(row)
                return True
        return False

    def show_number(self, number: str, *, is_preview: bool) -> None:
        """The voucher's number, or the one it would get now."""
        self.number.setText(_numbered(number, is_preview) if number else "")


def _numbered(number: str, is_preview: bool) -> str:
    return say("No. {number}  (next)", number=number) if is_preview else say("No. {number}", number=number)


def _breadth(grid: LineGrid) -> int:
    """How much of the room beside each other a grid takes: what its columns would."""
    return sum(one.ui.width for one in grid.lines.columns)


def _caption_of(schema: UiSchema, shown: LineGrid) -> str:
    return next(grid.label for grid in schema.grids if grid.object_name == shown.objectName())
