"""Defaults fill what was left empty: constants, today, the header's value, and what only others know."""

from __future__ import annotations

from datetime import date
from typing import Any

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.context import Context
from erpdesk.blueprints.filling import with_defaults
from erpdesk.blueprints.resolve import resolve_ui_schema

TODAY = date(2026, 4, 10)
TYPE: dict[str, Any] = {
    "code": "SALE_X", "label": "Sale", "journal_type": "SALES", "grid_kind": "items", "affects_gl": True,
    "affects_inventory": True, "stock_direction": "out", "cost_source": "layers", "party_kind": "customer",
    "party_required": True, "header_counterpart": "party", "header_side": "debit", "goods_role": "sales",
    "show_document_details": True,
    "udfs": [{"key": "size", "label": "Size", "field_type": "text", "default": "M"},
             {"key": "due", "label": "Due", "field_type": "date", "default": {"kind": "today"}},
             {"key": "place", "label": "Place", "field_type": "text",
              "default": {"kind": "party", "value": "destination"}},
             {"key": "paint", "label": "Paint", "field_type": "text", "scope": "line", "default": "red"}]}


def filled(document: dict[str, Any], supply: Any = None) -> dict[str, Any]:
    return dict(with_defaults(resolve_ui_schema(Blueprint.from_document(TYPE), Context()), document, today=TODAY,
                              supply=supply))


def test_empty_fields_get_their_defaults_and_typed_ones_stay() -> None:
    found = filled({"type": "SALE_X", "udf": {"size": "L"},
                    "lines": [{"item": "A"}, {"udf": {"paint": "blue"}}, "odd"]})
    assert found["udf"]["size"] == "L"
    assert found["udf"]["due"] == "2026-04-10"
    assert [row["udf"]["paint"] for row in found["lines"][:2]] == ["red", "blue"]
    assert found["lines"][2] == "odd"


def test_what_others_know_is_asked_of_them() -> None:
    assert "place" not in filled({"type": "SALE_X"}).get("udf", {})

    def known(_field: Any, default: Any, target: Any) -> str | None:
        return f"{default.value} of {target['party']}" if default.kind == "party" else None

    assert filled({"type": "SALE_X", "party": "C1"}, known)["udf"]["place"] == "destination of C1"


def test_rows_that_are_no_list_and_places_that_are_no_object_are_left_alone() -> None:
    found = filled({"type": "SALE_X", "lines": "none", "udf": "none"})
    assert (found["lines"], found["udf"]) == ("none", "none")
