"""Message identifiers, as written and as made."""

import pytest

from mailer.mail.msgid import LIMIT, ids, made, own


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<a@b>", ("a@b",)),
        ("<a@b> <c@d>\t<a@b>", ("a@b", "c@d")),
        ("<a@b><c@d>", ("a@b", "c@d")),
        ("a@b c@d", ("a@b", "c@d")),
        ('Your message of "Monday" <a@b>', ("a@b",)),
        ("<a @ b>", ("a@b",)),
        ("<[x@y]>", ("[x@y]",)),
        ("<no-at-sign>", ("no-at-sign",)),
        ("<<a@b>>", ("a@b",)),
        ("<unclosed@b", ("unclosed@b",)),
        ("words only", ()),
        ("", ()),
        ("<>", ()),
        (f"<{'x' * 2000}@y>", ()),
    ],
)
def test_ids_are_read(value: str, expected: tuple[str, ...]) -> None:
    assert ids(value) == expected


def test_of_a_long_chain_the_first_and_the_last_are_kept() -> None:
    found = ids(" ".join(f"<{number}@x>" for number in range(500)))
    assert (len(found), found[0], found[1], found[-1]) == (LIMIT, "0@x", "451@x", "499@x")


@pytest.mark.parametrize(
    ("value", "expected"), [("<a@b>", "a@b"), ("a@b", "a@b"), ("bare", "bare"), ("", ""), ("  <x>", "x")]
)
def test_the_one_id_of_a_mail(value: str, expected: str) -> None:
    assert own(value) == expected


def test_a_made_id_is_the_same_for_the_same_mail_only() -> None:
    assert made(b"a", b"b") == made(b"a", b"b")
    assert made(b"a", b"b") != made(b"ab", b"")
    assert made(b"a").endswith("@missing.invalid")
