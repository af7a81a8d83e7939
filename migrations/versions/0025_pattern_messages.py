"""A pattern of a user field may bring its own words for a text that it refuses.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """The column; what there is says what it said."""
    op.add_column("voucher_udf_config", sa.Column("regex_message", sa.Text(), nullable=False, server_default=""),
                  schema="erpdesk")


def downgrade() -> None:
    """Back to the pattern alone."""
    op.drop_column("voucher_udf_config", "regex_message", schema="erpdesk")
