"""What makes a person stop: "yes" to "did you mean?", "undo" under somebody else's post, words to an address that does
nothing for whoever is no member."""

import pytest
from world import World


@pytest.mark.parametrize(
    ("language", "near", "meant", "yes"),
    [
        ("en", "Please stop sending me these mails", "leave", "Yes"),
        ("fr", "Je ne veux plus recevoir ces mails", "quitter", "Oui"),
        ("es", "No quiero recibir más estos correos", "baja", "Sí, gracias"),
    ],
)
async def test_yes_to_did_you_mean_is_the_word(
    world: World, ana: str, bob: str, language: str, near: str, meant: str, yes: str
) -> None:
    kim = world.member("kim@far.example", "Kim Lee", language=language)
    await world.write(ana, "wells@cop.example", "Losses", "Who has cured losses?")
    await world.reply(kim, world.new(kim)[0], near)
    [asked] = world.new(kim)
    assert meant in asked.subject and len(world.new(bob)) == 1
    await world.reply(kim, asked, yes)
    assert world.outcomes() == ["posted", "asked", "left"]


async def test_yes_to_did_you_mean_answers_no_invitation(world: World, ana: str, bob: str) -> None:
    await world.write(ana, "wells@cop.example", "Losses", "Who has cured losses?")
    await world.reply(bob, world.new(bob)[0], "weekyl")
    [asked] = world.new(bob)
    await world.reply(bob, asked, "yes")
    assert "one mail a week" in world.new(bob)[0].text


async def test_undo_under_somebody_elses_post_takes_back_ones_own(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(ana, "wells@cop.example", "Losses", "Who has cured losses?")
    [post] = world.new(bob)
    await world.reply(bob, post, "undo")
    assert "nothing of yours to take back" in " ".join(world.new(bob)[0].text.split())
    await world.reply(bob, post, "Call the mud engineer, he knows.")
    world.new(bob)
    await world.reply(bob, post, "Undo")
    assert world.new(bob)[0].subject == "Taken back: Losses"
    assert world.outcomes() == ["posted", "ignored", "posted", "undone"]


@pytest.mark.parametrize("verb", ["me", "find", "invite", "leave", "event", "help"])
async def test_a_stranger_is_told_what_this_is_and_only_if_vouched_for(world: World, ana: str, verb: str) -> None:
    await world.write("leo@x.example", f"wells-{verb}@cop.example", "Hello", "weekly", verified=False)
    assert world.new("leo@x.example") == []
    await world.write("leo@x.example", f"wells-{verb}@cop.example", "Hello", "A few words")
    await world.write("leo@x.example", f"wells-{verb}@cop.example", "Hello", "And again")
    [told] = world.new("leo@x.example")
    assert "wells-join@cop.example" in told.text and "leo@x.example" in told.text


async def test_yes_in_a_language_nobody_knows_them_by(world: World, ana: str) -> None:
    await world.write("ines@mar.example", "wells-join@cop.example", "", "Olá, gostaria de participar.")
    await world.reply("ines@mar.example", world.new("ines@mar.example")[0], "Sim, obrigada!")
    assert world.outcomes() == ["asked", "joined"]


async def test_words_for_the_facilitators_from_the_only_one_are_answered(world: World) -> None:
    ana = world.member("ana@acme.example", "Ana Lima", role="facilitator")
    await world.write(ana, "wells-team@cop.example", "Bob", "Could you take Bob off the list, please?")
    [told] = world.new(ana)
    assert "Nobody else facilitates Wells" in told.text and "Could you take Bob off" in told.text


async def test_a_sentence_with_the_date_in_it_stays_in_the_invitation(world: World) -> None:
    ana = world.member("ana@acme.example", "Ana Lima", role="facilitator")
    text = "Hi team,\nlet us meet on Thursday 12 March at 10:00 on Teams, one hour, cameras off.\nBring your cases."
    await world.write(ana, "wells-event@cop.example", "Webinar on barriers", text)
    [preview] = world.new(ana)
    assert "Thursday 12 March 2026, 10:00–11:00" in preview.text and "cameras off" in " ".join(preview.text.split())


@pytest.mark.parametrize("said", ["ok, thanks", "Approved!", "Yes let it through", "looks fine to me"])
async def test_a_facilitators_own_words_let_a_mail_through(world: World, said: str) -> None:
    ana = world.member("ana@acme.example", "Ana Lima", role="facilitator")
    dan = world.member("dan@far.example", "Dan Holt")
    await world.write(ana, "wells-team@cop.example", "", "first posts held")
    world.new(ana)
    await world.write(dan, "wells@cop.example", "Pumps", "Which pump seals last?")
    [held] = world.new(ana)
    await world.reply(ana, held, f"{said}\n\nBest regards\nAna Lima")
    assert world.outcomes() == ["governed", "held", "released", "posted"]
