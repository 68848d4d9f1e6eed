"""winmail.dat is opened where its reader is installed, and stays closed where it is broken."""

import base64

import pytest

from mailer.mail.parse import parse

pytest.importorskip("tnefparse", reason="the extra `tnef` is not installed")

HEAD = b"\x78\x9f\x3e\x22\x01\x00"


def attribute(level: int, name: int, data: bytes) -> bytes:
    checksum = (sum(data) & 0xFFFF).to_bytes(2, "little")
    return bytes([level]) + name.to_bytes(4, "little") + len(data).to_bytes(4, "little") + data + checksum


def attached(name: str, content: bytes) -> bytes:
    return (
        attribute(2, 0x00069002, b"\x01\x00" + b"\xff" * 4 + b"\x00" * 8)
        + attribute(2, 0x00018010, name.encode() + b"\0")
        + attribute(2, 0x0006800F, content)
    )


def mail(box: bytes, text: str = "see the file") -> bytes:
    return (
        f"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n{text}\n--b\n"
        'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64\n\n'
        f"{base64.encodebytes(box).decode()}\n--b--\n"
    ).encode()


BOX = HEAD + attribute(1, 0x00089006, (0x10000).to_bytes(4, "little"))


def test_its_files_are_files_of_the_mail() -> None:
    found = parse(mail(BOX + attached("a.txt", b"one") + attached("../b.pdf", b"%PDF")))
    assert [(each.name, each.content) for each in found.attachments] == [("a.txt", b"one"), ("b.pdf", b"%PDF")]
    assert found.text == "see the file"


def test_its_text_stands_in_where_there_is_no_other() -> None:
    box = BOX + attribute(1, 0x0002800C, b"words in the box")
    assert parse(mail(box, "")).text == "words in the box"
    assert parse(mail(box, "words outside")).text == "words outside"


@pytest.mark.parametrize(
    "box",
    [
        b"",
        HEAD[:4] + b"\xff" * 200,
        HEAD + attribute(2, 0x00018010, b"x" * 50)[:-20],
        HEAD + attribute(1, 0x00089006, b"\xff" * 4) + b"\x01" * 50,
        HEAD + attribute(1, 1, b"") * 60_000,
        b"PK\x03\x04" + b"\0" * 100,
    ],
)
def test_a_broken_one_stays_closed(box: bytes) -> None:
    assert [each.name for each in parse(mail(box)).attachments] in (["winmail.dat"], [])
