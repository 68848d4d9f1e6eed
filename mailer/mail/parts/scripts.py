"""Which charset octets are in that name none: told by their shape, for scripts that do not look like Western text.

Called by `charsets` when octets are not UTF-8 and their label says nothing. Western text has single octets above 127
among ASCII letters; where they stand in long runs it is another script, and each of its charsets leaves its own mark.
"""

import re
from typing import Final

SAMPLE: Final = 20_000  # octets that are looked at

_RUN: Final = re.compile(rb"[\x80-\xff]+")
_PAIRS: Final = re.compile(rb"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe]){2,}")
_LEAST: Final = 6  # octets above 127; fewer say nothing


def guess(data: bytes) -> str:
    """A codec for octets that are in no named charset and not UTF-8, or "" where they look Western or like nothing."""
    sample = data[:SAMPLE]
    runs = _RUN.findall(sample)
    high = b"".join(runs)
    pairs = b"".join(_PAIRS.findall(sample))
    if len(high) < _LEAST or len(pairs.translate(None, bytes(range(0x80)))) * 10 < len(high) * 6:
        return ""
    if min(high.replace(b"\xa8", b"").replace(b"\xb8", b"").replace(b"\xa3", b"") or b"\0") >= 0xC0:
        return _cyrillic(high)
    if min(high) >= 0xA1 and all(len(run) % 2 == 0 for run in runs):
        return _paired(high[::2])
    leads = pairs[::2]
    if _share(leads, 0x81, 0x84) > 0.3:
        return "cp932"
    if _share(leads, 0xA4, 0xC6) > 0.6 and min(pairs[1::2]) < 0x80:
        return "big5hkscs"
    return "" if _share(high, 0xC0, 0xFF) < 0.8 else _cyrillic(high)


def _paired(leads: bytes) -> str:
    """The charset of pairs of octets above 160: kana and Hangul have rows of their own, the rest is Chinese."""
    if _share(leads, 0xA4, 0xA5) > 0.2:
        return "euc_jis_2004"
    return "cp949" if _share(leads, 0xB0, 0xC8) > 0.85 else "gb18030"


def _cyrillic(high: bytes) -> str:
    """Small letters are more than capitals, and stand where the other charset has its capitals."""
    return "koi8-r" if _share(high, 0xC0, 0xDF) > 0.5 else "cp1251"


def _share(octets: bytes, first: int, last: int) -> float:
    """The part of `octets` that lies between two values."""
    inside = bytes(range(first, last + 1))
    return 1 - len(octets.translate(None, inside)) / len(octets) if octets else 0.0
