"""Lists of people as people have them."""

import pytest

from mailer.community.roster import LINES, Guest, Roster, decode, read

BOB = Guest("bob@nord.example", "Bob Berg", "Nord", "fr")


@pytest.mark.parametrize(
    ("text", "guests", "wrong"),
    [
        ("bob@nord.example", [Guest("bob@nord.example")], []),
        ("email,name,organisation,language\nBOB@Nord.example,Bob Berg,Nord,fr", [BOB], []),
        ("language;organisation;name;email\nFR;Nord;Bob Berg;bob@nord.example", [BOB], []),
        ("Sprache\tFirma\tName\tE-Mail\nfr\tNord\tBob Berg\tbob@nord.example", [BOB], []),
        ("bob@nord.example;Bob Berg;Nord;fr", [BOB], []),
        ("Bob Berg, Nord, fr, bob@nord.example", [BOB], []),
        ("Prénom;Nom de famille;Courriel\nAna;Lima;ana@x.example", [Guest("ana@x.example", "Ana Lima")], []),
        ('"Berg, Bob",bob@nord.example', [Guest("bob@nord.example", "Berg, Bob")], []),
        (
            "Bob Berg <bob@nord.example>, ana@x.example; Cleo Diaz <cleo@far.example>",
            [Guest("bob@nord.example", "Bob Berg"), Guest("ana@x.example"), Guest("cleo@far.example", "Cleo Diaz")],
            [],
        ),
        ("Please ask bob@nord.example (soon).", [Guest("bob@nord.example")], []),
        ("email\nbob@nord.example\nnobody\n\nbob@nord.example", [Guest("bob@nord.example")], ["nobody"]),
        ("email;name\nbob@localhost;Bob\n@;x", [], ["bob@localhost;Bob", "@;x"]),
        ("bob@nord.example;Buy at http://evil.example now, cheap", [Guest("bob@nord.example")], []),
        ("", [], []),
    ],
)
def test_read(text: str, guests: list[Guest], wrong: list[str]) -> None:
    assert Roster(tuple(guests), tuple(wrong)) == read(text)


@pytest.mark.parametrize("content", ["\ufeffé;ü".encode(), "é;ü".encode("utf-16"), "é;ü".encode("latin-1")])
def test_decode(content: bytes) -> None:
    assert decode(content) == "é;ü"


@pytest.mark.parametrize("piece", ["@", "<a@", '"', "a@b.c<", ",;\t", "a" * 64 + "@"])
def test_hostile_lists_are_read_in_a_moment(piece: str) -> None:
    assert len(read(piece * 200_000).guests) <= 1
    assert len(read("\n".join([piece * 50] * 500)).guests) <= 1
    assert len(read("\n".join(f"p{n}@crowd.example" for n in range(LINES + 9))).guests) == LINES
