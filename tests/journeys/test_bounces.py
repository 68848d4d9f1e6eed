"""An address that mail does not reach: counted by days, asked once more, told elsewhere, and back by any mail."""

import re

import pytest
from clients import complaint, report
from world import Mail, World

from mailer.store.society import people

GONE = "550 5.1.1 No such user here"
HOME = "bob@home.example"
WORDS = {
    "en": ("Does mail from Wells reach you?", "does not arrive", "You missed 2 posts", "reaches you again"),
    "fr": ("vous arrivent-ils", "n'arrivent pas", "Vous avez manqué 2 messages", "vous parvient de nouveau"),
    "es": ("¿Le llegan", "no llegan", "Se perdió 2 mensajes", "vuelve a llegarle"),
    "de": ("bei Ihnen an?", "kommen nicht an", "2 Beiträge verpasst", "erreicht Sie wieder"),
}


def gone(world: World, *addresses: str, reply: str = GONE) -> None:
    """From now on the relay refuses these."""
    world.sink.on_rcpt = lambda mail_from, rcpt: reply if rcpt in addresses else None


async def posts(world: World, who: str, days: int) -> None:
    """One post a day, and the clock of each day."""
    for day in range(days):
        await world.write(who, "wells@cop.example", f"News {world.now:%d}", f"Something new on day {day}.")
        await world.wait(days=1)


def reached(world: World, email: str) -> bool:
    """Whether mail still goes there, and nothing stands against it."""
    with world.app.store.reading() as conn:
        query = "SELECT bounce_weight, probed_at FROM address WHERE email = '" + email + "'"
        weight, probed = conn.exec_driver_sql(query).one()
        stopped = conn.exec_driver_sql("SELECT 1 FROM suppression WHERE email = '" + email + "'").first()
    return not weight and probed is None and stopped is None


@pytest.mark.parametrize("language", WORDS)
async def test_a_member_whose_address_fails_is_asked_told_elsewhere_and_back_by_any_mail(
    world: World, ana: str, language: str
) -> None:
    asks, stopped, missed, back = WORDS[language]
    bob = world.member("bob@nord.example", "Bob Berg", language=language)
    with world.app.store.writing() as conn:
        who = people.by_email(conn, bob)
        assert who
        people.add_address(conn, who.id, HOME, world.now)
    gone(world, bob)
    await posts(world, ana, 5)
    tried = len([one for one in world.sink.refused if one == bob])
    assert tried == 6 and not reached(world, bob)  # five posts and the question
    assert world.box(HOME) == []
    await posts(world, ana, 2)
    assert len([one for one in world.sink.refused if one == bob]) == tried  # left alone
    [told] = world.new(HOME)
    assert stopped in " ".join(told.text.split()) and "5.1.1" in told.text and bob in told.text
    [unreached] = [mail for mail in world.new(ana) if "cannot be reached" in mail.subject]
    assert "Bob Berg <bob@nord.example>, told at another address" in " ".join(unreached.text.split())
    gone(world)
    await world.write(bob, "wells@cop.example", "Hello", "I am here again.")
    [mail, *_] = world.new(bob)
    assert back in mail.subject and missed in " ".join(mail.text.split())
    assert reached(world, bob)
    await posts(world, ana, 1)
    assert "News" in world.new(bob)[-1].subject
    assert asks.split(" ")[0] not in [one.subject for one in world.box(bob)]


async def test_the_question_arrives_and_nothing_more_comes_of_it(world: World, ana: str, bob: str) -> None:
    gone(world, bob)
    await posts(world, ana, 4)
    await world.write(ana, "wells@cop.example", "News", "The fifth.")
    gone(world)
    await world.wait(days=1)
    [question] = world.new(bob)
    assert question.subject == "Does mail from Wells reach you?" and "5.1.1 No such user" in question.text
    await world.reply(bob, question, "Yes, I am here. What is this?")
    assert world.outcomes()[-1] == "reached" and reached(world, bob)
    assert world.new(bob) == [] and [mail.subject for mail in world.new(ana) if "reach" in mail.subject] == []


