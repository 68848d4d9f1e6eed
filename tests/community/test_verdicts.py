"""What a facilitator's reply says about the posts that wait."""

import printing
import pytest

from mailer.community.groundrules import rules_of
from mailer.community.verdicts import Verdict, verdicts

press = printing.press()


def heard(text: str, numbers: str = "1", *languages: str) -> list[tuple[str, str, str]]:
    found = verdicts(text, numbers.split(), press.words(*(languages or ("en",))))
    return [(one.number, one.word, one.text) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ok", ("1", "ok", "")),
        ("OK!", ("1", "ok", "")),
        ("👍", ("1", "ok", "")),
        ("no problem", ("1", "ok", "")),
        ("ok, always", ("1", "always", "")),
        ("no", ("1", "no", "")),
        ("no off topic", ("1", "no", "off topic")),
        ("No, this names a client.", ("1", "no", "this names a client")),
        ("no\n\nThis names a client.\n\nRegards,\nAna", ("1", "no", "This names a client.")),
        ("no 2 pumps for sale, please", ("1", "no", "2 pumps for sale, please")),
        ("rule 2", ("1", "rule", "2")),
        ("Rule #2\n\nThe client is named.", ("1", "rule", "2\nThe client is named.")),
        ("edit\n\nHello,\n\n1. ok so far\nBob", ("1", "edit", "Hello,\n\n1. ok so far\nBob")),
        ("edit:\nHello", ("1", "edit", "Hello")),
        ("ok but take the name out", ("1", "", "ok but take the name out")),
        ("ok\n\nbut take the name out first", ("1", "", "ok")),
        ("ok?", ("1", "", "ok?")),
        ("Okay this is odd, who is he?", ("1", "", "Okay this is odd, who is he?")),
        ("ok, nice one", ("1", "ok", "nice one")),
        ("Who is this?", ("1", "", "Who is this?")),
        ("1 ok", ("1", "ok", "")),
    ],
)
def test_one_post(text: str, expected: tuple[str, str, str]) -> None:
    assert expected == heard(text)[0]
    assert len(heard(text)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 ok\n2 no off topic\n3 rule 2", [("1", "ok", ""), ("2", "no", "off topic"), ("3", "rule", "2")]),
        ("1. ok\n\n#2: no\n(3) ok always", [("1", "ok", ""), ("2", "no", ""), ("3", "always", "")]),
        ("1 ok, 2 no spam, 3 ok", [("1", "ok", ""), ("2", "no", "spam"), ("3", "ok", "")]),
        ("1, 2 and 3 ok", [("1", "ok", ""), ("2", "ok", ""), ("3", "ok", "")]),
        ("1-3 ok", [("1", "ok", ""), ("2", "ok", ""), ("3", "ok", "")]),
        ("ok all", [("1", "ok", ""), ("2", "ok", ""), ("3", "ok", "")]),
        ("ok 1 and 3", [("1", "ok", ""), ("3", "ok", "")]),
        ("no all, sales talk", [(number, "no", "sales talk") for number in "123"]),
        ("Hello,\n\n2 no\nnot here\n1 👍", [("2", "no", "not here"), ("1", "ok", "")]),
        ("2 edit\nHello all,\n3 pumps fail.\n1 ok", [("2", "edit", "Hello all,\n3 pumps fail."), ("1", "ok", "")]),
        ("ok", [("", "", "ok")]),
        ("1 ok\n1 no", [("1", "", "")]),
        ("1 and 2 edit\nHello", [("1", "", "1 and 2 edit"), ("2", "", "1 and 2 edit")]),
        ("7 ok", [("", "", "7 ok")]),
        ("> 1 ok", []),
        ("", []),
    ],
)
def test_several_posts(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert expected == heard(text, "1 2 3")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "1 oui\n2 non hors sujet\n3 règle 2", [("1", "ok", ""), ("2", "no", "hors sujet"), ("3", "rule", "2")]),
        ("fr", "ok pour tout", [(number, "ok", "") for number in "123"]),
        ("fr", "1 pas d’objection", [("1", "ok", "")]),
        ("es", "1 sí, 2 no fuera de tema", [("1", "ok", ""), ("2", "no", "fuera de tema")]),
        ("es", "1 ok siempre\n2 editar\nHola", [("1", "always", ""), ("2", "edit", "Hola")]),
        ("de", "1 ja\n2 nein, gehört nicht hierher", [("1", "ok", ""), ("2", "no", "gehört nicht hierher")]),
        ("de", "alles ok", [(number, "ok", "") for number in "123"]),
        ("ja", "1 承認\n2 いいえ、話題が違います", [("1", "ok", ""), ("2", "no", "話題が違います")]),
        ("ar", "1 موافق\n2 لا، خارج الموضوع", [("1", "ok", ""), ("2", "no", "خارج الموضوع")]),
        ("sw", "1 sawa\n2 hapana, si mada yetu", [("1", "ok", ""), ("2", "no", "si mada yetu")]),
    ],
)
def test_other_languages(language: str, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert expected == heard(text, "1 2 3", language)


def test_hostile_lines_take_no_time() -> None:
    for text in ("1, " * 50_000, "ok " * 50_000, "1 ok\n" * 20_000, "no'" * 50_000, "-" * 200_000):
        assert isinstance(verdicts(text, ["1", "2"], press.words("en")), list)


def test_verdicts_are_values() -> None:
    assert Verdict("1", "ok") == verdicts("ok", ["1"], press.words("en"))[0]


def test_rules_are_items_or_the_numbered_lines_of_one() -> None:
    assert rules_of([("Kind", "Be kind."), ("Clients", "No clients.")]) == ["Be kind.", "No clients."]
    assert rules_of([("Rules", "Ours:\n1. Be kind\n2. No clients,\nnot even yours")]) == [
        "Be kind",
        "No clients,\nnot even yours",
    ]
    assert rules_of([("Title", "")]) == ["Title"]
    assert rules_of([]) == []
