"""A hundred mails that mean harm, in a table. After each: nothing has changed, nobody innocent got anything, and the
ledger knows of it, unless the door was shut already. Ours all: no mail here was ever sent by anybody.

`stage` plays an ordinary week first, so that there is something to steal: posts, an invitation, a receipt, settings and
a mail that waits for the facilitator.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from smtplib import SMTPResponseException

import clients
import pytest
from world import Mail, World

EVE, VICTIM = "eve@evil.example", "victim@innocent.example"
ANA, BOB, CLEO = "ana@acme.example", "bob@nord.example", "cleo@far.example"
PASS, NONE, FAIL = "pass", "none", "fail"
KEPT = (
    "membership",
    "person",
    "address",
    "post",
    "answer",
    "ask",
    "suppression",
    "community",
    "item",
    "event",
    "thread",
    "tagging",
    "follow",
)


@dataclass(frozen=True)
class Hostile:
    """One mail. `about` is whose mail of the stage it claims to answer; `border` what our front says of `of`, or of the
    author's domain; `tells` who may hear of it: whoever our front vouches for, or the facilitator of a mail that waits.
    """

    author: str
    to: str = "wells@cop.example"
    subject: str = "Hello"
    text: str = "Hello."
    about: str = ""
    headers: str = ""
    border: str = FAIL
    of: str = ""
    mail_from: str | None = None
    body: str = ""  # in place of the text, with its own Content-Type among the headers
    tells: Sequence[str] = ()


@dataclass
class Stage:
    world: World
    mails: dict[str, Mail] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)


@pytest.fixture
async def stage(world: World, ana: str, bob: str, cleo: str) -> Stage:
    """An ordinary week."""
    made = Stage(world)
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    made.mails["post"] = world.new(bob)[0]
    await world.write(bob, "wells@cop.example", "Beads", "Use ceramic beads.")
    made.mails["receipt"] = world.new(bob)[-1]
    await world.write(bob, "wells-me@cop.example", "", "settings")
    made.mails["settings"] = world.new(bob)[-1]
    await world.write(ana, "wells-event@cop.example", "Webinar", "Thursday 12 March 2026, 10:00-11:00")
    await world.reply(ana, world.new(ana)[-1], "send")
    made.mails["invitation"] = world.new(bob)[-1]
    await world.write(bob, "wells@cop.example", "Pay", "Wait.", verified=False, headers=border(FAIL, "nord.example"))
    made.mails["hold"] = world.new(ana)[-1]
    for mail in made.mails.values():
        made.tokens += re.findall(r"-(?:r|b|leave)-([a-z2-7]{15,})@", mail.raw.decode("latin-1"))
    for who in (ana, bob, cleo):
        world.new(who)
    return made


def border(word: str, domain: str) -> str:
    """What our front writes on top."""
    policy = " (p=reject)" if word == FAIL else ""
    return "" if word == NONE else f"Authentication-Results: mx.cop.example; dmarc={word}{policy} header.from={domain}"


def raw(one: Hostile, stage: Stage, number: int) -> bytes:
    about = stage.mails.get(one.about)
    named = [f"In-Reply-To: <{about.message.message_id}>", f"References: <{about.message.message_id}>"] if about else []
    domain = one.of or one.author.rpartition("@")[2].rstrip(">")
    own = bool(one.body) and "content-type" in one.headers.lower()
    head = [
        *filter(None, [border(one.border, domain)]),
        *([f"From: {one.author}"] if one.author else []),
        f"To: {one.to}",
        f"Subject: {one.subject}",
        f"Message-ID: <h{number}@evil.example>",
        *named,
        *one.headers.splitlines(),
        *([] if own else ["Content-Type: text/plain; charset=utf-8"]),
        "MIME-Version: 1.0",
    ]
    return "\r\n".join([*head, "", one.body or one.text, ""]).encode()


def kept(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Everything that a mail could change, but for what strangers are asked."""
    with world.app.store.reading() as conn:
        found = {}
        for table in KEPT:
            rows = conn.exec_driver_sql(f"SELECT * FROM {table}").all()
            found[table] = sorted((tuple(map(str, row)) for row in rows), key=str)
        return found


