import pytest

from mailer.inbound.hops import looping


def received(count: int) -> bytes:
    return b"Received: from a by b; Tue, 3 Mar 2026 09:00:00 +0000\r\n" * count


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (received(25) + b"\r\nhello\r\n", False),
        (received(26) + b"\r\nhello\r\n", True),
        (received(26).lower() + b"\r\nhello\r\n", True),
        (b"Subject: x\r\n\r\n" + received(40), False),
        (received(40), True),
        (b"X-Received: a\r\n" * 40 + b"\r\n", False),
        (b"", False),
        (b"List-Id: Wells <wells.cop.example>\r\n\r\n", True),
        (b"List-ID: <WELLS.COP.EXAMPLE>\r\n\r\n", True),
        (b"List-Id: cop.example\r\n\r\n", True),
        (b"List-Id: A <b> long one\r\n\t<wells.cop.example>\r\n\r\n", True),
        (b"List-Id:\r\n wells.cop.example\r\n\r\n", True),
        (b"List-Id: <pumps.lists.example>\r\n\r\n", False),
        (b"List-Id: <wells.mycop.example>\r\n\r\n", False),
        (b"List-Id: wells.cop.example <pumps.lists.example>\r\n\r\n", False),
        (b"X-List-Id: <wells.cop.example>\r\n\r\n", False),
        (b"Subject: x\r\n\r\nList-Id: <wells.cop.example>\r\n", False),
        (b"Subject: List-Id: <wells.cop.example>\r\n\r\n", False),
    ],
)
def test_a_mail_that_was_here_before(mail: bytes, expected: bool) -> None:
    assert looping(mail, "cop.example") is expected
