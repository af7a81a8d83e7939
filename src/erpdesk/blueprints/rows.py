"""The rows of one voucher type as frozen values: type, item grid, charges, fields, rules, series, approval.

Each class mirrors a table of `storage.tables.configuration` column for column. Where the table holds an id
(`journal_type_id`, `ledger_id`), the row holds the code (`journal_type`, `ledger`): documents travel between
organizations. Codes and keys never change once used.
"""

# ruff: noqa: RUF009 - the calls of `columns` are field specifiers

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from erpdesk.blueprints import columns as c
from erpdesk.blueprints import vocabulary as v
from erpdesk.blueprints.conditions import Condition
from erpdesk.blueprints.defaults import Default
from erpdesk.blueprints.fields import Option
from erpdesk.blueprints.overrides import SchemaOverride


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherType:
    """A row of `voucher_config_master`; the posting vocabulary is explained in that table's module."""

    code: str = c.named()
    label: str = c.named()
    journal_type: str = c.named_reference("journal_type")
    category: v.Category = c.choice(v.Category.ACCOUNTING)
    help: str = c.text()
    shortcut: str = c.text()
    sort_order: int = c.whole(0)
    is_active: bool = c.flag(True)

    voucher_date_label: str = c.text("Date")
    entry_date_label: str = c.text("Entry date")
    ref_no_label: str = c.text("Reference")
    use_ref_no: bool = c.flag(True)
    show_time: bool = c.flag()
    show_document_details: bool = c.flag()
    party_kind: v.PartyKind = c.choice(v.PartyKind.NONE)
    party_required: bool = c.flag()
    use_currency: bool = c.flag()
    use_credit_days: bool = c.flag()
    use_price_list: bool = c.flag()
    use_sales_person: bool = c.flag()
    use_ssf_code: bool = c.flag()
    use_destination: bool = c.flag()
    use_instrument: bool = c.flag()
    source_use: v.SourceUse = c.choice(v.SourceUse.NONE)

    numbering_method: v.NumberingMethod = c.choice(v.NumberingMethod.AUTO)
    number_prefix: str = c.text()
    number_suffix: str = c.text()
    number_width: int = c.whole(6, minimum=1, maximum=12)
    number_restart: v.NumberRestart = c.choice(v.NumberRestart.FISCAL_YEAR)
    number_per_branch: bool = c.flag()
    prevent_duplicate_voucher_no: bool = c.flag(True)

    auto_post: bool = c.flag()
    requires_approval: bool = c.flag()
    allow_direct_post: bool = c.flag()
    back_date_days: int | None = c.whole()
    forward_date_days: int | None = c.whole()
    credit_check: v.CreditCheck = c.choice(v.CreditCheck.OFF)

    grid_kind: v.GridKind = c.choice(v.GridKind.LEDGER_DR_CR)
    show_item_details_in_journal: bool = c.flag()
    cost_centre_mode: v.CostCentreMode = c.choice(v.CostCentreMode.OFF)
    narration_templates: tuple[str, ...] = c.names()
    header_account_kinds: tuple[str, ...] = c.names()
    line_account_kinds: tuple[str, ...] = c.names()

    affects_gl: bool = c.flag()
    affects_inventory: bool = c.flag()
    stock_direction: v.StockDirection = c.choice(v.StockDirection.NONE)
    header_counterpart: v.HeaderCounterpart = c.choice(v.HeaderCounterpart.NONE)
    header_side: v.HeaderSide = c.choice(v.HeaderSide.NONE)
    counterpart_role: v.CounterpartRole = c.choice(v.CounterpartRole.NONE)
    goods_role: v.GoodsRole = c.choice(v.GoodsRole.NONE)
    cost_source: v.CostSource = c.choice(v.CostSource.NONE)
    settlement_side: v.SettlementSide = c.choice(v.SettlementSide.NONE)
    document_kind: v.DocumentKind = c.choice(v.DocumentKind.NONE)
    source_kinds: tuple[v.DocumentKind, ...] = c.names()
    is_return: bool = c.flag()
    settles: bool = c.flag()
    reserves_stock: bool = c.flag()
    counts_stock: bool = c.flag()
    capitalises: bool = c.flag()
    opening: bool = c.flag()
    use_grir: bool = c.flag()

    price_list: str | None = c.reference("price_list")
    loyalty_rate: Decimal | None = c.maybe()
    round_to: Decimal | None = c.maybe()
    round_off_account: str | None = c.reference("account")
    print_template: str = c.text()
    print_after_post: bool = c.flag()
    valuation_note: str = c.text()
    schema_definition: SchemaOverride | None = c.maybe()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineConfig:
    """A row of `inventory_line_config`: the item grid. `qty_decimal_places` null follows the item's unit."""

    show_rate: bool = c.flag(True)
    show_amount: bool = c.flag(True)
    allow_free_qty: bool = c.flag()
    show_alternate_unit: bool = c.flag(True)
    show_discount: v.DiscountMode = c.choice(v.DiscountMode.NONE)
    show_tax: bool = c.flag()
    show_warehouse: bool = c.flag(True)
    show_bin: bool = c.flag()
    show_batch_no: bool = c.flag()
    show_mfg_date: bool = c.flag()
    show_exp_date: bool = c.flag()
    show_serial_no: bool = c.flag()
    show_cost_centre: bool = c.flag()
    qty_decimal_places: int | None = c.whole(maximum=6)
    rate_decimal_places: int = c.whole(4, maximum=6)
    is_fixed_product: bool = c.flag()
    allow_batch_in_stock_journal: bool = c.flag(True)
    batch_number_template: str = c.text()
    rate_source: v.RateSource = c.choice(v.RateSource.MANUAL)
    rate_editable: bool = c.flag(True)
    allow_zero_rate: bool = c.flag()
    batch_policy: v.BatchPolicy = c.choice(v.BatchPolicy.FIFO)
    default_warehouse: str | None = c.reference("warehouse")
    require_unit_cost: bool = c.flag()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeSetup:
    """A row of `footer_charge_setup`: one charge, tax or discount. `base` is a word of `ChargeBase`, or the
    codes of earlier charges."""

    sequence: int = c.whole(0)
    code: str = c.named()
    label: str = c.named()
    ledger: str | None = c.reference("account")
    calculation_type: v.CalculationType = c.named()
    rate: Decimal | None = c.maybe()
    amount: Decimal | None = c.maybe()
    base: v.ChargeBase | tuple[str, ...] = c.choice(v.ChargeBase.RUNNING_TOTAL)
    direction: v.ChargeDirection = c.choice(v.ChargeDirection.ADD)
    can_edit: bool = c.flag()
    included_in_total: bool = c.flag(True)
    included_in_price: bool = c.flag()
    allocate_to_cost: v.AllocateToCost = c.choice(v.AllocateToCost.NONE)
    cost_only: bool = c.flag()
    contra_account: str | None = c.reference("account")
    tax_class: str | None = c.reference("tax_class")
    rounding: v.ChargeRounding = c.choice(v.ChargeRounding.TOTAL)
    round_to: Decimal | None = c.maybe()
    applies_when: Condition | None = c.maybe()
    is_active: bool = c.flag(True)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserField:
    """A row of `voucher_udf_config`. `position` is the key it stands after; empty: at the end."""

    scope: v.FieldScope = c.choice(v.FieldScope.HEADER)
    key: str = c.named()
    label: str = c.named()
    field_type: str = c.named()
    sequence: int = c.whole(0)
    position: str = c.text()
    required: bool = c.flag()
    default: Default | None = c.maybe()
    options: tuple[Option, ...] = c.names()
    regex: str = c.text()
    regex_message: str = c.text()
    min: Decimal | None = c.maybe()
    max: Decimal | None = c.maybe()
    max_length: int | None = c.whole(minimum=1, maximum=10_000)
    decimals: int | None = c.whole(maximum=6)
    lookup_kind: str = c.text()
    width: int | None = c.whole(minimum=2, maximum=200)
    help: str = c.text()
    visible_for_roles: tuple[str, ...] = c.names()
    visible_for_branches: tuple[str, ...] = c.names()
    is_active: bool = c.flag(True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """A row of `field_rule`: what one field is for a branch, role or user. Null leaves it as it was.

    `field` is the key of a header field (`vehicle_no`, `udf.colour`) or grid and key (`lines.rate`). With a
    `condition` the rule holds only while the condition does.
    """

    field: str = c.named()
    scope: v.RuleScope = c.choice(v.RuleScope.ORGANIZATION)
    scope_value: str = c.text()
    visible: bool | None = c.maybe()
    readonly: bool | None = c.maybe()
    required: bool | None = c.maybe()
    default: Default | None = c.maybe()
    condition: Condition | None = c.maybe()
    label: str = c.text()
    help: str = c.text()
    width: int | None = c.whole(minimum=2, maximum=200)
    section: str = c.text()
    tab_order: int | None = c.whole()
    skip_when_certain: bool | None = c.maybe()
    open_on_focus: bool | None = c.maybe()
    repeat_from_above: bool | None = c.maybe()


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSeries:
    """A row of `number_series`: how numbers look from `valid_from` on; the type's own columns are the series
    `MAIN` wherever no row of that code is valid. `branch` null serves every branch."""

    code: str = c.named()
    label: str = c.text()
    branch: str | None = c.reference("branch")
    prefix: str = c.text()
    suffix: str = c.text()
    width: int = c.whole(6, minimum=1, maximum=12)
    restart: v.NumberRestart = c.choice(v.NumberRestart.FISCAL_YEAR)
    per_branch: bool = c.flag()
    first_number: int = c.whole(1, minimum=1)
    valid_from: date | None = c.maybe()
    is_active: bool = c.flag(True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """A row of `approval_rule`: vouchers from `minimum_amount` on need this level, by a role or a user."""

    level: int = c.whole(1, minimum=1, maximum=99)
    minimum_amount: Decimal | None = c.maybe()
    branch: str | None = c.reference("branch")
    cost_centre: str | None = c.reference("cost_centre")
    role: str = c.text()
    user_name: str = c.text()
    maker_may_approve: bool = c.flag()
    is_active: bool = c.flag(True)
