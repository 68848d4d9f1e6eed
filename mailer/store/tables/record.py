"""What happened: the clock's slots and the ledger of everything."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from mailer.store.tables.base import Id, Json, id_, meta, ref_, text_, when_

runs = Table(
    "runs",
    meta,
    Column("job", Text, primary_key=True),
    Column("community_id", Id, ForeignKey("community.id", ondelete="CASCADE"), primary_key=True),
    Column("slot", Text, primary_key=True),  # a local date or month, or the id of what it is about
    when_("ran_at"),
    text_("outcome"),
)

ledger = Table(
    "ledger",
    meta,
    id_(),
    when_("at"),
    ref_("community_id", "community"),
    ref_("inbox_id", "inbox", index=True),
    ref_("mailing_id", "mailing"),
    ref_("person_id", "person", index=True),  # who did it
    ref_("other_id", "person"),  # whom it concerns: the one thanked
    ref_("post_id", "post"),
    text_("what"),  # the outcome, one word: posted joined thanked recorded ...
    text_("detail"),
    Column("undo", Json),  # what puts it back: [[table, id, {column: value before}], ...]
    when_("undone_at", null=True),
    Index("ix_ledger_what", "community_id", "what", "at"),
)
