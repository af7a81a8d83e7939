"""Live context of a voucher: balances beside party and account, stock and last rate under the lines.

Asked on a worker, kept for the voucher, shown where room is kept for it: it never delays a key and moves nothing.
Of several questions for one place only the latest is answered; an answer to an older one is kept, not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Protocol

from PySide6.QtCore import QObject

from erpdesk.blueprints.defaults import DefaultKind
from erpdesk.blueprints.fields import FieldType
from erpdesk.domain.money import parse_decimal, plain
from erpdesk.domain.pricing import PriceQuestion
from erpdesk.domain.results import Refused
from erpdesk.ui.editors.plain import NumberEditor
from erpdesk.ui.figures import shown, shown_text
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.context_label import STANDING_KINDS
from erpdesk.ui.voucher.draft import Draft, Line
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.masters.in_place import MastersInPlace
from erpdesk.ui.voucher.sheet import VoucherSheet
from erpdesk.ui.words import say

Question = tuple[str, Hashable]
_BATCHES = 3


class Page(Protocol):
    """The voucher window, as far as context goes."""

    draft: Draft
    sheet: VoucherSheet
    masters: MastersInPlace
    voucher_posted: Any


class _Place:
    """What is wanted at one place, and what is being asked for it; `is_old`: the answer may be from before a post."""

    __slots__ = ("asked", "is_old", "show", "wanted")

    def __init__(self, show: Callable[[Question, Any], None]) -> None:
        self.show = show
        self.wanted: Question | None = None
        self.asked: Question | None = None
        self.is_old = False


class LiveContext(QObject):
    """Asks and shows; `last_rate` tells what is known of a line by now."""

    def __init__(self, session: Session, books: Books, page: Page, voucher_type: str, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._books, self._page, self._type = session, books, page, voucher_type
        self._grouping = books.organization.digit_grouping
        self._decimals = books.organization.currency_decimals
        self._draft: Draft | None = None
        self._known: dict[Question, Any] = {}
        self._line_place = _Place(self._show_line)
        self._fields = [field for field in page.sheet.schema.header
                        if field.lookup is not None and str(field.lookup.kind) in STANDING_KINDS
                        and field.key in page.sheet.header.context]
        self._places = {field.key: _Place(self._shower(field.key)) for field in self._fields}
        self._row: tuple[LineGrid, int] | None = None
        page.masters.saved.connect(self._forget)
        page.voucher_posted.connect(lambda _posted: self.renew())
        page.sheet.header.field_accepted.connect(lambda _key: self.refresh())
        page.sheet.header.field_entered.connect(lambda _key: self.refresh())
        for grid in page.sheet.grids.values():
            grid.cell_entered.connect(lambda row, _key, one=grid: self._enter(one, row))
            grid.cell_entered.connect(lambda _row, _key: self._propose_rate())
            grid.lines.edited.connect(lambda row, _key, one=grid: self._enter(one, row))

    # What is wanted

    def refresh(self) -> None:
        """Ask for what the header names now; a voucher begun anew begins with nothing known."""
        if self._page.draft is not self._draft:
            self._draft = self._page.draft
            self._known.clear()
            self._row = None
            self._want(self._line_place, None)
        for field in self._fields:
            code = self._page.draft.header.values.get(field.key)
            assert field.lookup is not None
            self._want(self._places[field.key], (str(field.lookup.kind), str(code)) if code else None)

    def _forget(self) -> None:
        """A master was altered here: what is known of it may hold no more."""
        self._known.clear()
        for place in (self._line_place, *self._places.values()):
            place.wanted = None

    def renew(self) -> None:
        """A voucher was posted: what was known before it is asked again, and stands until the answer is there."""
        self._known.clear()
        for place in (self._line_place, *self._places.values()):
            place.is_old = place.asked is not None
            self._ask(place)

    def _enter(self, grid: LineGrid, row: int) -> None:
        self.refresh()
        if not grid.is_mirror and 0 <= row < len(grid.lines.lines):
            self._row = grid, row
            self._want(self._line_place, self._question_of(grid, grid.lines.lines[row]))

    def _question_of(self, grid: LineGrid, line: Line) -> Question | None:
        """What a line asks: its item, else its party, else its account."""
        kinds = {str(field.lookup.kind): field.key for field in grid.lines.columns if field.lookup is not None}
        for kind in ("item", *STANDING_KINDS):
            code = line.values.get(kinds.get(kind, ""))
            if code:
                return kind, self._price_question(line, str(code)) if kind == "item" else str(code)
        return None

    def _price_question(self, line: Line, item: str) -> PriceQuestion:
        header = self._page.draft.header.values
        return PriceQuestion(item, self._type, str(header.get("date") or self._session.working_date.isoformat()),
                             "1", line.values.get("uom"), header.get("party"), None, header.get("currency"))

    def last_rate(self, line: Line) -> str | None:
        """The last rate of a line's item with the party, if it is at hand."""
        item = line.values.get("item")
        known = self._known.get(("item", self._price_question(line, str(item)))) if item else None
        return plain(known.last_rate) if known is not None and known.last_rate is not None else None

    def _propose_rate(self) -> None:
        """Stand the last rate in an empty cell that takes it, all selected, to be taken by Enter or typed over."""
        if self._row is None:
            return
        grid, (row, key) = self._row[0], self._row[0].here()
        field, editor = grid.lines.grid.field(key), grid.open_editor
        takes_last = (field is not None and field.field_type is FieldType.RATE and field.default is not None
                      and field.default.kind is DefaultKind.LAST_VALUE)
        if not takes_last or not isinstance(editor, NumberEditor) or editor.isModified() or editor.text():
            return
        rate = self.last_rate(grid.lines.lines[row])
        if rate is not None:
            editor.set_raw(rate)
            editor.selectAll()

    # Asking

    def _want(self, place: _Place, question: Question | None) -> None:
        if question == place.wanted and (question is None or question not in self._known):
            return
        place.wanted = question
        if question is None or question in self._known:
            self._show(place)
        else:
            place.show(question, None)
            self._ask(place)

    def _ask(self, place: _Place) -> None:
        question = place.wanted
        if place.asked is not None or question is None:
            return
        place.asked = question
        context, (kind, asked) = self._books.live_context, question
        ask: Callable[[Any], Any] = getattr(context, kind)
        self._session.background.submit(self, lambda: ask(asked), lambda answer: self._take(place, question, answer),
                                        lambda _refusal: self._miss(place, question, _refusal))

    def _take(self, place: _Place, question: Question, answer: Any) -> None:
        place.asked = None
        is_old, place.is_old = place.is_old, False
        self._known[question] = answer
        if place.wanted == question:
            self._show(place)
            if is_old:
                self._ask(place)
        elif place.wanted is not None and place.wanted not in self._known:
            self._ask(place)
        else:
            self._show(place)

    def _miss(self, place: _Place, question: Question, _refusal: Refused) -> None:
        """Nobody answered: nothing is shown, and the next question is asked."""
        place.asked = None
        if place.wanted == question:
            place.wanted = None
        else:
            self._ask(place)

    def _show(self, place: _Place) -> None:
        question = place.wanted
        if question is not None:
            place.show(question, self._known.get(question))
        else:
            place.show(("", ""), None)

    # Showing

    def _shower(self, key: str) -> Callable[[Question, Any], None]:
        label = self._page.sheet.header.context[key]
        return lambda _question, answer: label.show_text(self.standing_text(answer))

    def _show_line(self, question: Question, answer: Any) -> None:
        kind, asked = question
        text = "" if answer is None else (
            self._item_text(answer) if isinstance(asked, PriceQuestion) else self.standing_text(answer))
        code = asked.item if isinstance(asked, PriceQuestion) else str(asked)
        row = self._session.lookups.row(kind, code) if text else None
        self._page.sheet.line_context.show_text(f"{row.name if row is not None else code}:  {text}" if text else "")
        self._propose_rate()

    def standing_text(self, standing: Any) -> str:
        """A balance with its side, and the limit, in words; a limit that is passed is called so."""
        if standing is None:
            return ""
        side = say("Dr") if standing.balance >= 0 else say("Cr")
        amount = self._money(abs(standing.balance))
        parts = [say("bal. {amount} {side}", amount=amount, side=side) if standing.balance else say("bal. nil")]
        limit = standing.credit_limit
        if limit is not None:
            passed = standing.balance > limit
            parts.append(say("limit {amount} exceeded" if passed else "limit {amount}", amount=self._money(limit)))
        return " · ".join(parts)

    def _item_text(self, context: Any) -> str:
        places = "  ".join(f"{one.warehouse} {self._quantity(one.quantity)}" for one in context.stock)
        parts = [say("stock {places}", places=places) if places else say("no stock")]
        if context.batches:
            there: dict[str, Any] = {}
            for one in context.batches:
                there[one.batch] = there.get(one.batch, 0) + one.quantity
            named = [f"{batch} {self._quantity(quantity)}" for batch, quantity in there.items()]
            more = ["…"] if len(named) > _BATCHES else []
            parts.append("  ".join(named[:_BATCHES] + more))
        if context.last_rate is not None:
            parts.append(say("last rate {rate}", rate=self._money(context.last_rate)))
        return " · ".join(parts)

    def _money(self, amount: Any) -> str:
        return shown(amount, self._decimals, self._grouping)

    def _quantity(self, quantity: Any) -> str:
        return shown_text(str(parse_decimal(str(quantity)) or 0), None, self._grouping)
