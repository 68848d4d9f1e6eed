"""Blocks that nobody wrote for this mail: legal notices, warnings of a gateway, footers of lists, adverts, ours.

A block is a paragraph at the very end or the very beginning. Also how a caller learns a block that a sender repeats:
keep `trailing_block` of each mail's new text, and pass what came three times to `fold` as `learnt`.
Refuses short paragraphs without a telling word. Called by `endings` and by whoever learns.
"""

import re
from collections.abc import Collection, Sequence

from mailer.mail.message import FoldKind
from mailer.mail.quotes import boilerplate
from mailer.mail.quotes import lineshapes as shape

LEAST_LEARNT = 40  # letters and figures; shorter blocks are words that people repeat, such as "Thanks, Ana"
SAID = 200  # characters; a person who regrets a mail says as much: "sent in error, please delete it and notify Bo"
ALL_WORDS = 5  # of a gateway's warning: caution, links, attachments, sender, unless you
SENTENCE = 4  # small words: "Virus-free. www.scan.example" has none
MOST_LINES = 60  # of a block at the end
BANNER_LINES = 8  # of a warning at the beginning

_SIGN = re.compile(r"[\W_]+")
_CODE = re.compile(r"\[#[a-z0-9]{2,12}\]")
_BRACKETS = re.compile(r"[\[(【*]{1,3}[^\[\]()【】]{3,60}[\])】*]{1,3}")


def normalised(block: str) -> str:
    """The letters and figures of a block without case: equal however it was wrapped."""
    return _SIGN.sub(" ", block.casefold()).strip()


def trailing_block(text: str) -> str:
    """The last paragraph of a mail's new words, normalised; empty where it is short or all there is."""
    start, end = last_paragraph(text.split("\n"))
    block = normalised("\n".join(text.split("\n")[start:end]))
    return block if start and len(block) >= LEAST_LEARNT else ""


def last_paragraph(lines: Sequence[str]) -> tuple[int, int]:
    """The lines [start, end) of the last paragraph, MOST_LINES at most."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and lines[start - 1].strip() and end - start < MOST_LINES:
        start -= 1
    return start, end


def closing_block(lines: Sequence[str], learnt: Collection[str], below: FoldKind | None) -> tuple[int, FoldKind] | None:
    """Where the block that ends `lines` begins, and its kind; None where the last paragraph is somebody's words.

    `below` is what was put aside right under it.
    """
    start, end = last_paragraph(lines)
    if start == end:
        return None
    if learnt and normalised(" ".join(lines[start:end])) in learnt:
        return start, "disclaimer"
    if below and shape.is_rule(lines[end - 1]):
        return end - 1, below
    if below == "disclaimer" and normalised(lines[end - 1]) in boilerplate.LEGAL_TITLES:
        return end - 1, below
    if shape.is_rule(lines[end - 1]):
        return _above_rule(lines[: end - 1], below)
    ruled = next((i for i in range(end - 1, start - 1, -1) if _parts(lines[i])), None)
    start = start if ruled is None else ruled
    kind = _kind(" ".join(lines[start:end]), end - start, ruled is not None)
    if kind == "disclaimer" and ruled is None:
        start = next(i for i in range(start, end) if i == end - 1 or not _is_greeting(lines[i]))
    return (start, kind) if kind else None


def _above_rule(lines: Sequence[str], below: FoldKind | None) -> tuple[int, FoldKind] | None:
    """The block that a closing rule ends, if it is one: the rule alone is somebody's own."""
    start, end = last_paragraph(lines)
    kind = _kind(" ".join(lines[start:end]), end - start, False) if start < end else None
    return (start, kind) if kind in {"disclaimer", "footer"} else None


def _is_greeting(line: str) -> bool:
    """Whether a line above a notice in the same paragraph is short and says nothing of a notice: a farewell, a name."""
    return len(line) <= 60 and not boilerplate.LEGAL.within(line) and normalised(line) not in boilerplate.LEGAL_TITLES


def _kind(text: str, lines: int, ruled: bool) -> FoldKind | None:
    reaches = shape.linked(text[-shape.LONG :]) or shape.addressed(text[-shape.LONG :])
    if _CODE.search(text[-200:]) and lines <= 3:
        return "footer"
    if reaches and lines <= 12:
        listed = len(boilerplate.LIST.found(text[:4000])) + ruled
        if listed >= 2 or (ruled and text.lstrip().startswith("____")):
            return "footer"
    if lines <= 4 and len(text) <= 400 and (reaches or ruled) and boilerplate.ADVERT.within(text):
        return "footer"
    if len(text) >= 60 and len(boilerplate.LEGAL.found(text)) >= 3:
        return "disclaimer"
    if len(text) <= 600 and boilerplate.PRINTING.within(text):
        return "disclaimer"
    return None


def may_be_said(lines: Sequence[str]) -> bool:
    """Whether a block may be a person's words: how to leave a list, where a program is found, a regret of a mail sent.

    That is so where it is no more than the least that makes it a block, and does not begin with a line without words.
    """
    text = " ".join(lines)
    if not any(map(str.isalnum, lines[0])) or _CODE.search(text[-200:]):
        return False
    if boilerplate.PRINTING.within(text):
        return True
    if len(boilerplate.LEGAL.found(text)) >= 3:
        return len(text) < SAID and len(boilerplate.LEGAL.found(text)) == 3
    small = sum(word[0].islower() for word in text.split())
    return small >= SENTENCE and len(boilerplate.LIST.found(text)) < 3


def _parts(line: str) -> bool:
    """Whether the line is a rule or a signature's delimiter."""
    return shape.is_rule(line) or line.strip() in {"--", "—"}


def banner_end(lines: Sequence[str]) -> int:
    """The line after a gateway's warning at the beginning, or 0."""
    start = next((i for i, line in enumerate(lines[:BANNER_LINES]) if line.strip()), None)
    if start is None:
        return 0
    end = start
    while end < len(lines) and lines[end].strip() and end - start < BANNER_LINES:
        end += 1
    text = " ".join(lines[start:end])
    if end >= len(lines) and end - start == BANNER_LINES:
        return 0
    if _BRACKETS.fullmatch(lines[start].strip()) and boilerplate.OUTSIDE.within(lines[start]):
        return start + 1
    if len(text) > 900 or (end - start > 1 and shape.addressed(lines[start])):
        return _one_line_banner(lines, start)
    return (_one_line_banner(lines, start) or end) if _warns(text) else 0


def _one_line_banner(lines: Sequence[str], start: int) -> int:
    """The line after a warning that fills one line, with words directly below it, or 0."""
    return start + 1 if _warns(lines[start][:900]) else 0


def _warns(text: str) -> bool:
    """Whether a program warns of mail from outside: in capitals or in all the words such a warning has.

    A member who warns of a mail uses some of the words: rather a banner stays than theirs go.
    """
    if "LearnAboutSenderIdentification" in text:
        return True
    found = len(boilerplate.WARNING.found(text)) if boilerplate.OUTSIDE.within(text) else 0
    first = next((word for word in re.split(r"[\W_]+", text[:60]) if word), "")
    return found >= ALL_WORDS or (found >= 3 and len(first) >= 4 and first.isupper())
