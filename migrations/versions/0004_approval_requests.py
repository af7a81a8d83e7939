"""What a voucher asked approval for, and on what ground it was posted without.

Revision ID: 0004
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """One table, and one index for what waits."""
    op.create_table('approval_request',
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('voucher_id', sa.Uuid(), nullable=False),
    sa.Column('round', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('ground', sa.Text(), nullable=False),
    sa.Column('amount', sa.Numeric(), server_default=sa.text('0'), nullable=False),
    sa.Column('levels', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
    sa.Column('document_hash', sa.Text(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=True),
    sa.Column('requested_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('requested_by', sa.Text(), server_default=sa.text('session_user'), nullable=False),
    sa.CheckConstraint("ground IN ('levels', 'direct', 'not_needed')", name=op.f('ck_approval_request_ground_known')),
    sa.CheckConstraint('round >= 1', name=op.f('ck_approval_request_round_positive')),
    sa.ForeignKeyConstraint(['organization_id', 'voucher_id'], ['erpdesk.voucher.organization_id', 'erpdesk.voucher.id'], name=op.f('fk_approval_request_organization_id_voucher_id')),
    sa.PrimaryKeyConstraint('organization_id', 'voucher_id', 'round', name=op.f('pk_approval_request')),
    schema='erpdesk',
    comment='Each time a voucher asked for approval, or was posted without needing it, and the levels needed.'
    )
    op.create_index('ix_voucher_pending', 'voucher', ['organization_id', 'id'], unique=False, schema='erpdesk', postgresql_where=sa.text("status = 'PENDING_APPROVAL'"))


def downgrade() -> None:
    """Takes both away."""
    op.drop_index('ix_voucher_pending', table_name='voucher', schema='erpdesk', postgresql_where=sa.text("status = 'PENDING_APPROVAL'"))
    op.drop_table('approval_request', schema='erpdesk')
