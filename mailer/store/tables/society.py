"""Communities, the people in them, and how each one wants to be reached."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from mailer.store.tables.base import Id, Json, id_, meta, ref_, text_, when_

community = Table(
    "community",
    meta,
    id_(),
    Column("name", Text, nullable=False, unique=True),  # the local part: "wells"
    text_("title"),
    text_("description"),
    text_("language", "en"),
    text_("zone", "UTC"),
    Column(
        "policy", Json, nullable=False, default=dict
    ),  # community/policy.Policy, only what differs from its defaults
    ref_("parent_id", "community"),
    Column("ends_on", sa.Date),
    when_("created_at"),
    sqlite_autoincrement=True,
)

person = Table(
    "person",
    meta,
    id_(),
    text_("name"),
    text_("organisation"),
    text_("language"),  # empty: the community's
    text_("zone"),
    Column("quiet", Boolean, nullable=False, default=False),  # asked never to be named in recognition
    when_("created_at"),
)

address = Table(
    "address",
    meta,
    id_(),
    ref_("person_id", "person", null=False, index=True),
    Column("email", Text, nullable=False, unique=True),  # canonical: mail/addressing.address
    when_("confirmed_at", null=True),
    Column("bounce_score", sa.Float, nullable=False, default=0.0),  # as it stood at the last failure, without that
    when_("bounced_at", null=True),  # the last failure that had its score
    Column("bounce_weight", sa.Float, nullable=False, default=0.0, server_default="0"),  # of the last failure
    text_("bounce_reason"),  # what the other side said
    when_("probed_at", null=True),  # asked once more, before giving up
    sqlite_autoincrement=True,
)

membership = Table(
    "membership",
    meta,
    id_(),
    ref_("person_id", "person", null=False, index=True),
    ref_("community_id", "community", null=False),
    ref_("address_id", "address", null=False),  # where this person wants the mail of this community
    text_("role", "member"),  # member facilitator sponsor
    text_("mode", "each"),  # each daily weekly events tags none
    text_("digest_day"),  # of a weekly digest: monday ... sunday; empty: the community's
    text_("receipts"),  # on off; empty: where the outcome is not obvious
    Column("own", Boolean, nullable=False, default=False, server_default=sa.false()),  # their own posts come back
    Column("plain", Boolean, nullable=False, default=False, server_default=sa.false()),  # text only
    Column("cap", Integer),  # posts a day at most; the rest in the evening's digest
    when_("away_until", null=True),  # no mail before
    text_("trust"),  # trusted: their posts wait for nobody; held: each waits for a facilitator; empty: as usual
    Column("invited_by", Id),  # the person who did
    text_("state", "active"),  # invited active left banned
    when_("joined_at", null=True),
    when_("left_at", null=True),
    UniqueConstraint("person_id", "community_id"),
    Index("ix_membership_reach", "community_id", "state", "mode"),
)

follow = Table(
    "follow",
    meta,
    id_(),
    ref_("membership_id", "membership", null=False, index=True),
    ref_("thread_id", "thread", index=True),
    ref_("tag_id", "tag"),
    text_("choice"),  # follow mute
)

suppression = Table(
    "suppression",
    meta,
    Column("email", Text, primary_key=True),
    text_("reason"),
    when_("since"),
    when_("until", null=True),
)

habit = Table(  # paragraphs at the end of someone's mails, counted: what comes again and again is no news
    "habit",
    meta,
    Column("person_id", Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("hash", Text, primary_key=True),
    text_("block"),  # as mail/quotes/disclaimers.normalised has it
    Column("times", Integer, nullable=False, default=1),
    when_("last_at"),
)
