"""A value of a document as it is printed: names for codes, days and figures as the organization writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.fields import Field, FieldType, LookupKind
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import MAXIMUM_DECIMALS, decimal_places, parse_decimal
from erpdesk.exchange.printing.language import Speech

Names = Mapping[tuple[str, str], str]
FIGURES = frozenset({FieldType.MONEY, FieldType.QUANTITY, FieldType.RATE, FieldType.PERCENT, FieldType.DECIMAL,
                     FieldType.INTEGER, FieldType.COMPUTED})
_WITH_CODE = frozenset({LookupKind.ACCOUNT})


@dataclass(frozen=True, slots=True)
class Values:
    """Writes values; `decimals` are those of the voucher's currency, `names` those of masters by kind and key."""

    speech: Speech
    decimals: int
    names: Names

    def of(self, row: Mapping[str, Any], field: Field) -> str:
        """What a document object says in a field; empty for nothing."""
        raw = raw_of(row, field)
        if raw in (None, "", [], ()):
            return ""
        if isinstance(raw, list | tuple):
            return ", ".join(self._one(one, field) for one in raw)
        return self._one(raw, field)

    def money(self, amount: Any, *, zero: bool = True) -> str:
        """An amount in the voucher's currency."""
        figure = figure_of(amount)
        return self.speech.figure(figure, self.decimals) if zero or figure else ""

    def plain(self, amount: Any, *, zero: bool = True) -> str:
        """A quantity, rate or percentage."""
        figure = figure_of(amount)
        return self.speech.figure(figure) if zero or figure else ""

    def rate(self, amount: Any, *, zero: bool = True) -> str:
        """A price, with the decimals of money at least, so that prices stand one under the other."""
        figure = figure_of(amount)
        places = max(self.decimals, decimal_places(figure))
        return self.speech.figure(figure, min(places, MAXIMUM_DECIMALS)) if zero or figure else ""

    def day(self, text: Any) -> str:
        """An ISO day."""
        try:
            return self.speech.short_day(date.fromisoformat(str(text)[:10]))
        except ValueError:
            return str(text)

    def long_day(self, text: Any) -> str:
        """An ISO day, in both calendars where there are two."""
        try:
            return self.speech.day(date.fromisoformat(str(text)[:10]))
        except ValueError:
            return str(text)

    def named(self, kind: str, code: Any) -> str:
        """The name of a master, else its code."""
        return self.names.get((kind, key_of(str(code)))) or str(code)

    def _one(self, raw: Any, field: Field) -> str:
        kind = field.field_type
        if kind in (FieldType.LOOKUP, FieldType.TYPEAHEAD) and field.lookup is not None:
            return self._looked_up(str(raw), field.lookup.kind)
        if kind in (FieldType.MONEY, FieldType.COMPUTED):
            return self.money(raw) if parse_decimal(str(raw)) is not None else str(raw)
        if kind is FieldType.RATE and parse_decimal(str(raw)) is not None:
            return self.rate(raw)
        if kind in FIGURES:
            return self.plain(raw) if parse_decimal(str(raw)) is not None else str(raw)
        if kind in (FieldType.DATE, FieldType.DATETIME):
            return self.day(raw)
        if kind is FieldType.BOOLEAN:
            return self.speech.say("Yes" if raw is True or str(raw).lower() == "true" else "No")
        if kind is FieldType.SELECT:
            label = next((option.label for option in field.options if option.value == str(raw)), str(raw))
            return self.speech.say(label)
        return str(raw)

    def _looked_up(self, code: str, kind: LookupKind) -> str:
        name = self.named(str(kind), code)
        return f"{name} ({code})" if kind in _WITH_CODE and name != code else name


def raw_of(row: Mapping[str, Any], field: Field) -> Any:
    """The value of a field in its document object."""
    found: Any = row
    for key in field.path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def figure_of(raw: Any) -> Decimal:
    """A figure; what is none is zero."""
    if isinstance(raw, Decimal):
        return raw
    return parse_decimal(str(raw if raw is not None else "")) or Decimal(0)


def codes_named(rows: Iterable[tuple[Mapping[str, Any], Iterable[Field]]]) -> dict[str, set[str]]:
    """The keys of the masters that document objects name, by kind."""
    found: dict[str, set[str]] = {}
    for row, fields in rows:
        for field in fields:
            if field.lookup is not None:
                for code in _texts(raw_of(row, field)):
                    found.setdefault(str(field.lookup.kind), set()).add(key_of(code))
    return found


def _texts(raw: Any) -> Iterator[str]:
    if isinstance(raw, list | tuple):
        yield from (str(one) for one in raw if one)
    elif raw:
        yield str(raw)
