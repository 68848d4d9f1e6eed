"""M41, M09: joining by mail, by writing to the list; leaving by a word, by an address, by the header."""

from world import World

NEW = "nia@new.example"


async def test_a_stranger_asks_at_the_join_address_and_says_yes(world: World, ana: str) -> None:
    await world.write(NEW, "wells-join@cop.example", "hello")
    [question] = world.new(NEW)
    assert question.subject == "Join Wells? Reply yes"
    await world.reply(NEW, question, "Yes.")
    [welcome] = world.new(NEW)
    assert welcome.subject == "Welcome to Wells"
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    assert [mail.subject for mail in world.new(NEW)] == ["News"]
    assert world.outcomes() == ["asked", "joined", "posted"]


async def test_a_strangers_question_is_held_until_their_yes(world: World, ana: str) -> None:
    await world.write(NEW, "wells@cop.example", "Centralisers", "Which ones held up for you?", verified=False)
    [held] = world.new(NEW)
    assert held.subject == "Your mail to Wells is safe"
    assert "Which ones held up" not in held.text  # nobody can have us mail their words to somebody else
    assert world.new(ana) == []
    await world.reply(NEW, held, "yes", verified=False)
    [welcome] = world.new(NEW)
    assert "on its way" in welcome.text
    post, buddy = world.new(ana)
    assert "Which ones held up for you?" in post.text and "for the first time" in post.text
    assert "A word of welcome from you" in buddy.text.replace("\n", " ")
    assert world.outcomes() == ["held", "joined", "posted"]


async def test_no_means_no_and_their_mail_goes_to_nobody(world: World, ana: str) -> None:
    await world.write(NEW, "wells@cop.example", "Spam", "Buy.", verified=False)
    await world.reply(NEW, world.new(NEW)[0], "no", verified=False)
    assert world.new(NEW) == world.new(ana) == []
    assert world.outcomes() == ["held", "answered"]


async def test_someone_else_cannot_say_yes_for_them(world: World, ana: str) -> None:
    await world.write(NEW, "wells@cop.example", "Hi", "Hello.", verified=False)
    [held] = world.new(NEW)
    await world.reply("mallory@evil.example", held, "yes", verified=False)
    assert world.new(ana) == [] == world.new("mallory@evil.example")


async def test_stop_mutes_the_thread_and_said_again_leaves(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    [post] = world.new(bob)
    await world.reply(bob, post, "STOP")
    [muted] = world.new(bob)
    assert "Reply “stop” again to leave" in muted.text
    await world.reply(cleo, world.new(cleo)[0], "I see.")
    assert world.new(bob) == []
    await world.reply(bob, muted, "stop")
    [left] = world.new(bob)
    assert left.subject == "You have left Wells"
    await world.write(ana, "wells@cop.example", "More", "News.")
    assert world.new(bob) == []


async def test_the_header_of_any_post_is_a_way_out_that_needs_no_proof(world: World, ana: str, bob: str) -> None:
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    [post] = world.new(bob)
    way = post.message.headers.get("list-unsubscribe")
    address = way.partition("<mailto:")[2].partition("?")[0].partition(">")[0]
    await world.write("assistant@nord.example", address, "stop", "", verified=False)
    assert [mail.subject for mail in world.new(bob)] == ["You have left Wells"]
    assert world.outcomes() == ["posted", "left"]


async def test_a_forged_leave_is_asked_back(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells-leave@cop.example", "leave", "", verified=False)
    [question] = world.new(bob)
    assert world.outcomes() == ["held"]
    await world.reply(bob, question, "yes", verified=False)
    assert [mail.subject for mail in world.new(bob)] == ["You have left Wells"]


async def test_unknown_addresses_are_refused_in_the_dialogue(world: World, ana: str) -> None:
    import smtplib

    import pytest

    for address in (
        "hills@cop.example",
        "wells-nothing@cop.example",
        "wells-b-abcdef@cop.example",
        "x@elsewhere.example",
    ):
        with pytest.raises(smtplib.SMTPResponseException) as refused:
            await world.write(ana, address, "x", "y")
        assert refused.value.smtp_code == 550
    assert world.outcomes() == []
