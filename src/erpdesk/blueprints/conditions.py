"""Conditions are data: `all`, `any`, `not`, and comparisons of a field with a constant or another field.

Written `{"all": [{"field": "quantity", "gt": "10"}, {"not": {"field": "batch", "is_empty": true}}]}`; a field
on the right is `{"field": "unit_cost"}`. Nothing is evaluated as code. Evaluation asks a reader for typed
values (Decimal, date, bool, str, None); an empty value satisfies no order comparison.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from erpdesk.blueprints.faults import Cfg, FaultList, joined

ReadValue = Callable[[str], Any]
MAX_DEPTH = 20
MAX_PARTS = 100


class Condition(ABC):
    """Something that holds of a document or not."""

    __slots__ = ()

    @abstractmethod
    def holds(self, read: ReadValue) -> bool:
        """Whether it holds, given what each field holds."""

    @abstractmethod
    def fields(self) -> frozenset[str]:
        """The keys of all fields it looks at."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]:
        """The data it was read from."""

    @staticmethod
    def from_json(value: Any, path: str, faults: FaultList) -> Condition:
        """The condition that a JSON object states; faults are recorded with their path."""
        return _read(value, path, faults, 0)


@dataclass(frozen=True, slots=True)
class FieldReference:
    """The right side of a comparison with another field."""

    field: str


