"""Decision 46, for the service: each field type is read one way, each validator changes what is accepted."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.blueprints.baseline import load_baseline
from erpdesk.blueprints.checkers import value_fault
from erpdesk.blueprints.codec import decode, encode
from erpdesk.blueprints.conditions import Comparison, Operator
from erpdesk.blueprints.defaults import Default, DefaultKind
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.fields import (
    Align,
    DateRange,
    Field,
    FieldType,
    FieldUi,
    KeyPath,
    Lookup,
    LookupKind,
    Option,
    Place,
    Section,
    Validators,
    WhenRule,
)
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.states import field_state
from erpdesk.blueprints.validate import validate_document
from erpdesk.blueprints.values import TYPE_RULES, json_value, parse_value

GOOD: dict[FieldType, Any] = {
    FieldType.TEXT: "a", FieldType.TEXTAREA: "a", FieldType.INTEGER: 5, FieldType.DECIMAL: "5.5",
    FieldType.MONEY: "5.50", FieldType.QUANTITY: "5.5", FieldType.RATE: "5.5", FieldType.PERCENT: "5.5",
    FieldType.DATE: "2026-04-02", FieldType.DATETIME: "2026-04-02T10:00:00", FieldType.TIME: "10:00:00",
    FieldType.BOOLEAN: True, FieldType.SELECT: "a", FieldType.LOOKUP: "A1", FieldType.TYPEAHEAD: "a",
    FieldType.LABEL: "a", FieldType.COMPUTED: "5.5",
}
BAD: dict[str, Any] = {"string": 5, "integer": "five", "boolean": "yes"}
REFUSED: dict[str, tuple[Any, FieldType, Any]] = {
    "regex": ("[0-9]+", FieldType.TEXT, "a"), "min": (Decimal(6), FieldType.DECIMAL, "5.5"),
    "max": (Decimal(5), FieldType.RATE, "5.5"), "min_length": (2, FieldType.TEXT, "a"),
    "max_length": (2, FieldType.TEXTAREA, "abc"), "decimals": (0, FieldType.QUANTITY, "5.5"),
    "step": (Decimal(2), FieldType.DECIMAL, "5"),
    "date_range": (DateRange(latest=date(2026, 4, 1)), FieldType.DATE, "2026-04-02"),
}


def field_of(kind: FieldType, **more: Any) -> Field:
    options = (Option("a", "A"),) if kind is FieldType.SELECT else ()
    return Field("x", "X", kind, options=options, **more)


def test_every_field_type_is_read_one_way() -> None:
    assert set(TYPE_RULES) == set(FieldType) == set(GOOD)


@pytest.mark.parametrize("kind", FieldType)
def test_a_value_of_the_type_is_read_and_written_back(kind: FieldType) -> None:
    field = field_of(kind)
    assert value_fault(field, GOOD[kind]) == ""
    assert json_value(parse_value(field, GOOD[kind])) == (
        str(GOOD[kind]).replace("5.50", "5.5") if isinstance(GOOD[kind], str) else GOOD[kind])
    assert parse_value(field, None) is None
    assert value_fault(field, 1.5), "floats are never read"
    assert value_fault(field, {"a": 1})


@pytest.mark.parametrize("kind", FieldType)
def test_a_value_of_another_form_is_refused(kind: FieldType) -> None:
    wrong = "x" if TYPE_RULES[kind].numeric else BAD[TYPE_RULES[kind].json_type]
    assert value_fault(field_of(kind), wrong)


@pytest.mark.parametrize("validator", [member.name for member in fields(Validators)
                                       if member.name not in ("unique", "regex_message")])
def test_every_validator_changes_what_is_accepted(validator: str) -> None:
    setting, kind, value = REFUSED[validator]
    field = field_of(kind)
    assert value_fault(field, value) == ""
    assert value_fault(replace(field, validators=Validators(**{validator: setting})), value)
    assert validator in TYPE_RULES[kind].validators


def test_a_pattern_is_said_in_its_own_words_where_it_has_some() -> None:
    bare, worded = (field_of(FieldType.TEXT, validators=Validators(regex="[0-9]+", regex_message=said))
                    for said in (None, "takes figures only"))
    assert value_fault(bare, "a") == "doesn't have the form [0-9]+"
    assert value_fault(worded, "a") == "takes figures only"
    assert value_fault(worded, "1") == ""


def test_a_closed_field_is_never_required_whatever_its_rules_say() -> None:
    rule = WhenRule(Comparison("y", Operator.EQ, 1), required=True)
    for look in (FieldUi(hidden=True), FieldUi(readonly=True)):
        field = field_of(FieldType.TEXT, required=True, ui=look, rules=(rule,))
        assert not field_state(field, lambda _: 1).required


@pytest.mark.parametrize("blueprint", load_baseline("NP"), ids=lambda b: b.code)
def test_a_reference_that_is_not_used_is_not_there(blueprint: Any) -> None:
    without = replace(blueprint, voucher_type=replace(blueprint.voucher_type, use_ref_no=False))
    schema = resolve_ui_schema(without)
    assert schema.header_field("ref_no") is None
    faults = validate_document(schema, {"type": blueprint.code, "date": "2026-04-02", "ref_no": "x"})
    assert "ref_no" in [fault.field for fault in faults]


TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=8)
MAYBE = st.none() | st.booleans()
NUMBERS = st.none() | st.decimals(-999, 999, places=2).map(lambda number: Decimal(f"{number.normalize():f}"))
WHOLE = st.none() | st.integers(0, 6)
DEFAULTS = st.none() | st.builds(Default, st.just(DefaultKind.CONSTANT), TEXT | st.booleans() | st.integers(0, 9))
RULES = st.builds(WhenRule, st.builds(Comparison, TEXT, st.just(Operator.EQ), TEXT), MAYBE, MAYBE, MAYBE, DEFAULTS)
DAYS = st.none() | st.dates()
VALIDATORS = st.builds(Validators, st.none() | TEXT, st.none() | TEXT, NUMBERS, NUMBERS, WHOLE, WHOLE, WHOLE, NUMBERS,
                       MAYBE, st.none() | st.builds(DateRange, DAYS, DAYS, WHOLE, WHOLE))
FIELDS = st.builds(
    Field, TEXT, TEXT, st.sampled_from(FieldType), st.booleans(), DEFAULTS, VALIDATORS,
    st.builds(FieldUi, st.integers(1, 99), st.sampled_from(Align), st.booleans(), st.booleans(), TEXT, TEXT,
              st.booleans(), st.sampled_from(Section)),
    st.integers(0, 999), st.lists(st.builds(Option, TEXT, TEXT), max_size=2).map(tuple),
    st.none() | st.builds(Lookup, st.sampled_from(LookupKind), st.lists(TEXT, max_size=2).map(tuple)),
    st.builds(KeyPath, st.integers(0, 99), st.booleans(), st.booleans(), st.booleans()),
    st.sampled_from(Place), TEXT, st.booleans(), st.booleans(), st.lists(RULES, max_size=2).map(tuple))


@given(FIELDS)
def test_any_field_survives_json(field: Field) -> None:
    faults = FaultList()
    assert decode(Field, encode(field), "", faults) == field
    assert not faults.found
