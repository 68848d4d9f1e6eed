"""M42: the facilitator's whole queue from a mail program: one mail an hour, a word for each, nobody forgotten."""

import asyncio

import pytest
from clients import exchange, iphone
from world import World

from mailer.community.policy import Policy
from mailer.store.society import people


def choose(world: World, **choices: object) -> None:
    with world.app.store.writing() as conn:
        people.change_community(conn, people.communities(conn)[0].id, policy=Policy(**choices))  # type: ignore[arg-type]


def writers(world: World, count: int) -> list[str]:
    names = ("Bob Berg", "Cleo Diaz", "Emil Lund", "Finn Ober", "Gus Roth")
    return [world.member(f"{name.split()[0].lower()}@far.example", name) for name in names[:count]]


async def first_words(world: World, who: list[str], text: str = "My first words.") -> None:
    for number, one in enumerate(who, 1):
        await world.write(one, "wells@cop.example", f"Hello {number}", text)


def trust(world: World, address: str) -> str:
    with world.app.store.reading() as conn:
        who = people.by_email(conn, address)
        assert who
        member = people.membership_of(conn, who.id, people.communities(conn)[0].id)
        assert member
        return member.trust


SPOKEN = {
    "en": ("1 ok\n2 no off topic", "Waiting for you: 2 mails to Wells", "off topic"),
    "fr": ("1 oui\n2 non hors sujet", "2 mails attendent votre avis : Wells", "hors sujet"),
    "es": ("1 sí, 2 no fuera de tema", "2 correos esperan su respuesta: Wells", "fuera de tema"),
    "de": ("1 ja\n2 nein, gehört nicht hierher", "2 Mails warten auf Sie: Wells", "gehört nicht hierher"),
}


@pytest.mark.parametrize("language", SPOKEN)
async def test_the_first_comes_at_once_the_others_within_the_hour_in_one_mail(world: World, language: str) -> None:
    words, subject, reason = SPOKEN[language]
    ana = world.member("ana@acme.example", "Ana Lima", role="facilitator", language=language)
    choose(world, first_posts="held")
    bob, cleo, emil = writers(world, 3)
    await first_words(world, [bob, cleo, emil])
    [first] = world.new(ana)
    assert "Hello 1" in first.subject and "Hello 2" not in first.text
    await world.wait(minutes=30)
    assert world.new(ana) == []
    await world.restart()
    await world.wait(minutes=45)
    [several] = world.new(ana)
    assert several.subject == subject
    assert "1. Cleo Diaz" in several.text and "2. Emil Lund" in several.text
    await world.reply(ana, several, words)
    receipt = next(mail for mail in world.new(ana) if "Hello" not in mail.subject)
    assert "Hello 2" in receipt.text and "Hello 3" in receipt.text
    assert [mail.subject for mail in world.new(bob)] == ["Hello 2"]
    assert len(world.new(cleo)) == 1
    assert len([mail for mail in world.new(emil) if reason in mail.text]) == 1
    assert world.outcomes()[3:] == ["released", "refused", "answered", "posted"]
    await world.wait(hours=5)
    assert world.new(ana) == []


async def test_ok_all_lets_everything_go_and_what_it_lets_go_changes_nothing_else(world: World, ana: str) -> None:
    choose(world, first_posts="held")
    dana = world.member("dana@far.example", "Dana Holt")
    with world.app.store.writing() as conn:
        who = people.by_email(conn, dana)
        assert who
    some = writers(world, 4)
    await first_words(world, some, "yes")
    await world.wait(hours=1)
    several = world.new(ana)[-1]
    await world.reply(ana, several, "ok all")
    assert sorted(mail.subject for mail in world.new(dana)) == ["Hello 2", "Hello 3", "Hello 4"]
    with world.app.store.reading() as conn:
        assert len(people.members(conn, people.communities(conn)[0].id)) == 6


async def test_ok_for_several_is_asked_back_and_the_receipt_can_be_answered(world: World, ana: str) -> None:
    choose(world, first_posts="held")
    some = writers(world, 3)
    await first_words(world, some)
    await world.wait(hours=1)
    several = world.new(ana)[-1]
    await world.reply(ana, several, "ok")
    [question] = world.new(ana)
    assert question.subject.startswith("One question") and "with the number before it" in question.text
    await world.reply(ana, several, "hold writer")
    assert "“hold writer”" in world.new(ana)[0].text
    assert world.new(some[0]) == []
    await world.reply(ana, question, "2 ok but take the client out\n1 ok")
    [_, receipt] = sorted(world.new(ana), key=lambda mail: mail.subject.startswith("Sent"))
    assert "2. “Hello 3”: not done yet" in receipt.text
    await world.reply(ana, receipt, "no\n\nIt names a client.")
    assert any("It names a client." in mail.text for mail in world.box(some[2]))


