"""a post is found by its community too: what others say costs a search nothing"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "UPDATE post_search SET terms = '§' || (SELECT community_id FROM post WHERE post.id = post_search.rowid)"
            " || ' ' || terms"
        )
        op.execute("INSERT INTO post_search(post_search) VALUES('optimize')")
    else:
        op.execute(
            "UPDATE post_search SET terms = terms || array_to_tsvector(ARRAY['§' || post.community_id])"
            " FROM post WHERE post.id = post_search.post_id"
        )
        op.execute("ANALYZE post_search")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
