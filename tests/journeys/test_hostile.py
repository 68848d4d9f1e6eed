"""A stranger means harm. Nothing acts, nothing leaks, nobody innocent is written to.

The lint here is its own: it shares no code with the writer of mails nor with the writer's lint.
"""

import re
import zlib
from base64 import b64encode
from collections import Counter
from email import message_from_bytes

import clients
import pytest
from world import Mail, World

from mailer.community.policy import Policy
from mailer.store.knowledge import asks, events
from mailer.store.society import people

EVE, VICTIM, DINA = "eve@evil.example", "victim@innocent.example", "dina@slow.example"
KNOWN = re.compile(
    r"from|to|cc|reply-to|subject|date|message-id|in-reply-to|references|mime-version|content-type|precedence|"
    r"content-transfer-encoding|auto-submitted|list-(id|post|help|owner|subscribe|unsubscribe|unsubscribe-post)"
)
ACTS = re.compile(rb"(?i)<(script|img|iframe|object|form|svg)\b|=\"?javascript:|<[^>]* on[a-z]+=")


def faults(raw: bytes) -> list[str]:
    """What a recipient could be hurt by: fields that are not ours to send, fields twice, lines that end otherwise."""
    found = []
    head, _, _ = raw.partition(b"\r\n\r\n")
    fields = re.findall(rb"(?m)^([^\s:]+):", head.replace(b"\r\n", b"\n"))
    names = Counter(name.decode().lower() for name in fields)
    found += [f"{name} is not ours" for name in names if not KNOWN.fullmatch(name)]
    found += [f"{name} {times} times" for name, times in names.items() if times > 1]
    if re.search(rb"[^\r]\n|\r[^\n]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xff]", raw):
        found.append("octets that are no text")
    if max(map(len, raw.split(b"\r\n"))) > 998:
        found.append("a line too long")
    parts = [part for part in message_from_bytes(raw).walk() if part.get_content_type() == "text/html"]
    if any(ACTS.search(part.get_payload(decode=True)) for part in parts):
        found.append("something that acts")
    return found


def clean(world: World) -> None:
    """Every mail that left is fit to be received, and nobody outside got one that they did not ask for."""
    assert [fault for got in world.sink.mails for fault in faults(got.raw)] == []


def letter(who: str, *fields: str, body: str = "Hello.", to: str = "wells@cop.example", id: str = "x1") -> bytes:
    head = [f"From: {who}"] if who else []
    return "\r\n".join([*head, f"To: {to}", f"Message-ID: <{id}@evil.example>", *fields, "", body, ""]).encode()


def modes(world: World) -> dict[str, tuple[str, str]]:
    """Each member's state and delivery."""
    with world.app.store.reading() as conn:
        home = people.communities(conn)[0].id
        rows = (people.by_email(conn, one) for one in ("ana@acme.example", "bob@nord.example", "cleo@far.example"))
        found = {one.email: people.membership_of(conn, one.id, home) for one in rows if one}
        return {email: (one.state, one.mode) for email, one in found.items() if one}


UNTOUCHED = ("active", "each")

NASTY = (
    "=?utf-8?q?Bob=0D=0ABcc=3A_victim=40innocent.example?=",
    "=?utf-8?b?" + b64encode(b"Bob\r\n\r\n<script>alert(1)</script>").decode() + "?=",
    '"Bob\\\r\n Bcc: victim@innocent.example"',
    "=?utf-8?q?=E2=80=AEmoc.live=00=1B[2J?=",
    "{{ 7*7 }}{% for x in ().__class__.__base__.__subclasses__() %}",
)


@pytest.mark.parametrize("name", NASTY, ids=range(len(NASTY)))
async def test_a_name_or_a_subject_is_only_ever_words(world: World, ana: str, bob: str, cleo: str, name: str) -> None:
    await world.hand_in(bob, "wells@cop.example", letter(f"{name} <{bob}>", f"Subject: {name}"))
    await world.hand_in(EVE, "wells@cop.example", letter(f"{name} <{EVE}>", f"Subject: {name}", id="x2"))
    [held] = world.new(EVE)
    await world.reply(EVE, held, "yes")
    clean(world)
    assert world.box(VICTIM) == [] and len(world.new(cleo)) == 2
    assert not any("49" in mail.subject for mail in world.box(cleo))


