from datetime import timedelta

import sqlalchemy as sa
from village import Village

from mailer.store.knowledge import events, library
from mailer.store.knowledge.events import Plan
from mailer.store.society import follows, people
from mailer.store.tables import mailing
from mailer.store.traffic import mailings


def numbers(village: Village) -> dict[str, tuple[str, int]]:
    """What the numbers of the latest digest stand for."""
    with village.store.reading() as conn:
        id = conn.scalar(sa.select(sa.func.max(mailing.c.id)).where(mailing.c.kind == "member-digest"))
        found = mailings.by_id(conn, id or 0)
    assert found
    return dict(found.about.numbers)


async def test_each_gets_the_digest_asked_for_and_only_when_there_is_news(village: Village) -> None:
    for name, mode in [("Ana", "each"), ("Bob", "daily"), ("Cleo", "weekly"), ("Dan", "none"), ("Eve", "events")]:
        village.join(name, mode=mode)
    await village.tick()
    village.post("Ana", "Losses", "Who has cured losses at the shoe?")
    assert "daily-digest: to 1 in 1 variants" in await village.tick(days=1)
    [digest] = village.new()
    assert digest.what == ("member-digest", "bob")
    assert "Losses" in digest.message.text and "Ana: Who has cured losses at the shoe?" in digest.message.text
    assert "daily-digest: nothing new" in await village.tick(days=1)
    assert "weekly-digest: to 1 in 1 variants" in await village.tick(days=4, hours=20)
    assert [queued.what for queued in village.new()] == [("member-digest", "cleo")]


async def test_a_digest_is_once_a_slot_over_restarts_and_a_week_asleep(village: Village) -> None:
    village.join("Ana")
    village.join("Bob", mode="daily")
    await village.tick()
    for day in range(8):
        village.now += timedelta(days=day > 0)
        village.post("Ana", f"Day {day}", "Words")
    ran = await village.tick(hours=1)
    assert [name for name in ran if name.startswith("daily")] == ["daily-digest: to 1 in 1 variants"]
    assert [await village.tick(minutes=minutes) for minutes in (0, 1, 5, 60)] == [[], [], [], []]
    [digest] = village.new()
    assert [f"Day {day}" in digest.message.text for day in range(8)] == [True] * 8


async def test_items_are_numbered_for_replies_and_the_muted_are_left_out(village: Village) -> None:
    village.join("Ana")
    bob, cleo = village.join("Bob", mode="daily"), village.join("Cleo", mode="daily")
    await village.tick()
    losses, pumps = village.post("Ana", "Losses", "Beads"), village.post("Ana", "Pumps", "Seals")
    village.post("Cleo", "Losses", "Ours too", losses.thread_id)
    with village.store.writing() as conn:
        kept = library.keep(
            conn, village.id, "lesson", [losses.post_id], "Beads stop losses", "Beads",
            author_id=village.folk["Ana"].id, steward_id=None, tags=("loss",), now=village.now,
        )  # fmt: skip
        membership = people.membership_of(conn, cleo.id, village.id)
        assert membership
        follows.choose(conn, membership.id, "mute", thread_id=losses.thread_id)
    await village.tick(days=1)
    to_bob, to_cleo = sorted(village.new(), key=lambda queued: queued.to)
    assert numbers(village) == {
        "1": ("thread", losses.thread_id),
        "2": ("thread", pumps.thread_id),
        "3": ("item", kept.id),
    }
    assert "1. Losses" in to_bob.message.text
    assert "2. Pumps" in to_bob.message.text and "3. Beads stop losses (Ana) #loss" in to_bob.message.text
    assert "1. Losses" not in to_cleo.message.text and "2. Pumps" in to_cleo.message.text
    assert (to_bob.message.message_id, bob.email) == (to_cleo.message.message_id, to_bob.to)


async def test_an_event_is_listed_but_only_a_new_one_is_worth_a_mail(village: Village) -> None:
    village.join("Ana", role="facilitator")
    village.join("Bob", mode="daily", zone="Africa/Nairobi")
    village.join("Cleo", mode="daily")
    await village.tick()
    start = village.now + timedelta(days=20)
    with village.store.writing() as conn:
        plan = Plan("Webinar", start, start + timedelta(hours=1), "Europe/Oslo")
        made = events.create(conn, village.id, village.folk["Ana"].id, plan, "e1@cop.example", village.now)
        events.move(conn, made.id, "open")
    assert "daily-digest: nothing new" in await village.tick(days=1)
    with village.store.writing() as conn:
        mailings.add(
            conn, "event-invite", village.id, "x@cop.example", village.now, about=mailings.About(event_id=made.id)
        )
    assert "daily-digest: to 2 in 2 variants" in await village.tick(days=1)
    assert numbers(village) == {"1": ("event", made.id)}
    shown = {queued.to: queued.message.text for queued in village.new()}
    assert "12:00–13:00 (Nairobi time)" in shown["bob@acme.example"]
    assert "10:00–11:00 (Oslo time)" in shown["cleo@acme.example"]
    assert "daily-digest: nothing new" in await village.tick(days=1)


async def test_a_thousand_posts_make_a_mail_of_few_words(village: Village) -> None:
    village.join("Ana")
    village.join("Bob", mode="daily")
    await village.tick()
    for thread in range(30):
        first = village.post("Ana", f"Thread {thread}", "word " * 2000)
        for _ in range(3):
            village.post("Ana", f"Re: Thread {thread}", "word " * 200, first.thread_id)
    await village.tick(days=1)
    [digest] = village.new()
    assert len(digest.message.text) < 20_000 and digest.message.text.count("(4 new)") == 20
