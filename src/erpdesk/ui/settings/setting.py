"""A setting: one column of a voucher type, or of a row of one of its lists, as something to type.

Labels, helps and choices are data (`resources/settings`); what a column may hold is asked of its row class, so that
a form never offers what reading a document would refuse.
"""

from __future__ import annotations

import json
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from erpdesk.blueprints.baseline import load_journal_types
from erpdesk.blueprints.blueprint_rows import PARTS
from erpdesk.blueprints.columns import Column, columns_of
from erpdesk.blueprints.fields import (
    Align,
    Field,
    FieldType,
    FieldUi,
    Lookup,
    LookupKind,
    Option,
    Validators,
)
from erpdesk.blueprints.rows import LineConfig, VoucherType
from erpdesk.settings import RESOURCES
from erpdesk.ui.configured_words import field_in_language
from erpdesk.ui.words import say, to_say

LINES = "lines"
_LONGEST = 2_000


class Kind(StrEnum):
    """What a setting holds: a yes or no, the same or nothing, a text, several lines of text, a number, a word of a
    closed list, several such words, the code of a master; or something that has an editor of its own, which the form
    is given."""

    FLAG = "flag"
    MAYBE = "maybe"
    TEXT = "text"
    LINES = "lines"
    WHOLE = "whole"
    FIGURE = "figure"
    WORD = "word"
    WORDS = "words"
    REFERENCE = "reference"
    OWN = "own"


_FIELD_TYPES: Mapping[Kind, FieldType] = {
    Kind.FLAG: FieldType.BOOLEAN, Kind.MAYBE: FieldType.SELECT, Kind.TEXT: FieldType.TEXT,
    Kind.LINES: FieldType.TEXTAREA,
    Kind.WHOLE: FieldType.INTEGER, Kind.FIGURE: FieldType.DECIMAL, Kind.WORD: FieldType.SELECT,
    Kind.WORDS: FieldType.SELECT, Kind.REFERENCE: FieldType.LOOKUP,
    Kind.OWN: FieldType.TEXT,
}
YES, NO = "yes", "no"
_MAYBE = (Option(YES, to_say("Yes")), Option(NO, to_say("No")))
_WIDTHS = {Kind.FLAG: 5, Kind.MAYBE: 5, Kind.WHOLE: 8, Kind.FIGURE: 10, Kind.WORD: 26, Kind.REFERENCE: 26, Kind.OWN: 40}


@dataclass(frozen=True, slots=True)
class Setting:
    """`column` is its path within the type (`lines.show_rate`) or within its row. `nullable`: may be left unsaid.
    `shows` are the fields of the form that it brings there or shapes (`party`, `lines.rate`); `grids` the kinds of line
    grids that it means anything to, none: all of them; `or_when` a flag that gives it a meaning with any lines."""

    column: str
    kind: Kind
    field: Field
    nullable: bool
    default: Any
    shows: tuple[str, ...] = ()
    grids: frozenset[str] = frozenset()
    or_when: str = ""

    def to_document(self, raw: Any) -> Any:
        """What the document says for what stands in the editor."""
        match self.kind:
            case Kind.FLAG:
                return raw is True
            case Kind.MAYBE:
                return None if raw is None else raw == YES
            case Kind.WHOLE:
                return _whole(raw, self.default)
            case Kind.TEXT:
                return raw or ("" if not self.nullable else None)
            case Kind.LINES:
                return [line.strip() for line in str(raw or "").splitlines() if line.strip()]
            case Kind.WORDS:
                return raw if isinstance(raw, str) else list(raw or ())
            case Kind.WORD:
                return raw or (None if self.nullable else self.default)
            case Kind.OWN:
                return self.default if raw is None else raw
            case _:
                return raw

    def to_editor(self, value: Any) -> Any:
        """What the editor shows for what the document says."""
        match self.kind:
            case Kind.MAYBE:
                return None if value is None else YES if value else NO
            case Kind.LINES:
                return "\n".join(value or ())
            case Kind.WHOLE | Kind.FIGURE:
                return None if value is None else str(value)
            case Kind.TEXT:
                return value or None
            case Kind.OWN:
                return None if value == "" else value
            case _:
                return value


@dataclass(frozen=True, slots=True)
class Group:
    """Settings under one heading."""

    label: str
    settings: tuple[Setting, ...]


@cache
def groups(tab: str) -> tuple[Group, ...]:
    """The settings of a tab in their order, in English."""
    content = _content()[tab]
    kind = PARTS.get(content.get("row_of", ""))
    return tuple(Group(group["label"], tuple(_setting(row, kind) for row in group["settings"]))
                 for group in content["groups"])


def in_language(setting: Setting) -> Field:
    """The setting's field in the language in use."""
    return field_in_language(setting.field)


