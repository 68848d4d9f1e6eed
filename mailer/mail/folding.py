"""New words told from quotes, signatures, disclaimers, footers and forwards. Folded, never deleted.

First by comparison with what we sent, then by structure, patterns last. Refuses nothing: where nothing new is found
the whole text is the post. Called by the reader, the importer and `mailer read`.
"""

from collections.abc import Collection, Iterator

from mailer.mail.message import Body, Fold, FoldKind, Message
from mailer.mail.quotes.clientmarks import locate, marks
from mailer.mail.quotes.endings import put_aside
from mailer.mail.quotes.headings import Context, header_block, titled_rule
from mailer.mail.quotes.joined import split_shared
from mailer.mail.quotes.lineshapes import ends_open
from mailer.mail.quotes.phrases import WROTE
from mailer.mail.quotes.quoting import Reading, read_structure
from mailer.mail.quotes.sentlines import SentLines
from mailer.mail.quotes.signatures import name_words
from mailer.mail.subjects import base_subject, is_forward, signs

FORWARD = Context(forward=True)
SHORT_CITATION = 6  # lines: a quote of the writer's own choosing, kept where it is answered


def fold(message: Message, sent: SentLines | None = None, learnt: Collection[str] = ()) -> Body:
    """The text of the mail, told apart. `sent` is what we mailed to this person; `learnt` the trailing blocks (as
    `trailing_block` gives them) that this sender repeats under every mail.
    """
    lines = split_shared(message.text.split("\n"))
    places = locate(marks(message.html), lines) if message.html else {}
    ours = sent.ours(lines) if sent else []
    reading = read_structure(lines, _context(message), places, ours)
    put_aside(reading, name_words(*(f"{p.name} {p.address.partition('@')[0]}" for p in message.senders)), learnt)
    _keep_answered(reading)
    return _body(message.text, reading)


def _context(message: Message) -> Context:
    people = (*message.senders, *message.to, *message.cc)
    return Context(
        subject=base_subject(message.subject).casefold(),
        addresses=frozenset(p.address.casefold() for p in people if p.address),
        first=frozenset(() if signs(message.subject)[0] else (p.address.casefold() for p in message.senders)),
        forward=is_forward(message.subject),
    )


def _runs(reading: Reading) -> Iterator[tuple[int, int, FoldKind | None]]:
    """Stretches of lines of one kind, in order; a quote with a heading of its own begins a new one."""
    kinds, headed, start = reading.kinds, reading.headed, 0
    for at in range(1, len(kinds)):
        if kinds[at] != kinds[start] or at in headed:
            yield start, at, kinds[start]
            start = at
    if kinds:
        yield start, len(kinds), kinds[start]


def _keep_answered(reading: Reading) -> None:
    """Quotes with an answer below them become new text, where the writer answered between the lines.

    That is so where quoting goes on after an answer without a new heading, and where a quote without a heading is of
    the writer's own choosing: short, or led to by "as the manual says:". One quote under its heading with all the
    answer below it stays folded.
    """
    runs = [(start, end, kind) for start, end, kind in _runs(reading) if any(map(str.strip, reading.lines[start:end]))]
    answered_before = False
    for n, (start, end, kind) in enumerate(runs):
        if kind != "quote":
            continue
        rest = runs[n + 1 : n + 3]
        answered = bool(rest) and rest[0][2] is None
        headed = start in reading.headed
        resumes = answered and len(rest) > 1 and rest[1][2] == "quote" and rest[1][0] not in reading.headed
        other_follows = bool(rest) and rest[0][2] == "quote" and rest[0][0] in reading.headed
        short = end - start <= SHORT_CITATION and (answered or other_follows)
        chosen = not headed and (short or (answered and answered_before) or _introduced(reading, start))
        if resumes or chosen:
            reading.mark(start, end, None)
        answered_before = answered_before or answered


def _introduced(reading: Reading, start: int) -> bool:
    """Whether words of the writer's own lead to the quote at `start`: a few small ones without a name, and a colon."""
    above = next((i for i in range(start - 1, max(-1, start - 3), -1) if reading.lines[i].strip()), None)
    if above is None or reading.kinds[above] is not None or not ends_open(reading.lines[above]):
        return False
    words = reading.lines[above].strip(" :")[1:]
    small = words.islower() and 2 <= words.count(" ") <= 11 and not any(c.isdigit() or c == "@" for c in words)
    return small and not WROTE.within(words)


def _body(text: str, reading: Reading) -> Body:
    new: list[str] = []
    folded: list[Fold] = []
    for start, end, kind in _runs(reading):
        lines = reading.lines[start:end]
        if kind is None:
            new += lines
        else:
            folded.append(Fold(kind, "\n".join(lines).strip("\n")))
    words = "\n".join(new).strip()
    if not words:
        return Body(text, text, (), reading.forwarded, flagged=bool(text.strip()))
    return Body(text, words, tuple(f for f in folded if f.text.strip()), reading.forwarded, reading.flagged)


def without_heading(text: str) -> str:
    """Forwarded words without the rule and the header block above them, which hold other people's addresses."""
    lines, at = text.split("\n"), 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        heading = titled_rule(lines, at, FORWARD) or header_block(lines, at, FORWARD)
        if heading is None or heading.start > at:
            break
        at = heading.end
    return "\n".join(lines[at:]).strip("\n")
