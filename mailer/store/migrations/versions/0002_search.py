"""what threads remember of late parents and lost headers; the search index of either database"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "wanted",
        sa.Column("community_id", Id, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("post_id", Id, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("community_id", "message_id", "post_id"),
    )
    op.create_index("ix_wanted_post_id", "wanted", ["post_id"])
    whole = "INTEGER" if sqlite else "BIGINT"
    op.execute(f"ALTER TABLE thread ADD COLUMN into_id {whole} REFERENCES thread(id)")  # no copy of the table
    op.create_index("ix_thread_into_id", "thread", ["into_id"])
    op.add_column("post", sa.Column("base_subject", sa.Text(), server_default="", nullable=False))
    op.add_column("post", sa.Column("sender", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_post_subject", "post", ["community_id", "base_subject", "sent_at"])
    if sqlite:
        op.execute("CREATE VIRTUAL TABLE post_search USING fts5(terms, detail=none, tokenize='ascii')")
        op.execute("CREATE VIRTUAL TABLE post_search_terms USING fts5vocab(post_search, 'row')")
        op.execute(
            "CREATE TRIGGER post_search_gone AFTER DELETE ON post BEGIN"
            " DELETE FROM post_search WHERE rowid = old.id; END"
        )
    else:
        op.execute(
            "CREATE TABLE post_search"
            " (post_id bigint PRIMARY KEY REFERENCES post(id) ON DELETE CASCADE, terms tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_post_search_terms ON post_search USING gin (terms)")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