@cache
def _content() -> dict[str, Any]:
    """A file a form."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8"))
            for path in sorted((RESOURCES / "settings").glob("*.json"))}


@cache
def settings_by_shown() -> Mapping[str, str]:
    """For each field of a form that a setting brings there, the path of that setting."""
    return {shown: setting.column for tab in _content() if not _content()[tab].get("row_of")
            for group in groups(tab) for setting in group.settings for shown in setting.shows}


@cache
def _labels() -> Mapping[str, str]:
    return {setting.column: setting.field.label for tab in _content() if not _content()[tab].get("row_of")
            for group in groups(tab) for setting in group.settings}


def called(path: str, otherwise: str) -> str:
    """What the setting of a path is called on its tab, in the language in use; those that stand on none, otherwise."""
    label = _labels().get(path)
    if label is None:
        return say(otherwise)
    return f"{say('Lines')}: {say(label)}" if path.startswith(f"{LINES}.") else say(label)


def _setting(row: Mapping[str, Any], part: type[Any] | None) -> Setting:
    column = row["column"]
    owner, name = _owner(column, part)
    if row.get("kind") == Kind.OWN:
        look = FieldUi(width=row.get("width", _WIDTHS[Kind.OWN]), help=row["help"])
        default = _default(owner, name) if name in columns_of(owner) else None
        return Setting(column, Kind.OWN, Field(column, row["label"], FieldType.TEXT, ui=look), True, default,
                       grids=frozenset(row.get("grids", ())))
    known = columns_of(owner)[name]
    hint, nullable = _hint(typing.get_type_hints(owner)[name])
    kind = Kind(row["kind"]) if "kind" in row else _kind(hint, known)
    if kind is Kind.TEXT and "choices" in row:
        kind = Kind.WORD
    if kind is Kind.FLAG and nullable:
        kind = Kind.MAYBE
    options = _MAYBE if kind is Kind.MAYBE else _options(row, hint, known)
    asked = Validators(max_length=_LONGEST if kind is Kind.LINES else None)
    if kind is Kind.WHOLE:
        asked = Validators(min=_decimal(known.minimum), max=_decimal(known.maximum))
    right = kind in (Kind.WHOLE, Kind.FIGURE)
    look = FieldUi(width=row.get("width") or _WIDTHS.get(kind, 26), help=row["help"],
                   align=Align.RIGHT if right else Align.LEFT)
    lookup = Lookup(LookupKind(known.refers)) if kind is Kind.REFERENCE else None
    field = Field(column, row["label"], _FIELD_TYPES[kind], validators=asked, ui=look, options=options, lookup=lookup)
    return Setting(column, kind, field, nullable, _default(owner, name), tuple(row.get("shows", ())),
                   frozenset(row.get("grids", ())), row.get("or_when", ""))


def _owner(column: str, part: type[Any] | None) -> tuple[type[Any], str]:
    if part is not None:
        return part, column
    grid, _, name = column.partition(".")
    return (LineConfig, name) if grid == LINES and name else (VoucherType, column)


def _hint(hint: Any) -> tuple[Any, bool]:
    """The type without null, and whether null was allowed."""
    parts = [part for part in typing.get_args(hint) if part is not type(None)]
    if type(None) in typing.get_args(hint):
        return parts[0], True
    return hint, False


def _kind(hint: Any, column: Column) -> Kind:
    if column.refers:
        return Kind.REFERENCE if column.refers in tuple(LookupKind) else Kind.WORD
    if typing.get_origin(hint) is tuple:
        return Kind.WORDS if isinstance(typing.get_args(hint)[0], type) and issubclass(
            typing.get_args(hint)[0], StrEnum) else Kind.LINES
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Kind.WORD
    return {bool: Kind.FLAG, int: Kind.WHOLE, Decimal: Kind.FIGURE}.get(hint, Kind.TEXT)


def _options(row: Mapping[str, Any], hint: Any, column: Column) -> tuple[Option, ...]:
    """The choices in the order of the data; those of masters that are never made here from their own list."""
    if column.refers in _LISTED:
        return _LISTED[column.refers]()
    return tuple(Option(choice["value"], choice["label"]) for choice in row.get("choices", ()))


def _journal_types() -> tuple[Option, ...]:
    return tuple(Option(one.code, one.label) for one in load_journal_types())


_LISTED: Mapping[str, Callable[[], tuple[Option, ...]]] = {"journal_type": _journal_types}


def _default(owner: type[Any], name: str) -> Any:
    from erpdesk.ui.settings.edited import defaults_of

    return defaults_of(owner)[name]


def _decimal(bound: int | None) -> Decimal | None:
    return None if bound is None else Decimal(bound)


def _whole(raw: Any, default: Any) -> Any:
    try:
        return default if raw in (None, "") else int(Decimal(str(raw)))
    except (ArithmeticError, ValueError):
        return raw
