"""Field-level validation: each validator refuses, every fault at once, closed fields can't be forged."""

from __future__ import annotations

import copy
import sys
from datetime import date
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.context import Context
from erpdesk.blueprints.filling import with_defaults
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.schema import UiSchema
from erpdesk.blueprints.validate import validate_document

TODAY = date(2026, 4, 10)
GOODS: dict[str, Any] = {
    "code": "SALE_X", "label": "Sale", "journal_type": "SALES", "grid_kind": "items", "affects_gl": True,
    "affects_inventory": True, "stock_direction": "out", "cost_source": "layers", "party_kind": "customer",
    "party_required": True, "header_counterpart": "party", "header_side": "debit", "goods_role": "sales",
    "show_document_details": True, "use_currency": True,
    "lines": {"show_discount": "both", "show_serial_no": True, "is_fixed_product": True},
    "charges": [{"code": "VAT", "label": "VAT", "calculation_type": "rate", "rate": "13", "ledger": "2130",
                 "can_edit": True, "sequence": 1},
                {"code": "FEE", "label": "Fee", "calculation_type": "amount", "ledger": "6050", "sequence": 2}]}
LINE = {"item": "ITEM1", "quantity": "2", "rate": "10"}
GOOD = {"type": "SALE_X", "date": "2026-04-02", "party": "C001", "lines": [LINE]}


def form(change: dict[str, Any] | None = None, context: Context | None = None) -> UiSchema:
    return resolve_ui_schema(Blueprint.from_document(GOODS | (change or {})), context or Context())


def fields(document: dict[str, Any], change: dict[str, Any] | None = None, **more: Any) -> list[str]:
    faults = validate_document(form(change), document, today=TODAY, **more)
    assert all(fault.code == "VCH-004" for fault in faults)
    return [fault.field for fault in faults]


def test_a_good_document_has_no_fault() -> None:
    assert fields(GOOD) == []
    assert fields(GOOD | {"idempotency_key": "k", "auto_charges": False, "series": "A", "udf": {}, "document": {},
                          "charges": [{"code": "VAT"}, {"code": "FEE", "amount": 5}]}) == []


@pytest.mark.parametrize(("change", "place"), [
    ({"colour": "red"}, "colour"),
    ({"document": {"colour": "red"}}, "document.colour"),
    ({"udf": {"colour": "red"}}, "udf.colour"),
    ({"document": "red"}, "document"),
    ({"lines": [LINE | {"colour": "red"}]}, "lines[0].colour"),
    ({"lines": [LINE, LINE | {"udf": {"x": 1}}]}, "lines[1].udf.x"),
    ({"lines": {}}, "lines"),
    ({"lines": ["ITEM1"]}, "lines[0]"),
    ({"consume": []}, "consume"),
    ({"allocations": []}, "allocations"),
    ({"time": "10:00"}, "time"),
    ({"voucher_number": "SI/1"}, "voucher_number"),
    ({"type": "OTHER"}, "type"),
    ({"idempotency_key": "k" * 256}, "idempotency_key"),
    ({"auto_charges": "no"}, "auto_charges"),
    ({"date": "02-04-2026"}, "date"),
    ({"date": 20260402}, "date"),
    ({"date": None}, "date"),
    ({"party": ""}, "party"),
    ({"party": 7}, "party"),
    ({"party": "x" * 4001}, "party"),
    ({"exchange_rate": "0"}, "exchange_rate"),
    ({"exchange_rate": "1.1234567"}, "exchange_rate"),
    ({"ref_no": "x" * 61}, "ref_no"),
    ({"lines": [LINE | {"item": None}]}, "lines[0].item"),
    ({"lines": [LINE | {"quantity": "-1"}]}, "lines[0].quantity"),
    ({"lines": [LINE | {"quantity": "NaN"}]}, "lines[0].quantity"),
    ({"lines": [LINE | {"quantity": "1e3"}]}, "lines[0].quantity"),
    ({"lines": [LINE | {"quantity": 1.5}]}, "lines[0].quantity"),
    ({"lines": [LINE | {"quantity": True}]}, "lines[0].quantity"),
    ({"lines": [LINE | {"quantity": "1" + "0" * 15}]}, "lines[0].quantity"),
    ({"lines": [LINE | {"rate": "0"}]}, "lines[0].rate"),
    ({"lines": [LINE | {"rate": "1.00001"}]}, "lines[0].rate"),
    ({"lines": [LINE | {"discount_percent": "100.5"}]}, "lines[0].discount_percent"),
    ({"lines": [LINE | {"discount_amount": "1.005"}]}, "lines[0].discount_amount"),
    ({"lines": [LINE | {"serials": "S1"}]}, "lines[0].serials"),
    ({"lines": [LINE | {"serials": ["S1", 2]}]}, "lines[0].serials"),
    ({"lines": [LINE | {"serials": ["S1"]}, LINE | {"serials": ["S2", "s1"]}]}, "lines[1].serials"),
    ({"lines": [LINE | {"engine_no": "E"}, LINE | {"engine_no": "e "}]}, "lines[1].engine_no"),
    ({"lines": [LINE | {"charge_rates": {"FEE": "1"}}]}, "lines[0].charge_rates.FEE"),
    ({"lines": [LINE | {"charge_rates": {"VAT": "-1"}}]}, "lines[0].charge_rates.VAT"),
    ({"charges": [{"code": "CESS"}]}, "charges[0].code"),
    ({"charges": [{"amount": "1"}]}, "charges[0].code"),
    ({"charges": [{"code": "FEE", "account": "6050"}]}, "charges[0].account"),
])
def test_a_wrong_field_is_refused_at_its_place(change: dict, place: str) -> None:
    assert fields(GOOD | change) == [place]


