"""From rows to form: the order of the layers, what each flag shows, what each context sees."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.context import Context
from erpdesk.blueprints.keypath import key_count, key_path
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.schema import UiSchema
from erpdesk.domain.results import InvalidRequest

GOODS: dict[str, Any] = {
    "code": "SALE_X", "label": "Sale", "journal_type": "SALES", "grid_kind": "items", "affects_gl": True,
    "affects_inventory": True, "stock_direction": "out", "cost_source": "layers", "party_kind": "customer",
    "party_required": True, "header_counterpart": "party", "header_side": "debit", "goods_role": "sales"}
LEDGER: dict[str, Any] = {"code": "LEDGER_X", "label": "L", "journal_type": "GENERAL", "affects_gl": True}
MAKING: dict[str, Any] = {"code": "MAKE", "label": "Make", "journal_type": "STOCK", "grid_kind": "items_dual",
                          "affects_inventory": True, "stock_direction": "journal", "cost_source": "layers"}
RECEIVING = GOODS | {"code": "BUY_X", "stock_direction": "in", "cost_source": "document",
                     "lines": {"show_batch_no": True}}
TAX = {"code": "VAT", "label": "VAT", "calculation_type": "rate", "rate": "13", "ledger": "2130"}


def form(document: dict[str, Any], context: Context | None = None) -> UiSchema:
    return resolve_ui_schema(Blueprint.from_document(document), context or Context())


def keys(schema: UiSchema, grid: str = "") -> list[str]:
    rows = schema.grid(grid) if grid else None
    return [field.key for field in (rows.fields if rows else schema.header)]


def with_lines(base: dict[str, Any], **columns: Any) -> dict[str, Any]:
    return base | {"lines": base.get("lines", {}) | columns}


@pytest.mark.parametrize(("base", "column", "off", "on", "shown"), [
    (GOODS, "use_ref_no", False, True, "ref_no"),
    (GOODS, "show_time", False, True, "time"),
    (GOODS, "show_document_details", False, True, "vehicle_no"),
    (GOODS, "use_currency", False, True, "exchange_rate"),
    (GOODS, "use_credit_days", False, True, "credit_days"),
    (GOODS, "use_price_list", False, True, "price_list"),
    (GOODS, "use_sales_person", False, True, "sales_person"),
    (GOODS, "use_ssf_code", False, True, "ssf_code"),
    (GOODS, "use_destination", False, True, "destination"),
    (GOODS, "use_instrument", False, True, "instrument_no"),
    (GOODS, "numbering_method", "auto", "manual", "voucher_number"),
    (LEDGER, "party_kind", "none", "any", "party"),
    (LEDGER, "cost_centre_mode", "off", "optional", "cost_centre"),
])
def test_a_flag_of_the_type_shows_its_header_field(base: dict, column: str, off: Any, on: Any,
                                                   shown: str) -> None:
    assert shown not in keys(form(base | {column: off}))
    assert shown in keys(form(base | {column: on}))


@pytest.mark.parametrize(("base", "column", "off", "on", "grid", "shown"), [
    (GOODS, "show_rate", False, True, "lines", "rate"),
    (GOODS, "show_amount", False, True, "lines", "line_amount"),
    (GOODS, "allow_free_qty", False, True, "lines", "free_quantity"),
    (GOODS, "show_alternate_unit", False, True, "lines", "uom"),
    (GOODS, "show_discount", "amount", "percent", "lines", "discount_percent"),
    (GOODS, "show_discount", "percent", "amount", "lines", "discount_amount"),
    (GOODS, "show_discount", "none", "both", "lines", "discount_amount"),
    (GOODS, "show_tax", False, True, "lines", "tax_amount"),
    (GOODS, "show_warehouse", False, True, "lines", "warehouse"),
    (GOODS, "show_bin", False, True, "lines", "bin"),
    (GOODS, "show_batch_no", False, True, "lines", "batch"),
    (GOODS, "show_serial_no", False, True, "lines", "serials"),
    (GOODS, "show_cost_centre", False, True, "lines", "cost_centre"),
    (GOODS, "is_fixed_product", False, True, "lines", "engine_no"),
    (GOODS, "is_fixed_product", False, True, "lines", "chassis_no"),
    (GOODS, "require_unit_cost", False, True, "lines", "unit_cost"),
    (RECEIVING, "show_mfg_date", False, True, "lines", "manufactured"),
    (RECEIVING, "show_exp_date", False, True, "lines", "expires"),
])
def test_a_flag_of_the_item_grid_shows_its_column(base: dict, column: str, off: Any, on: Any, grid: str,
                                                  shown: str) -> None:
    assert shown not in keys(form(with_lines(base, **{column: off})), grid)
    assert shown in keys(form(with_lines(base, **{column: on})), grid)


def test_batches_in_a_stock_journal_follow_their_flag() -> None:
    shut = with_lines(MAKING, show_batch_no=True, allow_batch_in_stock_journal=False,
                      batch_number_template="B{YY}")
    opened = with_lines(MAKING, show_batch_no=True, allow_batch_in_stock_journal=True)
    for grid in ("consume", "produce"):
        assert "batch" not in keys(form(shut), grid)
        assert "batch" in keys(form(opened), grid)


def test_item_details_on_a_journal_follow_their_flag() -> None:
    assert "item" not in keys(form(LEDGER), "lines")
    assert "item" in keys(form(LEDGER | {"show_item_details_in_journal": True}), "lines")


def test_figures_of_the_rate_column_follow_their_columns() -> None:
    def rate(**columns: Any) -> Any:
        grid = form(with_lines(GOODS, **columns)).grid("lines")
        assert grid is not None
        return grid.field("rate")

    assert rate(rate_decimal_places=2).validators.decimals == 2
    assert str(rate(rate_decimal_places=2).validators.min) == "0.01"
    assert rate(allow_zero_rate=True).validators.min == 0
    assert rate().required
    assert not rate(rate_source="price_list").required
    assert rate(rate_source="price_list", rate_editable=False).ui.readonly
    assert rate(rate_source="last_rate").default.kind == "last_value"


def test_charges_are_a_grid_only_where_there_are_any() -> None:
    assert form(GOODS).grid("charges") is None
    charged = form(GOODS | {"charges": [TAX]})
    assert keys(charged, "charges") == ["code", "rate", "amount"]
    assert charged.charges[0].code == "VAT"
    assert form(GOODS | {"charges": [TAX | {"is_active": False}]}).grid("charges") is None


def test_an_override_changes_charges_without_touching_the_rows() -> None:
    changed = form(GOODS | {"charges": [TAX], "schema_definition": {
        "charges": [{"code": "VAT", "label": "Value added tax", "can_edit": True}]}})
    assert (changed.charges[0].label, changed.charges[0].can_edit) == ("Value added tax", True)
    assert not form(GOODS | {"charges": [TAX], "schema_definition": {
        "charges": [{"code": "VAT", "remove": True}]}}).charges


def test_labels_of_the_type_stand_on_the_form() -> None:
    schema = form(LEDGER | {"voucher_date_label": "Day", "entry_date_label": "Typed on", "ref_no_label": "Slip"})
    labels = {field.key: field.label for field in schema.header}
    assert (labels["date"], labels["entry_date"], labels["ref_no"]) == ("Day", "Typed on", "Slip")


def test_a_user_field_stands_after_the_key_it_names() -> None:
    fields = [{"key": "colour", "label": "Colour", "field_type": "text", "position": "date"},
              {"key": "last", "label": "Last", "field_type": "number"},
              {"key": "size", "label": "Size", "field_type": "account", "scope": "line", "position": "quantity"}]
    schema = form(GOODS | {"udfs": fields})
    header, row = keys(schema), keys(schema, "lines")
    assert header[header.index("date") + 1] == "udf.colour"
    assert header[-1] == "udf.last"
    assert row[row.index("quantity") + 1] == "udf.size"
    grid = schema.grid("lines")
    assert grid is not None
    size = grid.field("udf.size")
    assert size is not None
    assert (size.field_type, size.lookup and size.lookup.kind) == ("lookup", "account")


def test_a_user_field_shows_only_to_its_roles_and_branches() -> None:
    document = GOODS | {"udfs": [{"key": "margin", "label": "Margin", "field_type": "number", "required": True,
                                  "visible_for_roles": ["accountant"], "visible_for_branches": ["HO"]}]}

    def hidden(role: str, branch: str) -> bool:
        field = form(document, Context(role=role, branch=branch)).header_field("udf.margin")
        assert field is not None
        return field.ui.hidden

    assert not hidden("accountant", "HO")
    assert hidden("clerk", "HO")
    assert hidden("accountant", "B2")


def test_overrides_add_hide_move_and_leave_the_rest_in_place() -> None:
    plain = keys(form(GOODS))
    schema = form(GOODS | {"schema_definition": {
        "header_fields": [{"key": "ref_no", "__order__": 1}, {"key": "seal", "label": "Seal no.",
                          "field_type": "text", "validators": {"required": True, "max_length": 8}}],
        "line_fields": [{"key": "line_amount", "remove": True}]}})
    header = keys(schema)
    assert header[0] == "ref_no"
    assert header[-1] == "udf.seal"
    assert [key for key in header if key in plain and key != "ref_no"] == [k for k in plain if k != "ref_no"]
    seal = schema.header_field("udf.seal")
    assert seal is not None
    assert (seal.required, seal.validators.max_length) == (True, 8)
    grid = schema.grid("lines")
    assert grid is not None
    assert "line_amount" not in [field.key for field in grid.columns]


def test_layers_lie_over_one_another_in_order() -> None:
    """Flag below user field, user field below override, override below rules of the context."""
    document = GOODS | {
        "ref_no_label": "by type",
        "udfs": [{"key": "note", "label": "by row", "field_type": "text"}],
        "schema_definition": {"header_fields": [
            {"key": "ref_no", "label": "by override"}, {"key": "udf.note", "label": "over the row"}]},
    }
    assert _label(document, "ref_no") == "by override"
    assert _label(document, "udf.note") == "over the row"
    scopes = [("standard", ""), ("organization", ""), ("branch", "HO"), ("role", "clerk"), ("user", "asha")]
    rules = [{"field": "ref_no", "scope": scope, "scope_value": value, "label": f"by {scope}"}
             for scope, value in scopes]
    for count, (scope, _) in enumerate(scopes, start=1):
        for shuffled in itertools.islice(itertools.permutations(rules[:count]), 6):
            assert _label(document | {"field_rules": list(shuffled)}, "ref_no") == f"by {scope}"


def _label(document: dict[str, Any], key: str) -> str:
    field = form(document, Context(branch="HO", role="clerk", user="asha")).header_field(key)
    assert field is not None
    return field.label


def test_a_rule_for_others_changes_nothing() -> None:
    rules = [{"field": "ref_no", "scope": "branch", "scope_value": "B2", "visible": False},
             {"field": "ref_no", "scope": "role", "scope_value": "clerk", "visible": False},
             {"field": "ref_no", "scope": "user", "scope_value": "ram", "visible": False}]
    assert form(GOODS | {"field_rules": rules}, Context(branch="HO", role="admin", user="asha")).header == (
        form(GOODS, Context(branch="HO", role="admin", user="asha")).header)


def test_defaults_that_the_context_knows_become_constants() -> None:
    field = form(GOODS, Context(warehouse="MAIN")).header_field("warehouse")
    assert field is not None
    assert field.default is not None
    assert (field.default.kind, field.default.value) == ("constant", "MAIN")


def test_a_row_takes_from_the_header_only_what_the_header_has() -> None:
    def warehouse(document: dict[str, Any]) -> Any:
        grid = form(with_lines(document, show_warehouse=True)).grid("lines")
        assert grid is not None
        return grid.field("warehouse")

    assert warehouse(GOODS).default.value == "warehouse"
    assert warehouse(MAKING | {"stock_direction": "transfer"}).default is None


def test_the_key_path_is_configuration() -> None:
    plain = form(GOODS)
    moved = form(GOODS | {"field_rules": [{"field": "party", "tab_order": 1},
                                          {"field": "narration", "section": "details"}]})
    assert [stop.field.key for stop in key_path(plain) if not stop.grid][:1] == ["party"]
    assert next(stop.field.key for stop in key_path(moved)) == "party"
    assert key_count(moved) < key_count(plain)
    certain = form(GOODS | {"field_rules": [{"field": "ref_no", "skip_when_certain": True,
                                            "default": {"kind": "constant", "value": "none"}}]})
    assert "ref_no" not in [stop.field.key for stop in key_path(certain)]


def test_the_key_count_follows_what_must_be_typed() -> None:
    optional = form(LEDGER | {"cost_centre_mode": "optional"})
    required = form(LEDGER | {"cost_centre_mode": "required"})
    assert key_count(required, rows=1) == key_count(optional, rows=1) + 4, "nothing in the header answers it"
    assert key_count(required, rows=3) == key_count(optional, rows=3) + 4, "later rows repeat it with Enter"
    folded = {"field_rules": [{"field": "lines.cost_centre", "section": "details"}]}
    aside = form(LEDGER | folded | {"cost_centre_mode": "optional"})
    unfolded = form(LEDGER | folded | {"cost_centre_mode": "required"})
    assert key_count(unfolded) == key_count(aside) + 3 * 5, "the sub-screen of each line opens for it"
    asked_above = form(LEDGER | {"cost_centre_mode": "required", "field_rules": [
        {"field": "cost_centre", "required": True, "section": "main"}]})
    path = {(stop.grid, stop.field.key): stop.keys for stop in key_path(asked_above)}
    assert (path["", "cost_centre"], path["lines", "cost_centre"]) == (5, 1), "typed once, above"


def test_the_target_of_a_transfer_mirrors_the_source() -> None:
    schema = form(MAKING | {"stock_direction": "transfer", "udfs": [
        {"key": "seal", "label": "Seal", "field_type": "text", "scope": "line"}]})
    source, target = schema.grids
    assert (source.object_name, target.object_name, target.mirror_of) == ("sourceGrid", "targetGrid", "sourceGrid")
    assert [f.key for f in source.fields] == [f.key for f in target.fields]
    assert "udf.seal" in [f.key for f in target.fields]
    assert all(f.ui.readonly and not f.required for f in target.fields)
    assert schema.grid("lines") is source


def test_a_schema_survives_json_and_keeps_its_hash() -> None:
    schema = form(GOODS | {"charges": [TAX], "field_rules": [
        {"field": "narration", "required": True, "condition": {"all": [{"field": "ref_no", "is_empty": True}]}}]})
    written = json.loads(json.dumps(schema.to_json()))
    shuffled = json.loads(json.dumps(dict(reversed(written.items()))))
    assert UiSchema.read(shuffled) == schema
    assert UiSchema.read(shuffled).hash == schema.hash
    assert form(GOODS).hash != schema.hash


def test_a_damaged_schema_is_refused_with_paths() -> None:
    written = form(GOODS).to_json()
    written["header"][0]["field_type"] = "hologram"
    written["grids"][0]["fields"][1]["ui"]["width"] = "wide"
    with pytest.raises(InvalidRequest) as caught:
        UiSchema.read(written)
    assert [(f.code, f.field) for f in caught.value.faults] == [
        ("CFG-001", "header[0].field_type"), ("CFG-003", "grids[0].fields[1].ui.width")]
