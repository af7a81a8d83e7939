"""${message}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Forward; asserts the number of rows it changes, for a policy may hide them."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """There is no way back: restore the dump that was written before the upgrade."""
    raise RuntimeError("there is no way back; restore the dump")
