"""Message identifiers (RFC 5322 §3.6.4), read as people's programs write them, and made where a mail has none.

Called by the reading of mail; ids are values without angle brackets.
"""

import hashlib
import re
from typing import Final

LIMIT: Final = 50  # ids of one field; of longer chains the first is kept and the last ones, the nearest relatives
LENGTH: Final = 900  # characters of one id; longer ones are none

_BRACKETED: Final = re.compile(r"<([^<>]{1,1000})>")
_SPACES: Final = re.compile(r"\s+")


def ids(value: str) -> tuple[str, ...]:
    """The ids in a field value, in order, each once, at most fifty."""
    found = _BRACKETED.findall(value)
    if not found:
        found = [word.strip("<>\"'(),;") for word in value.split() if "@" in word]
    cleaned = (_SPACES.sub("", each) for each in found)
    unique = list(dict.fromkeys(each for each in cleaned if 0 < len(each) <= LENGTH))
    return tuple(unique if len(unique) <= LIMIT else unique[:1] + unique[1 - LIMIT :])


def own(value: str) -> str:
    """The one id of a Message-ID field, or "": the first in brackets, else the first word."""
    found = ids(value)
    if found:
        return found[0]
    words = value.strip().strip("<>").split()
    return words[0] if words and len(words[0]) <= LENGTH else ""


def made(*pieces: bytes) -> str:
    """An id for a mail without one: the same for the same pieces, whenever it is read."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(len(piece).to_bytes(8, "big") + piece)
    return f"{digest.hexdigest()[:32]}@missing.invalid"
