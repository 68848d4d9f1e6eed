"""what each sender repeats under every mail; the shunt found without reading every mail"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "habit",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("block", sa.Text(), server_default="", nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "hash"),
    )
    shunted = sa.text("state = 'shunted'")
    op.create_index("ix_inbox_shunted", "inbox", ["done_at"], sqlite_where=shunted, postgresql_where=shunted)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
