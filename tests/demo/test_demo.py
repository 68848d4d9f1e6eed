"""The month is played whole, and the post room shows it and writes into it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from printing import press

from mailer.app import App
from mailer.config import Listen, Relay, Settings, Trust
from mailer.demo import seeing
from mailer.demo.cast import Play, rehearse
from mailer.demo.player import Stage, Time
from mailer.demo.postoffice import PostOffice
from mailer.demo.postroom import PostRoom
from mailer.errors import Misconfigured
from mailer.mail.parse import parse
from mailer.mail.tokens import Keys
from mailer.store.record import journals
from mailer.verbs.demo import demo

BORDER = "border.demo"


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 3, 31), date(2026, 11, 22), date(2027, 8, 15)])
def test_the_month_fits_whatever_day_it_is(today: date) -> None:
    play = rehearse(today)
    assert play.starts < play.scenes[0][0] and play.scenes[-1][0] < play.ends
    assert play.starts.date() < today.replace(day=1) <= play.ends.date()
    assert all("{" not in scene.text for _, scene in play.scenes)
    assert {scene.who for _, scene in play.scenes} <= {player.key for player in play.cast}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[tuple[Stage, Play]]:
    play = rehearse(date(2026, 11, 22))
    office = PostOffice(tmp_path / "mailboxes")
    await office.start()
    time = Time(play.starts)
    settings = Settings(
        domain="cop.example",
        state=str(tmp_path),
        listen=Listen(smtp="127.0.0.1:0", mails_per_minute_per_peer=100_000),
        relay=Relay(host="127.0.0.1", port=office.port),
        trust=Trust(authserv_id=BORDER),
    )
    app = App(settings, keys=Keys(b"a key for the demo, long enough"), clock=time, press=press())
    await app.start(("listen",))
    made = Stage(app, office, time, BORDER)
    assert made.found(play) and not made.found(play)
    yield made, play
    await app.stop()
    office.stop()


async def test_the_month_is_played_and_every_scene_comes_to_what_it_says(stage: tuple[Stage, Play]) -> None:
    made, play = stage
    await made.play(play, lambda scene: None)
    with made.app.store.reading() as conn:
        outcomes = [row["what"] for row in reversed(journals.latest(conn, 500))]
    counts = {what: outcomes.count(what) for what in set(outcomes)}
    assert counts == {
        "posted": 13, "announced": 1, "thanked": 7, "recorded": 1, "fetched": 1, "tagged": 1, "bounced": 1, "asked": 3,
        "invited": 2, "answered": 6, "held": 1, "joined": 1, "set": 2, "found": 2, "left": 1, "expired": 2,
    }  # fmt: skip

    subjects = {one.key: [mail.message.subject for mail in made.office.box(one.address)] for one in play.cast}
    assert subjects["nia"][:2] == ["Your mail to Wells is safe", "Welcome to Wells"]
    assert subjects["nia"][-1] == "Thank you, Wanjiru Otieno"
    assert next(one for one in subjects["per"] if "your week" in one) == "Wells: your week, Monday 12 October 2026"
    assert sum("your day" in one for one in subjects["sofia"]) >= 7
    assert subjects["jakob"][-1] == "Sie haben Wells verlassen"
    assert not any("Did you mean" in one for key, box in subjects.items() if key != "lin" for one in box)
    counted = [one for one in subjects["ingrid"] if one.startswith("2 yes, 1 maybe")]
    assert len(counted) == 2  # the day before, and after

    room = PostRoom(made, play)
    for path in ("/", "/box/nia", "/box/nia/1", "/box/nia/1/html", "/archive", "/archive/1", "/ledger", "/style.css"):
        status, headers, body = await ask(room, path)
        assert (status, b"Traceback" in body) == (200, False), path
        assert headers["x-content-type-options" if path != "/style.css" else "content-type"]
        for link in BeautifulSoup(body, "html.parser").select("main a[href^='/'], nav a[href^='/']"):
            assert (await ask(room, str(link["href"]).partition("?")[0]))[0] == 200, (path, link["href"])
    assert (await ask(room, "/box/nobody"))[0] == 404
    assert (await ask(room, "/box/nia/999"))[0] == 404

    letter = {"to": "wells@cop.example", "subject": "Casing wear?", "text": "Who logs it?"}
    status, headers, _ = await ask(room, "/write/tom", urlencode(letter).encode())
    assert (status, headers["location"]) == (303, "/box/tom?sent=1")
    assert b"Sent." in (await ask(room, headers["location"]))[2]
    assert made.office.box("bob.smith@brentrigs.example")[-1].message.subject == "Casing wear?"
    status, _, body = await ask(room, "/write/tom", urlencode({**letter, "to": "nobody@cop.example"}).encode())
    assert status == 200 and b"550 5.1.1 No such address here." in body and b"Who logs it?" in body
    status, _, body = await ask(room, "/write/tom", urlencode({**letter, "to": "a@b.example, c@d.example"}).encode())
    assert status == 200 and b"To takes one mail address." in body

    await links_and_files_do_what_they_do_in_a_mail_program(made, room)
    await a_day_can_be_let_pass(made, room)


async def links_and_files_do_what_they_do_in_a_mail_program(made: Stage, room: PostRoom) -> None:
    number = next(
        mail.number
        for mail in made.office.box("bob.smith@brentrigs.example")
        if "will you come" in mail.message.subject and "Coffee" in mail.message.subject
    )
    shown = BeautifulSoup((await ask(room, f"/box/bob/{number}/html"))[2], "html.parser")
    assert not shown.select("a[href^='mailto:']")
    yes = next(link for link in shown.select("a[target=_top]") if link.text == "yes")
    pen = BeautifulSoup((await ask(room, str(yes["href"])))[2], "html.parser")
    form = {name: str(pen.select_one(f"[name={name}]")["value"]) for name in ("to", "subject")}  # type: ignore[index]
    text = pen.select_one("textarea[name=text]")
    assert text and text.text == "yes"
    assert (await ask(room, "/write/bob", urlencode({**form, "text": "yes, but late"}).encode()))[0] == 303
    assert "you are coming" in made.office.box("bob.smith@brentrigs.example")[-1].message.text

    [box, number, name] = next(
        (one.key, mail.number, mail.message.attachments[0])
        for one in room.play.cast
        for mail in made.office.box(one.address)
        if mail.message.attachments
    )
    assert f"/box/{box}/{number}/file/1".encode() in (await ask(room, f"/box/{box}/{number}"))[2]
    status, headers, body = await ask(room, f"/box/{box}/{number}/file/1")
    assert (status, headers["content-type"], body) == (200, "application/octet-stream", name.content)
    for at in ("0", "99", "x", "²"):
        assert (await ask(room, f"/box/{box}/{number}/file/{at}"))[0] == 404


async def a_day_can_be_let_pass(made: Stage, room: PostRoom) -> None:
    before, got = made.time(), len(made.office.box("sofia@andes-pozos.example"))
    made.time.let_go()
    assert (await ask(room, "/later", b""))[0] == 303
    await made.settle()
    assert made.time() - before >= timedelta(hours=23, minutes=59)
    assert len(made.office.box("sofia@andes-pozos.example")) > got  # her digest


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/box/nobody", "/box/nia/x", "/box/nia/²", f"/box/nia/{10**30}", f"/archive/{10**30}", "/archive/x"],
)
async def test_what_is_not_there_is_a_page_that_leads_back(stage: tuple[Stage, Play], path: str) -> None:
    status, headers, body = await ask(PostRoom(*stage), path)
    assert (status, b'href="/"' in body, headers["x-content-type-options"]) == (404, True, "nosniff")


async def test_an_answer_to_a_mail_that_is_none_is_a_new_mail(stage: tuple[Stage, Play]) -> None:
    for number in ("²", "999", "-1", str(10**30)):
        assert (await ask(PostRoom(*stage), f"/write/nia?answers={number}"))[0] == 200


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Words\n---\nReply goes to all 3 members · one word is fine:\nthanks · mute [#ppg]", ["thanks", "mute"]),
        (
            "Mots\n---\nLa réponse va à ce service · un mot suffit :\nau fil de l'eau\n· aide [#x]",
            ["au fil de l'eau", "aide"],
        ),
        ("Words: one · two", []),
        ("Words\n---\nReply goes to this service only [#x]", []),
    ],
)
def test_the_words_to_press_are_those_below_the_mail(text: str, found: list[str]) -> None:
    raw = f"From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}".encode()
    assert seeing.words(parse(raw)) == found


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            '<a href="mailto:w@cop.example?subject=yes%20%5B%23j%5D&amp;body=yes">',
            '<a target="_top" href="/write/nia?to=w%40cop.example&amp;subject=yes+%5B%23j%5D&amp;word=yes">',
        ),
        ('<a href="https://cop.example/">', '<a href="https://cop.example/">'),
        ('<a href="mailto:&quot;&gt;&lt;script&gt;">', '<a target="_top" href="/write/nia?to=%22%3E%3Cscript%3E">'),
    ],
)
def test_a_link_that_begins_a_mail_leads_to_the_pen(html: str, shown: str) -> None:
    assert seeing.with_pen(html, "nia") == shown


async def ask(room: PostRoom, path: str, form: bytes | None = None) -> tuple[int, dict[str, str], bytes]:
    """One request to the pages, without a socket."""
    path, _, query = path.partition("?")
    headers = [(b"host", b"127.0.0.1")]
    if form is not None:
        headers += [
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", str(len(form)).encode()),
        ]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET" if form is None else "POST",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode(), "headers": headers,
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    sent: list[dict[str, object]] = []
    received = asyncio.Queue[dict[str, object]]()
    received.put_nowait({"type": "http.request", "body": form or b"", "more_body": False})

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    await room.app(scope, received.get, send)  # type: ignore[arg-type]
    found = {key.decode(): value.decode() for key, value in sent[0]["headers"]}  # type: ignore[attr-defined]
    return int(str(sent[0]["status"])), found, b"".join(bytes(one.get("body", b"")) for one in sent[1:])  # type: ignore[call-overload]


def test_a_directory_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mailer.toml").touch()
    said = CliRunner().invoke(demo, ["--dir", str(tmp_path), "--once"])
    assert isinstance(said.exception, Misconfigured) and "name a new directory" in str(said.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["mailer.toml"]
    assert CliRunner().invoke(demo, ["--smtp-port", "70000"]).exit_code == 2
