"""Members who mean harm with what we gave them, and strangers with what was given to others: nothing acts, nothing of
anybody's is told, and nobody hears of it who has no part in it.
"""

import contextlib
import smtplib
from datetime import timedelta

from sqlalchemy import Connection
from world import World

from .hostile import ANA, BOB, CLEO, EVE, LIST, VICTIM, Harm, mail, q
from .insiders import MAL, attacks, scene
from .test_played import MEMBERS, told, unfit

KEPT = {
    "person": "id, name, organisation, language, zone",
    "address": "id, person_id, email, confirmed_at, bounced_at",
    "membership": "id, role, state, mode, trust, address_id, digest_day, cap, away_until",
    "community": "id, title, policy, language, zone",
    "event": "id, state, sequence, starts_at",
    "post": "id, thread_id, state, subject",
    "suppression": "email",
    "answer": "id, value",
    "ask": "id, state",
}
CLOSES = "('hold', 'event-send', 'rsvp')"  # asks that a word would close


def standing(conn: Connection, most: dict[str, int]) -> dict[str, list[str]]:
    """How everything stands that was there at first; what strangers and posts add is no harm."""
    found = {}
    for name, columns in KEPT.items():
        those = f"id <= {most[name]}" if name in most else "true"
        those += f" AND kind IN {CLOSES}" if name == "ask" else ""
        query = f"SELECT {columns} FROM {name} WHERE {those}"
        found[name] = sorted(str(row) for row in conn.exec_driver_sql(query))
    return found


