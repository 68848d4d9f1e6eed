import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.inbound.dot import Dot, clean

LIMIT = 1000


def fed(*pieces: bytes) -> tuple[bytes, bytes]:
    """The mail and what follows it."""
    dot = Dot(LIMIT)
    for piece in pieces[:-1]:
        assert dot.feed(piece) is None
    rest = dot.feed(pieces[-1])
    assert rest is not None
    return dot.mail(), rest


@pytest.mark.parametrize(
    ("wire", "mail"),
    [
        (b".\r\n", b""),
        (b"a\r\n.\r\n", b"a\r\n"),
        (b"a\r\n..\r\n.\r\n", b"a\r\n.\r\n"),
        (b"..a\r\n...b\r\n.\r\n", b".a\r\n..b\r\n"),
        (b".a\r\n.\r\n", b"a\r\n"),
        (b"\r\n\r\n.\r\n", b"\r\n\r\n"),
        (b"a\n.\r\nb\r.\r\nc\r\n.\nd\r\n .\r\n.\r\n", b"a\n.\r\nb\r.\r\nc\r\n\nd\r\n .\r\n"),
    ],
)
def test_only_a_dot_between_two_line_ends_is_the_end(wire: bytes, mail: bytes) -> None:
    assert fed(wire + b"NOOP\r\n") == (mail, b"NOOP\r\n")


@given(
    st.lists(st.sampled_from([b"a", b".", b"\r\n", b"\n", b"\r", b"\r\n.", b"\r\n..", b"\0"])).map(b"".join),
    st.data(),
)
def test_the_pieces_do_not_matter(body: bytes, data: st.DataObject) -> None:
    stuffed = (b"\r\n" + body).replace(b"\r\n.", b"\r\n..")[2:]
    wire = stuffed + b"\r\n.\r\n"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)))))
    edges = [0, *cuts, len(wire)]
    pieces = [wire[a:b] for a, b in itertools.pairwise(edges)]
    while pieces and not pieces[-1]:
        pieces.pop()
    assert fed(*pieces) == (body + b"\r\n", b"")


def test_beyond_the_limit_only_the_end_is_looked_for() -> None:
    dot = Dot(LIMIT)
    for _ in range(1000):
        assert dot.feed(b"x" * 997 + b"\r\n.") is None
        assert dot.holds <= LIMIT + 1002
    assert dot.holds < 5
    assert dot.feed(b"\r\nQUIT\r\n") == b"QUIT\r\n"
    assert dot.fault == "too-big"
    assert dot.octets == 1000 * 1000 + 2


def test_the_octets_are_those_of_the_mail_alone() -> None:
    dot = Dot(LIMIT)
    dot.feed(b"abc\r\n.\r\n" + b"x" * 5000)
    assert (dot.octets, dot.fault, dot.mail()) == (8, "", b"abc\r\n")


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (b"", True),
        (b"a\r\nb\r\n", True),
        (b"\xff\xfe\r\n", True),
        (b"a" * 5000 + b"\r\n", True),
        (b"a\nb\r\n", False),
        (b"a\rb\r\n", False),
        (b"a\r\r\n", False),
        (b"a\n\r", False),
        (b"a\0\r\n", False),
    ],
)
def test_clean_is_lines_of_anything_but_nul(mail: bytes, expected: bool) -> None:
    assert clean(mail) is expected
