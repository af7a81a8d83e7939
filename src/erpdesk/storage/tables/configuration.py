"""Configuration tables: what a voucher type is, shows, charges, numbers and asks approval for.

One row of `voucher_config_master` with its `inventory_line_config`, `footer_charge_setup`,
`voucher_udf_config`, `field_rule`, `number_series` and `approval_rule` rows is a blueprint; every change
stores the whole as a document in `blueprint_version`, and a voucher keeps the version it was typed on.

The posting vocabulary, so that posting never asks for a type's code:

- `affects_gl`, `affects_inventory`: whether there is a journal, and whether there are movements.
- `header_counterpart`: what the header posts against. `account` is the header's account, `party` the party's
  control or own account, `role` the account that `counterpart_role` names, `none` nothing (lines as typed).
- `header_side`: the side that counterpart takes, debit or credit; lines and added charges take the other one,
  deducted charges the same. `balance`: whichever side is missing.
- `counterpart_role`: grir, delivered_not_invoiced, stock_adjustment, opening_difference, retained_earnings (made by
  closing a year, never typed). Also the account
  that takes produced stock for which nothing was consumed, and counted differences.
- `goods_role`: the account role that item lines post to at the document's price, opposite to `header_side`:
  inventory (receipts at cost), sales, sales_return, purchase_return (cost leaves inventory, the difference
  between price and cost goes to purchase variance).
- `cost_source`: where moved stock gets its cost. `document`: the line's own value (receipts). `layers`: what
  is taken from layers or pool (issues, transfers, consumption). `source`: the voucher named by `against`
  (returns), else as the return rule says. With goods_role sales or sales_return the cost also moves between
  inventory and cost of goods sold.
- `stock_direction`: in, out, transfer (header from_warehouse, to_warehouse), journal (both ways).
- `settles`: the grid allocates to open items; the party takes the side opposite to `header_side`.
- `settlement_side`: receivable or payable, which open items this voucher makes or settles.
- `document_kind`: what the voucher is to documents that follow it; `source_kinds`: which kinds `against` and
  `receipts` may name; `source_use`: whether they must.
- `is_return`: quantities count against the source's unreturned ones. `reserves_stock`: lines reserve, nothing
  is posted. `counts_stock`: lines hold counted quantities. `capitalises`: charges raise the value of the
  receipts named. `opening`: sets opening figures, against the opening difference. `use_grir`: goods pass
  through GR/IR: a receipt leaves them there for its invoice, an invoice without one passes both through.
- `category` is for grouping on screens and in reports, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, UniqueConstraint, Uuid, text

from erpdesk.blueprints import vocabulary as v
from erpdesk.blueprints.path_overrides import PathScope
from erpdesk.storage.tables.base import (
    amount,
    changed_by,
    count,
    day,
    document,
    flag,
    link,
    metadata,
    moment,
    one_of,
    organization_id,
    organization_link,
    required_text,
    row_id,
    sane,
)


def _word(
    name: str, words: type[StrEnum], default: StrEnum | None = None
) -> tuple[Column[Any], CheckConstraint]:
    """A column of a closed vocabulary with its CHECK."""
    listed = tuple(words)
    return (required_text(name, server_default=None if default is None else text(f"'{default}'")),
            one_of(name, listed))


def _note(name: str, default: str = "") -> Column[Any]:
    """A text that may be empty, never null."""
    return required_text(name, server_default=text(f"'{default}'"))


def _id(name: str, nullable: bool = True) -> Column[Any]:
    return Column(name, Uuid, nullable=nullable)


def _between(name: str, low: int, high: int) -> CheckConstraint:
    return CheckConstraint(f"{name} BETWEEN {low} AND {high}", name=f"{name}_range")


def _array(name: str) -> tuple[Column[Any], CheckConstraint]:
    """A JSON list, empty unless given."""
    return (document(name, default="[]", nullable=False),
            CheckConstraint(f"jsonb_typeof({name}) = 'array'", name=f"{name}_is_list"))


def _maybe_flag(name: str) -> Column[Any]:
    """A yes or no that may be left open."""
    from sqlalchemy import Boolean

    return Column(name, Boolean, nullable=True)


def _of_type(*more: Any) -> Sequence[Any]:
    """The columns that tie a row to its voucher type; the row goes with it."""
    return (organization_id(), row_id(), _id("voucher_config_id", nullable=False), *more)


journal_type = Table(
    "journal_type", metadata,
    organization_id(), row_id(),
    required_text("code"), required_text("label"),
    count("sort_order", default=0), flag("is_active", default=True),
    *changed_by(),
    organization_link(),
    UniqueConstraint("organization_id", "code"),
    comment="The journals that vouchers are entered in; seeded before the voucher types.",
)

voucher_config_master = Table(
    "voucher_config_master", metadata,
    organization_id(), row_id(),
    required_text("code"), required_text("label"),
    _id("journal_type_id", nullable=False),
    *_word("category", v.Category, v.Category.ACCOUNTING),
    _note("help"), _note("shortcut"), count("sort_order", default=0), flag("is_active", default=True),
    _note("voucher_date_label", "Date"), _note("entry_date_label", "Entry date"),
    _note("ref_no_label", "Reference"),
    flag("use_ref_no", default=True), flag("show_time"), flag("show_document_details"),
    *_word("party_kind", v.PartyKind, v.PartyKind.NONE), flag("party_required"),
    flag("use_currency"), flag("use_credit_days"), flag("use_price_list"), flag("use_sales_person"),
    flag("use_ssf_code"), flag("use_destination"), flag("use_instrument"),
    *_word("source_use", v.SourceUse, v.SourceUse.NONE),
    *_word("numbering_method", v.NumberingMethod, v.NumberingMethod.AUTO),
    _note("number_prefix"), _note("number_suffix"), count("number_width", default=6),
    *_word("number_restart", v.NumberRestart, v.NumberRestart.FISCAL_YEAR),
    flag("number_per_branch"), flag("prevent_duplicate_voucher_no", default=True),
    flag("auto_post"), flag("requires_approval"), flag("allow_direct_post"),
    count("back_date_days", nullable=True), count("forward_date_days", nullable=True),
    *_word("credit_check", v.CreditCheck, v.CreditCheck.OFF),
    *_word("grid_kind", v.GridKind, v.GridKind.LEDGER_DR_CR),
    flag("show_item_details_in_journal"),
    *_word("cost_centre_mode", v.CostCentreMode, v.CostCentreMode.OFF),
    *_array("narration_templates"), *_array("header_account_kinds"), *_array("line_account_kinds"),
    flag("affects_gl"), flag("affects_inventory"),
    *_word("stock_direction", v.StockDirection, v.StockDirection.NONE),
    *_word("header_counterpart", v.HeaderCounterpart, v.HeaderCounterpart.NONE),
    *_word("header_side", v.HeaderSide, v.HeaderSide.NONE),
    *_word("counterpart_role", v.CounterpartRole, v.CounterpartRole.NONE),
    *_word("goods_role", v.GoodsRole, v.GoodsRole.NONE),
    *_word("cost_source", v.CostSource, v.CostSource.NONE),
    *_word("settlement_side", v.SettlementSide, v.SettlementSide.NONE),
    *_word("document_kind", v.DocumentKind, v.DocumentKind.NONE), *_array("source_kinds"),
    flag("is_return"), flag("settles"), flag("reserves_stock"), flag("counts_stock"), flag("capitalises"),
    flag("opening"), flag("use_grir"),
    _id("price_list_id"), amount("loyalty_rate", nullable=True), amount("round_to", nullable=True),
    _id("round_off_account_id"), _note("print_template"), flag("print_after_post"), _note("valuation_note"),
    document("schema_definition", nullable=True),
    count("version", default=1),
    Column("shortcut_key", Text, comment="The key of an active type as it is compared; written by a trigger"),
    *changed_by(),
    organization_link(),
    link("journal_type_id", "journal_type"), link("price_list_id", "price_list"),
    link("round_off_account_id", "account"),
    UniqueConstraint("organization_id", "code"),
    UniqueConstraint("organization_id", "shortcut_key", name="uq_voucher_config_master_shortcut_key",
                     deferrable=True, initially="DEFERRED"),
    CheckConstraint("code ~ '^[A-Z][A-Z0-9_]{1,39}$'", name="code_form"),
    _between("number_width", 1, 12), _between("back_date_days", 0, 1000000),
    _between("forward_date_days", 0, 1000000),
    sane("loyalty_rate", minimum="0"),
    CheckConstraint("round_to > 0 AND round_to < 1e15", name="round_to_positive"),
    CheckConstraint("NOT party_required OR party_kind <> 'none'", name="party_offered"),
    CheckConstraint("header_counterpart <> 'party' OR party_kind <> 'none'", name="counterpart_party"),
    CheckConstraint("header_counterpart <> 'role' OR counterpart_role <> 'none'",
                    name="counterpart_role_named"),
    CheckConstraint("affects_inventory OR stock_direction = 'none' OR reserves_stock",
                    name="direction_moves"),
    CheckConstraint("NOT (affects_inventory AND stock_direction = 'none' AND NOT capitalises)",
                    name="inventory_direction"),
    CheckConstraint("NOT settles OR (grid_kind = 'allocation' AND settlement_side <> 'none')",
                    name="settles_open_items"),
    CheckConstraint("use_ref_no IS NOT TRUE OR ref_no_label <> ''", name="ref_no_label_given"),
    comment="One row a voucher type and organization; the module says what the posting vocabulary means.",
)

inventory_line_config = Table(
    "inventory_line_config", metadata,
    *_of_type(),
    flag("show_rate", default=True), flag("show_amount", default=True), flag("allow_free_qty"),
    flag("show_alternate_unit", default=True),
    *_word("show_discount", v.DiscountMode, v.DiscountMode.NONE),
    flag("show_tax"), flag("show_warehouse", default=True), flag("show_bin"), flag("show_batch_no"),
    flag("show_mfg_date"), flag("show_exp_date"), flag("show_serial_no"), flag("show_cost_centre"),
    count("qty_decimal_places", nullable=True), count("rate_decimal_places", default=4),
    flag("is_fixed_product"), flag("allow_batch_in_stock_journal", default=True),
    _note("batch_number_template"),
    *_word("rate_source", v.RateSource, v.RateSource.MANUAL),
    flag("rate_editable", default=True), flag("allow_zero_rate"),
    *_word("batch_policy", v.BatchPolicy, v.BatchPolicy.FIFO),
    _id("default_warehouse_id"), flag("require_unit_cost"),
    *changed_by(),
    organization_link(),
    link("voucher_config_id", "voucher_config_master"), link("default_warehouse_id", "warehouse"),
    UniqueConstraint("organization_id", "voucher_config_id"),
    _between("qty_decimal_places", 0, 6), _between("rate_decimal_places", 0, 6),
    comment="The item grid of one voucher type.",
)

footer_charge_setup = Table(
    "footer_charge_setup", metadata,
    *_of_type(count("sequence", default=0), required_text("code"), required_text("label")),
    _id("ledger_id"),
    *_word("calculation_type", v.CalculationType),
    amount("rate", nullable=True), amount("amount", nullable=True),
    document("base", default='"running_total"', nullable=False),
    *_word("direction", v.ChargeDirection, v.ChargeDirection.ADD),
    flag("can_edit"), flag("included_in_total", default=True), flag("included_in_price"),
    *_word("allocate_to_cost", v.AllocateToCost, v.AllocateToCost.NONE),
    flag("cost_only"), _id("contra_account_id"), _id("tax_class_id"),
    *_word("rounding", v.ChargeRounding, v.ChargeRounding.TOTAL), amount("round_to", nullable=True),
    document("applies_when", nullable=True), flag("is_active", default=True),
    *changed_by(),
    organization_link(),
    link("voucher_config_id", "voucher_config_master"), link("ledger_id", "account"),
    link("contra_account_id", "account"), link("tax_class_id", "tax_class"),
    UniqueConstraint("organization_id", "voucher_config_id", "code"),
    CheckConstraint("jsonb_typeof(base) IN ('string', 'array')", name="base_form"),
    CheckConstraint(
        "(calculation_type = 'rate' AND rate IS NOT NULL AND amount IS NULL)"
        " OR (calculation_type = 'amount' AND rate IS NULL)", name="rate_or_amount"),
    CheckConstraint(
        "included_in_total OR included_in_price OR contra_account_id IS NOT NULL"
        " OR (allocate_to_cost <> 'none' AND ledger_id IS NOT NULL)", name="credit_has_a_place"),
    CheckConstraint("NOT cost_only OR (allocate_to_cost <> 'none' AND NOT included_in_total)",
                    name="cost_only_is_cost"),
    CheckConstraint("NOT (included_in_total AND included_in_price)", name="price_or_total"),
    CheckConstraint("round_to > 0 AND round_to < 1e15", name="round_to_positive"),
    sane("rate"), sane("amount"),
    comment="Charges, taxes and discounts of one voucher type, computed in sequence.",
)

voucher_udf_config = Table(
    "voucher_udf_config", metadata,
    *_of_type(),
    *_word("scope", v.FieldScope, v.FieldScope.HEADER),
    required_text("key"), required_text("label"), required_text("field_type"),
    count("sequence", default=0), _note("position"), flag("required"),
    document("default", nullable=True), *_array("options"),
    _note("regex"), _note("regex_message"), amount("min", nullable=True), amount("max", nullable=True),
    count("max_length", nullable=True), count("decimals", nullable=True), _note("lookup_kind"),
    count("width", nullable=True), _note("help"),
    *_array("visible_for_roles"), *_array("visible_for_branches"), flag("is_active", default=True),
    *changed_by(),
    organization_link(),
    link("voucher_config_id", "voucher_config_master"),
    UniqueConstraint("organization_id", "voucher_config_id", "scope", "key",
                     name="uq_voucher_udf_config_key"),
    CheckConstraint("key ~ '^[a-z][a-z0-9_]{0,39}$'", name="key_form"),
    one_of("field_type", v.USER_FIELD_TYPES),
    _between("max_length", 1, 10000), _between("decimals", 0, 6), _between("width", 2, 200),
    CheckConstraint("min IS NULL OR max IS NULL OR min <= max", name="min_below_max"),
    comment="Fields that an admin added; their values live in the udf column of vouchers and lines.",
)

field_rule = Table(
    "field_rule", metadata,
    *_of_type(required_text("field")),
    *_word("scope", v.RuleScope, v.RuleScope.ORGANIZATION), _note("scope_value"),
    _maybe_flag("visible"), _maybe_flag("readonly"), _maybe_flag("required"),
    document("default", nullable=True), document("condition", nullable=True),
    _note("label"), _note("help"), count("width", nullable=True), _note("section"),
    count("tab_order", nullable=True), _maybe_flag("skip_when_certain"), _maybe_flag("open_on_focus"),
    _maybe_flag("repeat_from_above"),
    count("sequence", default=0),
    *changed_by(),
    organization_link(),
    link("voucher_config_id", "voucher_config_master"),
    _between("width", 2, 200), _between("tab_order", 0, 1000000),
    CheckConstraint("(scope IN ('standard', 'organization')) = (scope_value = '')", name="scope_value_given"),
    comment="Visibility, defaults and key path of one field, for everybody or one branch, role or user.",
)

key_path_override = Table(
    "key_path_override", metadata,
    *_of_type(required_text("field")),
    *_word("scope", PathScope, PathScope.SITE), _note("scope_value"),
    count("tab_order", nullable=True), _maybe_flag("skip_when_certain"), _maybe_flag("open_on_focus"),
    _maybe_flag("repeat_from_above"),
    *changed_by(),
    organization_link(),
    link("voucher_config_id", "voucher_config_master"),
    UniqueConstraint("organization_id", "voucher_config_id", "field", "scope", "scope_value",
                     name="uq_key_path_override_field"),
    _between("tab_order", 1, 1000000),
    CheckConstraint("(scope = 'site') = (scope_value = '')", name="scope_value_given"),
    comment="How the cursor passes a field for the site, a role or a user; no part of the blueprint.",
)

print_template = Table(
    "print_template", metadata,
    organization_id(), row_id(),
    required_text("code"), _note("label"), required_text("source"),
    *changed_by(),
    organization_link(),
    UniqueConstraint("organization_id", "code"),
    CheckConstraint("code ~ '^[a-z][a-z0-9_-]{0,39}$'", name="code_form"),
    CheckConstraint("char_length(source) <= 100000", name="source_length"),
    comment="Print templates of an organization; one with the code of a shipped template is taken in its stead.",
)

number_series = Table(
    "number_series", metadata,
    *_of_type(required_text("code"), _note("label"), _id("branch_id")),
    _note("prefix"), _note("suffix"), count("width", default=6),
    *_word("restart", v.NumberRestart, v.NumberRestart.FISCAL_YEAR),
    flag("per_branch"), count("first_number", default=1), day("valid_from", nullable=True),
    flag("is_active", default=True),
    *changed_by(),
    organization_link(),
    link("voucher_config_id", "voucher_config_master"), link("branch_id", "branch"),
    UniqueConstraint("organization_id", "voucher_config_id", "code", "branch_id", "valid_from",
                     name="uq_number_series_code",
                     postgresql_nulls_not_distinct=True),
    _between("width", 1, 12), CheckConstraint("first_number >= 1", name="first_number_positive"),
    comment="Dated and further series; the columns of the voucher type are its series MAIN.",
)

approval_rule = Table(
    "approval_rule", metadata,
    *_of_type(count("level", default=1)),
    amount("minimum_amount", nullable=True), _id("branch_id"), _id("cost_centre_id"),
    _note("role"), _note("user_name"), flag("maker_may_approve"), flag("is_active", default=True),
    *changed_by(),
    organization_link(),
    link("voucher_config_id", "voucher_config_master"), link("branch_id", "branch"),
    link("cost_centre_id", "cost_centre"),
    _between("level", 1, 99), sane("minimum_amount", minimum="0"),
    CheckConstraint("(role = '') <> (user_name = '')", name="role_or_user"),
    comment="The approval matrix: every matching level decides, in order.",
)

blueprint_version = Table(
    "blueprint_version", metadata,
    organization_id(), row_id(),
    _id("voucher_config_id", nullable=False),
    count("version"), document("document", nullable=False), required_text("hash"),
    moment("created_at"),
    Column("created_by", Text, nullable=False, server_default=text("session_user")),
    organization_link(),
    link("voucher_config_id", "voucher_config_master"),
    UniqueConstraint("organization_id", "voucher_config_id", "version"),
    CheckConstraint("version >= 1", name="version_positive"),
    comment="Every state that a blueprint has had, whole; rows are never changed.",
)

blueprint_baseline = Table(
    "blueprint_baseline", metadata,
    *_of_type(document("document", nullable=False)),
    *changed_by(),
    organization_link(),
    link("voucher_config_id", "voucher_config_master"),
    UniqueConstraint("organization_id", "voucher_config_id"),
    comment="What a shipped type was when last agreed upon: what differs now is the admin's or newly shipped.",
)

Index("ix_voucher_udf_config_voucher_config_id", voucher_udf_config.c.organization_id,
      voucher_udf_config.c.voucher_config_id)
Index("ix_field_rule_voucher_config_id", field_rule.c.organization_id, field_rule.c.voucher_config_id)
Index("ix_approval_rule_voucher_config_id", approval_rule.c.organization_id,
      approval_rule.c.voucher_config_id)
