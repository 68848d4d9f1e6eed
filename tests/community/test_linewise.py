"""Several lines of one mail, each a word."""

import pytest

from mailer.community import linewise
from mailer.community.grammar import Near, Said, Words, understand

EN = Words(
    "en",
    {"weekly": ("weekly",), "plain": ("text only",), "_closing": ("regards", "thanks"), "_please": ("please",)},
)


def read(text: str) -> list[tuple[str, Said | Near | None]]:
    return linewise.read(text, lambda line: understand(line, ("weekly", "plain"), [EN]), [EN])


WEEKLY, PLAIN = ("weekly", Said("weekly")), ("text only", Said("plain"))


@pytest.mark.parametrize(
    "text",
    [
        "weekly\ntext only",
        "\n  weekly\n\n\ntext only  \n",
        "- weekly\n* text only",
        "weekly\ntext only\n\nThanks\nBob Berg\nweekly",
        "weekly\ntext only\nBob Berg\nNord AS, 12 High Street",
        "Hello,\nplease set this for me:\nweekly\ntext only",
        "Dear Wells\nweekly\ntext only",
        "weekly\n> plain words quoted\ntext only\n> more",
        "weekly\n_____\ntext only",
    ],
)
def test_greeting_closing_quotes_and_signs_are_no_lines(text: str) -> None:
    assert read(text) == [WEEKLY, PLAIN]


def test_what_is_neither_is_kept_as_not_understood() -> None:
    assert read("weekly\nand a coffee\ntext only") == [WEEKLY, ("and a coffee", None), PLAIN]
    assert read("the weather\nweekly") == [("the weather", None), WEEKLY]
    assert read("weekly\ntext olny") == [WEEKLY, ("text olny", Near("plain", "text olny"))]


def test_a_long_mail_is_read_to_a_limit() -> None:
    assert len(read("weekly\n" * 500)) == linewise.LINES
