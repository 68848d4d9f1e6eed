"""What a mail says of its writer: plain, or nothing."""

from datetime import UTC, datetime

import printing
import pytest

from mailer.community import hearsay

press = printing.press()
TABLES = press.words(*press.languages)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("oui", "fr"),
        ("Oui !\n\nMerci", "fr"),
        ("Bonjour,\n\nOui, avec plaisir.", "fr"),
        ("ja", "de"),
        ("sim", "pt"),
        ("ndiyo", "sw"),
        ("はい", "ja"),
        ("yes", "en"),
        ("ok", ""),  # a word of several
        ("si vous voulez", ""),
        ("", ""),
    ],
)
def test_one_language_or_none(text: str, language: str) -> None:
    assert language == hearsay.language(text, "yes", TABLES)


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("Nord  Drilling AS", "Nord Drilling AS"),
        ("", ""),
        ("write to sales@nord.example", ""),
        ("https://nord.example", ""),
        ("x" * 61, ""),
    ],
)
def test_an_organisation_is_a_name(stated: str, name: str) -> None:
    assert name == hearsay.organisation(stated)


@pytest.mark.parametrize(
    ("date", "zone"),
    [
        ("Mon, 02 Mar 2026 12:00:00 +0300", "Etc/GMT-3"),
        ("Mon, 02 Mar 2026 04:00:00 -0500 (EST)", "Etc/GMT+5"),
        ("Mon, 02 Mar 2026 10:00:00 +0100", ""),  # the hour of the community
        ("Mon, 02 Mar 2026 09:00:00 +0000", ""),  # what servers write
        ("Mon, 02 Mar 2026 09:00:00 GMT", ""),
        ("Mon, 02 Mar 2026 14:30:00 +0530", ""),
        ("Mon, 02 Mar 2026 14:30:00 +9900", ""),
        ("Mon, 02 Mar 2026 14:30:00 -1300", ""),
        ("", ""),
    ],
)
def test_a_zone_is_an_offset_that_differs(date: str, zone: str) -> None:
    assert zone == hearsay.zone(date, AT, "Europe/Oslo")
