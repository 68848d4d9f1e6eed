"""M12: `new@` in Cc of an ordinary mail: everyone in it is asked, the first yes opens it, silence lets it go."""

from datetime import timedelta

import pytest
from world import World

from mailer.commands import starting
from mailer.store.society import people
from mailer.store.society.people import Community
from mailer.store.talk import posts

CLEO, DORA = "cleo@far.example", "dora@far.example"
HEAD = "Losing circulation"


async def pass_days(world: World, days: int) -> None:
    """Day by day, in one tick each: the clock makes up for what it slept."""
    for _ in range(days):
        world.now += timedelta(hours=23)
        await world.wait(hours=1)


async def chain(world: World, who: str, *others: str, to: str = "new@cop.example", subject: str = HEAD) -> str:
    """One mail to some colleagues and us, as a mail program writes it; only our copy comes here."""
    id = f"chain{len(world.sink.mails)}-{subject.split()[-1].lower()}@nord.example"
    listed = ", ".join(f"{world.names.get(one, '')} <{one}>" for one in others)
    raw = "\r\n".join([
        f"From: {world.names.get(who, '')} <{who}>", f"To: {listed}", f"Cc: {to}", f"Subject: Re: {subject}",
        f"Message-ID: <{id}>", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "",
        "We keep losing mud at the shoe. Shall we go on here?", "", "> What did you see?", "",
    ])  # fmt: skip
    await world.hand_in(who, to, raw.encode())
    await world.restart()  # the listener keeps the names of communities for two seconds
    return id


def found(world: World, name: str) -> Community | None:
    with world.app.store.reading() as conn:
        return people.community_named(conn, name)


def kept(world: World, home: Community) -> list[posts.PostRow]:
    with world.app.store.reading() as conn:
        return posts.posts_since(conn, home.id, world.now.replace(year=2000), world.now.replace(year=2030))


def roles(world: World, name: str) -> dict[str, str]:
    with world.app.store.reading() as conn:
        home = people.community_named(conn, name)
        assert home
        return {one.person.email: one.membership.role for one in people.members(conn, home.id)}


@pytest.mark.parametrize(("language", "yes"), [("en", "yes"), ("fr", "oui"), ("es", "sí")])
async def test_the_first_yes_opens_it_and_the_mail_that_began_it_is_its_first_post(
    world: World, language: str, yes: str
) -> None:
    bob = world.member("bob@nord.example", "Bob Berg", language=language)
    await chain(world, bob, CLEO, DORA)
    [receipt] = world.new(bob)
    assert receipt.subject.replace(" :", ":").startswith(f"{HEAD}: 2 ")
    [asked], [other] = world.new(CLEO), world.new(DORA)
    assert "losingcirculation@cop.example" in asked.text and "Bob Berg" in asked.text
    assert roles(world, "losingcirculation") == {}
    await world.reply(CLEO, asked, yes)
    assert roles(world, "losingcirculation") == {bob: "facilitator", CLEO: "member"}
    assert "losingcirculation-invite@cop.example" in world.new(bob)[-1].text
    home = found(world, "losingcirculation")
    assert home and home.title == HEAD and [one.subject for one in kept(world, home)] == [f"Re: {HEAD}"]
    await world.reply(DORA, other, "no")
    assert roles(world, "losingcirculation") == {bob: "facilitator", CLEO: "member"}
    world.new(CLEO), world.new(bob)
    await world.write(bob, "losingcirculation@cop.example", "Next", "Ceramic beads, then.")
    assert [mail.subject for mail in world.new(CLEO)] == ["Next"] and world.new(DORA) == []


async def test_who_replies_to_all_meanwhile_is_heard_when_they_say_yes(world: World, bob: str) -> None:
    named = f"References: <{await chain(world, bob, CLEO, DORA)}>"
    [asked], [other] = world.new(CLEO), world.new(DORA)
    await world.write(DORA, "new@cop.example", f"Re: {HEAD}", "Beads did it for us.", headers=named)
    assert world.new(DORA) == [] == world.new(CLEO)  # asked already, and nothing twice
    await world.reply(CLEO, asked, "yes")
    assert not any("Beads" in mail.text for mail in world.new(CLEO))
    await world.reply(DORA, other, "yes")
    assert any("Beads did it for us." in mail.text for mail in world.new(CLEO))
    await world.write(CLEO, "new@cop.example", f"Re: {HEAD}", "Which size?", headers=named)
    assert any("Which size?" in mail.text for mail in world.new(DORA))
    home = found(world, "losingcirculation")
    assert home and len(kept(world, home)) == 3 and len({one.thread_id for one in kept(world, home)}) == 1


async def test_nobody_answers_and_it_is_gone_with_its_name(world: World, bob: str) -> None:
    await chain(world, bob, CLEO)
    [asked] = world.new(CLEO)
    await pass_days(world, starting.PATIENCE.days - 1)
    assert found(world, "losingcirculation")
    await pass_days(world, 2)
    assert found(world, "losingcirculation") is None
    assert len(world.new(CLEO)) == 2  # the two reminders
    await chain(world, bob, DORA, subject=HEAD)
    again = found(world, "losingcirculation")
    assert again and asked


async def test_no_from_whoever_began_it_ends_it(world: World, bob: str) -> None:
    await chain(world, bob, CLEO)
    await world.reply(bob, world.new(bob)[-1], "no")
    world.new(CLEO)
    await pass_days(world, 20)
    assert world.new(CLEO) == [] and found(world, "losingcirculation") is None


async def test_a_name_may_be_wished_for_and_a_taken_one_gets_a_number(world: World, bob: str) -> None:
    await chain(world, bob, CLEO, to="new+mud@cop.example")
    await chain(world, bob, CLEO, to="new-wells@cop.example", subject="Other")
    assert found(world, "mud") and found(world, "wells2")


async def test_strangers_crowds_and_the_unproven_begin_nothing(world: World, bob: str) -> None:
    await chain(world, "mallory@evil.example", CLEO)
    assert "begun by their members" in world.new("mallory@evil.example")[0].text.replace("\n", " ")
    await chain(world, bob, *(f"p{n}@crowd.example" for n in range(starting.PEOPLE + 1)))
    assert "more than 20 people" in world.new(bob)[-1].text
    await chain(world, bob)
    assert "nobody else" in world.new(bob)[-1].text
    await world.write(bob, "new@cop.example", "Hello", "Shall we?", headers=f"Cc: {CLEO}", verified=False)
    [question] = world.new(bob)
    assert world.new(CLEO) == []
    await world.reply(bob, question, "yes", verified=False)
    assert len(world.new(CLEO)) == 1


async def test_so_many_wait_at_a_time(world: World, bob: str) -> None:
    for n in range(starting.WAITING + 1):
        await chain(world, bob, CLEO, subject=f"Thing {n}")
    assert len(world.new(CLEO)) <= starting.WAITING
    assert world.new(bob)[-1].subject == "No community was begun"
