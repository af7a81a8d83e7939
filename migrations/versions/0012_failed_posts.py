"""Attempts that did not post are found quickly, so that the worker can tell of them.

Revision ID: 0012
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """An index over those attempts alone."""
    op.create_index('ix_posting_log_not_posted', 'posting_log', ['ended_at'], unique=False, schema='erpdesk',
                    postgresql_where=sa.text("status IN ('invalid', 'conflict', 'forbidden', 'failed')"))


def downgrade() -> None:
    """Without it."""
    op.drop_index('ix_posting_log_not_posted', table_name='posting_log', schema='erpdesk')
