"""what we found out about a sender ourselves, and what becomes of an address that fails"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.add_column("inbox", sa.Column("looked_up", sa.Text(), server_default="", nullable=False))
    op.add_column("address", sa.Column("bounce_weight", sa.Float(), server_default="0", nullable=False))
    op.add_column("address", sa.Column("bounce_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("address", sa.Column("probed_at", Moment))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
