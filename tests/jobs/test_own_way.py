"""Digests of a day of one's own, of the evening, and of the return."""

from datetime import timedelta

from village import Village

from mailer.jobs.digest import WEEKLY
from mailer.jobs.evening import EVENING
from mailer.jobs.whileaway import RETURN
from mailer.store.record import ledger
from mailer.store.society import follows, people
from mailer.store.talk.wanting import Audience
from mailer.store.traffic import deliveries, mailings


def choose(village: Village, name: str, **values: object) -> int:
    with village.store.writing() as conn:
        member = people.membership_of(conn, village.folk[name].id, village.id)
        assert member
        people.change_membership(conn, member.id, **values)
        return member.id


def carry(village: Village, post: int, thread: int) -> None:
    """What was said goes out to whoever wants each post."""
    with village.store.writing() as conn:
        about = mailings.About(thread_id=thread, post_id=post)
        id = mailings.add(conn, "post", village.id, f"p{post}@cop.example", village.now, about=about)
        assert id
        key = mailings.add_variant(conn, id, "", b"Subject: x\r\n\r\nx\r\n", personal=False)
        audience = Audience(village.id, ("each",), thread, day_began=0)
        deliveries.fan_out_members(conn, id, key, audience, village.now)


async def run(village: Village, **later: float) -> list[str]:
    """Time passes and these jobs alone look what is due."""
    village.now += timedelta(**later)
    done = await village.clock(WEEKLY, EVENING, RETURN).tick(village.now)
    return [f"{name}: {outcome}" for name, outcome in done if outcome.startswith("to ") or "back;" in outcome]


async def test_a_day_on_which_the_service_slept_is_made_up_for(village: Village) -> None:
    village.join("Ana")
    village.join("Bob", mode="weekly")
    await run(village)  # Tuesday 3 March
    choose(village, "Bob", digest_day="thursday")
    village.post("Ana", "Losses", "Who has cured losses?")
    assert await run(village, days=3) == ["weekly-digest wells thursday 2026-W10: to 1 in 1 variants"]
    village.post("Ana", "Pumps", "Which seals last?")
    assert await run(village, days=8) == ["weekly-digest wells thursday 2026-W11: to 1 in 1 variants"]
    first, second = (queued.message.text for queued in village.new())
    assert "Losses" in first and "Losses" not in second and "Pumps" in second


async def test_the_communitys_own_day_said_by_name_is_the_communitys(village: Village) -> None:
    village.join("Ana")
    village.join("Bob", mode="weekly")
    await run(village)
    choose(village, "Bob", digest_day="monday")
    village.post("Ana", "Losses", "Who has cured losses?")
    assert await run(village, days=7) == ["weekly-digest wells 2026-W11: to 1 in 1 variants"]


async def test_the_evening_tells_what_the_cap_kept_and_nothing_else(village: Village) -> None:
    village.join("Ana")
    village.join("Bob")
    village.join("Cleo")
    await run(village)
    choose(village, "Bob", cap=1)
    muted = choose(village, "Cleo", cap=1)
    for subject in ("One", "Two", "Three"):
        said = village.post("Ana", subject, "Words.")
        if subject == "Three":
            with village.store.writing() as conn:
                follows.choose(conn, muted, "mute", thread_id=said.thread_id)
        carry(village, said.post_id, said.thread_id)
    own = village.post("Bob", "Own", "Words.")
    carry(village, own.post_id, own.thread_id)
    village.new()
    assert await run(village, hours=9) == ["evening-digest wells 2026-03-03: to 2 in 2 variants"]
    to_bob, to_cleo = sorted(village.new(), key=lambda queued: queued.to)
    assert [one in to_bob.message.text for one in ("One", "Two", "Three", "Own")] == [False, True, True, False]
    assert [one in to_cleo.message.text for one in ("One", "Two", "Three", "Own")] == [False, True, False, True]
    assert await run(village, days=1) == []


async def test_whoever_returns_is_told_once_and_gets_no_other_digest_that_morning(village: Village) -> None:
    village.join("Ana")
    village.join("Bob", mode="weekly")
    village.join("Cleo", mode="events")
    await run(village)
    for name in ("Bob", "Cleo"):
        choose(village, name, away_until=village.now + timedelta(days=5))
        with village.store.writing() as conn:
            who = village.folk[name].id
            ledger.record(conn, "set", at=village.now, community_id=village.id, person_id=who, detail="away until x")
    village.now += timedelta(hours=1)
    village.post("Ana", "Losses", "Who has cured losses?")
    assert await run(village, days=4) == []
    assert await run(village, days=2) == ["while-away wells 2026-03-09: 2 back; 1 told"]
    [digest] = village.new()
    assert digest.what == ("member-digest", "bob") and "While you were away" in digest.message.text
    assert await run(village, days=1) == []
