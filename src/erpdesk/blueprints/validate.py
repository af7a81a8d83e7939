"""Field-level validation of a voucher document against its UI schema, for window and service alike.

Every fault at once, each VCH-004 with the path in the document (`lines[0].rate`, `document.vehicle_no`) and
the rule broken in `details`. Whether things balance, exist or are allowed is for posting to say. The schema
is compiled once into checkers.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from erpdesk.blueprints.checkers import Rule, value_rules
from erpdesk.blueprints.conditions import ReadValue
from erpdesk.blueprints.cost_splits import COST_CENTRE, COST_CENTRES, check_cost_centres
from erpdesk.blueprints.defaults import Default, DefaultKind
from erpdesk.blueprints.fields import Field, FieldState, Place
from erpdesk.blueprints.formulas import FORMULAS
from erpdesk.blueprints.schema import Grid, UiSchema
from erpdesk.blueprints.states import HEADER_PREFIX, field_state, header_reader, raw_value, row_reader
from erpdesk.blueprints.values import TYPE_RULES, parse_value, read_boolean, read_decimal, read_text
from erpdesk.blueprints.vocabulary import CalculationType
from erpdesk.domain.results import Fault

WRONG_FIELD = "VCH-004"
REQUIRED = "required"
"""The rule broken by a field that must be given and is empty."""
MAX_FAULTS = 200


def _short_text(raw: Any) -> str:
    text = read_text(raw)
    if len(text) > 255:
        raise ValueError("is longer than 255 characters")
    return text


ENVELOPE: Mapping[str, Callable[[Any], Any]] = {
    "type": _short_text, "idempotency_key": _short_text, "replaces": _short_text, "reason": _short_text,
    "series": _short_text,
    "source_type": _short_text, "source_id": _short_text, "auto_charges": read_boolean,
}
"""What any document may carry around its fields, with how it is read."""

SOURCE = ("source_type", "source_id")
"""What names a document of another system, both or neither."""
CHARGE_RATES = "charge_rates"
DETAILS = "details"
DETAIL_KEYS = frozenset({"warehouse", "bin", "to_bin", "batch", "manufactured", "expires", "serials", "engine_no",
                         "chassis_no", "quantity", "uom"})
"""The fields of a line that its details repeat, where the blueprint shows them."""
_SAID_IN_PARTS = DETAIL_KEYS - {"quantity", "uom"}
UNIT_NUMBERS = ("serials", "engine_no", "chassis_no")
"""What names units: a detail that has them needs no quantity."""


@dataclass(frozen=True, slots=True)
class Checker:
    """One field ready to check values; `plain` fields have no conditional rules and are open to typing."""

    field: Field
    rules: tuple[Rule, ...]
    plain: bool
    read: Callable[[Any], Any]

    def state(self, read: ReadValue) -> FieldState:
        """The field's state among the values around it."""
        return field_state(self.field, read)


@dataclass(frozen=True, slots=True)
class RowChecker:
    """The header or one grid's rows: checkers by place and key, and those that may be required."""

    top: Mapping[str, Checker]
    nested: Mapping[str, Mapping[str, Checker]]
    watched: tuple[Checker, ...]
    grid: Grid | None = None
    charge_rates: frozenset[str] | None = None
    details: RowChecker | None = None


@dataclass(frozen=True, slots=True)
class SchemaChecker:
    """A whole schema, compiled."""

    header: RowChecker
    grids: Mapping[str, RowChecker]


@dataclass(slots=True)
class Run:
    """One validation under way."""

    schema: UiSchema
    money_decimals: int
    today: date | None
    computed: Mapping[str, Any]
    faults: list[Fault]

    def refuse(self, path: str, said: str, rule: str, label: str = "") -> None:
        """One more fault."""
        if len(self.faults) < MAX_FAULTS:
            message = f"{label or path} {said}" if said else path
            self.faults.append(Fault(WRONG_FIELD, message, path, details={"rule": rule}))


