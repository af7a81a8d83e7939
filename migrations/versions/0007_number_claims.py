"""Numbers typed by hand are held by drafts too; what early vouchers used of their sources is written down.

Keys of numbers are made by one rule (`erpdesk.key_of`); those made by `lower` before are made anew where they differ
and nobody else has the key. Uses are derived by going through the vouchers of each source line in posting order; where
the sums don't agree with what the line says, nothing is written, and the reversal of such a voucher is refused.

Revision ID: 0007
Revises: 0003
"""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

SOURCE_USES = """
WITH used AS (
    SELECT l.organization_id, l.voucher_id, s.voucher_id AS source_id, s.line_number AS source_line, l.stock_quantity AS q,
        s.quantity AS of_quantity, s.value AS of_value, s.used_quantity, s.used_value, o.currency_decimals AS d, t.is_return,
        sum(l.stock_quantity) OVER w AS upto,
        (SELECT abs(coalesce(sum(m.value), 0)) FROM erpdesk.stock_movement m WHERE m.organization_id = l.organization_id
             AND m.voucher_id = l.voucher_id AND m.grid = l.grid AND m.line_number = l.line_number) AS moved
    FROM erpdesk.voucher v
    JOIN erpdesk.organization o ON o.id = v.organization_id
    JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
    JOIN erpdesk.voucher_line l ON l.organization_id = v.organization_id AND l.voucher_id = v.id AND l.stock_quantity > 0
    JOIN erpdesk.item i ON i.organization_id = l.organization_id AND i.id = l.item_id AND i.is_stocked
    JOIN erpdesk.source_line s ON s.organization_id = l.organization_id AND s.voucher_id = l.against_voucher_id
        AND s.line_number = l.against_line AND s.quantity > 0
    WHERE v.status = 'POSTED' AND v.reversal_of_id IS NULL
    WINDOW w AS (PARTITION BY s.organization_id, s.voucher_id, s.line_number ORDER BY v.posting_sequence, l.line_number)),
valued AS (
    SELECT u.*, CASE WHEN u.is_return THEN u.moved ELSE
        div(2 * u.of_value * u.upto * (10::numeric ^ u.d) + u.of_quantity, 2 * u.of_quantity) / (10::numeric ^ u.d)
        - div(2 * u.of_value * (u.upto - u.q) * (10::numeric ^ u.d) + u.of_quantity, 2 * u.of_quantity) / (10::numeric ^ u.d) END AS value
    FROM used u),
told AS (
    SELECT x.*, sum(x.q) OVER w = x.used_quantity AND sum(x.value) OVER w = x.used_value AS agrees FROM valued x
    WINDOW w AS (PARTITION BY x.organization_id, x.source_id, x.source_line))
INSERT INTO erpdesk.source_use (organization_id, voucher_id, source_voucher_id, source_line_number, quantity, value)
SELECT t.organization_id, t.voucher_id, t.source_id, t.source_line, sum(t.q), sum(t.value) FROM told t
WHERE t.agrees GROUP BY 1, 2, 3, 4
ON CONFLICT DO NOTHING
"""

_NUMBERS = """
SELECT organization_id, id, voucher_number, voucher_number_key FROM erpdesk.voucher
WHERE voucher_number_key IS NOT NULL AND (octet_length(voucher_number) <> length(voucher_number) OR voucher_number ~ '\\s\\s')
"""

_SET_KEY = """
UPDATE erpdesk.voucher v SET voucher_number_key = :made WHERE v.organization_id = :organization AND v.id = :voucher AND NOT EXISTS (
    SELECT FROM erpdesk.voucher x WHERE x.organization_id = v.organization_id AND x.voucher_config_id = v.voucher_config_id
      AND x.fiscal_year_id = v.fiscal_year_id AND x.voucher_number_key = :made AND x.id <> v.id)
"""


def upgrade() -> None:
    """A table, a column, the index that lets numbers repeat where a type allows it, and the derived rows."""
    op.create_table('number_claim',
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('voucher_config_id', sa.Uuid(), nullable=False),
    sa.Column('fiscal_year_id', sa.Uuid(), nullable=False),
    sa.Column('number_key', sa.Text(), nullable=False),
    sa.Column('voucher_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'voucher_config_id'], ['erpdesk.voucher_config_master.organization_id', 'erpdesk.voucher_config_master.id'], name=op.f('fk_number_claim_organization_id_voucher_config_id')),
    sa.ForeignKeyConstraint(['organization_id', 'voucher_id'], ['erpdesk.voucher.organization_id', 'erpdesk.voucher.id'], name=op.f('fk_number_claim_organization_id_voucher_id')),
    sa.PrimaryKeyConstraint('organization_id', 'voucher_config_id', 'fiscal_year_id', 'number_key', name=op.f('pk_number_claim')),
    sa.UniqueConstraint('organization_id', 'voucher_id', name=op.f('uq_number_claim_organization_id_voucher_id')),
    schema='erpdesk',
    comment='Which voucher, draft or posted, has a number typed by hand in a year.'
    )
    op.add_column('voucher', sa.Column('number_may_repeat', sa.Boolean(), server_default=sa.text('false'), nullable=False), schema='erpdesk')
    op.alter_column('voucher', 'voucher_number_key', comment='made of the number by the database', schema='erpdesk')
    op.drop_index('uq_voucher_number', table_name='voucher', schema='erpdesk')
    op.create_index('uq_voucher_number', 'voucher', ['organization_id', 'voucher_config_id', 'fiscal_year_id', 'voucher_number_key'], unique=True, schema='erpdesk', postgresql_where=sa.text("voucher_number_key IS NOT NULL AND status <> 'CANCELLED' AND NOT number_may_repeat"))
    connection = op.get_bind()
    rows = connection.execute(sa.text(_NUMBERS)).all()
    if rows:
        op.execute("ALTER TABLE erpdesk.voucher DISABLE TRIGGER voucher_changes")
        for row in rows:
            made = _key_of(row.voucher_number)
            if made != row.voucher_number_key:
                connection.execute(sa.text(_SET_KEY), {"made": made, "organization": row.organization_id, "voucher": row.id})
        op.execute("ALTER TABLE erpdesk.voucher ENABLE TRIGGER voucher_changes")
    op.execute(SOURCE_USES)


def _key_of(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def downgrade() -> None:
    """Takes them away; derived rows stay, they are true."""
    op.drop_index('uq_voucher_number', table_name='voucher', schema='erpdesk')
    op.create_index('uq_voucher_number', 'voucher', ['organization_id', 'voucher_config_id', 'fiscal_year_id', 'voucher_number_key'], unique=True, schema='erpdesk', postgresql_where=sa.text("voucher_number_key IS NOT NULL AND status <> 'CANCELLED'"))
    op.alter_column('voucher', 'voucher_number_key', comment=None, schema='erpdesk')
    op.drop_column('voucher', 'number_may_repeat', schema='erpdesk')
    op.drop_table('number_claim', schema='erpdesk')