def test_every_fault_is_reported_at_once() -> None:
    bad = {"type": "SALE_X", "date": "never", "lines": [{"quantity": "x"}, {"item": "I", "quantity": "1",
                                                                           "rate": "0", "zeal": 1}]}
    assert set(fields(bad)) == {"date", "party", "lines[0].quantity", "lines[0].item", "lines[0].rate",
                                "lines[1].rate", "lines[1].zeal"}


def test_zeros_behind_the_last_decimal_don_t_count() -> None:
    assert fields(GOOD | {"lines": [LINE | {"rate": "10.500000", "discount_amount": "1.500"}]}) == []


def test_decimals_of_money_follow_the_currency() -> None:
    document = GOOD | {"lines": [LINE | {"discount_amount": "1.5"}]}
    assert fields(document) == []
    assert fields(document, money_decimals=0) == ["lines[0].discount_amount"]


@pytest.mark.parametrize(("row", "good", "bad"), [
    ({"field_type": "text", "regex": "[A-Z]{2}[0-9]+"}, "AB12", "xAB12"),
    ({"field_type": "text", "max_length": 3}, "abc", "abcd"),
    ({"field_type": "number", "min": "2"}, "2", "1.99"),
    ({"field_type": "number", "max": "2"}, "2", "2.01"),
    ({"field_type": "number", "decimals": 1}, "2.5", "2.55"),
    ({"field_type": "integer"}, 3, "2.5"),
    ({"field_type": "date"}, "2026-02-28", "2026-02-29"),
    ({"field_type": "boolean"}, True, "yes"),
    ({"field_type": "select", "options": [{"value": "a", "label": "A"}]}, "a", "b"),
    ({"field_type": "account"}, "1110", 1110),
])
def test_validators_of_a_user_field_hold(row: dict, good: Any, bad: Any) -> None:
    change = {"udfs": [{"key": "x", "label": "X"} | row]}
    assert fields(GOOD | {"udf": {"x": good}}, change) == []
    assert fields(GOOD | {"udf": {"x": bad}}, change) == ["udf.x"]


