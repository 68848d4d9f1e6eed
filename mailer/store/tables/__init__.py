"""Every table. Ids are integers in order of arrival; times are aware UTC.

A number that our mails carry for years is never given again: `sqlite_autoincrement`; PostgreSQL never does.

Written by `store/<noun>` alone; changed only together with a migration.
"""

from mailer.store.tables.base import Id, Json, Moment, meta
from mailer.store.tables.knowledge import answer, ask, event, item, item_post, revision
from mailer.store.tables.record import ledger, runs
from mailer.store.tables.society import address, community, follow, habit, membership, person, suppression
from mailer.store.tables.talk import attachment, node, post, tag, tagging, thread, wanted
from mailer.store.tables.traffic import delivery, inbox, mailing, variant

__all__ = [
    "Id",
    "Json",
    "Moment",
    "address",
    "answer",
    "ask",
    "attachment",
    "community",
    "delivery",
    "event",
    "follow",
    "habit",
    "inbox",
    "item",
    "item_post",
    "ledger",
    "mailing",
    "membership",
    "meta",
    "node",
    "person",
    "post",
    "revision",
    "runs",
    "suppression",
    "tag",
    "tagging",
    "thread",
    "variant",
    "wanted",
]
