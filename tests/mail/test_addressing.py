"""Plain addresses only, one spelling each; and what our own local parts mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.errors import Malformed
from mailer.mail.addressing import VERBS, Local, address, domain, join, lower, split, with_token

HERE = {"wells", "wells-deep", "wells-join", "r"}

PLAIN = {
    "ann@far.example": "ann@far.example",
    "Ann.B@FAR.Example": "ann.b@far.example",
    "a+b=c@far.example": "a+b=c@far.example",
    "o'neil@far.example": "o'neil@far.example",
    "ann@localhost": "ann@localhost",
    "ann@例え.example": "ann@xn--r8jz45g.example",
    "ann@Bücher.example": "ann@xn--bcher-kva.example",
    "ann@xn--bcher-kva.example": "ann@xn--bcher-kva.example",
    f"{'a' * 64}@x.example": f"{'a' * 64}@x.example",
}


@pytest.mark.parametrize(("text", "expected"), PLAIN.items())
def test_plain_addresses_have_one_spelling(text: str, expected: str) -> None:
    assert address(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "ann", "ann@", "@far.example", "ann@@far.example", "a@b@c.example", "<ann@far.example>",
        " ann@far.example", "ann@far.example ", "ann @far.example", "ann@far.example\n", "ann\r\n@far.example",
        "ann\x00@far.example",
        '"ann"@far.example', '"a b"@far.example', "ann%far.example@relay.example", "far!ann@relay.example",
        "@relay.example:ann@far.example", "ann@[192.0.2.1]", "ann@192.0.2.1", "ann@far..example", "ann@.example",
        "ann@far.example.", ".ann@far.example", "ann.@far.example", "a..b@far.example", "ann@-far.example",
        "ann@far-.example", "ann@far_x.example", "ann(c)@far.example", "ann@far.example(c)", "ann;b@far.example",
        "ann,b@far.example", "ann\\@far.example", "ann@far.example,ben@far.example", "é@far.example",
        f"{'a' * 65}@far.example", f"ann@{'a' * 64}.example", "ann@" + "a." * 130 + "example",
        "a" * 10**6 + "@x.example",
        "ann@ｆar.example", "ann@\u212aelvin.example", "ann@ſar.example", "ann@far\u3002example",
        "ann@fa\u200dr.example",
        "ann@fa\u202er.example", "\ud800@far.example", "ann@\ud800.example",
    ],
)  # fmt: skip
def test_everything_else_is_refused(text: str) -> None:
    assert address(text) is None


def test_utf8_local_parts_only_where_allowed() -> None:
    shown = [address(text, utf8=True) for text in ("José@far.example", "Jose\u0301@far.example", "李@far.example")]
    assert shown == ["josé@far.example", "josé@far.example", "李@far.example"]


@pytest.mark.parametrize(
    "text",
    ["a\u200bb@x.example", "a\u202eb@x.example", "a\u00a0b@x.example", "a\u0085b@x.example", "é" * 40 + "@x.example"],
)
def test_utf8_local_parts_hide_nothing(text: str) -> None:
    assert address(text, utf8=True) is None


def test_only_ascii_letters_fold() -> None:
    assert lower("AZ\u212aſİ") == "az\u212aſİ"


@given(st.text(max_size=80), st.booleans())
def test_an_address_is_its_own_spelling(text: str, utf8: bool) -> None:
    found = address(text, utf8=utf8)
    assert found is None or address(found, utf8=utf8) == found


@given(st.text(max_size=40))
def test_a_domain_is_its_own_spelling(text: str) -> None:
    found = domain(text)
    assert found is None or (domain(found), found.isascii()) == (found, True)


OURS = {
    "wells": ("wells", "", ""),
    "WELLS": ("wells", "", ""),
    "wells-find": ("wells", "find", ""),
    "wells-join": ("wells-join", "", ""),
    "wells-join-join": ("wells-join", "join", ""),
    "wells-deep-leave": ("wells-deep", "leave", ""),
    "wells-subscribe": ("wells", "join", ""),
    "wells-unsubscribe": ("wells", "leave", ""),
    "wells-request": ("wells", "help", ""),
    "wells-owner": ("wells", "team", ""),
    "wells+me": ("wells", "me", ""),
    "wells-b-abc23": ("wells", "bounces", "abc23"),
    "wells-bounces-abc23": ("wells", "bounces", "abc23"),
    "wells+b+abc23": ("wells", "bounces", "abc23"),
    "wells-b+abc23": ("wells", "bounces", "abc23"),
    "wells-r-abc23": ("wells", "r", "abc23"),
    "wells-leave-abc23": ("wells", "leave", "abc23"),
    "r": ("r", "", ""),
    "r-r-abc": ("r", "r", "abc"),
    "r-abc": None,
    "wells-": None,
    "wells-r": None,
    "wells-r-": None,
    "wells-r-a-b": None,
    "wells-r-a.b": None,
    "wells-nonsense": None,
    "wells-deep-nonsense": None,
    "-join": None,
    "other-join": None,
    "": None,
    "wellsjoin": None,
    "wells-jo\u0131n": None,
    "wells-\u212a": None,
    "-" * 64: None,
    "wells-r-" + "a" * 57: None,
}


@pytest.mark.parametrize(("local", "expected"), OURS.items())
def test_our_own_local_parts(local: str, expected: tuple[str, str, str] | None) -> None:
    assert split(local, HERE) == (expected and Local(*expected))


def test_a_longer_name_that_makes_no_sense_leaves_it_to_the_shorter() -> None:
    assert split("wells-r-abc", {"wells", "wells-r"}) == Local("wells", "r", "abc")


@pytest.mark.parametrize("delimiter", ["-", "+", ".", "_", "="])
@pytest.mark.parametrize("verb", sorted({"", *VERBS.values()}))
def test_what_is_joined_is_split(verb: str, delimiter: str) -> None:
    token = "abc23" if verb else ""
    local, _, host = join("wells", verb, token, "Cop.example", delimiter).partition("@")
    assert (split(local, HERE, delimiter), host) == (Local("wells", verb, token), "cop.example")


def test_the_longest_token_leaves_room_for_a_name_of_twenty_letters() -> None:
    assert len(join("a" * 20, "bounces", "b" * 40, "cop.example").partition("@")[0]) == 63


@pytest.mark.parametrize(
    ("community", "host"),
    [("a" * 40, "cop.example"), ("we lls", "cop.example"), ("wells", "cop example"), ("wells", "")],
)
def test_what_would_be_no_address_is_not_composed(community: str, host: str) -> None:
    with pytest.raises(Malformed):
        join(community, "r", "b" * 40, host)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("wells-r-k7q", True),
        ("WELLS+Bounces+k7q", True),
        ("deep-wells-leave-k7q", True),
        ("nobody-b-", False),
        ("wells", False),
        ("wells-join", False),
        ("join-wells", False),
        ("r-k7q", False),
    ],
)
def test_what_carries_a_token_shows(local: str, expected: bool) -> None:
    assert with_token(local) is expected
