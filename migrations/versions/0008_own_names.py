"""Names of items and parties are unique in an organization, without regard to case, by the database too.

Names that are there twice already stay: all but the oldest are marked, and may be kept until they are changed.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = ("item", "party")


def upgrade() -> None:
    """A mark for the names that are there twice, and a constraint over all others."""
    for table in TABLES:
        op.add_column(table, sa.Column('name_is_shared', sa.Boolean(), server_default=sa.text('false'), nullable=False), schema='erpdesk')
        op.execute(MARK.format(table=table))
        op.execute(CONSTRAINT.format(table=table))


MARK = """
UPDATE erpdesk.{table} x SET name_is_shared = true FROM (
    SELECT i.organization_id, i.id, row_number() OVER (PARTITION BY i.organization_id, i.name_key ORDER BY i.created_at, i.id) AS place
    FROM erpdesk.{table} i) p
WHERE p.organization_id = x.organization_id AND p.id = x.id AND p.place > 1
"""

CONSTRAINT = """
ALTER TABLE erpdesk.{table} ADD CONSTRAINT uq_{table}_name
EXCLUDE USING btree (organization_id WITH =, name_key WITH =) WHERE (NOT name_is_shared) DEFERRABLE INITIALLY DEFERRED
"""


def downgrade() -> None:
    """Takes both away."""
    for table in TABLES:
        op.execute(f"ALTER TABLE erpdesk.{table} DROP CONSTRAINT uq_{table}_name")
        op.drop_column(table, 'name_is_shared', schema='erpdesk')
