"""What people write who know no word of ours: a wish in a sentence, a word in the subject, a greeting first, or nothing
at all. Nothing of it goes to everyone unasked, nothing is done unasked, and one word finishes it."""

import pytest
from world import Mail, World

from mailer.store.society import people


def mode(world: World, who: str) -> str:
    with world.app.store.reading() as conn:
        person, community = people.by_email(conn, who), people.community_named(conn, "wells")
        assert person and community
        member = people.membership_of(conn, person.id, community.id)
        assert member
        return member.mode if member.active else member.state


async def a_post(world: World, ana: str, *readers: str) -> Mail:
    await world.write(ana, "wells@cop.example", "Losses", "Who has cured losses?")
    boxes = [world.new(who) for who in readers]
    return boxes[0][0]


@pytest.mark.parametrize(
    ("language", "said", "yes", "now"),
    [
        ("en", "Hi,\n\nCan I get these once a week?\n\nThanks\nKim", "Yes", "weekly"),
        ("en", "please only send me one mail a week", "yes please", "weekly"),
        ("fr", "Bonjour,\nje ne veux plus recevoir ces mails.\nCordialement", "Oui", "left"),
        ("fr", "Un mail par jour me suffit, merci.", "oui", "daily"),
        ("es", "quiero darme de baja", "Sí", "left"),
        ("es", "¿Puedo recibir esto una vez por semana?", "sí, gracias", "weekly"),
        ("de", "bitte nur einmal die Woche", "Ja", "weekly"),
        ("pt", "Posso receber isto uma vez por semana?", "sim", "weekly"),
        ("ja", "週に一度だけ送ってください", "はい", "weekly"),
    ],
)
async def test_a_wish_is_asked_back_and_one_word_does_it(
    world: World, ana: str, bob: str, language: str, said: str, yes: str, now: str
) -> None:
    kim = world.member("kim@far.example", "Kim Lee", language=language)
    await world.reply(kim, await a_post(world, ana, kim, bob, ana), said)
    [asked] = world.new(kim)
    assert world.new(bob) == [] == world.new(ana) and mode(world, kim) == "each"
    await world.reply(kim, asked, yes)
    if mode(world, kim) == "each":  # "yes please" is asked once more
        await world.reply(kim, world.new(kim)[-1], "yes")
    assert mode(world, kim) == now


@pytest.mark.parametrize(("language", "all_"), [("en", "all"), ("fr", "tous"), ("es", "todos"), ("de", "alle")])
async def test_what_was_meant_for_everyone_goes_out_as_it_was_written(
    world: World, ana: str, bob: str, language: str, all_: str
) -> None:
    kim = world.member("kim@far.example", "Kim Lee", language=language)
    await world.reply(kim, await a_post(world, ana, kim, bob), "Can I get these once a week?")
    [asked] = world.new(kim)
    await world.reply(kim, asked, all_)
    [out] = world.new(bob)
    assert "Can I get these once a week?" in out.text and out.subject == "Re: Losses"
    assert world.outcomes() == ["posted", "asked", "released", "posted"] and mode(world, kim) == "each"


async def test_what_follows_the_word_is_done_by_yes(world: World, ana: str, bob: str) -> None:
    await world.reply(bob, await a_post(world, ana, bob), "Please stop mails until 5 April")
    [asked] = world.new(bob)
    assert "“away until 5 april”" in asked.text
    await world.reply(bob, asked, "yes")
    assert "your mail waits until Sunday 5 April 2026" in " ".join(world.new(bob)[0].text.split())


@pytest.mark.parametrize("text", ["", "Please.\n\nEdna", "-- \nEdna Mills\nBergen"])
async def test_a_word_in_the_subject_of_a_reply(world: World, ana: str, bob: str, text: str) -> None:
    edna = world.member("edna@old.example", "Edna Mills")
    post = await a_post(world, ana, edna, bob)
    quoted = "\n".join(f"> {line}" for line in post.text.splitlines())
    words = f"{text}\n\nOn 2 Mar 2026, at 09:00, Ana Lima wrote:\n\n{quoted}"
    for subject, end in (("STOP", "No more of: Losses"), ("unsubscribe", "You have left Wells")):
        named = f"In-Reply-To: <{post.message.message_id}>"
        await world.write(edna, post.back, subject, words, headers=named)
        assert end in world.new(edna)[0].subject
    assert world.new(bob) == []


@pytest.mark.parametrize(
    ("subject", "text"),
    [("STOP", ""), ("unsubscribe", "-- \nEdna"), ("", "Please remove me from this list.\n\nEdna"), ("Hi", "stop")],
)
async def test_a_mail_of_its_own_to_everyone_that_only_wants_out(
    world: World, ana: str, bob: str, subject: str, text: str
) -> None:
    await world.write(bob, "wells@cop.example", subject, text)
    [asked] = world.new(bob)
    assert "“leave”" in asked.subject and world.new(ana) == []
    await world.reply(bob, asked, "yes")
    assert mode(world, bob) == "left"


async def test_a_reply_with_nothing_new_goes_to_nobody_unless_one_says_so(world: World, ana: str, bob: str) -> None:
    kim = world.member("kim@far.example", "Kim Lee")
    post = await a_post(world, ana, kim, bob)
    await world.reply(kim, post, "")
    [asked] = world.new(kim)
    assert "no new words of yours" in asked.text and world.new(bob) == []
    await world.reply(kim, asked, "all")
    assert len(world.new(bob)) == 1


