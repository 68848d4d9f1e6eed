"""Whoever was erased: known again by a hash, brought back by nobody but themselves."""

from datetime import datetime

import sqlalchemy as sa

from mailer.mail.folding import fold
from mailer.mail.parse import parse
from mailer.store import tables
from mailer.store.db import Store
from mailer.store.knowledge import asks
from mailer.store.society import erasing, people
from mailer.store.talk import imports, posts
from mailer.store.talk.imports import Taken

OLD = "From: Åsa Öberg <asa@far.example>\r\nMessage-ID: <1@far.example>\r\nSubject: Beads\r\n\r\nCeramic.\r\n".encode()


def taken(now: datetime, raw: bytes = OLD) -> Taken:
    message = parse(raw)
    return Taken(raw, imports.name("wells", raw), now, message, fold(message, None, ()))


def test_an_old_archive_does_not_bring_anybody_back(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", now)
        asa = people.add_person(conn, "asa@far.example", now, name="Åsa Öberg", confirmed=True)
        people.join(conn, asa, wells, now)
        [posted] = imports.keep(conn, wells, [taken(now)], now)
        erasing.erase(conn, asa.id, 0, "a former member", now, posts_go=False)
        found = posts.post(conn, posted.post_id)
        assert found and (found.author, found.new_text.strip(), found.person_id) == (
            "a former member",
            "Ceramic.",
            None,
        )
        assert imports.keep(conn, wells, [taken(now)], now) == []
        assert erasing.erased(conn, ["asa@far.example", "bob@nord.example"]) == {"asa@far.example"}
        back = people.add_person(conn, "asa@far.example", now)
        assert erasing.erased(conn, ["asa@far.example"]) == {"asa@far.example"}  # anyone can write in their name
        people.confirm(conn, back.address_id, now)
        assert erasing.erased(conn, ["asa@far.example"]) == set()


def test_a_name_beyond_ascii_is_found_in_what_we_wrote(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", now, description="Ask Åsa Öberg or asa@far.example first.")
        asa = people.add_person(conn, "asa@far.example", now, name="Åsa Öberg", confirmed=True)
        thread = tables.thread.insert().values(
            community_id=wells, subject="Thanks, Åsa Öberg", started_at=now, last_at=now
        )
        conn.execute(thread)
        ask = tables.ask.insert().values(
            community_id=wells, kind="hold", shape="yes-no", payload={"writer": "Åsa Öberg"}, opens_at=now
        )
        conn.execute(ask)
        erasing.erase(conn, asa.id, 0, "a former member", now, posts_go=False)
        assert people.community_by_id(conn, wells).description == "Ask … or … first."
        assert conn.scalar(sa.select(tables.thread.c.subject)) == "Thanks, …"
        assert conn.execute(sa.select(tables.ask.c.payload, tables.ask.c.state)).one() == ({"writer": ""}, "withdrawn")


def test_whom_they_had_asked_to_join_may_still_say_yes(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", now)
        asa = people.add_person(conn, "asa@far.example", now, name="Åsa Öberg", confirmed=True)
        nia = people.add_person(conn, "nia@new.example", now)
        id = asks.open_ask(
            conn, wells, "invite", "yes-no", now, person_id=nia.id, payload={"by": asa.id, "reminded": 0}
        )
        erasing.erase(conn, asa.id, 0, "a former member", now, posts_go=True)
        ask = asks.ask(conn, id)
        assert ask and ask.open and ask.payload == {"by": None, "reminded": 0}
