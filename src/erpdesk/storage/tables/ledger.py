"""Ledger masters: accounts, parties, cost centres, currencies."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Index, Table, Text, UniqueConstraint, Uuid, text

from erpdesk.storage.tables.base import (
    amount,
    changed_by,
    count,
    flag,
    link,
    metadata,
    one_of,
    organization_id,
    organization_link,
    own_name,
    required_text,
    row_id,
    sane,
)

NATURES = ("asset", "liability", "equity", "income", "expense")

ACCOUNT_KINDS = (
    "general",
    "cash",
    "bank",
    "receivable",
    "payable",
    "tax",
    "stock",
    "cogs",
    "grir",
    "dni",
    "variance",
    "round_off",
    "exchange",
)

ACCOUNT_ROLES = (
    "cash",
    "bank",
    "receivable",
    "payable",
    "stock",
    "cogs",
    "grir",
    "delivered_not_invoiced",
    "sales",
    "sales_return",
    "purchase_variance",
    "cost_variance",
    "stock_adjustment",
    "discount_allowed",
    "discount_received",
    "write_off",
    "round_off",
    "exchange_rounding",
    "exchange_gain_loss",
    "retained_earnings",
    "opening_difference",
    "input_tax",
    "output_tax",
    "freight",
    "bank_charges",
    "capital",
)

account = Table(
    "account",
    metadata,
    organization_id(),
    row_id(),
    required_text("code"),
    required_text("code_key"),
    required_text("name"),
    required_text("name_key"),
    Column("alias", Text),
    Column("parent_id", Uuid),
    required_text("nature"),
    required_text("kind", server_default=text("'general'")),
    flag("is_group"),
    flag("is_active", True),
    flag("refuses_negative", False),
    *changed_by(),
    organization_link(),
    link("parent_id", "account"),
    UniqueConstraint("organization_id", "code_key"),
    one_of("nature", NATURES),
    one_of("kind", ACCOUNT_KINDS),
)

account_role = Table(
    "account_role",
    metadata,
    organization_id(),
    Column("role", Text, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    link("account_id", "account"),
    one_of("role", ACCOUNT_ROLES),
    comment="Which account an organization uses where a posting needs one and no master names it.",
)

party = Table(
    "party",
    metadata,
    organization_id(),
    row_id(),
    required_text("code"),
    required_text("code_key"),
    required_text("name"),
    required_text("name_key"),
    flag("name_is_shared"),
    Column("alias", Text),
    required_text("kind"),
    Column("account_id", Uuid, comment="own control account; null: the organization's"),
    amount("credit_limit", nullable=True),
    count("credit_days", nullable=True),
    Column("price_list_id", Uuid),
    Column("tax_number", Text),
    Column("address", Text),
    flag("is_active", True),
    *changed_by(),
    organization_link(),
    link("account_id", "account"),
    link("price_list_id", "price_list"),
    UniqueConstraint("organization_id", "code_key"),
    own_name("party"),
    one_of("kind", ("customer", "supplier", "both")),
)

party_balance = Table(
    "party_balance",
    metadata,
    organization_id(),
    Column("party_id", Uuid, primary_key=True),
    amount("balance"),
    amount("loyalty_points"),
    link("party_id", "party"),
    sane("balance"),
    comment="Ledger balance of a party, debit positive, base currency; the lock for its credit.",
)

cost_centre = Table(
    "cost_centre",
    metadata,
    organization_id(),
    row_id(),
    required_text("code"),
    required_text("code_key"),
    required_text("name"),
    Column("parent_id", Uuid),
    flag("is_active", True),
    *changed_by(),
    organization_link(),
    link("parent_id", "cost_centre"),
    UniqueConstraint("organization_id", "code_key"),
)

currency = Table(
    "currency",
    metadata,
    organization_id(),
    Column("code", Text, primary_key=True),
    required_text("name"),
    count("decimals", 2),
    flag("is_active", True),
    organization_link(),
    CheckConstraint("decimals BETWEEN 0 AND 6", name="decimals_range"),
)

currency_rate = Table(
    "currency_rate",
    metadata,
    organization_id(),
    Column("code", Text, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    amount("rate", default=None),
    organization_link(),
    CheckConstraint("rate > 0 AND rate < 1e15", name="rate_positive"),
)

tax_class = Table(
    "tax_class",
    metadata,
    organization_id(),
    row_id(),
    required_text("code"),
    required_text("code_key"),
    required_text("name"),
    flag("is_active", True),
    *changed_by(),
    organization_link(),
    UniqueConstraint("organization_id", "code_key"),
)

Index("ix_account_parent", account.c.organization_id, account.c.parent_id)
