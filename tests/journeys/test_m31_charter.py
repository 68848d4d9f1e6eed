"""M31: what a community is for stands under each of its mails, comes on request, and is looked at once a year."""

from datetime import timedelta

import pytest
from world import World

LINE = "We keep wells safe, together."


async def write(world: World, ana: str) -> None:
    await world.write(ana, "wells@cop.example", "What we are here for #charter", f"{LINE}\nAll are welcome.")
    await world.write(ana, "wells@cop.example", "No sales #rule", "Offers go to nobody here.")


async def test_it_stands_under_every_mail_in_one_line(world: World, ana: str, bob: str) -> None:
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    assert LINE not in world.new(bob)[-1].text
    await write(world, ana)
    await world.write(ana, "wells@cop.example", "News", "Something more.")
    assert f"\n---\n{LINE}\nReply goes to" in world.new(bob)[-1].text
    await world.write(bob, "wells-help@cop.example", "help")
    assert f"\n---\n{LINE}\nReply goes to" in world.new(bob)[-1].text


@pytest.mark.parametrize(
    ("language", "charter", "rules"),
    [("en", "charter", "rules"), ("fr", "la charte", "règles"), ("es", "propósito", "las reglas")],
)
async def test_a_word_fetches_it(world: World, ana: str, language: str, charter: str, rules: str) -> None:
    bob = world.member("bob@nord.example", "Bob Berg", language=language)
    await write(world, ana)
    await world.write(bob, "wells-me@cop.example", "", charter)
    [got] = world.new(bob)[-1:]
    assert f"{LINE}\nAll are welcome." in got.text and "1. No sales" in got.text
    await world.write(bob, "wells-me@cop.example", "", rules)
    got = world.new(bob)[-1]
    assert "All are welcome" not in got.text and "Offers go to nobody here." in got.text


async def test_once_a_year_the_facilitators_say_whether_it_stands(world: World, ana: str, bob: str) -> None:
    await write(world, ana)
    for days in (300, 70, 1):
        world.now += timedelta(days=days)
        await world.wait(hours=1)
    asked = [mail for mail in world.new(ana) if mail.subject == "Is this still what Wells is for?"]
    assert len(asked) == 1 and LINE in asked[0].text
    await world.reply(ana, asked[0], "yes")
    assert world.new(ana)[-1].subject == "The charter stands"
    world.now += timedelta(days=40)
    await world.wait(hours=1)
    assert world.new(ana) == []


async def test_a_no_takes_it_away(world: World, ana: str, bob: str) -> None:
    await write(world, ana)
    world.now += timedelta(days=367)
    await world.wait(hours=1)
    [asked] = [mail for mail in world.new(ana) if mail.subject == "Is this still what Wells is for?"]
    await world.reply(ana, asked, "no")
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    assert LINE not in world.new(bob)[-1].text
