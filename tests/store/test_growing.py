"""The archive that the benches grow is the one that the reader would have made of the same mails."""

import shutil
from pathlib import Path

from growing import Archive
from printing import press
from sqlalchemy import Connection

from mailer.config import Settings, Trust
from mailer.inbound.reader import Reader
from mailer.mail.tokens import Keys
from mailer.outbound.desk import House
from mailer.store.db import Store

POSTS = 12  # two threads
THREAD = "(SELECT count(*) FROM thread WHERE thread.id <= thread_id)"  # which one: their ids differ
SAME = {
    "thread": "started_at, community_id, subject, base_subject, person_id, kind, state, last_at",
    "inbox": "id, raw, mail_from, recipients, peer, trusted, received_at, state, tries, length(fingerprint), done_at",
    "post": "id, community_id, {thread}, parent_id, message_id, refs, inbox_id, person_id, author, subject,"
    " base_subject, sender, sent_at, posted_at, new_text, text, folded, length(content_hash), state",
    "node": "community_id, message_id, {thread}, post_id",
    "post_search": "rowid, terms",
    "ledger": "at, community_id, inbox_id, person_id, post_id, what",
}
WENT = """
    SELECT mailing.subject, mailing.message_id, {thread}, post_id, numbers, variant.key, personal, email, state, tries
    FROM delivery JOIN mailing ON mailing.id = delivery.mailing_id JOIN variant ON variant.id = variant_id
    WHERE kind = 'post' ORDER BY post_id, email
"""


def rows(conn: Connection) -> dict[str, list[tuple[object, ...]]]:
    queries = {name: f"SELECT {columns} FROM {name} ORDER BY 1, 2" for name, columns in SAME.items()}
    queries["delivery"] = WENT
    found = {name: conn.exec_driver_sql(query.format(thread=THREAD)) for name, query in queries.items()}
    return {name: [tuple(row) for row in result] for name, result in found.items()}


async def test_rows_are_what_the_reader_makes(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    shutil.copy(tmp_path / "mailer.db", tmp_path / "other")
    settings = Settings(domain="cop.example", state=str(tmp_path), trust=Trust(authserv_id="mx.cop.example"))
    house = House(settings, Keys(b"a key for tests, long enough"), press(), iter(map(str, range(10**9))).__next__)
    grown, read = (Archive(Store("sqlite:///mailer.db", place), house) for place in (tmp_path, tmp_path / "other"))
    reader = Reader(house, read.store, lambda: None, lambda: read.now)
    try:
        grown.grow(POSTS)
        for number in range(1, POSTS + 1):
            who, _, _, raw = read.mail(number)
            await read.take(reader, who, raw)
        with read.store.writing() as conn:
            read.send(conn)
            expected = rows(conn)
        with grown.store.reading() as conn:
            assert rows(conn) == expected
    finally:
        grown.store.close()
        read.store.close()
