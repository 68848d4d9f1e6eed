"""When two pieces of text count as the same: made plain to compare, a slip apart, or the look of a name. Any script.

Refuses meaning: it knows no word of any language. Called by the grammar.
"""

import re
import unicodedata

NAME_WORDS = 4  # a longer line is a sentence
CASELESS_NAME = 20  # characters of a name in a script without capitals

APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_ASCII_GAPS = {ord(char): " " for char in map(chr, range(128)) if not (char.isalnum() or char == "'")}
_SMILEY = re.compile(r"(?<!\S)[:;=xX8]['-]?[()dDpPoO*|/\\]{1,3}(?!\S)")
# accents of Latin letters and the vowel signs and hamzas of Arabic: often left out by those who type
_LIGHT = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640]")


def plain(text: str) -> str:
    """The text as it is compared: no case, no accents, no smileys, no punctuation, single spaces. Any script."""
    text = text.translate(APOSTROPHES)
    if text.isascii():  # most of what is compared: the same, in a tenth of the time
        return _spaced(_SMILEY.sub(" ", text).lower().translate(_ASCII_GAPS))
    text = _SMILEY.sub(" ", unicodedata.normalize("NFKC", text))
    text = _LIGHT.sub("", unicodedata.normalize("NFKD", text.casefold()))
    kept = (char if char == "'" or unicodedata.category(char)[0] in "LNM" else _gap(char) for char in text)
    return unicodedata.normalize("NFC", _spaced("".join(kept))) or _symbol(text)


def _spaced(kept: str) -> str:
    return " ".join(kept.replace(" '", " ").replace("' ", " ").split()).strip("'")


def _symbol(text: str) -> str:
    """The one picture of a text without words, in no particular colour: a thumb."""
    found = {char for char in text if unicodedata.category(char) == "So"}
    return found.pop() if len(found) == 1 else ""


def _gap(char: str) -> str:
    """A character that is no letter parts two words, unless it is one that nobody sees."""
    return "" if unicodedata.category(char) == "Cf" or char == "\ufe0f" else " "


def is_name(text: str) -> bool:
    """One to four words that each look like part of a name: a capital, a particle, or a script without capitals."""
    tokens = text.replace(",", " ").split()
    if not 1 <= len(tokens) <= NAME_WORDS or any(char.isdigit() for char in text):
        return False
    caseless = [token for token in tokens if token.upper() == token.lower()]
    if caseless:
        return len(tokens) <= 2 and len(text) <= CASELESS_NAME and all(token.strip(".").isalpha() for token in caseless)
    capital = [token[:1].isupper() or len(token) <= 3 for token in tokens]
    return tokens[0][:1].isupper() and tokens[-1][:1].isupper() and all(capital)


def distance(one: str, other: str) -> int:
    """Letters dropped, added, changed, or two neighbours swapped (Damerau); 99 where the lengths differ by over 2."""
    if abs(len(one) - len(other)) > 2:
        return 99
    older: list[int] = []
    old = list(range(len(other) + 1))
    for i, char in enumerate(one):
        row = [i + 1]
        for j, against in enumerate(other):
            cost = min(row[j] + 1, old[j + 1] + 1, old[j] + (char != against))
            if i and j and char == other[j - 1] and one[i - 1] == against:
                cost = min(cost, older[j - 1] + 1)
            row.append(cost)
        older, old = old, row
    return old[-1]