async def test_ok_always_ends_the_waiting_of_this_writer_but_not_of_who_pretends(world: World, ana: str) -> None:
    choose(world, first_posts="held", unverified="held")
    [bob, cleo] = writers(world, 2)
    await world.write(bob, "wells@cop.example", "Hello", "My first words.")
    [held] = world.new(ana)
    await world.reply(ana, held, "ok always")
    assert sorted(mail.subject for mail in world.new(ana)) == ["Hello", "Sent: Hello"]
    assert trust(world, bob) == "trusted"
    receipt = next(mail for mail in world.box(ana) if mail.subject.startswith("Sent"))
    await world.reply(ana, receipt, "undo")
    assert trust(world, bob) == ""
    await world.reply(ana, held, "ok")  # too late to change anything
    with world.app.store.writing() as conn:
        member = people.by_email(conn, bob)
        assert member
        found = people.membership_of(conn, member.id, people.communities(conn)[0].id)
        assert found
        people.change_membership(conn, found.id, trust="trusted")
    world.new(cleo)
    await world.write(bob, "wells@cop.example", "Second", "No proof this time.", verified=False)
    assert [mail.subject for mail in world.new(cleo)] == ["Second"]
    border = "Authentication-Results: mx.cop.example; dmarc=fail policy.dmarc=reject header.from=far.example"
    await world.write(bob, "wells@cop.example", "Pay here", "New account.", verified=False, headers=border)
    await world.wait(hours=1)
    assert world.new(cleo) == []
    assert "could not verify the sender" in world.new(ana)[-1].text


async def test_a_forged_mail_earns_nobody_trust(world: World, ana: str, bob: str, cleo: str) -> None:
    border = "Authentication-Results: mx.cop.example; dmarc=fail policy.dmarc=reject header.from=nord.example"
    await world.write(bob, "wells@cop.example", "Odd", "It is me.", verified=False, headers=border)
    [held] = world.new(ana)
    await world.reply(ana, held, "ok always")
    assert [mail.subject for mail in world.new(cleo)] == ["Odd"]
    assert trust(world, bob) == ""
    assert any("will still wait" in mail.text for mail in world.new(ana))
    assert [mail for mail in world.box(bob) if "Sent" in mail.subject] == []


@pytest.mark.parametrize("shape", ["outlook", "gmail", "plain"])
async def test_edit_sends_the_facilitators_text_and_nothing_of_the_mail_around_it(
    world: World, ana: str, bob: str, cleo: str, shape: str
) -> None:
    choose(world, first_posts="held")
    await world.write(bob, "wells@cop.example", "Question", "BigOil drills at Brent.\nWho has cured losses?")
    [held] = world.new(ana)
    text = "edit\n\nWe drill a well in the north.\nWho has cured losses?"
    if shape == "outlook":
        await world.hand_in(ana, held.back, exchange("Ana Lima", ana, "e1@acme.example", world.now, held, text))
    elif shape == "gmail":
        await world.hand_in(ana, held.back, iphone("Ana Lima", ana, "e1@acme.example", world.now, held, text))
    else:
        await world.reply(ana, held, text)
    [post] = world.new(cleo)
    assert "We drill a well in the north.\nWho has cured losses?" in post.text
    assert "[Edited by Ana Lima before it went out.]" in post.text
    for leak in ("BigOil", "bob@nord.example", "waits for you", "wells-r-", "Regards"):
        assert leak not in post.text.replace("Regards,\nBob Berg", "") or leak == "Regards"
    [told] = world.new(bob)
    assert told.subject == "Sent, with changes: Question"
    assert "> BigOil drills at Brent." in told.text and "> We drill a well in the north." in told.text
    receipt = world.new(ana)[-1]
    assert "cannot be called back" in receipt.text or "cannot be called back" in world.box(ana)[-2].text


