"""M44: who facilitates. A member offers and a facilitator says ok; a week each, passed on with a word."""

from datetime import timedelta

import pytest
from world import Mail, World

from mailer.community.policy import Policy
from mailer.store.society import people


def choose(world: World, **choices: object) -> None:
    with world.app.store.writing() as conn:
        people.change_community(conn, people.communities(conn)[0].id, policy=Policy(**choices))  # type: ignore[arg-type]


def role(world: World, address: str) -> str:
    with world.app.store.reading() as conn:
        who = people.by_email(conn, address)
        assert who
        member = people.membership_of(conn, who.id, people.communities(conn)[0].id)
        assert member
        return member.role


def subjects(mails: list[Mail]) -> list[str]:
    return [mail.subject for mail in mails]


SPOKEN = {
    "en": ("volunteer", "ok", "Welcome: you facilitate Wells", "offers to facilitate Wells"),
    "fr": ("Je suis volontaire", "oui", "Bienvenue : vous animez Wells", "propose d'animer Wells"),
    "es": ("me ofrezco", "sí", "Le damos la bienvenida: facilita Wells", "se ofrece a facilitar Wells"),
    "de": ("ich melde mich", "ja", "Willkommen: Sie moderieren Wells", "möchte Wells mit Ihnen moderieren"),
}


@pytest.mark.parametrize("language", SPOKEN)
async def test_a_member_volunteers_and_the_first_word_of_a_facilitator_counts(world: World, language: str) -> None:
    offer, yes, welcome, asked = SPOKEN[language]
    ana = world.member("ana@acme.example", "Ana Lima", role="facilitator", language=language)
    dave = world.member("dave@acme.example", "Dave Moss", role="facilitator", language=language)
    bob = world.member("bob@nord.example", "Bob Berg", language=language)
    await world.write(bob, "wells-team@cop.example", "", offer)
    [to_ana], [to_dave], [told] = world.new(ana), world.new(dave), world.new(bob)
    assert asked in " ".join(to_ana.text.split())
    await world.write(bob, "wells-team@cop.example", "", offer)  # again: nobody is asked twice
    assert world.new(ana) == [] and len(world.new(bob)) == 1
    await world.reply(ana, to_ana, yes)
    assert role(world, bob) == "facilitator"
    assert subjects(world.new(bob)) == [welcome]
    assert len(world.new(dave)) == 1
    await world.reply(dave, to_dave, "no")
    assert role(world, bob) == "facilitator"
    assert told.subject != welcome


async def test_a_volunteer_made_facilitator_by_mistake_is_undone(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells-team@cop.example", "", "volunteer")
    [asked] = world.new(ana)
    await world.reply(ana, asked, "ok")
    [receipt] = world.new(ana)
    await world.reply(ana, receipt, "undo")
    assert role(world, bob) == "member"


async def test_no_to_a_volunteer_is_kind_and_a_member_decides_nothing(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    await world.write(bob, "wells-team@cop.example", "", "volunteer")
    [asked] = world.new(ana)
    await world.reply(cleo, asked, "ok")
    assert role(world, bob) == "member"
    world.new(bob)
    await world.reply(ana, asked, "no, we are five already")
    [told] = world.new(bob)
    assert "would rather not change anything now" in told.text.replace("\n", " ") and "we are five already" in told.text
    assert role(world, bob) == "member"


async def test_where_nobody_facilitates_the_sponsor_is_asked(world: World, bob: str) -> None:
    sue = world.member("sue@acme.example", "Sue Ford", role="sponsor", mode="none")
    await world.write(bob, "wells-team@cop.example", "", "volunteer")
    asked = next(mail for mail in world.new(sue) if "offers to facilitate" in mail.subject)
    await world.reply(sue, asked, "ok")
    assert role(world, bob) == "facilitator"


async def test_each_week_another_facilitator_gets_what_waits(world: World, ana: str, bob: str, cleo: str) -> None:
    dave = world.member("dave@acme.example", "Dave Moss", role="facilitator")
    choose(world, rota="weekly", first_posts="held")
    await world.wait(hours=1)
    [week] = world.new(ana)
    assert week.subject == "This week is yours: Wells"
    await world.restart()
    await world.wait(hours=2)
    assert world.new(ana) == world.new(dave) == []
    await world.write(bob, "wells@cop.example", "Hello", "My first words.")
    [held] = world.new(ana)
    await world.reply(ana, held, "ok")
    assert [mail.subject for mail in world.new(dave)] == ["Hello"]  # as everyone
    await world.until("2026-03-09 08:00", "Europe/Oslo")
    assert "This week is yours: Wells" in subjects(world.new(dave))
    world.new(ana)
    await world.write(cleo, "wells@cop.example", "Question", "My first words.")
    assert subjects(world.new(dave)) == ["Waiting for you: Question"]
    assert world.new(ana) == []
    await world.until("2026-03-10 13:00", "Europe/Oslo")
    assert subjects(world.new(ana)) == ["Still waiting: Question"]


async def test_swap_passes_the_week_on_and_volunteer_takes_it_back(world: World, ana: str) -> None:
    dave = world.member("dave@acme.example", "Dave Moss", role="facilitator")
    choose(world, rota="weekly")
    await world.wait(hours=1)
    [week] = world.new(ana)
    await world.reply(ana, week, "swap")
    assert subjects(world.new(ana)) == ["Dave Moss has this week"]
    [passed] = world.new(dave)
    assert "Ana Lima has passed this week on" in passed.text
    await world.reply(dave, passed, "swap")
    assert subjects(world.new(dave)) == ["Nobody else this week"]
    await world.write(ana, "wells-team@cop.example", "", "volunteer")
    assert subjects(world.new(dave)) == ["Ana Lima has this week"]
    assert subjects(world.new(ana)) == ["This week is yours: Wells"]
    await world.reply(ana, week, "swap")
    assert subjects(world.new(dave)) == ["This week is yours: Wells"]
    world.new(ana)
    await world.reply(ana, week, "swap")  # has no week to pass on
    assert subjects(world.new(ana)) == ["Dave Moss has this week"]
    assert world.new(dave) == []


async def test_who_is_away_is_passed_over(world: World, ana: str, bob: str) -> None:
    dave = world.member("dave@acme.example", "Dave Moss", role="facilitator", away_until=world.now + timedelta(days=3))
    eve = world.member("eve@acme.example", "Eve Hall", role="facilitator")
    choose(world, rota="weekly", first_posts="held")
    await world.wait(hours=1)
    [week] = world.new(ana)
    await world.reply(ana, week, "swap")
    assert world.new(dave) == [] and subjects(world.new(eve)) == ["This week is yours: Wells"]
    await world.write(bob, "wells@cop.example", "Hello", "My first words.")
    assert subjects(world.new(eve)) == ["Waiting for you: Hello"]
    assert "Waiting for you: Hello" not in subjects(world.new(ana))
