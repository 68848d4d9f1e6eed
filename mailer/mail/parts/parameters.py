"""Content-Type and Content-Disposition: a value and its parameters (RFC 2045 §5, RFC 2183, RFC 2231), however broken.

Called by the reading of parts. One pass; at most a hundred parameters.
"""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from mailer.mail.parts import charsets, headers

LIMIT: Final = 100

_TYPE: Final = re.compile(r"[\w!#$&^.+*'`|~%-]{1,100}/[\w!#$&^.+*'`|~%-]{1,100}", re.ASCII)
_NAME: Final = re.compile(r"[\s;]*([^\s=;\"]{1,100})\s*")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"?')
_ESCAPE: Final = re.compile(r"\\(.)")
_PIECE: Final = re.compile(r"([^*]+)(?:\*([0-9]{1,4}))?(\*)?")
_SECTIONS_LIMIT: Final = 1_000

Parameters = dict[str, str]


def value_of(raw: bytes) -> tuple[str, Parameters]:
    """The lower-case value before the first ";" and the parameters behind it, names in lower case."""
    text = charsets.line_clean(charsets.decode(raw))
    head, _, tail = text.partition(";")
    if "=" in head and "/" not in head:  # the value is missing altogether
        head, tail = "", text
    return _uncommented(head).strip().strip('"').lower(), parameters(tail)


def media_type(value: str, default: str = "text/plain") -> str:
    """`value` where it is type/subtype, else what it can only mean: "text" and "multipart" alone are known."""
    found = _TYPE.search(value)
    if found:
        return found[0]
    return {"text": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}.get(value, default)


def _uncommented(text: str) -> str:
    return text.partition("(")[0] if "(" in text else text


def parameters(text: str) -> Parameters:
    """The parameters in `text`, continuations joined, charsets decoded; of two with one name the first counts."""
    plain: Parameters = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in _pairs(text):
        found = _PIECE.fullmatch(name)
        if found is None:
            continue
        if found[2] is None and found[3] is None:
            plain.setdefault(name, _encoded_words(value))
        else:
            pieces.setdefault(found[1], {}).setdefault(int(found[2] or 0), (value, bool(found[3])))
    return plain | {name: _joined(sections) for name, sections in pieces.items()}


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    at = 0
    while len(pairs) < _SECTIONS_LIMIT and (found := _NAME.match(text, at)):
        at = found.end()
        name = found[1].lower()
        if text[at : at + 1] != "=":
            continue
        value, at = _value(text, at + 1)
        pairs.append((name, value))
    return pairs


def _value(text: str, at: int) -> tuple[str, int]:
    """The value that begins at `at`, and where the next parameter may begin. Unquoted values may hold spaces."""
    while text[at : at + 1] == " ":
        at += 1
    if text[at : at + 1] == '"' and (quoted := _QUOTED.match(text, at)):
        value = _ESCAPE.sub(r"\1", quoted[1]) if "\\" in quoted[1] else quoted[1]
        return value, quoted.end()
    end = text.find(";", at)
    end = len(text) if end < 0 else end
    return text[at:end].strip().strip('"'), end


def _encoded_words(value: str) -> str:
    """RFC 2047 words in a parameter are forbidden and common."""
    return charsets.line_clean(headers.words(value)) if "=?" in value else value


def _joined(sections: dict[int, tuple[str, bool]]) -> str:
    """The sections of RFC 2231 in the order of their numbers; the charset stands in the first."""
    charset = ""
    data: list[bytes] = []
    for place, number in enumerate(sorted(sections)):
        value, extended = sections[number]
        if extended and place == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        data.append(unquote_to_bytes(value) if extended else value.encode())
    return charsets.line_clean(_encoded_words(charsets.decode(b"".join(data), charset)))
