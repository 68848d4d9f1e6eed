"""Loops that no header gives away: two lists that are members of each other, and machines that answer everything."""

import pytest
from world import Mail, World

from mailer.outbound import notices

ROUNDS = 100  # more than any of these may last
ROBOT, LIST = "robot@away.example", "other@list.example"


async def echo(world: World, robot: str, say: str, *, subject: str = "") -> int:
    """Whatever the robot gets it answers at once, with no mark of a machine and a new text each time; in how many
    rounds it still got something."""
    for turn in range(ROUNDS):
        got = world.new(robot)
        if not got:
            return turn
        for mail in got:
            await world.write(robot, mail.back, subject or f"Re: {mail.subject}", f"{say} {turn}", headers=_named(mail))
    return ROUNDS


def _named(mail: Mail) -> str:
    return f"In-Reply-To: <{mail.message.message_id}>"


async def test_a_member_that_answers_every_post_is_held_within_the_hour(world: World, ana: str, bob: str) -> None:
    world.member(ROBOT, "R. Obot")
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    await echo(world, ROBOT, "I am away until Monday.")
    posted = world.outcomes().count("posted")
    assert posted <= 2  # its answer goes to the others, never back to itself
    assert len(world.box(ROBOT)) <= 3 and len(world.box(bob)) <= 3


async def test_two_members_that_answer_each_other(world: World, ana: str, bob: str) -> None:
    other = "automat@far.example"
    world.member(ROBOT, "R. Obot")
    world.member(other, "A. Utomat")
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    for turn in range(ROUNDS):
        both = [(who, mail) for who in (ROBOT, other) for mail in world.new(who)]
        if not both:
            break
        for who, mail in both:
            await world.write(who, mail.back, f"Re: {mail.subject}", f"Away, note {turn}.", headers=_named(mail))
    assert turn < ROUNDS - 1
    assert world.outcomes().count("posted") <= 2 * 10 + 1  # ten an hour each, and the first
    assert "held" in world.outcomes()


async def test_a_list_that_sends_everything_back_as_its_own(world: World, ana: str, bob: str) -> None:
    """It takes our marks off and puts its own author, id and footer on."""
    world.member(LIST, "The other list")
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    for turn in range(ROUNDS):
        got = world.new(LIST)
        if not got:
            break
        for mail in got:
            await world.write(LIST, "wells@cop.example", f"[other] {mail.subject}", f"{mail.text}\n-- \nother {turn}")
    assert turn <= 3 and world.outcomes().count("posted") <= 3  # the receipt of its own first post came back as well
    assert len(world.box(bob)) <= 4


async def test_a_list_that_sends_everything_back_in_the_writers_name(world: World, ana: str, bob: str) -> None:
    """It keeps the author and the thread, and nothing else."""
    world.member(LIST, "The other list")
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    for turn in range(ROUNDS):
        got = [mail for mail in world.new(LIST) if mail.subject.endswith("Losses")]
        if not got:
            break
        for mail in got:
            said = f"{turn} {mail.text[:200]}\n-- \nother {turn}"
            await world.write(bob, "wells@cop.example", "Re: Losses", said, headers=_named(mail), verified=False)
    assert turn < ROUNDS - 1
    assert world.outcomes().count("posted") <= 11  # ten an hour by one person in one thread
    assert len(world.box(ana)) <= 14


@pytest.mark.fault("F17")
async def test_a_stranger_that_answers_every_question(world: World, ana: str) -> None:
    await world.write(ROBOT, "wells@cop.example", "Hello", "May I ask something?")
    assert len(world.box(ROBOT)) == 1
    rounds = await echo(world, ROBOT, "I am away until Monday.")
    assert rounds < 6 and len(world.box(ROBOT)) <= 6 and world.outcomes().count("posted") == 0
    assert world.new(ana) == []


async def test_a_member_that_answers_every_notice(world: World, ana: str) -> None:
    world.member(ROBOT, "R. Obot", mode="none")
    for verb in ("me", "help", "find"):
        await world.write(ROBOT, f"wells-{verb}@cop.example", "Hello", "I am away until Monday.")
    assert await echo(world, ROBOT, "I am away until Monday.") < ROUNDS
    assert len(world.box(ROBOT)) <= 2 * notices.MOST  # in a day, of two kinds
    assert world.outcomes().count("posted") == 0
