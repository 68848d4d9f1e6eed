"""What was kept and asked: items, asks and their answers, events."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from mailer.store.tables.base import Id, Json, id_, meta, ref_, text_, when_

item = Table(
    "item",
    meta,
    id_(),
    ref_("community_id", "community", null=False),
    Column("number", Integer, nullable=False),  # 12 of "T-12", counted by community
    text_("kind"),  # a name of community/kinds
    text_("title"),
    text_("text"),
    text_("status", "current"),  # draft current retired
    ref_("author_id", "person"),
    ref_("steward_id", "person"),
    ref_("thread_id", "thread"),
    Column("review_on", sa.Date),
    when_("created_at"),
    when_("updated_at"),
    UniqueConstraint("community_id", "number"),
    Index("ix_item_recent", "community_id", "created_at"),
)

item_post = Table(
    "item_post",
    meta,
    Column("item_id", Id, ForeignKey("item.id", ondelete="CASCADE"), primary_key=True),
    Column("post_id", Id, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, index=True),
)

revision = Table(
    "revision",
    meta,
    id_(),
    ref_("item_id", "item", null=False, index=True),
    Column("number", Integer, nullable=False),
    text_("title"),
    text_("text"),
    ref_("person_id", "person"),
    when_("at"),
)

ask = Table(
    "ask",
    meta,
    id_(),
    ref_("community_id", "community", null=False, index=True),
    text_("kind"),  # join rsvp contributor ...
    text_("shape"),  # choice yes-no-maybe yes-no number line name: community/tally
    text_("question"),
    Column("options", Json, nullable=False, default=list),
    text_("audience"),  # one facilitators members
    ref_("person_id", "person", index=True),  # the one asked, where the audience is one
    text_("visibility", "private"),
    Column("threshold", Integer),
    Column("k_min", Integer),
    text_("state", "open"),  # open closed withdrawn
    Column("payload", Json, nullable=False, default=dict),  # what the answer sets in motion
    ref_("thread_id", "thread"),
    ref_("inbox_id", "inbox"),  # the mail this is about: the one held, the one proposed
    when_("opens_at"),
    when_("closes_at", null=True),
)

answer = Table(
    "answer",
    meta,
    id_(),
    ref_("ask_id", "ask", null=False, index=True),
    ref_("person_id", "person", null=False),
    text_("value"),
    text_("comment"),
    ref_("inbox_id", "inbox"),
    when_("at"),
    Column("superseded_by", Id),
)

event = Table(
    "event",
    meta,
    id_(),
    ref_("community_id", "community", null=False, index=True),
    ref_("ask_id", "ask"),
    ref_("thread_id", "thread"),
    ref_("person_id", "person"),  # the facilitator who called it
    Column("uid", Text, nullable=False, unique=True),  # ours, in what we send
    text_("their_uid"),  # of the invitation it was made from
    Column("sequence", Integer, nullable=False, default=0),
    text_("title"),
    text_("text"),
    text_("place"),
    text_("zone"),
    when_("starts_at"),
    when_("ends_at"),
    text_("state", "open"),  # open cancelled over
    when_("created_at"),
)
