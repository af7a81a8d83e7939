"""The steps that ask what there was at the beginning: a grid of balances, a grid of stock, with their sums beneath."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from erpdesk.domain.money import ZERO, money_text, parse_decimal, rounded
from erpdesk.domain.results import Fault
from erpdesk.ui.configured_words import coded
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.figures import shown
from erpdesk.ui.first_start.forms import asked
from erpdesk.ui.first_start.step import Step
from erpdesk.ui.keys.profile import with_own_keys
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.line_model import LineModel
from erpdesk.ui.words import say

BALANCES, STOCK = "balances", "stock"
Row = Mapping[str, Any]


class OpeningGrid(LineGrid):
    """A grid in which no line has to balance another."""

    def offers(self, action: str) -> bool:
        """Lines here have no details, and none balances another."""
        return action not in ("line_details", "balance_line")

    @override
    def _arrive(self, row: int, key: str) -> None:
        self.enter(row, key)


class GridStep(Step):
    """Lines as in a voucher; Enter on a blank one goes on."""

    def __init__(self, code: str, rows: Sequence[Row], surroundings: Surroundings, empty: str,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        page = asked("grids")[code]
        grid = page.grid(code)
        self.code, self.title, self.sentence = code, grid.label, with_own_keys(say(page.help))
        self.surroundings, self._empty = surroundings, empty
        self.model = LineModel(grid, [Line(dict(row)) for row in rows], Line(), surroundings, self)
        self.grid = OpeningGrid(self.model, f"{code}Grid", self)
        self.sum = plain(QLabel(self))
        self.sum.setObjectName(f"{code}Sum")
        frame = QFrame(self)
        frame.setProperty("role", "gridFrame")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(*(theme().space("hair"),) * 4)
        inside.addWidget(self.grid)
        self.body.addWidget(frame, 1)
        self.body.addWidget(self.sum)
        self.grid.finished.connect(self.finished)
        self.grid.left_back.connect(self.left_back)
        self.grid.not_accepted.connect(self.said)
        self.grid.cell_entered.connect(self._explain)
        self.model.edited.connect(self._edited)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What is typed, blank lines left out."""
        return [dict(line.values) for line in self.model.lines if not line.is_blank]

    @override
    def begin(self) -> None:
        self.add_up()
        if not self.grid.enter_first():
            self.setFocus()

    @override
    def come_back(self) -> None:
        row, key = self.grid.here()
        if row < 0 or not self.grid.enter(row, key):
            self.begin()

    @override
    def take(self) -> None:
        self.grid.commit()

    @override
    def show_faults(self, faults: Mapping[str, Fault]) -> None:
        """Keys are `2.account`: the number among the lines that count, and the field."""
        counted = self.model.counted_rows()
        placed: dict[tuple[int, str], Fault] = {}
        for place, fault in faults.items():
            number, _, key = place.partition(".")
            if number.isdecimal() and int(number) < len(counted):
                key = key if key in self.model.column_of else self.model.columns[0].key
                placed[counted[int(number)], key] = fault
        self.model.mark(placed)
        for fault in faults.values():
            self.said.emit(coded(fault))
            break
        if placed:
            self.grid.enter(*next(iter(placed)))
        elif faults:
            self.begin()

    def _edited(self, _row: int, _key: str) -> None:
        self.said.emit("")
        self.add_up()

    def _explain(self, _row: int, key: str) -> None:
        field = self.model.grid.field(key)
        self.explained.emit(with_own_keys(field.ui.help) if field is not None else "")

    def money(self, amount: Decimal) -> str:
        """An amount as it is shown."""
        return shown(amount, self.surroundings.money_decimals, self.surroundings.grouping)

    def add_up(self) -> None:
        """The sums beneath."""
        raise AssertionError("each grid adds up in its own way")


class BalancesStep(GridStep):
    """Account, customer or supplier, debit or credit; what is missing goes to the opening difference."""

    def __init__(self, rows: Sequence[Row], surroundings: Surroundings, difference: Callable[[], str],
                 parent: QWidget | None = None) -> None:
        super().__init__(BALANCES, rows, surroundings, say("No balances: the books begin empty"), parent)
        self._difference = difference

    @property
    def difference(self) -> Decimal:
        """Debits less credits."""
        return _sum(self.rows, "debit") - _sum(self.rows, "credit")

    @override
    def add_up(self) -> None:
        debit, credit = _sum(self.rows, "debit"), _sum(self.rows, "credit")
        if not self.rows:
            self.sum.setText(self._empty)
            return
        words = say("Debit {debit}  ·  Credit {credit}", debit=self.money(debit), credit=self.money(credit))
        if debit == credit:
            self.sum.setText(f"{words}  ·  {say('they balance')}")
            return
        side = say("Cr") if debit > credit else say("Dr")
        self.sum.setText(f"{words}  ·  " + say("{amount} {side} goes to {account}", side=side,
                                               amount=self.money(abs(debit - credit)), account=self._difference()))


class StockStep(GridStep):
    """Item, unit, quantity, rate; the value follows."""

    def __init__(self, rows: Sequence[Row], surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(STOCK, rows, surroundings, say("No stock: the stores begin empty"), parent)

    @property
    def value(self) -> Decimal:
        """What all of it cost."""
        return sum(self._values(), ZERO)

    def _values(self) -> list[Decimal]:
        decimals = self.surroundings.money_decimals
        return [rounded(_figure(row, "quantity") * _figure(row, "rate"), decimals) for row in self.rows]

    @override
    def add_up(self) -> None:
        decimals = self.surroundings.money_decimals
        self.model.show_figures("value", [money_text(value, decimals) for value in self._values()])
        self.sum.setText(say("Stock worth {amount}", amount=self.money(self.value)) if self.rows else self._empty)


def _figure(row: Row, key: str) -> Decimal:
    return parse_decimal(str(row.get(key) or "")) or ZERO


def _sum(rows: Sequence[Row], key: str) -> Decimal:
    return sum((_figure(row, key) for row in rows), ZERO)
