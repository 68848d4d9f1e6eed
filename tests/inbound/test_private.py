"""Tokens are one person's own: quoted in a mail, they go no further."""

import pytest

from mailer.community.tagging import hashtags
from mailer.inbound.private import body_without, without
from mailer.mail.message import Body, Fold
from mailer.mail.tokens import Keys, seal

KEYS = Keys(b"a key for tests, long enough")
SHORT, LONG = seal(KEYS, "bounce", 1), seal(KEYS, "reply", 2**40 - 1, 2**40 - 1)


@pytest.mark.parametrize("token", [SHORT, LONG, LONG.upper()])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("wells-r-{}@cop.example", "wells-r-…@cop.example"),
        ("<mailto:wells-leave-{}@COP.example?subject=stop>", "<mailto:wells-leave-…@COP.example?subject=stop>"),
        ("old-wells+b+{}%40cop.example", "old-wells+b+…%40cop.example"),
        ("wells-private-{}@cop.example", "wells-private-…@cop.example"),
        ("<wells-b-{}-ann.b=far.example@cop.example>", "<wells-b-…@cop.example>"),
        ("https://cop.example/u/{} and more", "https://cop.example/u/… and more"),
    ],
)
def test_a_token_goes_and_what_stood_there_is_still_told(before: str, after: str, token: str) -> None:
    assert without(before.format(token), "cop.example", "-") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Lunch? [#k7q] [#K7Q]", "Lunch? [ #k7q ] [ #K7Q ]"),
        ("[#ppg] Beads", "[ #ppg ] Beads"),  # a tag as well, and still one
        ("[#win] [#announce] [#1] #k7q [k7q]", "[#win] [#announce] [#1] #k7q [k7q]"),
    ],
)
def test_what_looks_like_a_code_of_ours_is_none_any_more(before: str, after: str) -> None:
    assert without(before, "cop.example", "-") == after
    assert hashtags(before, "") == hashtags(after, "")


@pytest.mark.parametrize(
    "text",
    [
        "wells@cop.example",
        "wells-leave@cop.example",
        f"wells-r-{SHORT}@far.example",
        f"a-r-{SHORT}",
        "wells-r-bob@cop.example",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    assert without(text, "cop.example", "-") == text


def test_every_piece_of_a_body_is_looked_at() -> None:
    one, none = f"x wells-r-{LONG}@cop.example", "x wells-r-…@cop.example"
    body = body_without(Body(one, one, (Fold("quote", one),)), "cop.example", "-")
    assert (body.text, body.new_text, body.folded[0].text) == (none, none, none)