async def test_a_file_name_is_only_ever_words(world: World, ana: str, bob: str) -> None:
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nSee it.\r\n--b\r\nContent-Type: application/pdf\r\n"
        "Content-Disposition: attachment; filename*=utf-8''..%2F..%2Fx%0D%0ABcc:%20victim@innocent.example%0D%0A.pdf"
        "\r\n\r\nx\r\n--b--\r\n"
    )
    sort = 'Content-Type: multipart/mixed; boundary="b"'
    await world.hand_in(bob, "wells@cop.example", letter(f"Bob <{bob}>", "MIME-Version: 1.0", sort, body=body))
    [post] = world.new(ana)
    await world.reply(ana, post, "files")
    sent = world.box(ana)[-1]
    assert [one.name for one in sent.message.attachments] and "/" not in sent.message.attachments[0].name
    assert [fault for fault in faults(sent.raw) if "content-disposition" not in fault] == []


async def test_ids_that_are_no_ids_do_not_travel(world: World, ana: str, bob: str) -> None:
    for n, id in enumerate(("<a b@c>", f"<{'a' * 3000}@c>", "<a@b> <c@d>", "<\x01@c>", "")):
        raw = f"From: {bob}\r\nMessage-ID: {id}\r\nReferences: {id} <\u00e9@x>\r\nSubject: {n}\r\n\r\nPost {n}.\r\n"
        await world.hand_in(bob, "wells@cop.example", raw.encode())
    clean(world)
    assert len(world.new(ana)) == 5


async def test_words_that_look_like_programs_stay_words(world: World, ana: str, bob: str) -> None:
    page = (
        "<p>Look <b>here</b></p><script>alert(1)</script><img src=http://evil.example/t.gif onerror=alert(1)>"
        "<a href='javascript:alert(1)'>x</a><form action=http://evil.example><input></form><style>p{color:red}</style>"
        "<p>&lt;script&gt;alert(2)&lt;/script&gt; {{ 7*7 }} {% raw %}</p>"
    )
    await world.write(bob, "wells@cop.example", "<script>alert(0)</script>", html=page)
    [post] = world.new(ana)
    clean(world)
    html = post.message.html.lower()
    assert not re.search(r"<(script|img|form|input|style|svg)|=.?javascript:|evil\.example/t", html)
    assert "alert(1)" not in post.text and "{{ 7*7 }}" in post.text


async def test_dots_and_from_lines_arrive_as_they_were(world: World, ana: str, bob: str) -> None:
    words = "One\n.\n..two\nFrom here on\nQUIT\nMAIL FROM:<eve@evil.example>\nThe end"
    await world.write(bob, "wells@cop.example", "Dots", words)
    [post] = world.new(ana)
    assert words in post.text
    clean(world)


async def test_one_line_of_five_megabytes(world: World, ana: str, bob: str) -> None:
    await world.hand_in(bob, "wells@cop.example", letter(f"Bob <{bob}>", body="a" * 5_000_000))
    clean(world)
    assert all(len(got.raw) < 200_000 for got in world.sink.mails) and len(world.new(ana)) == 1


async def test_five_megabytes_in_one_line_once_decoded(world: World, ana: str, bob: str) -> None:
    body = "\r\n".join(re.findall(".{1,76}", b64encode(b"a" * 5_000_000).decode()))
    fields = ("Subject: Long", "MIME-Version: 1.0", "Content-Type: text/plain", "Content-Transfer-Encoding: base64")
    await world.hand_in(bob, "wells@cop.example", letter(f"Bob <{bob}>", *fields, body=body))
    clean(world)
    assert all(len(got.raw) < 200_000 for got in world.sink.mails)


async def test_ten_thousand_recipients_in_the_header_are_nobodys(world: World, ana: str, bob: str) -> None:
    crowd = ",\r\n ".join(f"p{n}@innocent.example" for n in range(10_000))
    await world.hand_in(bob, "wells@cop.example", letter(f"Bob <{bob}>", f"Cc: {crowd}", "Subject: All"))
    assert {who for got in world.sink.mails for who in got.rcpts} <= {ana, bob}
    assert all(b"innocent" not in got.raw for got in world.sink.mails)