def acted(before: dict[str, list[tuple[object, ...]]], after: dict[str, list[tuple[object, ...]]]) -> list[str]:
    """What has changed: a person or an ask that is new is no more than a question kept open."""
    found = [table for table in KEPT if not set(before[table]) <= set(after[table])]
    return found + [
        table for table in KEPT if table not in ("person", "address", "ask") and before[table] != after[table]
    ]


async def play(stage: Stage, name: str, one: Hostile, number: int) -> list[str]:
    """Hand it in; what is wrong with what came of it."""
    world = stage.world
    before, sent, lines = kept(world), len(world.sink.mails), len(world.outcomes())
    to = stage.mails[one.to].back if one.to in stage.mails else one.to
    placed = Hostile(**{**one.__dict__, "to": to})
    sender = one.author.rpartition("<")[2].rstrip(">") if one.mail_from is None else one.mail_from
    try:
        await world.hand_in(
            sender if "@" in sender else EVE if one.mail_from is None else "",
            to,
            raw(placed, stage, number),
            verified=False,
        )
        shut = False
    except SMTPResponseException as refused:
        shut = 500 <= refused.smtp_code < 600
    faults = [f"{name}: {table} changed" for table in acted(before, kept(world))]
    if not shut and len(world.outcomes()) == lines:
        faults.append(f"{name}: nobody wrote it down")
    for got in world.sink.mails[sent:]:
        if not set(got.rcpts) <= set(one.tells):
            faults.append(f"{name}: {got.rcpts} got {Mail(world.box(got.rcpts[0])[-1].message, '', '', b'').subject!r}")
        if EVE in got.rcpts and any(token in got.raw.decode("latin-1").lower() for token in stage.tokens):
            faults.append(f"{name}: a token leaked")
        if EVE in got.rcpts and any(word in got.raw for word in (b"ceramic", b"nord.example", b"acme.example")):
            faults.append(f"{name}: {got.raw!r} leaked")
    return faults


WORDS = ("stop", "leave", "daily", "none", "mute", "undo", "weekly", "quiet", "files", "settings")
VERBS = ("leave", "me", "join", "event", "team", "find", "help", "ask")
TO_ANA = (ANA,)

COMMANDS = {
    **{
        f"{word} in a name that is not theirs": Hostile(BOB, "receipt", text=word, about="receipt", tells=(BOB,))
        for word in WORDS
    },
    **{
        f"to -{verb}@ in a name that is not theirs": Hostile(BOB, f"wells-{verb}@cop.example", verb, verb)
        for verb in VERBS
    },
    **{
        f"{word} on a post, in a name that is not theirs": Hostile(BOB, text=word, about="post")
        for word in ("stop", "mute", "daily", "thanks")
    },
    "yes for another, by Message-ID": Hostile(
        BOB, "wells-event@cop.example", text="yes", about="invitation", tells=(BOB,)
    ),
    "erase me": Hostile(BOB, "wells-me@cop.example", "erase me", "erase me"),
    "my data": Hostile(BOB, "wells-me@cop.example", "my data", "my data"),
    "another address": Hostile(BOB, "wells-me@cop.example", f"also {EVE}", f"also {EVE}"),
}

