"""Organizations keep print templates of their own.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """The table; its policies, its audit and the log of prints are in functions/450_printing.sql."""
    op.create_table('print_template',
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('label', sa.Text(), server_default=sa.text("''"), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Text(), server_default=sa.text('session_user'), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('changed_by', sa.Text(), server_default=sa.text('session_user'), nullable=False),
    sa.Column('row_version', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.CheckConstraint("code ~ '^[a-z][a-z0-9_-]{0,39}$'", name=op.f('ck_print_template_code_form')),
    sa.CheckConstraint('char_length(source) <= 100000', name=op.f('ck_print_template_source_length')),
    sa.ForeignKeyConstraint(['organization_id'], ['erpdesk.organization.id'], name=op.f('fk_print_template_organization_id')),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_print_template')),
    sa.UniqueConstraint('organization_id', 'code', name=op.f('uq_print_template_organization_id_code')),
    schema='erpdesk',
    comment='Print templates of an organization; one with the code of a shipped template is taken in its stead.'
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table('print_template', schema='erpdesk')