async def test_who_says_nothing_to_the_question_is_reached_all_the_same(world: World, ana: str, bob: str) -> None:
    gone(world, bob)
    await posts(world, ana, 4)
    await world.write(ana, "wells@cop.example", "News", "The fifth.")
    gone(world)
    await posts(world, ana, 6)
    assert reached(world, bob)
    assert [mail.subject for mail in world.box(bob)].count("Does mail from Wells reach you?") == 1


async def test_an_answer_from_the_other_address_moves_the_community_there(world: World, ana: str, bob: str) -> None:
    with world.app.store.writing() as conn:
        who = people.by_email(conn, bob)
        assert who
        people.add_address(conn, who.id, HOME, world.now)
    gone(world, bob)
    await posts(world, ana, 7)
    [told] = world.new(HOME)
    world.names[HOME] = "Bob Berg"
    await world.reply(HOME, told, "Here please")
    assert world.outcomes()[-1] == "reached"
    [mail] = world.new(HOME)
    assert "now comes to this address" in " ".join(mail.text.split())
    await posts(world, ana, 1)
    assert "News" in world.new(HOME)[-1].subject
    with world.app.store.reading() as conn:
        kept = conn.exec_driver_sql("SELECT reason FROM suppression WHERE email = 'bob@nord.example'").scalar()
    assert kept == "bounces"  # nobody has written from there


async def test_a_stranger_brings_nobody_back(world: World, ana: str, bob: str) -> None:
    gone(world, bob)
    await posts(world, ana, 7)
    gone(world)
    fail = "Authentication-Results: mx.cop.example; dmarc=fail (p=reject) header.from=nord.example"
    await world.write(bob, "wells@cop.example", "Hello", "It is me.", verified=False, headers=fail)
    await world.write(bob, "wells@cop.example", "Out", "I am out.", headers="Auto-Submitted: auto-replied")
    assert not reached(world, bob) and world.box(bob) == []


async def test_a_host_that_is_down_counts_against_nobody(world: World, ana: str) -> None:
    crew = [world.member(f"p{n}@rigs.example", f"P {n}") for n in range(4)]
    gone(world, *crew)
    await posts(world, ana, 8)
    assert [reached(world, one) for one in crew] == [True] * 4
    told = [mail for mail in world.new(ana) if "domain" in mail.subject]
    assert "Mail to rigs.example failed for 4 members at once." in " ".join(told[0].text.split())
    assert "is their mail server, not them" in " ".join(told[0].text.split())


async def test_a_list_of_the_relays_own_is_no_members_fault(world: World, ana: str, bob: str) -> None:
    gone(world, bob, reply="550 5.7.1 Recipient is on our suppression list")
    await posts(world, ana, 2)
    assert world.sink.refused.count(bob) == 1
    told = [mail for mail in world.new(ana) if "cannot be reached" in mail.subject]
    assert len(told) == 1 and "please tell whoever runs this service" in " ".join(told[0].text.split())
    gone(world)
    await posts(world, ana, 7)
    assert "News" in world.new(bob)[-1].subject  # tried again after a week


async def test_what_is_said_of_us_counts_against_nobody(world: World, ana: str, bob: str) -> None:
    gone(world, bob, reply="550 5.7.1 Our policy refuses your server")
    await posts(world, ana, 8)
    gone(world)
    await posts(world, ana, 1)
    assert "News" in world.new(bob)[-1].subject


