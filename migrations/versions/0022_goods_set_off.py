"""Goods owed from below zero can be met by what lies in their own place: movements know the kind of that.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | None = None
depends_on: str | None = None

_KINDS = "ck_stock_movement_kind_known"
_BEFORE = ("in", "out", "transfer_out", "transfer_in", "consume", "produce", "adjust", "return", "cost")


def _know(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.drop_constraint(op.f(_KINDS), "stock_movement", schema="erpdesk", type_="check")
    op.create_check_constraint(op.f(_KINDS), "stock_movement", f"kind IN ({listed})", schema="erpdesk")


def upgrade() -> None:
    """The kind of movement; who writes it is in functions/225_posting_set_off.sql."""
    _know((*_BEFORE, "set_off"))


def downgrade() -> None:
    """Without it; refused where there are such movements."""
    _know(_BEFORE)