async def test_a_bomb_is_kept_shut(world: World, ana: str, bob: str) -> None:
    bomb = zlib.compress(b"\x00" * 50_000_000, 9)
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nSee it.\r\n--b\r\nContent-Type: application/zip; name=b.zip\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{b64encode(bomb).decode()[:900]}\r\n--b--\r\n"
    )
    sort = 'Content-Type: multipart/mixed; boundary="b"'
    await world.hand_in(bob, "wells@cop.example", letter(f"Bob <{bob}>", "MIME-Version: 1.0", sort, body=body))
    [post] = world.new(ana)
    assert "Attached: b.zip" in post.text and len(post.raw) < 20_000


async def test_a_thousand_parts_within_parts_stop_nobody(world: World, ana: str, bob: str) -> None:
    deep = "".join(f"--b{n}\r\nContent-Type: multipart/mixed; boundary=b{n + 1}\r\n\r\n" for n in range(1000))
    sort = "Content-Type: multipart/mixed; boundary=b0"
    await world.hand_in(bob, "wells@cop.example", letter(f"Bob <{bob}>", "MIME-Version: 1.0", sort, body=deep + "Hi"))
    await world.write(bob, "wells@cop.example", "After", "Still here.")
    assert world.new(ana)[-1].subject == "After"
    clean(world)


@pytest.mark.parametrize(
    "author",
    [
        "",
        "Bob <bob@nord.example>, Eve <eve@evil.example>",
        "bob@nord.example\r\nFrom: eve@evil.example",
        "<>",
        "undisclosed:;",
    ],
)
async def test_who_has_no_one_name_does_nothing(world: World, ana: str, bob: str, author: str) -> None:
    raw = letter(author, "Subject: stop", body="stop", to="wells-leave@cop.example")
    await world.hand_in(EVE, "wells-leave@cop.example", raw, verified=False)
    await world.hand_in(EVE, "wells@cop.example", letter(author, "Subject: Hi", id="x9"), verified=False)
    assert world.sink.mails == [] and set(world.outcomes()) == {"recorded"}
    assert modes(world)[bob] == UNTOUCHED


async def test_a_pass_of_their_own_making_below_the_borders_fail(world: World, ana: str, bob: str) -> None:
    forged = (
        "Authentication-Results: mx.cop.example; dmarc=fail (p=reject) header.from=acme.example\n"
        "Authentication-Results: mx.cop.example; dmarc=pass header.from=acme.example\n"
        "X-Mailer-Verified: yes\nSender: ana@acme.example\nResent-From: ana@acme.example"
    )
    await world.write(ana, "wells-event@cop.example", "Party", "12 March 2026, 10:00", headers=forged, verified=False)
    await world.write(ana, "wells-leave@cop.example", "leave", "leave", headers=forged, verified=False)
    assert world.sink.mails == [] and modes(world)[ana] == UNTOUCHED


async def test_the_name_of_a_facilitator_is_not_their_word(world: World, ana: str, bob: str, cleo: str) -> None:
    world.names[EVE] = "Ana Lima (Acme) via Wells"
    await world.write(EVE, "wells@cop.example", "Pay here", "Urgent. Please pay.")
    await world.write(EVE, "wells-event@cop.example", "Party", "12 March 2026, 10:00")
    assert world.new(bob) == world.new(ana) == []
    world.names[bob] = "Ana Lima (Acme) via Wells"
    await world.write(bob, "wells@cop.example", "Pay here", "Urgent. Please pay.")
    assert [mail.message.senders[0].name for mail in world.new(cleo)] == ["Bob Berg (Nord Drilling) via Wells"]


