"""Soft line breaks are undone (RFC 3676)."""

import pytest

from mailer.mail.parts.flowed import unflowed


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("one \ntwo\nthree", "one two\nthree"),
        ("> one \n> two\nthree", "> one two\nthree"),
        (">> deep \n>> er\n> less", ">> deep er\n> less"),
        ("> one \nanswer", "> one \nanswer"),
        ("one \n-- \nJane", "one \n-- \nJane"),
        (" >stuffed\n From here", ">stuffed\nFrom here"),
        ("para \n\nnext", "para \nnext"),
        ("ends flowed ", "ends flowed "),
        ("", ""),
        ("a\n\n\nb", "a\n\n\nb"),
    ],
)
def test_paragraphs_are_joined(written: str, meant: str) -> None:
    assert unflowed(written) == meant


def test_delsp_drops_the_space() -> None:
    assert unflowed("今日は \n良い天気\n> 引用 \n> です", delsp=True) == "今日は良い天気\n> 引用です"
