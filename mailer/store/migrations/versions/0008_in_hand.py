"""which process has a mail or a delivery in hand"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("worker", sa.Integer()))
    op.add_column("delivery", sa.Column("worker", sa.Integer()))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
