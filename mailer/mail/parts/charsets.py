"""Octets to text, whatever their label says.

Only listed charsets are ever used: no utf-7, no codec that transforms (rot13, zlib, idna), utf-16 and utf-32 only with
a byte order mark. A label that cannot be true is not believed. Called wherever a mail's octets become text.
"""

import codecs
import re
from functools import lru_cache
from typing import Final

from mailer.mail.parts import scripts

# Labels as they are written, folded to letters and digits, on the left; the codec that reads them on the right. Where a
# newer charset holds an older one whole, the newer is used, as every mail program and browser does (WHATWG Encoding).
_FAMILIES: Final = {
    "ascii": "ascii usascii ansix341968 iso646us 646 us 7bit 8bit unknown unknown8bit xunknown default none utf7"
    " unicode11utf7 xuserdefined binary charset ansi string",
    "utf-8": "utf8 unicode11utf8 utf8mb4 cp65001 65001 utf unicode xunicode20utf8 utf8sig",
    "cp1252": "iso88591 latin1 l1 cp819 ibm819 8859 88591 iso8859 iso885911987 isolatin1 windows1252 cp1252 xcp1252"
    " win1252 1252 iso1 windowslatin1 en",
    "cp1250": "windows1250 cp1250 xcp1250 win1250",
    "cp1251": "windows1251 cp1251 xcp1251 win1251 win",
    "cp1253": "windows1253 cp1253",
    "cp1254": "windows1254 cp1254 iso88599 latin5 l5 isolatin5 iso885991989",
    "cp1255": "windows1255 cp1255",
    "cp1256": "windows1256 cp1256",
    "cp1257": "windows1257 cp1257",
    "cp1258": "windows1258 cp1258",
    "cp874": "windows874 cp874 tis620 iso885911 dos874",
    "iso8859-2": "iso88592 latin2 l2 isolatin2 iso885921987",
    "iso8859-3": "iso88593 latin3",
    "iso8859-4": "iso88594 latin4",
    "iso8859-5": "iso88595 cyrillic",
    "iso8859-6": "iso88596 arabic iso88596i iso88596e",
    "iso8859-7": "iso88597 greek",
    "iso8859-8": "iso88598 hebrew iso88598i iso88598e logical visual",
    "iso8859-10": "iso885910 latin6",
    "iso8859-13": "iso885913",
    "iso8859-14": "iso885914 latin8",
    "iso8859-15": "iso885915 latin9 latin0 l9",
    "iso8859-16": "iso885916 latin10",
    "koi8-r": "koi8r koi8 koi cskoi8r",
    "koi8-u": "koi8u koi8ru",
    "cp866": "cp866 ibm866 866 dos866",
    "cp437": "cp437 ibm437 437",
    "cp850": "cp850 ibm850 850",
    "cp852": "cp852 ibm852 852",
    "mac_roman": "macroman macintosh xmacroman mac",
    "mac_cyrillic": "maccyrillic xmaccyrillic xmacukrainian",
    "mac_latin2": "macce xmacce maccentraleurope",
    "cp932": "shiftjis sjis xsjis mskanji windows31j cp932 ms932 csshiftjis cswindows31j",
    "euc_jis_2004": "eucjp xeucjp eucjis2004 xeuc",
    "iso2022_jp_ext": "iso2022jp csiso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jpms iso2022jpext cp50220 cp50221",
    "gb18030": "gb2312 gbk gb18030 gb gb231280 cngb csgb2312 eucgb euccn cp936 ms936 windows936 xgbk chinese",
    "hz": "hzgb2312 hz",
    "big5hkscs": "big5 big5hkscs xxbig5 cnbig5 csbig5 big5eten cp950 windows950",
    "cp949": "euckr ksc56011987 ksc5601 ksc56011989 korean cseuckr windows949 cp949 uhc ksx1001 isoir149",
    "iso2022_kr": "iso2022kr csiso2022kr",
    "johab": "johab cp1361",
    "utf-16": "utf16 utf16le utf16be ucs2 iso10646ucs2 unicodefeff",
    "utf-32": "utf32 utf32le utf32be ucs4 iso10646ucs4",
}
_CODECS: Final = {label: codec for codec, labels in _FAMILIES.items() for label in labels.split()}
_STATEFUL: Final = frozenset({"iso2022_jp_ext", "iso2022_kr", "hz"})  # seven-bit octets that are not ASCII
# Claimed for anything at all: what reads as UTF-8 without an error is UTF-8, whatever these claim. Text of any other
# charset can look like UTF-8 by chance only where it is very short.
_CLAIMED_FREELY: Final = frozenset({"ascii", "cp1252", "iso8859-15", "iso8859-2", "cp1250"})
_GUESSED: Final = frozenset({"ascii", "cp1252"})  # Western text and no text at all: where it cannot be, look closer
_SHORT: Final = 4  # letters above 127
_UNICODE: Final = frozenset({"utf-8", "utf-16", "utf-32"})
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# An octet that fits no charset is read as Windows-1252; the five it leaves open become U+FFFD.
_ESCAPED: Final = {0xDC00 + octet: bytes([octet]).decode("cp1252", "replace") for octet in range(0x80, 0x100)}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# C0 but tab and newline, DEL, C1 but NEL; NEL, line and paragraph separator are newlines.
_UNWANTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_NEWLINES: Final = re.compile("\r\n?|[\x0c\x85\u2028\u2029]")
_FOLDED: Final = re.compile(r"[^a-z0-9]+")
_JAPANESE: Final = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b$(D")


@lru_cache(maxsize=1024)
def codec(label: str) -> str:
    """The codec for a charset label in any spelling, or "" for one that is not on the list."""
    folded = _FOLDED.sub("", label[:60].lower())
    return _CODECS.get(folded) or _CODECS.get(folded.removeprefix("cs").removeprefix("x"), "")


def decode(data: bytes, label: str = "") -> str:
    """`data` as text, never failing; newlines and controls are left as they come. No lone surrogates remain."""
    name = codec(label) or "ascii"
    if data.isascii() and name not in _STATEFUL:
        if b"\x1b" not in data or not any(mark in data for mark in _JAPANESE):
            return data.decode("ascii")
        name = "iso2022_jp_ext"
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return _strict(data, marked) or _mixed(data[len(mark) :])
    if name in _STATEFUL and not data.isascii() and b"\x1b" not in data:
        name = "ascii"  # octets above 127 and nothing to shift by: another charset of the same script
    if name in _STATEFUL:
        return _strict(data, name) or _lossy(data, name)
    utf8 = _strict(data, "utf-8")
    if utf8 and (
        name in _CLAIMED_FREELY or name in _UNICODE or len(utf8.encode("ascii", "ignore")) + _SHORT <= len(utf8)
    ):
        return utf8
    if name in _GUESSED and (guessed := scripts.guess(data)):
        return _strict(data, guessed) or _lossy(data, guessed)
    if name == "ascii" or name in _UNICODE:  # UTF-16 without a mark: the order of octets would be a guess
        return _mixed(data)
    return _strict(data, name) or utf8 or _lossy(data, name)


def _strict(data: bytes, name: str) -> str:
    try:
        text = data.decode(name)
    except (UnicodeError, ValueError):
        return ""
    return "" if _SURROGATE.search(text) else text.removeprefix("\ufeff")


def _mixed(data: bytes) -> str:
    """UTF-8 with stray octets of another charset in it: what is UTF-8 is kept, the rest read as Windows-1252."""
    return data.decode("utf-8", "surrogateescape").translate(_ESCAPED)


def _lossy(data: bytes, name: str) -> str:
    """The declared charset with U+FFFD for what it does not have."""
    if name == "iso2022_jp_ext":
        return _japanese(data)
    try:
        return _SURROGATE.sub("\ufffd", data.decode(name, "replace"))
    except (UnicodeError, ValueError):
        return _mixed(data)


def _japanese(data: bytes) -> str:
    """ISO-2022-JP with the makers' letters that everyone sends in it (circled digits, 髙), by way of Shift_JIS."""
    pieces = data.split(b"\x1b")
    read = [pieces[0].decode("ascii", "replace")]
    for piece in pieces[1:]:
        if piece.startswith((b"$B", b"$@")):
            whole = piece[2 : len(piece) - len(piece) % 2]
            read.append(b"".join(map(_shifted, whole[::2], whole[1::2])).decode("cp932", "replace"))
        elif piece.startswith(b"(I"):
            read.append(bytes(octet | 0x80 for octet in piece[2:]).decode("cp932", "replace"))
        else:
            read.append(piece[2:].decode("ascii", "replace"))
    return "".join(read)


def _shifted(row: int, cell: int) -> bytes:
    """A letter of JIS X 0208 as Shift_JIS; what can be none (after a lost escape) is dropped."""
    if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
        return b""
    second = cell + (0x7E if row % 2 == 0 else 0x1F if cell < 0x60 else 0x20)
    return bytes(((row + 1) // 2 + (0x70 if row < 0x5F else 0xB0), second))


def lines_clean(text: str) -> str:
    """Text of a body: newlines are "\\n", no control characters but tab; direction marks and joiners stay."""
    if "\r" in text or "\x0c" in text or not text.isascii():
        text = _NEWLINES.sub("\n", text)
    return _UNWANTED.sub("", text) if _UNWANTED.search(text) else text


def line_clean(text: str) -> str:
    """Text of one line, as in a header: control characters and every kind of newline become one space, ends cut."""
    if not text.isprintable():
        text = _UNWANTED.sub("", _NEWLINES.sub(" ", text).replace("\n", " ").replace("\t", " "))
    return text.strip()
