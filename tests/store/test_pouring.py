"""Many rows are kept as a few are, whatever octets and letters they hold."""

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from mailer.store.db import Store
from mailer.store.pouring import FEW, numbered, pour
from mailer.store.tables import inbox, node, thread

AWKWARD = ("", "\\N", "\\.", "tab\tand\nline\r\n", 'quote" and comma, and \\ stroke', "ø 泵 🙂")


def mail(at: int, now: datetime) -> dict[str, Any]:
    words = AWKWARD[at % len(AWKWARD)]
    raw = words.encode() + bytes(range(256))
    return {"raw": raw, "mail_from": words, "recipients": [words, None], "received_at": now, "done_at": None}


@pytest.mark.parametrize("count", [1, FEW - 1, FEW, 5 * FEW])
def test_rows_are_kept_as_they_are(store: Store, now: datetime, count: int) -> None:
    rows = [mail(at, now) for at in range(count)]
    with store.writing() as conn:
        before = numbered(conn, inbox, [mail(0, now)])
        ids = numbered(conn, inbox, rows)
        after = numbered(conn, inbox, [mail(0, now)])
        columns = [inbox.c[name] for name in rows[0]]
        query = sa.select(inbox.c.id, *columns).where(inbox.c.id.in_(ids)).order_by(inbox.c.id)
        kept = [dict(row) for row in conn.execute(query).mappings()]
        assert kept == [{"id": number, **row} for number, row in zip(ids, rows, strict=True)]
        defaults = sa.select(inbox.c.trusted, inbox.c.tries, inbox.c.state, inbox.c.peer, inbox.c.worker).distinct()
        assert conn.execute(defaults).all() == [(False, 0, "waiting", "", None)]
        assert before[0] < min(ids) <= max(ids) < after[0]


def test_rows_without_numbers(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        home = conn.scalar(
            sa.text(
                "INSERT INTO community (name, policy, created_at) VALUES ('wells', '{}', '2026-03-03 09:00:00+00')"
                " RETURNING id"
            )
        )
        [at] = numbered(conn, thread, [{"community_id": home, "started_at": now, "last_at": now}])
        names = [f"{number}@x" for number in range(3 * FEW)]
        pour(conn, node, [])
        pour(conn, node, [{"community_id": home, "message_id": name, "thread_id": at} for name in names])
        assert sorted(conn.scalars(sa.select(node.c.message_id))) == sorted(names)
