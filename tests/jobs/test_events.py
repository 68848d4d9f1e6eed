"""An event from its preview to its last count, on the desk; the journey over SMTP is M40's."""

import email
from dataclasses import replace
from datetime import timedelta

import pytest
from icalendar import Calendar
from village import Queued, Village

from mailer.outbound import invitations
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks, events
from mailer.store.knowledge.events import Event, Plan
from mailer.store.society.people import Community

HOUR = timedelta(hours=1)


@pytest.fixture
def event(village: Village) -> Event:
    """A webinar in ten days at 10:00 in Oslo, called by Ana; Bob, Cleo and Dan are members, Eve wants no mail."""
    village.join("Ana", role="facilitator")
    for name, mode in [("Bob", "each"), ("Cleo", "weekly"), ("Dan", "events"), ("Eve", "none")]:
        village.join(name, mode=mode)
    start = village.now + timedelta(days=10)
    plan = Plan("Webinar", start, start + HOUR, "Europe/Oslo", "Room 3", "Bring cases.")
    with village.store.writing() as conn:
        return events.create(conn, village.id, village.folk["Ana"].id, plan, "e1@cop.example", village.now)


def opened(desk: Desk, community: Community, id: int) -> None:
    events.move(desk.conn, id, "open")
    invitations.invite(desk, community, id)


def answer(village: Village, event: Event, name: str, value: str, comment: str = "") -> None:
    with village.store.writing() as conn:
        asks.answer(conn, event.ask_id, village.folk[name].id, value, comment, None, village.now)


def calendar(queued: Queued) -> dict[str, str]:
    """Method, UID, sequence and attendee of the calendar part."""
    parts = email.message_from_bytes(queued.raw).walk()
    [part] = [part for part in parts if part.get_content_type() == "text/calendar"]
    whole = Calendar.from_ical(part.get_payload(decode=True))
    assert whole["METHOD"] == part.get_param("method")
    [event] = whole.walk("VEVENT")
    found = {name.lower(): str(event[name]) for name in ("UID", "SEQUENCE", "ATTENDEE", "ORGANIZER", "STATUS")}
    return {"method": str(whole["METHOD"]), **found}


def test_the_facilitator_sees_it_first_and_only_the_last_preview_counts(village: Village, event: Event) -> None:
    ana = village.folk["Ana"]
    for _ in range(2):
        village.desk(invitations.preview, ana, event.id)
    first, second = village.new()
    assert [queued.what for queued in (first, second)] == [("event-preview", "ana")] * 2
    assert "Nobody has it yet" in second.message.text and "Room 3" in second.message.text
    with village.store.reading() as conn:
        [ask] = asks.open_asks(conn, village.id, "event-send", ana.id)
        assert (ask.payload, ask.closes_at) == ({"event": event.id, "plan": None}, event.plan.starts_at)
        assert ask.options == ("send", "no", "undo")


def test_everyone_gets_words_and_a_calendar_of_their_own_once(village: Village, event: Event) -> None:
    village.desk(opened, event.id)
    village.desk(invitations.invite, event.id)
    invited = village.new()
    assert [queued.what for queued in invited] == [("event-invite", name) for name in ("ana", "bob", "cleo", "dan")]
    bob = invited[1]
    assert calendar(bob) == {
        "method": "REQUEST",
        "uid": "e1@cop.example",
        "sequence": "0",
        "attendee": "mailto:bob@acme.example",
        "organizer": "mailto:wells-event@cop.example",
        "status": "CONFIRMED",
    }
    assert "Reply “yes”, “no” or “maybe”" in bob.message.text
    assert len({queued.message.reply_to[0].address for queued in invited}) == 4


def test_who_has_it_in_their_own_calendar_is_not_invited(village: Village, event: Event) -> None:
    with village.store.reading() as conn:
        theirs = replace(event, their_uid="outlook")
        desk = village.house.desk(conn, village.now)
        names = [member.person.name for member in invitations.audience(desk, village.community, theirs)]
    assert names == ["Bob", "Cleo", "Dan"]


def test_a_change_says_how_it_was_and_what_you_had_said(village: Village, event: Event) -> None:
    village.desk(opened, event.id)
    answer(village, event, "Bob", "yes")
    village.new()
    with village.store.writing() as conn:
        events.change(conn, event.id, replace(event.plan, place="Room 4"))
    village.desk(invitations.changed, event.id, event.plan)
    told = {queued.to: queued for queued in village.new()}
    bob, cleo = told["bob@acme.example"], told["cleo@acme.example"]
    assert "Before: Room 3" in bob.message.text and "You had said yes." in bob.message.text
    assert "You had said" not in cleo.message.text
    assert (calendar(bob)["method"], calendar(bob)["sequence"]) == ("REQUEST", "1")


def test_a_cancellation_takes_it_out_of_every_calendar(village: Village, event: Event) -> None:
    village.desk(opened, event.id)
    village.new()
    with village.store.writing() as conn:
        events.move(conn, event.id, "cancelled")
    for _ in range(2):
        village.desk(invitations.cancelled, event.id, "The rig took our speaker.")
    told = village.new()
    assert [queued.what for queued in told] == [("event-cancelled", name) for name in ("ana", "bob", "cleo", "dan")]
    assert "The rig took our speaker." in told[0].message.text
    assert {calendar(one)["method"] + calendar(one)["sequence"] for one in told} == {"CANCEL1"}


