"""The optional override of a voucher type: fields merged by key over what the tables say (decision 40).

A new key adds a field, `"remove": true` takes one away, what isn't named keeps its value and place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from erpdesk.blueprints.codec import Unreadable, decode, encode
from erpdesk.blueprints.conditions import Condition
from erpdesk.blueprints.defaults import Default
from erpdesk.blueprints.faults import Cfg, FaultList, joined
from erpdesk.blueprints.fields import Align, FieldType, Lookup, LookupKind, Option, Section, Validators


@dataclass(frozen=True, slots=True)
class UiOverride:
    """Look and key path to change; null leaves as is."""

    width: int | None = None
    align: Align | None = None
    readonly: bool | None = None
    hidden: bool | None = None
    placeholder: str | None = None
    help: str | None = None
    tab_stop: bool | None = None
    section: Section | None = None
    tab_order: int | None = None
    skip_when_certain: bool | None = None
    open_on_focus: bool | None = None
    repeat_from_above: bool | None = None


@dataclass(frozen=True, slots=True)
class FieldOverride:
    """One field's change. `grid` names the grid's key for a line field; empty: every line grid."""

    key: str
    grid: str = ""
    remove: bool = False
    label: str | None = None
    field_type: FieldType | None = None
    required: bool | None = None
    default: Default | None = None
    validators: Validators | None = None
    ui: UiOverride | None = None
    order: int | None = None
    options: tuple[Option, ...] | None = None
    lookup: Lookup | None = None
    visible_when: Condition | None = None
    readonly_when: Condition | None = None
    required_when: Condition | None = None

    def as_json(self) -> dict[str, Any]:
        """Only what is said; the order under its documented key `__order__`."""
        return _sparse(self, {"order": "__order__"})

    @staticmethod
    def from_json(value: Any, path: str, faults: FaultList) -> FieldOverride:
        """Read one override; `account` and `number` are words for a lookup and a decimal (decision 42)."""
        if isinstance(value, FieldOverride):
            return value
        if not isinstance(value, Mapping):
            faults.add(Cfg.WRONG_FORM, path, f"{path} must be an object")
            raise Unreadable
        given = {("order" if key == "__order__" else key): part for key, part in value.items()}
        _spell_out(given)
        validators = given.get("validators")
        if isinstance(validators, Mapping) and "required" in validators:
            given["validators"] = {key: part for key, part in validators.items() if key != "required"}
            given.setdefault("required", validators["required"])
        return FieldOverride(**_read_members(FieldOverride, given, path, faults))


@dataclass(frozen=True, slots=True)
class ChargeOverride:
    """One charge's change; a charge can't be added here, it needs a ledger in its own row."""

    code: str
    remove: bool = False
    label: str | None = None
    can_edit: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """Only what is said."""
        return _sparse(self, {})


@dataclass(frozen=True, slots=True)
class SchemaOverride:
    """`schema_definition` of a voucher type."""

    header_fields: tuple[FieldOverride, ...] = ()
    line_fields: tuple[FieldOverride, ...] = ()
    charges: tuple[ChargeOverride, ...] = ()


def spelled_type(written: str) -> tuple[str, LookupKind | None]:
    """The field type that a word stands for, and the master it implies (decision 42)."""
    if written == "number":
        return str(FieldType.DECIMAL), None
    if written in tuple(LookupKind):
        return str(FieldType.LOOKUP), LookupKind(written)
    return written, None


def _spell_out(given: dict[str, Any]) -> None:
    written = given.get("field_type")
    if isinstance(written, str):
        given["field_type"], implied = spelled_type(written)
        if implied is not None:
            given.setdefault("lookup", {"kind": str(implied)})


def _read_members(kind: type[Any], given: Mapping[str, Any], path: str, faults: FaultList) -> dict[str, Any]:
    import typing

    hints, members = typing.get_type_hints(kind), {}
    for key in given:
        if key not in hints:
            unknown = joined(path, str(key))
            faults.add(Cfg.UNKNOWN_KEY, unknown, f"{unknown} is not a known key")
    for name in hints:
        if name in given:
            members[name] = decode(hints[name], given[name], joined(path, name), faults)
    if "key" not in members:
        faults.add(Cfg.MISSING, joined(path, "key"), f"{joined(path, 'key')} must be given")
        raise Unreadable
    return members


def _sparse(row: Any, renamed: Mapping[str, str]) -> dict[str, Any]:
    """The members that say something, nested ones likewise."""
    written = {}
    for member in fields(row):
        value = getattr(row, member.name)
        if value == member.default and value is not True:
            continue
        plain = encode(value)
        if isinstance(plain, dict):
            plain = {key: part for key, part in plain.items() if part is not None}
        written[renamed.get(member.name, member.name)] = plain
    return written
