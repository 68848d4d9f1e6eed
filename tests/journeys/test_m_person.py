"""A person: several addresses linked by mail, what is read from their mails, their data and their going."""

import pytest
from world import Mail, World

from mailer.store import addresses, asks, people

HOME, EVE = "bob@home.example", "eve@evil.example"
FAILED = "Authentication-Results: mx.cop.example; dmarc=fail (p=reject) header.from=home.example"


async def invited(world: World, ana: str, bob: str) -> Mail:
    """Bob's own invitation to an event."""
    await world.write(ana, "wells-event@cop.example", "Webinar: barriers", "12 March 2026, 10:00\n\nAll welcome.")
    await world.reply(ana, world.new(ana)[-1], "send")
    world.new(ana)
    return world.new(bob)[-1]


def owner(world: World, email: str) -> str:
    """The first address of the person this one belongs to."""
    with world.app.store.reading() as conn:
        found = people.by_email(conn, email)
        return addresses.of(conn, found.id)[0].email if found else ""


def coming(world: World) -> dict[str, str]:
    """Who said what to the invitation."""
    with world.app.store.reading() as conn:
        [ask] = asks.asks_since(conn, people.communities(conn)[0].id, "rsvp", world.now.replace(year=2020))
        return {people.by_id(conn, one.person_id).email: one.value for one in asks.answers(conn, ask.id)}


SPOKEN = {"en": ("Is this also you?", "yes"), "fr": ("Est-ce aussi vous", "oui"), "es": ("también es suya", "sí")}


@pytest.mark.parametrize("language", SPOKEN)
async def test_an_answer_from_another_address_waits_for_a_yes_from_the_known_one(
    world: World, ana: str, language: str
) -> None:
    question, yes = SPOKEN[language]
    bob = world.member("bob@nord.example", "Bob Berg", language=language)
    invitation = await invited(world, ana, bob)
    await world.reply(HOME, invitation, yes)
    [asked], [kept] = world.new(bob), world.new(HOME)
    assert question in asked.subject and HOME in asked.text and bob not in kept.raw.decode()
    assert coming(world) == {} and owner(world, HOME) == HOME
    await world.reply(bob, asked, yes)
    assert coming(world) == {bob: "yes"} and owner(world, HOME) == bob
    assert HOME in world.new(bob)[0].text
    await world.write(HOME, "wells@cop.example", "Shoe beads", "Which beads?")
    assert world.new(ana)[-1].message.senders[0].name == "Bob Berg via Wells"
    assert world.outcomes()[-4:] == ["held", "linked", "answered", "posted"]
