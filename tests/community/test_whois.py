"""Whom someone means, and when it is only a guess."""

import pytest

from mailer.community.whois import Known, Meant, addresses, find

PEOPLE = (
    Known(1, "Ana Silva", "ana@acme.example"),
    Known(2, "Ana Lopes", "ana@far.example"),
    Known(3, "José Peña", "jp@far.example"),
    Known(4, "", "cleo.diaz@far.example"),
    Known(5, "Ana", "ana3@far.example"),
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Ana Lopes", Meant((2,), True)),
        ("LOPES, Ana", Meant((2,), True)),
        ("lopes", Meant((2,), True)),
        ("jose pena", Meant((3,), True)),
        ("cleo", Meant((4,), True)),
        ("Ana", Meant((5,), True)),  # the whole name
        ("Ana Lopez", Meant((1, 2, 5), False)),
        ("Silvia", Meant((1,), False)),
        ("Xavier", Meant()),
        ("", Meant()),
    ],
)
def test_a_name(text: str, meant: Meant) -> None:
    assert find(text, PEOPLE) == meant


def test_no_more_candidates_than_there_are_numbers() -> None:
    assert len(find("m", [Known(n, f"M {n}", f"m{n}@a.example") for n in range(30)]).ids) == 9


def test_addresses_as_programs_write_them() -> None:
    assert addresses("Ana <Ana@Acme.example>") == ("ana@acme.example",)
    assert addresses("ana@acme.example<mailto:ana@acme.example>.") == ("ana@acme.example",)
    assert addresses("nobody") == ()
