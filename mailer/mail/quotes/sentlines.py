"""What we mailed to somebody, as fingerprints: to know our own words when they come back, in any language.

Tolerant of re-wrapping, marks of quotation and rewritten links. Refuses nothing. Called by `folding`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from zlib import crc32

WINDOW = 4  # words in a fingerprint
LEAST = 8  # words in a row that nobody writes by chance as we did
MOST = 0.8  # of a line's words; a rewritten link or an added mark may be the rest

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

    def ours(self, lines: Sequence[str]) -> list[bool]:
        """For each line whether it belongs to a stretch that we sent; LEAST words in a row, and most of the line."""
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
        totals, known = [0] * len(lines), [0] * len(lines)
        for at, count in zip(owners, _long_runs(sent), strict=True):
            totals[at] += 1
            known[at] += count
        return _bridged([ours >= total * MOST if total else None for total, ours in zip(totals, known, strict=True)])


def _bridged(theirs: Sequence[bool | None]) -> list[bool]:
    """A line without words (None) is ours where the worded lines on both sides of it are."""
    before = list(accumulate(theirs, lambda last, here: last if here is None else here, initial=False))[1:]
    after = list(accumulate(reversed(theirs), lambda last, here: last if here is None else here, initial=False))[1:]
    return [bool(one and other) for one, other in zip(before, reversed(after), strict=True)]


def _long_runs(sent: Sequence[bool]) -> list[bool]:
    """`sent` without the runs that are too short to be no coincidence."""
    kept: list[bool] = []
    for is_sent, run in groupby(sent):
        length = len(list(run))
        kept += [is_sent and length >= LEAST] * length
    return kept
