"""M09: someone new is welcomed on the first day, the third and the fourteenth, and their first post by a buddy."""

from datetime import timedelta

import pytest
from world import World

from mailer.store.society import people
from mailer.store.talk import posts

NEW = "nia@new.example"
SAID = {
    "en": ("yes", "Who are you? One line for Wells", "Two weeks in Wells: too much mail, too little?"),
    "fr": ("oui", "Qui êtes-vous ? Une ligne pour Wells", "Deux semaines à Wells : trop de mails, pas assez ?"),
    "es": ("sí", "¿Quién es usted? Una línea para Wells", "Dos semanas en Wells: ¿demasiado correo, o poco?"),
}


async def pass_days(world: World, days: int) -> None:
    """Day by day, in one tick each: the clock makes up for what it slept."""
    for _ in range(days):
        world.now += timedelta(hours=23)
        await world.wait(hours=1)


async def come(world: World, language: str = "en") -> None:
    """Nia joins by mail."""
    world.names[NEW] = "Nia Evans"
    with world.app.store.writing() as conn:
        home = people.community_named(conn, "wells")
        assert home
        people.change_community(conn, home.id, language=language)
    await world.write(NEW, "wells-join@cop.example", "hello")
    await world.reply(NEW, world.new(NEW)[-1], SAID[language][0])


@pytest.mark.parametrize("language", SAID)
async def test_three_mails_in_a_fortnight_and_no_more(world: World, ana: str, bob: str, language: str) -> None:
    await come(world, language)
    world.new(NEW)
    came = []
    for day in range(1, 22):
        await pass_days(world, 1)
        came += [(day, mail.subject) for mail in world.new(NEW)]
    _, third, fortnight = SAID[language]
    assert came == [(3, third), (14, fortnight)]
    assert world.new(bob) == []  # whom an operator added was asked by nobody here


async def test_the_first_says_what_it_is_for_and_the_third_day_what_helped(world: World, ana: str, bob: str) -> None:
    await world.write(ana, "wells@cop.example", "What we are here for #charter", "We keep wells safe.\nAll welcome.")
    await world.write(ana, "wells@cop.example", "No sales #rule", "Offers go to nobody here.")
    for n in range(6):
        await world.write(bob, "wells@cop.example", f"Lesson {n} #lesson", f"What we learnt, part {n}.")
    [thanked] = [mail for mail in world.new(ana) if mail.subject.startswith("Lesson 0")]
    await world.reply(ana, thanked, "thanks")
    await come(world)
    welcome = world.new(NEW)[-1].text
    assert "We keep wells safe.\nAll welcome." in welcome and "1. No sales" in welcome
    await pass_days(world, 3)
    shown = [line for line in world.new(NEW)[-1].text.splitlines() if line.startswith("T-")]
    assert len(shown) == 5 and shown[0].endswith("Lesson 0") and not any("sales" in line for line in shown)


async def test_a_line_about_oneself_is_kept_and_mailed_to_nobody(world: World, ana: str, bob: str) -> None:
    await come(world)
    await pass_days(world, 3)
    asked = world.new(NEW)[-1]
    world.new(ana), world.new(bob)
    words = "I look after eleven old wells near Stavanger."
    await world.reply(NEW, asked, words)
    [thanks] = world.new(NEW)
    assert words in thanks.text and world.new(ana) == [] == world.new(bob)
    with world.app.store.reading() as conn:
        home = people.communities(conn)[0]
        [kept] = posts.posts_since(conn, home.id, asked.message.date, world.now.replace(year=2030))  # type: ignore[arg-type]
        assert (kept.subject, kept.new_text, kept.author) == ("New here: Nia Evans", words, "Nia Evans")
    await world.write(NEW, "wells@cop.example", "Centralisers", "Which ones held up for you?")
    assert "for the first time" in world.new(bob)[-1].text  # the line was none


async def test_nothing_more_to_whoever_left_or_wants_no_mail(world: World, ana: str) -> None:
    await come(world)
    await world.write(NEW, "wells-leave@cop.example", "leave")
    world.new(NEW)
    await pass_days(world, 20)
    assert world.new(NEW) == []


async def test_one_buddy_hears_of_a_first_post_and_at_most_once_a_week(world: World, ana: str, bob: str) -> None:
    cleo = world.member("cleo@far.example", "Cleo Diaz")
    await world.write(cleo, "wells@cop.example", "Question", "Who knows?")
    await world.reply(bob, world.new(bob)[-1], "thanks")
    newcomers = ["nia@new.example", "oda@new.example", "pia@new.example", "quin@new.example"]
    for who in newcomers:
        await world.write(who, "wells-join@cop.example", "hello")
        await world.reply(who, world.new(who)[-1], "yes")
    world.new(ana), world.new(bob), world.new(cleo)

    def told() -> list[int]:
        return [sum("buddy" in mail.text for mail in world.new(who)) for who in (ana, bob, cleo)]

    await world.write(newcomers[0], "wells@cop.example", "Hello", "My first.")
    assert told() == [1, 0, 0]  # the facilitator first
    await world.write(newcomers[0], "wells@cop.example", "Again", "My second.")
    assert told() == [0, 0, 0]
    await world.write(newcomers[1], "wells@cop.example", "Hello", "Mine.")
    await world.write(newcomers[2], "wells@cop.example", "Hi", "Mine too.")
    assert told() == [0, 1, 1]  # then whoever has thanked, and been thanked
    await pass_days(world, 8)
    world.new(ana)
    await world.write(newcomers[3], "wells@cop.example", "Hey", "At last.")
    assert told() == [1, 0, 0]
