"""Ways in that take more than one hostile mail: what others were given, turned against them. All of our own making.

`attacks` tells each in a line: what it is, who may hear of it, and the mails. Played by test_insiders.py, where nothing
may come of any of them.
"""

# ruff: noqa: E501, a row an attack

from collections.abc import Iterator
from dataclasses import dataclass

from world import Mail, World

from mailer.community.policy import Policy
from mailer.mail.tokens import code
from mailer.store.society import people
from mailer.store.tables import mailing

from .hostile import ANA, BOB, CLEO, DINA, EVE, LIST, VICTIM, Harm, mail, mixed, part

MAL = "mal@evil.example"  # a member like any other
TEAM, ME = "wells-team@cop.example", "wells-me@cop.example"
BORDERS = {ANA: "acme.example", BOB: "nord.example", CLEO: "far.example", DINA: "slow.example", MAL: "evil.example", EVE: "evil.example"}  # fmt: skip
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scene:
    """What has gone out before: mails that wait for a word of somebody."""

    world: World
    hold: Mail  # to Ana, about a post of Dina's
    preview: Mail  # to Ana, of an event that nobody has yet
    rsvp: Mail  # to Bob
    settings: Mail  # to Bob
    post: Mail  # to Mal, as to everybody
    leave: str  # Cleo's own address for leaving
    codes: str  # the short codes of everything


async def scene(world: World) -> Scene:
    """`wells` with all of that, and `pumps`, where Bob facilitates and Mal is as well."""
    world.member(MAL, "Mal Vane")
    world.community("pumps")
    world.member(BOB, community="pumps", role="facilitator")
    world.member(MAL, community="pumps")
    with world.app.store.writing() as conn:
        home = people.community_named(conn, "wells")
        dina = people.by_email(conn, DINA)
        assert home and dina
        member = people.membership_of(conn, dina.id, home.id)
        assert member
        people.change_membership(conn, member.id, trust="held")
        people.change_community(conn, home.id, policy=Policy())
    await world.write(CLEO, LIST, "Shoe", "Who has cured losses at the shoe?")
    post = world.new(MAL)[-1]
    way = world.new(BOB)[-1].message.headers.get("list-unsubscribe")
    assert "wells-leave-" in way
    await world.write(BOB, LIST, "Beads", "Beads helped us.")
    leave = world.new(CLEO)[-1].message.headers.get("list-unsubscribe").partition("mailto:")[2].partition("?")[0]
    await world.write(ANA, "wells-event@cop.example", "Barriers", "Thursday 3 December 2026, 10:00-11:00")
    await world.reply(ANA, world.new(ANA)[-1], "send")
    rsvp = world.new(BOB)[-1]
    await world.write(ANA, "wells-event@cop.example", "Coffee", "Friday 4 December 2026, 10:00-11:00")
    preview = world.new(ANA)[-1]
    await world.write(BOB, ME, "", "settings")
    settings = world.new(BOB)[-1]
    await world.write(DINA, LIST, "Waits", "This waits for Ana.")
    hold = world.new(ANA)[-1]
    with world.app.store.reading() as conn:
        codes = " ".join(f"[#{code(id)}]" for (id,) in conn.execute(mailing.select().with_only_columns(mailing.c.id)))
    return Scene(world, hold, preview, rsvp, settings, post, leave, codes)


def by(
    who: str, to: str, body: str, *fields: str, subject: str = "Hello", border: str = "", sort: str = "text/plain"
) -> Harm:
    """A mail that our border vouches for, unless `border` says otherwise."""
    host = BORDERS[who]
    said = border or f"spf=pass smtp.mailfrom={host}; dmarc=pass header.from={host}"
    return Harm(mail(body, *fields, author=f"Somebody <{who}>", subject=subject, to=to, sort=sort), to, who, said)


SIGNED = "spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=nord.example; dmarc=pass header.from=nord.example"
SEAL = "DKIM-Signature: v=1; a=rsa-sha256; d=nord.example; s=s; bh=eA==; b=eA==; h=from:to:cc:subject:date:message-id"
UNPROVEN = "dmarc=none header.from=nord.example"


def event(
    uid: str,
    method: str,
    organizer: str,
    attendee: str,
    sequence: int = 9,
    start: str = "20261224T100000Z",
    partstat: str = "DECLINED",
) -> str:
    return "\n".join((
        "BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{uid}", f"SEQUENCE:{sequence}", f"DTSTART:{start}",
        f"ORGANIZER:mailto:{organizer}", f"ATTENDEE;PARTSTAT={partstat}:mailto:{attendee}", "SUMMARY:x", "END:VEVENT", "END:VCALENDAR",
    ))  # fmt: skip


