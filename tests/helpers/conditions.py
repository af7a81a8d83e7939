"""Conditions for tests: those that exist in the baseline, and generated ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import strategies as st

from erpdesk.blueprints.baseline import load_baseline
from erpdesk.blueprints.conditions import AllOf, AnyOf, Comparison, Condition, FieldReference, NotOf, Operator
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.vocabulary import CostCentreMode

FIELDS = ("party", "date", "items_total", "gross", "ref_no", "udf.colour", "there_is_no_such_field")
_ORDERED = (Operator.EQ, Operator.NE, Operator.LT, Operator.LE, Operator.GT, Operator.GE)
_CONSTANTS = st.one_of(st.none(), st.booleans(), st.integers(-10**6, 10**6), st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2000, exclude_categories=("Cs", "Cc")), max_size=12),
    st.sampled_from(("5000", "5000.50", "2026-04-01", "C001", "")))


def comparisons() -> st.SearchStrategy[Condition]:
    """Every form that a comparison may have, sensible or not."""
    fields = st.sampled_from(FIELDS)
    return st.one_of(
        st.builds(Comparison, fields, st.sampled_from(_ORDERED), _CONSTANTS),
        st.builds(Comparison, fields, st.sampled_from(_ORDERED), st.builds(FieldReference, fields)),
        st.builds(Comparison, fields, st.just(Operator.IN), st.lists(_CONSTANTS, max_size=5).map(tuple)),
        st.builds(Comparison, fields, st.just(Operator.IS_EMPTY), st.booleans()))


def generated(leaves: int = 12) -> st.SearchStrategy[Condition]:
    """Conditions of every form, nested."""
    return st.recursive(comparisons(), lambda inner: st.one_of(
        st.builds(AllOf, st.lists(inner, max_size=4).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=4).map(tuple)), st.builds(NotOf, inner)), max_leaves=leaves)


def of_the_baseline() -> Iterator[Condition]:
    """Every condition of a shipped voucher type with cost centres required: of charges, of rules, of fields."""
    for country in ("NP", "IN"):
        for shipped in load_baseline(country):
            asking = replace(shipped.voucher_type, cost_centre_mode=CostCentreMode.REQUIRED)
            blueprint = replace(shipped, voucher_type=asking)
            yield from (one.applies_when for one in blueprint.charges if one.applies_when is not None)
            yield from (one.condition for one in blueprint.field_rules if one.condition is not None)
            schema = resolve_ui_schema(blueprint)
            for field in (*schema.header, *(field for grid in schema.grids for field in grid.fields)):
                yield from (rule.condition for rule in field.rules)