async def test_reports_count_as_replies_do_and_a_report_names_only_its_own(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    paths: list[Mail] = []
    for day in range(5):
        await world.write(ana, "wells@cop.example", f"News {day}", "x")
        [post] = world.new(bob)
        paths.append(post)
        await world.hand_in("", post.mail_from, report(cleo, id=f"r{day}"))  # whoever it names: the path counts
        await world.wait(days=1)
    question = world.new(bob)[-1]
    assert "reach you" in question.subject and not reached(world, bob) and reached(world, cleo)
    await world.hand_in("", question.mail_from, report(bob, id="last"))
    await world.write(ana, "wells@cop.example", "News", "x")
    assert world.new(bob) == [] and len(world.new(cleo)) == 6


async def test_an_old_path_again_another_communitys_and_one_bent(world: World, ana: str, bob: str, cleo: str) -> None:
    world.community("hills")
    world.member(cleo, "Cleo Diaz", community="hills")
    await world.write(ana, "wells@cop.example", "News", "x")
    [post] = world.new(bob)
    for n in range(40):  # the same report again and again
        await world.hand_in("", post.mail_from, report(bob, id=f"r{n}"))
    local, _, domain = post.mail_from.partition("@")
    token = local.rpartition("-")[2]
    swapped = "a" if token[5] != "a" else "b"
    for bent in (token[:5] + swapped + token[6:], token[:-1], token + "a", token[::-1], "a" * len(token)):
        with pytest.raises(Exception, match=re.escape("5.1.1")):
            await world.hand_in("", f"wells-b-{bent}@{domain}", report(bob, id="bent"))
    await world.hand_in("", f"hills-b-{token}@{domain}", report(bob, id="elsewhere"))
    await world.wait(days=1)
    await world.write(ana, "wells@cop.example", "News", "y")
    assert [mail.subject for mail in world.new(bob)] == ["News"]
    with world.app.store.reading() as conn:
        score, weight = conn.exec_driver_sql(
            "SELECT bounce_score, bounce_weight FROM address WHERE email = 'bob@nord.example'"
        ).one()
    assert (score, weight) == (0.0, 1.0)


async def test_who_forwards_our_mail_back_to_us_is_reached(world: World, ana: str, bob: str) -> None:
    """A rule that redirects keeps the Return-Path; what we refuse as a loop comes back as a report about ourselves."""
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    [post] = world.new(bob)
    await world.hand_in("", post.mail_from, report("wells@cop.example", id="r1", status="5.4.6"), verified=False)
    assert world.outcomes() == ["posted", "recorded"] and reached(world, bob)


async def test_whoever_calls_it_spam_gets_no_more_and_the_facilitators_hear(world: World, ana: str, bob: str) -> None:
    cleo = world.member("cleo@nord.example", "Cleo Diaz")
    sponsor = world.member("sue@acme.example", "Sue Hall", role="sponsor")
    await world.write(cleo, "wells@cop.example", "News", "Something new.")
    [to_bob], [to_ana] = world.new(bob), world.new(ana)
    world.new(sponsor)
    await world.hand_in("fbl@nord.example", "abuse@cop.example", complaint(to_bob.mail_from), verified=False)
    assert ["Bob" in mail.text for mail in world.new(ana)] == [True]
    await world.hand_in("fbl@nord.example", "abuse@cop.example", complaint(to_ana.mail_from), verified=False)
    assert [mail.subject for mail in world.new(sponsor)] == ["Nobody facilitates Wells any more"]
    await world.write(cleo, "wells@cop.example", "More news", "Something newer.")
    assert world.new(bob) == world.new(ana) == [] and len(world.new(sponsor)) == 1


async def test_a_complaint_about_one_community_takes_nobody_out_of_another(world: World, ana: str, bob: str) -> None:
    world.community("pumps")
    world.member(bob, community="pumps")
    world.member(ana, community="pumps", role="facilitator")
    await world.write(ana, "pumps@cop.example", "News", "Something new.")
    [post] = world.new(bob)
    await world.hand_in("fbl@nord.example", "abuse@cop.example", complaint(post.mail_from), verified=False)
    await world.write(ana, "pumps@cop.example", "More", "Something newer.")
    await world.write(ana, "wells@cop.example", "Wells", "Something else.")
    assert [mail.subject for mail in world.new(bob)] == ["Wells"]
