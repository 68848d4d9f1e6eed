"""What one client may take: connections, errors, time, memory. The honest beside it are served meanwhile."""

import asyncio
import logging

import pytest

from mailer.errors import Misconfigured

from .conftest import Talks

MAIL = b"Subject: x\r\n\r\nhello\r\n."


@pytest.mark.fault("F16")
async def test_connections_of_one_peer_are_counted(talks: Talks) -> None:
    async with talks(max_connections_per_peer=2) as talk:
        first, _ = await talk.greeted(), await talk.greeted("lmtp")
        third = await talk.client()
        assert await third.reply() == "421 4.7.0 Too many connections, try again later"
        assert await third.gone()
        await first("QUIT")
        assert await first.gone()
        await talk.greeted()


async def test_errors_end_the_session_and_a_mail_forgives_them(talks: Talks) -> None:
    async with talks(max_errors=3) as talk:
        client = await talk.greeted()
        await client.all(*["FOO"] * 3, "MAIL FROM:<ana@acme.example>", "RCPT TO:<wells@cop.example>", "DATA")
        assert (await client(MAIL))[:4] == "250 "
        await client.all(*["", "FOO", "RCPT TO:<x>"])
        client.send(b"FOO\r\nNOOP\r\n")
        assert await client.replies(2) == ["500 5.5.1 We do not know that command", "421 4.7.0 Too many errors"]
        assert await client.gone()


async def test_the_silent_and_the_dribbling_are_shown_out(talks: Talks) -> None:
    async with talks(idle="1s", min_rate="1 kB") as talk:
        silent, dribbling, silent_mail, slow_mail = (
            await talk.greeted(),
            await talk.greeted(),
            await talk.at_data(),
            await talk.at_data(),
        )

        async def dribble(client, octets: bytes) -> None:  # type: ignore[no-untyped-def]
            while not client.reader.at_eof():
                client.send(octets)
                await asyncio.sleep(0.05)

        writers = [asyncio.create_task(dribble(one, b"N")) for one in (dribbling, slow_mail)]
        clients = (silent, dribbling, silent_mail, slow_mail)  # heard at once: what is sent after the end resets it
        assert await asyncio.gather(*(each.reply() for each in clients)) == ["421 4.4.2 Too slow, try again later"] * 4
        for writer in writers:
            writer.cancel()
        assert (await (await talk.greeted())("NOOP"))[:4] == "250 "


async def test_a_slow_mail_at_the_slowest_rate_is_taken(talks: Talks) -> None:
    async with talks(idle="1s", min_rate="100 B") as talk:
        client = await talk.at_data()
        for _ in range(20):  # two idle times in all
            client.send(b"x" * 98 + b"\r\n")
            await asyncio.sleep(0.1)
        assert (await client("."))[:4] == "250 "


async def test_a_session_has_an_end(talks: Talks) -> None:
    async with talks(session="1s") as talk:
        client = await talk.greeted()
        await asyncio.sleep(1.1)
        assert await client("MAIL FROM:<ana@acme.example>") == "421 4.3.2 Closing, try again in a moment"
        assert await client.gone()


@pytest.mark.fault("F16")
async def test_slow_clients_do_not_stall_an_honest_one(talks: Talks) -> None:
    async with talks() as talk:
        for slow in [await talk.at_data(), await talk.at_data()]:
            slow.send(b"Subject: x\r\n" * 1000)
        honest = await talk.at_data()
        assert (await honest(MAIL))[:4] == "250 "


@pytest.mark.fault("F16")
async def test_an_endless_mail_takes_no_memory_and_comes_to_an_end(talks: Talks) -> None:
    async with talks(max_size="100 kB") as talk:
        client = await talk.at_data()
        [session] = [one for one in talk.listener._door.sessions if one.holds()]
        most = 0
        for _ in range(7):
            client.send(b"A" * 100_000)
            await client.writer.drain()
            await asyncio.sleep(0.02)
            most = max(most, session.holds())
        assert most < 500_000
        client.send(b"A" * 200_000)
        assert await client.reply() == "552 5.3.4 That mail is larger than we take"


