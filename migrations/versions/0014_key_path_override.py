"""How the cursor goes may be overridden for the site, a role or a user, in rows that no upgrade touches.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """The table; its policies and audit are in functions/440_key_path.sql."""
    op.create_table('key_path_override',
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('voucher_config_id', sa.Uuid(), nullable=False),
    sa.Column('field', sa.Text(), nullable=False),
    sa.Column('scope', sa.Text(), server_default=sa.text("'site'"), nullable=False),
    sa.Column('scope_value', sa.Text(), server_default=sa.text("''"), nullable=False),
    sa.Column('tab_order', sa.Integer(), nullable=True),
    sa.Column('skip_when_certain', sa.Boolean(), nullable=True),
    sa.Column('open_on_focus', sa.Boolean(), nullable=True),
    sa.Column('repeat_from_above', sa.Boolean(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Text(), server_default=sa.text('session_user'), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('changed_by', sa.Text(), server_default=sa.text('session_user'), nullable=False),
    sa.Column('row_version', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.CheckConstraint("(scope = 'site') = (scope_value = '')", name=op.f('ck_key_path_override_scope_value_given')),
    sa.CheckConstraint("scope IN ('site', 'role', 'user')", name=op.f('ck_key_path_override_scope_known')),
    sa.CheckConstraint('tab_order BETWEEN 1 AND 1000000', name=op.f('ck_key_path_override_tab_order_range')),
    sa.ForeignKeyConstraint(['organization_id', 'voucher_config_id'], ['erpdesk.voucher_config_master.organization_id', 'erpdesk.voucher_config_master.id'], name=op.f('fk_key_path_override_organization_id_voucher_config_id')),
    sa.ForeignKeyConstraint(['organization_id'], ['erpdesk.organization.id'], name=op.f('fk_key_path_override_organization_id')),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_key_path_override')),
    sa.UniqueConstraint('organization_id', 'voucher_config_id', 'field', 'scope', 'scope_value', name='uq_key_path_override_field'),
    schema='erpdesk',
    comment='How the cursor passes a field for the site, a role or a user; no part of the blueprint.'
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table('key_path_override', schema='erpdesk')
