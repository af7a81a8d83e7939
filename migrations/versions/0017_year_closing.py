"""A year is closed with an entry that carries its result to equity; each closing and reopening is remembered.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | None = None
depends_on: str | None = None

_ROLES = "ck_voucher_config_master_counterpart_role_known"
_BEFORE = ("none", "grir", "delivered_not_invoiced", "stock_adjustment", "opening_difference")


def _know(roles: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{role}'" for role in roles)
    op.drop_constraint(op.f(_ROLES), "voucher_config_master", schema="erpdesk", type_="check")
    op.create_check_constraint(op.f(_ROLES), "voucher_config_master", f"counterpart_role IN ({listed})", schema="erpdesk")


def upgrade() -> None:
    """The role of the voucher type that closes, and the table; who writes it is in functions/278_year_closing.sql."""
    _know((*_BEFORE, "retained_earnings"))
    op.create_table('year_closing',
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('fiscal_year_id', sa.Uuid(), nullable=False),
    sa.Column('result', sa.Numeric(), server_default=sa.text('0'), nullable=False),
    sa.Column('voucher_id', sa.Uuid(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('closed_by', sa.Text(), server_default=sa.text('session_user'), nullable=False),
    sa.Column('reversal_id', sa.Uuid(), nullable=True),
    sa.Column('reopened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reopened_by', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('is_being_written', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('transaction_id', sa.BigInteger(), server_default=sa.text('txid_current()'), nullable=False),
    sa.CheckConstraint("(reopened_at IS NULL) = (reason IS NULL)", name=op.f('ck_year_closing_reason_given')),
    sa.ForeignKeyConstraint(['organization_id', 'fiscal_year_id'], ['erpdesk.fiscal_year.organization_id', 'erpdesk.fiscal_year.id'], name=op.f('fk_year_closing_organization_id_fiscal_year_id')),
    sa.ForeignKeyConstraint(['organization_id'], ['erpdesk.organization.id'], name=op.f('fk_year_closing_organization_id')),
    sa.ForeignKeyConstraint(['organization_id', 'reversal_id'], ['erpdesk.voucher.organization_id', 'erpdesk.voucher.id'], name=op.f('fk_year_closing_organization_id_reversal_id')),
    sa.ForeignKeyConstraint(['organization_id', 'voucher_id'], ['erpdesk.voucher.organization_id', 'erpdesk.voucher.id'], name=op.f('fk_year_closing_organization_id_voucher_id')),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_year_closing')),
    schema='erpdesk',
    comment='Each time a fiscal year was closed, with the entry that carried its result, and how it was reopened.'
    )
    op.create_index('uq_year_closing_standing', 'year_closing', ['organization_id', 'fiscal_year_id'], unique=True,
                    schema='erpdesk', postgresql_where=sa.text('reopened_at IS NULL'))


def downgrade() -> None:
    """Without it."""
    op.drop_table('year_closing', schema='erpdesk')
    _know(_BEFORE)
