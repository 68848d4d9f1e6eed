"""Header fields, written: text is cleaned of controls, encoded (RFC 2047, RFC 2231) and folded.

The library's own writer lets an encoded Subject add a Bcc line (CVE-2024-6923) and drops the quotes of names it folds,
so no header of ours goes through it. Refuses (Malformed) what is no plain address, no id, no plain token.
Called by compose, and by outbound for each recipient's own fields.
"""

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Sequence

from mailer.errors import Malformed
from mailer.mail.addressing import address
from mailer.mail.message import Mailbox

LINE = 78  # characters of a line we fold at: RFC 5322 §2.1.1
WORD_LINE = 76  # of a line that holds an encoded word: RFC 2047 §2
WORD = 75  # of an encoded word: RFC 2047 §2
TEXT = 500  # characters of a subject or a name; longer ones are cut
ID_OCTETS = 900  # a Message-ID must fit on one line of 998

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # would turn the rest of the line around
_GAPS = frozenset({"Cc", "Zl", "Zp"})
_SURROGATE = "Cs"
_PLAIN = re.compile(r"[ -~]*")
_PHRASE = re.compile(r"[A-Za-z0-9 !#$%&'*+/?^_`{|}~-]+")
_MISREAD = str.maketrans('<>"\\', "    ")  # in a name: some readers decode first and look for addresses then
_ID = re.compile(r"[!-;=?-~]+")
_FILENAME = re.compile(r"[A-Za-z0-9._ -]+")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_RECIPIENTS = ("To", "Cc")  # whoever they name has the envelope for it; From and Reply-To must work as they stand
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")  # RFC 2047 §5 (3)
_2231_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_")


def clean(text: str, most: int = TEXT) -> str:
    """One line without controls, surrogates and turned directions; white space collapsed, at most `most` characters."""
    kept = []
    for char in text[: 4 * most]:
        kind = "" if char.isascii() and char.isprintable() else unicodedata.category(char)
        if kind in _GAPS:
            kept.append(" ")
        elif kind == _SURROGATE:
            kept.append("\ufffd")
        elif char not in _BIDI:
            kept.append(char)
    return " ".join("".join(kept).split())[:most].rstrip()


def text(name: str, value: str) -> str:
    """An unstructured field: Subject and the like."""
    value = clean(value)
    room = LINE - len(name) - 2
    if _plain(value) and all(len(word) <= room for word in value.split(" ")):
        return _fold(name, value.split(" "))
    return _fold(name, encoded_words(value, WORD_LINE - len(name) - 2))


def mailboxes(name: str, found: Sequence[Mailbox]) -> str:
    """An address field. Raises Malformed for an address that is more, or less, than `local@domain`."""
    words: list[str] = []
    for place, mailbox in enumerate(found, 1):
        comma = "," if place < len(found) else ""
        shown = _shown(mailbox, len(name) + 2, utf8=name in _RECIPIENTS)
        words += [*shown[:-1], shown[-1] + comma]
    return _fold(name, words)


def _shown(mailbox: Mailbox, used: int, utf8: bool) -> list[str]:
    """`Name <address>`; an address beyond ASCII fits no header of seven bits: a group of nobody (RFC 6858 §3.1.1)."""
    known = _strict(mailbox.address, utf8)
    if known.isascii():
        return [*_display(mailbox.name, used), f"<{known}>"]
    return [*_display(mailbox.name or known, used), ":;"]


def ids(name: str, found: Iterable[str]) -> str:
    """A field of message ids, given without angle brackets; what is no id is left out. Empty when none is left."""
    words = [f"<{id}>" for id in found if is_id(id)]
    return _fold(name, words) if words else ""


def is_id(id: str) -> bool:
    return len(id) <= ID_OCTETS and bool(_ID.fullmatch(id))


def tokens(name: str, value: str) -> str:
    """A structured field of printable ASCII, folded at its spaces: List-Post, Precedence. Raises Malformed."""
    if not value.strip() or not _PLAIN.fullmatch(value) or "=?" in value:
        raise Malformed(f"{name} holds more than plain ASCII")
    return _fold(name, value.split())


def list_id(value: str) -> str:
    """List-Id (RFC 2919): a phrase in any script and `<id>`. Raises Malformed."""
    phrase, bracket, id = value.rpartition("<")
    if not bracket or not id.endswith(">") or not is_id(id[:-1]):
        raise Malformed("A List-Id ends with its id in angle brackets")
    return _fold("List-Id", [*_display(phrase, len("List-Id: ")), f"<{id}"])


def content(name: str, value: str, parameters: Sequence[tuple[str, str]] = ()) -> str:
    """A MIME field with parameters (RFC 2045), each on a line of its own where it must; values by RFC 2231."""
    pieces = [piece for key, given in parameters for piece in _parameter(key, clean(given))]
    words = [value, *pieces]
    return _fold(name, [f"{word};" for word in words[:-1]] + words[-1:])


def encoded_words(value: str, first: int = WORD) -> list[str]:
    """The value as encoded words (RFC 2047) of whole characters, Q or B, whichever is shorter."""
    octets = value.encode()
    quoted = sum(1 if octet in _Q_SAFE or octet == 0x20 else 3 for octet in octets)
    kind = "Q" if quoted <= 4 * len(octets) / 3 else "B"
    words, piece, room = [], b"", min(first, WORD)
    for char in value:
        longer = piece + char.encode()
        if piece and len(_word(kind, longer)) > room:
            words.append(_word(kind, piece))
            longer, room = char.encode(), WORD
        piece = longer
    return [*words, _word(kind, piece)] if piece else words


def _word(kind: str, octets: bytes) -> str:
    if kind == "B":
        return f"=?utf-8?B?{b64encode(octets).decode()}?="
    letters = (chr(o) if o in _Q_SAFE else "_" if o == 0x20 else f"={o:02X}" for o in octets)
    return f"=?utf-8?Q?{''.join(letters)}?="


def _plain(value: str) -> bool:
    return bool(_PLAIN.fullmatch(value)) and "=?" not in value


def _display(name: str, used: int) -> list[str]:
    """A display name as words of a line: bare, quoted or encoded; quotes and brackets in it become spaces."""
    name = clean(name.translate(_MISREAD))
    if not name:
        return []
    if _plain(name) and len(name) <= LINE - used - 2:
        return [name] if _PHRASE.fullmatch(name) else [f'"{name}"']
    return encoded_words(name, WORD_LINE - used)


def _strict(given: str, utf8: bool) -> str:
    found = address(given, utf8=utf8)
    if found is None:
        raise Malformed("That is no address mail can be sent to")
    return found


def _parameter(key: str, value: str) -> list[str]:
    if _FILENAME.fullmatch(value) and len(value) <= 60:
        return [f'{key}="{value}"']
    escaped = [chr(o) if o in _2231_SAFE else f"%{o:02X}" for o in value.encode()]
    pieces, piece = [], "utf-8''"
    for letter in escaped:
        if len(piece) + len(letter) > 55:
            pieces.append(piece)
            piece = ""
        piece += letter
    pieces.append(piece)
    if len(pieces) == 1:
        return [f"{key}*={pieces[0]}"]
    return [f"{key}*{place}*={piece}" for place, piece in enumerate(pieces)]


def _fold(name: str, words: Sequence[str]) -> str:
    """`Name: words`, CRLF at the end; no line over 78 unless one word is longer than that."""
    if not _NAME.fullmatch(name):
        raise Malformed("That is no name of a header field")
    lines, line = [], f"{name}:"
    for place, word in enumerate(words):
        if place and len(line) + 1 + len(word) > LINE:
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line]) + "\r\n"
