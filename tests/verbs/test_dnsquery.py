"""A question to a name server: what it says, what it says at length, and what it says that is nonsense."""

import asyncio
import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nameserver import NameServer

from mailer.verbs import dnsquery

ZONE = {
    ("nord.example", "MX"): ["20 b.nord.example.", "5 a.nord.example."],
    ("nord.example", "TXT"): ["v=spf1 -all", "x" * 3000],
    ("_dmarc.nord.example", "TXT"): ["v=DMARC1; p=none"],
    ("none.example", "MX"): ["0 ."],
    ("xn--fjrd-hra.example", "MX"): ["1 a.nord.example."],
}


async def test_what_a_name_server_says() -> None:
    async with NameServer(ZONE) as names:
        names.broken.add("broken.example")

        async def ask(name: str, kind: str) -> list[str]:
            return await asyncio.to_thread(dnsquery.ask, ("127.0.0.1", names.port), name, kind)

        assert sorted(await ask("nord.example", "MX")) == ["20 b.nord.example.", "5 a.nord.example."]
        assert sorted(await ask("nord.example", "TXT")) == ["v=spf1 -all", "x" * 3000]  # over TCP
        assert await ask("_dmarc.nord.example", "TXT") == ["v=DMARC1; p=none"]
        assert await ask("none.example", "MX") == ["0 ."]
        assert await ask("fjørd.example", "MX") == ["1 a.nord.example."]
        assert await ask("nord.example.elsewhere.example", "MX") == await ask("b.nord.example", "TXT") == []
        with pytest.raises(OSError, match="it fails"):
            await ask("broken.example", "MX")


@given(st.binary(max_size=80))
def test_any_answer_is_read_or_is_trouble(noise: bytes) -> None:
    query = dnsquery._question("nord.example", 15)
    head = query[:2] + struct.pack("!HHHHH", 0x8180, 1, 3, 0, 0)
    for answer in (
        head + query[12:] + noise,
        head + query[12:] + b"\xc0\x0c" + struct.pack("!HHIH", 15, 1, 1, 9) + noise,
    ):
        with contextlib.suppress(OSError, struct.error, IndexError, UnicodeDecodeError):
            assert len(list(dnsquery._records(answer, query, 15))) <= 3


def test_a_name_that_leads_to_itself_ends() -> None:
    with pytest.raises(IndexError):
        dnsquery._name(b"\xc0\x00", 0)
