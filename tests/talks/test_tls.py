"""STARTTLS (RFC 3207): offered once, nothing said before it counts, and mail may be refused without it."""

import asyncio
import shutil
from pathlib import Path

import pytest

from mailer.errors import Misconfigured

from .conftest import Talks

MAIL = "MAIL FROM:<ana@acme.example>"
RCPT = "RCPT TO:<wells@cop.example>"


async def test_a_mail_through_tls(talks: Talks, certificate: dict[str, str]) -> None:
    async with talks(**certificate, require_tls=True) as talk:
        client = await talk.client()
        await client.reply()
        assert (await client("EHLO client.example")).endswith("250 STARTTLS")
        assert await client(MAIL) == "530 5.7.0 Use STARTTLS first"
        assert await client("STARTTLS") == "220 2.0.0 Go ahead with TLS"
        await client.starttls()
        assert await client(MAIL) == "503 5.5.1 Another command comes first"
        assert "STARTTLS" not in await client("EHLO client.example")
        assert (await client("STARTTLS"))[:4] == "503 "
        body = b"Subject: x\r\n\r\n" + b"0123456789\r\n" * 100_000
        assert (await client.all(MAIL, RCPT, "DATA", body + b"."))[-1] == "250 2.0.0 Queued as 1"
        assert await client("QUIT") == "221 2.0.0 Bye"
        assert [mail.raw for mail in await talk.kept()] == [body]


async def test_what_was_said_in_clear_is_forgotten(talks: Talks, certificate: dict[str, str]) -> None:
    async with talks(**certificate) as talk:
        client = await talk.greeted()
        await client.all(MAIL, RCPT)
        client.send(b"STARTTLS\r\nNOOP\r\nMAIL FROM:<inject@x.example>\r\n")
        assert (await client.reply())[:4] == "220 "
        await client.starttls()
        assert await client("DATA") == "503 5.5.1 Another command comes first"
        assert (await client("EHLO client.example"))[:4] == "250-"
        assert await client(RCPT) == "503 5.5.1 Another command comes first"


async def test_a_handshake_that_is_none_ends_the_session(talks: Talks, certificate: dict[str, str]) -> None:
    async with talks(**certificate) as talk:
        client = await talk.greeted()
        await client("STARTTLS")
        client.send(b"EHLO client.example\r\n" * 10)
        await asyncio.wait_for(client.reader.read(), 60)
        assert (await (await talk.greeted())("NOOP"))[:4] == "250 "


async def test_a_renewed_certificate_is_used_from_then_on(
    talks: Talks, certificate: dict[str, str], tmp_path: Path
) -> None:
    mine = {name: shutil.copy(place, tmp_path) for name, place in certificate.items()}
    async with talks(**mine) as talk:
        (tmp_path / "cert.pem").write_text("no certificate")
        with pytest.raises(Misconfigured):
            talk.listener.renew()
        shutil.copy(certificate["tls_cert"], tmp_path)
        talk.listener.renew()
        client = await talk.greeted()
        assert (await client("STARTTLS"))[:4] == "220 "
        await client.starttls()
        assert (await client("NOOP"))[:4] == "250 "


async def test_a_certificate_that_cannot_be_read_stops_the_start(talks: Talks) -> None:
    with pytest.raises(Misconfigured, match=r'listen\.tls_cert = "/nowhere/cert\.pem"'):
        async with talks(tls_cert="/nowhere/cert.pem"):
            pass
