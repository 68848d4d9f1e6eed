"""Which recipients a non-delivery report names, and why: RFC 3464 fields first, then the words of the report.

Refuses to see a report in a mail that a person wrote, whatever it quotes. Called by the reader of mail for addresses
that fail, and by `robots`.
"""

import re
from collections.abc import Collection, Iterator

from mailer.mail.addressing import lower
from mailer.mail.message import Bounced, Message
from mailer.mail.reports import bouncetext, smtpcodes
from mailer.mail.reports.bouncewords import DELAYS
from mailer.mail.reports.daemons import reporting, speaks
from mailer.mail.reports.enclosed import enclosed

FIELDS = 5000  # lines of a delivery status that are read
RECIPIENTS = 100  # of a report that are named: each of our mails goes to one
WORDS = 3000  # characters that are searched for a reason: the first screen of a report, or the lines about one address
_GROUP = re.compile(r"(?im)^[ \t>]{0,8}(?:final|original)-recipient[ \t]{0,8}:")
_FIELD = re.compile(r"[ \t>]{0,8}([A-Za-z][A-Za-z-]{2,40})[ \t]{0,8}:(.*)")
_ADDRESS = re.compile(r"(?:\"[^\"\s\\]{1,64}\"|[^\s<>()\[\]\",;:@\\]{1,64})@[#\w.-]{1,255}")
_CODE = re.compile(r"[45]\d\d[ -]")  # some systems let the further lines of a reply begin a line
_NOT_FAILED = ("delivered", "relayed", "expanded")
_UNDEFINED = ("5.0.0", "4.0.0")  # failed, delayed: "other undefined status", RFC 3463 §3.1
_WHOLE = ("original-recipient", "final-recipient", "x-actual-recipient", "x-original-recipient")


def bounces(message: Message, mail_from: str | None = None) -> tuple[Bounced, ...]:
    """The recipients that a report says were not reached, each once; () when the mail is no such report.

    `mail_from` is the envelope's sender, where known: an empty one is half the proof of a report.
    """
    if not reporting(message, mail_from):
        return ()
    words, rest = bouncetext.part(message.text)
    report = message.report.decode("utf-8", "replace")
    for fields in (report, *(text for text in (words, rest) if _GROUP.search(text))):
        groups = _groups(fields)
        if groups:
            return _once([_of_fields(group, words[:WORDS]) for group in groups[:RECIPIENTS] if _failed(group)])
    returned = enclosed(message)
    return _once(_of_words(message, returned, words, rest)) or (bounces(returned) if returned else ())


def _groups(text: str) -> list[dict[str, str]]:
    """The per-recipient groups of a delivery status (RFC 3464 §2.3), by lower-case names. A blank line or another
    recipient begins a new one.
    """
    groups: list[dict[str, str]] = [{}]
    name = ""
    for line in text.split("\n", FIELDS)[:FIELDS]:
        line = line[: bouncetext.COLUMNS].rstrip("\r")
        found = _FIELD.match(line)
        if not line.strip():
            groups.append({})
        elif found:
            name = found.group(1).lower()
            if name == "final-recipient" and name in groups[-1]:
                groups.append({})
            groups[-1].setdefault(name, found.group(2).strip())
        elif (line[:1].isspace() or _CODE.match(line)) and name in groups[-1] and len(groups[-1][name]) < 2000:
            groups[-1][name] += " " + line.strip()
    return [group for group in groups if _recipient(group)]


def _recipient(group: dict[str, str]) -> str:
    """The address the mail was sent to: Original-Recipient where it is an address, else Final-Recipient."""
    found = [_ADDRESS.search(group[name].partition(";")[2] or group[name]) for name in _WHOLE if name in group]
    return next((match.group().rstrip(".") for match in found if match), "")


def _failed(group: dict[str, str]) -> bool:
    return not group.get("action", "failed").lower().lstrip().startswith(_NOT_FAILED)


def _of_fields(group: dict[str, str], words: str) -> Bounced:
    said = group.get("diagnostic-code", "")
    delayed = "delay" in group.get("action", "").lower()
    given = smtpcodes.enhanced(group.get("status", "") + " " + group.get("action", ""))
    if given.endswith(".0.0"):
        given = smtpcodes.refined(given, said)
    status = given or smtpcodes.status(said, delayed) or smtpcodes.status(words, delayed) or _UNDEFINED[delayed]
    permanent = status.startswith("5") and not delayed
    return Bounced(_recipient(group), status, permanent, smtpcodes.plain(status, said or words))


def _of_words(message: Message, returned: Message | None, words: str, rest: str) -> list[Bounced]:
    ours = {lower(box.address) for box in (*message.to, *message.senders)}
    authors, originals = bouncetext.parties(rest)
    if returned:
        authors = {lower(box.address) for box in returned.senders}
        originals = {lower(box.address) for box in returned.to}
    ours |= authors
    originals -= ours
    for view in _views(message, words, rest):
        found = bouncetext.failed(view, ours, originals)
        if found:
            return [_of_text(message, one.address, one.words[:WORDS], view[:WORDS]) for one in found[:RECIPIENTS]]
    named = _named_elsewhere(message, words) or _only(originals, returned, rest)
    return [_of_text(message, address, words[:WORDS], words[:WORDS]) for address in named[:RECIPIENTS]]


def _views(message: Message, words: str, rest: str) -> Iterator[str]:
    """The words of the report; then, for nobody is named there, more of it than a line that seemed to announce the mail
    that came back, and what stands below a header.
    """
    yield words
    yield bouncetext.part(message.text, announced=False)[0]
    below = bouncetext.after_headers(rest)
    if speaks(below):
        yield bouncetext.part(below)[0]


def _named_elsewhere(message: Message, words: str) -> list[str]:
    listed = _ADDRESS.findall(message.headers.get("x-failed-recipients")[:4000])
    host = message.senders[0].address.rpartition("@")[2] if message.senders else ""
    return listed or [f"{name}@{host}" for name in bouncetext.bare_names(words) if host]


def _only(originals: Collection[str], returned: Message | None, rest: str) -> list[str]:
    """The one recipient of the mail that came back, unless that was a list's: its To is not the one who failed."""
    names = set(returned.headers.names()) if returned else {line.partition(":")[0].lower() for line in rest.split("\n")}
    listed = any(name.startswith("list-") or name in ("precedence", "x-beenthere", "sender") for name in names)
    return [] if listed or len(originals) != 1 else list(originals)


def _delayed(text: str) -> bool:
    lowered = text.lower()
    return any(phrase in lowered for phrase in DELAYS)


def _of_text(message: Message, address: str, said: str, words: str) -> Bounced:
    """What the lines about one address say, or else all words of the report."""
    delayed = _delayed(message.subject[:400]) or _delayed(words)
    status = smtpcodes.status(said, delayed) or smtpcodes.status(words, delayed) or _UNDEFINED[delayed]
    return Bounced(address, status, status.startswith("5"), smtpcodes.plain(status, said))


def _once(found: list[Bounced]) -> tuple[Bounced, ...]:
    """Each recipient once, the first time it is named."""
    return tuple({lower(one.recipient): one for one in reversed(found)}.values())[::-1]