async def test_sender_and_reply_to_lead_nobody_elsewhere(world: World, ana: str, bob: str, cleo: str) -> None:
    games = f"Reply-To: Eve <{EVE}>\nSender: {EVE}\nReturn-Path: <{VICTIM}>\nDisposition-Notification-To: {VICTIM}"
    games += f"\nErrors-To: {VICTIM}\nReturn-Receipt-To: {VICTIM}\nX-Confirm-Reading-To: {VICTIM}"
    await world.write(bob, "wells@cop.example", "Games", "See?", headers=games)
    await world.write(bob, "wells-help@cop.example", "help", "", headers=games)
    assert world.box(EVE) == world.box(VICTIM) == []
    assert all(EVE.encode() not in got.raw and VICTIM.encode() not in got.raw for got in world.sink.mails)
    [post] = world.new(cleo)
    assert post.back == "wells@cop.example"
    clean(world)


async def the_invitation(world: World, ana: str, bob: str) -> Mail:
    await world.write(ana, "wells-event@cop.example", "Webinar", "Thursday 12 March 2026, 10:00-11:00")
    await world.reply(ana, world.new(ana)[-1], "send")
    return world.new(bob)[-1]


def answered(world: World) -> set[str]:
    with world.app.store.reading() as conn:
        [event] = events.coming(conn, people.communities(conn)[0].id, world.now)
        return {people.by_id(conn, one.person_id).email for one in asks.answers(conn, event.ask_id)}


async def test_a_calendars_answer_for_somebody_else(world: World, ana: str, bob: str, cleo: str) -> None:
    invitation = await the_invitation(world, ana, bob)
    forged = clients.pressed(invitation, bob, "DECLINED", world.now)
    await world.hand_in(
        EVE, "wells-event@cop.example", forged.replace(f"From: {bob} <{bob}>".encode(), f"From: {EVE}".encode())
    )
    await world.hand_in(EVE, "wells-event@cop.example", forged, verified=False)
    assert bob not in answered(world)
    [told] = world.box(EVE)  # to whom our border vouches for, and nothing of Bob's in it
    assert told.subject == "Is this also you? Declined: Webinar" and bob not in told.text


async def test_one_persons_token_is_nothing_in_anothers_hand(world: World, ana: str, bob: str, cleo: str) -> None:
    invitation = await the_invitation(world, ana, bob)
    await world.write(bob, "wells@cop.example", "Beads", "Use ceramic beads.")
    receipt = world.new(bob)[-1]
    for mail, word in (
        (invitation, "yes"),
        (receipt, "undo"),
        (receipt, "weekly"),
        (receipt, "stop"),
        (receipt, "leave"),
    ):
        await world.reply(EVE, mail, word)
        await world.reply(bob, mail, word, verified=False, headers=FAILED)
    assert answered(world) == set() and set(modes(world).values()) == {UNTOUCHED}
    also, question = world.new(bob)  # law 16: nothing is done until that person confirms
    assert also.subject == f"Is this also you? {EVE}" and "A mail in your name reached us" in question.text
    told = world.box(EVE)  # once a day and reason, to whom our border vouches for, and nothing of Bob's in it
    assert len(told) <= 2 and told[0].subject.startswith("Is this also you?")
    assert not any(secret in mail.raw.decode() for mail in told for secret in (bob, "Bob", "ceramic"))
    for word in ("undo", "quiet"):
        await world.reply(cleo, receipt, word)
    assert "undone" not in world.outcomes() and set(modes(world).values()) == {UNTOUCHED}


FAILED = "Authentication-Results: mx.cop.example; dmarc=fail (p=reject) header.from=nord.example"