def validate_document(
    schema: UiSchema, document: Mapping[str, Any], *, today: date | None = None,
    money_decimals: int | None = None, computed: Mapping[str, Any] | None = None,
) -> tuple[Fault, ...]:
    """Everything wrong with a document's fields; empty when nothing is.

    `today` is the server's; without it, limits in days aren't checked. `money_decimals` are the voucher
    currency's, the base currency's unless given. `computed` holds, by path, the values of hidden and
    read-only fields that only the server knows (price list rates, party attributes); one sent that differs
    is refused.
    """
    decimals = schema.money_decimals if money_decimals is None else money_decimals
    checker = _compiled(schema, decimals, today)
    run = Run(schema, decimals, today, computed or {}, [])
    header = header_reader(schema, document)
    _check_envelope(run, document)
    outside = {*ENVELOPE, *checker.grids, "charges"}
    _check_row(run, checker.header, document, "", header, outside)
    for key, rows in checker.grids.items():
        if key in document and document[key] is not None:
            _check_grid(run, rows, key, document[key], header)
    if "charges" not in checker.grids and document.get("charges"):
        run.refuse("charges", "has nothing to say here: this voucher type has no charges", "unknown")
    return tuple(run.faults)


@lru_cache(maxsize=256)
def _compiled(schema: UiSchema, money_decimals: int, today: date | None) -> SchemaChecker:
    return SchemaChecker(
        _row_checker(schema.header, money_decimals, today),
        {grid.key: _row_checker(grid.fields, money_decimals, today, grid, schema)
         for grid in schema.grids if not grid.mirror_of},
    )


def _row_checker(fields: Iterable[Field], money_decimals: int, today: date | None, grid: Grid | None = None,
                 schema: UiSchema | None = None) -> RowChecker:
    top: dict[str, Checker] = {}
    nested: dict[str, dict[str, Checker]] = {}
    watched = []
    for field in fields:
        kind = TYPE_RULES[field.field_type]
        locked = field.ui.readonly or field.ui.hidden or not kind.typed
        rules = value_rules(field, money_decimals=money_decimals, today=today)
        checker = Checker(field, rules, not field.rules and not locked and not field.many, kind.read)
        if field.place is Place.TOP:
            top[field.key] = checker
        else:
            nested.setdefault(str(field.place), {})[field.key.removeprefix("udf.")] = checker
        if field.required or field.rules:
            watched.append(checker)
    rates = _line_rates(grid, schema)
    return RowChecker(top, nested, tuple(watched), grid, rates, _detail_checker(grid, top))


def _detail_checker(grid: Grid | None, top: Mapping[str, Checker]) -> RowChecker | None:
    """What details of a line may say; None where lines can't be split."""
    if grid is None or "item" not in top or "quantity" not in top or "account" in top:
        return None
    known = {key: top[key] for key in DETAIL_KEYS & top.keys()}
    watched = tuple(checker for key, checker in top.items()
                    if key in _SAID_IN_PARTS and (checker.field.required or checker.field.rules))
    return RowChecker(known, {}, watched, grid)


def _line_rates(grid: Grid | None, schema: UiSchema | None) -> frozenset[str] | None:
    """Charges whose rate a line may override; None where rows bear no charges."""
    if grid is None or schema is None or grid.field("item") is None:
        return None
    return frozenset(charge.code for charge in schema.charges
                     if charge.can_edit and charge.calculation_type is CalculationType.RATE)


def _check_envelope(run: Run, document: Mapping[str, Any]) -> None:
    for key, read in ENVELOPE.items():
        if document.get(key) is None:
            continue
        try:
            value = read(document[key])
        except ValueError as problem:
            run.refuse(key, str(problem), "type")
            continue
        if key == "type" and value != run.schema.voucher_type:
            run.refuse(key, f"is {value}, but the form is that of {run.schema.voucher_type}", "type")
    given = [key for key in SOURCE if str(document.get(key) or "").strip()]
    if len(given) == 1:
        run.refuse(SOURCE[1 - SOURCE.index(given[0])], "must be given", REQUIRED)


