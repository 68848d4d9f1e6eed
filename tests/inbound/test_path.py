import pytest

from mailer.inbound.path import Path, read


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        (b"FROM:<a@b.example>", Path("a@b.example", {})),
        (b"from: <a@b.example> ", Path("a@b.example", {})),
        (b"FROM:<>", Path("", {})),
        (b"FROM:<a@b.example> SIZE=10 body=8BITMIME", Path("a@b.example", {"SIZE": "10", "BODY": "8BITMIME"})),
        (b"FROM:<a@b.example>  AUTH=<> RET=HDRS", Path("a@b.example", {"AUTH": "<>", "RET": "HDRS"})),
        (b"FROM:<a@b.example> AUTH=a=b", Path("a@b.example", {"AUTH": "a=b"})),
        ("FROM:<é@b.example> SMTPUTF8".encode(), Path("é@b.example", {"SMTPUTF8": ""})),
        (b"FROM:a@b.example", None),
        (b"FROM:<a@b.example", None),
        (b"FROM:<", None),
        (b"FROM:", None),
        (b"", None),
        (b"TO:<a@b.example>", None),
        (b"FROM:<a b@b.example>", None),
        (b"FROM:<a\0@b.example>", None),
        (b"FROM:<a@b.example><c@d.example>", None),
        (b"FROM:<a@b.example>SIZE=1", None),
        (b"FROM:<a@b.example> SIZE=", None),
        (b"FROM:<a@b.example> =1", None),
        (b"FROM:<<a@b.example>>", None),
        (b"FROM:<\xff@b.example>", None),
    ],
)
def test_what_stands_behind_mail(argument: bytes, expected: Path | None) -> None:
    assert read(b"FROM", argument) == expected