FACILITATING = {
    "ok in the facilitator's name": Hostile(ANA, "hold", text="ok", about="hold", tells=TO_ANA),
    "no in the facilitator's name": Hostile(ANA, "hold", text="no spam", about="hold", tells=TO_ANA),
    "ok always": Hostile(ANA, "hold", text="ok always", about="hold", tells=TO_ANA),
    "ok by a member": Hostile(CLEO, "hold", text="ok", about="hold", border=PASS, tells=(CLEO,)),
    "ok by a stranger our border knows": Hostile(EVE, "hold", text="ok", about="hold", border=PASS, tells=(EVE, ANA)),
    "an announcement": Hostile(ANA, subject="Pay now", text="#announce\n\nPay here.", tells=TO_ANA),
    "an event": Hostile(ANA, "wells-event@cop.example", "Party", "12 March 2026, 10:00"),
    "a member removed": Hostile(ANA, "wells-team@cop.example", "remove", f"remove {BOB}"),
    "a facilitator made": Hostile(ANA, "wells-team@cop.example", "facilitator", f"facilitator {EVE}"),
    "settings of the community": Hostile(ANA, "wells-team@cop.example", "settings", "posting: facilitators"),
    "the list of members": Hostile(ANA, "wells-team@cop.example", "members", "members"),
    "a ban": Hostile(ANA, "wells-team@cop.example", "ban", f"ban {BOB}"),
    "a title for a thread": Hostile(ANA, text="title Buy pumps here", about="post", tells=TO_ANA),
}

STOLEN = {
    f"{word} with a {what} passed on": Hostile(
        EVE, what, f"Re: {what}", word, about=what, border=PASS, tells=(EVE, BOB)
    )
    for what, words in {
        "receipt": ("undo", "stop", "thanks"),
        "settings": ("daily", "none", "my data", "erase me"),
        "invitation": ("yes", "no"),
        "post": ("stop", "mute"),
    }.items()
    for word in words
}

AUTHORS = {
    "two authors": Hostile(f"Bob <{BOB}>, Eve <{EVE}>", text="stop", border=PASS, of="nord.example"),
    "two From fields": Hostile(BOB, text="stop", headers=f"From: {EVE}", border=PASS, of="nord.example"),
    "a group": Hostile(f"friends: {BOB}, {EVE};", text="stop", border=PASS, of="nord.example", mail_from=EVE),
    "an author in the sender": Hostile(
        EVE, "wells-me@cop.example", "daily", "daily", headers=f"Sender: {BOB}", border=PASS, tells=(EVE,)
    ),
    "resent by a member": Hostile(
        EVE,
        "wells-me@cop.example",
        "daily",
        "daily",
        headers=f"Resent-From: {BOB}\nResent-To: wells-me@cop.example",
        border=PASS,
        tells=(EVE,),
    ),
    "resent to the list": Hostile(BOB, headers=f"Resent-From: {EVE}\nResent-Sender: {EVE}", tells=TO_ANA),
    "a name that is an address": Hostile(
        f'"{BOB}" <{EVE}>', "wells-me@cop.example", "daily", "daily", border=PASS, of="evil.example", tells=(EVE,)
    ),
    "a comment that is an address": Hostile(
        f"{EVE} ({BOB})",
        "wells-me@cop.example",
        "daily",
        "daily",
        border=PASS,
        of="evil.example",
        mail_from=EVE,
        tells=(EVE,),
    ),
    "an encoded address": Hostile(
        "=?utf-8?q?bob=40nord.example?=", text="stop", border=PASS, of="nord.example", mail_from=EVE
    ),
    "a route": Hostile(f"<@evil.example:{BOB}>", text="stop", border=PASS, of="evil.example", mail_from=EVE),
    "a letter of another script": Hostile(
        "bob@n\u043erd.example",
        "wells-me@cop.example",
        "daily",
        "daily",
        border=PASS,
        of="xn--nrd-8cd.example",
        mail_from=EVE,
        tells=("bob@xn--nrd-8cd.example", "bob@xn--nrd-emc.example"),
    ),
    "a full-width letter": Hostile(
        "bob@\uff4eord.example", "wells-me@cop.example", "daily", "daily", border=PASS, of="nord.example", mail_from=EVE
    ),
    "a local part of another script": Hostile(
        "b\u043eb@nord.example", "wells-me@cop.example", "daily", "daily", border=FAIL, of="nord.example", mail_from=EVE
    ),
    "a dotless i": Hostile("cleo@f\u0430r.example", border=FAIL, of="xn--fr-6kc.example", mail_from=EVE),
    "a null author": Hostile("<>", text="stop", mail_from=""),
    "no author": Hostile("", text="stop", border=NONE),
    "ourselves": Hostile("wells@cop.example", text="stop", border=NONE),
    "ourselves at another door": Hostile("wells-help@cop.example", "wells-team@cop.example", text="help", border=NONE),
    "a long author": Hostile(f"{'a' * 300}@nord.example", text="stop", border=FAIL, mail_from=EVE),
}

