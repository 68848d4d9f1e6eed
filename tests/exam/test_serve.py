"""The adaptor for the neutral judges starts the whole service: a member's post reaches the others, once each."""

import asyncio
import json
import os
import signal
import smtplib
import time
from pathlib import Path

import printing
from killing import free_port
from sink import Sink

SERVE = Path(__file__).parent / "serve"
MEMBERS = [f"m{number}@member.exam.test" for number in range(1, 6)]
SECRET = "a-secret-of-sixteen-or-more"
WORLD = {
    "domain": "lists.exam.test",
    "list": "club@lists.exam.test",
    "owner": "owner@member.exam.test",
    "members": MEMBERS,
    "authserv_id": "mx.exam.test",
    "secrets": [SECRET],
}
POST = f"""Authentication-Results: mx.exam.test; dmarc=pass header.from=member.exam.test
From: One <{MEMBERS[0]}>
To: club@lists.exam.test
Subject: Pumps
Date: Tue, 03 Mar 2026 10:00:00 +0000
Message-ID: <a@member.exam.test>

Which ones held up?
"""


def hand_in(port: int) -> None:
    """The post, as soon as somebody greets. Raises where it is not taken."""
    for _ in range(600):
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
                client.sendmail(MEMBERS[0], ["club@lists.exam.test"], POST)
            return
        except ConnectionRefusedError:
            time.sleep(0.1)


async def test_a_post_reaches_every_other_member_once(tmp_path: Path) -> None:
    (tmp_path / "world.json").write_text(json.dumps(WORLD))
    printing.lend(tmp_path)
    smtp, http = free_port(), free_port()
    async with Sink() as sink:
        env = {
            **os.environ,
            "EXAM_SMTP_HOST": "127.0.0.1",
            "EXAM_SMTP_PORT": str(smtp),
            "EXAM_PROTO": "smtp",
            "EXAM_SMARTHOST_HOST": "127.0.0.1",
            "EXAM_SMARTHOST_PORT": str(sink.port),
            "EXAM_HTTP_PORT": str(http),
            "EXAM_STATE": str(tmp_path),
            "EXAM_WORLD": str(tmp_path / "world.json"),
            "EXAM_LOG": "WARNING",
        }
        service = await asyncio.create_subprocess_exec(SERVE, env=env)
        try:
            await asyncio.to_thread(hand_in, smtp)
            await sink.wait(4, 60)
        finally:
            service.send_signal(signal.SIGTERM)
            status = await asyncio.wait_for(service.wait(), 60)
    assert sorted(rcpt for mail in sink.mails for rcpt in mail.rcpts) == MEMBERS[1:]
    assert all(b"Which ones held up?" in mail.raw and b"Unsubscribe-Post" in mail.raw for mail in sink.mails)
    assert status == 0
    assert all(SECRET.encode() not in mail.raw for mail in sink.mails)
