"""`mailer read` says how we would read mails."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailer.verbs.read import facts_of, read

MAIL = """From: Ada Wells <ada@example.org>
To: Pumps <pumps@community.example>, bo@example.org
Subject: Re: Seals #pumps
Message-ID: <2@example.org>
In-Reply-To: <1@example.org>
References: <0@example.org> <1@example.org>
Date: Tue, 3 Mar 2026 10:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Grüße, the gasket fails at 40 bar.
--b
Content-Type: application/pdf; name="a.pdf"

%PDF
--b
Content-Type: text/calendar; method=REPLY

BEGIN:VCALENDAR
BEGIN:VEVENT
UID:7
SEQUENCE:1
DTSTART:20260714T080000Z
DURATION:PT1H
SUMMARY:Pump day
ORGANIZER:mailto:pumps@community.example
ATTENDEE;PARTSTAT=accepted:mailto:ada@example.org
END:VEVENT
END:VCALENDAR
--b--
""".encode()

NAMES = (
    "file message_id in_reply_to references subject base_subject from to date text new_text folded attachments"
    " automatic bounce calendar tags defects"
)


def test_the_facts_and_their_order() -> None:
    found = facts_of("a.eml", MAIL)
    assert list(found) == NAMES.split()
    assert found == {
        "file": "a.eml",
        "message_id": "2@example.org",
        "in_reply_to": "1@example.org",
        "references": ["0@example.org", "1@example.org"],
        "subject": "Re: Seals #pumps",
        "base_subject": found["base_subject"],
        "from": {"name": "Ada Wells", "address": "ada@example.org"},
        "to": [{"name": "Pumps", "address": "pumps@community.example"}, {"name": "", "address": "bo@example.org"}],
        "date": "2026-03-03T09:00:00+00:00",
        "text": "Grüße, the gasket fails at 40 bar.",
        "new_text": "Grüße, the gasket fails at 40 bar.",
        "folded": [],
        "attachments": [{"name": "a.pdf", "type": "application/pdf", "size": 4}],
        "automatic": None,
        "bounce": [],
        "calendar": {
            "method": "REPLY",
            "uid": "7",
            "sequence": 1,
            "recurrence_id": None,
            "start": "2026-07-14T08:00:00+00:00",
            "end": "2026-07-14T09:00:00+00:00",
            "summary": "Pump day",
            "organizer": "pumps@community.example",
            "attendees": [{"address": "ada@example.org", "partstat": "ACCEPTED"}],
        },
        "tags": ["pumps"],
        "defects": [],
    }


@pytest.mark.parametrize("raw", [b"", b"\0", b"\xff\xfe", b"From: <\n\n", b"\r\r\r"])
def test_anything_has_facts(raw: bytes) -> None:
    assert list(facts_of("x", raw)) == NAMES.split()


def test_one_line_a_file_in_the_order_given(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(MAIL)
    (tmp_path / "two").write_bytes(b"\xff\n\n\xe9\x00\x85")
    files = [str(tmp_path / name) for name in ("two", "one", "two")]
    result = CliRunner().invoke(read, ["--json", *files])
    assert result.exit_code == 0
    assert [json.loads(line)["file"] for line in result.stdout.split("\n") if line] == files


def test_a_file_that_is_not_there_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(MAIL)
    result = CliRunner().invoke(read, ["--json", str(tmp_path / "none"), str(tmp_path / "one")])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["subject"] == "Re: Seals #pumps"
    assert "No such file" in result.stderr


def test_a_summary_for_people(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(MAIL)
    shown = CliRunner().invoke(read, [str(tmp_path / "one")]).stdout
    for words in (
        "Ada Wells <ada@example.org>",
        "Re: Seals #pumps",
        "REPLY",
        "a.pdf, application/pdf, 4 bytes",
        "40 bar",
    ):
        assert words in shown
