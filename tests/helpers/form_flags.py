"""Every column of configuration that shapes a form: how it is turned, and what is seen of it in the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from erpdesk.blueprints.fields import Field
from erpdesk.blueprints.schema import UiSchema

Seen = Callable[[UiSchema], Any]
Turn = tuple[str, Mapping[str, Any], Seen, Any]
"""The baseline type, the patch laid over it, what is looked at, and what is seen there after the turn."""
BEFORE: Mapping[str, Mapping[str, Any]] = {
    **{
        f"UserField.{name}": {"udfs": [{"key": "x", "label": "X", "field_type": "text"}]}
        for name in ("is_active", "visible_for_roles", "visible_for_branches")
    },
    "FieldRule.scope": {"field_rules": [{"field": "ref_no", "label": "Slip"}]},
}
"""What is laid over the type before the turn, where the column is of a row that it hasn't."""
SALES, BUY, JOURNAL, PAY, RETURN = "SALES_INVOICE", "PURCHASE_INVOICE", "JOURNAL", "CASH_PAYMENT", "SALES_RETURN"
LINE = "lines"


def named(schema: UiSchema, key: str) -> Field | None:
    """A header field, or `lines.key`: a field of that grid; hidden ones are not there."""
    grid, _, inner = key.partition(".") if key.split(".")[0] in ("lines", "consume", "produce") else ("", "", key)
    found = schema.grid(grid) if grid else None
    field = found.field(inner) if found is not None else None if grid else schema.header_field(key)
    return field if field is not None and not field.ui.hidden else None


def there(*keys: str) -> Seen:
    """Whether all these fields are there."""
    return lambda schema: all(named(schema, key) is not None for key in keys)


def of(key: str, see: Callable[[Field], Any]) -> Seen:
    """Something of a field that is there."""

    def seen(schema: UiSchema) -> Any:
        field = named(schema, key)
        return None if field is None else see(field)

    return seen


def label(key: str) -> Seen:
    return of(key, lambda field: field.label)


def lines(**columns: Any) -> dict[str, Any]:
    return {"lines": columns}


def udf(**columns: Any) -> dict[str, Any]:
    return {"udfs": [{"key": "x", "label": "X", "field_type": "text", **columns}]}


def rule(**columns: Any) -> dict[str, Any]:
    return {"field_rules": [{"field": "ref_no", **columns}]}


def charge(**columns: Any) -> dict[str, Any]:
    return {"charges": [{"code": "VAT", **columns}]}


def of_charge(see: Callable[[Any], Any], code: str = "VAT") -> Seen:
    return lambda schema: next((see(one) for one in schema.charges if one.code == code), None)


