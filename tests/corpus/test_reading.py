"""Real mail is read: nothing fails, calendars say what they say."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from corpus.table import calendar_rows, differences, families, read_family

from mailer.mail.parse import parse


def test_no_mail_fails(corpora: Path) -> None:
    read = [read_family(place) for place in families(corpora)]
    assert [failure for each in read for failure in each.failures] == []
    assert sum(each.mails for each in read) > 1000


def test_calendar_facts(corpora: Path) -> None:
    rows = list(calendar_rows(corpora))
    wrong = [
        (path.name, found) for path, row in rows if (found := differences(parse(path.read_bytes()).calendars, row))
    ]
    assert wrong == []
    assert len(rows) > 50


@pytest.fixture(scope="session")
def expected(corpora: Path) -> dict[str, dict[str, object]]:
    place = corpora / "imap_tools"
    if not place.is_dir():
        pytest.skip("no imap_tools in the corpora")
    found: dict[str, dict[str, object]] = json.loads((place / "expected.json").read_text("utf-8"))
    return found


def test_what_another_reader_found(corpora: Path, expected: dict[str, dict[str, object]]) -> None:
    """Addresses, dates, subjects and files, where the other reader is not the one that is mistaken."""
    right = dict.fromkeys(("subject", "from", "to", "date", "files"), 0)
    for name, facts in expected.items():
        found = parse((corpora / "imap_tools" / "data" / name).read_bytes())
        right["subject"] += found.subject.split() == str(facts["subject"]).split()
        right["from"] += (found.senders[0].address if found.senders else "") == facts["from_"]
        right["to"] += [each.address for each in found.to] == facts["to"]
        right["date"] += found.date is None or found.date.replace(tzinfo=None) == _utc(str(facts["date"]))
        names = {each["filename"] for each in facts["attachments"]}  # type: ignore[attr-defined]
        right["files"] += names - {""} <= {each.name for each in found.attachments}
    assert {what: count * 100 // len(expected) >= 94 for what, count in right.items()} == dict.fromkeys(right, True)


def _utc(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    offset = moment.utcoffset()
    return moment.replace(tzinfo=None) - offset if offset else moment.replace(tzinfo=None)
