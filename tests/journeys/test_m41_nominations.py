"""M41: after a month, whoever takes part is asked who else should be here; an address invites, a name is passed on."""

import pytest
from journeys.test_m09_welcome import NEW, come, pass_days
from world import Mail, World

EVE = "eve@north.example"
SAID = {
    "en": ("Who else should be in Wells?", "no", "Nobody else for now"),
    "fr": ("Qui d'autre devrait être à Wells ?", "non", "Personne d'autre pour le moment"),
    "es": ("¿Quién más debería estar en Wells?", "no", "Nadie más por ahora"),
    "de": ("Wer sollte noch bei Wells sein?", "nein", "Vorerst niemand"),
}


async def asked(world: World, language: str = "en", *, writes: bool = True) -> list[Mail]:
    """Nia has been here for five weeks; what came of it on the thirtieth day."""
    await come(world, language if language != "de" else "en")
    if language == "de":
        await world.write(NEW, "wells-me@cop.example", "", "language Deutsch")
    if writes:
        await world.write(NEW, "wells@cop.example", "Centralisers", "Which ones held up for you?")
    await pass_days(world, 36)
    return [mail for mail in world.new(NEW) if mail.subject == SAID[language][0]]


@pytest.mark.parametrize("language", SAID)
async def test_asked_once_and_no_is_a_good_answer(world: World, ana: str, language: str) -> None:
    [question] = await asked(world, language)
    _, no, noted = SAID[language]
    assert EVE not in question.text and question.text.count("\n") < 24
    await world.reply(NEW, question, no)
    assert [mail.subject for mail in world.new(NEW)] == [noted]
    await pass_days(world, 10)
    assert [mail for mail in world.new(NEW) if mail.subject == SAID[language][0]] == []


async def test_an_address_is_asked_in_their_name_and_comes_in_by_a_yes(world: World, ana: str) -> None:
    [question] = await asked(world)
    world.new(ana)
    await world.reply(NEW, question, f"Eve East <{EVE}> would like it.\n\nNia")
    [invitation] = world.new(EVE)
    assert invitation.subject == "Nia Evans invites you to Wells" and world.new(ana) == []
    [receipt] = world.new(NEW)
    assert "1 person is asked" in receipt.text
    await world.reply(EVE, invitation, "yes")
    assert "Welcome" in world.new(EVE)[-1].subject


async def test_a_name_without_an_address_goes_to_the_facilitators_and_a_reply_to_who_wrote(
    world: World, ana: str
) -> None:
    [question] = await asked(world)
    world.new(ana)
    await world.reply(NEW, question, "Somebody from the Brent team, perhaps Olga?")
    [passed] = world.new(ana)
    assert "perhaps Olga?" in passed.text and passed.back == NEW
    [receipt] = world.new(NEW)
    await world.reply(NEW, receipt, EVE)
    assert [mail.subject for mail in world.new(EVE)] == ["Nia Evans invites you to Wells"]


async def test_who_has_only_read_is_left_in_peace(world: World, ana: str) -> None:
    assert await asked(world, writes=False) == []
