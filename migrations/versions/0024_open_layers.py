"""Whether a layer is open stands in a column of its own, which hardly ever changes.

An index of layers where something is left has to be written anew whenever something is taken, with every other index
of the row: none of them has to be while a layer stays open.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | None = None
depends_on: str | None = None

_INDEX = "ix_stock_layer_open"
_KEY = ["organization_id", "item_id", "warehouse_id", "received_on", "posting_sequence", "layer_number"]


def upgrade() -> None:
    """The column, and the index by it."""
    op.drop_index(_INDEX, "stock_layer", schema="erpdesk")
    op.add_column("stock_layer", sa.Column(
        "is_open", sa.Boolean(), sa.Computed("quantity_left > 0", persisted=True), nullable=False,
        comment="whether anything is left: the index of open layers changes only with it"), schema="erpdesk")
    op.create_index(_INDEX, "stock_layer", _KEY, schema="erpdesk", postgresql_where=sa.text("is_open"))


def downgrade() -> None:
    """Without it."""
    op.drop_index(_INDEX, "stock_layer", schema="erpdesk")
    op.drop_column("stock_layer", "is_open", schema="erpdesk")
    op.create_index(_INDEX, "stock_layer", _KEY, schema="erpdesk", postgresql_where=sa.text("quantity_left > 0"))
