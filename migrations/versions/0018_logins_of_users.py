"""Who added a user, and whether this database made the login: only then may its password be changed here.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Logins that are there already were made by somebody else."""
    op.add_column('app_user', sa.Column('login_is_own', sa.Boolean(), server_default=sa.text('false'), nullable=False,
                                        comment='Whether the login was made by this database'), schema='erpdesk')
    op.add_column('app_user', sa.Column('created_by', sa.Text(), server_default=sa.text('session_user'), nullable=False),
                  schema='erpdesk')


def downgrade() -> None:
    """Without it."""
    op.drop_column('app_user', 'created_by', schema='erpdesk')
    op.drop_column('app_user', 'login_is_own', schema='erpdesk')
