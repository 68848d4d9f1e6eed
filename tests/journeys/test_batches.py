"""A list that goes out in batches: bounces find whose they are, and whoever got the mail can forge them in vain."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from clients import complaint, report
from kept_promises import broken
from sink import Received
from world import World

from mailer.mail.parse import parse

CREW = [f"m{n:02d}@rigs{n % 12}.example" for n in range(24)]
HOW = {"xverp": ["PIPELINING", "CHUNKING", "XVERP"], "report": ["PIPELINING"]}


@pytest.fixture(params=HOW)
async def crowd(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Enough members for a batch, and Ana, who writes to them."""
    world = World(database_url, tmp_path)
    world.batch, world.sink.extensions = 100, HOW[request.param]
    async with world:
        world.community("wells", zone="Europe/Oslo")
        world.member("ana@acme.example", "Ana Lima", role="facilitator")
        for email in CREW:
            world.member(email, email.partition("@")[0].title())
        yield world
        assert broken(world) == []


def found(world: World, query: str) -> list[object]:
    with world.app.store.reading() as conn:
        return [row[0] for row in conn.exec_driver_sql(query)]


SCORED = "SELECT email FROM address WHERE bounced_at IS NOT NULL ORDER BY email"
STOPPED = "SELECT email FROM suppression"
FAILED = "SELECT email FROM delivery WHERE state = 'failed' ORDER BY email"
LEFT = "SELECT state FROM membership WHERE state != 'active'"


async def post(world: World, subject: str = "News") -> Received:
    """What all of the crew got in one transaction."""
    before = len(world.sink.mails)
    await world.write("ana@acme.example", "wells@cop.example", subject, "Something new.")
    [batch] = [mail for mail in world.sink.mails[before:] if len(mail.rcpts) > 1]
    assert sorted(batch.rcpts) == sorted(CREW)
    return batch


def bent(batch: Received, mine: str, other: str) -> str:
    """The Return-Path of one's own copy, made to name somebody else."""
    return batch.path(mine).replace(mine.replace("@", "="), other.replace("@", "="))


async def test_a_bounce_of_a_batch_finds_whose_it_is(crowd: World) -> None:
    got = await post(crowd)
    if "XVERP" in crowd.sink.extensions:
        assert len({got.path(email) for email in CREW}) == len(CREW)
        for email in CREW[3:5]:  # where it was forwarded to says nothing, the address does
            await crowd.hand_in("", got.path(email), report("elsewhere@far.example", id=email))
    else:
        assert {got.path(email) for email in CREW} == {got.mail_from}
        await crowd.hand_in("", got.mail_from, report("who@far.example", *CREW[3:5], id="two"))
    assert found(crowd, SCORED) == found(crowd, FAILED) == CREW[3:5]
    assert crowd.outcomes()[1:] == ["bounced"] * (2 if "XVERP" in crowd.sink.extensions else 1)


async def test_a_bounce_of_a_mail_they_did_not_get_is_nobodys(crowd: World) -> None:
    got = await post(crowd)
    crowd.member("new@far.example", "Noor New")
    await crowd.hand_in("", bent(got, CREW[0], "new@far.example"), report("new@far.example", id="late"))
    assert crowd.outcomes()[-1] == "recorded"
    assert found(crowd, SCORED) == found(crowd, STOPPED) == []


async def test_whoever_got_the_mail_forges_bounces_of_others_in_vain(crowd: World) -> None:
    """At most the other one is asked whether mail arrives; only a bounce of that question ends anything."""
    victim, forger = CREW[0], CREW[1]
    for day in range(8):
        path = bent(await post(crowd, f"News {day}"), forger, victim)
        await crowd.hand_in("", path, report(victim, id=f"{day}"))
        crowd.now += timedelta(days=1)
        if day == 5:
            await crowd.wait(hours=24)
    assert found(crowd, STOPPED) == found(crowd, LEFT) == []
    box = crowd.box(victim)
    assert [mail.subject for mail in box if "News" in mail.subject] == [f"News {day}" for day in range(8)]
    [question] = [mail for mail in box if "reach you" in mail.subject]
    assert "=" not in question.mail_from  # alone, with a path of its own
    await crowd.hand_in("", question.mail_from, report(victim, id="last"))
    assert found(crowd, STOPPED) == [victim]


async def test_a_forged_bounce_stops_nothing_that_waits(crowd: World) -> None:
    victim = CREW[2]
    crowd.sink.on_rcpt = lambda mail_from, rcpt: "451 4.7.1 Greylisted" if rcpt == victim else None
    await crowd.write("ana@acme.example", "wells@cop.example", "News", "Something new.")
    [batch] = [mail for mail in crowd.sink.mails if len(mail.rcpts) > 1]
    await crowd.hand_in("", bent(batch, CREW[1], victim), report(victim, id="early"))
    crowd.sink.on_rcpt = lambda mail_from, rcpt: None
    crowd.now += timedelta(minutes=30)
    await crowd.settle()
    assert [mail.subject for mail in crowd.box(victim)] == ["News"]


async def test_a_complaint_about_a_batch_takes_nobody_out_and_one_about_our_question_does(crowd: World) -> None:
    """Whoever got the mail can complain in anybody's name: that one is asked, once a month."""
    got, who = await post(crowd), CREW[4]
    about = got.path(who) if "XVERP" in crowd.sink.extensions else got.mail_from
    for said in (complaint(about, who), complaint(bent(got, CREW[1], who), who), complaint(about, "x@far.example")):
        await crowd.hand_in("fbl@nord.example", "abuse@cop.example", said, verified=False)
        crowd.now += timedelta(hours=1)
    assert found(crowd, LEFT) == [] and crowd.outcomes()[1] == "asked"
    [question] = [mail for mail in crowd.new(who) if "still want" in mail.subject]
    assert "=" not in question.mail_from and "“leave”" in question.text
    assert not any("spam" in mail.text for mail in crowd.new("ana@acme.example"))
    said = complaint(question.mail_from, who)
    await crowd.hand_in("fbl@nord.example", "abuse@cop.example", said, verified=False)
    assert found(crowd, LEFT) == ["left"]


async def test_whoever_leaves_by_the_header_of_a_batch_leaves(crowd: World) -> None:
    headers = parse((await post(crowd)).raw).headers
    assert headers.get("list-unsubscribe") == "<mailto:wells-leave@cop.example?subject=stop>"
    assert "list-unsubscribe-post" not in headers
    await crowd.write(CREW[5], "wells-leave@cop.example", "stop", "")
    assert found(crowd, LEFT) == ["left"]
