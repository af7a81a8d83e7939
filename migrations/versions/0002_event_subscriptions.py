"""Subscriptions to outbox events, and which of them have been delivered.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Two tables, and the index by which events of a worker that died are found again."""
    op.create_index('ix_integration_event_leased', 'integration_event', ['next_retry_at'], unique=False, schema='erpdesk', postgresql_where=sa.text("status = 'delivering'"))
    op.create_table('event_subscription',
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('target', sa.Text(), nullable=False, comment="URL of a webhook; name of a file or program in the worker's folder"),
    sa.Column('event_types', postgresql.ARRAY(sa.Text()), nullable=True, comment='null: every type'),
    sa.Column('is_active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Text(), server_default=sa.text('session_user'), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('changed_by', sa.Text(), server_default=sa.text('session_user'), nullable=False),
    sa.Column('row_version', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.CheckConstraint("kind IN ('webhook', 'file', 'command')", name=op.f('ck_event_subscription_kind_known')),
    sa.ForeignKeyConstraint(['organization_id'], ['erpdesk.organization.id'], name=op.f('fk_event_subscription_organization_id')),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_event_subscription')),
    sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_event_subscription_organization_id_name')),
    schema='erpdesk',
    comment='Who takes the events of an organization; the worker delivers.'
    )
    op.create_table('event_delivery',
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('subscription_id', sa.Uuid(), nullable=False),
    sa.Column('delivered_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['erpdesk.organization.id'], name=op.f('fk_event_delivery_organization_id')),
    sa.ForeignKeyConstraint(['organization_id', 'event_id'], ['erpdesk.integration_event.organization_id', 'erpdesk.integration_event.id'], name=op.f('fk_event_delivery_organization_id_event_id')),
    sa.ForeignKeyConstraint(['organization_id', 'subscription_id'], ['erpdesk.event_subscription.organization_id', 'erpdesk.event_subscription.id'], name=op.f('fk_event_delivery_organization_id_subscription_id')),
    sa.PrimaryKeyConstraint('organization_id', 'event_id', 'subscription_id', name=op.f('pk_event_delivery')),
    schema='erpdesk',
    comment='Which subscription has taken which event; what is missing here is tried again.'
    )


def downgrade() -> None:
    """Takes both tables away."""
    op.drop_table('event_delivery', schema='erpdesk')
    op.drop_table('event_subscription', schema='erpdesk')
    op.drop_index('ix_integration_event_leased', table_name='integration_event', schema='erpdesk')
