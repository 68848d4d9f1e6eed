"""The header blocks and titled rules that stand above somebody else's mail, told by their shape.

A header block is two or more `Word: value` lines, or rows of a table, that together look like a mail's header. A titled
rule is `----- words -----`. Refuses to guess: where the shape is weak, a word of the tables must agree.
Called by `quoting`; attributions, which are sentences, are in `attributions`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mailer.mail.message import Mailbox
from mailer.mail.quotes import lineshapes as shape
from mailer.mail.quotes import phrases
from mailer.mail.subjects import base_subject, signs

MOST_BLANK = 3  # lines between two fields, as programs leave them that make text of HTML
MOST_FIELDS = 14  # of a header block
MOST_CONTINUATIONS = 30  # lines that one field, such as a long To, may go on for
ENOUGH = 4  # points of likeness, see `_likeness`

_TRAILERS = frozenset({"cc", "cc.", "bcc"})  # stand below a patch as well
_MBOX = re.compile(r"From [0-9a-f]{40} ")  # above the header of a patch, which is the writer's own
_ROW = re.compile(
    r"\|?\s{0,3}([^\W\d_][^|<>@]{0,19}?)\s{0,3}\|\s{0,3}([^|]*?)\s{0,3}\|?"
)  # NetEase quotes with a table
_FIELD = re.compile(r"([^\W\d_][^:：<>@]{0,29}?)[\s*_]{0,4}[:：][\s*_]{0,4}(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Context:
    """What the mail around the text tells: used as evidence that a header block is one. All lower case."""

    subject: str = ""
    addresses: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()  # the sender's addresses, where the subject says neither reply nor forward
    forward: bool = False  # the subject says so


@dataclass(frozen=True, slots=True)
class Heading:
    """Lines [start, end) that announce another mail. `sure`: it is one even where no quote marks follow."""

    start: int
    end: int
    kind: Literal["quote", "forward"] = "quote"
    author: Mailbox | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """One `Word: value` of a header block; its label is lower case."""

    label: str
    value: str


def _field(line: str) -> Field | None:
    if ":" not in line[:48] and "：" not in line[:48]:
        return _row(line) if "|" in line[:24] else None
    match = _FIELD.match(shape.bare(shape.unmarked(line)))
    if not match or match[1].count(" ") > 3 or match[2].startswith("//"):
        return None
    return Field(" ".join(phrases.lowered(match[1].strip(" *_")).split()), match[2].strip())


def _row(line: str) -> Field | None:
    """A row of a table whose first cell is a known label."""
    match = _ROW.fullmatch(shape.bare(shape.unmarked(line))) if len(line) <= shape.LONG else None
    label = phrases.lowered(match[1]) if match else ""
    return Field(label, match[2]) if match and label in phrases.HEADER_LABELS else None


def _fields(lines: Sequence[str], start: int) -> tuple[list[Field], int]:
    """The fields that begin at `start` and the line after them; a label that comes twice ends them."""
    found: list[Field] = []
    labels: set[str] = set()
    at, end = start, start
    while at < len(lines) and len(found) < MOST_FIELDS:
        field = _field(lines[at])
        if field and field.label not in labels:
            labels.add(field.label)
            at = _continued(lines, at, field, found)
            end = at
        elif shape.unmarked(lines[at]).strip() or at >= end + MOST_BLANK:
            break
        else:
            at += 1
    return found, end


def _continued(lines: Sequence[str], at: int, field: Field, found: list[Field]) -> int:
    """Adds the field with the lines that continue it; returns the line after."""
    value, at, last = field.value, at + 1, min(len(lines), at + MOST_CONTINUATIONS)
    while (
        at < last and (more := shape.unmarked(lines[at]).strip()) and len(more) <= shape.LONG and not _field(lines[at])
    ):
        if not (lines[at][0].isspace() or value.endswith((",", ";", "<", ":", "-")) or "@" in more or len(value) > 40):
            following = _field(lines[at + 1]) if at + 1 < len(lines) else None
            if not (following and following.label in phrases.HEADER_LABELS):
                break
        value, at = f"{value} {more}", at + 1
    found.append(Field(field.label, value))
    return at


def _likeness(fields: Sequence[Field], context: Context) -> int:
    """Points for looking like a mail's header: known labels, an address beside a name, a date, this subject."""
    if not _is_of_mail(fields, context):
        return 0
    known = sum(f.label in phrases.HEADER_LABELS for f in fields)
    values = " ".join(f.value for f in fields)[: shape.LONG]
    return (
        min(known, 3)
        + any(f.label in phrases.FROM_LABELS and f.value != "" for f in fields)
        + shape.addressed(values)
        + shape.bracketed(values)
        + any(shape.dated(f.value) for f in fields)
        + (len(fields) >= 4 and known >= 1)
        + 2 * any(_has_subject(f, context) for f in fields)
        + any(a in values.casefold() for a in context.addresses)
    )


