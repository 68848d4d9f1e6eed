"""Mail in and mail out."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from mailer.store.tables.base import Json, id_, meta, partial_, ref_, text_, when_

inbox = Table(
    "inbox",
    meta,
    id_(),
    Column("raw", LargeBinary, nullable=False),
    text_("mail_from"),  # empty: the null sender
    Column("recipients", Json, nullable=False),  # canonical addresses, in the order given
    text_("peer"),
    Column("trusted", Boolean, nullable=False, default=False),  # handed over by a peer whose word counts
    when_("received_at"),
    text_("state", "waiting"),  # waiting done shunted imported
    Column("tries", Integer, nullable=False, default=0),
    Column("worker", Integer),  # the process that has it in hand: store/workers
    text_("fingerprint"),  # mail/fingerprint: the same mail handed over twice has the same
    text_("looked_up"),  # inbound/verifying.results: what we found out about the sender ourselves
    text_("trouble"),  # traceback of the last try that failed
    when_("done_at", null=True),  # while it waits: its last try that failed
    partial_("ix_inbox_waiting", "id", where="state = 'waiting'"),
    partial_("ix_inbox_shunted", "done_at", where="state = 'shunted'"),
    Index("ix_inbox_fingerprint", "fingerprint"),
)


mailing = Table(
    "mailing",
    meta,
    id_(),
    ref_("community_id", "community"),
    text_("kind"),  # the template's name, or "post"
    text_("subject"),
    Column("message_id", Text, nullable=False, index=True),  # what a reply names
    Column("offers", Json, nullable=False, default=list),  # the commands this mail may be answered with, by name
    Column("period_key", Text, unique=True),  # one mailing a period; NULL where there is no such limit
    ref_("person_id", "person"),  # the one it is for, where it is for one
    ref_("thread_id", "thread"),
    ref_("post_id", "post"),
    ref_("ask_id", "ask"),
    ref_("item_id", "item"),
    ref_("event_id", "event"),
    ref_("inbox_id", "inbox"),  # the mail it answers or carries
    Column("numbers", Json, nullable=False, default=dict),  # digest item number -> ["thread"|"item"|"event", id]
    Column("priority", Integer, nullable=False, default=1),  # 0 overtakes: what one person is waiting for
    when_("created_at"),
    Index("ix_mailing_inbox", "inbox_id"),
    Index("ix_mailing_kind", "kind", "created_at"),
    partial_("ix_mailing_post", "post_id", where="post_id IS NOT NULL"),
    partial_("ix_mailing_event", "event_id", where="event_id IS NOT NULL"),
)

variant = Table(  # the bytes many recipients share; the deliverer puts each one's own header fields on top
    "variant",
    meta,
    id_(),
    ref_("mailing_id", "mailing", null=False, index=True),
    text_("key"),
    Column("raw", LargeBinary, nullable=False),
    Column("personal", Boolean, nullable=False, default=False),  # add the recipient's own List-Unsubscribe
)

delivery = Table(
    "delivery",
    meta,
    id_(),
    ref_("mailing_id", "mailing", null=False),
    ref_("variant_id", "variant", null=False),
    ref_("address_id", "address"),
    Column("email", Text, nullable=False),
    text_("state", "waiting"),  # waiting sending sent failed stopped
    Column("priority", Integer, nullable=False, default=1),
    Column("tries", Integer, nullable=False, default=0),
    when_("next_try"),
    when_("lease", null=True),  # while sending: after this moment another worker may take it
    Column("worker", Integer),  # while sending: the process that has it in hand
    Column("ambiguous", Boolean, nullable=False, default=False),  # a connection broke after the dot
    text_("reply"),  # the last answer of the relay
    when_("created_at"),
    when_("sent_at", null=True),
    UniqueConstraint("mailing_id", "email"),
    partial_("ix_delivery_due", "priority", "next_try", where="state = 'waiting'"),
    partial_("ix_delivery_leased", "lease", where="state = 'sending'"),
    Index("ix_delivery_address", "address_id"),
    sqlite_autoincrement=True,
)
