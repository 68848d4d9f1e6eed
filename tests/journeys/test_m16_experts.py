"""Who knows: found by tags and by what they answered, named without an address, asked through a line between two."""

import pytest
from world import World

from mailer.store.society import people

TAGGED = "Which spacer ahead of light slurry? #cementing"


async def known(world: World, ana: str, bob: str, cleo: str) -> None:
    """Bob has asked about cementing; Cleo has answered, and was thanked."""
    await world.write(bob, "wells@cop.example", TAGGED, "We lost returns twice.")
    [post] = world.new(cleo)
    await world.reply(cleo, post, "Weighted, with fibres.")
    await world.reply(bob, world.new(bob)[-1], "thanks")
    world.new(ana), world.new(bob), world.new(cleo)


@pytest.mark.parametrize(
    ("language", "ask", "said"),
    [
        ("en", "find who #cementing", "1 conversation answered, 1 thanks"),
        ("fr", "qui #cementing", "1 conversation avec réponse, 1 merci"),
        ("es", "quién #cementing", "1 conversación respondida, 1 agradecimiento"),
        ("de", "wer cementing", "1 Gespräch beantwortet, 1 Dank"),
    ],
)
async def test_someone_who_knows_is_found_and_asked(
    world: World, ana: str, bob: str, cleo: str, language: str, ask: str, said: str
) -> None:
    await known(world, ana, bob, cleo)
    with world.app.store.writing() as conn:
        who = people.by_email(conn, ana)
        assert who
        people.change_person(conn, who.id, language=language)
    await world.write(ana, "wells-find@cop.example", ask)
    [found] = world.new(ana)
    assert f"1. Cleo Diaz: {said}" in found.text.replace(" :", ":") and "Bob" not in found.text
    assert cleo not in found.raw.decode()
    await world.reply(ana, found, "1: which fibres, and how long?\n\nWe start on Monday.\n\nAna")
    [question], [told] = world.new(cleo), world.new(ana)
    assert "which fibres, and how long?\n\nWe start on Monday." in question.text and ana not in question.raw.decode()
    assert "has a question for you alone" in question.text and "#cementing" in question.subject
    assert world.new(bob) == [] and "Cleo" in told.subject
    await world.reply(cleo, question, "Six millimetres.")
    [answer] = world.new(ana)
    assert "Six millimetres." in answer.text and cleo not in answer.raw.decode()


async def test_a_number_alone_opens_a_mail_and_no_number_is_asked_for(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    await known(world, ana, bob, cleo)
    await world.write(ana, "wells-find@cop.example", "who #cementing")
    [found] = world.new(ana)
    await world.reply(ana, found, "1")
    [ready] = world.new(ana)
    assert "Reply goes to Cleo alone" in ready.text and world.new(cleo) == []
    await world.reply(ana, found, "Which fibres do you use?")
    assert "Which one did you mean?" in world.new(ana)[-1].subject and world.new(cleo) == []
    await world.reply(ana, ready, "Which fibres?")
    assert "Which fibres?" in world.new(cleo)[-1].text


async def test_the_quiet_are_not_named_and_plain_questions_search(world: World, ana: str, bob: str, cleo: str) -> None:
    await known(world, ana, bob, cleo)
    with world.app.store.writing() as conn:
        who = people.by_email(conn, cleo)
        assert who
        people.change_person(conn, who.id, quiet=True)
    await world.write(ana, "wells-find@cop.example", "who #cementing")
    await world.write(ana, "wells-find@cop.example", "who lost returns twice?")
    nobody, hits = world.new(ana)
    assert "Nobody" in nobody.text and "Cleo" not in nobody.text
    assert "lost returns" in hits.text and "Which spacer" in hits.text
