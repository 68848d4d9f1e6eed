"""Lost replies and lost parts find their own, and nobody else's."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailer.community.kinship import Kin, Kindred, Lost, Part, can_be_lost, part, quotes, rows, spoken, subject_key

NOW = datetime.fromisoformat("2026-03-03T09:00:00+00:00")
ANA = "ana@acme.example"
BO = "bo@birch.example"
WORDS = "We changed the gaskets to ceramic ones and they hold at forty bar since May."
SHORT = "We changed the gaskets to ceramic ones and they"
LIST = "wells@lists.example"


NO_SPACES = [
    "先週、すべてのガスケットを陶製に替えたところ、四十気圧でも漏れていません。",
    "上周我们把所有的垫片都换成了陶瓷的，在四十巴的压力下没有泄漏。",
    "เราเปลี่ยนปะเก็นทั้งหมดเป็นเซรามิกแล้วไม่มีรั่วที่สี่สิบบาร์",
]


def kin(
    number: int, subject: str = "Gaskets", sender: str = "ana@acme.example", hours: float = 0, text: str = WORDS
) -> Kin:
    return Kin(number, 10 * number, subject_key(subject), subject, sender, NOW + timedelta(hours=hours), text)


def lost(
    subject: str = "Re: Gaskets", hours: float = 5, to: str = "ana@acme.example", text: str = f"Same here.\n> {WORDS}"
) -> Lost:
    at = NOW + timedelta(hours=hours)
    return Lost(subject_key(subject), subject, "bo@birch.example", frozenset({to}), at, text)


def found(reply: Lost, *others: Kin) -> int | None:
    answer = Kindred(others).of(reply)
    return answer.post if answer else None


@pytest.mark.parametrize(
    "subject", ["Re: Gaskets", "AW: Gaskets", "[EXTERNAL] Re: Gaskets", "回复：Gaskets", "RE: RE: gaskets"]
)
def test_a_reply_that_quotes_the_author_it_addresses_is_found(subject: str) -> None:
    assert found(lost(subject), kin(1)) == 1


def test_what_is_wrong_with_one_thing_stays_alone() -> None:
    assert found(lost("Gaskets"), kin(1)) is None  # no reply sign
    assert found(lost("Re: Gasket"), kin(1)) is None  # another subject
    assert found(lost(to="cy@cedar.example", text=f"> {SHORT}"), kin(1)) is None  # a short quote of somebody else
    assert found(lost(text="Same here."), kin(1)) is None  # quotes nothing
    assert found(lost(text="> Kind regards, Ana"), kin(1)) is None
    assert found(lost(hours=31 * 24), kin(1)) is None  # long ago
    assert found(lost(hours=-25), kin(1)) is None  # not yet written
    assert found(lost(to="", text=f"> {SHORT}"), kin(1, sender="")) is None  # nobody is nobody


def test_of_several_the_one_it_quotes_most_of_and_then_the_youngest() -> None:
    assert found(lost(), kin(1), kin(3, hours=2), kin(2, hours=1)) == 3
    template = "This is what we have done in the wells this week and what we will do next week."
    weeks = [kin(1, text=f"{template} {WORDS}"), kin(2, hours=3, text=f"{template} Nothing broke. Cy was on leave.")]
    assert found(lost(text=f"> {template}\n> {WORDS}"), *weeks) == 1
    assert found(lost(text=f"> {template}\n> Nothing broke."), *weeks) == 2


def test_where_only_the_list_is_addressed_a_longer_quote_tells() -> None:
    assert found(lost(to=LIST, text=f"> {SHORT}"), kin(1)) is None
    assert found(lost(to=LIST), kin(1)) == 1
    assert found(lost(to=LIST, text=f"Ana <Ana@acme.example> wrote:\n> {SHORT}"), kin(1)) == 1  # it names her
    assert found(lost(to=""), kin(1, sender="")) == 1


@pytest.mark.parametrize("words", NO_SPACES)
def test_words_without_spaces_are_quoted_too(words: str) -> None:
    quote = f"> {words[:15]}\n> {words[15:]}"
    assert found(lost(to=LIST, text=f"OK\n{quote}"), kin(1, text=words)) == 1
    assert found(lost(text=f"> {words[:12]}"), kin(1, text=words)) is None


def test_words_are_not_cut_at_their_vowel_signs() -> None:
    assert found(lost(text="> हमने सारे गैस्केट बदल"), kin(1, text="हमने सारे गैस्केट बदल दिए")) is None


def test_a_reply_without_a_quote_goes_to_whom_it_addresses_where_nothing_else_goes_by_a_telling_subject() -> None:
    long = "Gaskets at forty bar"
    bare = replace(lost(f"Re: {long}", text="Same here."), quotes=False)
    assert found(bare, kin(1, long)) == 1
    assert found(replace(bare, sender=ANA, addressed=frozenset({LIST})), kin(1, long)) == 1  # her own again
    assert found(bare, kin(1, long), kin(2, long, BO, hours=1)) is None  # two threads
    assert found(bare, replace(kin(2, long, "cy@cedar.example", hours=1), thread=10), kin(1, long)) == 1
    assert found(replace(bare, addressed=frozenset({LIST})), kin(1, long)) is None
    assert found(replace(bare, sent_at=NOW + timedelta(days=8)), kin(1, long)) is None
    assert found(replace(bare, quotes=True), kin(1, long)) is None
    assert found(replace(lost(text="Same here."), quotes=False), kin(1)) is None  # one word
    assert found(replace(lost("Re: 关于垫片的问题"), text="好", quotes=False), kin(1, "关于垫片的问题")) == 1
    assert found(replace(lost("Re: 垫片"), text="好", quotes=False), kin(1, "垫片")) is None


def test_quotes_are_folded_or_marked() -> None:
    assert quotes("Yes", ["signature", "quote"])
    assert quotes("Yes\n > so?", [])
    assert not quotes("Yes > no\n1 | 2", ["signature", "footer"])


def test_lines_broken_elsewhere_are_the_same_words() -> None:
    assert found(lost(text="> We changed the gaskets to\n> ceramic\n> ones and they hold at\n> forty"), kin(1)) == 1


def test_numbers_in_brackets_tell_subjects_apart() -> None:
    assert subject_key("Re: [PATCH v2 1/3] Fix it") == subject_key("RE: [patch V2 1/3] fix IT")
    assert subject_key("[PATCH v2 1/3] Fix it") != subject_key("[PATCH v3 1/3] Fix it")
    assert subject_key("[wells] Fix it") == subject_key("[EXTERNAL] Fix it") == "fix it"
    assert subject_key("Re[2]: Fix it") == subject_key("*EXTERN* Re: Fix it") == "fix it"
    assert len(subject_key("x" * 5000)) == 200


@pytest.mark.parametrize(
    "subject", ["Rings (was: Gaskets)", "Re: Rings (was Re: Gaskets)", "AW: Ringe (war: [wells] Gaskets)"]
)
def test_a_subject_may_tell_what_it_was(subject: str) -> None:
    assert can_be_lost(subject)
    assert found(lost(subject), kin(1)) == 1
    assert found(lost(subject, to=LIST, text=f"> {SHORT}"), kin(1)) is None
    assert found(replace(lost(subject, text="Same here."), quotes=False), kin(1)) is None


def test_an_answer_to_a_mail_without_a_subject_is_found() -> None:
    assert found(lost("Re:"), kin(1, "")) == 1
    assert found(lost("Re: Gaskets"), kin(1, "")) is None


def test_a_part_without_headers_goes_to_its_own_cover() -> None:
    cover = kin(1, "[PATCH v2 0/3] Pumps", "bo@birch.example")
    other = kin(2, "[PATCH v2 0/3] Valves", "ana@acme.example")
    assert found(lost("[PATCH v2 2/3] Fix it", 0.1), cover, other) == 1
    assert found(lost("[PATCH v2 2/3] Fix it", 1), cover, other) is None
    assert found(lost("[PATCH v3 2/3] Fix it", 0.1), cover, other) is None
    assert found(lost("[PATCH v2 2/4] Fix it", 0.1), cover, other) is None
    assert found(lost("[PATCH v2 0/3] Pumps", 0.1), cover, other) is None
    assert found(lost("[PATCH v2 2/3] Fix it", -0.1), cover, other) is None  # before its cover


def test_a_part_goes_to_other_parts_only_where_they_are_together_and_lack_it() -> None:
    first, second = kin(1, "[1/4 pumps] One", BO), kin(2, "[2/4 pumps] Two", BO)
    together = replace(second, thread=first.thread)
    assert found(lost("[3/4 pumps] Three", 0.1), first, second) is None
    assert found(lost("[3/4 pumps] Three", 0.1), first, together) == 1
    assert found(lost("[2/4 pumps] Two", 0.1), first, together) is None
    sent_again = [kin(3, "[0/4 pumps] All", BO, 0.05), replace(kin(4, "[3/4 pumps] Three", BO, 0.05), thread=30)]
    assert found(lost("[3/4 pumps] Three", 0.1), first, together, *sent_again) == 1
    assert found(lost("[2/4 pumps] Two", 0.1), first, together, *sent_again) == 3


def test_quotes_are_spoken_and_footers_are_not() -> None:
    assert spoken("new", [("quote", "old"), ("footer", "list"), ("signature", "me"), ("forward", "theirs")]) == (
        "new\nold\ntheirs"
    )


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("[PATCH v2 2/5] Fix", Part("patch v2", 2, 5)),
        ("[1/3] Diary", Part("", 1, 3)),
        ("[PATCH 5/9 pumps,v2] Fix", Part("patch pumps,v2", 5, 9)),
        ("[1/2/2026] Minutes", None),
        ("[3/2] Odd", None),
        ("[1/1] Alone", None),
        ("[2024/12345] Budget", None),
        ("Budget [1/3]", None),
        ("", None),
    ],
)
def test_parts(subject: str, expected: Part | None) -> None:
    assert part(subject) == expected


def test_only_replies_and_later_parts_can_be_lost() -> None:
    assert [can_be_lost(each) for each in ("Re: a", "[2/3] a", "[0/3] a", "a", "Fwd: a")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_rows_of_words_have_a_bound() -> None:
    assert len(rows("word " * 100_000)) == 1
    assert rows("too few words here") == frozenset()