VOUCHED = {
    f"results {name}": Hostile(
        ANA, "wells-team@cop.example", "remove", f"remove {BOB}", headers=headers, border=word, tells=tells
    )
    for name, word, headers, tells in (
        ("below a fail", FAIL, "Authentication-Results: mx.cop.example; dmarc=pass header.from=acme.example", ()),
        ("in a comment", FAIL, "X: y", ()),
        (
            "of another border",
            NONE,
            "Authentication-Results: mx.evil.example; dmarc=pass header.from=acme.example",
            (ANA,),
        ),
        ("of our own looking", NONE, "Authentication-Results: ourselves; dmarc=pass header.from=acme.example", (ANA,)),
        (
            "for another domain",
            NONE,
            "Authentication-Results: mx.cop.example; dmarc=pass header.from=evil.example",
            (ANA,),
        ),
        (
            "sealed by somebody",
            NONE,
            "ARC-Authentication-Results: i=1; mx.cop.example; dmarc=pass header.from=acme.example",
            (ANA,),
        ),
    )
}

MACHINES = {
    f"a machine, {headers.partition(chr(10))[0] or 'null sender'}, to {about}": Hostile(
        BOB,
        to,
        "Re: News",
        "I am away until Monday. yes",
        about=about,
        border=PASS,
        headers=headers,
        mail_from=mail_from,
    )
    for headers, mail_from in (
        ("Auto-Submitted: auto-replied", None),
        ("Auto-Submitted: auto-generated", None),
        ("X-Autoreply: yes", None),
        ("X-Autorespond: 1", None),
        ("Precedence: auto_reply", None),
        ("Precedence: bulk\nList-Id: <x.other.example>", None),
        ("X-Auto-Response-Suppress: All\nAuto-Submitted: auto-replied", None),
        ("", ""),
        ("Return-Path: <>\nAuto-Submitted: auto-notified", None),
    )
    for to, about in (("wells@cop.example", "post"), ("invitation", "invitation"))
}


def mixed(sort: str, *parts: str) -> tuple[str, str]:
    """Headers and body of a report."""
    joined = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return f"Content-Type: multipart/report; report-type={sort}; boundary=b", f"{joined}--b--\r\n"


DSN = mixed(
    "delivery-status",
    "Content-Type: text/plain\r\n\r\nNot delivered.",
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.evil.example\r\n\r\n"
    f"Final-Recipient: rfc822; {BOB}\r\nAction: failed\r\nStatus: 5.1.1\r\n",
)
ARF = mixed(
    "feedback-report",
    "Content-Type: text/plain\r\n\r\nSpam.",
    f"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\nOriginal-Rcpt-To: {BOB}\r\n"
    "Original-Mail-From: wells-b-aaaaaaaaaaaaaaaaaaaaaaaa@cop.example\r\n",
    f"Content-Type: message/rfc822\r\n\r\nFrom: wells@cop.example\r\nTo: {BOB}\r\n\r\nx",
)
MDN = mixed(
    "disposition-notification",
    "Content-Type: text/plain\r\n\r\nRead.",
    f"Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; {BOB}\r\n"
    "Disposition: x/y; displayed\r\n",
)
DOORS = ("wells@cop.example", "wells-bounces@cop.example", "wells-help@cop.example", "postmaster@cop.example")
REPORTS = {
    f"{name} to {to.partition('@')[0]}": Hostile(
        "MAILER-DAEMON@evil.example", to, "Undelivered", headers=headers, body=body, border=word, mail_from=sender
    )
    for name, (headers, body) in (("a bounce", DSN), ("a complaint", ARF), ("a receipt", MDN))
    for to in DOORS
    for word, sender in ((NONE, ""),)
}

