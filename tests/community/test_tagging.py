"""What counts as a tag, and what is called how."""

import pytest

from mailer.community.tagging import hashtags, left_out, tag, title_of, without_tags


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("Gaskets #Lesson", "", ("lesson",)),
        ("#lesson #Ceramic Gaskets", "", ("lesson", "ceramic")),
        ("Re: pumps", "It held.\n\n#ceramic, #kick-off\n", ("ceramic", "kick-off")),
        ("Re: pumps", "I saw #ceramic used there.", ()),  # in a sentence it is a word
        ("Issue #1 and #42", "#7", ()),
        ("C# and F# at https://x.example/a#part &#39; a.b#c", "", ()),
        ("Paint it #123456, #00ff7f or #1e90ff", "#decade", ("decade",)),
        ("#b2b", "", ("b2b",)),
        ("Mitä opimme #Lämpö", "#урок\n#教训\n#درس\n#पाठ", ("lämpö", "урок", "教训", "درس", "पाठ")),
        ("＃ｌｅｓｓｏｎ", "", ("lesson",)),  # full width, as typed on a Japanese keyboard
        ("#STRASSE #straße", "", ("strasse",)),
        ("#" + "x" * 61, "", ()),
        (" ".join(f"#tag{number}" for number in range(30)), "", tuple(f"tag{number}" for number in range(20))),
    ],
)
def test_hashtags(subject: str, text: str, expected: tuple[str, ...]) -> None:
    assert hashtags(subject, text) == expected


def test_a_tag_typed_with_its_sign_is_the_same_tag() -> None:
    assert (tag("#Lesson"), tag("lesson"), tag("#"), tag("7")) == ("lesson", "lesson", "", "")


def test_lines_of_tags_are_no_words() -> None:
    assert without_tags("#lesson\nIt held.\n#ceramic #pumps.\n") == "It held."


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("Re: [wells] Gaskets that hold #lesson", "text", "Gaskets that hold"),
        ("#lesson", "#ceramic\nCeramic gaskets hold\nat 40 bar.", "Ceramic gaskets hold"),
        ("", "", ""),
        ("x" * 100, "", "x" * 77 + "…"),
        ("Ceramic gaskets hold at forty bar when the flange is cleaned first and cooled slowly", "",
         "Ceramic gaskets hold at forty bar when the flange is cleaned first and cooled…"),
    ],
)  # fmt: skip
def test_titles(subject: str, text: str, expected: str) -> None:
    assert title_of(subject, text) == expected


def test_a_hostile_line_takes_no_longer_than_its_length() -> None:
    assert hashtags("#a-" * 100_000, "#" * 200_000) == ("a",)


@pytest.mark.parametrize(
    ("subject", "text", "left"),
    [
        ("Office moves #announce", "On Friday.", ("Office moves", "On Friday.")),
        ("[#Announce] Office moves", "On Friday.\n\n#urgent", ("Office moves", "On Friday.")),
        ("RE: #announce: Office moves", "x", ("RE: Office moves", "x")),
        ("Office moves - #announce, #urgent", "a\n\n#announce #moving", ("Office moves", "a\n\n#moving")),
        ("#announce", "\n#urgent\nWe move.\nOn Friday.", ("We move.", "We move.\nOn Friday.")),
        ("Re: #announce", "", ("", "")),
        (
            "How to #announceit",
            "Say #announce in the subject.",
            ("How to #announceit", "Say #announce in the subject."),
        ),
        ("＃announce ( #urgent ) Gas", "a\n  b", ("Gas", "a\n  b")),
    ],
)
def test_tags_that_are_left_out_leave_no_trace(subject: str, text: str, left: tuple[str, str]) -> None:
    assert left_out(subject, text, {"announce", "urgent"}) == left