def highest(conn: Connection) -> dict[str, int]:
    names = [name for name in KEPT if name not in ("suppression", "answer")]
    return {name: conn.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {name}").scalar() or 0 for name in names}


async def test_nothing_comes_of_what_others_were_given(world: World) -> None:
    s = await scene(world)
    with world.app.store.reading() as conn:
        most = highest(conn)
        before = standing(conn, most)
    faults, count, seen = [], 0, len(world.sink.mails)
    for what, hears, harm in attacks(s):
        count += 1
        await play(world, harm)
        with world.app.store.reading() as conn:
            after = standing(conn, most)
        faults += [f"{what}: {sorted({*was} ^ {*after[name]})}" for name, was in before.items() if was != after[name]]
        for got in world.sink.mails[seen:]:
            faults += [f"{what}: {fault}" for fault in unfit(got.raw)]
            for to in got.rcpts:
                own = [one for one in told(world, got.raw, to) if to in MEMBERS and "token" in one]
                faults += [f"{what}: {fault} to {to}" for fault in own] + ([] if to in hears else [f"{what}: to {to}"])
        before, seen = after, len(world.sink.mails)
        world.now += timedelta(hours=25)  # what is asked once a day is asked again
    assert faults == [] and count >= 45


async def play(world: World, harm: Harm) -> None:
    """Hand it in; a token that is none is refused at the door."""
    border = f"Authentication-Results: mx.cop.example; {harm.border}\r\n".encode()
    with contextlib.suppress(smtplib.SMTPResponseException):
        await world.hand_in(harm.mail_from, harm.to, border + harm.raw, verified=False)


async def test_a_code_in_anybodys_words_makes_no_answer_to_us_of_an_answer_to_them(world: World) -> None:
    """The telephone of a facilitator names no mail it answers; what it quotes holds codes that a member guessed."""
    s = await scene(world)
    await world.write(MAL, LIST, f"Lunch {s.codes[:7]}", f"Shall we go out for lunch? {s.codes}")
    post = world.new(ANA)[-1]
    assert "[#" not in post.subject and "#" in post.subject
    said = "\n".join(f"> {line}" for line in post.text.splitlines())
    await world.write(ANA, post.back, f"Re: {post.subject}", f"OK\n\n{said}")
    assert world.outcomes()[-1] == "posted"
    with world.app.store.reading() as conn:
        waiting = conn.exec_driver_sql("SELECT state FROM ask WHERE kind IN ('hold', 'event-send')").scalars().all()
    assert sorted(waiting) == ["closed", "open", "open"]


async def test_a_post_that_takes_the_id_of_a_mail_of_ours_gets_another(world: World) -> None:
    """Or a yes to its question would be a yes to ours."""
    s = await scene(world)
    raw = mail("Do you like tea?", f"Message-ID: <{s.rsvp.message.message_id}>", author=f"Mal <{MAL}>", subject="Tea")
    await play(world, Harm(raw, LIST, MAL, "dmarc=pass header.from=evil.example; spf=pass smtp.mailfrom=evil.example"))
    post = world.new(CLEO)[-1]
    assert post.subject == "Tea" and post.message.message_id != s.rsvp.message.message_id
    await world.reply(CLEO, post, "Yes")
    assert world.outcomes()[-1] == "posted" and world.new(BOB)[-1].text.startswith("Yes")


async def test_a_member_who_was_passed_on_a_mail_takes_nobody_out_by_it(world: World) -> None:
    s = await scene(world)
    await world.write(MAL, s.leave, "stop", "Somebody else's words")
    [question] = [one for one in world.new(CLEO) if "stop" not in one.subject][-1:]
    assert "de baja de Wells" in " ".join(question.text.split()) and "Somebody else" not in question.text
    assert world.outcomes()[-1] == "held"
    await world.reply(CLEO, question, "sí")
    assert "left" in world.outcomes()[-2:]


async def test_all_our_doors_together_are_no_gun(world: World) -> None:
    """A member and a stranger who mean somebody outside: through every address that writes to people, for two days."""
    await scene(world)
    for day in range(2):
        for n in range(4):
            words = f"{n} of day {day}"
            for to, text in (
                ("wells-me@cop.example", f"this is also {VICTIM}"),
                ("wells-me@cop.example", f"mail to {VICTIM}"),
                ("wells-invite@cop.example", f"{VICTIM} {words}"),
                ("wells-join@cop.example", f"{VICTIM} {words}"),
            ):
                await world.write(MAL, to, words, text)
            await world.write(MAL, f"new@cop.example {VICTIM}".split()[0], words, words, headers=f"Cc: {VICTIM}")
            for to in ("wells-join", "wells", "wells-help", "wells-leave", "wells-team", "wells-event", "new"):
                await world.write(VICTIM, f"{to}@cop.example", words, words, mail_from=EVE, verified=False)
                await world.write(EVE, f"{to}@cop.example", words, words, headers=f"Reply-To: {VICTIM}")
        await world.wait(hours=24)
    got = [one.subject for one in world.new(VICTIM)]
    assert len(got) <= 8, got


async def test_members_learn_of_no_address_whether_it_is_a_members(world: World) -> None:
    """`this is also` a member's address and a stranger's: the same words back."""
    await scene(world)
    told = []
    for address in (CLEO, "nobody@far.example"):
        await world.write(MAL, "wells-me@cop.example", "", f"this is also {address}")
        told.append(world.new(MAL)[-1].text.replace(address, "X").rpartition("[#")[0].split())
        world.now += timedelta(hours=25)
    assert told[0] == told[1]


async def test_an_address_is_nobodys_name(world: World) -> None:
    """Somebody else's would lend weight, one's own is nobody's business: many programs write it in place of a name."""
    for n, (who, name) in enumerate(((EVE, f"Ana Lima <{ANA}>"), ("noor@far.example", "noor@far.example"))):
        border = "dmarc=pass header.from=" + who.partition("@")[2]
        for to in ("wells-team@cop.example", "wells-join@cop.example"):
            raw = mail("Let me in", author=f"{q(name)} <{who}>", to=to, id=f"{n}{to[:8]}")
            await play(world, Harm(raw, to, who, f"{border}; spf=pass smtp.mailfrom={who.partition('@')[2]}"))
        told = world.new(ANA)[-1]
        assert told.text.count("@") == 1 and who in told.text
        await world.reply(who, world.new(who)[-1], "yes")
        await world.write(who, LIST, "Hi", "Hello from me.")
        post = world.new(BOB)[-1]
        shown = f"{post.message.senders[0].name} {post.text.replace(LIST, '')}"
        assert "@" not in shown, shown
