"""A calendar answers for a member from an address nobody knows: the member is asked, and then the answer counts."""

import pytest
from clients import pressed
from world import Mail, World

HOME = "bob@home.example"
SAID = {
    "en": ("yes", "no", "Is this also you?"),
    "fr": ("oui", "non", "Est-ce aussi vous ?"),
    "es": ("sí", "no", "¿Esta dirección también es suya?"),
}


async def invited(world: World, ana: str, bob: str, language: str) -> Mail:
    """Bob has an invitation, in his language."""
    if language != "en":
        await world.write(
            bob, "wells-me@cop.example", "", {"fr": "language français", "es": "language español"}[language]
        )
    await world.write(ana, "wells-event@cop.example", "Barriers", "12 March 2026, 10:00-11:00\n\nBring your cases.")
    await world.reply(ana, world.new(ana)[-1], "send")
    return next(mail for mail in world.new(bob) if mail.message.calendar)


async def accepts_at_home(world: World, invitation: Mail, bob: str) -> None:
    raw = pressed(invitation, bob, "ACCEPTED", world.now)
    raw = raw.replace(f"From: {bob} <{bob}>".encode(), f"From: Bob Berg <{HOME}>".encode())
    assert HOME.encode() in raw
    await world.hand_in(HOME, "wells-event@cop.example", raw)


@pytest.mark.parametrize("language", SAID)
async def test_the_member_is_asked_and_a_yes_lets_the_answer_count(
    world: World, ana: str, bob: str, language: str
) -> None:
    yes, _, asks = SAID[language]
    invitation = await invited(world, ana, bob, language)
    await accepts_at_home(world, invitation, bob)
    [question] = world.new(bob)
    assert question.subject.startswith(asks) and HOME in question.text
    assert "answered" not in world.outcomes()
    await world.reply(bob, question, yes)
    assert world.outcomes()[-1] == "answered"


async def test_a_no_leaves_everything_as_it_was(world: World, ana: str, bob: str) -> None:
    invitation = await invited(world, ana, bob, "en")
    await accepts_at_home(world, invitation, bob)
    await world.reply(bob, world.new(bob)[-1], "no")
    assert "answered" not in world.outcomes()


async def test_a_calendar_that_names_nobody_of_here_is_only_recorded(world: World, ana: str, bob: str) -> None:
    invitation = await invited(world, ana, bob, "en")
    await world.hand_in(HOME, "wells-event@cop.example", pressed(invitation, HOME, "ACCEPTED", world.now))
    assert world.new(bob) == [] == world.new(HOME)
    assert world.outcomes()[-1] == "recorded"
