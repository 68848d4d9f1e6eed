from datetime import datetime, timedelta

from mailer.community.tally import Answer, Tally, count
from mailer.store.db import Store
from mailer.store.knowledge import asks
from mailer.store.society import people


def test_the_last_answer_of_each_stands_and_none_is_lost(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", now)
        ana, bo = (people.add_person(conn, f"{name}@acme.example", now) for name in ("ana", "bo"))
        id = asks.open_ask(conn, wells, "rsvp", "yes-no-maybe", now, audience="members", closes_at=now)
        later = now + timedelta(hours=1)
        told = [
            asks.answer(conn, id, ana.id, "yes", "", None, now),
            asks.answer(conn, id, bo.id, "no", "", None, now),
            asks.answer(conn, id, ana.id, "yes", "", None, later),
            asks.answer(conn, id, ana.id, "maybe", "late", None, later),
        ]
        assert told == [True, True, False, True]
        given = asks.answers(conn, id)
        assert given == [Answer(bo.id, "no", "", now), Answer(ana.id, "maybe", "late", later)]
        assert count(given, "yes-no-maybe") == Tally(2, counts={"yes": 0, "no": 1, "maybe": 1})
        assert conn.exec_driver_sql("select count(*) from answer").scalar() == 3


def test_only_the_first_closes_and_a_closed_ask_takes_no_answer(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", now)
        ana = people.add_person(conn, "ana@acme.example", now)
        id = asks.open_ask(conn, wells, "hold", "choice", now, audience="facilitators", options=["ok", "no"])
        assert [ask.id for ask in asks.open_asks(conn, wells, "hold")] == [id]
        assert [asks.close(conn, id), asks.close(conn, id)] == [True, False]
        assert asks.answer(conn, id, ana.id, "ok", "", None, now) is False
        assert asks.answer(conn, 4711, ana.id, "ok", "", None, now) is False
        found = asks.ask(conn, id)
        assert found and (found.open, found.options, found.audience) == (False, ("ok", "no"), "facilitators")
        assert asks.open_asks(conn, wells, "hold") == []
        assert asks.ask(conn, 4711) is None


def test_asks_fall_due_at_their_close_or_when_patience_ends(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", now)
        ana = people.add_person(conn, "ana@acme.example", now)
        old = now - timedelta(days=15)
        forgotten = asks.open_ask(conn, wells, "join", "yes-no", old, person_id=ana.id, payload={"why": "post"})
        asks.open_ask(conn, wells, "join", "yes-no", now)
        asks.open_ask(conn, wells, "rsvp", "yes-no-maybe", old, closes_at=now + timedelta(days=1))
        over = asks.open_ask(conn, wells, "rsvp", "yes-no-maybe", now, closes_at=now)
        assert [ask.id for ask in asks.due(conn, wells, now, timedelta(days=14))] == [forgotten, over]
        assert [ask.payload for ask in asks.open_asks(conn, wells, "join", ana.id)] == [{"why": "post"}]
        assert [ask.kind for ask in asks.asks_since(conn, wells, "rsvp", old)] == ["rsvp"]
