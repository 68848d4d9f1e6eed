"""Which addresses the words of a non-delivery report say were not reached, by where they stand.

Mail systems write reports as they please, but all put the failed address alone on a line, at the head of a line, behind
a label, or in a sentence with a reason or a reply code. Each place has a weight, and what stands in the mail that came
back has none. Called by the reader of bounces, with text it knows to be a machine's.
"""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from mailer.mail import smtpcodes
from mailer.mail.addressing import lower

LINES = 400  # of a report that are looked at
COLUMNS = 600  # of a line that are looked at
ADDRESSES = 4  # of a line that are looked at: mail systems list one
ENOUGH = 3  # the weight of an address that stands alone on its line, or in a sentence with a reason

_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:@\\]{1,64}@[#A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,20}")
_X400 = re.compile(r"(?i)^.{0,64}\bsmtp=")
_FIELD = re.compile(r"[>\s|]{0,8}([A-Za-z][A-Za-z0-9-]{1,40}):(?:\s|$)")
_WIRE = frozenset({"received", "return-path", "message-id", "mime-version", "delivered-to", "content-type", "x-mailer"})
_FIRST = _WIRE | {"from", "date", "subject", "to", "reply-to", "dkim-signature", "sender"}

_DECORATED = re.compile(r"\s{0,8}[>|#]?\s{0,8}(?:-{2}|={3}|\*{3}|_{3})")
_COPY = re.compile(
    r"(?:original|returned|unsent|source|undelivered|non-?delivered|failed|rejected|your)"
    r" (?:e-?mail|message|mail|header|text)|copy of|below this line|message headers?|headers? follows?|header of"
    r"|message follows|begin message|next line|forwarded message|enclosed|quoted message"
    r"|mail header|copia|kopie|原信|元のメッセージ|オリジナル|원본",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"(?:original|message|headers?|lines|mail|copy|details|header) ?(?:follows?|attached|below|is as follows|enclosed)"
    r"[ \w(]{0,12}\)?[.:]?$|\b(?:is a|here is a) copy of\b"
    r"|^(?:original message|message headers?|your message reads)\b[\w ()]{0,20}:$",
    re.IGNORECASE,
)
_INTRO = re.compile(
    r"address|recipient|receiver|user|destin|adres|empfänger|deliver|reach|fail|reject|sent to|returned|unable"
    r"|受信|宛|地址|收件人|адрес|送信|届|получат|받는|주소",
    re.IGNORECASE,
)
_RECIPIENT = re.compile(
    r"recipient|receiver|address|rcpt to|user|mailbox|account|fail|undeliver|deliver|unknown|reject|destin|empfänger"
    r"|adres|宛先|受信者|收件|получатель|not sent to|send to",
    re.IGNORECASE,
)
_SENDER = re.compile(
    r"(?:^|\W)(?:from|von|sender|reply-to|return-path|mail from|contact|sent by|relay|server|host|by|expediteur)$", re.I
)
_ORIGIN = re.compile(r"(?:generated|expanded|derived) from$", re.IGNORECASE)
_TOWARDS = re.compile(
    r"(?:addressed(?: to)?|deliver(?:able|ed|y)? +(?:it +)?to|(?:e-?mail|message) +to"
    r"|recipient|user|mailbox|account|address),?$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?:^|\W)(?:to|cc|bcc|an|à|a|para|til|till|aan)$", re.IGNORECASE)
_CONTACT = re.compile(
    r"\b(?:contact|assistance|help|questions?|support|write to|e-?mail me|instead|please send|forward(?:ed)? to|visit"
    r"|administrator|kontakt|do so|more information|try|unsubscribe|e\.g\.|for example|send (?:e-?)?mail to)\b|https?://|alternat",
    re.IGNORECASE,
)
_BULLETS = re.compile(r"[\W_]")
_OFFICES = frozenset(
    {"postmaster", "mailer-daemon", "abuse", "support", "help", "helpdesk", "admin", "administrator", "hostmaster"}
    | {"webmaster", "root", "noreply", "no-reply"}
)
_FAILING = re.compile(
    r"undeliver|not (?:be )?(?:deliver|reach|sent|accept|collect|match)|fail|reject|refus|bounced|could ?n[o']t|unable"
    r"|error|unzustellbar|delayed|not a valid|エラー|未送達|失敗|退信|не доставлен",
    re.IGNORECASE,
)


class Failed(NamedTuple):
    """An address as written, and the lines that speak of it."""

    address: str
    words: str


class _Place(NamedTuple):
    weight: int
    row: int
    address: str
    sure: bool  # it stands in a place of its own, not amid a sentence


def part(text: str) -> tuple[str, str]:
    """The report's own words, and the mail that came back below them (may be '')."""
    lines = [line[:COLUMNS].rstrip() for line in text.split("\n", 4 * LINES)[: 4 * LINES]]
    cut = next((row for row in range(len(lines)) if _returned_begins(lines, row)), len(lines))
    return "\n".join(lines[: min(cut, LINES)]), "\n".join(lines[cut:])


def _returned_begins(lines: list[str], row: int) -> bool:
    line = lines[row][:120]
    if (_DECORATED.match(line) and _COPY.search(line)) or _FOLLOWS.search(line):
        return True
    names = _header_names(lines, row) if _FIELD.match(line) else []
    return len(names) >= 3 and names[0] in _FIRST and not _WIRE.isdisjoint(names)


def _header_names(lines: list[str], row: int) -> list[str]:
    """The names of the fields that stand together from this line on, at most eight lines."""
    names: list[str] = []
    for line in lines[row : row + 8]:
        found = _FIELD.match(line)
        if found:
            names.append(found.group(1).lower())
        elif not line[:1].isspace() and not line.startswith(">"):
            break
    return names


def after_headers(returned: str) -> str:
    """What stands below the first header block of a text: some reports show the headers first and the failures then."""
    lines = returned.split("\n")
    begin = next((row for row in range(len(lines)) if len(_header_names(lines, row)) >= 3), len(lines))
    end = next((row for row in range(begin, len(lines)) if not lines[row].strip()), len(lines))
    return "\n".join(lines[end:])


def recipients(returned: str) -> list[str]:
    """Whom the mail that came back was for, by its To and Received fields, as far as they are shown."""
    found: list[str] = []
    for line in returned.split("\n")[:80]:
        name, colon, value = line.lstrip("> \t").partition(":")
        if colon and name.lower() in ("to", "delivered-to", "x-original-to"):
            found += _ADDRESS.findall(value)[:ADDRESSES]
        found += [address for address in _ADDRESS.findall(line.partition(" for ")[2])[:1] if " for " in line]
    return found


def failed(words: str, ours: Collection[str], originals: Collection[str]) -> list[Failed]:
    """The addresses that failed, in order, each once.

    `ours` (lower case) sent the mail or the report and are named only when nobody else is; `originals` (lower case) the
    mail was for.
    """
    lines = words.split("\n")
    best: dict[str, _Place] = {}
    for place in _places(lines, ours, originals):
        known = best.get(lower(place.address))
        if known is None or place.weight > known.weight:
            best[lower(place.address)] = (
                place if known is None else place._replace(row=known.row, address=known.address)
            )
    strongest = max((place.weight for place in best.values()), default=0)
    chosen = [
        place for place in best.values() if place.weight >= max(ENOUGH, strongest - 2 if place.sure else strongest - 1)
    ]
    if not chosen:  # the only address a report names is the one it is about
        hinted = [place for place in best.values() if place.weight >= 0]
        chosen = hinted if len(hinted) == 1 else []
    rows = [place.row for place in chosen]
    return [
        Failed(place.address, _about(lines, place.row, rows)) for place in sorted(chosen, key=lambda place: place.row)
    ]


def _places(lines: list[str], ours: Collection[str], originals: Collection[str]) -> Iterator[_Place]:
    signals = [_signal(line) for line in lines]
    for row, line in enumerate(lines):
        for match in list(_ADDRESS.finditer(line))[:ADDRESSES] if "@" in line else ():
            address = _clean(match.group())
            if not address:
                continue
            before, after = line[: match.start()], line[match.end() :]
            own = _own_place(before, after, flows=row > 0 and _flows(lines[row - 1]))
            weight = own + _context(lines, signals, row, before, own) if own else 0
            if own and lower(address) in originals:
                weight += 3
            if lower(address) in ours or lower(address).partition("@")[0] in _OFFICES:
                weight -= 4
            yield _Place(weight, row, address, own >= 3)


def _flows(line: str) -> bool:
    """Whether a sentence goes on below this line."""
    return bool(line.strip()) and not line.endswith((".", ":", "!", "："))


def _signal(line: str) -> bool:
    return bool(smtpcodes.reply(line) or smtpcodes.enhanced(line) or smtpcodes.phrase(line) or _FAILING.search(line))


def _clean(found: str) -> str:
    """An address without what clings to it: bullets, quotes, dots, an X.400 wrapping."""
    local, _, host = _X400.sub("", found).partition("@")
    local, host = local.lstrip("*.'`|"), host.rstrip(".-_")
    return f"{local}@{host}" if local and host else ""


def _own_place(before: str, after: str, flows: bool) -> int:
    """3 for an address alone or at the head of its line, 4 behind a label of a recipient, else 2, 1 or -4; 0 for one
    that another was made from. `flows` says that the line may go on with a sentence from above.
    """
    ahead = before[-120:].rstrip(" \t<[(\"'*|").lower()
    ahead = ahead.removesuffix("smtp:").removesuffix("mailto:").removesuffix("rfc822;").rstrip(" \t<[(\"'")
    if not _BULLETS.sub("", ahead):
        prose = flows and not before.strip() and re.match(r" [^(]", after)
        return 1 if prose else 3
    label = ahead.rstrip(" :=：")
    if _ORIGIN.search(label[-40:]):
        return 0
    if _SENDER.search(label[-40:]):
        return -4
    if label == ahead or len(label) > 60:
        return 2 if _TOWARDS.search(label[-40:]) else 1
    if _RECIPIENT.search(label):
        return 4
    return 1 if _HEADER.search(label[-40:]) else 2


def _context(lines: list[str], signals: list[bool], row: int, before: str, own: int) -> int:
    """What the lines around add: 2 for a reason in the same sentence or 1 just below, 2 for an announcement above."""
    above = next((above for above in reversed(lines[max(row - 3, 0) : row]) if above.strip()), "")
    open_above = row > 0 and _flows(lines[row - 1])
    open_below = not lines[row].endswith((".", "!")) and row + 1 < len(lines)
    sentence = f"{lines[row - 1]} {before}" if open_above else before
    weight = -4 if own < 3 and _CONTACT.search(sentence.rpartition(". ")[2]) else 0
    if signals[row] or (open_above and signals[row - 1]) or (open_below and signals[row + 1]):
        weight += 2
    elif any(signals[row + 1 : row + 3]):
        weight += 1
    if own == 3 and _SENDER.search(above.rstrip(" :")[-40:]) and not _ORIGIN.search(above.rstrip(" :")[-40:]):
        return -4 - own
    announced = above.rstrip().endswith((":", "：", "-")) and _INTRO.search(above) and not _CONTACT.search(above)
    return weight + (2 if announced else 0)


def _about(lines: list[str], row: int, rows: list[int]) -> str:
    """The lines from an address to the next one."""
    end = min((other for other in rows if other > row), default=len(lines))
    return "\n".join(lines[row : min(end, row + 20)])


def bare_names(words: str) -> list[str]:
    """A name without a domain alone right below a line that announces addresses: some providers write so."""
    lines = [line.strip() for line in words.split("\n") if line.strip()]
    for above, line in pairwise(lines):
        if above.endswith(":") and _INTRO.search(above) and re.fullmatch(r"[A-Za-z0-9._-]{2,64}", line):
            return [line]
    return []
