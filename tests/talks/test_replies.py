"""Every row of REPLIES the listener can say, from a dialogue that brings it about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from mailer.errors import REPLIES

from .conftest import Talks

HELLO = "EHLO client.example"
MAIL = "MAIL FROM:<ana@acme.example>"
RCPT = "RCPT TO:<wells@cop.example>"
TO_DATA = (HELLO, MAIL, RCPT, "DATA")
RECEIVED = "Received: from a by b\r\n"


def explode(address: str) -> bool:
    raise RuntimeError("a secret of ours")


async def later(address: str) -> bool:
    return address == "wells@cop.example"


@dataclass
class Case:
    """The last of `lines` is answered by `reply`, a row with its facts or a whole reply."""

    reply: str
    lines: tuple[str | bytes, ...]
    listen: dict[str, Any] = field(default_factory=dict)
    knows: Callable[[str], Any] | None = None
    peers: list[str] | None = None
    ends: bool = False


SECRET = "RCPT TO:<wells-b-k7q@cop.example>"  # a token that is one
GUESSED = [f"RCPT TO:<wells-{'rb'[n % 2]}-{n}@cop.example>" for n in range(20)]


CASES = [
    Case("250 cop.example", ("HELO client.example",)),
    Case(
        "250-cop.example\n250-SIZE 1000\n250-8BITMIME\n250-SMTPUTF8\n250-PIPELINING\n250 ENHANCEDSTATUSCODES",
        (HELLO,),
        {"max_size": "1 kB"},
    ),
    Case("ok", ("NOOP",)),
    Case("ok", ("noop what ever",)),
    Case("ok", (HELLO, MAIL, "RSET")),
    Case("sender-ok", (HELLO, MAIL, "RSET", MAIL)),
    Case("sender-ok", (HELLO, "MAIL FROM:<>")),
    Case("sender-ok", (HELLO, "mail from: <ana@acme.example> ")),
    Case("sender-ok", (HELLO, MAIL + " SIZE=1000 BODY=8BITMIME AUTH=<> RET=HDRS ENVID=QQ314159")),
    Case("sender-ok", (HELLO, "MAIL FROM:<éva@acme.example> SMTPUTF8")),
    Case("sender-ok", (HELLO, "MAIL FROM:<ana@españa.example> SMTPUTF8 BODY=8BITMIME")),
    Case("recipient-ok", (HELLO, MAIL, RCPT)),
    Case("recipient-ok", (HELLO, MAIL, RCPT), knows=later),
    Case("recipient-ok", (HELLO, MAIL, "RCPT TO:<WELLS-Join@CoP.Example>")),
    Case("recipient-ok", (HELLO, MAIL, RCPT + " NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;wells@cop.example")),
    Case("recipient-ok", (HELLO, MAIL, "RCPT TO:<Postmaster>")),
    Case("go-ahead", TO_DATA),
    Case("250 2.0.0 Queued as 1", (*TO_DATA, "Subject: x\r\n\r\nhello\r\n.")),
    Case("250 2.0.0 Queued as 1", (*TO_DATA, ".")),
    Case("250 2.0.0 Queued as 1", (*TO_DATA, "y" * 5000 + "\r\n.")),
    Case("250 2.0.0 Queued as 1", (*TO_DATA, RECEIVED * 25 + "\r\nhello\r\n.")),
    Case("help", ("HELP",)),
    Case("bye", ("QUIT",), ends=True),
    Case("not-telling", (HELLO, "VRFY ana@acme.example")),
    Case("not-telling", (HELLO, "VRFY wells@cop.example")),
    Case("unknown-address", (HELLO, MAIL, "RCPT TO:<nobody@cop.example>")),
    Case("unknown-address", (HELLO, MAIL, "RCPT TO:<nobody@cop.example>"), knows=later),
    Case("foreign-domain", (HELLO, MAIL, "RCPT TO:<ana@acme.example>")),
    Case("foreign-domain", (HELLO, MAIL, "RCPT TO:<wells@x.cop.example>")),
    Case("foreign-domain", (HELLO, MAIL, "RCPT TO:<wells@mycop.example>")),
    Case("bad-address", (HELLO, MAIL, "RCPT TO:<victim%acme.example@cop.example>")),
    Case("bad-address", (HELLO, MAIL, "RCPT TO:<@cop.example:victim@acme.example>")),
    Case("bad-address", (HELLO, MAIL, 'RCPT TO:<"victim@acme.example"@cop.example>')),
    Case("bad-address", (HELLO, MAIL, "RCPT TO:<acme.example!victim>")),
    Case("bad-address", (HELLO, MAIL, "RCPT TO:<wells>")),
    Case("bad-address", (HELLO, MAIL, "RCPT TO:<>")),
    Case("bad-address", (HELLO, MAIL, "RCPT TO:wells@cop.example")),
    Case("bad-sender", (HELLO, "MAIL FROM:ana@acme.example")),
    Case("bad-sender", (HELLO, "MAIL FROM:<ana>")),
    Case("bad-sender", (HELLO, "MAIL FROM:<ana b@acme.example>")),
    Case("bad-sender", (HELLO, "MAIL FROM:<")),
    Case("bad-sender", (HELLO, "MAIL")),
    Case("bad-sender", (HELLO, b"MAIL FROM:<\xff@acme.example> SMTPUTF8")),
    Case("bad-sender", (HELLO, "MAIL FROM:<" + "a" * 300 + "@acme.example>")),
    Case("needs-utf8", (HELLO, "MAIL FROM:<éva@acme.example>")),
    Case("needs-utf8", (HELLO, MAIL, "RCPT TO:<wélls@cop.example>")),
    Case("unknown-address", (HELLO, MAIL + " SMTPUTF8", "RCPT TO:<wélls@cop.example>")),
    Case("too-many-recipients", (HELLO, MAIL, RCPT, RCPT, RCPT), {"max_recipients": 2}),
    Case("too-big", (HELLO, MAIL + " SIZE=1001"), {"max_size": "1 kB"}),
    Case("too-big", (HELLO, MAIL + " SIZE=" + "9" * 400)),
    Case("too-big", (*TO_DATA, "y" * 1000 + "\r\n."), {"max_size": "1 kB"}),
    Case("bad-content", (*TO_DATA, "a\nb\r\n.")),
    Case("bad-content", (*TO_DATA, "a\rb\r\n.")),
    Case("bad-content", (*TO_DATA, "a\0b\r\n.")),
    Case("loop", (*TO_DATA, RECEIVED * 26 + "\r\nhello\r\n.")),
    Case("loop", (*TO_DATA, "List-Id: Wells <wells.cop.example>\r\n\r\nhello\r\n.")),
    Case("full", (HELLO, MAIL), {"reserve": "900000 GB"}),
    Case("full", (HELLO, "MAIL FROM:<>"), {"reserve": "900000 GB"}),
    Case("too-many-mails", (HELLO, MAIL, "RSET", MAIL), {"mails_per_minute_per_peer": 1}, peers=[]),
    Case("sender-ok", (HELLO, MAIL, "RSET", MAIL), {"mails_per_minute_per_peer": 1}),
    Case("recipient-ok", (HELLO, MAIL, *GUESSED[1:], SECRET), peers=[]),
    Case("too-many-guesses", (HELLO, MAIL, *GUESSED, SECRET), peers=[]),
    Case("too-many-guesses", (HELLO, MAIL, *GUESSED, GUESSED[0]), peers=[]),
    Case("recipient-ok", (HELLO, MAIL, *GUESSED, RCPT), peers=[]),
    Case("recipient-ok", (HELLO, MAIL, *GUESSED, SECRET)),  # a server in front speaks for everybody
    Case("bad-parameter", (HELLO, MAIL + " FOO=1")),
    Case("bad-parameter", (HELLO, MAIL + " BODY=BINARYMIME")),
    Case("bad-parameter", (HELLO, MAIL, RCPT + " FOO")),
    Case("bad-syntax", ("",)),
    Case("bad-syntax", (HELLO, MAIL + " SIZE=abc")),
    Case("bad-syntax", (HELLO, MAIL + " SMTPUTF8=1")),
    Case("bad-syntax", (b"EHLO a\rX",)),
    Case("bad-syntax", (b"EHLO a\0b",)),
    Case("bad-syntax", (b"EHLO \xff\xfe",)),
    Case("bad-syntax", ("EHLO <script>",)),
    Case("bad-syntax", ("EHLO",)),
    Case("bad-syntax", ("EHLO " + "a" * 600,)),
    Case("bad-syntax", ("NOOP\nNOOP",)),
    Case("bad-syntax", (HELLO, MAIL, RCPT, "DATA now")),
    Case("bad-syntax", (b"\x80\x81",)),
    Case("line-too-long", ("NOOP " + "a" * 3000,), ends=True),
    Case("unknown-command", ("FOO",)),
    Case("unknown-command", ("LHLO client.example",)),
    *(
        Case("not-done-here", (HELLO, line))
        for line in ("AUTH PLAIN AGEAYg==", "EXPN wells", "BDAT 5 LAST", "STARTTLS")
    ),
    Case("out-of-order", (MAIL,)),
    Case("out-of-order", (HELLO, RCPT)),
    Case("out-of-order", (HELLO, "DATA")),
    Case("out-of-order", (HELLO, MAIL, "DATA")),
    Case("out-of-order", (HELLO, MAIL, MAIL)),
    Case("out-of-order", (HELLO, MAIL, HELLO, RCPT)),
    Case("out-of-order", (*TO_DATA, "hello\r\n.", "DATA")),
    *(Case("not-smtp", (f"{verb} / HTTP/1.1",), ends=True) for verb in ("GET", "POST", "put", "CONNECT")),
    Case("trouble", (HELLO, MAIL, RCPT), knows=explode),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.reply[:20]} {case.lines[-1][:40]!r}")
async def test_a_reply(case: Case, talks: Talks) -> None:
    more = {"knows": case.knows} if case.knows else {}
    async with talks(peers=case.peers, **more, **case.listen) as talk:
        client = await talk.client()
        assert await client.reply() == "220 cop.example ESMTP mailer"
        said = await client.all(*case.lines)
        assert said[-1] == (REPLIES[case.reply].line() if case.reply in REPLIES else case.reply)
        if case.ends:
            assert await client.gone()
        elif case.reply != "go-ahead":
            assert await client("NOOP") == REPLIES["ok"].line()


async def test_our_own_trouble_is_never_told(talks: Talks, capfd: pytest.CaptureFixture[str]) -> None:
    async with talks(knows=explode) as talk:
        client = await talk.greeted()
        assert (await client.all(MAIL, RCPT))[-1] == "451 4.3.0 Something went wrong here, try again later"


async def test_a_command_that_ends_in_a_bare_lf_is_no_command(talks: Talks) -> None:
    async with talks() as talk:
        client = await talk.client()
        client.send(b"EHLO a\nNOOP\n")
        assert [reply[:4] for reply in await client.replies(3)] == ["220 ", "501 ", "501 "]


def test_rows_the_listener_cannot_say_yet() -> None:
    """What other tests of this directory bring about, and what nobody says, by name: nothing is forgotten."""
    here = {case.reply for case in CASES if case.reply in REPLIES} | {"banner", "hello", "queued"}
    elsewhere = {"tls-ready", "tls-required", "too-many-connections", "too-many-errors", "too-slow", "closing"}
    assert set(REPLIES) - here - elsewhere == {"login-required"}