@pytest.mark.parametrize(("validators", "kind", "good", "bad"), [
    ({"step": "0.25"}, "decimal", "0.75", "0.80"),
    ({"min_length": 3}, "text", "abc", "ab"),
    ({"date_range": {"earliest": "2026-04-01", "latest": "2026-04-30"}}, "date", "2026-04-30", "2026-05-01"),
    ({"date_range": {"back_days": 3}}, "date", "2026-04-07", "2026-04-06"),
    ({"date_range": {"forward_days": 3}}, "date", "2026-04-13", "2026-04-14"),
    ({"required": True}, "text", "x", None),
])
def test_validators_of_an_override_hold(validators: dict, kind: str, good: Any, bad: Any) -> None:
    change = {"schema_definition": {"header_fields": [
        {"key": "x", "label": "X", "field_type": kind, "validators": validators}]}}
    assert fields(GOOD | {"udf": {"x": good}}, change) == []
    assert fields(GOOD | {"udf": {"x": bad}}, change) == ["udf.x"]


def test_date_limits_of_the_type_count_from_the_servers_day() -> None:
    change = {"back_date_days": 2, "forward_date_days": 0}
    assert fields(GOOD | {"date": "2026-04-08"}, change) == []
    assert fields(GOOD | {"date": "2026-04-07"}, change) == ["date"]
    assert fields(GOOD | {"date": "2026-04-11"}, change) == ["date"]


def test_hidden_and_readonly_fields_are_never_required() -> None:
    for rule in ({"visible": False}, {"readonly": True}):
        change = {"udfs": [{"key": "x", "label": "X", "field_type": "text", "required": True}]}
        assert fields(GOOD, change) == ["udf.x"]
        assert fields(GOOD, change | {"field_rules": [{"field": "udf.x"} | rule]}) == []


@pytest.mark.parametrize("rule", [{"visible": False}, {"readonly": True}])
def test_a_closed_field_takes_only_its_computed_value(rule: dict) -> None:
    closed = {"field_rules": [{"field": "ref_no", "default": {"kind": "constant", "value": "R-1"}} | rule]}
    assert fields(GOOD | {"ref_no": "R-1"}, closed) == []
    assert fields(GOOD | {"ref_no": "R-2"}, closed) == ["ref_no"]
    server = {"lines": {"rate_source": "price_list", "rate_editable": False}}
    assert fields(GOOD, server) == ["lines[0].rate"]
    assert fields(GOOD, server, computed={"lines[0].rate": Decimal("10.00")}) == []
    assert fields(GOOD, server, computed={"lines[0].rate": Decimal("11")}) == ["lines[0].rate"]


def test_a_computed_amount_may_be_sent_if_it_is_right() -> None:
    line = LINE | {"discount_percent": "5", "discount_amount": "0.50"}
    assert fields(GOOD | {"lines": [line | {"line_amount": "18.50"}]}) == []
    assert fields(GOOD | {"lines": [line | {"line_amount": "18.51"}]}) == ["lines[0].line_amount"]


def test_conditions_decide_while_values_change() -> None:
    rules = [{"field": "ref_no", "required": True, "condition": {"field": "party", "in": ["C001", "C002"]}},
             {"field": "lines.narration", "required": True,
              "condition": {"any": [{"field": "discount_percent", "gt": "20"},
                                    {"field": "header.party", "eq": "C009"}]}}]
    change = {"field_rules": rules}
    assert fields(GOOD, change) == ["ref_no"]
    assert fields(GOOD | {"ref_no": "x"}, change) == []
    assert fields(GOOD | {"party": "C003"}, change) == []
    assert fields(GOOD | {"party": "C009"}, change) == ["lines[0].narration"]
    steep = GOOD | {"party": "C003", "lines": [LINE | {"discount_percent": "20.01"}]}
    assert fields(steep, change) == ["lines[0].narration"]


def test_what_a_condition_hides_can_t_be_sent() -> None:
    change = {"schema_definition": {"header_fields": [
        {"key": "currency", "visible_when": {"field": "party", "eq": "ABROAD"}}]}}
    assert fields(GOOD | {"currency": "USD"}, change) == ["currency"]
    assert fields(GOOD | {"currency": "USD", "party": "ABROAD"}, change) == []


