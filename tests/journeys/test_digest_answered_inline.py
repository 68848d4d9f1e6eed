"""M45: a digest answered between its lines, as plain-text programs do."""

from world import Mail, World

from mailer.store.knowledge import asks, events
from mailer.store.society import people


def between(mail: Mail, answers: dict[str, str], until: str = "\n---") -> str:
    """The mail quoted down to `until`, with each answer below the line that has its key."""
    lines = []
    for line in mail.text.partition(until)[0].strip().split("\n"):
        lines.append(f"> {line}")
        lines += next((["", said, ""] for key, said in answers.items() if key in line), [])
    return "\n".join(["On Monday, Wells wrote:", *lines])


async def test_answers_between_the_lines_land_in_their_threads_and_yes_counts(world: World, ana: str, bob: str) -> None:
    dina = world.member("dina@slow.example", "Dina Eck", mode="weekly")
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses at the shoe?")
    await world.write(ana, "wells@cop.example", "Centralisers", "Which ones held over the build?")
    await world.write(ana, "wells-event@cop.example", "Webinar: barriers", "Thursday 12 March 2026, 10:00-11:00")
    await world.reply(ana, world.box(ana)[-1], "send")
    await world.until("2026-03-09 08:00", "Europe/Oslo")
    digest = world.new(dina)[-1]
    assert "3. Webinar: barriers" in digest.text
    for who in (ana, bob):
        world.new(who)
    answers = {"cured losses": "We use ceramic.", "over the build": "Bow springs.", "Will you come": "yes"}
    await world.reply(dina, digest, between(digest, answers), quote=False)
    got = {mail.subject: mail.text for mail in world.new(bob)}
    assert sorted(got) == ["Re: Centralisers", "Re: Losses"]
    assert "We use ceramic." in got["Re: Losses"] and "Bow springs" not in got["Re: Losses"]
    assert "Bow springs." in got["Re: Centralisers"] and "ceramic" not in got["Re: Centralisers"]
    with world.app.store.reading() as conn:
        [event] = events.coming(conn, people.communities(conn)[0].id, world.now)
        assert [one.value for one in asks.answers(conn, event.ask_id)] == ["yes"]


async def test_an_answer_below_the_part_it_quotes_needs_no_number(world: World, ana: str, bob: str) -> None:
    dina = world.member("dina@slow.example", "Dina Eck", mode="weekly")
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses at the shoe?")
    await world.write(ana, "wells@cop.example", "Centralisers", "Which ones held over the build?")
    await world.until("2026-03-09 08:00", "Europe/Oslo")
    [digest] = world.new(dina)
    for who in (ana, bob):
        world.new(who)
    await world.reply(dina, digest, f"{between(digest, {}, '2. Centr')}\n\nWe use ceramic.\n", quote=False)
    assert [mail.subject for mail in world.new(ana)] == ["Re: Losses"]
    await world.reply(dina, digest, f"{between(digest, {}, 'nowhere')}\n\nWhich of them?\n", quote=False)
    assert world.new(ana) == []
    assert "1. Losses" in world.new(dina)[-1].text