def _check_grid(run: Run, rows: RowChecker, key: str, value: Any, header: ReadValue) -> None:
    if not isinstance(value, list | tuple):
        run.refuse(key, "must be a list", "type")
        return
    grid = rows.grid
    assert grid is not None
    for position, row in enumerate(value):
        path = f"{key}[{position}]"
        if grid.shorthand and isinstance(row, str):
            row = {grid.shorthand: row}
        if not isinstance(row, Mapping):
            run.refuse(path, "must be an object", "type")
            continue
        _check_row(run, rows, row, path + ".", row_reader(grid, row, header), _ROW_ENVELOPE)
        if row.get(DETAILS):
            _check_details(run, rows, row, f"{path}.{DETAILS}", header)
        if row.get(COST_CENTRES):
            check_cost_centres(row, row[COST_CENTRES], f"{path}.{COST_CENTRES}", known=COST_CENTRE in rows.top,
                               refuse=run.refuse)
        if CHARGE_RATES in row:
            _check_charge_rates(run, rows, row[CHARGE_RATES], f"{path}.{CHARGE_RATES}")
    _check_unique(run, grid, key, value)


_ROW_ENVELOPE = frozenset({CHARGE_RATES, DETAILS, COST_CENTRES})


def _check_details(run: Run, rows: RowChecker, row: Mapping[str, Any], path: str, header: ReadValue) -> None:
    """The parts that a line is split into, each with the fields of the line that say how much, where and which. What
    the line would have to say each of them has to; the warehouse may stand in the line."""
    value, grid = row[DETAILS], rows.grid
    if rows.details is None or grid is None or not isinstance(value, list | tuple):
        run.refuse(path, "must be a list" if rows.details else "has no meaning here", "type")
        return
    for position, detail in enumerate(value):
        place = f"{path}[{position}]"
        if not isinstance(detail, Mapping):
            run.refuse(place, "must be an object", "type")
            continue
        said = {**row, **{key: raw for key, raw in detail.items() if key in _SAID_IN_PARTS}}
        read = row_reader(grid, said, header)
        _check_values(run, rows.details, detail, place + ".", read, ())
        _check_given(run, rows.details.watched, said, place + ".", read)
        if detail.get("quantity") in (None, "") and not any(detail.get(key) for key in UNIT_NUMBERS):
            run.refuse(f"{place}.quantity", "must be given", REQUIRED, "Quantity")


def _check_row(run: Run, rows: RowChecker, row: Mapping[str, Any], base: str, read: ReadValue,
               outside: Iterable[str]) -> None:
    _check_values(run, rows, row, base, read, outside)
    in_parts = _SAID_IN_PARTS if row.get(DETAILS) else frozenset()
    _check_given(run, rows.watched, row, base, read, in_parts | {COST_CENTRE} if row.get(COST_CENTRES) else in_parts)


def _check_values(run: Run, rows: RowChecker, row: Mapping[str, Any], base: str, read: ReadValue,
                  outside: Iterable[str]) -> None:
    top, nested = rows.top, rows.nested
    for key, raw in row.items():
        checker = top.get(key)
        if checker is not None:
            if raw is not None and raw != "":
                _check_value(run, checker, raw, base + key, read)
        elif key in nested or key in (Place.DOCUMENT, Place.UDF):
            _check_nested(run, nested.get(key, {}), key, raw, base, read)
        elif key not in outside:
            _refuse_unknown(run, base + key, key, top)


def _check_given(run: Run, watched: Iterable[Checker], row: Mapping[str, Any], base: str, read: ReadValue,
                 in_parts: frozenset[str] = frozenset()) -> None:
    """What must be given is; what the parts of a split row say is asked of them."""
    for checker in watched:
        raw = raw_value(checker.field, row)
        if checker.field.key in in_parts:
            continue
        blank = isinstance(raw, str) and not raw.strip() and not any(one.field == base + checker.field.path
                                                                     for one in run.faults)
        if (raw is None or raw == [] or blank) and checker.state(read).required:
            run.refuse(base + checker.field.path, "must be given", REQUIRED, checker.field.label)


def _check_nested(run: Run, known: Mapping[str, Checker], place: str, inner: Any, base: str,
                  read: ReadValue) -> None:
    if inner is None:
        return
    if not isinstance(inner, Mapping):
        run.refuse(base + place, "must be an object", "type")
        return
    for key, raw in inner.items():
        checker = known.get(key)
        if checker is None:
            _refuse_unknown(run, f"{base}{place}.{key}", str(key), known)
        elif raw is not None and raw != "":
            _check_value(run, checker, raw, f"{base}{place}.{key}", read)


