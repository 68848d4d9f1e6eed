"""A word to the author alone, and back: relayed both ways, no address shown, and nobody else can take part."""

import clients
import pytest
from world import Mail, World

from mailer.store.society import people

SHOE = "Who drills it out with PDC?"


def speaks(world: World, address: str, language: str) -> None:
    with world.app.store.writing() as conn:
        who = people.by_email(conn, address)
        assert who
        people.change_person(conn, who.id, language=language)


async def asked(world: World, writer: str, reader: str) -> Mail:
    """What the reader got of the writer's question."""
    await world.write(writer, "wells@cop.example", "Shoe track", SHOE)
    world.new(writer)
    return world.new(reader)[-1]


@pytest.mark.parametrize(
    ("language", "word", "alone"),
    [
        ("en", "private", "Cleo alone, who does not see your address"),
        ("fr", "privé", "Cleo seulement, qui ne voit pas votre adresse"),
        ("es", "privado", "solo a Cleo, que no ve su dirección"),
        ("de", "privat", "nur an Cleo, dort sieht niemand Ihre Adresse"),
    ],
)
async def test_it_goes_both_ways_and_shows_no_address(
    world: World, ana: str, bob: str, cleo: str, language: str, word: str, alone: str
) -> None:
    speaks(world, bob, language), speaks(world, cleo, language)
    post = await asked(world, cleo, bob)
    world.new(ana)
    words = f"{word}: I would rather tell you alone.\n\nIt was our own engineer.\n\nBob Berg\n{bob}"
    await world.reply(bob, post, words)
    [got], [told] = world.new(cleo), world.new(bob)
    assert "I would rather tell you alone.\n\nIt was our own engineer." in got.text and f"{word}:" not in got.text
    assert got.message.senders[0].name == "Bob Berg (Nord Drilling) via Wells"
    assert alone in " ".join(told.text.split()) and "Shoe track" in got.subject
    assert bob not in got.raw.decode() and cleo not in told.message.text
    await world.reply(cleo, got, "thanks")
    await world.reply(cleo, got, f"I keep it to myself.\n\n-- \nCleo Diaz\n{cleo}\n+34 91 000 00 00")
    short, long = world.new(bob)
    assert "\nthanks\n" in short.text and "I keep it to myself." in long.text and cleo not in long.raw.decode()
    await world.reply(bob, long, "And one more thing.")
    assert "And one more thing." in world.new(cleo)[-1].text
    assert world.new(ana) == [] and world.new(bob) == []
    assert world.outcomes() == ["posted", "relayed", "relayed", "relayed", "relayed"]


async def test_the_word_alone_opens_a_mail_to_write_in(world: World, ana: str, bob: str, cleo: str) -> None:
    post = await asked(world, cleo, bob)
    await world.reply(bob, post, "private")
    [ready] = world.new(bob)
    assert "Reply goes to Cleo alone" in ready.text and world.new(cleo) == []
    await world.reply(bob, ready, "Thanks Cleo, it was ours.")
    [got] = world.new(cleo)
    assert "Thanks Cleo, it was ours." in got.text
    [told] = world.new(bob)
    assert told.subject == "Sent to Cleo Diaz alone"


async def test_the_address_in_the_footer_needs_no_word(world: World, ana: str, bob: str, cleo: str) -> None:
    post = await asked(world, cleo, bob)
    world.new(ana)
    [alone] = {part.split("?")[0] for part in post.message.html.split("mailto:") if part.startswith("wells-private-")}
    await world.write(bob, alone, "Your question", "stop\n\nI mean: stop the pump first.")
    [got] = world.new(cleo)
    assert "I mean: stop the pump first." in got.text and world.new(ana) == []
    await world.write("eve@far.example", alone, "Hello", "Buy my seals.")
    assert world.new(cleo) == [] and world.outcomes()[-1] == "recorded"


