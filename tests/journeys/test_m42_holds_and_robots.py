"""M42 and the laws on machines: what waits for a word, and what is never answered."""

import pytest
from world import World

from mailer.community.policy import Policy
from mailer.inbound import reader
from mailer.store.society import people


def choose(world: World, **choices: object) -> None:
    with world.app.store.writing() as conn:
        people.change_community(conn, people.communities(conn)[0].id, policy=Policy(**choices))  # type: ignore[arg-type]


async def test_a_first_post_waits_for_a_facilitator_where_the_community_wants_it(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    choose(world, first_posts="held")
    await world.write(bob, "wells@cop.example", "Hello", "My first words.")
    [hold] = world.new(ana)
    assert "My first words." in hold.text and world.new(cleo) == []
    await world.reply(ana, hold, "ok")
    assert [mail.subject for mail in world.new(cleo)] == ["Hello"]
    assert world.outcomes() == ["held", "released", "posted"]


async def test_a_refused_post_comes_back_with_the_reason(world: World, ana: str, bob: str, cleo: str) -> None:
    choose(world, first_posts="held")
    await world.write(bob, "wells@cop.example", "Offer", "Buy my pumps.")
    [hold] = world.new(ana)
    await world.reply(ana, hold, "no, this names a client")
    [told] = world.new(bob)
    assert "this names a client" in told.text
    assert world.new(cleo) == []
    await world.reply(ana, hold, "ok")  # too late: the first word decided
    assert world.new(cleo) == []


async def test_a_post_that_nobody_proves_is_confirmed_by_its_writer(world: World, ana: str, bob: str) -> None:
    choose(world, unverified="held")
    await world.write(bob, "wells@cop.example", "Hi", "Is it me?", verified=False)
    [question] = world.new(bob)
    assert world.new(ana) == []
    await world.reply(bob, question, "yes", verified=False)
    assert [mail.subject for mail in world.new(ana)] == ["Hi"]


async def test_a_forged_command_changes_nothing_until_its_person_says_so(world: World, ana: str, bob: str) -> None:
    await world.write(ana, "wells@cop.example", "News", "x")
    [post] = world.new(bob)
    await world.reply(bob, post, "weekly", verified=False)
    [question] = world.new(bob)
    await world.write(ana, "wells@cop.example", "More", "y")
    assert [mail.subject for mail in world.new(bob)] == ["More"]
    await world.reply(bob, question, "yes", verified=False)
    world.new(bob)
    await world.write(ana, "wells@cop.example", "Last", "z")
    assert world.new(bob) == []


async def test_an_out_of_office_is_recorded_and_never_answered(world: World, ana: str, bob: str) -> None:
    await world.write(ana, "wells@cop.example", "News", "x")
    [post] = world.new(bob)
    world.new(ana)
    auto = "Auto-Submitted: auto-replied"
    await world.reply(bob, post, "I am away until Monday.", headers=auto)
    await world.write(bob, post.mail_from, "Automatic reply: News", "I am away.", headers=auto, mail_from="")
    assert world.new(ana) == world.new(bob) == []
    assert world.outcomes() == ["posted", "recorded", "recorded"]


async def test_our_own_mail_come_back_is_refused_as_a_loop(world: World, ana: str, bob: str) -> None:
    import smtplib

    import pytest

    await world.write(ana, "wells@cop.example", "News", "x")
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        await world.hand_in(bob, "wells@cop.example", world.new(bob)[0].raw)
    assert refused.value.smtp_code == 554


async def test_a_signed_bounce_is_scored_and_a_forged_one_refused(world: World, ana: str, bob: str) -> None:
    await world.write(ana, "wells@cop.example", "News", "x")
    [post] = world.new(bob)
    await world.hand_in("", post.mail_from, bounce_of(bob))
    assert world.outcomes() == ["posted", "bounced"]
    with world.app.store.reading() as conn:
        score = conn.exec_driver_sql("SELECT bounce_weight FROM address WHERE email = 'bob@nord.example'").scalar()
    assert score == 1.0
    assert [mail.subject for mail in world.new(ana)] == ["Your post: News"]


async def test_undo_takes_a_post_back(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells@cop.example", "Oops", "Wrong list.")
    [receipt] = world.new(bob)
    await world.reply(bob, receipt, "undo")
    assert "is taken back" in world.new(bob)[0].text
    await world.write(ana, "wells-find@cop.example", "wrong list")
    assert "nothing" in world.new(ana)[-1].subject.lower()


def bounce_of(address: str) -> bytes:
    """A report of non-delivery as RFC 3464 has it."""
    return (
        "From: MAILER-DAEMON@nord.example\r\nTo: <>\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Message-ID: <b1@nord.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver it.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.nord.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user\r\n\r\n--b--\r\n"
    ).encode()


async def test_the_postmaster_is_someone(world: World, ana: str) -> None:
    await world.write("ops@far.example", "postmaster@cop.example", "Mail bounces", "Please look at your SPF record.")
    [told] = world.new(ana)
    assert "Please look at your SPF record." in told.text


async def test_the_first_word_of_two_facilitators_wins_and_the_other_is_told(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    dave = world.member("dave@acme.example", "Dave Moss", role="facilitator")
    choose(world, first_posts="held")
    await world.write(bob, "wells@cop.example", "Hello", "My first words.")
    [to_ana], [to_dave] = world.new(ana), world.new(dave)
    await world.reply(dave, to_dave, "ok")
    told, post = world.new(ana)
    assert (told.subject, post.subject) == ("Sent: Hello", "Hello")
    assert "Dave Moss has sent “Hello” by Bob Berg" in told.text
    assert [mail.subject for mail in world.new(bob)] == ["Sent: Hello"]
    await world.reply(ana, to_ana, "no, this names a client")  # crossed the note on its way
    assert world.new(bob) == world.new(dave)[1:] == []
    [late] = world.new(ana)
    assert late.subject == "Decided already: Hello"
    assert "“Hello”: Dave Moss was first: it is sent. Nothing was changed." in late.text
    assert [mail.subject for mail in world.new(cleo)] == ["Hello"]
    assert world.outcomes() == ["held", "released", "posted", "ignored"]


async def test_a_mail_whose_domain_asks_to_reject_it_waits_and_its_writer_is_not_written_to(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    border = "Authentication-Results: mx.cop.example; dmarc=fail policy.dmarc=reject header.from=nord.example"
    await world.write(bob, "wells@cop.example", "Pay here", "New bank account.", verified=False, headers=border)
    [hold] = world.new(ana)
    assert "could not verify the sender" in hold.text and "New bank account." in hold.text
    await world.reply(ana, hold, "no")
    assert [world.new(who) for who in (ana, bob, cleo)] == [[], [], []]
    assert world.outcomes() == ["held", "refused"]


async def test_whoever_gets_hold_of_a_personal_mail_learns_and_changes_nothing(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    await world.write(bob, "wells@cop.example", "Beads", "Use ceramic beads.")
    [receipt], [_] = world.new(bob), world.new(ana)
    world.new(cleo)
    for text in ("undo", "stop", "help", "daily", "none", "thanks", "quiet", "files", "1", "#x", "unsubscibe", "Who?"):
        await world.reply("mallory@evil.example", receipt, text)
    [told], [asked] = world.new("mallory@evil.example"), world.new(bob)  # once, whatever they try
    assert "ceramic" not in told.text and "bob@nord.example" not in told.text
    assert "mallory@evil.example" in asked.text
    assert [world.new(who) for who in (ana, cleo)] == [[], []]
    with world.app.store.reading() as conn:
        members = people.members(conn, people.communities(conn)[0].id)
        assert [(one.membership.mode, one.person.quiet) for one in members] == [("each", False)] * 3
        stranger = people.by_email(conn, "mallory@evil.example")
        assert stranger is None or people.membership_of(conn, stranger.id, people.communities(conn)[0].id) is None
    await world.write(cleo, "wells-find@cop.example", "ceramic beads")
    assert "Beads" in world.new(cleo)[0].text


async def test_a_mail_through_another_list_goes_out_on_a_facilitators_word(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    through = "List-Id: <pumps.lists.example>\nPrecedence: list"
    await world.write(bob, "wells@cop.example", "Of pumps", "They leak.", headers=through)
    [hold] = world.new(ana)
    assert "another list" in hold.text
    await world.reply(ana, hold, "ok")
    assert [mail.subject for mail in world.new(cleo)] == ["Of pumps"]
    assert world.outcomes() == ["held", "released", "posted"]


async def test_a_facilitators_word_counts_for_their_community_and_the_post_alone(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    world.community("hills")
    world.member(bob, "Bob Berg", "hills")
    hanna = world.member("hanna@peak.example", "Hanna Roth", "hills", role="facilitator")
    ivan = world.member("ivan@peak.example", "Ivan Roth", "hills")
    with world.app.store.writing() as conn:
        for one in people.communities(conn):
            people.change_community(conn, one.id, policy=Policy(first_posts="held"))
    everywhere = "wells@cop.example wells-leave@cop.example hills@cop.example"
    await world.write(bob, everywhere, "Hello", "My first words.", verified=False)
    [to_ana], [to_hanna], [question] = world.new(ana), world.new(hanna), world.new(bob)
    await world.reply(ana, to_ana, "ok")
    assert [mail.subject for mail in world.new(cleo)] == ["Hello"]
    assert world.new(ivan) == []
    assert [mail.subject for mail in world.new(bob)] == ["Sent: Hello"]  # and is a member still
    await world.reply(hanna, to_hanna, "ok")
    assert [mail.subject for mail in world.new(ivan)] == ["Hello"]
    world.new(bob)
    await world.reply(bob, question, "yes", verified=False)
    assert [mail.subject for mail in world.new(bob)] == ["You have left Wells"]
    assert [mail.subject for mail in world.new(cleo)] == []


async def test_what_is_too_much_for_one_word_is_written_down(
    world: World, ana: str, bob: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "RELEASES", 1)
    choose(world, unverified="held")
    for number in (1, 2):
        await world.write(bob, "wells@cop.example", f"Number {number}", "Is it me?", verified=False)
    [question] = world.new(bob)
    await world.reply(bob, question, "yes", verified=False)
    assert [mail.subject for mail in world.new(ana)] == ["Number 1"]
    assert world.outcomes() == ["held", "held", "released", "posted", "limited"]


async def test_a_writers_own_yes_is_not_a_facilitators_ok(world: World, ana: str, bob: str, cleo: str) -> None:
    choose(world, unverified="held", first_posts="held")
    await world.write(bob, "wells@cop.example", "Hello", "My first words.", verified=False)
    [question] = world.new(bob)
    await world.reply(bob, question, "yes", verified=False)
    assert world.new(cleo) == []
    [hold] = world.new(ana)
    await world.reply(ana, hold, "ok")
    assert [mail.subject for mail in world.new(cleo)] == ["Hello"]
