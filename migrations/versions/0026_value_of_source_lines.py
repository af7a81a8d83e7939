"""What a line is worth to those that follow it is the value of its goods alone.

A receipt that made goods below zero good had the difference to what they were issued at in it, so its invoice cleared
another value than the receipt had put on GR/IR. A line of goods that were delivered or
received before was worth nothing, so they came back at no cost. Lines that nothing has used yet are set right; what
was posted already stays as it is.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | None = None
depends_on: str | None = None

_RIGHT = """
UPDATE erpdesk.source_line s SET value = m.value
FROM (SELECT x.organization_id, x.voucher_id, x.line_number,
             coalesce(abs(sum(x.value) FILTER (WHERE x.quantity <> 0)), 0) AS value
      FROM erpdesk.stock_movement x WHERE x.grid = 'lines' AND x.kind <> 'set_off' GROUP BY 1, 2, 3) m
WHERE m.organization_id = s.organization_id AND m.voucher_id = s.voucher_id AND m.line_number = s.line_number
  AND s.used_quantity = 0 AND s.value <> m.value
"""

_MOVED_BEFORE = """
UPDATE erpdesk.source_line s SET value = u.value
FROM erpdesk.voucher_line l
JOIN erpdesk.source_use u ON u.organization_id = l.organization_id AND u.voucher_id = l.voucher_id
    AND u.source_voucher_id = l.against_voucher_id AND u.source_line_number = l.against_line
WHERE l.organization_id = s.organization_id AND l.voucher_id = s.voucher_id AND l.line_number = s.line_number AND l.grid = 'lines'
  AND s.used_quantity = 0 AND s.value = 0 AND u.value <> 0 AND u.quantity = s.quantity
"""


def upgrade() -> None:
    """The value of what was moved, by the line or before it."""
    op.execute(_RIGHT)
    op.execute(_MOVED_BEFORE)


def downgrade() -> None:
    """What is right stays."""
