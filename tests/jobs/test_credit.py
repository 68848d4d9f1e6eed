"""Thanks, the contributor of the month, and what nobody answered."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from village import Village

from mailer.community.policy import Policy
from mailer.outbound import recognition
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks, library
from mailer.store.knowledge.asks import Ask
from mailer.store.record import ledger
from mailer.store.society import people
from mailer.store.society.people import Community


def settle(desk: Desk, community: Community, ask: Ask, word: str) -> bool:
    return recognition.answered(desk, community, ask, word)


def drafts(village: Village) -> list[Ask]:
    with village.store.reading() as conn:
        return asks.open_asks(conn, village.id, "contributor")


def lesson(village: Village, author: str, title: str) -> None:
    with village.store.writing() as conn:
        library.keep(
            conn, village.id, "lesson", [], title, "Words", author_id=village.folk[author].id, steward_id=None,
            tags=("lesson",), now=village.now,
        )  # fmt: skip


async def helpful_march(village: Village) -> None:
    """Cleo is thanked by three, Dan by two, Bob by one; Ana decides."""
    village.join("Ana", role="facilitator")
    for name in ("Bob", "Cleo", "Dan", "Eve"):
        village.join(name)
    post = village.post("Cleo", "Re: Losses at the shoe", "Beads")
    for giver, receiver in [("Ana", "Cleo"), ("Bob", "Cleo"), ("Dan", "Cleo"), ("Bob", "Dan"), ("Eve", "Dan")]:
        village.thank(giver, receiver, post if receiver == "Cleo" else None)
    for _ in range(9):
        village.thank("Eve", "Bob")
    for giver in ("Bob", "Cleo", "Dan", "Eve"):
        village.thank(giver, "Ana")
    lesson(village, "Cleo", "Beads stop losses")
    village.now = datetime(2026, 4, 1, 4, 59, tzinfo=UTC)
    await village.tick()
    village.new()


async def test_thanks_come_once_a_day_in_one_mail(village: Village) -> None:
    for name in ("Ana", "Bob", "Cleo"):
        village.join(name)
    village.join("Dan", mode="none")
    await village.tick()
    post = village.post("Ana", "Losses", "Beads")
    for giver, receiver in [("Bob", "Ana"), ("Cleo", "Ana"), ("Ana", "Bob"), ("Ana", "Dan"), ("Cleo", "Cleo")]:
        village.thank(giver, receiver, post)
    assert "thanks: to 2" in await village.tick(days=1)
    told = {queued.to: queued.message for queued in village.new() if queued.kind == "thanks-received"}
    assert [message.subject for message in told.values()] == ["2 people thanked you", "Ana thanked you"]
    assert "Losses\nBob, Cleo" in told["ana@acme.example"].text
    assert "thanks: to 0" in await village.tick(days=1)


async def test_the_draft_goes_to_facilitators_with_its_reasons(village: Village) -> None:
    await helpful_march(village)
    assert "contributor: drafted to 1" in await village.tick(minutes=1)
    [draft] = [queued for queued in village.new() if queued.kind == "contributor-draft"]
    assert draft.what == ("contributor-draft", "ana")
    assert draft.message.subject == "May we thank Cleo for March 2026?"
    assert "3 members thanked them, 3 times in all." in draft.message.text
    assert "“Beads stop losses”" in draft.message.text and "“Losses at the shoe”" in draft.message.text
    assert [name for name in await village.tick(days=27) if name.startswith("contributor")] == []


async def test_ok_sends_it_to_everyone_once(village: Village) -> None:
    await helpful_march(village)
    village.join("Fay", mode="events")
    await village.tick(minutes=1)
    [ask] = drafts(village)
    village.new()
    assert [village.desk(settle, ask, "ok") for _ in range(2)] == [True, False]
    note = village.new()
    assert [queued.what for queued in note] == [("contributor-note", n) for n in ("ana", "bob", "cleo", "dan", "eve")]
    assert "3 of us thanked Cleo" in note[0].message.text
    assert drafts(village) == []
    with village.store.reading() as conn:
        assert conn.scalar(sa.text("select period_key from mailing where kind = 'contributor-note'")) == (
            f"contributor/{village.id}/2026-03-01"
        )


async def test_another_is_shown_and_no_is_fine(village: Village) -> None:
    await helpful_march(village)
    await village.tick(minutes=1)
    [first] = drafts(village)
    village.desk(settle, first, "another")
    [second] = drafts(village)
    assert [ask.payload["person"] for ask in (first, second)] == [village.folk[n].id for n in ("Cleo", "Dan")]
    village.desk(settle, second, "no")
    assert drafts(village) == []
    village.desk(settle, second, "ok")
    assert [queued for queued in village.new() if queued.kind == "contributor-note"] == []


async def test_nobody_is_named_who_is_quiet_named_lately_or_gone(village: Village) -> None:
    await helpful_march(village)
    with village.store.writing() as conn:
        people.change_person(conn, village.folk["Dan"].id, quiet=True)
        payload = {"person": village.folk["Cleo"].id, "sent": True}
        asks.open_ask(conn, village.id, "contributor", "choice", village.now - timedelta(days=60), payload=payload)
    assert "contributor: nobody this month" in await village.tick(minutes=1)


async def test_who_goes_quiet_before_the_ok_is_not_named(village: Village) -> None:
    await helpful_march(village)
    await village.tick(minutes=1)
    [ask] = drafts(village)
    village.new()
    with village.store.writing() as conn:
        people.change_person(conn, village.folk["Cleo"].id, quiet=True)
    assert village.desk(settle, ask, "ok") is False
    assert village.new() == []


async def test_a_community_may_do_without(village: Village) -> None:
    await helpful_march(village)
    with village.store.writing() as conn:
        people.change_community(conn, village.id, policy=Policy(contributor=False))
    assert "contributor: not wanted" in await village.tick(minutes=1)


async def test_what_nobody_answered_is_closed_in_silence(village: Village) -> None:
    ana = village.join("Ana")
    with village.store.writing() as conn:
        id = asks.open_ask(conn, village.id, "join", "yes-no", village.now, person_id=ana.id)
    assert "expiry: 0 closed" in await village.tick(days=13)
    assert "expiry: 1 closed" in await village.tick(days=2)
    with village.store.reading() as conn:
        ask = asks.ask(conn, id)
        assert ask and ask.state == "closed"
        [line] = ledger.entries(
            conn, village.id, "expired", village.now - timedelta(days=1), village.now + timedelta(1)
        )
        assert (line.detail, line.person_id) == ("join", ana.id)
    assert village.new() == []
