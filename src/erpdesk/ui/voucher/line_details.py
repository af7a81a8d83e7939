"""The sub-screen of a line: its fields without a column, and its split into units, batches and places, or cost centres.

It lies over the voucher below its line, closes by itself when the split comes to the line's quantity, and is left by
Esc with what was typed kept. `closed` says whether it was completed, so that the cursor goes on, or only left.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from erpdesk.domain.money import plain
from erpdesk.ui.editors.base import can_be_taken, is_half_typed
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.elided import Elided
from erpdesk.ui.figures import shown
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.lookups.index import label_of
from erpdesk.ui.lookups.popup import LIES_OVER, in_sight
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.voucher.cost_split import CostModel, CostNeeds, write_costs
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.faults_inside import cells_of_parts
from erpdesk.ui.voucher.line_form import LineForm
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.line_model import LineModel
from erpdesk.ui.voucher.line_needs import LineNeeds
from erpdesk.ui.voucher.line_room import FieldsRoom, fit_into
from erpdesk.ui.voucher.line_split import in_parts, split_grid
from erpdesk.ui.voucher.offered_model import OfferedModel
from erpdesk.ui.voucher.split_grid import NOTHING_MORE, SplitGrid
from erpdesk.ui.voucher.split_model import SplitModel
from erpdesk.ui.words import say


class LineDetails(QFrame):
    """Made anew for each line; `form` and `split` are None where there is nothing of the kind to say."""

    key_context = "line_details"
    closed = Signal(bool)
    gone = Signal()
    not_accepted = Signal(str)
    told = Signal(str)

    def __init__(self, grid: LineGrid, row: int, needs: LineNeeds | None, surroundings: Surroundings,
                 window: QWidget, *, whole: bool, costs: CostNeeds | None = None) -> None:
        super().__init__(window)
        self.setObjectName("lineDetails")
        self.setAccessibleName(say("Details of line {number}", number=row + 1))
        self._over, self._row, self._model, self._window = grid, row, grid.lines, window
        self.line: Line = grid.lines.lines[row]
        self.needs, self.costs = needs, costs
        self._is_open = True
        self._fields: FieldsRoom | None = None
        self._split_frame: QFrame | None = None
        self.setProperty(LIES_OVER, True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(*(theme().space("medium"),) * 4)
        self._layout.setSpacing(theme().space("small"))
        self._left = QLabel(self)
        self._left.setObjectName("leftToSplit")
        self._say_title()
        self.form = self._make_form(surroundings) if whole else None
        self.split = self._make_split(surroundings)
        self._say_keys()
        self._mark()
        self._show_left()
        self.show_unit()
        self._place()
        window.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._focus_changed)  # type: ignore[union-attr]

    # Building

    def _say_title(self) -> None:
        needs, top = self.needs, QHBoxLayout()
        name = label_of(needs.item) if needs is not None else say("Line {number}", number=self._row + 1)
        title = Elided(name, self)
        title.setFont(figures_font(theme().text("base_points"), semibold=True))
        top.addWidget(title)
        if self.costs is not None:
            grouping = self._model.surroundings.grouping
            amount = QLabel(shown(self.costs.amount, self.costs.decimals, grouping), self)
            amount.setProperty("role", "fieldLabel")
            top.addWidget(amount)
        if needs is not None:
            self._quantity = QLabel(f"{plain(needs.quantity)} {needs.unit}", self)
            self._quantity.setObjectName("quantityToSplit")
            self._quantity.setProperty("role", "fieldLabel")
            top.addWidget(self._quantity)
        top.addStretch(1)
        top.addWidget(self._left)
        self._layout.addLayout(top)

    def _make_form(self, surroundings: Surroundings) -> LineForm | None:
        taken = in_parts(self.needs) if self.needs is not None and self.needs.can_split else ()
        fields = [field for field in self._model.grid.details if field.key not in taken]
        if not fields:
            return None

        def read(key: str) -> Any:
            return self.line.values.get(key) or (self._model.header_line.values.get(key) if key == "party" else None)

        form = LineForm(fields, read, lambda key, raw: self._model.put(self._row, key, raw), surroundings, self)
        form.finished.connect(self._form_done)
        form.left_back.connect(lambda: self.leave(completed=False))
        form.not_accepted.connect(self.not_accepted)
        self._fields = FieldsRoom(form, self)
        self._layout.addWidget(self._fields)
        return form

    def _make_split(self, surroundings: Surroundings) -> SplitGrid | None:
        needs = self.needs
        if needs is not None and needs.can_split:
            return self._shown_split(SplitModel(split_grid(needs), needs, surroundings, self))
        return self._shown_split(CostModel(self.costs, surroundings, self)) if self.costs is not None else None

    def _shown_split(self, model: OfferedModel) -> SplitGrid:
        grid = SplitGrid(model, "splitGrid", self)
        grid.finished.connect(self._split_done)
        grid.left_back.connect(self._back_from_split)
        grid.not_accepted.connect(self.not_accepted)
        grid.told.connect(self.told)
        model.edited.connect(lambda _row, _key: self._show_left())
        frame = QFrame(self)
        frame.setProperty("role", "gridFrame")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(*(theme().space("hair"),) * 4)
        inside.addWidget(grid)
        self._split_frame = frame
        self._layout.addWidget(frame)
        return grid

    def _say_keys(self) -> None:
        label = Elided(say("Enter takes what stands in the field   ·   {key} goes back to the line",
                           key=key_name(self.key_context, "close_details")), self)
        label.setProperty("role", "fieldLabel")
        self._layout.addWidget(label)

    def show_unit(self) -> None:
        """Say in which unit the parts are counted, where it isn't the line's."""
        model = self.split.lines if self.split is not None else None
        if isinstance(model, SplitModel) and model.own:
            needs = model.needs
            self._quantity.setText(f"{plain(needs.quantity)} {needs.unit} = {plain(model.whole)} {model.unit}")
            self._show_left()

    def _show_left(self) -> None:
        if self.split is None:
            return
        model = self.split.lines
        left = (model.left() if isinstance(model, OfferedModel) else None) or Decimal(0)
        text = say("Left to split: {quantity}", quantity=self._figure(left)) if left else say("Complete")
        if not self._is_split and not self._must_split:
            text = say("Not split")
        self._left.setText(text)
        self._left.setProperty("role", "warning" if left < 0 else "totalLabel")
        self._left.style().unpolish(self._left)
        self._left.style().polish(self._left)

    def _figure(self, left: Decimal) -> str:
        """What is left as people read it: money of cost centres, or a quantity, with its unit where that isn't the
        line's."""
        grouping = self._model.surroundings.grouping
        model = self.split.lines if self.split is not None else None
        if isinstance(model, CostModel):
            return shown(left, model.needs.decimals, grouping)
        unit = f" {model.unit}" if isinstance(model, SplitModel) and model.own else ""
        return shown(left, None, grouping) + unit

    def _place(self) -> None:
        """Below the line, or above it where there is no room; wholly in sight."""
        if not self._is_open:
            return
        window, sight, space = self._window, in_sight(self._window), theme().space("small")
        room = sight.adjusted(space, space, -space, -space)
        width = min(theme().size("details_width"), room.width())
        self.setFixedWidth(width)
        height = fit_into(self._layout, width, room.height(), self._fields, self._split_frame)
        rect = self._over.visualRect(self._model.index(self._row, 0))
        spot = self._over.viewport().mapTo(window, QPoint(rect.left(), rect.bottom() + theme().space("tiny")))
        if spot.y() + height > room.bottom() + 1:
            above = spot.y() - rect.height() - height - space
            spot.setY(above if above >= room.top() else max(room.top(), room.bottom() + 1 - height))
        spot.setX(max(room.left(), min(spot.x() + theme().space("huge"), room.right() + 1 - width)))
        self.setGeometry(spot.x(), spot.y(), width, height)
        self.show()
        self.raise_()

    def look_changed(self) -> None:
        """Another text size: another room, once the page has its own."""
        QTimer.singleShot(0, self, self._place)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self._place()
        return False

    def _mark(self) -> None:
        """Faults of the line that have no column, at their places in here."""
        found = {key: fault for key, fault in self.line.faults.items() if key not in self._model.column_of}
        if self.form is not None:
            self.form.mark(found)
        if self.split is not None:
            self.split.lines.mark(cells_of_parts(self.split.lines, found))

    # The path

    def start(self) -> None:
        """Put the cursor at the first thing to say: what is wrong, what the type wants first, where a place is
        lacking."""
        in_split = self.split is not None and any(line.faults for line in self.split.lines.lines)
        if (in_split or (self.needs is not None and self.needs.lacks_place)) and self.enter_split():
            return
        if not (self.form is not None and self.form.enter_first()) and self.split is not None:
            self.enter_split()

    def enter_split(self) -> bool:
        """Into the split: what is wrong, else what is still to be said first."""
        if self.split is None:
            return False
        model = self.split.lines
        wrong = next(((row, key) for row, line in enumerate(model.lines) for key in line.faults), None)
        if wrong is not None and self.split.enter(*wrong):
            return True
        if isinstance(model, SplitModel) and not model.left() and (lacking := model.lacking())[0] >= 0:
            return self.split.enter(*lacking)
        blank = next((row for row, line in enumerate(model.lines) if line.is_blank and self.split.stops(row)), -1)
        stops = self.split.stops(blank) if blank >= 0 else []
        return self.split.enter(blank, stops[0]) if stops else self.split.enter_first()

    def _form_done(self) -> None:
        if self.split is None or not (self._must_split or self._is_split):
            self.leave(completed=True)
        else:
            self.enter_split()

    @property
    def _must_split(self) -> bool:
        asking = self.needs or self.costs
        return asking is not None and asking.is_open

    @property
    def _is_split(self) -> bool:
        return self.split is not None and bool(self.split.lines.counted_rows())

    def _back_from_split(self) -> None:
        if not (self.form is not None and self.form.enter_last()):
            self.leave(completed=False)

    def _split_done(self) -> None:
        model = self.split.lines if self.split is not None else None
        if isinstance(model, SplitModel) and model.needs.by_unit and (left := model.left()) < 0:
            self.not_accepted.emit(say("{named} units named for a quantity of {quantity} — {key} removes a line",
                                       named=plain(model.whole - left), quantity=plain(model.whole),
                                       key=key_name("split", "remove_line")))
            return
        if isinstance(model, SplitModel) and self.split is not None and (lacking := model.lacking())[0] >= 0:
            field = model.columns[model.column_of[lacking[1]]]
            self.split.enter(*lacking)
            self.not_accepted.emit(say("{field} must be given", field=say(field.label)))
            return
        self.leave(completed=True)

    def take(self) -> None:
        """What was typed goes into the line."""
        if self.form is not None:
            self.form.take_all()
        if self.split is None:
            return
        self.split.close_cell()
        typed = self.split.lines.lines
        if self.needs is not None and isinstance(self.split.lines, SplitModel):
            written = self.split.lines.written()
        elif self.costs is not None:
            written = dict(write_costs(typed, self.costs.amount))
        else:
            return
        row = next((number for number, line in enumerate(self._model.lines) if line is self.line), -1)
        for key in [key for key in self.line.faults if key not in self._model.column_of]:
            del self.line.faults[key]
        for key, raw in written.items():
            if row >= 0 and self.line.values.get(key) != raw:
                self._model.put(row, key, raw)

    def leave(self, *, completed: bool) -> None:
        """Take what was typed and go away."""
        if self._is_open:
            self._finish()
            self.closed.emit(completed)
            self.hide()

    def _finish(self) -> None:
        self._is_open = False
        QApplication.instance().focusChanged.disconnect(self._focus_changed)  # type: ignore[union-attr]
        self.take()
        self.gone.emit()
        self.deleteLater()

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """The cursor was taken elsewhere in the window: what was typed stays, nothing moves. What is half typed
        stays open, to be come back to."""
        elsewhere = now is not None and now.window() is self.window() and not self.isAncestorOf(now)
        if self._is_open and elsewhere and not is_half_typed(self.focusWidget()):
            self._finish()
            self.hide()

    def perform(self, action: str) -> bool:
        """Esc comes back to the line; accepting the voucher takes what stands here first."""
        if action == "close_details":
            if self.split is not None:
                self.split.withdraw()
            self.leave(completed=False)
            return True
        if action == "split_line":
            return self.enter_split()
        if action == "undo_part":
            return self._undo()
        if action == "take_details":
            if not can_be_taken(self.focusWidget()) or (self.split is not None and self.split.refuses()):
                return True
            self.leave(completed=False)
        return False

    def _undo(self) -> bool:
        """A step of what was typed in here; what came before is undone once this is closed."""
        form, focus = self.form, self.focusWidget()
        if form is not None and focus is not None and form.isAncestorOf(focus):
            if not form.undo():
                self.told.emit(say(NOTHING_MORE))
        elif self.split is not None:
            self.split.undo_part()
        return True

    def perform_chord(self, chord: str) -> bool:
        """No chords beyond the profile."""
        return False


def of_line(model: LineModel, row: int) -> LineNeeds | None:
    """What the goods of a line need; None where no goods move."""
    line, goods = model.lines[row], model.grid.goods
    item = model.surroundings.lookups.row("item", str(line.values.get("item") or ""))
    if goods is None or item is None or item.attributes.get("is_stocked") is False:
        return None
    return LineNeeds(model.grid, goods, line, model.header_line, item)
