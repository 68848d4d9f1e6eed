"""250 means kept, whoever hangs up; arrivals share a commit; trouble of ours is try-later and passes by itself."""

import asyncio
import socket
import struct
from typing import Any

import pytest

from mailer.store.traffic import inbox
from mailer.store.traffic.inbox import Envelope

from .conftest import Talk, Talks

MAIL = b"Subject: pumps\r\n\r\nhello\r\n"


async def until_kept(talk: Talk, count: int) -> list[Envelope]:
    for _ in range(2000):
        if len(await talk.store.read(inbox.waiting, 999)) >= count:
            break
        await asyncio.sleep(0.02)
    return await talk.kept()


async def test_the_envelope_is_kept_as_it_was_said(talks: Talks) -> None:
    async with talks() as talk:
        client = await talk.greeted()
        await client.all("MAIL FROM:<Ana@ACME.example>", "RCPT TO:<Wells@COP.example>", "RCPT TO:<wells@cop.example>")
        await client("DATA")
        assert await client(MAIL + b"..dots\r\n...\r\n.") == "250 2.0.0 Queued as 1"
        [mail] = await talk.kept()
        assert (mail.raw, mail.mail_from, mail.recipients, mail.peer, mail.trusted) == (
            MAIL + b".dots\r\n..\r\n",
            "ana@acme.example",
            ("wells@cop.example",),
            "127.0.0.1",
            True,
        )
        assert talk.arrived == [1]


@pytest.mark.fault("F1")
async def test_a_client_that_vanishes_after_the_dot_is_kept_once(talks: Talks) -> None:
    async with talks() as talk:
        for how in ("half-close", "close", "reset"):
            client = await talk.at_data()
            if how == "reset":
                linger = struct.pack("ii", 1, 0)
                client.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            client.send(MAIL + b".\r\n")
            await client.writer.drain()
            if how == "half-close":
                client.writer.write_eof()
                assert (await client.reply()).startswith("250 ")
                assert await client.gone()
            elif how == "close":
                client.writer.close()
            else:
                await asyncio.sleep(0.01)  # a reset may overtake what was sent before it
                client.writer.transport.abort()
        assert [mail.raw for mail in await until_kept(talk, 3)] == [MAIL] * 3


async def test_half_a_mail_is_no_mail(talks: Talks) -> None:
    async with talks() as talk:
        client = await talk.at_data()
        client.send(MAIL)
        client.writer.write_eof()
        assert await client.gone()
        assert await talk.kept() == []


async def test_whatever_waits_shares_a_transaction(talks: Talks) -> None:
    async with talks() as talk:
        clients = [await talk.at_data() for _ in range(12)]
        with talk.store.writing():  # until this transaction is over every mail waits
            clients[0].send(MAIL + b".\r\n")
            await asyncio.sleep(0.2)
            for client in clients[1:]:
                client.send(MAIL + b".\r\n")
            await asyncio.sleep(0.2)
        assert {(await client.reply())[:4] for client in clients} == {"250 "}
        assert len(await talk.kept()) == 12
        assert len(talk.arrived) == 2


@pytest.mark.fault("F4")
async def test_a_full_disk_is_try_later_and_passes(talks: Talks) -> None:
    async with talks() as talk:

        def pages(count: int) -> Any:
            return lambda conn: conn.exec_driver_sql(f"PRAGMA max_page_count={count}").scalar()

        now = await talk.store.write(lambda conn: conn.exec_driver_sql("PRAGMA page_count").scalar())
        await talk.store.write(pages(now + 1))
        client = await talk.at_data()
        big = b"Subject: x\r\n\r\n" + b"0123456789\r\n" * 5000 + b"."
        assert await client(big) == "452 4.3.1 No room at the moment, try again later"
        assert await talk.kept() == []
        await talk.store.write(pages(1 << 30))
        await client.all("MAIL FROM:<ana@acme.example>", "RCPT TO:<wells@cop.example>", "DATA")
        assert (await client(big)).startswith("250 ")


@pytest.mark.fault("F22")
async def test_stopping_loses_nothing_that_was_begun(talks: Talks) -> None:
    async with talks() as talk:
        idle, begun = await talk.greeted(), await talk.at_data()
        begun.send(MAIL)
        await asyncio.sleep(0.05)
        stopping = asyncio.create_task(talk.listener.stop(5))
        assert await idle.reply() == "421 4.3.2 Closing, try again in a moment"
        assert await idle.gone()
        begun.send(b".\r\n")
        assert await begun.replies(2) == ["250 2.0.0 Queued as 1", "421 4.3.2 Closing, try again in a moment"]
        await stopping
        assert [mail.raw for mail in await talk.kept()] == [MAIL]
