"""LMTP (RFC 2033), on TCP and on a Unix socket: one reply for each recipient that was granted."""

from pathlib import Path

import pytest

from mailer.errors import Misconfigured

from .conftest import Talks

MAIL = b"Subject: x\r\n\r\nhello\r\n."


async def test_it_greets_with_lhlo_alone(talks: Talks) -> None:
    async with talks() as talk:
        client = await talk.client("lmtp")
        assert await client.reply() == "220 cop.example LMTP mailer"
        assert [reply[:4] for reply in await client.all("EHLO x", "HELO x", "LHLO x")] == ["500 ", "500 ", "250-"]


async def test_one_reply_for_each_granted_recipient(talks: Talks) -> None:
    async with talks() as talk:
        client = await talk.at_data(
            "wells@cop.example", "nobody@cop.example", "wells-join@cop.example", "WELLS@cop.example", name="lmtp"
        )
        client.send(MAIL + b"\r\nNOOP\r\n")
        assert await client.replies(4) == ["250 2.0.0 Queued as 1"] * 3 + ["250 2.0.0 OK"]
        assert [mail.recipients for mail in await talk.kept()] == [("wells@cop.example", "wells-join@cop.example")]


@pytest.mark.parametrize(("peers", "granted"), [(["127.0.0.1"], 500), ([], 3)])
async def test_a_server_in_front_hands_over_a_mail_once_for_all(talks: Talks, peers: list[str], granted: int) -> None:
    async with talks(peers=peers, knows=lambda _: True, max_recipients=3) as talk:
        client = await talk.client("lmtp")
        await client.reply()
        await client.all("LHLO x", "MAIL FROM:<ana@acme.example>")
        asked = [f"RCPT TO:<w{number}@cop.example>\r\n".encode() for number in range(501)]
        client.send(b"".join(asked))
        replies = await client.replies(501)
        assert [reply[:4] for reply in replies] == ["250 "] * granted + ["452 "] * (501 - granted)
        client.send(b"DATA\r\n")
        await client.replies(1)
        client.send(MAIL + b"\r\n")
        assert await client.replies(granted) == ["250 2.0.0 Queued as 1"] * granted
        assert [len(mail.recipients) for mail in await talk.kept()] == [granted]


@pytest.mark.parametrize(
    ("mail", "expected"),
    [(b"y" * 3000 + b"\r\n.", "552 "), (b"a\rb\r\n.", "550 "), (b"List-Id: <a.cop.example>\r\n\r\n.", "554 ")],
)
async def test_a_refused_mail_is_refused_for_each(talks: Talks, mail: bytes, expected: str) -> None:
    async with talks(max_size="2 kB") as talk:
        client = await talk.at_data("wells@cop.example", "wells-join@cop.example", name="lmtp")
        client.send(mail + b"\r\nNOOP\r\n")
        assert [reply[:4] for reply in await client.replies(3)] == [expected, expected, "250 "]


async def test_trouble_is_told_to_each(talks: Talks) -> None:
    async with talks() as talk:
        client = await talk.at_data("wells@cop.example", "wells-join@cop.example", name="lmtp")
        await talk.store.write(lambda conn: conn.exec_driver_sql("ALTER TABLE inbox RENAME TO away") and None)
        client.send(MAIL + b"\r\n")
        assert [reply[:10] for reply in await client.replies(2)] == ["451 4.3.0 "] * 2
        await talk.store.write(lambda conn: conn.exec_driver_sql("ALTER TABLE away RENAME TO inbox") and None)


async def test_a_unix_socket_is_trusted_and_guarded_by_its_permissions(talks: Talks, tmp_path: Path) -> None:
    place = tmp_path / "lmtp.sock"
    async with talks(lmtp=f"unix:{place}", require_tls=True) as talk:
        assert place.stat().st_mode & 0o777 == 0o660
        client = await talk.at_data("wells@cop.example", name="unix")
        assert await client(MAIL) == "250 2.0.0 Queued as 1"
        assert [(mail.peer, mail.trusted) for mail in await talk.kept()] == [("unix", True)]
        with pytest.raises(Misconfigured, match=r"listen\.lmtp = .*another process listens there"):
            async with talks(lmtp=f"unix:{place}"):
                pass
    assert not place.exists()


async def test_a_socket_left_by_a_killed_process_is_taken_over(talks: Talks, tmp_path: Path) -> None:
    import socket

    place = tmp_path / "lmtp.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(place))
    async with talks(lmtp=f"unix:{place}") as talk:
        await talk.greeted("unix")
