"""Frozen dataclasses to plain JSON values and back without loss, driven by their type hints.

Written: decimals as plain text, dates as ISO text, tuples as lists, enumerations as their word. Read: the
same, plus JSON numbers for decimals (never floats); every fault is gathered with its path. A class may bring
its own `as_json()` and `from_json(value, path, faults)`.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any

from erpdesk.blueprints.canonical import plain_decimal
from erpdesk.blueprints.faults import Cfg, FaultList, joined

_LIMIT = Decimal("1e15")
_MOST_DECIMALS = 40


_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


class Unreadable(Exception):
    """The value at hand can't be read; its fault is in the list already."""


def encode(value: Any) -> Any:
    """Plain JSON values of a dataclass, enumeration, decimal, date, tuple or scalar."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [encode(part) for part in value]
    if hasattr(value, "as_json"):
        return value.as_json()
    row: Any = type(value)
    return {name: encode(getattr(value, name)) for name in _hints(row)}


def decode(kind: Any, value: Any, path: str, faults: FaultList) -> Any:
    """A value of `kind` read from plain JSON; raises Unreadable when it can't be, its fault recorded."""
    return _reader(kind)(value, path, faults)


def decode_all(kind: Any, value: Any, path: str, faults: FaultList) -> tuple[Any, ...]:
    """A list of `kind`, leaving out what can't be read."""
    if not isinstance(value, list | tuple):
        _refuse(faults, path, "a list", value)
        return ()
    rows = []
    for position, element in enumerate(value):
        try:
            rows.append(decode(kind, element, joined(path, position), faults))
        except Unreadable:
            continue
    return tuple(rows)


Reader = Callable[[Any, str, FaultList], Any]


def _refuse(faults: FaultList, path: str, expected: str, value: Any) -> None:
    faults.add(Cfg.WRONG_FORM, path, f"{path or 'The document'} must be {expected}, not {_shown(value)}")


def _shown(value: Any) -> str:
    text = repr(value) if not isinstance(value, Decimal) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    row: Any = kind
    hints = typing.get_type_hints(row)
    return {f.name: hints[f.name] for f in dataclasses.fields(row) if f.init}


@cache
def _reader(hint: Any) -> Reader:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _union_reader(typing.get_args(hint))
    if origin is tuple:
        return _list_reader(typing.get_args(hint)[0])
    if hasattr(hint, "from_json"):
        return typing.cast(Reader, hint.from_json)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _word_reader(hint)
    if dataclasses.is_dataclass(hint):
        return _row_reader(typing.cast(type[Any], hint))
    return _SCALARS[hint]


def _union_reader(parts: tuple[Any, ...]) -> Reader:
    nullable = type(None) in parts
    kinds = [part for part in parts if part is not type(None)]

    def read(value: Any, path: str, faults: FaultList) -> Any:
        if value is None and nullable:
            return None
        for kind in kinds[:-1]:
            if _fits(kind, value):
                return _reader(kind)(value, path, faults)
        return _reader(kinds[-1])(value, path, faults)

    return read


def _fits(kind: Any, value: Any) -> bool:
    """Whether a union's member takes a JSON value of this form."""
    if typing.get_origin(kind) is tuple:
        return isinstance(value, list | tuple)
    if kind is bool:
        return isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str)


def _list_reader(kind: Any) -> Reader:
    def read(value: Any, path: str, faults: FaultList) -> tuple[Any, ...]:
        return decode_all(kind, value, path, faults)

    return read


def _word_reader(words: type[StrEnum]) -> Reader:
    def read(value: Any, path: str, faults: FaultList) -> StrEnum:
        try:
            return words(value)
        except ValueError:
            listed = ", ".join(words)
            code = Cfg.UNKNOWN_FIELD_TYPE if words.__name__ == "FieldType" else Cfg.UNKNOWN_WORD
            faults.add(code, path, f"{path}: {_shown(value)} is none of {listed}")
            raise Unreadable from None

    return read


def _row_reader(kind: Any) -> Reader:
    known = {f.name: f for f in dataclasses.fields(kind) if f.init}

    def read(value: Any, path: str, faults: FaultList) -> Any:
        if isinstance(value, kind):
            return value
        if not isinstance(value, Mapping):
            _refuse(faults, path, "an object", value)
            raise Unreadable
        for key in value:
            if key not in known:
                unknown = joined(path, str(key))
                faults.add(Cfg.UNKNOWN_KEY, unknown, f"{unknown} is not a known key")
        given, whole = {}, True
        for name, column in known.items():
            if name in value:
                try:
                    given[name] = _reader(_hints(kind)[name])(value[name], joined(path, name), faults)
                    _check_bounds(column, given[name], joined(path, name), faults)
                except Unreadable:
                    whole = whole and column.default is not dataclasses.MISSING
            elif column.default is dataclasses.MISSING and column.default_factory is dataclasses.MISSING:
                faults.add(Cfg.MISSING, joined(path, name), f"{joined(path, name)} must be given")
                whole = False
        if not whole:
            raise Unreadable
        return kind(**given)

    return read


def _check_bounds(field: dataclasses.Field[Any], value: Any, path: str, faults: FaultList) -> None:
    column = field.metadata.get("column")
    if column is None or not isinstance(value, int) or isinstance(value, bool):
        return
    low, high = column.minimum, column.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        faults.add(Cfg.OUT_OF_RANGE, path, f"{path} must lie between {low} and {high}, not {value}")


def _text(value: Any, path: str, faults: FaultList) -> str:
    if isinstance(value, str) and "\x00" not in value and not _HALF_CHARACTER.search(value):
        return str(value)
    _refuse(faults, path, "a text", value)
    raise Unreadable


def _flag(value: Any, path: str, faults: FaultList) -> bool:
    if isinstance(value, bool):
        return value
    _refuse(faults, path, "true or false", value)
    raise Unreadable


def _whole(value: Any, path: str, faults: FaultList) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str | Decimal):
        try:
            number = Decimal(value)
            if number.is_finite() and abs(number) < _LIMIT and number == number.to_integral_value():
                return int(number)
        except InvalidOperation:
            pass
    _refuse(faults, path, "a whole number", value)
    raise Unreadable


def _decimal(value: Any, path: str, faults: FaultList) -> Decimal:
    if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        try:
            number = Decimal(value)
            if number.is_finite() and abs(number) < _LIMIT and _has_sane_decimals(number):
                return Decimal(plain_decimal(number))
        except InvalidOperation:
            pass
    _refuse(faults, path, "a number in plain decimal notation", value)
    raise Unreadable


def _has_sane_decimals(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_MOST_DECIMALS


def _date(value: Any, path: str, faults: FaultList) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        _refuse(faults, path, "a date like 2026-04-01", value)
        raise Unreadable from None


_SCALARS: dict[Any, Reader] = {str: _text, bool: _flag, int: _whole, Decimal: _decimal, date: _date}