async def test_a_greeting_hides_no_answer(world: World, ana: str) -> None:
    await world.write("ines@mar.example", "wells-join@cop.example", "", "")
    await world.reply("ines@mar.example", world.new("ines@mar.example")[0], "Hello,\n\nyes\n\nInes")
    assert world.outcomes() == ["asked", "joined"]


@pytest.mark.parametrize(
    ("said", "welcome"),
    [
        ("Bonjour,\n\nOui, avec plaisir.\n\nLuc", "Bienvenue"),
        ("Hola:\n\nSí, gracias", "Ya forma parte"),
        ("Guten Tag,\nja gern\nUwe Kurz", "Willkommen"),
    ],
)
async def test_yes_in_ones_own_words_and_the_welcome_in_them(world: World, ana: str, said: str, welcome: str) -> None:
    await world.write("luc@mar.example", "wells-join@cop.example", "", "")
    await world.reply("luc@mar.example", world.new("luc@mar.example")[0], said)
    assert world.outcomes() == ["asked", "joined"]
    assert welcome in world.new("luc@mar.example")[0].text


async def test_whoever_writes_to_the_way_out_goes(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells-leave@cop.example", "Bye", "please take me off")
    assert world.outcomes() == ["left"]


async def test_what_was_not_understood_may_be_said_again_to_our_answer(world: World, ana: str) -> None:
    ines = "ines@mar.example"
    await world.write(ines, "wells-join@cop.example", "", "")
    await world.reply(ines, world.new(ines)[0], "Who are you, and what would it cost me?")
    [unclear] = world.new(ines)
    await world.reply(ines, unclear, "yes")
    assert world.outcomes() == ["asked", "unclear", "joined"]


async def test_between_two_people_nothing_is_a_wish(world: World, ana: str, bob: str) -> None:
    post = await a_post(world, ana, bob)
    await world.reply(bob, post, "private: Can I get these once a week?")
    [alone] = world.new(ana)[-1:]
    await world.reply(ana, alone, "Could you send me the files once a week?")
    assert "once a week" in world.new(bob)[-1].text


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("en", "Once a week.", "weekly"),
        ("en", "Remove", "leave"),
        ("fr", "Tous les jours", "quotidien"),
        ("es", "Seguir", ""),
        ("de", "Jede Woche.", "wöchentlich"),
        ("de", "Genug", "stopp"),
    ],
)
async def test_what_people_also_answer_is_asked_about_under_a_post(
    world: World, ana: str, bob: str, language: str, said: str, meant: str
) -> None:
    """How often do you test? Once a week. The one word that mails show is taken at its word."""
    kim = world.member("kim@far.example", "Kim Lee", language=language)
    await world.reply(kim, await a_post(world, ana, kim, bob), said)
    [told] = world.new(kim)
    assert (meant in told.subject and "asked" in world.outcomes()) if meant else "set" in world.outcomes()
    assert world.new(bob) == [] and mode(world, kim) == "each"


async def test_stop_where_there_is_no_thread_is_asked_first(world: World, ana: str, bob: str) -> None:
    await world.reply(bob, await a_post(world, ana, bob), "help")
    await world.reply(bob, world.new(bob)[0], "stop")
    [asked] = world.new(bob)
    assert "“leave”" in asked.subject and mode(world, bob) == "each"
    await world.reply(bob, asked, "stop")
    assert mode(world, bob) == "left"


async def test_whoever_has_left_is_told_that_nothing_was_done(world: World, ana: str, bob: str) -> None:
    post = await a_post(world, ana, bob)
    await world.write(bob, "wells-leave@cop.example", "", "")
    world.new(bob)
    await world.reply(bob, post, "weekly")
    [told] = world.new(bob)
    assert "We do not know bob@nord.example as the address of a member" in " ".join(told.text.split())


@pytest.mark.parametrize("said", ["Thanks!", "ok thanks", "Merci"])
async def test_thanks_for_a_digest_wants_no_answer(world: World, ana: str, said: str) -> None:
    kim = world.member("kim@far.example", "Kim Lee", mode="daily")
    await world.write(ana, "wells@cop.example", "Losses", "Who has cured losses?")
    await world.wait(days=1)
    await world.reply(kim, world.new(kim)[0], said)
    assert world.new(kim) == [] and world.outcomes()[-1] == "ignored"


async def test_a_wish_to_ones_own_settings(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells-me@cop.example", "Vacation", "Hello,\nplease hold my mail until 5 April\nBob")
    [asked] = world.new(bob)
    assert "“away until 5 april”" in asked.text
    await world.write(bob, "wells-me@cop.example", "", "Please delete all my data")
    assert "“erase me”" in world.new(bob)[0].subject


@pytest.mark.parametrize("verb", ["team", "find", "invite", "event"])
async def test_an_empty_mail_to_an_address_that_wants_words(world: World, ana: str, bob: str, verb: str) -> None:
    """What one sends who clicks the address under a mail, and then Send."""
    await world.write(bob, f"wells-{verb}@cop.example", "", "")
    assert "no new words of yours" in world.new(bob)[0].text and world.new(ana) == []
