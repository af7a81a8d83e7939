"""Every column of configuration is turned by some test: the form and its validation here, posting on real books.

The columns of the row classes are walked; they mirror the tables (`test_configuration_tables`). A column that no test
turns fails, and so does one that says nothing to anybody.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from erpdesk.blueprints import rows
from erpdesk.blueprints.baseline import load_baseline
from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.columns import columns_of
from erpdesk.blueprints.context import Context
from erpdesk.blueprints.fields import Field
from erpdesk.blueprints.patches import patched
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.schema import UiSchema
from erpdesk.blueprints.validate import validate_document
from helpers.form_flags import BEFORE, TURNS, named
from helpers.posting_flags import CASES

KINDS = (rows.VoucherType, rows.LineConfig, rows.ChargeSetup, rows.UserField, rows.FieldRule)
POSTING = Path(__file__).parents[1] / "integration" / "test_flags_in_posting.py"
TYPES = {one.code: one for one in load_baseline("NP")}
CONTEXT = Context(branch="HO", role="clerk", user="asha")


def turned_in_posting() -> set[str]:
    """The columns that the tests of posting turn: keys of their cases, and what their marks say."""
    tree = ast.parse(POSTING.read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    marks = [node for node in calls if ast.unparse(node.func) == "pytest.mark.turns"]
    return set(CASES) | {word.value for mark in marks for word in mark.args if isinstance(word, ast.Constant)}


def form(code: str, patch: Any) -> UiSchema:
    return resolve_ui_schema(Blueprint.from_document(patched(TYPES[code].to_document(), patch)), CONTEXT)


def keys_of(schema: UiSchema) -> set[str]:
    lines = schema.grid("lines")
    found = [field.key for field in schema.header]
    found += [f"lines.{field.key}" for field in lines.fields] if lines is not None else []
    return {key for key in found if named(schema, key) is not None}


def test_every_column_is_turned_by_a_test() -> None:
    columns = {f"{kind.__name__}.{name}" for kind in KINDS for name in columns_of(kind)}
    assert sorted(columns - set(TURNS) - turned_in_posting()) == [], "turn it in helpers.form_flags or in posting"
    assert sorted((set(TURNS) | turned_in_posting()) - columns) == []


@pytest.mark.parametrize("name", TURNS)
def test_the_form_follows_the_column(name: str) -> None:
    code, patch, see, expected = TURNS[name]
    assert see(form(code, BEFORE.get(name, {}))) != expected
    assert see(form(code, patch)) == expected


@pytest.mark.parametrize("name", TURNS)
def test_validation_follows_the_form(name: str) -> None:
    """A field that goes is refused, one that comes is taken; one that is required now is asked for."""
    code, patch, _, _ = TURNS[name]
    before, after = form(code, BEFORE.get(name, {})), form(code, patch)
    for there, gone in ((before, after), (after, before)):
        for key in keys_of(there) - keys_of(gone):
            assert is_refused(gone, there, key), f"{key} is taken where the form hasn't it"
            assert not is_refused(there, there, key), f"{key} is refused where the form has it"
    for key in keys_of(before) & keys_of(after):
        one, other = named(before, key), named(after, key)
        if one is not None and other is not None and other.required and not one.required and "." not in key:
            assert key not in asked_for(before)
            assert key in asked_for(after)


def document(schema: UiSchema, field: Field | None = None, *, in_line: bool = False) -> dict[str, Any]:
    """As good as blank, with one field said where it has its place."""
    made: dict[str, Any] = {"type": schema.voucher_type, "date": "2026-04-10"}
    if in_line or schema.grid("lines") is not None:
        made["lines"] = [{}]
    target = made["lines"][0] if in_line else made
    if field is not None and field.place:
        target[str(field.place)] = {field.key.removeprefix("udf."): "1"}
    elif field is not None:
        target[field.key] = "1"
    return made


def is_refused(schema: UiSchema, having: UiSchema, key: str) -> bool:
    """Whether a value of a field that another form has is no business of this one."""
    field = named(having, key)
    assert field is not None
    faults = validate_document(schema, document(schema, field, in_line=key.startswith("lines.")))
    last = field.key.removeprefix("udf.")
    at_place = [fault for fault in faults if fault.field.endswith(last) or fault.field == "lines"]
    if schema is not having:
        return bool(at_place)
    return any(fault.details.get("rule") == "unknown" for fault in at_place)


def asked_for(schema: UiSchema) -> set[str]:
    faults = validate_document(schema, document(schema))
    return {fault.field for fault in faults if fault.details.get("rule") == "required"}