def test_defaults_fill_what_was_left_out_and_nothing_else() -> None:
    schema = form(context=Context(warehouse="MAIN", branch="HO"))
    document = GOOD | {"lines": [LINE, LINE | {"warehouse": "W2"}]}
    before = copy.deepcopy(document)
    filled = with_defaults(schema, document, today=TODAY,
                           supply=lambda field, default, row: "PCS" if field.key == "uom" else None)
    assert (filled["warehouse"], filled["branch"], filled["date"]) == ("MAIN", "HO", "2026-04-02")
    assert filled["entry_date"] == "2026-04-10"
    assert [(line["warehouse"], line["uom"]) for line in filled["lines"]] == [("MAIN", "PCS"), ("W2", "PCS")]
    assert document == before
    assert validate_document(schema, filled, today=TODAY) == ()


def test_a_bare_text_stands_for_a_row_where_the_grid_says_so() -> None:
    landed = {"code": "COST_X", "label": "Cost", "journal_type": "LANDED_COST", "grid_kind": "items",
              "affects_gl": True, "affects_inventory": True, "capitalises": True}
    schema = resolve_ui_schema(Blueprint.from_document(landed))
    document = {"type": "COST_X", "date": "2026-04-02", "charges": [{"account": "2140", "amount": "20.00"}]}
    for receipt in ("PI/1", {"voucher": "key:a", "lines": [1, 3]}):
        assert validate_document(schema, document | {"receipts": [receipt]}) == ()
    faults = validate_document(schema, document | {"receipts": [{"lines": [0]}]})
    assert {fault.field for fault in faults} == {"receipts[0].voucher", "receipts[0].lines[0]"}


@pytest.mark.skipif(sys.gettrace() is not None, reason="every line is traced, which takes its own time")
def test_five_hundred_lines_are_checked_in_a_few_milliseconds() -> None:
    line = LINE | {"uom": "PCS", "warehouse": "MAIN", "discount_percent": "5", "discount_amount": "1.00",
                   "narration": "as agreed", "engine_no": None, "chassis_no": ""}
    document, schema = GOOD | {"lines": [line] * 500}, form()
    best = 1.0
    for _ in range(5):
        started = perf_counter()
        assert validate_document(schema, document) == ()
        best = min(best, perf_counter() - started)
    assert best < 0.05


BINS = {"lines": {"show_bin": True, "show_warehouse": True, "show_cost_centre": True}, "field_rules": [
    {"field": "lines.bin", "required": True}, {"field": "lines.warehouse", "required": True},
    {"field": "lines.cost_centre", "required": True}]}


def test_what_a_line_must_say_each_part_of_it_must_say() -> None:
    part = {"quantity": "1", "warehouse": "MAIN", "bin": "A1"}
    centres = [{"cost_centre": "CC1", "amount": "20"}]

    def split(*parts: dict[str, Any], **line: Any) -> list[str]:
        return fields(GOOD | {"lines": [LINE | {"details": list(parts), "cost_centres": centres, **line}]}, BINS)

    assert split(part, part) == []
    assert split(part, {"quantity": "1", "warehouse": "MAIN"}) == ["lines[0].details[1].bin"]
    assert split({"quantity": "2", "bin": "A1"}) == ["lines[0].details[0].warehouse"]
    assert split({"quantity": "2", "bin": "A1"}, warehouse="MAIN") == [], "the line says it for all of its parts"
    assert split(part, part, cost_centres=None) == ["lines[0].cost_centre"]
    assert fields(GOOD | {"lines": [LINE | {"cost_centres": centres}]}, BINS) == ["lines[0].warehouse", "lines[0].bin"]


def test_a_part_is_asked_by_what_it_says_itself() -> None:
    rule = {"field": "lines.bin", "required": True, "condition": {"field": "warehouse", "eq": "MAIN"}}
    for warehouse, faults in (("MAIN", ["lines[0].details[0].bin"]), ("SHOP", [])):
        part = {"quantity": "2", "warehouse": warehouse}
        assert fields(GOOD | {"lines": [LINE | {"details": [part]}]},
                      {"lines": BINS["lines"], "field_rules": [rule]}) == faults
