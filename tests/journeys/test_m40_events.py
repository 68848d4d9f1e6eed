"""M40: an event called in plain words or by a calendar, answered by a word or by a calendar's button."""

import pytest
from clients import iphone
from world import Mail, World

from mailer.store.knowledge import asks, events
from mailer.store.knowledge.events import Event
from mailer.store.society import people


def the_event(world: World) -> Event:
    with world.app.store.reading() as conn:
        [event] = events.coming(conn, people.communities(conn)[0].id, world.now)
        return event


async def call(world: World, facilitator: str) -> None:
    """A webinar on 12 March at ten, Oslo time, called and sent."""
    words = (
        "Thursday 12 March 2026, 10:00-11:00\nPlace: https://meet.example/wells\n\nIngrid shows how they test barriers."
    )
    await world.write(facilitator, "wells-event@cop.example", "Webinar: barriers", words)
    [preview] = world.new(facilitator)
    assert "Webinar: barriers" in preview.subject and "12 March 2026" in preview.text
    await world.reply(facilitator, preview, "send")


async def test_plain_words_become_an_invitation_that_calendars_understand(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    await call(world, ana)
    [invitation] = world.new(bob)
    assert invitation.text.count("12 March 2026") == 1 and "10:00" in invitation.text
    assert invitation.text.count("https://meet.example/wells") == 1
    assert "Ingrid shows how they test barriers." in invitation.text
    calendar = invitation.message.calendar
    assert calendar and (calendar.method, calendar.sequence, calendar.summary) == ("REQUEST", 0, "Webinar: barriers")
    assert calendar.start and calendar.start.isoformat() == "2026-03-12T09:00:00+00:00"
    assert [(one.address, one.partstat) for one in calendar.attendees] == [(bob, "NEEDS-ACTION")]
    assert calendar.organizer == "wells-event@cop.example"

    await world.reply(bob, invitation, "yes, but late")
    assert "yes" in world.new(bob)[0].text.lower()
    [theirs] = world.new(cleo)
    await world.hand_in(cleo, "wells-event@cop.example", accept(theirs, cleo, "DECLINED"))
    assert world.outcomes() == ["asked", "invited", "answered", "answered"]

    await world.until("2026-03-11 12:00", "Europe/Oslo")
    [count] = [mail for mail in world.new(ana) if "comes" in mail.text or "Yes" in mail.text][-1:]
    assert "Bob Berg" in count.text and "but late" in count.text and "Cleo Diaz" in count.text
    assert [mail.subject for mail in world.new(cleo)] == []  # who declined is left in peace
    assert len(world.new(bob)) == 1  # the reminder


async def test_an_ordinary_calendar_invitation_is_welcome_and_moving_it_tells_everyone(
    world: World, ana: str, bob: str
) -> None:
    await world.hand_in(ana, "wells@cop.example", outlook(ana, 0, "20260312T090000Z"))
    [preview] = world.new(ana)
    await world.reply(ana, preview, "send")
    [first] = world.new(bob)
    await world.reply(bob, first, "yes")
    world.new(bob)
    await world.hand_in(ana, "wells@cop.example", outlook(ana, 1, "20260313T130000Z"))
    [second] = world.new(bob)
    await world.reply(ana, preview, "send")
    told = [mail.subject.partition(":")[0] for mail in world.new(ana)]
    assert told == ["Sent", "Change sent", "Has gone out"]  # the invitation stands in her own calendar
    before, after = first.message.calendar, second.message.calendar
    assert before and after and (before.uid, before.sequence, after.sequence) == (after.uid, 0, 1)
    assert the_event(world).plan.starts_at.isoformat() == "2026-03-13T13:00:00+00:00"


@pytest.mark.parametrize(
    ("language", "wrong", "moved", "send", "undo"),
    [
        ("en", "No, at 11:00", "Sorry, it is on Friday 13 March", "Send", "Cancel"),
        ("fr", "à 11h00", "Pardon, c'est le vendredi 13 mars.", "Envoyer", "Annuler"),
        ("es", "A las 11:00, por favor", "Perdón: es el viernes 13 de marzo", "Enviar", "Cancelar"),
    ],
)
async def test_what_was_called_in_words_is_put_right_moved_and_called_off_in_words(
    world: World, bob: str, language: str, wrong: str, moved: str, send: str, undo: str
) -> None:
    """By reply to the preview, from the telephone; members hear of what was sent and of nothing else."""
    finn = world.member("finn@acme.example", "Finn Ober", role="facilitator", language=language)
    words = "Thursday 12 March 2026, 10:00-10:30\nPlace: Teams\n\nIngrid shows how they test barriers."
    await world.write(finn, "wells-event@cop.example", "Barriers", words)

    async def says(answers: Mail, text: str) -> None:
        id = f"{len(world.outcomes())}@acme.example"
        await world.hand_in(finn, answers.back, iphone("Finn Ober", finn, id, world.now, answers, text))

    await says(world.new(finn)[-1], wrong)
    preview = world.new(finn)[-1]
    assert "11:00–11:30" in preview.text and "Teams" in preview.text and world.new(bob) == []
    await says(preview, send)
    [invitation] = world.new(bob)
    assert "11:00–11:30" in invitation.text
    await world.reply(bob, invitation, "yes")
    world.new(bob), world.new(finn)
    await says(preview, moved)
    change = world.new(finn)[-1]
    assert "12" in change.text and "13" in change.text and world.new(bob) == []
    await says(change, send)
    [told] = world.new(bob)
    assert "Friday 13 March 2026, 11:00–11:30" in told.text
    calendar = told.message.calendar
    assert calendar and (calendar.method, calendar.sequence) == ("REQUEST", 1)
    await says(preview, "no")  # members have it: a word against an old question moves nothing
    assert the_event(world).state == "open" and world.new(bob) == []
    await says(preview, undo)
    [gone] = world.new(bob)
    assert gone.subject == "Cancelled: Barriers" and gone.message.calendar
    assert gone.message.calendar.method == "CANCEL"


async def test_a_meeting_without_a_date_is_asked_about_and_a_member_may_not_call_one(
    world: World, ana: str, bob: str
) -> None:
    await world.write(ana, "wells-event@cop.example", "Coffee", "Some time soon?")
    assert "no date and time" in world.new(ana)[0].text
    await world.write(bob, "wells-event@cop.example", "Coffee", "12 March 2026, 10:00")
    assert "for the facilitators" in world.new(bob)[0].text
    assert world.outcomes() == ["asked", "unclear"]


async def test_an_answer_counts_for_whoever_sent_it_and_the_last_one_wins(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    await call(world, ana)
    [to_bob] = world.new(bob)
    await world.hand_in(
        cleo, "wells-event@cop.example", accept(to_bob, bob, "ACCEPTED")
    )  # Cleo in Bob's name: nobody is certain
    await world.reply(bob, to_bob, "yes")
    await world.reply(bob, to_bob, "no")
    assert said(world) == {bob: "no"}


async def test_an_accept_that_nobody_proves_is_asked_back_once_and_then_counts(
    world: World, ana: str, bob: str
) -> None:
    await call(world, ana)
    [invitation] = world.new(bob)
    for partstat in ("TENTATIVE", "ACCEPTED"):
        await world.hand_in(bob, "wells-event@cop.example", accept(invitation, bob, partstat), verified=False)
    [question] = world.new(bob)
    assert question.subject.startswith("Was this you?")
    assert said(world) == {}
    await world.reply(bob, question, "yes", verified=False)
    assert said(world) == {bob: "yes"}
    assert world.outcomes() == ["asked", "invited", "held", "held", "released", "answered", "answered"]


def said(world: World) -> dict[str, str]:
    """Who has answered what."""
    with world.app.store.reading() as conn:
        kept = asks.answers(conn, the_event(world).ask_id)
        return {people.by_id(conn, one.person_id).email: one.value for one in kept}


def accept(mail: object, who: str, partstat: str) -> bytes:
    """What a calendar sends when its button is pressed."""
    calendar = mail.message.calendar  # type: ignore[attr-defined]
    ics = "\r\n".join(
        (
            "BEGIN:VCALENDAR", "PRODID:-//Calendar//EN", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT",
            f"UID:{calendar.uid}", f"SEQUENCE:{calendar.sequence}", "DTSTAMP:20260303T090000Z",
            "DTSTART:20260312T090000Z", f"ORGANIZER:mailto:{calendar.organizer}",
            f"ATTENDEE;PARTSTAT={partstat}:mailto:{who}", f"SUMMARY:Accepted: {calendar.summary}",
            "END:VEVENT", "END:VCALENDAR", "",
        )
    )  # fmt: skip
    return (
        f"From: {who}\r\nTo: {calendar.organizer}\r\n"
        f"Subject: Accepted: {calendar.summary}\r\n"
        f"Message-ID: <{partstat}.{who}>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/calendar; charset=utf-8; method=REPLY\r\n\r\n{ics}"
    ).encode()


def outlook(who: str, sequence: int, start: str) -> bytes:
    """An invitation as an office program sends it."""
    end = start.replace("T09", "T10").replace("T13", "T14")
    ics = "\r\n".join(
        (
            "BEGIN:VCALENDAR", "METHOD:REQUEST", "PRODID:Office", "VERSION:2.0", "BEGIN:VEVENT", "UID:0400AB",
            f"SEQUENCE:{sequence}", "DTSTAMP:20260302T080000Z", f"DTSTART:{start}", f"DTEND:{end}",
            f"ORGANIZER;CN=Ana:mailto:{who}", "ATTENDEE;RSVP=TRUE:mailto:wells@cop.example",
            "SUMMARY:Barrier status", "LOCATION:Room 2", "END:VEVENT", "END:VCALENDAR", "",
        )
    )  # fmt: skip
    return (
        f"From: Ana <{who}>\r\nTo: wells@cop.example\r\n"
        "Subject: Barrier status\r\n"
        f"Message-ID: <o{sequence}@acme.example>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n\r\n{ics}"
    ).encode()


async def test_a_week_later_it_becomes_a_lesson(world: World, ana: str, bob: str) -> None:
    dina = world.member("dina@slow.example", "Dina Eck", mode="weekly")
    await call(world, ana)
    await world.until("2026-03-19 12:00", "Europe/Oslo")
    [draft] = [mail for mail in world.new(ana) if "next time" in mail.text]
    words = (
        "What was expected: cases\nWhat happened: nobody brought any\nWhat to do next time: ask for them a week before"
    )
    await world.reply(ana, draft, words)
    [receipt] = world.new(ana)
    assert "ask for them a week before" in receipt.text and receipt.subject.startswith("Kept as")
    await world.reply(ana, draft, "And once more.")
    assert world.outcomes()[-2] == "tagged"
    await world.until("2026-03-23 08:00", "Europe/Oslo")
    assert "Webinar: barriers" in world.new(dina)[-1].text