def attacks(s: Scene) -> Iterator[tuple[str, frozenset[str], Harm]]:
    """What it is, who may get a mail because of it, and the mail."""
    yield from tokens(s)
    yield from signatures(s)
    yield from calendars(s)
    yield from machines(s)


def tokens(s: Scene) -> Iterator[tuple[str, frozenset[str], Harm]]:
    mine, bobs, anas = frozenset({MAL}), frozenset({BOB}), frozenset({ANA})
    token = s.hold.back.partition("@")[0].rpartition("-")[2]
    yield "a facilitator's token in a member's hand", mine, by(MAL, s.hold.back, "ok")
    yield "the same from a stranger", anas | {EVE}, by(EVE, s.hold.back, "ok")
    yield (
        "the same, forged and failing",
        anas,
        by(ANA, s.hold.back, "ok", border="dmarc=fail (p=reject) header.from=acme.example"),
    )
    yield "a preview's token in a member's hand", mine, by(MAL, s.preview.back, "send")
    yield "another day in answer to it", mine | anas, by(MAL, s.preview.back, "Friday 11 December 2026 at 9:00")
    yield "Bob's own token in another's hand", frozenset({EVE, BOB}), by(EVE, s.settings.back, "erase me")
    yield "the same in a member's hand", mine, by(MAL, s.settings.back, "undo")
    yield "the token of wells at the address of pumps", mine, by(MAL, f"pumps-r-{token}@cop.example", "ok")
    yield "the same by who facilitates pumps", bobs, by(BOB, f"pumps-r-{token}@cop.example", "ok")
    yield "who facilitates pumps, in wells", bobs, by(BOB, TEAM, f"remove {CLEO}")
    yield "a facilitator of wells, in pumps", frozenset({BOB}), by(ANA, "pumps-team@cop.example", f"remove {MAL}")
    yield "somebody else's way to leave", frozenset({CLEO}), by(MAL, s.leave, "", subject="stop")
    own = s.leave.partition("@")[0].rpartition("-")[2]
    for verb in ("r", "bounces", "private"):
        yield (
            f"a token for leaving as one for {verb}",
            frozenset({BOB, MAL}),
            by(MAL, f"wells-{verb}-{own}@cop.example", "stop"),
        )
    yield "a hold's token as one for leaving", mine, by(MAL, f"wells-leave-{token}@cop.example", "stop")
    yield (
        "the codes of all that waits, in a member's post",
        frozenset({ANA, BOB, CLEO, DINA, MAL}),
        by(MAL, LIST, f"Do you agree? {s.codes}", subject=f"Lunch {s.codes[:60]}"),
    )
    ids = f"<{s.hold.message.message_id}> <{s.preview.message.message_id}> <{s.settings.message.message_id}>"
    yield (
        "the ids of others' mails named as answered",
        frozenset({ANA, BOB, MAL}),
        by(MAL, LIST, "ok", f"In-Reply-To: {ids}", f"References: {ids}"),
    )


def signatures(s: Scene) -> Iterator[tuple[str, frozenset[str], Harm]]:
    """Bob's own mails to us, from an archive, in other clothes; he is asked, and that is all."""
    asked = frozenset({BOB})
    for what, seal in (
        ("of which the signature holds a part of the body", f"{SEAL}; l=0"),
        ("of which it holds the author alone", SEAL.replace("h=from:to:cc:subject:date:message-id", "h=from")),
        ("of which one of two signatures holds little", f"{SEAL}\r\nDKIM-Signature: v=1; d=nord.example; s=t; b=eA==; h=from; bh=eA=="),
        ("with a signature that cannot be read", "DKIM-Signature: h h=from:to; ;;="),
    ):  # fmt: skip
        yield f"a mail {what}", asked, by(BOB, "wells-leave@cop.example", f"leave\n\n{what}", seal, border=SIGNED)
    yield (
        "without an id and a date",
        asked,
        nameless(by(BOB, "wells-leave@cop.example", "leave at once", SEAL, border=SIGNED)),
    )
    arc = (
        "ARC-Seal: i=1; cv=none; a=rsa-sha256; d=evil.example; s=s; b=eA==",
        "ARC-Authentication-Results: i=1; mx.cop.example; dmarc=pass header.from=nord.example",
    )
    yield (
        "a seal of somebody who vouches for it",
        NOBODY,
        by(BOB, ME, "weekly", *arc, border="dmarc=fail (p=reject) header.from=nord.example; arc=pass"),
    )
    yield (
        "results in our name below those of our border",
        NOBODY,
        by(
            BOB,
            ME,
            "weekly",
            "Authentication-Results: mx.cop.example; dmarc=pass header.from=nord.example",
            border="dmarc=fail (p=quarantine) header.from=nord.example",
        ),
    )
    yield (
        "two subjects, and neither the writer's",
        asked,
        by(BOB, ME, "", "Subject: daily", subject="weekly", border=UNPROVEN),
    )