def _refuse_unknown(run: Run, path: str, key: str, known: Iterable[str]) -> None:
    near = difflib.get_close_matches(str(key), list(known), n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    run.refuse(path, f"is not a field of {run.schema.label}{hint}", "unknown")


def _check_value(run: Run, checker: Checker, raw: Any, path: str, read: ReadValue) -> None:
    try:
        if checker.plain:
            value = checker.read(raw)
            if value == "":
                return
            for rule in checker.rules:
                said = rule(value)
                if said:
                    run.refuse(path, said, "value", checker.field.label)
                    return
            return
        value = parse_value(checker.field, raw)
    except ValueError as problem:
        run.refuse(path, str(problem), "type", checker.field.label)
        return
    if value is not None and not _check_locked(run, checker, value, path, read):
        _check_parts(run, checker, value, path)


def _check_parts(run: Run, checker: Checker, value: Any, path: str) -> None:
    parts = value if checker.field.many else (value,)
    for position, part in enumerate(parts):
        said = next((said for rule in checker.rules if (said := rule(part))), "")
        if said:
            place = f"{path}[{position}]" if checker.field.many else path
            run.refuse(place, said, "value", checker.field.label)


def _check_locked(run: Run, checker: Checker, value: Any, path: str, read: ReadValue) -> bool:
    """Whether the field is closed to typing; then the value must be the one that the program computes."""
    field = checker.field
    state = checker.state(read)
    if state.visible and not state.readonly and TYPE_RULES[field.field_type].typed:
        return False
    if value != _expected(run, field, state.default, path, read):
        shown = "is computed" if field.formula else "can't be set here"
        run.refuse(path, f"{shown}; leave it out", "locked", field.label)
    return True


def _expected(run: Run, field: Field, default: Default | None, path: str, read: ReadValue) -> Any:
    """What a closed field holds, as far as it is known here; None matches nothing."""
    if path in run.computed:
        raw = run.computed[path]
    elif field.formula:
        return FORMULAS[field.formula](read, run.money_decimals)
    elif default is not None and default.kind is DefaultKind.CONSTANT:
        raw = default.value
    elif default is not None and default.kind is DefaultKind.TODAY:
        raw = run.today
    elif default is not None and default.kind is DefaultKind.HEADER:
        return read(f"{HEADER_PREFIX}{default.value}")
    else:
        return None
    try:
        return parse_value(field, raw)
    except ValueError:
        return None


def _check_charge_rates(run: Run, rows: RowChecker, value: Any, path: str) -> None:
    """Rates of charges overridden on a line: only of charges that may be edited."""
    if rows.charge_rates is None or not isinstance(value, Mapping):
        said = "must be an object" if rows.charge_rates is not None else "has no meaning here"
        run.refuse(path, said, "type")
        return
    for code, raw in value.items():
        if code not in rows.charge_rates:
            run.refuse(f"{path}.{code}", "is no charge whose rate a line may change", "unknown")
            continue
        try:
            if not 0 <= read_decimal(raw) <= Decimal(1000):
                raise ValueError("must lie between 0 and 1000")
        except ValueError as problem:
            run.refuse(f"{path}.{code}", str(problem), "value")


def _check_unique(run: Run, grid: Grid, key: str, rows: Any) -> None:
    """Values of unique fields stand once in the grid, without regard to case; of lists, once for each item."""
    for field in grid.fields:
        if not field.validators.unique:
            continue
        seen: dict[tuple[str, str], str] = {}
        for position, row in enumerate(rows):
            raw = raw_value(field, row) if isinstance(row, Mapping) else None
            listed = isinstance(raw, list | tuple)
            owner = str(row.get("item") or "").strip().casefold() if listed else ""
            for part in raw if isinstance(raw, list | tuple) else (raw,):
                if not isinstance(part, str) or not part.strip():
                    continue
                folded, path = (owner, part.strip().casefold()), f"{key}[{position}].{field.path}"
                if folded in seen:
                    run.refuse(path, f"{part} stands on {seen[folded]} already", "unique", field.label)
                seen.setdefault(folded, f"line {position + 1}")