async def test_mails_that_do_not_fit_in_memory_together_come_later(
    talks: Talks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailer.inbound.session.TOGETHER", 1)
    monkeypatch.setattr("mailer.inbound.session.COUNTED", 1000)
    async with talks(max_size="100 kB") as talk:
        clients = [await talk.at_data() for _ in range(2)]
        for client in clients:
            client.send(b"x" * 60_000 + b"\r\n")
            await asyncio.sleep(0.1)
        assert [(await client("."))[:10] for client in clients] == ["250 2.0.0 ", "452 4.3.1 "]


async def test_pipelined_commands_stay_in_step(talks: Talks) -> None:
    async with talks() as talk:
        client = await talk.client()
        one = b"MAIL FROM:<ana@acme.example>\r\nRCPT TO:<wells@cop.example>\r\nDATA\r\n"
        client.send(b"EHLO client.example\r\n" + one)
        assert [reply[:3] for reply in await client.replies(5)] == ["220", "250", "250", "250", "354"]
        client.send(MAIL + b"\r\n" + one)
        assert [reply[:3] for reply in await client.replies(4)] == ["250", "250", "250", "354"]
        client.send(MAIL + b"\r\nRSET\r\nNOOP\r\nQUIT\r\nNOOP\r\n")
        assert [reply[:3] for reply in await client.replies(4)] == ["250", "250", "250", "221"]
        assert await client.gone()
        assert len(await talk.kept()) == 2


async def test_commands_without_a_mail_come_to_an_end(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    async with talks() as talk:
        client = await talk.greeted()
        client.send(b"NOOP\r\n" * 2000)
        assert await client.replies(1001) == ["250 2.0.0 OK"] * 1000 + ["421 4.7.0 Too many errors"]


async def test_a_flood_of_commands_is_answered_whole(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailer.inbound.session.COMMANDS", 1_000_000)
    async with talks() as talk:
        client = await talk.greeted()
        client.send(b"NOOP\r\n" * 50_000)  # more than is read ahead
        for _ in range(50_000):
            assert await client.reader.readline() == b"250 2.0.0 OK\r\n"


async def test_mails_that_wait_for_their_commit_count_as_memory(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    async with talks() as talk:
        client = await talk.at_data()
        [session] = talk.listener._door.sessions
        with talk.store.writing():
            client.send(b"x" * 5000 + b"\r\n.\r\n")
            await asyncio.sleep(0.2)
            assert session.holds() == 5002
        assert (await client.reply())[:4] == "250 "
        assert session.holds() == 0


async def test_aiosmtpd_says_nothing_below_a_warning(talks: Talks, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with talks() as talk:
            client = await talk.at_data()
            await client(MAIL)
            await client.all(
                "MAIL FROM:<ana@acme.example>", "RCPT TO:<ana@acme.example>", "RCPT TO:<nobody@cop.example>"
            )
    assert [text for text in ("acme", "nobody", "hello") if text in caplog.text] == []
    assert logging.getLogger("mail.log").level >= logging.WARNING


async def test_ipv6_is_spoken(talks: Talks) -> None:
    async with talks(smtp="[::1]:0") as talk:
        reader, writer = await asyncio.open_connection("::1", talk.listener.ports["smtp"])
        assert await reader.readline() == b"220 cop.example ESMTP mailer\r\n"
        assert [(one.peer, one.trusted) for one in talk.listener._door.sessions] == [("::1", True)]
        writer.close()


async def test_a_port_in_use_stops_the_start(talks: Talks) -> None:
    async with talks() as talk:
        port = talk.listener.ports["smtp"]
        with pytest.raises(Misconfigured, match=rf'listen\.smtp = "127\.0\.0\.1:{port}": .* in use; `mailer check'):
            async with talks(smtp=f"127.0.0.1:{port}"):
                pass


async def test_more_connections_than_files_stop_the_start(talks: Talks) -> None:
    with pytest.raises(Misconfigured, match=r"listen\.max_connections = 999999999: .* files"):
        async with talks(max_connections=999_999_999):
            pass


@pytest.mark.parametrize("where", ["127.0.0.1", "127.0.0.1:smtp", "127.0.0.1:99999", ":x"])
async def test_a_place_that_is_none_stops_the_start(talks: Talks, where: str) -> None:
    with pytest.raises(Misconfigured, match=r"listen\.smtp = .*host and port are wanted"):
        async with talks(smtp=where):
            pass