class Operator(StrEnum):
    """How two values compare."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    IN = "in"
    IS_EMPTY = "is_empty"


Constant = str | int | bool | Decimal | None


@dataclass(frozen=True, slots=True)
class Comparison(Condition):
    """A field compared with a constant, a list of constants (`in`) or another field."""

    field: str
    operator: Operator
    right: Constant | tuple[Constant, ...] | FieldReference

    def holds(self, read: ReadValue) -> bool:
        left = read(self.field)
        if self.operator is Operator.IS_EMPTY:
            return is_empty(left) is self.right
        if isinstance(self.right, FieldReference):
            return _compare(self.operator, left, read(self.right.field))
        if isinstance(self.right, tuple):
            return any(_compare(Operator.EQ, left, constant) for constant in self.right)
        return _compare(self.operator, left, self.right)

    def fields(self) -> frozenset[str]:
        other = {self.right.field} if isinstance(self.right, FieldReference) else set()
        return frozenset({self.field} | other)

    def as_json(self) -> dict[str, Any]:
        right: Any = self.right
        if isinstance(right, FieldReference):
            right = {"field": right.field}
        elif isinstance(right, tuple):
            right = [_constant_json(part) for part in right]
        else:
            right = _constant_json(right)
        return {"field": self.field, str(self.operator): right}


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    """Every part holds; of no parts, true."""

    parts: tuple[Condition, ...]

    def holds(self, read: ReadValue) -> bool:
        return all(part.holds(read) for part in self.parts)

    def fields(self) -> frozenset[str]:
        return frozenset().union(*(part.fields() for part in self.parts))

    def as_json(self) -> dict[str, Any]:
        return {"all": [part.as_json() for part in self.parts]}


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """At least one part holds; of no parts, false."""

    parts: tuple[Condition, ...]

    def holds(self, read: ReadValue) -> bool:
        return any(part.holds(read) for part in self.parts)

    def fields(self) -> frozenset[str]:
        return frozenset().union(*(part.fields() for part in self.parts))

    def as_json(self) -> dict[str, Any]:
        return {"any": [part.as_json() for part in self.parts]}


@dataclass(frozen=True, slots=True)
class NotOf(Condition):
    """The part does not hold."""

    part: Condition

    def holds(self, read: ReadValue) -> bool:
        return not self.part.holds(read)

    def fields(self) -> frozenset[str]:
        return self.part.fields()

    def as_json(self) -> dict[str, Any]:
        return {"not": self.part.as_json()}


def is_empty(value: Any) -> bool:
    """Nothing typed: null, blank text or an empty list; zero is not empty."""
    return value is None or value == "" or value == () or value == []


def _constant_json(value: Any) -> Any:
    from erpdesk.blueprints.canonical import plain_decimal

    return plain_decimal(value) if isinstance(value, Decimal) else value


def _compare(operator: Operator, left: Any, right: Any) -> bool:
    if is_empty(left) or is_empty(right):
        both = is_empty(left) and is_empty(right)
        return both if operator is Operator.EQ else operator is Operator.NE and not both
    right = _like(left, right)
    if right is None:
        return operator is Operator.NE
    match operator:
        case Operator.EQ | Operator.IN:
            return bool(left == right)
        case Operator.NE:
            return bool(left != right)
        case Operator.LT:
            return bool(left < right)
        case Operator.LE:
            return bool(left <= right)
        case Operator.GT:
            return bool(left > right)
        case Operator.GE:
            return bool(left >= right)
        case Operator.IS_EMPTY:
            return False


def _like(left: Any, right: Any) -> Any:
    """The right side in the type of the left one; None when it has no such reading."""
    try:
        if isinstance(left, bool):
            return right if isinstance(right, bool) else None
        if isinstance(left, int | Decimal):
            number = Decimal(right) if isinstance(right, str | int | Decimal) else None
            return number if number is not None and number.is_finite() else None
        if isinstance(left, date):
            return right if isinstance(right, date) else date.fromisoformat(right)
        if isinstance(left, time):
            return right if isinstance(right, time) else time.fromisoformat(right)
    except (InvalidOperation, TypeError, ValueError):
        return None
    return str(right)


def _read(value: Any, path: str, faults: FaultList, depth: int) -> Condition:
    if isinstance(value, Condition):
        return value
    if not isinstance(value, Mapping) or not value or depth > MAX_DEPTH:
        raise _refused(faults, path, "a condition is an object with all, any, not or field")
    if "field" in value:
        return _read_comparison(value, path, faults)
    if len(value) != 1:
        raise _refused(faults, path, "all, any and not stand alone")
    word, inner = next(iter(value.items()))
    if word == "not":
        return NotOf(_read(inner, joined(path, "not"), faults, depth + 1))
    if word not in ("all", "any") or not isinstance(inner, list | tuple) or len(inner) > MAX_PARTS:
        raise _refused(faults, path, f"{word!r} is not all, any (with a list) or not")
    parts = tuple(_read(part, joined(joined(path, word), position), faults, depth + 1)
                  for position, part in enumerate(inner))
    return AllOf(parts) if word == "all" else AnyOf(parts)


def _read_comparison(value: Mapping[str, Any], path: str, faults: FaultList) -> Comparison:
    field, words = value["field"], [key for key in value if key != "field"]
    if not isinstance(field, str) or len(words) != 1 or words[0] not in tuple(Operator):
        raise _refused(faults, path, f"a comparison is a field and one of {', '.join(Operator)}")
    operator, right = Operator(words[0]), value[words[0]]
    if operator is Operator.IS_EMPTY and not isinstance(right, bool):
        raise _refused(faults, path, "is_empty takes true or false")
    if operator is Operator.IN and not isinstance(right, list | tuple):
        raise _refused(faults, path, "in takes a list")
    if isinstance(right, Mapping):
        if set(right) != {"field"} or not isinstance(right["field"], str):
            raise _refused(faults, path, "the right side is a constant or {\"field\": key}")
        return Comparison(field, operator, FieldReference(right["field"]))
    if isinstance(right, list | tuple) and operator is Operator.IN:
        return Comparison(field, operator, tuple(_constant(part, path, faults) for part in right))
    return Comparison(field, operator, _constant(right, path, faults))


def _constant(value: Any, path: str, faults: FaultList) -> Constant:
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, Decimal) and value.is_finite():
        from erpdesk.blueprints.canonical import plain_decimal

        return plain_decimal(value)
    raise _refused(faults, path, "a constant is a text, a whole number, true, false or null")


def _refused(faults: FaultList, path: str, why: str) -> Exception:
    from erpdesk.blueprints.codec import Unreadable

    faults.add(Cfg.BAD_CONDITION, path, f"{path or 'The condition'} can't be read: {why}")
    return Unreadable()
