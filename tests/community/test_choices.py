"""What lines choose of a community's settings, in any language, and what they do not."""

from typing import get_args

import msgspec
import printing
import pytest

from mailer.community import choices
from mailer.community.choices import Chosen, Heard, Unsure
from mailer.community.policy import Policy

press = printing.press()
WORDS = press.words(*press.languages)
ALL = choices.choices(press.languages)


def one(line: str) -> tuple[str, object] | str | None:
    """The choice, the key of a doubtful one, or None."""
    found = choices.read_line(line, ALL, WORDS)
    return (found.key, found.value) if isinstance(found, Chosen) else found and found.key


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("first posts held", ("first_posts", "held")),
        ("First posts: held.", ("first_posts", "held")),
        ("- first_posts = held", ("first_posts", "held")),
        ("digest day friday", ("digest_day", "friday")),
        ("digest day Fri", ("digest_day", "friday")),
        ("digest hour 8", ("digest_hour", 8)),
        ("digest hour 8:00", ("digest_hour", 8)),
        ("digest hour ٨", ("digest_hour", 8)),
        ("language français", ("language", "fr")),
        ("language: French", ("language", "fr")),
        ("language fr", ("language", "fr")),
        ("title Wells of the North", ("title", "Wells of the North")),
        ("public archive on", ("archive", True)),
        ("archive off", ("archive", False)),
        ("premiers messages retenus", ("first_posts", "held")),
        ("primeros mensajes señalados", ("first_posts", "marked")),
        ("erste Beiträge zurückhalten", ("first_posts", "held")),
        ("最初の投稿 保留", ("first_posts", "held")),
        ("最初の投稿：保留", ("first_posts", "held")),
        ("الرسائل الأولى محجوزة", ("first_posts", "held")),
        ("ujumbe wa kwanza umezuiwa", ("first_posts", "held")),
        ("digest hour 24", "digest_hour"),
        ("digest hour soon", "digest_hour"),
        ("digest day fryday", "digest_day"),
        ("digest day", "digest_day"),
        ("language Klingon", "language"),
        ("smallest group 1", "k_min"),
        ("title", "title"),
        ("Entitled to nothing", None),
        ("the first posts were held", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_a_line(line: str, wanted: object) -> None:
    assert one(line) == wanted


def test_every_field_of_the_policy_is_a_choice_and_every_value_can_be_said() -> None:
    keys = {choice.key for choice in ALL}
    for field in msgspec.structs.fields(Policy):
        assert field.name in keys
        for value in get_args(field.type):
            assert one(f"{field.name} {value}") == (field.name, value)


@pytest.mark.parametrize("language", press.languages)
def test_what_the_screen_shows_can_be_said(language: str) -> None:
    [words, *_] = press.words(language)
    for choice in ALL:
        for value in choice.values:
            line = f"{choices.name_of(choice.key, words)} {choices.names_of(choice.key, value, words)[0]}"
            assert one(line) == (choice.key, choices.SWITCH.get(value, value))


def test_several_lines_end_with_a_closing_and_the_last_of_two_counts() -> None:
    text = "digest hour 8\n\ndigest hour 9\nfirst posts maybe\nmake it nicer\narchive on\n\nKind regards\nAna Lima"
    hour, archive = Chosen("digest_hour", 9), Chosen("archive", True)
    unsure = (Unsure("first_posts", "first posts maybe", "maybe"),)
    assert choices.read(text, ALL, WORDS) == Heard((hour, archive), unsure, ("make it nicer",))
    assert choices.read("> digest hour 8\nhello there", ALL, WORDS).chosen == ()
