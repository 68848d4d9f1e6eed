"""what facilitators decide about threads: split off, and what they are called"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("thread", sa.Column("apart", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("thread", sa.Column("titled", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