async def test_only_a_facilitator_lets_a_held_mail_go(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(bob, "wells@cop.example", "Pay here", "Urgent.", headers=FAILED, verified=False)
    [hold] = world.new(ana)
    await world.reply(cleo, hold, "ok")
    await world.reply(EVE, hold, "ok")
    fail = FAILED.replace("nord", "acme")
    await world.reply(ana, hold, "ok", verified=False, headers=fail)
    assert [mail for mail in world.box(cleo) if mail.subject == "Pay here"] == []


async def test_what_is_personal_in_a_mail_stays_so_when_its_owner_posts_it(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    [post] = world.new(bob)
    await world.write(bob, "wells-me@cop.example", "", "settings")
    [settings] = world.new(bob)
    world.new(ana), world.new(cleo)
    way = post.message.headers.get("list-unsubscribe")
    leave = way.partition("<mailto:")[2].partition("?")[0].partition(">")[0]
    told = f"What is this? It came with {way}, from {post.mail_from.upper()}.\n"
    told += f"I may answer at <mailto:{settings.back}?subject=daily>."
    await world.write(bob, "wells@cop.example", f"Odd: {settings.back}", told)
    await world.write(bob, "wells-team@cop.example", "Odd", told)
    secrets = [one.partition("@")[0].rpartition("-")[2].lower() for one in (leave, post.mail_from, settings.back)]
    mails = [mail for who in (ana, cleo) for mail in world.new(who)]
    assert len(mails) == 3
    for mail in mails:
        shown = (mail.text + mail.message.html + mail.subject).lower()
        assert [one for one in secrets if one in shown] == []
    with world.app.store.reading() as conn:
        kept = str(conn.exec_driver_sql("SELECT subject, new_text FROM post").all()).lower()
    assert "what is this?" in kept and [one for one in secrets if one in kept] == []


async def test_a_complaint_without_our_mark_makes_nobody_leave(world: World, ana: str, bob: str) -> None:
    await world.write(ana, "wells@cop.example", "News", "x")
    world.new(ana), world.new(bob)
    report = (
        "--b\r\nContent-Type: text/plain\r\n\r\nSpam.\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        f"Feedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\nOriginal-Rcpt-To: {bob}\r\n"
        "Original-Mail-From: wells-b-aaaaaaaaaaaaaaaaaaaaaaaaaaaa@cop.example\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: wells@cop.example\r\nTo: {bob}\r\n\r\nx\r\n--b--\r\n"
    )
    sort = "Content-Type: multipart/report; report-type=feedback-report; boundary=b"
    await world.hand_in(EVE, "wells@cop.example", letter(EVE, "MIME-Version: 1.0", sort, body=report))
    await world.hand_in(EVE, "abuse@cop.example", letter(EVE, "MIME-Version: 1.0", sort, body=report, id="x3"))
    assert world.new(ana) == world.new(bob) == world.new(EVE) == [] and modes(world)[bob] == UNTOUCHED


@pytest.mark.fault("F17")
async def test_two_hundred_strangers_that_never_asked(world: World, ana: str) -> None:
    for n in range(200):
        where = ("wells-join@cop.example", "wells@cop.example")[n % 2]
        await world.write(f"p{n}@innocent.example", where, "Hi", "Let me in.", verified=False)
    assert len(world.sink.mails) == 100 and world.new(ana) == []


@pytest.mark.fault("F17")
async def test_one_stranger_twenty_times_a_day_is_asked_once(world: World, ana: str) -> None:
    world.community("hills")
    for n in range(20):
        where = ("wells-join", "wells", "hills-join", "hills")[n % 4]
        await world.write(VICTIM, f"{where}@cop.example", f"Hi {n}", "Let me in.", verified=False)
        await world.wait(minutes=20)
    assert len(world.box(VICTIM)) == 1 and world.new(ana) == []


async def test_nobody_has_us_carry_their_words_to_a_third(world: World, ana: str) -> None:
    world.names[VICTIM] = "You have won, see www.evil.example"
    await world.write(VICTIM, "wells@cop.example", "You have won", "See www.evil.example", verified=False)
    for verb in ("find", "me", "help", "team", "event", "leave", "ask", "invite", "join"):
        for word in ("", "leave\n\n", "name ", "thnaks\n\n", "my data\n\n", "find "):
            said = f"{word}See www.evil.example"
            await world.write(VICTIM, f"wells-{verb}@cop.example", "You have won", said, verified=False)
    [question] = world.box(VICTIM)
    assert "won" not in question.raw.decode() and "evil.example" not in question.raw.decode()
    assert world.new(ana) == []


async def test_who_is_known_and_no_member_is_asked_in_our_words_alone(world: World, ana: str) -> None:
    """Whoever once wrote has a name with us; that is no leave to write to them in anybody else's words."""
    await world.write(VICTIM, "wells@cop.example", "Hello", "May I join?", verified=False)
    world.box(VICTIM)
    await world.wait(days=2)
    world.new(VICTIM)
    await world.write(VICTIM, "wells-invite@cop.example", "You have won", "www.evil.example", verified=False)
    [question] = world.new(VICTIM)
    assert question.subject.startswith("Was this you?") and "Subject:" not in question.text
    assert "won" not in question.raw.decode() and "evil.example" not in question.raw.decode()


async def test_machines_that_say_yes(world: World, ana: str, bob: str) -> None:
    invitation = await the_invitation(world, ana, bob)
    for field in (
        "Auto-Submitted: auto-generated",
        "Auto-Submitted: auto-replied",
        "X-Autoreply: yes",
        "Precedence: bulk",
    ):
        await world.reply(bob, invitation, "yes", headers=field)
    await world.write(EVE, "wells-join@cop.example", "", "x", headers="Auto-Submitted: auto-generated", verified=False)
    assert world.new(bob) == world.box(EVE) == [] and answered(world) == set()


async def test_a_word_that_only_stands_in_a_quote_is_no_word(world: World, ana: str, bob: str) -> None:
    await world.write(ana, "wells@cop.example", "News", "Words we know:\n\nleave\n\nstop")
    [post], _ = world.new(bob), world.new(ana)
    await world.reply(bob, post, "I read this with interest.\n\nleave\nweekly")
    assert modes(world)[bob] == UNTOUCHED and len(world.new(ana)) == 1


async def test_an_invitation_nobody_may_send(world: World, ana: str, bob: str, cleo: str) -> None:
    forged = b"Authentication-Results: mx.cop.example; dmarc=fail (p=reject) header.from=acme.example\r\n"
    raw = clients.meeting("Ana Lima", ana, 0, world.now, "20260312T100000", "20260312T110000")
    await world.hand_in(EVE, "wells@cop.example", forged + raw, verified=False)
    await world.hand_in(cleo, "wells@cop.example", raw.replace(b"From: Ana Lima <ana@acme", b"From: Cleo <cleo@far"))
    assert world.new(bob) == [] and world.new(ana) == []


async def test_a_calendar_full_of_hooks(world: World, ana: str, bob: str) -> None:
    raw = clients.meeting("Ana Lima", ana, 0, world.now, "20260312T100000", "20260312T110000")
    raw = raw.replace(
        b"Barrier status in old wells\r\nDTSTART",
        b"Talk\\nATTENDEE:mailto:victim@innocent.example\\n{{7*7}}\r\nDTSTART",
    )
    raw = raw.replace(b":Teams", b":javascript:alert(1)\\nBcc: x")
    await world.hand_in(ana, "wells@cop.example", raw)
    await world.reply(ana, world.new(ana)[-1], "send")
    [invitation] = world.new(bob)
    clean(world)
    calendar = invitation.message.calendar
    assert calendar and [one.address for one in calendar.attendees] == [bob]
    assert world.box(VICTIM) == [] and 'href="javascript' not in invitation.message.html


async def test_a_digest_is_no_way_around_the_rules(world: World, ana: str, bob: str) -> None:
    world.member(DINA, "Dina Eck", mode="weekly")
    await the_invitation(world, ana, bob)
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    with world.app.store.writing() as conn:
        people.change_community(conn, people.communities(conn)[0].id, policy=Policy(first_posts="held"))
    await world.until("2026-03-09 08:00", "Europe/Oslo")
    digest = world.new(DINA)[-1]
    assert "1. Losses" in digest.text and "2. Webinar" in digest.text
    world.new(bob)
    await world.reply(DINA, digest, "1: Buy my pumps.\n2: yes", verified=False, headers=FAILED.replace("nord", "slow"))
    named = f"In-Reply-To: <{digest.message.message_id}>"
    await world.reply(DINA, digest, "1: Buy my pumps.")
    assert world.new(bob) == [] and answered(world) == set()
    await world.write("erik@far.example", "wells@cop.example", "Re: digest", "2: yes", headers=named)
    await world.write(DINA, "wells@cop.example", "Re: digest", "2: yes\n1: Buy.", headers=named, verified=False)
    assert world.new(bob) == [] and answered(world) == set()
