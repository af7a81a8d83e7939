"""Where each unit of stock lies: bins and batches of serials, details of lines, the detail a movement belongs to.

Revision ID: 0006
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

BINS = (("serial", "bin_id"), ("voucher_line", "to_bin_id"), ("voucher_line_detail", "to_bin_id"))


def upgrade() -> None:
    """Columns, the keys of what they name, and two indexes."""
    for table, column in BINS:
        op.add_column(table, sa.Column(column, sa.Uuid(), nullable=True), schema="erpdesk")
        op.create_foreign_key(
            op.f(f"fk_{table}_organization_id_{column}"), table, "bin_location", ["organization_id", column],
            ["organization_id", "id"], source_schema="erpdesk", referent_schema="erpdesk",
        )  # fmt: skip
    op.add_column("serial", sa.Column("batch_id", sa.Uuid(), nullable=True), schema="erpdesk")
    op.create_foreign_key(
        op.f("fk_serial_organization_id_batch_id"), "serial", "batch", ["organization_id", "batch_id"],
        ["organization_id", "id"], source_schema="erpdesk", referent_schema="erpdesk",
    )  # fmt: skip
    op.add_column("serial", sa.Column("last_moved_on", sa.Date(), nullable=True), schema="erpdesk")
    op.alter_column("serial", "layer_id", comment="the layer that holds its cost; null for a pool", schema="erpdesk")
    op.create_check_constraint(
        op.f("ck_serial_nowhere_is_nowhere"), "serial",
        "warehouse_id IS NOT NULL OR (bin_id IS NULL AND batch_id IS NULL AND layer_id IS NULL)", schema="erpdesk",
    )  # fmt: skip
    op.create_index(
        "ix_serial_in_stock", "serial", ["organization_id", "item_id", "warehouse_id"], unique=False,
        schema="erpdesk", postgresql_where=sa.text("warehouse_id IS NOT NULL"),
    )  # fmt: skip
    op.drop_column("voucher_line_detail", "serial_id", schema="erpdesk")
    op.add_column(
        "voucher_line_detail",
        sa.Column(
            "serial_keys", postgresql.ARRAY(sa.Text()), nullable=True,
            comment="the units named: by serial, chassis or engine number",
        ),
        schema="erpdesk",
    )  # fmt: skip
    op.add_column(
        "stock_movement",
        sa.Column(
            "detail_number", sa.BigInteger(), nullable=True, comment="which detail of a line that is split"
        ),
        schema="erpdesk",
    )
    op.create_check_constraint(
        op.f("ck_stock_movement_one_unit_a_serial"), "stock_movement", "serial_id IS NULL OR abs(quantity) <= 1",
        schema="erpdesk",
    )  # fmt: skip
    op.create_index(
        "ix_stock_movement_serial", "stock_movement", ["organization_id", "serial_id", "posting_sequence"],
        unique=False, schema="erpdesk", postgresql_where=sa.text("serial_id IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    """Takes all of it away."""
    op.drop_index("ix_stock_movement_serial", table_name="stock_movement", schema="erpdesk")
    op.drop_constraint(op.f("ck_stock_movement_one_unit_a_serial"), "stock_movement", schema="erpdesk")
    op.drop_column("stock_movement", "detail_number", schema="erpdesk")
    op.drop_column("voucher_line_detail", "serial_keys", schema="erpdesk")
    op.add_column("voucher_line_detail", sa.Column("serial_id", sa.Uuid(), nullable=True), schema="erpdesk")
    op.create_foreign_key(
        op.f("fk_voucher_line_detail_organization_id_serial_id"), "voucher_line_detail", "serial",
        ["organization_id", "serial_id"], ["organization_id", "id"], source_schema="erpdesk",
        referent_schema="erpdesk",
    )  # fmt: skip
    op.drop_index("ix_serial_in_stock", table_name="serial", schema="erpdesk")
    op.drop_constraint(op.f("ck_serial_nowhere_is_nowhere"), "serial", schema="erpdesk")
    op.alter_column("serial", "layer_id", comment=None, schema="erpdesk")
    op.drop_column("serial", "last_moved_on", schema="erpdesk")
    op.drop_column("serial", "batch_id", schema="erpdesk")
    for table, column in BINS:
        op.drop_column(table, column, schema="erpdesk")
