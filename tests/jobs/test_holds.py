"""What waits for a facilitator, on the desk: whom the clock asks, when, and never twice."""

from datetime import timedelta

from village import Village

from mailer.commands import duty, holdqueue
from mailer.community.policy import Policy
from mailer.jobs.holds import HOLDS
from mailer.jobs.rota import ROTA
from mailer.store.knowledge import asks
from mailer.store.society import people


def waits(village: Village, writer: str, subject: str) -> int:
    """A post of this writer that waits."""
    with village.store.writing() as conn:
        who = village.folk[writer]
        facts = {"writer": writer, "address": who.email, "reason": "first post", "subject": subject, "text": "Words."}
        payload = {"person": who.id, **facts}
        return asks.open_ask(conn, village.id, "hold", "choice", village.now, audience="facilitators", payload=payload)


def choose(village: Village, **choices: object) -> None:
    with village.store.writing() as conn:
        people.change_community(conn, village.id, policy=Policy(**choices))  # type: ignore[arg-type]


def put(village: Village) -> object:
    return village.desk(holdqueue.put)


async def ran(village: Village, **later: float) -> list[str]:
    """What the two jobs did after a while, on a clock of their own."""
    village.now += timedelta(**later)
    done = await village.clock(HOLDS, ROTA).tick(village.now)
    return [f"{name.split()[0]}: {outcome}" for name, outcome in done]


async def test_nothing_waits_nothing_runs(village: Village) -> None:
    village.join("Ana", role="facilitator")
    assert await ran(village, hours=1) == []


async def test_each_facilitator_has_an_hour_of_their_own(village: Village) -> None:
    village.join("Ana", role="facilitator")
    village.join("Bob")
    waits(village, "Bob", "One")
    assert put(village) == 1
    village.join("Dave", role="facilitator")
    waits(village, "Bob", "Two")
    assert put(village) == 1  # Dave has had none yet; Ana has
    assert [one.what for one in village.new()] == [("facilitator-hold", "ana"), ("facilitator-hold", "dave")]
    assert await ran(village, minutes=59) == ["holds: 0 mails, 0 writers told, 0 given up"]
    assert await ran(village, minutes=1) == ["holds: 1 mails, 0 writers told, 0 given up"]
    [mail] = village.new()
    assert mail.what == ("facilitator-hold", "ana") and mail.message.subject == "Waiting for you: Two"
    assert await ran(village, hours=2) == ["holds: 0 mails, 0 writers told, 0 given up"]


async def test_after_a_day_everyone_and_the_writer_after_two_the_sponsor_each_once(village: Village) -> None:
    village.join("Ana", role="facilitator")
    village.join("Sue", role="sponsor", mode="none")
    village.join("Bob")
    waits(village, "Bob", "One")
    put(village)
    village.new()
    assert await ran(village, hours=24) == ["holds: 1 mails, 1 writers told, 0 given up"]
    assert [one.what for one in village.new()] == [("sender-outcome", "bob"), ("facilitator-hold", "ana")]
    assert await ran(village, hours=23) == ["holds: 0 mails, 0 writers told, 0 given up"]
    assert await ran(village, hours=1) == ["holds: 1 mails, 0 writers told, 0 given up"]
    assert [one.what for one in village.new()] == [("facilitator-hold", "sue")]
    assert await ran(village, hours=24) == ["holds: 0 mails, 0 writers told, 0 given up"]


async def test_without_facilitator_or_sponsor_the_postmaster_is_asked(village: Village) -> None:
    village.join("Ana", role="facilitator")
    village.join("Bob")
    with village.store.writing() as conn:
        hills = people.add_community(conn, "hills", village.now)
        people.join(conn, village.folk["Bob"], hills, village.now)
        home, village.id = village.id, hills
    waits(village, "Bob", "One")
    assert put(village) == 1
    assert [one.what for one in village.new()] == [("facilitator-hold", "ana")]
    village.id = home


async def test_the_writer_of_what_may_be_forged_hears_nothing(village: Village) -> None:
    village.join("Ana", role="facilitator")
    village.join("Bob")
    id = waits(village, "Bob", "One")
    with village.store.writing() as conn:
        ask = asks.ask(conn, id)
        assert ask
        asks.change_payload(conn, id, {**ask.payload, "person": None})
    put(village)
    village.new()
    await ran(village, days=1)
    await ran(village, days=13)
    assert {one.kind for one in village.new()} == {"facilitator-hold"}


async def test_what_nobody_decides_ends_before_it_is_closed_in_silence(village: Village) -> None:
    village.join("Ana", role="facilitator")
    village.join("Bob")
    waits(village, "Bob", "One")
    assert "holds: 0 mails, 0 writers told, 1 given up" not in await ran(village, days=12)
    assert (await ran(village, days=1))[0].endswith("1 given up")
    assert village.new()[-1].message.subject == "Not sent: One"
    assert await ran(village, days=1) == []


async def test_the_week_goes_round_and_who_is_away_is_passed_over(village: Village) -> None:
    for name in ("Ana", "Dave", "Eve"):
        village.join(name, role="facilitator")
    choose(village, rota="weekly")
    order = []
    for _ in range(4):
        assert len(await ran(village, days=7)) == 1
        order.append(village.new()[0].to.partition("@")[0])
        assert await ran(village, minutes=1) == []
    assert order == ["ana", "dave", "eve", "ana"]
    with village.store.writing() as conn:
        dave = people.membership_of(conn, village.folk["Dave"].id, village.id)
        assert dave
        people.change_membership(conn, dave.id, away_until=village.now + timedelta(days=9))
    await ran(village, days=7)
    assert [one.to.partition("@")[0] for one in village.new()] == ["eve"]


async def test_the_one_on_duty_goes_away_and_the_next_gets_what_waits(village: Village) -> None:
    for name in ("Ana", "Dave"):
        village.join(name, role="facilitator")
    village.join("Bob")
    choose(village, rota="weekly")
    await ran(village, minutes=1)
    waits(village, "Bob", "One")
    put(village)
    with village.store.writing() as conn:
        ana = people.membership_of(conn, village.folk["Ana"].id, village.id)
        assert ana
        people.change_membership(conn, ana.id, away_until=village.now + timedelta(days=2))
    await ran(village, hours=1)
    held = [one.to.partition("@")[0] for one in village.new() if one.kind == "facilitator-hold"]
    assert held == ["ana", "dave"]
    assert [one.person.name for one in village.desk(duty.on_duty)] == ["Dave"]  # type: ignore[attr-defined]