TURNS: Mapping[str, Turn] = {
    "VoucherType.code": ("JOURNAL", {"code": "SECOND_JOURNAL"}, lambda s: s.voucher_type, "SECOND_JOURNAL"),
    "VoucherType.label": (SALES, {"label": "Bill"}, lambda s: s.label, "Bill"),
    "VoucherType.category": (SALES, {"category": "accounting"}, lambda s: str(s.category), "accounting"),
    "VoucherType.help": (SALES, {"help": "Why"}, lambda s: s.help, "Why"),
    "VoucherType.valuation_note": (
        SALES,
        {"help": "Why", "valuation_note": "At cost"},
        lambda s: s.help,
        "Why\n\nAt cost",
    ),
    "VoucherType.shortcut": (SALES, {"shortcut": "Ctrl+F1"}, lambda s: s.shortcut, "Ctrl+F1"),
    "VoucherType.voucher_date_label": (SALES, {"voucher_date_label": "Day"}, label("date"), "Day"),
    "VoucherType.entry_date_label": (SALES, {"entry_date_label": "Typed on"}, label("entry_date"), "Typed on"),
    "VoucherType.ref_no_label": (SALES, {"ref_no_label": "Slip"}, label("ref_no"), "Slip"),
    "VoucherType.use_ref_no": (SALES, {"use_ref_no": False}, there("ref_no"), False),
    "VoucherType.show_time": (SALES, {"show_time": False}, there("time"), False),
    "VoucherType.show_document_details": (
        JOURNAL,
        {"show_document_details": True},
        there("vehicle_no", "pp_no", "supplier_invoice_no"),
        True,
    ),
    "VoucherType.party_kind": (SALES, {"party_kind": "supplier"}, label("party"), "Supplier"),
    "VoucherType.party_required": (
        JOURNAL,
        {"party_kind": "any", "party_required": True},
        of("party", lambda f: f.required),
        True,
    ),
    "VoucherType.use_currency": (SALES, {"use_currency": False}, there("currency", "exchange_rate"), False),
    "VoucherType.use_credit_days": (SALES, {"use_credit_days": False}, there("credit_days"), False),
    "VoucherType.use_price_list": (SALES, {"use_price_list": False}, there("price_list"), False),
    "VoucherType.price_list": (
        SALES,
        {"price_list": "RETAIL"},
        of("price_list", lambda f: f.default and f.default.value),
        "RETAIL",
    ),
    "VoucherType.use_sales_person": (SALES, {"use_sales_person": False}, there("sales_person"), False),
    "VoucherType.use_ssf_code": (SALES, {"use_ssf_code": False}, there("ssf_code"), False),
    "VoucherType.use_destination": (SALES, {"use_destination": False}, there("destination"), False),
    "VoucherType.use_instrument": (PAY, {"use_instrument": True}, there("instrument_kind", "instrument_no"), True),
    "VoucherType.source_use": (SALES, {"source_use": "required"}, of("against", lambda f: f.required), True),
    "VoucherType.source_kinds": (
        SALES,
        {"source_kinds": ["order"]},
        of("against", lambda f: f.lookup and f.lookup.filter),
        ("order",),
    ),
    "VoucherType.numbering_method": (SALES, {"numbering_method": "manual"}, there("voucher_number"), True),
    "VoucherType.auto_post": (SALES, {"auto_post": True}, lambda s: s.auto_post, True),
    "VoucherType.print_after_post": (SALES, {"print_after_post": True}, lambda s: s.print_after_post, True),
    "VoucherType.back_date_days": (
        SALES,
        {"back_date_days": 3},
        of("date", lambda f: f.validators.date_range and f.validators.date_range.back_days),
        3,
    ),
    "VoucherType.forward_date_days": (
        SALES,
        {"forward_date_days": 2},
        of("date", lambda f: f.validators.date_range and f.validators.date_range.forward_days),
        2,
    ),
    "VoucherType.grid_kind": (
        PAY,
        {"grid_kind": "ledger_dr_cr", "header_counterpart": "none", "header_side": "none"},
        there("lines.debit", "lines.credit"),
        True,
    ),
    "VoucherType.show_item_details_in_journal": (
        JOURNAL,
        {"show_item_details_in_journal": True},
        there("lines.item", "lines.quantity", "lines.uom"),
        True,
    ),
    "VoucherType.cost_centre_mode": (
        JOURNAL,
        {"cost_centre_mode": "required"},
        of("lines.cost_centre", lambda f: f.required),
        True,
    ),
    "VoucherType.narration_templates": (
        SALES,
        {"narration_templates": ["Sold"]},
        lambda s: s.narration_templates,
        ("Sold",),
    ),
    "VoucherType.header_account_kinds": (
        PAY,
        {"header_account_kinds": ["bank"]},
        of("account", lambda f: f.lookup and f.lookup.filter),
        ("bank",),
    ),
    "VoucherType.line_account_kinds": (
        PAY,
        {"line_account_kinds": ["tax"]},
        of("lines.account", lambda f: f.lookup and f.lookup.filter),
        ("tax",),
    ),
    "VoucherType.round_to": (SALES, {"round_to": "5"}, lambda s: str(s.round_to), "5"),
    "VoucherType.schema_definition": (
        SALES,
        {"schema_definition": {"header_fields": [{"key": "ref_no", "label": "Slip"}]}},
        label("ref_no"),
        "Slip",
    ),
    "LineConfig.show_rate": (SALES, lines(show_rate=False), there("lines.rate"), False),
    "LineConfig.show_amount": (SALES, lines(show_amount=False), there("lines.line_amount"), False),
    "LineConfig.allow_free_qty": (SALES, lines(allow_free_qty=False), there("lines.free_quantity"), False),
    "LineConfig.show_alternate_unit": (SALES, lines(show_alternate_unit=False), there("lines.uom"), False),
    "LineConfig.show_discount": (SALES, lines(show_discount="percent"), there("lines.discount_amount"), False),
    "LineConfig.show_tax": (SALES, lines(show_tax=True), there("lines.tax_amount"), True),
    "LineConfig.show_warehouse": (SALES, lines(show_warehouse=False), there("lines.warehouse"), False),
    "LineConfig.show_bin": (SALES, lines(show_bin=True), there("lines.bin"), True),
    "LineConfig.show_batch_no": (SALES, lines(show_batch_no=False), there("lines.batch"), False),
    "LineConfig.show_mfg_date": (BUY, lines(show_mfg_date=False), there("lines.manufactured"), False),
    "LineConfig.show_exp_date": (BUY, lines(show_exp_date=False), there("lines.expires"), False),
    "LineConfig.show_serial_no": (SALES, lines(show_serial_no=False), there("lines.serials"), False),
    "LineConfig.show_cost_centre": (SALES, lines(show_cost_centre=False), there("lines.cost_centre"), False),
    "LineConfig.qty_decimal_places": (
        SALES,
        lines(qty_decimal_places=1),
        of("lines.quantity", lambda f: f.validators.decimals),
        1,
    ),
    "LineConfig.rate_decimal_places": (
        SALES,
        lines(rate_decimal_places=1),
        of("lines.rate", lambda f: f.validators.decimals),
        1,
    ),
    "LineConfig.is_fixed_product": (
        SALES,
        lines(is_fixed_product=False),
        there("lines.engine_no", "lines.chassis_no"),
        False,
    ),
    "LineConfig.allow_batch_in_stock_journal": (
        "STOCK_JOURNAL",
        lines(allow_batch_in_stock_journal=False, batch_number_template="B{YYYY}"),
        there("produce.batch"),
        False,
    ),
    "LineConfig.rate_source": (
        SALES,
        lines(rate_source="last_rate"),
        of("lines.rate", lambda f: f.default and str(f.default.kind)),
        "last_value",
    ),
    "LineConfig.rate_editable": (SALES, lines(rate_editable=False), of("lines.rate", lambda f: f.ui.readonly), True),
    "LineConfig.allow_zero_rate": (
        SALES,
        lines(allow_zero_rate=True),
        of("lines.rate", lambda f: str(f.validators.min)),
        "0",
    ),
    "LineConfig.batch_policy": (
        SALES,
        lines(batch_policy="fefo"),
        lambda s: (grid := s.grid(LINE)) and grid.goods and grid.goods.batch_policy,
        "fefo",
    ),
    "LineConfig.default_warehouse": (
        SALES,
        lines(default_warehouse="MAIN"),
        of("warehouse", lambda f: f.default and f.default.value),
        "MAIN",
    ),
    "LineConfig.require_unit_cost": (
        RETURN,
        lines(require_unit_cost=True),
        of("lines.unit_cost", lambda f: f.required),
        True,
    ),
    "ChargeSetup.sequence": (SALES, charge(sequence=1), lambda s: s.charges[0].code, "VAT"),
    "ChargeSetup.label": (SALES, charge(label="GST"), of_charge(lambda c: c.label), "GST"),
    "ChargeSetup.can_edit": (SALES, charge(can_edit=True), of_charge(lambda c: c.can_edit), True),
    "ChargeSetup.is_active": (SALES, charge(is_active=False), of_charge(lambda c: c.code), None),
    "ChargeSetup.code": (
        SALES,
        {"charges": [{"code": "CESS", "label": "Cess", "ledger": "2130", "rate": "1", "calculation_type": "rate"}]},
        of_charge(lambda c: c.code, "CESS"),
        "CESS",
    ),
    "UserField.scope": (SALES, udf(scope="line"), there("lines.udf.x"), True),
    "UserField.key": (SALES, udf(key="colour"), there("udf.colour"), True),
    "UserField.label": (SALES, udf(label="Colour"), label("udf.x"), "Colour"),
    "UserField.field_type": (SALES, udf(field_type="date"), of("udf.x", lambda f: str(f.field_type)), "date"),
    "UserField.sequence": (
        SALES,
        {
            "udfs": [
                {"key": "a", "label": "A", "field_type": "text", "sequence": 9},
                {"key": "b", "label": "B", "field_type": "text", "sequence": 1},
            ]
        },
        lambda s: [f.key for f in s.header if f.key.startswith("udf.")],
        ["udf.b", "udf.a"],
    ),
    "UserField.position": (
        SALES,
        udf(position="party"),
        lambda s: [f.key for f in s.header][[f.key for f in s.header].index("party") + 1],
        "udf.x",
    ),
    "UserField.required": (SALES, udf(required=True), of("udf.x", lambda f: f.required), True),
    "UserField.default": (
        SALES,
        udf(default={"kind": "constant", "value": "red"}),
        of("udf.x", lambda f: f.default and f.default.value),
        "red",
    ),
    "UserField.options": (
        SALES,
        udf(field_type="select", options=[{"value": "a", "label": "A"}]),
        of("udf.x", lambda f: [one.value for one in f.options]),
        ["a"],
    ),
    "UserField.regex": (SALES, udf(regex="a+"), of("udf.x", lambda f: f.validators.regex), "a+"),
    "UserField.regex_message": (SALES, udf(regex="a+", regex_message="takes an a"),
                                of("udf.x", lambda f: f.validators.regex_message), "takes an a"),
    "UserField.min": (SALES, udf(field_type="number", min="2"), of("udf.x", lambda f: str(f.validators.min)), "2"),
    "UserField.max": (SALES, udf(field_type="number", max="9"), of("udf.x", lambda f: str(f.validators.max)), "9"),
    "UserField.max_length": (SALES, udf(max_length=5), of("udf.x", lambda f: f.validators.max_length), 5),
    "UserField.decimals": (
        SALES,
        udf(field_type="number", decimals=1),
        of("udf.x", lambda f: f.validators.decimals),
        1,
    ),
    "UserField.lookup_kind": (
        SALES,
        udf(field_type="lookup", lookup_kind="item"),
        of("udf.x", lambda f: f.lookup and str(f.lookup.kind)),
        "item",
    ),
    "UserField.width": (SALES, udf(width=33), of("udf.x", lambda f: f.ui.width), 33),
    "UserField.help": (SALES, udf(help="Why"), of("udf.x", lambda f: f.ui.help), "Why"),
    "UserField.is_active": (SALES, udf(is_active=False), there("udf.x"), False),
    "UserField.visible_for_roles": (SALES, udf(visible_for_roles=["nobody"]), there("udf.x"), False),
    "UserField.visible_for_branches": (SALES, udf(visible_for_branches=["NOWHERE"]), there("udf.x"), False),
    "FieldRule.field": (
        SALES,
        {"field_rules": [{"field": "narration", "label": "Said"}]},
        label("narration"),
        "Said",
    ),
    "FieldRule.scope": (SALES, rule(scope="role", scope_value="nobody", label="Slip"), label("ref_no"), "Reference"),
    "FieldRule.scope_value": (SALES, rule(scope="role", scope_value="clerk", label="Slip"), label("ref_no"), "Slip"),
    "FieldRule.visible": (SALES, rule(visible=False), there("ref_no"), False),
    "FieldRule.readonly": (SALES, rule(readonly=True), of("ref_no", lambda f: f.ui.readonly), True),
    "FieldRule.required": (SALES, rule(required=True), of("ref_no", lambda f: f.required), True),
    "FieldRule.default": (
        SALES,
        rule(default={"kind": "constant", "value": "R"}),
        of("ref_no", lambda f: f.default and f.default.value),
        "R",
    ),
    "FieldRule.condition": (
        SALES,
        rule(required=True, condition={"field": "narration", "eq": "X"}),
        of("ref_no", lambda f: (f.required, len(f.rules))),
        (False, 1),
    ),
    "FieldRule.label": (SALES, rule(label="Slip"), label("ref_no"), "Slip"),
    "FieldRule.help": (SALES, rule(help="Why"), of("ref_no", lambda f: f.ui.help), "Why"),
    "FieldRule.width": (SALES, rule(width=44), of("ref_no", lambda f: f.ui.width), 44),
    "FieldRule.section": (SALES, rule(section="details"), of("ref_no", lambda f: str(f.ui.section)), "details"),
    "FieldRule.tab_order": (SALES, rule(tab_order=3), of("ref_no", lambda f: f.key_path.tab_order), 3),
    "FieldRule.skip_when_certain": (
        SALES,
        rule(skip_when_certain=False),
        of("ref_no", lambda f: f.key_path.skip_when_certain),
        False,
    ),
    "FieldRule.open_on_focus": (
        SALES,
        rule(open_on_focus=False),
        of("ref_no", lambda f: f.key_path.open_on_focus),
        False,
    ),
    "FieldRule.repeat_from_above": (
        SALES,
        rule(repeat_from_above=True),
        of("ref_no", lambda f: f.key_path.repeat_from_above),
        True,
    ),
    "VoucherType.is_return": (
        RETURN,
        {"is_return": False, "cost_source": "document"},
        there("lines.unit_cost"),
        False,
    ),
    "VoucherType.document_kind": (
        "DELIVERY_NOTE",
        {"document_kind": "none"},
        lambda s: (grid := s.grid(LINE)) and grid.goods and grid.goods.skips_expired,
        False,
    ),
    "VoucherType.capitalises": (
        "LANDED_COST",
        {"capitalises": False, "affects_inventory": False, "cost_source": "none", "party_required": True},
        lambda s: [str(one.key) for one in s.grids],
        ["lines"],
    ),
    "VoucherType.counts_stock": ("PHYSICAL_STOCK", {"counts_stock": False}, there("lines.counted_quantity"), False),
    "VoucherType.settles": ("AR_RECEIPT", {"settles": False, "grid_kind": "ledger_single"}, there("amount"), False),
    "VoucherType.header_counterpart": (
        PAY,
        {"header_counterpart": "role", "counterpart_role": "opening_difference"},
        there("account"),
        False,
    ),
    "VoucherType.stock_direction": (
        SALES,
        {"stock_direction": "in", "cost_source": "document", "lines": {"show_mfg_date": True}},
        there("lines.manufactured"),
        True,
    ),
}
