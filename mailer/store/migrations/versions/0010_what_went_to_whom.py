"""what went to whom lately, and what carried a post or an event, are found without looking at every mailing"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_mailing_kind", "mailing", ["kind", "created_at"])
    for name in ("post", "event"):
        there = sa.text(f"{name}_id IS NOT NULL")
        op.create_index(
            f"ix_mailing_{name}", "mailing", [f"{name}_id"], sqlite_where=there, postgresql_where=there
        )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
