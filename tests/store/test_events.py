from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from mailer.mail.message import Attendee, Calendar
from mailer.store.db import Store
from mailer.store.knowledge import asks, events
from mailer.store.knowledge.events import Event, Plan
from mailer.store.society import people

HOUR = timedelta(hours=1)


def invitation(start: datetime, **more: object) -> Calendar:
    values = {
        "method": "REQUEST",
        "uid": "abc@acme.example",
        "sequence": 2,
        "recurrence_id": None,
        "start": start,
        "end": start + HOUR,
        "summary": "Pump webinar",
        "organizer": "fay@acme.example",
        "location": "Room 3",
        "zone": "Europe/Oslo",
    }
    return Calendar(**{**values, **more})  # type: ignore[arg-type]


def answered(event: Event, *attendees: tuple[str, str], **more: object) -> Calendar:
    people = tuple(Attendee(address, partstat) for address, partstat in attendees)
    values = {"method": "REPLY", "uid": event.uid, "sequence": event.sequence, "attendees": people, **more}
    return invitation(event.plan.starts_at, **values)


def called(conn: Connection, now: datetime) -> tuple[Event, people.Person, people.Person]:
    """An event that went out, its facilitator and a member."""
    wells = people.add_community(conn, "wells", now)
    fay, ana = (people.add_person(conn, f"{name}@acme.example", now) for name in ("fay", "ana"))
    calendar = invitation(now + 24 * HOUR)
    plan = events.plan_of(calendar, "UTC")
    assert plan
    draft = events.create(conn, wells, fay.id, plan, "e1@lists.example", now, calendar=calendar)
    assert draft.state == "draft"
    opened = events.move(conn, draft.id, "open")
    assert opened
    return opened, fay, ana


def test_an_invitation_becomes_a_plan_with_an_end_and_a_zone(now: datetime) -> None:
    assert events.plan_of(invitation(now), "UTC") == Plan("Pump webinar", now, now + HOUR, "Europe/Oslo", "Room 3")
    bare = invitation(now, end=now, zone="", summary=" ", location="")
    assert events.plan_of(bare, "Asia/Tokyo") == Plan("Meeting", now, now + HOUR, "Asia/Tokyo")
    assert events.plan_of(replace(bare, start=None), "UTC") is None


def test_an_event_is_sent_once_and_found_by_either_uid(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        event, _, _ = called(conn, now)
        assert events.move(conn, event.id, "open") is None
        assert events.by_uid(conn, event.community_id, "e1@lists.example") == event
        assert events.by_their_uid(conn, event.community_id, "abc@acme.example") == event
        assert events.by_their_uid(conn, event.community_id, "") is None
        assert events.by_uid(conn, event.community_id + 1, "e1@lists.example") is None
        assert events.by_ask(conn, event.ask_id) == event
        assert events.coming(conn, event.community_id, now) == [event]
        assert events.coming(conn, event.community_id, event.plan.starts_at) == []
        assert events.ended(conn, event.community_id, event.plan.ends_at) == [event]


def test_only_a_newer_version_moves_an_event_and_its_ask(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        event, _, _ = called(conn, now)
        moved = invitation(now + 48 * HOUR, sequence=3)
        assert events.change_by(conn, replace(moved, sequence=1), event) is None
        changed = events.change_by(conn, moved, event)
        assert changed and (changed.sequence, changed.plan.starts_at) == (1, now + 48 * HOUR)
        asked = asks.ask(conn, event.ask_id)
        assert asked and asked.closes_at == now + 49 * HOUR
        assert events.change_by(conn, moved, changed) is None
        assert events.change_by(conn, replace(moved, sequence=2, location="Room 4"), changed) is None
        again = events.change_by(conn, replace(moved, location="Room 4"), changed)
        assert again and (again.sequence, again.plan.place) == (2, "Room 4")


def test_a_cancelled_event_has_the_next_sequence_and_takes_no_answer(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        event, _, ana = called(conn, now)
        gone = events.move(conn, event.id, "cancelled")
        assert gone and (gone.state, gone.sequence) == ("cancelled", 1)
        assert events.move(conn, event.id, "cancelled") is None
        assert events.change(conn, event.id, replace(event.plan, place="Elsewhere")) is None
        reply = answered(gone, (ana.email, "ACCEPTED"))
        assert events.apply_reply(conn, event.community_id, reply, ana, None, now).verdict == "closed"
        assert not asks.answer(conn, event.ask_id, ana.id, "yes", "", None, now)


def test_accept_and_decline_count_as_the_words_do(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        event, _, ana = called(conn, now)

        def say(partstat: str, **more: object) -> tuple[str, str]:
            reply = answered(event, (ana.email.upper(), partstat), **more)
            applied = events.apply_reply(conn, event.community_id, reply, ana, None, now)
            return applied.verdict, applied.value

        assert [say("ACCEPTED"), say("accepted"), say("DECLINED")] == [
            ("changed", "yes"),
            ("same", "yes"),
            ("changed", "no"),
        ]
        assert [say("TENTATIVE", sequence=9), say("NEEDS-ACTION")] == [("changed", "maybe"), ("unclear", "")]
        assert [say("ACCEPTED", sequence=-1), say("ACCEPTED", uid="other")] == [("stale", ""), ("unknown", "")]
        assert [(given.person_id, given.value) for given in asks.answers(conn, event.ask_id)] == [(ana.id, "maybe")]


def test_an_answer_is_the_senders_whoever_the_calendar_names(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        event, fay, ana = called(conn, now)
        people.add_address(conn, ana.id, "ana@home.example", now)
        for reply, expected in [
            (answered(event, ("fay@acme.example", "ACCEPTED")), ("changed", "yes")),
            (answered(event, ("fay@acme.example", "ACCEPTED"), ("bo@acme.example", "ACCEPTED")), ("unclear", "")),
            (answered(event, ("fay@acme.example", "ACCEPTED"), ("ana@home.example", "DECLINED")), ("changed", "no")),
        ]:
            applied = events.apply_reply(conn, event.community_id, reply, ana, None, now)
            assert (applied.verdict, applied.value) == expected
        assert {given.person_id for given in asks.answers(conn, event.ask_id)} == {ana.id}
        assert fay.id != ana.id
