"""Organizations, their branches, years and periods, and the people who may see them."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Table, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

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
)

schema_info = Table(
    "schema_info",
    metadata,
    Column("name", Text, primary_key=True),
    required_text("value"),
    comment="What this database was made with: hashes of functions, program version.",
)

organization = Table(
    "organization",
    metadata,
    Column("id", Uuid, primary_key=True),
    required_text("code"),
    required_text("code_key"),
    required_text("name"),
    Column("legal_name", Text),
    Column("kind", Text),
    document("tax_numbers", "{}"),
    Column("address", Text),
    Column("country", Text),
    required_text("base_currency"),
    count("currency_decimals", 2),
    required_text("time_zone", server_default=text("'UTC'")),
    required_text("language", server_default=text("'en'")),
    required_text("calendar", server_default=text("'gregorian'")),
    required_text("digit_grouping", server_default=text("'western'")),
    flag("negative_stock"),
    flag("is_locked"),
    day("audit_locked_until", nullable=True),
    document("settings", "{}"),
    *changed_by(),
    UniqueConstraint("code_key"),
    one_of("calendar", ("gregorian", "bikram_sambat")),
    one_of("digit_grouping", ("western", "lakh")),
    CheckConstraint("currency_decimals BETWEEN 0 AND 6", name="currency_decimals_range"),
)

branch = Table(
    "branch",
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

fiscal_year = Table(
    "fiscal_year",
    metadata,
    organization_id(),
    row_id(),
    required_text("code", comment="{FY}, e.g. 2026-27"),
    required_text("short_code", comment="{FYS}, e.g. 26-27"),
    day("starts_on"),
    day("ends_on"),
    flag("is_closed"),
    *changed_by(),
    organization_link(),
    UniqueConstraint("organization_id", "code"),
    CheckConstraint("ends_on >= starts_on", name="order"),
)

accounting_period = Table(
    "accounting_period",
    metadata,
    organization_id(),
    row_id(),
    Column("fiscal_year_id", Uuid, nullable=False),
    count("number"),
    day("starts_on"),
    day("ends_on"),
    required_text("state", server_default=text("'open'")),
    *changed_by(),
    link("fiscal_year_id", "fiscal_year"),
    UniqueConstraint("organization_id", "fiscal_year_id", "number"),
    one_of("state", ("open", "locked", "closed")),
    CheckConstraint("ends_on >= starts_on", name="order"),
    Index("ix_accounting_period_days", "organization_id", "starts_on", "ends_on"),
)

app_user = Table(
    "app_user",
    metadata,
    Column("name", Text, primary_key=True, comment="The PostgreSQL login role"),
    Column("full_name", Text),
    flag("is_active", True),
    moment("created_at"),
    Column("login_is_own", Boolean, nullable=False, server_default=text("false"),
           comment="Whether the login was made by this database"),
    Column("created_by", Text, nullable=False, server_default=text("session_user")),
)

organization_member = Table(
    "organization_member",
    metadata,
    organization_id(),
    Column("user_name", Text, primary_key=True),
    required_text("role"),
    Column("branch_ids", ARRAY(Uuid), comment="null: every branch"),
    Column("voucher_type_codes", ARRAY(Text), comment="null: every voucher type"),
    Column("permissions", ARRAY(Text), comment="null: those of the role"),
    flag("is_active", True),
    *changed_by(),
    organization_link(),
    one_of("role", ("clerk", "approver", "accountant", "admin", "auditor")),
    Index("ix_organization_member_user_name", "user_name"),
    comment="Who may see which organization; row-level security is enabled but not forced (the policies read it).",
)

role_permission = Table(
    "role_permission",
    metadata,
    Column("role", Text, primary_key=True),
    Column("permission", Text, primary_key=True),
    comment="What each role may do; the same in every organization.",
)

user_limit = Table(
    "user_limit",
    metadata,
    organization_id(),
    row_id(),
    required_text("user_name"),
    Column("voucher_type_code", Text, comment="null: every voucher type"),
    amount("enter_limit", nullable=True),
    amount("post_limit", nullable=True),
    amount("approve_limit", nullable=True),
    count("back_date_days", nullable=True),
    count("forward_date_days", nullable=True),
    *changed_by(),
    organization_link(),
    Index("ix_user_limit_user", "organization_id", "user_name"),
)

user_preference = Table(
    "user_preference",
    metadata,
    organization_id(),
    Column("user_name", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    document("value", "{}"),
    organization_link(),
)
