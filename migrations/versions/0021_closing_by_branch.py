"""A year is closed with an entry a branch, so that no branch's own books keep income and expenses of a closed year.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | None = None
depends_on: str | None = None

_STANDING = "uq_year_closing_standing"
_BRANCH = "fk_year_closing_organization_id_branch_id"


def upgrade() -> None:
    """The branch of a closing; one that stands from before has none, and was for all of them."""
    op.add_column("year_closing", sa.Column("branch_id", sa.Uuid(), nullable=True), schema="erpdesk")
    op.create_foreign_key(op.f(_BRANCH), "year_closing", "branch", ["organization_id", "branch_id"],
                          ["organization_id", "id"], source_schema="erpdesk", referent_schema="erpdesk")
    op.drop_index(_STANDING, "year_closing", schema="erpdesk")
    op.create_index(_STANDING, "year_closing", ["organization_id", "fiscal_year_id", "branch_id"], unique=True,
                    schema="erpdesk", postgresql_where=sa.text("reopened_at IS NULL"),
                    postgresql_nulls_not_distinct=True)


def downgrade() -> None:
    """One closing a year."""
    op.drop_index(_STANDING, "year_closing", schema="erpdesk")
    op.create_index(_STANDING, "year_closing", ["organization_id", "fiscal_year_id"], unique=True, schema="erpdesk",
                    postgresql_where=sa.text("reopened_at IS NULL"))
    op.drop_constraint(op.f(_BRANCH), "year_closing", schema="erpdesk", type_="foreignkey")
    op.drop_column("year_closing", "branch_id", schema="erpdesk")
