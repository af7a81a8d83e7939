"""Where a field's value comes from when nobody typed one.

A constant; today (the server's); an attribute of the context (branch, warehouse, currency …), of the party or
of the line's item; in a line, what a header field holds; the value last used by this user in this type; or
the price list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from erpdesk.blueprints.canonical import plain_decimal
from erpdesk.blueprints.faults import Cfg, FaultList


class DefaultKind(StrEnum):
    """The sources of a default."""

    CONSTANT = "constant"
    TODAY = "today"
    CONTEXT = "context"
    HEADER = "header"
    PARTY = "party"
    ITEM = "item"
    LAST_VALUE = "last_value"
    PRICE_LIST = "price_list"


_NAMED = (DefaultKind.CONTEXT, DefaultKind.HEADER, DefaultKind.PARTY, DefaultKind.ITEM)


@dataclass(frozen=True, slots=True)
class Default:
    """`value` is the constant, the name of the context's, party's or item's attribute, or the header field's
    key; else null."""

    kind: DefaultKind
    value: str | bool | int | None = None

    def as_json(self) -> dict[str, Any]:
        """`{"kind": …, "value": …}`, without a null value."""
        row: dict[str, Any] = {"kind": str(self.kind)}
        if self.value is not None:
            row["value"] = self.value
        return row

    @staticmethod
    def from_json(value: Any, path: str, faults: FaultList) -> Default:
        """A default read from its object; a bare text, number or truth value is a constant."""
        if isinstance(value, Default):
            return value
        if isinstance(value, str | bool | int | Decimal):
            return Default(DefaultKind.CONSTANT, _constant(value))
        if not isinstance(value, Mapping) or value.get("kind") not in tuple(DefaultKind):
            raise _refused(faults, path, f"kind is one of {', '.join(DefaultKind)}")
        kind, given = DefaultKind(value["kind"]), value.get("value")
        if set(value) - {"kind", "value"} or not isinstance(given, str | bool | int | Decimal | None):
            raise _refused(faults, path, "it has a kind and a plain value")
        if kind is DefaultKind.CONSTANT and given is None:
            raise _refused(faults, path, "a constant needs a value")
        if kind in _NAMED and not (isinstance(given, str) and given):
            raise _refused(faults, path, f"{kind} needs the name of an attribute as value")
        if kind not in (*_NAMED, DefaultKind.CONSTANT) and given is not None:
            raise _refused(faults, path, f"{kind} takes no value")
        return Default(kind, _constant(given))


def _constant(value: str | bool | int | Decimal | None) -> str | bool | int | None:
    return plain_decimal(value) if isinstance(value, Decimal) else value


def _refused(faults: FaultList, path: str, why: str) -> Exception:
    from erpdesk.blueprints.codec import Unreadable

    faults.add(Cfg.BAD_DEFAULT, path, f"{path or 'The default'} can't be read: {why}")
    return Unreadable()
