"""how each member wants it, whom facilitators trust, and what puts an action back"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    for name in ("digest_day", "receipts", "trust"):
        op.add_column("membership", sa.Column(name, sa.Text(), server_default="", nullable=False))
    for name in ("own", "plain"):
        op.add_column("membership", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("membership", sa.Column("cap", sa.Integer()))
    op.add_column("membership", sa.Column("away_until", Moment))
    op.add_column("membership", sa.Column("invited_by", Id))
    op.add_column("ledger", sa.Column("undo", sa.JSON()))
    op.add_column("ledger", sa.Column("undone_at", Moment))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
