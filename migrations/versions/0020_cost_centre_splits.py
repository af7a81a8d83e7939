"""A line is split over several cost centres.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """The table; what guards it is in functions/460_cost_centres.sql."""
    op.create_table('voucher_line_cost_centre',
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('voucher_id', sa.Uuid(), nullable=False),
    sa.Column('grid', sa.Text(), nullable=False),
    sa.Column('line_number', sa.BigInteger(), nullable=False),
    sa.Column('part_number', sa.BigInteger(), nullable=False),
    sa.Column('cost_centre_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.Numeric(), server_default=sa.text('0'), nullable=False),
    sa.CheckConstraint('amount > 0 AND amount < 1e15', name=op.f('ck_voucher_line_cost_centre_amount_positive')),
    sa.ForeignKeyConstraint(['organization_id', 'cost_centre_id'], ['erpdesk.cost_centre.organization_id', 'erpdesk.cost_centre.id'], name=op.f('fk_voucher_line_cost_centre_organization_id_cost_centre_id')),
    sa.ForeignKeyConstraint(['organization_id', 'voucher_id'], ['erpdesk.voucher.organization_id', 'erpdesk.voucher.id'], name=op.f('fk_voucher_line_cost_centre_organization_id_voucher_id')),
    sa.PrimaryKeyConstraint('organization_id', 'voucher_id', 'grid', 'line_number', 'part_number', name=op.f('pk_voucher_line_cost_centre')),
    schema='erpdesk',
    comment='A line split over cost centres: what each bears, in the currency of the voucher.'
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table('voucher_line_cost_centre', schema='erpdesk')
