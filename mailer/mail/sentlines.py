"""What we mailed to somebody, as fingerprints: to know our own words when they come back, in any language.

Tolerant of re-wrapping, marks of quotation and rewritten links. Refuses nothing. Called by `folding`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

WINDOW = 4  # words in a fingerprint

_LINK = re.compile(r"<?(?:https?://|www\.|mailto:)[^\s<>]*>?", re.IGNORECASE)
# A word of letters and figures; scripts written without spaces go sign by sign.
_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff_]+"
)


def tokens(line: str) -> list[str]:
    """The words of the line without case, links and punctuation."""
    return _WORD.findall(_LINK.sub(" ", line).casefold())


def windows(words: list[str]) -> list[int]:
    """A fingerprint of every WINDOW words in a row; the same in every process."""
    return [crc32(" ".join(words[i : i + WINDOW]).encode()) for i in range(len(words) - WINDOW + 1)]


@dataclass(frozen=True, slots=True)
class SentLines:
    """Fingerprints of texts that we sent."""

    known: frozenset[int] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[str]) -> "SentLines":
        """Made from the texts of the mails, each whole."""
        return cls(frozenset(mark for text in texts for mark in windows(tokens(text))))

    def theirs(self, lines: list[str]) -> list[bool | None]:
        """For each line whether we sent it: True, False, or None where it has no words."""
        owners: list[int] = []
        words: list[str] = []
        for at, line in enumerate(lines):
            found = tokens(line)
            words += found
            owners += [at] * len(found)
        sent = [False] * len(words)
        for i, mark in enumerate(windows(words)):
            if mark in self.known:
                sent[i : i + WINDOW] = [True] * WINDOW
        counts = [[0, 0] for _ in lines]
        for at, is_sent in zip(owners, sent, strict=True):
            counts[at][0] += 1
            counts[at][1] += is_sent
        return [None if not total else ours >= total * 0.8 for total, ours in counts]
