"""A line keeps the tax class that its item had, for whoever plans the voucher again later.

Lines that are there already get the class that their item has now, which is all that is known of them.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """The column, and what is known; posted lines are guarded by triggers, which stand aside for this alone."""
    op.add_column('voucher_line', sa.Column('tax_class', sa.Text(), nullable=True,
                                            comment='that of the item when the line was saved'), schema='erpdesk')
    op.execute("ALTER TABLE erpdesk.voucher_line DISABLE TRIGGER USER")
    op.execute(FILL)
    op.execute("ALTER TABLE erpdesk.voucher_line ENABLE TRIGGER USER")


FILL = """
UPDATE erpdesk.voucher_line l SET tax_class = x.code
FROM erpdesk.item i
JOIN erpdesk.tax_class x ON x.organization_id = i.organization_id AND x.id = i.tax_class_id
WHERE i.organization_id = l.organization_id AND i.id = l.item_id
"""


def downgrade() -> None:
    """Without it."""
    op.drop_column('voucher_line', 'tax_class', schema='erpdesk')
