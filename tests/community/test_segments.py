"""An answer to a digest finds its items."""

import pytest

from mailer.community.segments import laid_out, passages, segments
from mailer.mail.message import Body, Fold

ITEMS = {
    "1": "Losses",
    "2": "Centralisers",
    "3": "Seals at 40 bar",
    "4": "Webinar: barriers",
}
DIGEST = """This week in Wells: 2 conversations, 1 event ahead.
To answer, press Reply and begin with the number: “1: we use ceramic”.

Conversations

1. Losses (2 new)
Bob Berg: Who has cured losses at the shoe without going to
2. cement in the end?

2. Centralisers
Ana Lima: Which ones held over the build?

Coming up

3. Webinar: barriers
Will you come? Reply “3: yes”, “3: no” or “3: maybe”.

---
Reply goes to the conversation you number · one word is fine:
each · daily [#k7q]
"""
SAID = passages(DIGEST, {"1", "2", "3"})


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


@pytest.mark.parametrize(
    "line",
    [
        "3: we use ceramic",
        "3 : we use ceramic",
        "#3 we use ceramic",
        "#3: we use ceramic",
        "3) we use ceramic",
        "(3) we use ceramic",
        "[3] we use ceramic",
        "3. we use ceramic",
        "3 - we use ceramic",
        "3 – we use ceramic",
        "no. 3 we use ceramic",
        "No. 3: we use ceramic",
        "re 3 we use ceramic",
        "Re: 3 we use ceramic",
        "Item 3: we use ceramic",
        "*3: we use ceramic",
        "３：we use ceramic",
        "＃３ we use ceramic",
        "3\nwe use ceramic",
    ],
)
def test_a_number_may_be_written_in_many_ways(line: str) -> None:
    assert segments(line, ITEMS) == [("3", "we use ceramic")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nr. 3: wir nehmen Keramik", "wir nehmen Keramik"),  # German
        ("Zu 3: wir nehmen Keramik", "wir nehmen Keramik"),
        ("N° 3 : nous prenons la céramique", "nous prenons la céramique"),  # French
        ("nº 3: usamos cerámica", "usamos cerámica"),  # Spanish
        ("Ponto 3: usamos cerâmica", "usamos cerâmica"),  # Portuguese
        ("№3: мы берём керамику", "мы берём керамику"),  # Russian
        ("رقم 3: نستخدم السيراميك", "نستخدم السيراميك"),  # Arabic
        ("٣: نستخدم السيراميك", "نستخدم السيراميك"),
        ("3番：セラミックを使います", "セラミックを使います"),  # Japanese
        ("3、セラミックを使います", "セラミックを使います"),
        ("第3：我们用陶瓷", "我们用陶瓷"),  # Chinese
        ("Namba 3: tunatumia kauri", "tunatumia kauri"),  # Swahili
        ("Kohta 3: käytämme keraamista", "käytämme keraamista"),  # Finnish
    ],
)
def test_in_any_language(text: str, words: str) -> None:
    assert [("3", words)] == segments(text, ITEMS)


@pytest.mark.parametrize(
    "text",
    [
        "3:30 would suit me better",
        "3.5 bar was enough",
        "3 of the bolts failed",
        "3 - 4 days, I think",
        "No 3 inch pipe was left",
        "Item 3 was good",
        "9: nothing has this number",
        "Hello all,\nthanks for this",
        "",
    ],
)
def test_other_figures_are_no_numbers(text: str) -> None:
    assert segments(text, ITEMS) == []


def test_several_pieces_in_order_and_the_greeting_belongs_to_none() -> None:
    text = "Hello,\n\n3: we use ceramic.\nTwice now.\n\n1: pills did it.\n3: and it lasts."
    assert segments(text, ITEMS) == [("3", "we use ceramic.\nTwice now.\n\nand it lasts."), ("1", "pills did it.")]


def test_two_numbers_on_one_line_are_one_piece() -> None:
    assert segments("3. first ceramic. 4. then steel.", ITEMS) == [("3", "first ceramic. 4. then steel.")]


def test_a_list_inside_an_answer_stays_in_it() -> None:
    assert segments("3: we did this:\n1. drain it\n2) dry it", ITEMS) == [("3", "we did this:\n1. drain it\n2) dry it")]
    assert segments("1. drained it\n2. dried it", ITEMS) == [("1", "drained it"), ("2", "dried it")]


def test_a_digest_says_what_stands_under_each_number() -> None:
    assert list(SAID) == ["1", "2", "3"]
    assert SAID["1"].startswith("Losses (2 new)\nBob Berg") and "cement" in SAID["1"]
    assert "yes" in SAID["3"] and "k7q" not in SAID["3"]


@pytest.mark.parametrize(
    ("one", "two", "come"),
    [
        ("Ceramic held twice.", "Bow springs.", "yes"),
        ("Keramik hielt zweimal.", "Federzentrierer.", "ja"),
        ("La céramique a tenu.", "Des ressorts.", "oui"),
        ("La cerámica aguantó.", "Con flejes.", "sí"),
        ("صمد السيراميك مرتين.", "نوابض مقوسة.", "نعم"),
        ("セラミックが持ちました。", "スプリングです。", "はい"),
    ],
)
def test_answers_between_the_lines_belong_to_what_they_stand_below(one: str, two: str, come: str) -> None:
    top, _, rest = DIGEST.partition("\n2. Centralisers")
    middle, _, end = f"2. Centralisers{rest}".partition("\n\n---")
    text = f"{quoted(top)}\n\n{one}\n\n{quoted(middle.partition(chr(10) * 2 + 'Coming')[0])}\n{two}\n\n"
    text += f"{quoted('3. Webinar: barriers')}\n{come}\n{quoted('---' + end)}\nAna\n"
    assert [("1", one), ("2", two), ("3", come)] == segments(text, SAID)


@pytest.mark.parametrize(
    "line",
    ["2. Centralisers", "Centralisers", ">> 2. Centralisers", "Which ones held over the"],
)
def test_a_quoted_line_names_its_item(line: str) -> None:
    assert segments(f"> {line}\nBow springs.", SAID) == [("2", "Bow springs.")]


@pytest.mark.parametrize("line", ["2. Something else", "Which ones", "Some other words that nobody sent", "2"])
def test_a_quoted_line_that_is_not_ours_names_none(line: str) -> None:
    assert segments(f"> {line}\nBow springs.", SAID) == []


def test_words_below_the_whole_digest_belong_to_none() -> None:
    assert segments(f"{quoted(DIGEST)}\n\nWe changed to ceramic.", SAID) == []
    assert segments(f"{quoted(DIGEST)}\n\n2: Bow springs.", SAID) == [("2", "Bow springs.")]


def test_folded_quotes_are_marked_and_the_rest_left_out() -> None:
    quote = "From: Wells\nSent: Monday\n\n2. Centralisers"
    text = f"Ana\nBow springs.\n\n{quote}\n\nBest\n\n--\nAna Lima\nAcme"
    body = Body(text, "", (Fold("quote", quote), Fold("signature", "--\nAna Lima\nAcme")))
    assert laid_out(body) == f"Ana\nBow springs.\n\n{quoted(quote)}\n\nBest"
