"""A key opens one active voucher type of an organization, by the database too.

Keys that two types have already stay as they are: the first type in the order of screens has the key, the others
are held to the rule when their key is changed, or when they are switched on.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | None = None
depends_on: str | None = None

_UNIQUE = "uq_voucher_config_master_shortcut_key"

FILL = """
UPDATE erpdesk.voucher_config_master t SET shortcut_key = x.key FROM (
    SELECT k.organization_id, k.id, k.key,
           row_number() OVER (PARTITION BY k.organization_id, k.key ORDER BY k.sort_order, k.code) AS place
    FROM (SELECT m.organization_id, m.id, m.sort_order, m.code,
                 concat(CASE WHEN position('Ctrl+' IN m.shortcut) > 0 THEN 'Ctrl+' END,
                        CASE WHEN position('Alt+' IN m.shortcut) > 0 THEN 'Alt+' END,
                        CASE WHEN position('Shift+' IN m.shortcut) > 0 THEN 'Shift+' END,
                        upper(substring(m.shortcut FROM '[^+]*$'))) AS key
          FROM erpdesk.voucher_config_master m WHERE m.is_active AND m.shortcut <> '') k) x
WHERE x.organization_id = t.organization_id AND x.id = t.id AND x.place = 1
"""

CONSTRAINT = f"""
ALTER TABLE erpdesk.voucher_config_master ADD CONSTRAINT {_UNIQUE}
UNIQUE (organization_id, shortcut_key) DEFERRABLE INITIALLY DEFERRED
"""


def upgrade() -> None:
    """The key as it is compared; who writes it is in functions/431_keys_of_types.sql."""
    op.add_column("voucher_config_master", sa.Column(
        "shortcut_key", sa.Text(), nullable=True,
        comment="The key of an active type as it is compared; written by a trigger"), schema="erpdesk")
    op.execute("ALTER TABLE erpdesk.voucher_config_master DISABLE TRIGGER USER")
    op.execute(FILL)
    op.execute("ALTER TABLE erpdesk.voucher_config_master ENABLE TRIGGER USER")
    op.execute(CONSTRAINT)


def downgrade() -> None:
    """Without either."""
    op.execute(f"ALTER TABLE erpdesk.voucher_config_master DROP CONSTRAINT {_UNIQUE}")
    op.execute("DROP TRIGGER IF EXISTS type_has_its_key ON erpdesk.voucher_config_master")
    op.drop_column("voucher_config_master", "shortcut_key", schema="erpdesk")
