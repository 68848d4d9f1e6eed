"""Random streams of octets, many of them almost SMTP: the listener answers in its own words and greets the next one."""

import asyncio
import random
from contextlib import suppress

import psutil
import pytest

from mailer.errors import REPLIES
from mailer.inbound.dot import clean

from .conftest import Talk, Talks

WORDS = [
    b"EHLO a",
    b"LHLO a",
    b"MAIL FROM:<a@b.example>",
    b"MAIL FROM:<> SMTPUTF8 SIZE=5",
    b"RCPT TO:<wells@cop.example>",
    b"RCPT TO:<",
    b"DATA",
    b".",
    b"..",
    b"RSET",
    b"NOOP",
    b"VRFY x",
    b"STARTTLS",
    b"QUIT",
    b"AUTH PLAIN",
    b"\x16\x03\x01",
    b"<",
    b">",
    b" ",
    b"\0",
    b"\r",
    b"\n",
    b"\r\n",
    b"\r\n",
    b"\r\n",
    b"\r\n.\r\n",
    b"\r\n.\r\n",
    b"\xff",
    b"=" * 50,
    b"x" * 3000,
    "é".encode(),
    b"SIZE=",
    b"FROM:",
    b"Received: x\r\n" * 30,
]
CODES = {str(reply.code) for reply in REPLIES.values()}


def stream(seed: int) -> bytes:
    dice = random.Random(seed)
    start = dice.choice(
        [b"", b"EHLO a\r\n", b"LHLO a\r\n", b"EHLO a\r\n" + b"\r\n".join(WORDS[2:5:2]) + b"\r\nDATA\r\n"]
    )
    return start + b"".join(
        dice.choice(WORDS) if dice.random() < 0.9 else dice.randbytes(dice.randrange(40))
        for _ in range(dice.randrange(200))
    )


@pytest.mark.fault("F16")
@pytest.mark.parametrize("name", ["smtp", "lmtp"])
async def test_no_stream_of_octets_stops_the_listener(talks: Talks, certificate: dict[str, str], name: str) -> None:
    async with talks(max_size="5 kB", **certificate) as talk:

        async def one(seed: int) -> bytes:
            client = await talk.client(name)
            octets, dice = stream(seed), random.Random(seed)
            while octets:
                cut = dice.randrange(1, 400)
                client.send(octets[:cut])
                octets = octets[cut:]
                await asyncio.sleep(0)
            with suppress(OSError):  # shown out already
                client.writer.write_eof()
                return await asyncio.wait_for(client.reader.read(), 60)
            return b""

        for batch in range(10):
            for said in await asyncio.gather(*(one(batch * 25 + number) for number in range(25))):
                clear = said.partition(b"220 2.0.0 ")[0]  # what follows is TLS
                assert {line[:3].decode() for line in clear.split(b"\r\n") if line} <= CODES
            assert (await (await talk.greeted(name))("NOOP"))[:4] == "250 "
        assert all(clean(mail.raw) and len(mail.raw) <= 5000 for mail in await talk.kept())


LINES = [
    *(b"EHLO a", b"LHLO a", b"MAIL FROM:<a@b.example>", b"MAIL FROM:<> BODY=8BITMIME", b"RCPT TO:<wells@cop.example>"),
    *(b"RCPT TO:<wells@cop.example>", b"RCPT TO:<x@y.example>", b"DATA", b"RSET", b"NOOP", b"HELP", b"VRFY x", b""),
    *(b"BDAT 3 LAST", b"AUTH PLAIN =", b"RCPT TO:<wells@cop.example> X=1", b"MAIL FROM:<a@b.example> SIZE=999999999"),
]  # fmt: skip
BODIES = [b"", b"Subject: x\r\n\r\nhello", b"..", b"a\nb", b"\0", b"x" * 6000, b"a\r\n" * 900, b".\r", b"\xff" * 100]
GROWTH = 60 << 20  # octets of memory that all of them may add: ten mails of the largest size, and the store


async def ramble(talk: Talk, name: str, seed: int) -> set[str]:
    """Commands and mails in any order, each after the reply to the last; the codes of the replies."""
    dice, codes = random.Random(seed), set()
    client = await talk.client(name)
    with suppress(ConnectionError, ValueError):  # a line that is none: shown out
        code = (await client.reply())[:3]
        for _ in range(dice.randrange(60)):
            codes.add(code)
            if code in ("221", "421"):
                break
            line = dice.choice(BODIES) + b"\r\n." if code == "354" else dice.choice(LINES)
            code = (await client(line))[:3]
    client.writer.close()
    return codes


async def rambled(talk: Talk, name: str, seeds: range) -> None:
    """A crowd of them, and beside each crowd an honest mail that is taken."""
    before = psutil.Process().memory_info().rss
    for start in seeds[::20]:
        for codes in await asyncio.gather(*(ramble(talk, name, start + n) for n in range(20))):
            assert codes <= CODES | {""}
        honest = await talk.at_data(name=name)
        assert (await honest(b"Subject: honest\r\n\r\nhello\r\n."))[:4] == "250 "
        honest.writer.close()
    assert psutil.Process().memory_info().rss - before < GROWTH


@pytest.mark.parametrize("name", ["smtp", "lmtp"])
async def test_no_order_of_commands_stops_the_listener(talks: Talks, name: str) -> None:
    async with talks(max_size="5 kB") as talk:
        await rambled(talk, name, range(100))


@pytest.mark.bench
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["smtp", "lmtp"])
async def test_no_order_of_commands_stops_the_listener_for_long(talks: Talks, name: str) -> None:
    async with talks(max_size="5 kB") as talk:
        await rambled(talk, name, range(1000, 21_000))