async def test_files_ride_along_but_nothing_that_tells_who_sent_them(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    post = await asked(world, cleo, bob)
    lines = [
        f"From: Bob Berg <{bob}>", f"To: <{post.back}>", "Subject: Re: Shoe track", "Message-ID: <f1@nord.example>",
        f"In-Reply-To: <{post.message.message_id}>", "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="b"', "", "--b", "Content-Type: text/plain", "",
        "private: our drawing", "--b", 'Content-Type: application/pdf; name="shoe.pdf"',
        'Content-Disposition: attachment; filename="shoe.pdf"', "", "%PDF", "--b",
        'Content-Type: text/vcard; name="bob.vcf"', 'Content-Disposition: attachment; filename="bob.vcf"', "",
        f"EMAIL:{bob}", "--b--", "",
    ]  # fmt: skip
    await world.hand_in(bob, post.back, "\r\n".join(lines).encode())
    [got] = world.new(cleo)
    assert [one.name for one in got.message.attachments] == ["shoe.pdf"] and bob not in got.raw.decode()


async def test_either_may_end_it_and_is_left_in_peace(world: World, ana: str, bob: str, cleo: str) -> None:
    post = await asked(world, cleo, bob)
    await world.reply(bob, post, "private: psst")
    [got] = world.new(cleo)
    [told] = world.new(bob)
    await world.reply(cleo, got, "stop")
    [ended] = world.new(cleo)
    assert "this private exchange is over" in ended.text
    await world.reply(bob, told, "Are you there?")
    await world.reply(bob, post, "private: Hello?")
    first, second = world.new(bob)
    assert world.new(cleo) == [] and "has ended this private exchange" in " ".join(first.text.split())
    assert "> Are you there?" in first.text and "Hello?" in second.text
    await world.reply(cleo, got, "Perhaps after all.")
    assert "has ended" in world.new(cleo)[-1].text and world.new(bob) == []


async def test_nobody_else_gets_in(world: World, ana: str, bob: str, cleo: str) -> None:
    post = await asked(world, cleo, bob)
    await world.reply(bob, post, "private: psst")
    [got], _, _ = world.new(cleo), world.new(bob), world.new(ana)
    await world.reply(ana, got, "What is this about?")
    await world.reply("bert@nord.example", got, "stop")
    [asked_back] = world.new("bert@nord.example")
    assert "somebody else" in world.new(ana)[-1].text and "from an address\nwe do not know" in asked_back.text
    assert "What is this about?" not in "".join(mail.text for mail in (*world.new(bob), *world.new(cleo)))


async def test_to_all_by_mistake_it_still_goes_to_one(world: World, ana: str, bob: str, cleo: str) -> None:
    post = await asked(world, cleo, bob)
    await world.reply(bob, post, "private: psst")
    [got], _, _ = world.new(cleo), world.new(bob), world.new(ana)
    named = f"In-Reply-To: <{got.message.message_id}>"
    await world.write(cleo, "wells@cop.example", f"Re: {got.subject}", "Only for you.", headers=named)
    assert world.new(ana) == [] and "Only for you." in world.new(bob)[-1].text


async def test_machines_are_not_passed_on(world: World, ana: str, bob: str, cleo: str) -> None:
    post = await asked(world, cleo, bob)
    await world.reply(bob, post, "private: psst")
    [got], _ = world.new(cleo), world.new(bob)
    await world.reply(cleo, got, "I am away.", headers="Auto-Submitted: auto-replied")
    assert world.new(bob) == [] and world.outcomes()[-1] == "recorded"


async def test_who_cannot_be_reached_or_may_not_write_is_said(world: World, ana: str, bob: str, cleo: str) -> None:
    post = await asked(world, cleo, bob)
    await world.write(cleo, "wells-leave@cop.example", "leave", "")
    world.new(cleo)
    await world.reply(bob, post, "private: psst")
    assert "no longer in Wells" in " ".join(world.new(bob)[-1].text.split()) and world.new(cleo) == []
    await world.reply(cleo, post, "private: to myself")
    assert "only members" in world.new(cleo)[-1].text


@pytest.mark.parametrize("word", ["private", "all", "no"])
async def test_a_reply_to_many_that_looks_private_is_asked_about(
    world: World, ana: str, bob: str, cleo: str, word: str
) -> None:
    for n in range(12):
        world.member(f"m{n}@far.example", f"Mia {n}")
    post = await asked(world, cleo, bob)
    world.new(ana)
    words = "Just between us: we broke it ourselves. Call me on +47 91 23 45 67."
    mail = clients.iphone("Bob Berg", bob, "9@nord.example", world.now, post, words)
    await world.hand_in(bob, post.back, mail)
    assert world.new(ana) == world.new(cleo) == []
    [question] = world.new(bob)
    assert "looks meant for Cleo Diaz alone" in " ".join(question.text.split()) and "all 14" in question.text
    await world.reply(bob, question, word)
    to_cleo, to_ana = world.new(cleo), world.new(ana)
    assert [len(to_cleo), len(to_ana)] == {"private": [1, 0], "all": [1, 1], "no": [0, 0]}[word]
    assert bob not in "".join(mail.raw.decode() for mail in (*to_cleo, *to_ana))


async def test_in_a_small_circle_nobody_is_asked(world: World, ana: str, bob: str, cleo: str) -> None:
    post = await asked(world, cleo, bob)
    await world.reply(bob, post, "Just between us: we broke it ourselves.")
    assert len(world.new(cleo)) == 1