async def test_an_edit_without_text_or_with_the_mail_around_it_is_asked_back(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    choose(world, first_posts="held")
    await world.write(bob, "wells@cop.example", "Question", "Who has cured losses?")
    [held] = world.new(ana)
    await world.reply(ana, held, "edit")
    [question] = world.new(ana)
    assert "below it the whole text" in question.text
    await world.reply(ana, held, "edit\nBob Berg <bob@nord.example> wrote:\nWho has cured losses?", quote=False)
    assert world.new(cleo) == [] and len(world.new(ana)) == 1
    await world.reply(ana, question, "edit\nWho has cured losses at the shoe?")
    assert "at the shoe?" in world.new(cleo)[0].text


async def test_two_facilitators_answer_at_the_same_time(world: World, ana: str, bob: str, cleo: str) -> None:
    dave = world.member("dave@acme.example", "Dave Moss", role="facilitator")
    choose(world, first_posts="held")
    await world.write(bob, "wells@cop.example", "Hello", "My first words.")
    [to_ana], [to_dave] = world.new(ana), world.new(dave)
    await asyncio.gather(world.reply(ana, to_ana, "ok"), world.reply(dave, to_dave, "no, not yet"))
    outcomes = sorted(world.outcomes()[1:])
    assert outcomes in (["ignored", "posted", "released"], ["ignored", "refused"])
    said = [mail.subject for who in (ana, dave) for mail in world.new(who) if "ecided" in mail.subject]
    assert len(said) == 1
    assert len([mail for mail in world.new(bob) if mail.subject in ("Sent: Hello", "Not sent: Hello")]) == 1


async def test_the_others_hear_of_several_decisions_in_one_mail(world: World, ana: str) -> None:
    dave = world.member("dave@acme.example", "Dave Moss", role="facilitator")
    choose(world, first_posts="held")
    await first_words(world, writers(world, 3))
    await world.wait(hours=1)
    several = world.new(ana)[-1]
    world.new(dave)
    await world.reply(ana, several, "1, 2 no, sales talk")
    [told] = world.new(dave)
    assert told.subject == "Decided: 2 mails to Wells"
    assert "Ana Lima has kept back “Hello 2” by Cleo Diaz: “sales talk”." in told.text


async def test_what_nobody_answers_goes_to_everyone_after_a_day_and_to_the_sponsor_after_two(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    dave = world.member("dave@acme.example", "Dave Moss", role="facilitator")
    sue = world.member("sue@acme.example", "Sue Ford", role="sponsor", mode="none")
    choose(world, first_posts="held", rota="weekly")
    await world.wait(hours=1)
    assert [mail.subject for mail in world.new(ana)] == ["This week is yours: Wells"]
    await world.write(bob, "wells@cop.example", "Hello", "My first words.")
    assert [mail.subject for mail in world.new(ana)] == ["Waiting for you: Hello"]
    assert world.new(dave) == []
    await world.wait(hours=25)
    assert [mail.subject for mail in world.new(dave)] == ["Still waiting: Hello"]
    assert [mail.subject for mail in world.new(ana)] == ["Still waiting: Hello"]
    assert [mail.subject for mail in world.new(bob)] == ["Still waiting: Hello"]
    assert world.new(sue) == []
    await world.restart()
    await world.wait(hours=24)
    [asked] = world.new(sue)
    assert "No facilitator has answered for two days" in asked.text
    await world.wait(hours=30)
    assert world.new(dave) == world.new(ana) == world.new(bob) == world.new(sue) == []
    await world.reply(sue, asked, "ok")
    assert [mail.subject for mail in world.new(cleo)] == ["Hello"]
    assert [mail.subject for mail in world.new(dave)] == ["Sent: Hello", "Hello"]


async def test_a_writer_whose_posts_are_held_and_set_free(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(bob, "wells@cop.example", "Pumps", "Cheap pumps.")
    [post] = world.new(ana)
    await world.reply(cleo, post, "hold writer")  # a member's words are a post
    world.new(cleo), world.new(ana)
    await world.reply(ana, post, "hold writer")
    assert trust(world, bob) == "held"
    [told] = world.new(ana)
    assert told.subject == "Posts wait: Bob Berg"
    world.new(bob), world.new(cleo)
    await world.write(bob, "wells@cop.example", "More pumps", "Cheaper.")
    assert world.new(cleo) == []
    assert "their posts wait for a facilitator" in world.new(ana)[0].text
    await world.reply(ana, told, "unhold")
    assert trust(world, bob) == ""
    await world.write(bob, "wells@cop.example", "Beads", "They work.")
    assert [mail.subject for mail in world.new(cleo)] == ["Beads"]


async def test_nobody_answers_for_a_fortnight_and_the_writer_knows(world: World, ana: str, bob: str) -> None:
    choose(world, first_posts="held")
    await world.write(bob, "wells@cop.example", "Hello", "My first words.")
    await world.wait(days=13, hours=2)
    assert [mail.subject for mail in world.new(bob)] == ["Still waiting: Hello", "Not sent: Hello"]
    [held, *_] = world.new(ana)
    await world.reply(ana, held, "ok")
    assert "kept back" in world.new(ana)[-1].text


@pytest.mark.parametrize("words", ["ok", "edit\n\n1: ceramic beads held up."])
async def test_what_a_newcomer_says_to_a_digest_goes_out_on_a_facilitators_word(
    world: World, ana: str, cleo: str, words: str
) -> None:
    await world.write(ana, "wells@cop.example", "Which beads?", "Which beads held up?")
    emil = world.member("emil@far.example", "Emil Lund", mode="daily")
    await world.until("2026-03-03 07:00", "Europe/Oslo")
    [digest] = [mail for mail in world.new(emil) if "1." in mail.text]
    choose(world, first_posts="held")
    world.new(cleo), world.new(ana)
    await world.reply(emil, digest, "1: ceramic beads held up.")
    [held] = world.new(ana)
    assert world.new(cleo) == []
    await world.reply(ana, held, words)
    [post] = world.new(cleo)
    assert post.subject == "Re: Which beads?" and "ceramic beads held up." in post.text
    assert ("Edited by Ana Lima" in post.text) == words.startswith("edit")
