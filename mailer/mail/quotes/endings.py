"""What stands at the end and the beginning of a person's own lines, and is none of them, put aside piece by piece.

Refuses to leave nothing: the caller looks after a text that is all signature. Called by `folding`.
"""

from collections.abc import Collection

from mailer.mail.message import FoldKind
from mailer.mail.quotes.disclaimers import banner_end, closing_block, may_be_said, normalised
from mailer.mail.quotes.lineshapes import is_rule
from mailer.mail.quotes.quoting import Reading
from mailer.mail.quotes.signatures import is_formula, signature_start

MOST_PIECES = 16  # blocks one below the other: signature, notice, advert, list footer, and some twice


def put_aside(reading: Reading, names: frozenset[str], learnt: Collection[str]) -> None:
    """Marks banners, signatures, notices and footers: below the last words, and in every stretch below those."""
    end = banner_end(reading.lines) if reading.kinds and reading.kinds[0] is None else 0
    reading.mark(0, end, "disclaimer")
    stretches = _stretches(reading)
    for start, end in reversed(stretches):
        if _trim(reading, start, end, names, learnt):
            return
    if stretches:
        _restore_formula(reading, *stretches[0])


def _restore_formula(reading: Reading, start: int, end: int) -> None:
    """A formula that is all a person wrote is what they said: "Cheers," with a name or without."""
    written = [line for line in reading.lines[start:end] if line.strip()]
    if len(written) <= 2 and is_formula(written[0]):
        reading.mark(start, end, None)


def _stretches(reading: Reading) -> list[tuple[int, int]]:
    """The stretches of new lines that have words, in order."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    for at, kind in enumerate([*reading.kinds, "quote"]):
        if kind is None and start is None:
            start = at
        elif kind is not None and start is not None:
            found.append((start, at))
            start = None
    return [(s, e) for s, e in found if any(map(str.strip, reading.lines[s:e]))]


def _trim(reading: Reading, start: int, end: int, names: frozenset[str], learnt: Collection[str]) -> bool:
    """Marks what ends the stretch; returns whether words are left in it."""
    kind: FoldKind | None = None
    for _ in range(MOST_PIECES):
        while end > start and not reading.lines[end - 1].strip():
            end -= 1
        if end == start:
            return False
        lines = reading.lines[start:end]
        block = closing_block(lines, learnt, kind)
        if block and kind not in {"disclaimer", "footer"} and _is_said(lines, block[0], names, learnt):
            block = None
        at, kind = block or (signature_start(lines, names), "signature")
        if at == len(lines):
            return True
        reading.mark(start + at, end, kind)
        end = start + at
    return True


def _is_said(lines: list[str], at: int, names: frozenset[str], learnt: Collection[str]) -> bool:
    """Whether the last block may be somebody's words: weak, and no other block, no signature, no rule is above it."""
    above = next((i for i in range(at - 1, -1, -1) if lines[i].strip()), None)
    if above is None or is_rule(lines[above]) or (learnt and normalised(" ".join(lines[at:])) in learnt):
        return False
    return may_be_said(lines[at:]) and (
        closing_block(lines[: above + 1], learnt, None) is None and signature_start(lines[: above + 1], names) > above
    )