def _is_of_mail(fields: Sequence[Field], context: Context) -> bool:
    """Whether anything in the block is found in a mail's header only.

    That is the moment of sending, a subject, an address with a label of the tables, or the subject of this mail. A
    table of dates and places, a commit and a form have none; a patch that its author sends has the sender's own name.
    """
    sender = next((f.value for f in fields if f.label in phrases.FROM_LABELS), "")
    if shape.dated(sender) and not shape.addressed(sender):
        return False
    if context.first and shape.address(sender).casefold() in context.first:
        return False
    return any(
        f.label in phrases.SENT_LABELS
        or f.label in phrases.SUBJECT_LABELS
        or (f.label in phrases.HEADER_LABELS and f.label not in _TRAILERS and shape.addressed(f.value))
        or _has_subject(f, context)
        for f in fields
    )


def _has_subject(field: Field, context: Context) -> bool:
    """Whether the value is this mail's subject or begins as a reply's or a forward's does."""
    found, rest = signs(field.value)
    return bool(found) or (context.subject != "" and base_subject(rest).casefold() == context.subject)


def _author(fields: Sequence[Field]) -> Mailbox | None:
    """Who the first field with a From label, else with an address, names."""
    named = [f for f in fields if f.label in phrases.FROM_LABELS] or [f for f in fields if "@" in f.value]
    return mailbox(named[0].value) if named else None


def mailbox(words: str) -> Mailbox | None:
    """The name and address written as `Bob <bob@x>`, `Bob [mailto:bob@x]`, `bob@x`, or only a name."""
    address = shape.address(words)
    name = words.split(address)[0] if address else words
    name = re.sub(r"[<(\[]?\s*(?:mailto:)?\s*$", "", name).strip(" \"'*,;<>[]()")
    return Mailbox(name[:200], address) if name or address else None


def header_block(lines: Sequence[str], start: int, context: Context) -> Heading | None:
    """The header block that begins at `start`, or None."""
    first = _field(lines[start])
    if not first:
        return None
    known = first.label in phrases.HEADER_LABELS
    if _inside(lines, start) or (not known and (not first.value or _stands_apart(lines, start))):
        return None
    fields, end = _fields(lines, start)
    if len(fields) < 2 or _MBOX.match(_above(lines, start)):
        return None
    ruled = start and shape.is_rule(_above(lines, start))
    if _likeness(fields, context) + bool(ruled) < ENOUGH or not any(_telling(f) for f in fields):
        return None
    return Heading(start, end, "forward" if context.forward else "quote", _author(fields))


def _inside(lines: Sequence[str], at: int) -> bool:
    """Whether the line above is one of a header block's: then the block was looked at from there, and is none."""
    above = _field(lines[at - 1]) if at else None
    return above is not None and above.label in phrases.HEADER_LABELS


def _stands_apart(lines: Sequence[str], at: int) -> bool:
    """Whether the line follows other fields, or a blank line follows it: so does not begin a block."""
    after = lines[at + 1] if at + 1 < len(lines) else ""
    return not after.strip() or (at > 0 and _field(lines[at - 1]) is not None)


def _telling(field: Field) -> bool:
    """Whether a field is one that only a mail has: a trailer such as `Cc:` below a patch is none."""
    return shape.dated(field.value) or field.label in phrases.SUBJECT_LABELS or field.label in phrases.FROM_LABELS


def _above(lines: Sequence[str], at: int) -> str:
    """The nearest line above that is not blank, two lines away at most."""
    return next((lines[i] for i in range(at - 1, max(-1, at - 4), -1) if lines[i].strip()), "")


def titled_rule(lines: Sequence[str], start: int, context: Context) -> Heading | None:
    """The rule with words at `start`, with the header block below it, where it announces another mail."""
    line = lines[start]
    ruled = shape.rule_title(line)
    title = ruled or (shape.bare(line).rstrip(":：") if len(line) < 60 and shape.ends_open(line) else "")
    if not title:
        return None
    forward = phrases.FORWARD_RULES.within(title)
    original = phrases.lowered(title).strip(" -_") in phrases.ORIGINAL_RULES
    if not (ruled or forward or original):
        return None
    below = start + 1
    while below < len(lines) and below < start + 4 and not shape.unmarked(lines[below]).strip():
        below += 1
    fields, end = _fields(lines, below) if below < len(lines) else ([], below)
    if any(map(_telling, fields)) and _likeness(fields, context) >= ENOUGH - 1:
        return Heading(start, end, "forward" if forward else "quote", _author(fields))
    wrote, told = phrases.WROTE.within(title), shape.dated(title) or shape.addressed(title)
    if not ruled or not (original or wrote or told or forward):
        return None
    return Heading(start, start + 1, "forward" if forward else "quote", sure=original or (wrote and told))