def nameless(harm: Harm) -> Harm:
    lines = [one for one in harm.raw.split(b"\r\n") if not one.startswith((b"Message-ID:", b"Date:"))]
    return Harm(b"\r\n".join(lines), harm.to, harm.mail_from, harm.border)


def calendars(s: Scene) -> Iterator[tuple[str, frozenset[str], Harm]]:
    known = s.rsvp.message.calendar
    assert known
    sort = "text/calendar; method={}; charset=utf-8"
    for method in ("CANCEL", "REQUEST", "PUBLISH"):
        ics = event(known.uid, method, ANA, BOB)
        yield f"{method} of our event by a member", frozenset({MAL}), by(MAL, LIST, ics, sort=sort.format(method))
    yield (
        "the same by who facilitates elsewhere",
        frozenset({BOB}),
        by(BOB, "wells-event@cop.example", event(known.uid, "CANCEL", ANA, BOB), sort=sort.format("CANCEL")),
    )
    yield (
        "in a facilitator's name",
        frozenset({ANA}),
        by(
            ANA,
            LIST,
            event(known.uid, "CANCEL", ANA, BOB),
            sort=sort.format("CANCEL"),
            border="dmarc=none header.from=acme.example",
        ),
    )
    for n in range(12):
        ics = event(known.uid, "COUNTER", "wells-event@cop.example", BOB, n, f"202612{10 + n}T100000Z", "NEEDS-ACTION")
        yield (
            f"another time proposed, the {n}th",
            NOBODY,
            by(BOB, "wells-event@cop.example", ics, sort=sort.format("COUNTER")),
        )
    inside = part(
        "Content-Type: text/calendar; method=CANCEL\nContent-Disposition: attachment; filename=x.ics",
        event(known.uid, "CANCEL", ANA, BOB),
    )
    sort2, body = mixed(part("Content-Type: text/plain", "See the file."), inside)
    yield "as a file beside words", frozenset({ANA, BOB, CLEO, DINA, MAL}), by(MAL, LIST, body, sort=sort2)


def machines(s: Scene) -> Iterator[tuple[str, frozenset[str], Harm]]:
    """An answering machine of the facilitator's that marks nothing and writes other words each time."""
    for n, words in enumerate((
        "I am out of the office until Monday and will answer then.", "OK, I got your mail and will read it on Monday.",
        "Yes, this mailbox is still read, but not before Monday.", "Je suis absente jusqu'à lundi.", "Estoy fuera hasta el lunes.",
        "Ich bin bis Montag nicht im Büro.", "Your mail number 12 has been received. 1 reply will follow.", "Thank you for your message.",
    )):  # fmt: skip
        yield (
            f"a machine that answers {n}",
            frozenset({ANA}),
            by(
                ANA,
                s.hold.back,
                f"{words}\n\nAna Lima",
                f"In-Reply-To: <{s.hold.message.message_id}>",
                subject=f"Re: {s.hold.subject} ({n})",
            ),
        )
    for path in (s.rsvp.mail_from, s.settings.mail_from):
        report = f"Final-Recipient: rfc822; {CLEO}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user"
        sort, body = mixed(
            part("Content-Type: text/plain", "Failed."),
            part("Content-Type: message/delivery-status", f"Reporting-MTA: dns; x\n\n{report}"),
        )
        kind = sort.replace("multipart/mixed", "multipart/report; report-type=delivery-status")
        yield (
            "a true path, and somebody else named in the report",
            NOBODY,
            Harm(mail(body, sort=kind, author="MAILER-DAEMON@evil.example"), path, "", "none"),
        )
    feedback = (
        f"Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\nOriginal-Rcpt-To: {CLEO}\nOriginal-Mail-From: <{s.leave}>"
    )
    sort, body = mixed(
        part("Content-Type: text/plain", "Spam."),
        part("Content-Type: message/feedback-report", feedback),
        part("Content-Type: message/rfc822", f"From: {LIST}\nTo: {CLEO}\n\nx"),
    )
    kind = sort.replace("multipart/mixed", "multipart/report; report-type=feedback-report")
    yield (
        "a complaint with a token for leaving",
        NOBODY,
        Harm(mail(body, sort=kind, author=f"fbl@evil.example, {VICTIM}"), "abuse@cop.example", EVE, "none"),
    )
