"""M32: a facilitator answers a post that waits with a rule; its writer gets the rule and their mail to change."""

import pytest
from world import World

from mailer.community.policy import Policy
from mailer.store.society import people

SPOKEN = {
    "en": ("rule 2", "One thing to change: Losses", "Reply with the text as it should be"),
    "fr": ("règle 2", "Une chose à changer : Losses", "Répondez avec le texte tel qu'il doit être"),
    "es": ("regla 2", "Algo que cambiar: Losses", "Responda con el texto como debe quedar"),
    "de": ("Regel 2", "Etwas zu ändern: Losses", "Antworten Sie mit dem Text, wie er sein soll"),
}


async def rules(world: World, ana: str) -> None:
    for title, text in (("Kind", "Be kind."), ("Clients", "We name no clients.")):
        await world.write(ana, "wells@cop.example", f"{title} #rule", text)


def held(world: World) -> None:
    with world.app.store.writing() as conn:
        people.change_community(conn, people.communities(conn)[0].id, policy=Policy(first_posts="held"))


@pytest.mark.parametrize("language", SPOKEN)
async def test_the_writer_gets_the_rule_and_what_they_make_of_it_waits_again(world: World, language: str) -> None:
    words, subject, how = SPOKEN[language]
    ana = world.member("ana@acme.example", "Ana Lima", role="facilitator", language=language)
    bob = world.member("bob@nord.example", "Bob Berg", language=language)
    cleo = world.member("cleo@far.example", "Cleo Diaz")
    await rules(world, ana)
    held(world)
    for who in (ana, bob, cleo):
        world.new(who)
    await world.write(bob, "wells@cop.example", "Losses", "BigOil has losses at the shoe. Who has cured them?")
    [wait] = world.new(ana)
    await world.reply(ana, wait, words)
    [told] = world.new(bob)
    assert told.subject == subject
    assert "> We name no clients." in told.text and "> BigOil has losses at the shoe." in told.text
    assert how in " ".join(told.text.split())
    assert world.new(cleo) == []
    world.new(ana)
    await world.wait(hours=1)
    await world.reply(bob, told, "We have losses at the shoe. Who has cured them?")
    [again] = world.new(ana)
    assert "> We have losses at the shoe. Who has cured them?" in again.text
    await world.reply(ana, again, "ok")
    [post] = world.new(cleo)
    assert post.subject == "Losses"
    assert post.text.startswith("We have losses at the shoe.") or "We have losses at the shoe." in post.text
    assert "BigOil" not in post.text


async def test_a_question_about_the_rule_goes_to_the_facilitators_not_to_everyone(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    await rules(world, ana)
    held(world)
    await world.write(bob, "wells@cop.example", "Losses", "BigOil has losses.")
    wait = world.new(ana)[-1]
    await world.reply(ana, wait, "rule 2\n\nA good question. Just without the name.")
    told = world.new(bob)[-1]
    assert "> A good question. Just without the name." in told.text
    world.new(cleo)
    await world.wait(hours=1)
    await world.reply(bob, told, "Why not? They told me I could.")
    assert "They told me I could." in world.new(ana)[-1].text
    assert world.new(cleo) == []


async def test_a_rule_that_is_not_there_is_asked_back_with_the_list(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    held(world)
    await world.write(bob, "wells@cop.example", "Losses", "BigOil has losses.")
    [wait] = world.new(ana)
    await world.reply(ana, wait, "rule 1")
    assert "no ground rules are kept here" in world.new(ana)[0].text.replace("\n", " ")
    await rules(world, ana)
    world.new(ana)
    await world.reply(ana, wait, "rule 7")
    [question] = world.new(ana)
    assert "1. Be kind." in question.text and "2. We name no clients." in question.text
    world.new(bob)
    await world.reply(ana, question, "rule 1")
    assert "> Be kind." in world.new(bob)[0].text
