"""The closings of fiscal years: each with the entry that carried the result to equity, and how it was reopened.

One row a branch and closing: each branch that has income or expenses is closed with an entry of its own, so that the
books of every branch begin the new year at nothing. Of a year and branch at most one stands, that is: isn't reopened. A
year without income and expenses has one row without branch and entry; so has, with an entry, one that was closed for
all branches at once, as years were before. Written by `posting_close_year` and `posting_reopen_year` alone.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Table, Text, Uuid, text

from erpdesk.storage.tables.base import (
    amount,
    flag,
    link,
    metadata,
    moment,
    organization_id,
    organization_link,
    row_id,
)

year_closing = Table(
    "year_closing",
    metadata,
    organization_id(),
    row_id(),
    Column("fiscal_year_id", Uuid, nullable=False),
    amount("result"),
    Column("voucher_id", Uuid),
    moment("closed_at"),
    Column("closed_by", Text, nullable=False, server_default=text("session_user")),
    Column("reversal_id", Uuid),
    moment("reopened_at", nullable=True),
    Column("reopened_by", Text),
    Column("reason", Text),
    Column("branch_id", Uuid),
    flag("is_being_written"),
    Column("transaction_id", BigInteger, nullable=False, server_default=text("txid_current()")),
    organization_link(),
    link("fiscal_year_id", "fiscal_year"),
    link("voucher_id", "voucher"),
    link("reversal_id", "voucher"),
    link("branch_id", "branch"),
    CheckConstraint("(reopened_at IS NULL) = (reason IS NULL)", name="reason_given"),
    Index("uq_year_closing_standing", "organization_id", "fiscal_year_id", "branch_id", unique=True,
          postgresql_where=text("reopened_at IS NULL"), postgresql_nulls_not_distinct=True),
    comment="Each time a fiscal year was closed, with the entry that carried its result, and how it was reopened.",
)  # fmt: skip
