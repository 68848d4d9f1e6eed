"""Random streams of octets, many of them almost SMTP: the listener answers in its own words and greets the next one."""

import asyncio
import random
from contextlib import suppress

import pytest

from mailer.errors import REPLIES
from mailer.inbound.dot import clean

from .conftest import Talks

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
                return await asyncio.wait_for(client.reader.read(), 20)
            return b""

        for batch in range(10):
            for said in await asyncio.gather(*(one(batch * 25 + number) for number in range(25))):
                clear = said.partition(b"220 2.0.0 ")[0]  # what follows is TLS
                assert {line[:3].decode() for line in clear.split(b"\r\n") if line} <= CODES
            assert (await (await talk.greeted(name))("NOOP"))[:4] == "250 "
        assert all(clean(mail.raw) and len(mail.raw) <= 5000 for mail in await talk.kept())