LOOPS = {
    "our own list's mark": Hostile(BOB, headers="List-Id: <wells.cop.example>", border=PASS),
    "another of our lists": Hostile(BOB, headers="List-Id: Hills <hills.cop.example>", border=PASS),
    "a list at another house": Hostile(EVE, headers="List-Id: <other.list.example>\nPrecedence: list", border=PASS),
    "thirty servers": Hostile(BOB, headers="\n".join(["Received: from a by b; x"] * 30), border=PASS),
    "a list that joins a list": Hostile(
        "other@list.example",
        "wells-join@cop.example",
        headers="List-Id: <o.list.example>\nPrecedence: list",
        border=PASS,
    ),
    "a machine that joins": Hostile(
        "robot@list.example", "wells-join@cop.example", headers="Auto-Submitted: auto-generated", border=NONE
    ),
}

BOMBS = {
    f"{name} in a victim's name": Hostile(VICTIM, to, "Let me in", "Let me in.", mail_from=sender)
    for name, to, sender in (
        ("a join", "wells-join@cop.example", VICTIM),
        ("a post", "wells@cop.example", VICTIM),
        ("a question for help", "wells-help@cop.example", VICTIM),
        ("a search", "wells-find@cop.example", VICTIM),
        ("a leave", "wells-leave@cop.example", VICTIM),
        ("a word for the team", "wells-team@cop.example", VICTIM),
        ("a join from elsewhere", "wells-join@cop.example", EVE),
    )
}

CLASSES = {
    "commands": COMMANDS,
    "facilitating": FACILITATING,
    "stolen": STOLEN,
    "authors": AUTHORS,
    "vouched": VOUCHED,
    "machines": MACHINES,
    "reports": REPORTS,
    "loops": LOOPS,
    "bombs": BOMBS,
}


def test_there_are_a_hundred() -> None:
    assert sum(map(len, CLASSES.values())) >= 100


@pytest.mark.fault("F15")
@pytest.mark.parametrize("sort", CLASSES)
async def test_nothing_acts_nothing_leaks_and_nobody_innocent_is_mailed(stage: Stage, sort: str) -> None:
    faults = []
    for number, (name, one) in enumerate(CLASSES[sort].items()):
        faults += await play(stage, name, one, number)
    assert faults == []
    asked = [got.rcpts for got in stage.world.sink.mails if VICTIM in got.rcpts]
    assert asked == []


async def test_calendars_of_somebody_else(stage: Stage) -> None:
    world, invitation = stage.world, stage.mails["invitation"]
    faults = []
    for number, (answer, author, word) in enumerate(
        (
            ("DECLINED", BOB, FAIL),
            ("ACCEPTED", BOB, FAIL),
            ("TENTATIVE", EVE, PASS),
            ("DECLINED", EVE, PASS),
            ("ACCEPTED", f"{BOB}, {EVE}", PASS),
        )
    ):
        before, sent, lines = kept(world), len(world.sink.mails), len(world.outcomes())
        pressed = clients.pressed(invitation, BOB, answer, world.now)
        head = border(word, "evil.example" if EVE in author else "nord.example")
        forged = pressed.replace(f"From: {BOB} <{BOB}>".encode(), f"From: {author}".encode())
        forged = re.sub(rb"Message-ID: <[^>]*>", b"Message-ID: <c%d@evil.example>" % number, forged)
        await world.hand_in(EVE, invitation.back, f"{head}\r\n".encode() + forged, verified=False)
        told = {who for got in world.sink.mails[sent:] for who in got.rcpts}
        if acted(before, kept(world)) or told - {EVE, BOB} or len(world.outcomes()) == lines:
            faults.append((answer, author, word, acted(before, kept(world)), told))
    assert faults == []
