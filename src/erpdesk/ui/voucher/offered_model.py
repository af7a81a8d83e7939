"""Lines that the books offer: each names something to take, and counts only once an amount of it is taken.

What names an offered line is certain, so that an untouched one is blank and stays out of the document. A blank line
at the end takes what is not offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.fields import Field
from erpdesk.domain.money import ZERO, parse_decimal, plain
from erpdesk.ui.overriding import override
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.line_model import LineModel


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to take: what names it, and figures that are only shown."""

    values: Mapping[str, Any]
    shown: Mapping[str, str] = field(default_factory=dict)


class OfferedModel(LineModel):
    """`names` say what a line takes, `amount_key` how much; `open_key` is the shown figure of what there is."""

    names: tuple[str, ...] = ("voucher_number",)
    amount_key = "amount"
    open_key = "open_amount"

    def left(self, without: Line | None = None) -> Decimal | None:
        """What is still to be taken, a line left out if wanted; None where nothing limits it."""
        return None

    def proposal(self, row: int, key: str) -> str | None:
        """The whole of what is offered, or what is left to take; None where there is nothing to propose."""
        line = self.lines[row]
        if key != self.amount_key or not self.is_offered(line) or key in line.values:
            return None
        there, left = self.open_of(line), self.left(line)
        amount = there if left is None else min(there, left)
        return plain(amount) if amount > 0 else None

    def open_of(self, line: Line) -> Decimal:
        """What a line has to take."""
        return parse_decimal(line.shown.get(self.open_key, "")) or ZERO

    def is_offered(self, line: Line) -> bool:
        """Whether the books offered the line."""
        return any(name in line.certain for name in self.names)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to take."""
        return self.left() == 0

    def offer(self, offers: Iterable[Offer]) -> None:
        """Offer these from now on; what was taken before stays, with the figures of today."""
        known = {self._named(one.values): one for one in offers}
        kept = [line for line in self.lines if not line.is_blank]
        for line in kept:
            again = known.pop(self._named(line.values), None)
            if again is not None:
                line.shown.update(again.shown)
        fresh = [Line(dict(one.values), set(one.values), dict(one.shown)) for one in known.values()]
        self.replace_lines([*kept, *fresh])

    def _named(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(str(values.get(name) or "") for name in self.names)

    @override
    def put(self, row: int, key: str, raw: Any) -> None:
        line = self.lines[row]
        named = {name: line.values[name] for name in line.certain} if self.is_offered(line) else {}
        super().put(row, key, raw)
        if line.is_blank and named:
            for name, value in named.items():
                line.supply(name, value)
            self._row_changed(row)

    @override
    def may_type(self, row: int, field: Field) -> bool:
        offered = row < len(self.lines) and self.is_offered(self.lines[row])
        return super().may_type(row, field) and not (offered and field.key in self.lines[row].certain)
