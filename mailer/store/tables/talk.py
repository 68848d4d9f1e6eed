"""What was said: threads, posts, tags."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from mailer.store.tables.base import Id, Json, id_, meta, ref_, text_, when_

thread = Table(
    "thread",
    meta,
    id_(),  # its visible code is mail/tokens.code(id)
    ref_("community_id", "community", null=False),
    text_("subject"),
    text_("base_subject"),
    text_("kind"),  # empty, question, announcement, introduction
    text_("state", "open"),  # open answered closed
    ref_("person_id", "person"),  # who began it
    when_("started_at"),
    when_("last_at"),
    ref_("into_id", "thread", index=True),  # the thread this one went into; its code still leads there
    Column("apart", Boolean, nullable=False, default=False, server_default=sa.false()),  # split off; no mail joins it
    Column("titled", Boolean, nullable=False, default=False, server_default=sa.false()),  # named by a facilitator
    Index("ix_thread_subject", "community_id", "base_subject"),
    Index("ix_thread_recent", "community_id", "last_at"),
)

node = Table(  # every Message-ID ever seen or named in a community; without a post it is a ghost
    "node",
    meta,
    Column("community_id", Id, ForeignKey("community.id", ondelete="CASCADE"), primary_key=True),
    Column("message_id", Text, primary_key=True),
    ref_("thread_id", "thread", null=False, index=True),
    Column("post_id", Id),
)

wanted = Table(  # a post named this id as a nearer relative than its parent: the mail that brings the id adopts it
    "wanted",
    meta,
    Column("community_id", Id, ForeignKey("community.id", ondelete="CASCADE"), primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("post_id", Id, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("rank", Integer, nullable=False),  # how many of its relatives are nearer: community/threads
)

post = Table(
    "post",
    meta,
    id_(),
    ref_("community_id", "community", null=False),
    ref_("thread_id", "thread", null=False, index=True),
    ref_("parent_id", "post", index=True),
    text_("message_id"),
    Column("refs", Json, nullable=False, default=list),  # References and In-Reply-To, oldest first
    ref_("inbox_id", "inbox"),
    ref_("person_id", "person", index=True),
    text_("author"),  # the name as shown
    text_("subject"),
    text_("base_subject"),  # what replies have in common with it: community/kinship.subject_key
    text_("sender"),  # the author's address in lower case: community/kinship
    when_("sent_at"),  # the mail's own Date, or its arrival
    when_("posted_at"),
    text_("new_text"),
    text_("text"),
    Column("folded", Json, nullable=False, default=list),
    text_("content_hash"),
    text_("state", "posted"),  # posted withdrawn
    Index("ix_post_message", "community_id", "message_id"),
    Index("ix_post_subject", "community_id", "base_subject", "sent_at"),
    Index("ix_post_recent", "community_id", "posted_at"),
)

attachment = Table(  # its bytes stay in the raw mail; `position` finds them there
    "attachment",
    meta,
    id_(),
    ref_("post_id", "post", null=False, index=True),
    Column("position", Integer, nullable=False),
    text_("hash"),
    text_("name"),
    text_("type"),
    Column("size", Integer, nullable=False),
)

tag = Table(
    "tag",
    meta,
    id_(),
    ref_("community_id", "community", null=False),
    text_("name"),  # without the sign, case folded: community/tagging
    UniqueConstraint("community_id", "name"),
)

tagging = Table(
    "tagging",
    meta,
    id_(),
    ref_("tag_id", "tag", null=False, index=True),
    ref_("thread_id", "thread", index=True),
    ref_("post_id", "post", index=True),
    ref_("item_id", "item", index=True),
    ref_("person_id", "person"),
    when_("at"),
    UniqueConstraint("tag_id", "thread_id", "post_id", "item_id"),
)
