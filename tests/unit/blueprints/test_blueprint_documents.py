"""Blueprints as documents: lossless, hashed by content, refused with the path of every fault."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from erpdesk.blueprints.blueprint import Blueprint, blueprint_from_rows
from erpdesk.blueprints.canonical import digest, plain_decimal
from erpdesk.blueprints.codec import encode
from erpdesk.domain.results import InvalidRequest

SMALL = {"code": "CASH_IN", "label": "Cash in", "journal_type": "CASH", "grid_kind": "ledger_single",
         "affects_gl": True, "header_counterpart": "account", "header_side": "debit"}
GOODS = {"code": "SALE_X", "label": "Sale", "journal_type": "SALES", "grid_kind": "items", "affects_gl": True,
         "affects_inventory": True, "stock_direction": "out", "cost_source": "layers", "party_kind": "customer",
         "party_required": True, "header_counterpart": "party", "header_side": "debit", "goods_role": "sales"}
PRODUCTION = {"code": "MAKE", "label": "Make", "journal_type": "STOCK", "grid_kind": "items_dual",
              "affects_inventory": True, "stock_direction": "journal", "cost_source": "layers"}
TAX = {"code": "VAT", "label": "VAT", "calculation_type": "rate", "rate": "13", "ledger": "2130"}


def refusals(document: dict) -> set[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as caught:
        Blueprint.from_document(document)
    return {(fault.code, fault.field) for fault in caught.value.faults}


def test_a_document_comes_back_as_it_was() -> None:
    blueprint = Blueprint.from_document(GOODS | {
        "charges": [TAX], "udfs": [{"key": "size", "label": "Size", "field_type": "number", "scope": "line",
                                    "max": "9.50", "default": "2"}],
        "series": [{"code": "EXPORT", "prefix": "EX/{FYS}/", "valid_from": "2026-04-01"}],
        "approval": [{"level": 1, "role": "approver", "minimum_amount": "1000"}],
        "field_rules": [{"field": "lines.uom", "scope": "role", "scope_value": "clerk", "readonly": True}],
        "schema_definition": {"header_fields": [{"key": "ref_no", "label": "Order", "required": False}]},
    })
    written = json.loads(json.dumps(blueprint.to_document()))
    assert Blueprint.from_document(written) == blueprint
    assert Blueprint.from_document(written).hash == blueprint.hash


def test_the_hash_depends_on_content_alone() -> None:
    blueprint = Blueprint.from_document(GOODS | {"charges": [TAX | {"rate": "13.00"}]})
    reordered = dict(reversed(list((GOODS | {"charges": [dict(reversed(TAX.items()))]}).items())))
    again = Blueprint.from_document(reordered | {"version": 7})
    assert again.hash == blueprint.hash
    assert again.charges[0].rate == Decimal(13)
    changed = Blueprint.from_document(GOODS | {"charges": [TAX | {"rate": "14"}]})
    assert changed.hash != blueprint.hash


def test_rows_of_the_database_make_the_same_blueprint() -> None:
    blueprint = Blueprint.from_document(GOODS | {"charges": [TAX]})
    own, *_ = blueprint.numbering()
    row = encode(blueprint.voucher_type) | {"id": "x", "changed_at": None}
    read = blueprint_from_rows(row, encode(blueprint.lines), {
        "charges": [encode(charge) | {"id": "y"} for charge in blueprint.charges], "series": [encode(own)]})
    assert read == blueprint


def test_every_fault_is_reported_at_once_with_its_path() -> None:
    found = refusals(GOODS | {"colour": "red", "stock_direction": "sideways", "number_width": 99,
                              "charges": [TAX, TAX | {"code": "X", "rate": 13.5}]})
    assert found == {("CFG-002", "colour"), ("CFG-004", "stock_direction"), ("CFG-020", "number_width"),
                     ("CFG-003", "charges[1].rate")}


@pytest.mark.parametrize(("change", "code", "field"), [
    ({"label": None}, "CFG-003", "label"),
    ({"code": "sale x"}, "CFG-003", "code"),
    ({"party_required": True, "party_kind": "none"}, "CFG-009", "party_required"),
    ({"use_ref_no": True, "ref_no_label": " "}, "CFG-009", "ref_no_label"),
    ({"stock_direction": "none"}, "CFG-009", "stock_direction"),
    ({"grid_kind": "ledger_single"}, "CFG-009", "grid_kind"),
    ({"cost_source": "none"}, "CFG-009", "cost_source"),
    ({"header_side": "none"}, "CFG-009", "header_side"),
    ({"source_use": "required"}, "CFG-009", "source_kinds"),
    ({"settles": True}, "CFG-009", "settles"),
    ({"round_to": "0"}, "CFG-009", "round_to"),
    ({"lines": {"rate_editable": False}}, "CFG-009", "lines.rate_editable"),
    ({"number_prefix": "SI/{YEAR}/"}, "CFG-017", "number_prefix"),
    ({"number_prefix": "SI/{FYS/"}, "CFG-017", "number_prefix"),
    ({"number_prefix": "X" * 40}, "CFG-018", "number_prefix"),
    ({"number_restart": "month"}, "CFG-019", "number_restart"),
    ({"number_per_branch": True}, "CFG-019", "number_per_branch"),
    ({"series": [{"code": "MAIN"}]}, "CFG-006", "series[0]"),
    ({"series": [{"code": "B", "prefix": "00"}]}, "CFG-019", "series[0].prefix"),
    ({"approval": [{"level": 1}]}, "CFG-021", "approval[0]"),
    ({"approval": [{"level": 1, "role": "boss"}]}, "CFG-021", "approval[0].role"),
    ({"approval": [{"level": 1, "role": "a", "user_name": "b"}]}, "CFG-021", "approval[0]"),
    ({"field_rules": [{"field": "party", "scope": "role"}]}, "CFG-024", "field_rules[0].scope_value"),
    ({"field_rules": [{"field": "nobody"}]}, "CFG-007", "field_rules[0].field"),
    ({"field_rules": [{"field": "party"}, {"field": "party"}]}, "CFG-006", "field_rules[1]"),
    ({"field_rules": [{"field": "ref_no", "visible": False, "required": True}]}, "CFG-009",
     "field_rules[0].required"),
    ({"field_rules": [{"field": "lines.item", "visible": False}]}, "CFG-015", "field_rules[0].visible"),
    ({"field_rules": [{"field": "party", "required": False}]}, "CFG-015", "field_rules[0].required"),
    ({"field_rules": [{"field": "party", "section": "attic"}]}, "CFG-004", "field_rules[0].section"),
    ({"field_rules": [{"field": "date", "default": {"kind": "constant", "value": "soon"}}]}, "CFG-016",
     "field_rules[0].default"),
    ({"field_rules": [{"field": "ref_no", "default": {"kind": "party", "value": "shoe_size"}}]}, "CFG-016",
     "field_rules[0].default"),
    ({"field_rules": [{"field": "ref_no", "default": {"kind": "today"}}]}, "CFG-016", "field_rules[0].default"),
    ({"field_rules": [{"field": "ref_no", "default": {"kind": "wish"}}]}, "CFG-016", "field_rules[0].default"),
    ({"field_rules": [{"field": "ref_no", "required": True,
                       "condition": {"field": "nobody", "eq": "x"}}]}, "CFG-007", "field_rules[0].condition"),
    ({"field_rules": [{"field": "ref_no", "condition": {"field": "party", "like": "x"}}]}, "CFG-011",
     "field_rules[0].condition"),
    ({"udfs": [{"key": "a", "label": "A", "field_type": "hologram"}]}, "CFG-001", "udfs[0].field_type"),
    ({"udfs": [{"key": "Bad Key", "label": "A", "field_type": "text"}]}, "CFG-003", "udfs[0].key"),
    ({"udfs": [{"key": "a", "label": "A", "field_type": "text"}] * 2}, "CFG-006", "udfs[1]"),
    ({"udfs": [{"key": "a", "label": "A", "field_type": "text", "regex": "(a"}]}, "CFG-008", "udfs[0].regex"),
    ({"udfs": [{"key": "a", "label": "A", "field_type": "text", "regex": "(?=a)a"}]}, "CFG-008",
     "udfs[0].regex"),
    ({"udfs": [{"key": "a", "label": "A", "field_type": "number", "regex": "a"}]}, "CFG-009", "udfs[0].regex"),
    ({"udfs": [{"key": "a", "label": "A", "field_type": "number", "min": "5", "max": "4"}]}, "CFG-009",
     "udfs[0].min"),
    ({"udfs": [{"key": "a", "label": "A", "field_type": "select"}]}, "CFG-023", "udfs[0].options"),
    ({"udfs": [{"key": "a", "label": "A", "field_type": "lookup"}]}, "CFG-007", "udfs[0].lookup_kind"),
    ({"udfs": [{"key": "a", "label": "A", "field_type": "text", "position": "nobody"}]}, "CFG-007",
     "udfs[0].position"),
    ({"udfs": [{"key": "a", "label": "A", "field_type": "integer", "default": "1.5"}]}, "CFG-016",
     "udfs[0].default"),
    ({"charges": [TAX | {"code": "vat"}]}, "CFG-003", "charges[0].code"),
    ({"charges": [TAX, TAX]}, "CFG-006", "charges[1]"),
    ({"charges": [TAX | {"rate": None}]}, "CFG-012", "charges[0].rate"),
    ({"charges": [TAX | {"amount": "5"}]}, "CFG-012", "charges[0].rate"),
    ({"charges": [TAX | {"calculation_type": "amount"}]}, "CFG-012", "charges[0].rate"),
    ({"charges": [TAX | {"rate": "-1"}]}, "CFG-020", "charges[0].rate"),
    ({"charges": [TAX | {"ledger": None}]}, "CFG-013", "charges[0].ledger"),
    ({"charges": [TAX | {"included_in_total": False}]}, "CFG-013", "charges[0]"),
    ({"charges": [TAX | {"cost_only": True}]}, "CFG-009", "charges[0].cost_only"),
    ({"charges": [TAX | {"included_in_price": True}]}, "CFG-009", "charges[0].included_in_price"),
    ({"charges": [TAX | {"base": ["CESS"]}]}, "CFG-007", "charges[0].base[0]"),
    ({"charges": [TAX | {"applies_when": {"field": "weather", "eq": "fine"}}]}, "CFG-007",
     "charges[0].applies_when"),
    ({"schema_definition": {"header_fields": [{"key": "party", "remove": True}]}}, "CFG-015",
     "schema_definition.header_fields[0].remove"),
    ({"schema_definition": {"line_fields": [{"key": "quantity", "field_type": "text"}]}}, "CFG-015",
     "schema_definition.line_fields[0].field_type"),
    ({"schema_definition": {"header_fields": [{"key": "new", "field_type": "text"}]}}, "CFG-005",
     "schema_definition.header_fields[0].label"),
    ({"schema_definition": {"header_fields": [{"key": "new", "label": "N", "field_type": "cloud"}]}}, "CFG-001",
     "schema_definition.header_fields[0].field_type"),
    ({"schema_definition": {"line_fields": [{"key": "rate", "grid": "attic"}]}}, "CFG-007",
     "schema_definition.line_fields[0].grid"),
    ({"schema_definition": {"charges": [{"code": "CESS"}]}}, "CFG-007", "schema_definition.charges[0].code"),
    ({"schema_definition": {"footers": []}}, "CFG-002", "schema_definition.footers"),
])
def test_a_blueprint_that_makes_no_sense_is_refused_at_its_place(change: dict, code: str, field: str) -> None:
    assert (code, field) in refusals(GOODS | change)


def test_paths_follow_the_document_not_the_sequence() -> None:
    late = TAX | {"sequence": 20, "rate": None}
    assert refusals(GOODS | {"charges": [late, TAX | {"code": "CESS", "sequence": 10}]}) == {
        ("CFG-012", "charges[0].rate")}


def test_a_charge_is_based_on_earlier_charges_alone() -> None:
    fee = TAX | {"code": "FEE", "sequence": 5}
    on_fee = TAX | {"base": ["FEE"], "sequence": 10}
    Blueprint.from_document(GOODS | {"charges": [on_fee, fee]})
    first = TAX | {"code": "PACKING", "sequence": 1}
    assert refusals(GOODS | {"charges": [fee | {"sequence": 15}, on_fee, first]}) == {
        ("CFG-007", "charges[1].base[0]")}


def test_one_content_has_one_spelling() -> None:
    assert digest({"a": 1, "b": [True, None]}) == digest({"b": [True, None], "a": 1})
    assert digest({"a": "1"}) != digest({"a": 1})
    assert [plain_decimal(Decimal(text)) for text in ("10.00", "1E+3", "-0.0", "0.050")] == [
        "10", "1000", "0", "0.05"]


def test_conditions_may_not_go_round_in_a_circle() -> None:
    rules = [{"field": "ref_no", "required": True, "condition": {"field": "narration", "is_empty": True}},
             {"field": "narration", "required": True, "condition": {"field": "ref_no", "is_empty": True}}]
    assert refusals(SMALL | {"field_rules": rules}) == {("CFG-010", "field_rules[0].condition"),
                                                       ("CFG-010", "field_rules[1].condition")}
    Blueprint.from_document(SMALL | {"field_rules": rules[:1]})


def test_a_row_may_look_at_the_header_but_not_in_a_circle() -> None:
    rule = {"field": "lines.narration", "required": True,
            "condition": {"field": "header.ref_no", "is_empty": False}}
    Blueprint.from_document(SMALL | {"field_rules": [rule]})
    assert ("CFG-007", "field_rules[0].condition") in refusals(
        SMALL | {"field_rules": [rule | {"condition": {"field": "ref_no", "is_empty": False}}]})


def test_batches_that_nobody_may_type_need_a_rule() -> None:
    closed = PRODUCTION | {"lines": {"allow_batch_in_stock_journal": False}}
    assert refusals(closed) == {("CFG-014", "lines.batch_number_template")}
    Blueprint.from_document(PRODUCTION | {"lines": {"allow_batch_in_stock_journal": False,
                                                    "batch_number_template": "B{YY}{MM}"}})


@pytest.mark.parametrize(("column", "value"), [("allocate_to_cost", "value"), ("base", "quantity"),
                                               ("tax_class", "STD"), ("included_in_price", True)])
def test_a_charge_on_amounts_of_accounts_needs_no_goods(column: str, value: object) -> None:
    Blueprint.from_document(SMALL | {"charges": [TAX | {"base": "items_total"}]})
    assert ("CFG-013", f"charges[0].{column}") in refusals(SMALL | {"charges": [TAX | {column: value}]})


@pytest.mark.parametrize("document", [SMALL | {"grid_kind": "ledger_dr_cr", "header_counterpart": "none"}, PRODUCTION,
                                      GOODS | {"counts_stock": True}])
def test_a_charge_stands_only_where_lines_come_to_a_total(document: dict) -> None:
    assert ("CFG-013", "charges[0]") in refusals(document | {"charges": [TAX]})


def test_a_charge_outside_the_total_has_a_place_when_it_is_cost_or_has_a_contra_account() -> None:
    outside = TAX | {"included_in_total": False}
    Blueprint.from_document(GOODS | {"charges": [outside | {"allocate_to_cost": "value"}]})
    Blueprint.from_document(GOODS | {"charges": [outside | {"contra_account": "6050"}]})
    assert ("CFG-013", "charges[0]") in refusals(
        GOODS | {"charges": [outside | {"allocate_to_cost": "value", "ledger": None}]})
