"""Until when someone is away."""

from datetime import date

import printing
import pytest

from mailer.community.absence import Unread, read_until

TODAY = date(2026, 2, 10)  # a Tuesday
press = printing.press()


@pytest.mark.parametrize(
    ("text", "language", "on"),
    [
        ("3 March", "en", date(2026, 3, 3)),
        ("March 3rd", "en", date(2026, 3, 3)),
        ("the 3rd of March 2026", "en", date(2026, 3, 3)),
        ("2026-03-03", "en", date(2026, 3, 3)),
        ("3 January", "en", date(2027, 1, 3)),
        ("2 weeks", "en", date(2026, 2, 24)),
        ("two weeks", "en", date(2026, 2, 24)),
        ("10 days", "en", date(2026, 2, 20)),
        ("1 month", "en", date(2026, 3, 12)),
        ("next monday", "en", date(2026, 2, 16)),
        ("tomorrow", "en", date(2026, 2, 11)),
        ("3 mars", "fr", date(2026, 3, 3)),
        ("au 12/03/2026", "fr", date(2026, 3, 12)),
        ("deux semaines", "fr", date(2026, 2, 24)),
        ("lundi", "fr", date(2026, 2, 16)),
        ("el 3 de marzo", "es", date(2026, 3, 3)),
        ("3 meses", "es", date(2026, 5, 11)),
        ("zum 3. März", "de", date(2026, 3, 3)),
        ("3 Wochen", "de", date(2026, 3, 3)),
        ("3 de março", "pt", date(2026, 3, 3)),
        ("segunda-feira", "pt", date(2026, 2, 16)),
        ("٣ مارس", "ar", date(2026, 3, 3)),
        ("3 أسابيع", "ar", date(2026, 3, 3)),
        ("tarehe 3 Machi", "sw", date(2026, 3, 3)),
        ("wiki mbili", "sw", None),
        ("3月15日まで", "ja", date(2026, 3, 15)),
        ("2026年3月15日", "ja", date(2026, 3, 15)),
        ("2週間", "ja", date(2026, 2, 24)),
    ],
)
def test_a_day_in_the_words_of_each_language(text: str, language: str, on: date | None) -> None:
    assert (on or Unread("no date")) == read_until(text, press.words(language), TODAY)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no date"),
        ("soon", "no date"),
        ("31 February", "no date"),
        ("3 March or 4 April", "several"),
        ("2026-01-05", "past"),
        ("today", "past"),
        ("3 March 2029", "far"),
        ("999 months", "far"),
    ],
)
def test_what_is_no_one_day_to_come_is_said_to_be_so(text: str, reason: str) -> None:
    assert Unread(reason) == read_until(text, press.words("en"), TODAY)  # type: ignore[arg-type]


def test_hostile_lines_cost_no_more_than_their_length() -> None:
    for piece in ("3 ", "3月", "march ", "2 weeks ", "9"):
        read_until(piece * 5_000, press.words("ja"), TODAY)
