"""What each field type holds: its JSON form, how it is read, which validators it knows. One row a type.

Values in a document are JSON: numbers as plain decimal text (Decimal and whole numbers are taken, floats
never), dates as ISO text, masters by code. Read, they are Decimal, int, date, time, datetime, bool or str.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from erpdesk.blueprints.canonical import plain_decimal
from erpdesk.blueprints.fields import Align, Field, FieldType

LARGEST = Decimal("1e15")
MAX_TEXT = 4000


@dataclass(frozen=True, slots=True)
class TypeRule:
    """One field type: JSON form, reading, alignment, the validators that mean something for it."""

    json_type: str
    read: Callable[[Any], Any]
    align: Align = Align.LEFT
    validators: frozenset[str] = frozenset()
    typed: bool = True

    @property
    def numeric(self) -> bool:
        """Whether values are exact decimals or whole numbers."""
        return self.align is Align.RIGHT


def read_text(raw: Any) -> str:
    """Text as it stands; blanks around it don't count."""
    if type(raw) is not str:
        raise ValueError("must be a text")
    if "\x00" in raw:
        raise ValueError("holds a character that can't be stored")
    return raw.strip()


def read_decimal(raw: Any) -> Decimal:
    """An exact finite decimal from plain notation, a whole number or a Decimal."""
    if type(raw) is str:
        if "e" in raw or "E" in raw or "_" in raw or not raw.isascii():
            raise ValueError("must be a number in plain decimal notation")
    elif isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise ValueError("must be a number, written as text")
    try:
        number = Decimal(raw)
    except InvalidOperation:
        raise ValueError("must be a number") from None
    if not number.is_finite():
        raise ValueError("must be a number")
    if not -LARGEST < number < LARGEST:
        raise ValueError("is too large a number")
    return number


def read_integer(raw: Any) -> int:
    """A whole number."""
    number = read_decimal(raw)
    if number != number.to_integral_value():
        raise ValueError("must be a whole number")
    return int(number)


def read_date(raw: Any) -> date:
    """An ISO date."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if type(raw) is str and len(raw) == 10:
        try:
            return date.fromisoformat(raw)
        except ValueError:
            pass
    raise ValueError("must be a date like 2026-04-01")


def read_time(raw: Any) -> time:
    """An ISO time of day."""
    if isinstance(raw, time):
        return raw
    try:
        return time.fromisoformat(raw)
    except (TypeError, ValueError):
        raise ValueError("must be a time like 14:30") from None


def read_datetime(raw: Any) -> datetime:
    """An ISO date and time."""
    if isinstance(raw, datetime):
        return raw
    try:
        return datetime.fromisoformat(raw)
    except (TypeError, ValueError):
        raise ValueError("must be a date and time like 2026-04-01T14:30") from None


def read_boolean(raw: Any) -> bool:
    """True or false."""
    if isinstance(raw, bool):
        return raw
    raise ValueError("must be true or false")


_TEXT = frozenset({"regex", "regex_message", "min_length", "max_length", "unique"})
_NUMBER = frozenset({"min", "max", "decimals", "step"})
_DATE = frozenset({"date_range"})
_R = Align.RIGHT

TYPE_RULES: dict[FieldType, TypeRule] = {
    FieldType.TEXT: TypeRule("string", read_text, validators=_TEXT),
    FieldType.TEXTAREA: TypeRule("string", read_text, validators=_TEXT),
    FieldType.INTEGER: TypeRule("integer", read_integer, _R, _NUMBER - {"decimals"}),
    FieldType.DECIMAL: TypeRule("string", read_decimal, _R, _NUMBER),
    FieldType.MONEY: TypeRule("string", read_decimal, _R, _NUMBER),
    FieldType.QUANTITY: TypeRule("string", read_decimal, _R, _NUMBER),
    FieldType.RATE: TypeRule("string", read_decimal, _R, _NUMBER),
    FieldType.PERCENT: TypeRule("string", read_decimal, _R, _NUMBER),
    FieldType.DATE: TypeRule("string", read_date, validators=_DATE),
    FieldType.DATETIME: TypeRule("string", read_datetime, validators=_DATE),
    FieldType.TIME: TypeRule("string", read_time),
    FieldType.BOOLEAN: TypeRule("boolean", read_boolean, Align.CENTER),
    FieldType.SELECT: TypeRule("string", read_text),
    FieldType.LOOKUP: TypeRule("string", read_text, validators=_TEXT),
    FieldType.TYPEAHEAD: TypeRule("string", read_text, validators=_TEXT),
    FieldType.LABEL: TypeRule("string", read_text, typed=False),
    FieldType.COMPUTED: TypeRule("string", read_decimal, _R, typed=False),
}
"""Every field type, once; the window maps each to its one editor by the same key."""


def parse_value(field: Field, raw: Any) -> Any:
    """The typed value of a JSON value; None for null and blank text. ValueError says what is wrong.

    A field that takes many values gives a tuple.
    """
    if raw is None or raw == "":
        return None
    read = TYPE_RULES[field.field_type].read
    if not field.many:
        value = read(raw)
        return None if value == "" else value
    if not isinstance(raw, list | tuple):
        raise ValueError("must be a list")
    return tuple(read(part) for part in raw)


def json_value(value: Any) -> Any:
    """The JSON form of a typed value."""
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [json_value(part) for part in value]
    return value