def test_an_answer_is_told_as_understood(village: Village, event: Event) -> None:
    village.desk(opened, event.id)
    village.new()
    assert village.desk(invitations.answer_receipt, village.folk["Bob"], event.id) is None
    answer(village, event, "Cleo", "yes")
    answer(village, event, "Bob", "yes", "but late")
    village.desk(invitations.answer_receipt, village.folk["Bob"], event.id)
    [receipt] = village.new()
    assert receipt.what == ("event-answer", "bob") and "Noted: yes, you are coming" in receipt.message.text
    assert "“but late”" in receipt.message.text and "2 people are coming so far" in receipt.message.text


async def test_the_day_before_all_but_those_who_said_no_are_reminded_once(village: Village, event: Event) -> None:
    village.join("Fay")
    village.desk(opened, event.id)
    for name, value in [("Bob", "yes"), ("Cleo", "no"), ("Dan", "maybe")]:
        answer(village, event, name, value)
    village.new()
    assert [name for name in await village.tick(days=8, hours=20) if name.startswith("event")] == []
    ran = [name for name in await village.tick(hours=1) if name.startswith("event")]
    assert ran == ["event-count: to 1", "event-reminder: reminded"]
    assert [name for name in await village.tick(minutes=1) if name.startswith("event")] == []
    told = {queued.what: queued.message.text for queued in village.new()}
    assert sorted(what for what in told if what[0] == "event-reminder") == [
        ("event-reminder", "bob"),
        ("event-reminder", "dan"),
        ("event-reminder", "fay"),
    ]
    assert "You said that you come" in told["event-reminder", "bob"]
    assert "You said maybe" in told["event-reminder", "dan"]
    assert "We have not heard from you" in told["event-reminder", "fay"]
    count = told["event-count", "ana"]
    assert "1 person comes, 1 may, 1 does not, 1 has not answered." in count


async def test_when_it_has_ended_no_answer_counts_any_more_and_nobody_is_told(village: Village, event: Event) -> None:
    village.desk(opened, event.id)
    answer(village, event, "Bob", "yes")
    village.new()
    ran = [name for name in await village.tick(days=10, hours=1) if name.startswith("event")]
    assert ran == ["event-over: over"]
    assert [queued.what for queued in village.new() if queued.kind.startswith("event")] == []
    with village.store.reading() as conn:
        assert events.event(conn, event.id).state == "over"
        ask = asks.ask(conn, event.ask_id)
        assert ask and not ask.open


async def test_a_week_before_the_facilitator_hears_who_comes_and_zeros_are_left_out(
    village: Village, event: Event
) -> None:
    village.desk(opened, event.id)
    answer(village, event, "Bob", "yes")
    village.new()
    ran = [name for name in await village.tick(days=3) if name.startswith("event")]
    assert ran == ["event-count-week: to 1"]
    [count] = [queued for queued in village.new() if queued.kind == "event-count"]
    assert "1 person comes, 2 have not answered." in count.message.text
    assert count.message.subject == "1 yes: Webinar"


async def test_a_week_after_the_facilitator_is_asked_once_what_was_learnt(village: Village, event: Event) -> None:
    village.desk(opened, event.id)
    answer(village, event, "Bob", "yes")
    await village.tick(days=10, hours=1)
    village.new()
    assert [name for name in await village.tick(days=6) if name.startswith("learn")] == []
    assert [name for name in await village.tick(days=1) if name.startswith("learn")] == ["learn-after: asked 1"]
    assert [name for name in await village.tick(days=1) if name.startswith("learn")] == []
    [asked] = [queued for queued in village.new() if queued.kind == "event-lesson"]
    assert asked.to == "ana@acme.example" and "What to do next time:" in asked.message.text


async def test_who_heard_of_it_today_needs_no_reminder(village: Village, event: Event) -> None:
    village.now = event.plan.starts_at - timedelta(hours=20)
    village.desk(opened, event.id)
    assert [name for name in await village.tick(minutes=5) if name.startswith("event")] == []


async def test_a_reminder_that_was_slept_through_is_not_sent_on_the_day(village: Village, event: Event) -> None:
    village.desk(opened, event.id)
    assert [name for name in await village.tick(days=9, hours=22) if name.startswith("event")] == []


async def test_an_event_that_moves_is_reminded_of_on_its_new_eve(village: Village, event: Event) -> None:
    village.desk(opened, event.id)
    assert "event-reminder: reminded" in await village.tick(days=9)
    later = replace(event.plan, starts_at=event.plan.starts_at + 48 * HOUR, ends_at=event.plan.ends_at + 48 * HOUR)
    with village.store.writing() as conn:
        events.change(conn, event.id, later)
    village.desk(invitations.changed, event.id, event.plan)
    assert "event-reminder: reminded" in await village.tick(days=2)
