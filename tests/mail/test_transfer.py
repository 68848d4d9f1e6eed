"""Content-transfer-encodings are undone, also where they are broken."""

import binascii

import pytest

from mailer.mail.parts.transfer import base64, decoded, quoted_printable, uuencoded


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"aGVsbG8=", b"hello"),
        (b"aGVs\r\nbG8", b"hello"),
        (b"aGVsbG8=d29ybGQ=", b"helloworld"),
        (b"aGVs!*bG8=", b"hello"),
        (b"aGVsbG8=\n\n--\nSent by a list of words\n", b"hello"),
        (b"aGVsb", b"hel"),
        (b"====", b""),
        (b"", b""),
    ],
)
def test_base64(written: bytes, meant: bytes) -> None:
    assert base64(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"Hello all,\nthis was never encoded.\nBo\n", b"Hello all,\nthis was never encoded.\nBo\n"),
        (b"aGVsbG8K\r\n_____\r\nwells mailing list\r\nwells@e.example\r\n",
         b"hello\n\n_____\r\nwells mailing list\r\nwells@e.example\r\n"),
        (b"aGVsbG8=\n\n--\nSent by a list of words\n", b"hello\n--\nSent by a list of words\n"),
        (b"aABlAGwAbABvAA==\n--\nSent by a list of words\n", b"h\0e\0l\0l\0o\0"),  # another charset than the footer's
        (b"aGVs\r\nbG8", b"hello"),
        (b"aGVs !*bG8=", b"hello"),
        (b"", b""),
    ],
)  # fmt: skip
def test_words_beside_base64_stay_words(written: bytes, meant: bytes) -> None:
    assert decoded(written, "base64", text=True) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"caf=C3=A9", "café".encode()),
        (b"caf=c3=a9", "café".encode()),
        (b"one =\r\ntwo", b"one two"),
        (b"one =  \ntwo", b"one two"),
        (b"one =\rtwo", b"one two"),
        (b"50 =% of =XY", b"50 =% of =XY"),
        (b"-- \nJane", b"-- \nJane"),
        (b"ends with =", b"ends with "),
    ],
)
def test_quoted_printable(written: bytes, meant: bytes) -> None:
    assert quoted_printable(written) == meant


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "binary", "", "plain", "x-unknown", "7-bit"])
def test_what_is_not_encoded_stays(encoding: str) -> None:
    assert decoded(b"a=41 YQ==", encoding) == b"a=41 YQ=="


def _encoded(name: bytes, content: bytes) -> bytes:
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    return b"begin 644 " + name + b"\n" + b"".join(lines) + b"`\nend\n"


def test_files_in_a_text_are_found() -> None:
    one, two = bytes(range(200)), b"second"
    text = b"see below\n" + _encoded(b"a b.bin", one) + b"and\n" + _encoded(b"two.txt", two) + b"bye\n"
    found = uuencoded(text)
    assert [(name, content) for name, content, _, _ in found] == [("a b.bin", one), ("two.txt", two)]
    assert text[: found[0][2]] == b"see below\n"
    assert text[found[1][3] :] == b"bye\n"
    assert decoded(text, "x-uuencode") == one


@pytest.mark.parametrize("text", [b"begin 644 x\nnever ends", b"begin with this\nend\n", b"begin 644 x\nend\n"])
def test_words_are_no_file(text: bytes) -> None:
    assert uuencoded(text) == []
