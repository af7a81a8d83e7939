"""A shipped voucher type remembers the baseline that it came from, so that a newer one can be offered.

Types that are there already have no row: what they were made as is their first version.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """The table; its policies and audit are in functions/435_blueprint_baseline.sql."""
    op.create_table('blueprint_baseline',
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('voucher_config_id', sa.Uuid(), nullable=False),
    sa.Column('document', postgresql.JSONB(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Text(), server_default=sa.text('session_user'), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('changed_by', sa.Text(), server_default=sa.text('session_user'), nullable=False),
    sa.Column('row_version', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'voucher_config_id'], ['erpdesk.voucher_config_master.organization_id', 'erpdesk.voucher_config_master.id'], name=op.f('fk_blueprint_baseline_organization_id_voucher_config_id')),
    sa.ForeignKeyConstraint(['organization_id'], ['erpdesk.organization.id'], name=op.f('fk_blueprint_baseline_organization_id')),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_blueprint_baseline')),
    sa.UniqueConstraint('organization_id', 'voucher_config_id', name=op.f('uq_blueprint_baseline_organization_id_voucher_config_id')),
    schema='erpdesk',
    comment="What a shipped type was when last agreed upon: what differs now is the admin's or newly shipped."
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table('blueprint_baseline', schema='erpdesk')
