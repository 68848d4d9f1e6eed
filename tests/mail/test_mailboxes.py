"""Address lists as people write them, and the one address that may be acted on."""

import pytest

from mailer.mail.parts.mailboxes import LIMIT, mailboxes, one


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("jane@example.org", [("", "jane@example.org")]),
        ("<jane@example.org>", [("", "jane@example.org")]),
        ("Jane Doe <jane@example.org>", [("Jane Doe", "jane@example.org")]),
        (
            '"Doe, Jane" <jane@example.org>, bob@example.org',
            [("Doe, Jane", "jane@example.org"), ("", "bob@example.org")],
        ),
        ("Doe, Jane <jane@example.org>", [("Doe, Jane", "jane@example.org")]),
        ("jane@example.org (Jane Doe)", [("Jane Doe", "jane@example.org")]),
        ("=?UTF-8?Q?J=C3=BCrgen?= <j@example.org>", [("Jürgen", "j@example.org")]),
        ('"=?UTF-8?Q?J=C3=BCrgen?=" <j@example.org>', [("Jürgen", "j@example.org")]),
        ("=?utf-8?q?a=40b.org=2C_?= <j@example.org>", [("a@b.org,", "j@example.org")]),
        ("山田太郎 <taro@example.jp>", [("山田太郎", "taro@example.jp")]),
        ("Team: a@x.org, B <b@x.org>;", [("", "a@x.org"), ("B", "b@x.org")]),
        ("undisclosed-recipients:;", []),
        ("a@x.org; b@x.org", [("", "a@x.org"), ("", "b@x.org")]),
        ("a@x.org b@x.org", [("", "a@x.org"), ("", "b@x.org")]),
        ('"quoted local"@example.org', [("", '"quoted local"@example.org')]),
        ("'jane@example.org' <jane@example.org>", [("jane@example.org", "jane@example.org")]),
        ("<mailto:jane@example.org>", [("", "jane@example.org")]),
        ("<@relay.org,@other.org:jane@example.org>", [("", "jane@example.org")]),
        ("Jane <<jane@example.org>>", [("Jane", "jane@example.org")]),
        ("Jane <jane@example.org", [("Jane", "jane@example.org")]),
        ("<[abc]@x>", [("", "[abc]@x")]),
        ("Pete(A nice \\) chap) <pete(his account)@silly.test>", [("Pete", "pete@silly.test")]),
        ("MAILER-DAEMON", [("", "MAILER-DAEMON")]),
        ("Mail System <>", []),
        ("", []),
        (",,;:<>(", []),
        ("jane @example.org", [("", "jane@example.org")]),
    ],
)
def test_lists(value: str, expected: list[tuple[str, str]]) -> None:
    assert [(found.name, found.address) for found in mailboxes(value)] == expected


def test_a_list_is_bounded() -> None:
    assert len(mailboxes("a@x.org," * 3000)) == LIMIT


def test_an_address_never_holds_a_control() -> None:
    assert [found.address for found in mailboxes("<a\r\nBcc: x@y.org\x00>")] == ["aBcc:x@y.org"]


@pytest.mark.parametrize(
    "value",
    [
        "jane@example.org",
        "Jane Doe <jane@example.org>",
        '"Doe, Jane" <jane@example.org>',
        "Doe, Jane <jane@example.org>",
        "jane@example.org (Jane at home)",
        "jane@example.org <jane@example.org>",
        '"someone@else.org" <jane@example.org>',
        "=?utf-8?q?x=40y.org?= <jane@example.org>",
    ],
)
def test_one_address_that_can_be_read_one_way(value: str) -> None:
    found = one(value)
    assert found is not None
    assert found.address == "jane@example.org"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Jane",
        "alice@x.org, bob@x.org",
        "alice@x(<bob@evil.org>",
        "alice@x.org <bob@evil.org>",
        "<alice@x.org> <bob@evil.org>",
        "<bob@evil.org> alice@x.org",
        "alice@x.org\x00@evil.org",
        "<alice@x.org>@evil.org",
        "Group: alice@x.org;",
        "<@evil.org:alice@x.org>",
        "alice@x.org)(",
        '"alice@x.org" bob@',
        '" <alice@x.org>',
        "<[abc]@x>",
        '"a b"@x.org',
        "alice@x@evil.org",
        "alice @x.org",
        "alice@x.org>",
        "<<alice@x.org>>",
        "älice@x.org, bob@x.org",
    ],
)
def test_what_can_be_read_in_two_ways_is_nobody(value: str) -> None:
    assert one(value) is None


def test_an_address_beyond_ascii_can_be_read_one_way() -> None:
    """RFC 6532; what may not be in one is for `addressing.address` to say."""
    found = one("José <josé@norte.example>")
    assert found is not None and found.address == "josé@norte.example"
