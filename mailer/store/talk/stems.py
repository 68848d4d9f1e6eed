"""A text cut into the terms it can be found by; the same way when it is kept and when it is looked for.

Words lose endings (by language) and accents; where a script has no spaces, pairs of letters stand for words. A term is
letters, digits and marks alone, so that it means nothing to any query language. Called by `search`.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import repeat
from typing import Any

import snowballstemmer

from mailer.community.tagging import MARKS

INDEXED = 50_000  # characters of a text that can be found
LONGEST = 40  # characters of a term
INFLECTED = 24  # characters; a longer word is a name or a number and has no ending

_turn = threading.Lock()

_WORD = re.compile(rf"\w[\w{MARKS}]*(?:['’]\w[\w{MARKS}]*)*")
_PLAIN_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")  # the same in folded ASCII, four times as fast
_DIGIT = re.compile(r"\d")
_ACCENTS = re.compile("[\u0300-\u036f'’]")
# Thai, Lao, Burmese, Khmer, kana, Han, Hangul: no spaces, or endings grown on; pairs of letters find them
_PAIRED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_PAIRS = re.compile(f"[{_PAIRED}]+|[^{_PAIRED}]+")
_LANGUAGES = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def words(text: str) -> Iterator[tuple[int, str]]:
    """The words of a text and where they begin."""
    return ((match.start(), match[0]) for match in _WORD.finditer(text))


def terms(text: str, language: str, *, kept: bool = False) -> list[str]:
    """Stems of words, pairs of letters where there are no words; each once, in order. A text that is `kept` also has
    the last letter of each run of pairs, so that a word of one letter is found there.
    """
    folded = unicodedata.normalize("NFKC", text[:INDEXED]).casefold().replace("_", " ")
    if folded.isascii():
        plain = dict.fromkeys(_PLAIN_WORD.findall(folded))
        return list(filter(None, dict.fromkeys(map(_stem, repeat(language), plain))))
    found: dict[str, None] = {}
    for word in dict.fromkeys(_WORD.findall(folded)):
        if word.isascii():
            found[_stem(language, word)] = None
        else:
            found.update(dict.fromkeys(_pieces(language, word, kept)))
    found.pop("", None)
    return list(found)


def _pieces(language: str, word: str, kept: bool) -> Iterable[str]:
    for run in _PAIRS.findall(word):
        if not _paired(run):
            yield _stem(language, run)
        elif len(run) == 1:
            yield run
        else:
            yield from (run[at : at + 2] for at in range(len(run) - 1))
            if kept:
                yield run[-1]


def _paired(run: str) -> bool:
    return not run.isascii() and bool(re.match(f"[{_PAIRED}]", run))


@lru_cache(100_000)
def _stem(language: str, word: str) -> str:
    """Without endings, then without accents; at most LONGEST characters."""
    name = _LANGUAGES.get(language.lower().replace("_", "-").split("-")[0])
    stem = word[:LONGEST]
    if name and len(word) <= INFLECTED and not _DIGIT.search(word):
        with _turn:  # a stemmer works on itself, and we are called from several threads
            stem = str(_stemmer(name).stemWord(stem))
    if stem.isalnum() and stem.isascii():
        return stem
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", stem)))


@lru_cache(None)
def _stemmer(name: str) -> Any:
    return snowballstemmer.stemmer(name)


def alone(word: str) -> bool:
    """Whether it is a single letter of a script that is kept in pairs: it finds every pair that begins with it."""
    return len(word) == 1 and _paired(word)
