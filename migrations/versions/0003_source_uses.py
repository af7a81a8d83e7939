"""How much of which source line each voucher used, so that its reversal can give exactly that back.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """One table."""
    op.create_table('source_use',
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('voucher_id', sa.Uuid(), nullable=False),
    sa.Column('source_voucher_id', sa.Uuid(), nullable=False),
    sa.Column('source_line_number', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.Numeric(), nullable=False),
    sa.Column('value', sa.Numeric(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'source_voucher_id'], ['erpdesk.voucher.organization_id', 'erpdesk.voucher.id'], name=op.f('fk_source_use_organization_id_source_voucher_id')),
    sa.ForeignKeyConstraint(['organization_id', 'voucher_id'], ['erpdesk.voucher.organization_id', 'erpdesk.voucher.id'], name=op.f('fk_source_use_organization_id_voucher_id')),
    sa.PrimaryKeyConstraint('organization_id', 'voucher_id', 'source_voucher_id', 'source_line_number', name=op.f('pk_source_use')),
    schema='erpdesk',
    comment='How much of a source line one voucher used; a reversal gives it back.'
    )
    op.create_index('ix_source_use_source', 'source_use', ['organization_id', 'source_voucher_id'], unique=False, schema='erpdesk')


def downgrade() -> None:
    """Takes the table away."""
    op.drop_index('ix_source_use_source', table_name='source_use', schema='erpdesk')
    op.drop_table('source_use', schema='erpdesk')
