"""Why a mail was not delivered, out of codes and words: RFC 3463 status, RFC 5321 reply, phrases of mail systems.

Refuses to guess from less: text with neither code nor known phrase has no status. Called by the readers of bounces.
"""

import re

from mailer.mail.reports.bouncewords import REASONS, TRANSIENT

# X.Y.Z that is no IP address, version or part of a longer number
_ENHANCED = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_CITED = re.compile(r"(?:^|[45]\d\d[ -]{1,2}|#|status:?\s?|code:?\s?)$", re.IGNORECASE)  # before what looks like a day
_REPLY = re.compile(
    r"(?:^|[\s('\"#:<\[])([45][0-5]\d)(?=[\s:#-])(?!\s+(?:k?bytes|[km]b|lines|recipients|days|hours)\b)", re.M
)

# RFC 3463 §3: the detail of a status, where the class is told by something else
_BY_REPLY = {
    "421": "3.2",
    "450": "2.0",
    "451": "3.0",
    "452": "3.1",
    "500": "5.2",
    "501": "1.3",
    "502": "5.1",
    "503": "5.1",
    "504": "5.4",
    "550": "1.1",
    "551": "1.6",
    "552": "2.2",
    "553": "1.3",
}


_PLAIN = {
    "1.1": "there is no such mailbox",
    "1.2": "there is no such domain",
    "1.3": "the address cannot be used",
    "1.6": "the person has moved",
    "1.10": "the domain takes no mail",
    "2.1": "the mailbox is closed",
    "2.2": "the mailbox is full",
    "2.3": "the mail is too large",
    "3.4": "the mail is too large",
    "4.1": "their mail server did not answer",
    "4.2": "their mail server hung up",
    "4.4": "their mail server cannot be found",
    "4.6": "the mail went round in circles",
    "4.7": "their mail server could not be reached for too long",
    "7.1": "their mail server refused the mail",
    "7.0": "their mail server refused the mail",
}
_PLAIN_BY_SUBJECT = {
    "1": "the address cannot be used",
    "2": "the mailbox takes no mail",
    "3": "their mail server could not take the mail",
    "4": "the mail could not be handed over",
    "5": "their mail server did not understand ours",
    "6": "their mail server could not read the mail",
    "7": "their mail server refused the mail",
}


def enhanced(text: str) -> str:
    """The first enhanced status in a text that is not x.0.0, else the first, else ''."""
    found = [".".join(str(int(part)) for part in match.groups()) for match in _ENHANCED.finditer(text) if _code(match)]
    return next((status for status in found if not status.endswith(".0.0")), found[0] if found else "")


def _code(match: re.Match[str]) -> bool:
    """Whether this is a status and no day of a year like 5.1.26, which has a reply or its name before it."""
    if not 20 <= int(match.group(3)) <= 39:
        return True
    return bool(_CITED.search(match.string[max(0, match.start() - 9) : match.start()]))


def reply(text: str) -> str:
    """The first SMTP reply code of class 4 or 5 in a text, or ''."""
    match = _REPLY.search(text)
    return match.group(1) if match else ""


def phrase(text: str) -> str:
    """The detail ('1.1') that the words of a text tell, or ''."""
    lowered = text.lower()
    return next((detail for detail, phrases in REASONS if any(phrase in lowered for phrase in phrases)), "")


def transient(text: str) -> bool:
    """Whether the words say that it may work another time."""
    lowered = text.lower()
    return any(phrase in lowered for phrase in TRANSIENT)


def status(text: str, delayed: bool = False) -> str:
    """The status of a failure described in `text`, or ''. A code that is written beats one that words imply."""
    written, code, detail = enhanced(text), reply(text), phrase(text)
    if written and not written.endswith(".0.0"):
        return written
    if written or code:
        kind = (written or code)[0]
        detail = detail or _BY_REPLY.get(code, "0.0")
        return f"{kind}.{detail}"
    return f"{'4' if delayed else '5'}.{detail}" if detail else ""


def refined(status: str, reply: str) -> str:
    """A status that tells no more than its class, with the detail that the reply writes or words; else as it is."""
    written = enhanced(reply)
    detail = written[2:] if written and not written.endswith(".0.0") else phrase(reply)
    return f"{status[0]}.{detail}" if detail else status


def plain(status: str, text: str = "") -> str:
    """The reason as a person would say it: from the status, or from the words where the status says nothing."""
    _, _, detail = status.partition(".")
    if detail in ("", "0.0"):
        detail = phrase(text) or detail
    return _PLAIN.get(detail) or _PLAIN_BY_SUBJECT.get(detail.partition(".")[0], "the mail could not be delivered")
