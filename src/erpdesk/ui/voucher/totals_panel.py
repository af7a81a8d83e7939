"""The totals of a voucher: quantity, gross, discount, tax, charges, rounding, net, and the amount in words.

A journal shows its sides and their difference instead. Figures come computed; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from erpdesk.domain.money import ZERO, parse_decimal, plain, rounded
from erpdesk.ui.amount_words import amount_words
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.figures import shown
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.words import say, to_say

ITEM_FIGURES = (("quantity", to_say("Quantity")), ("gross", to_say("Gross")), ("discount", to_say("Discount")),
                ("tax", to_say("Tax")), ("charges", to_say("Charges")), ("rounding", to_say("Rounding")))
PRICED, AMOUNTS, SIDES, SETTLED, QUANTITIES, PLAIN = "priced", "amounts", "sides", "settled", "quantities", "plain"
FIGURES = {
    PRICED: ITEM_FIGURES,
    AMOUNTS: (("gross", to_say("Amounts")), *(one for one in ITEM_FIGURES if one[0] in ("tax", "charges", "rounding"))),
    SIDES: (("debit", to_say("Debit")), ("credit", to_say("Credit")), ("difference", to_say("Difference"))),
    SETTLED: (("settled", to_say("Set against bills")), ("discount", to_say("Discount, write-off")),
              ("left", to_say("On account"))),
    QUANTITIES: (("quantity", to_say("Quantity")),),
    PLAIN: (),
}


class TotalsPanel(QWidget):
    """Figures by name, each label named `total_<name>`; which there are follows from the kind of voucher. `counted`
    names instead what is counted each by itself, as the sides of a stock journal."""

    def __init__(self, surroundings: Surroundings, currency: str, kind: str,
                 parent: QWidget | None = None, counted: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(parent)
        self.setObjectName("totalsPanel")
        self.setAccessibleName(say("Totals"))
        self._surroundings, self._currency, self._base = surroundings, currency, currency
        self._rate: Decimal | None = None
        self.ledgers: dict[str, str] = {}
        """The accounts that charges stand on, by code of the charge."""
        self._total_label: QLabel | None = None
        self._figures: dict[str, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme().space("medium"))
        self._grid.setVerticalSpacing(theme().space("hair"))
        rows = tuple(counted) if counted and kind == QUANTITIES else FIGURES[kind]
        items = kind in (PRICED, AMOUNTS)
        half = (len(rows) + 1) // 2 if items else len(rows)
        for number, (name, label) in enumerate(rows):
            self._add(name, say(label), number % half, 2 * (number // half), 1 if items else 3)
        if kind != QUANTITIES:
            self._add_total(currency, half)
        self._words = QLabel(self)
        self._words.setObjectName("amountInWords")
        self._words.setWordWrap(True)
        self._words.setContentsMargins(0, theme().space("tiny"), 0, 0)
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self._words, half + 1, 0, 1, 4)
        self._in_base = QLabel(self)
        self._in_base.setObjectName("totalInBase")
        self._in_base.setProperty("role", "fieldLabel")
        self._in_base.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._in_base.setFont(figures_font(theme().text("base_points")))
        self._grid.addWidget(self._in_base, half + 2, 0, 1, 4)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        self._grid.setRowStretch(half + 3, 1)

    def _add(self, name: str, text: str, row: int, column: int, span: int) -> None:
        label, figure = QLabel(text, self), QLabel(self)
        label.setProperty("role", "fieldLabel")
        self._prepare(name, text, figure)
        self._grid.addWidget(label, row, column)
        self._grid.addWidget(figure, row, column + 1, 1, span)

    def _add_total(self, currency: str, row: int) -> None:
        label, figure = QLabel(f"{say('Total')}  {currency}", self), QLabel(self)
        self._total_label = label
        label.setProperty("role", "totalLabel")
        self._prepare("net", say("Total"), figure)
        figure.setFont(figures_font(theme().text("total_points"), semibold=True))
        figure.setProperty("role", "total")
        self._grid.addWidget(label, row, 0, 1, 2)
        self._grid.addWidget(figure, row, 2, 1, 2)

    def _prepare(self, name: str, text: str, figure: QLabel) -> None:
        figure.setObjectName(f"total_{name}")
        figure.setAccessibleName(text)
        figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        figure.setFont(figures_font(theme().text("base_points")))
        self._figures[name] = figure

    def count_in(self, currency: str, rate: str) -> None:
        """The currency that the figures are in, and what one unit of it is worth in that of the books."""
        self._currency = currency.upper() or self._base
        self._rate = parse_decimal(rate) if self._currency != self._base.upper() else None
        if self._total_label is not None:
            self._total_label.setText(f"{say('Total')}  {self._currency}")

    def _show_in_base(self, net: Decimal) -> None:
        decimals = self._surroundings.money_decimals
        worth = rounded(net * self._rate, decimals) if self._rate else None
        self._in_base.setText("" if worth is None else say(
            "{currency} {amount} at {rate}", currency=self._base, rate=plain(self._rate or ZERO),
            amount=shown(worth, decimals, self._surroundings.grouping)))

    def show_totals(self, totals: Any) -> None:
        """Show the totals that the service computed; every figure is plain text."""
        values = {name: _figure(getattr(totals, name, "")) for name in
                  ("quantity", "gross", "discount", "rounding", "net", "debit", "credit",
                   "settled", "left")}
        values["difference"] = _figure(getattr(totals, "balance", ""))
        values |= _charge_sums(totals, self._is_tax)
        values["discount"] = -values["discount"]
        for name, label in self._figures.items():
            if name in values:
                label.setText(self._text(name, values[name]))
        self._warn("difference", values["difference"] != 0)
        self._warn("left", values["left"] < 0)
        net = values["net"]
        self._show_in_base(net)
        self._words.setText(amount_words(net, self._surroundings.money_decimals, self._surroundings.grouping,
                                         self._currency) if net else "")

    @override
    def minimumSizeHint(self) -> QSize:
        """As wide as its figures are: the charges beside it can be scrolled, a figure can't."""
        least = super().minimumSizeHint()
        return QSize(min(max(theme().size("totals_least"), least.width()), self.maximumWidth()), least.height())

    @override
    def hasHeightForWidth(self) -> bool:
        """Its room is what the foot has, whatever the amount in words takes: else the whole page would be as high as
        all of it likes to be."""
        return False

    def count(self, name: str, text: str) -> None:
        """What one grid comes to."""
        if name in self._figures:
            self._figures[name].setText(text)

    def _is_tax(self, charge: str) -> bool:
        """Whether a charge stands on an account of taxes; taken for one while the account isn't known here."""
        ledger = self.ledgers.get(charge)
        account = self._surroundings.lookups.row("account", ledger) if ledger else None
        return account is None or account.attributes.get("kind") == "tax"

    def _warn(self, name: str, is_wrong: bool) -> None:
        figure = self._figures.get(name)
        if figure is not None:
            figure.setProperty("role", "warning" if is_wrong else "figure")
            figure.style().unpolish(figure)
            figure.style().polish(figure)

    def figure(self, name: str) -> str:
        """What stands beside a name."""
        return self._figures[name].text() if name in self._figures else ""

    def _text(self, name: str, value: Decimal) -> str:
        if not value and name != "net":
            return "–"
        decimals = None if name == "quantity" else self._surroundings.money_decimals
        return shown(value, decimals, self._surroundings.grouping)


def _charge_sums(totals: Any, is_tax: Callable[[str], bool]) -> dict[str, Decimal]:
    """Charges by rate that add, on accounts of taxes, count as tax, all others as charges."""
    tax = others = ZERO
    for charge in getattr(totals, "charges", ()):
        if not charge.included:
            continue
        amount = _figure(charge.amount)
        if charge.rate and not charge.deduct and is_tax(charge.code):
            tax += amount
        else:
            others += -amount if charge.deduct else amount
    return {"tax": tax, "charges": others}


def _figure(text: Any) -> Decimal:
    return parse_decimal(str(text)) or ZERO
