"""What mailbox providers report about our mail: complaints of people, and tallies of what passed their checks.

Refuses to see a complaint where nobody complained: a report of failed checks, or of mail that was no spam after all,
takes nobody off a list. Called by `robots`, and by the reader of complaints.
"""

import re
from dataclasses import dataclass

from mailer.mail.message import Message
from mailer.mail.reports.enclosed import content_of, enclosed
from mailer.mail.subjects import is_forward, is_reply

HEAD = 4000  # bytes of a report or of an enclosed header that are looked at
LINES = 500  # of a report that are read
# RFC 5965 §7.3, RFC 6591 and RFC 6430: types in which no person says that the mail was unwanted
_NOBODY_COMPLAINED = frozenset({"auth-failure", "not-spam", "dkim", "dmarc", "virus"})
_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:@\\]{1,64}@[\w.-]{1,255}")
_ORIGINAL_RECIPIENT = (
    "x-hmxmroriginalrecipient"  # Outlook.com's, for whoever pressed "junk", in the mail inside or in the mail itself
)
# the first words of reports, also of those that lack their second part: "This is an email abuse report for an email …"
_ANNOUNCED = re.compile(
    r"\s{0,20}this is an? (?:email abuse report\b|(?:[\w/!.-]{1,30} ){1,5}report for an e-?mail message\b)",
    re.IGNORECASE,
)
# RFC 7489 §7.2.1.1 and RFC 8460 §5.1: receiver!domain!begin!end[!id].ending
_TALLY = re.compile(r"[^!\s]{1,255}![^!\s]{1,255}!\d{1,12}!\d{1,12}(?:![^!\s]{1,100})?\.(?:xml|json|gz|zip)(?:\.gz)?$")
_TALLY_SUBJECT = re.compile(r"report domain\s?:|\b(?:dmarc|tls) (?:aggregate |rua )?report", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a feedback report (RFC 5965) tells of the mail complained of. Any of it may be '' or made up by anyone:
    only a token of ours inside proves that we sent it.
    """

    recipient: str
    mail_from: str
    message_id: str
    unsubscribe: str


def feedback(message: Message) -> bool:
    """Whether a mailbox provider reports about one mail of ours: in the form of RFC 5965, or in a plain one."""
    if dict(message.parameters).get("report-type", "").lower() == "feedback-report":
        return True
    if _ORIGINAL_RECIPIENT in message.headers:
        return True
    if b"feedback-type:" in message.report[:HEAD].lower():
        return message.kind != "multipart/mixed" or _says_little(message)  # else somebody passes it on
    inside = content_of(message)[:HEAD].lower() if _says_little(message) else b""
    return _ORIGINAL_RECIPIENT.encode() + b":" in inside or (bool(inside) and _announces(message))


def complained(message: Message) -> Complaint | None:
    """Who complained of which mail, or None where nobody did."""
    if not feedback(message):
        return None
    fields = _fields(message.report)
    if fields.get("feedback-type", _announced(message)).lower() in _NOBODY_COMPLAINED:
        return None
    mail = enclosed(message) or (message if _ORIGINAL_RECIPIENT in message.headers else None)
    header = mail.headers.get if mail else lambda _: ""
    return Complaint(
        _address(fields.get("original-rcpt-to", "") or header(_ORIGINAL_RECIPIENT)),
        _address(fields.get("original-mail-from", "") or header("return-path")),
        mail.message_id if mail else "",
        header("list-unsubscribe"),
    )


def tallies(message: Message) -> bool:
    """Whether this is a provider's tally of the mail it got in our name (DMARC, TLS), which a program should read."""
    if dict(message.parameters).get("report-type", "").lower() == "tlsrpt":
        return True
    if any(part.type.startswith("application/tlsrpt+") for part in message.attachments):
        return True
    if is_reply(message.subject) or is_forward(message.subject) or message.in_reply_to:
        return False
    named = any(_TALLY.match("".join(part.name.split())) for part in message.attachments)
    return named and bool(_TALLY_SUBJECT.search(message.subject[:400]))


def _says_little(message: Message) -> bool:
    """Whether there are no words beside the enclosed mail but those of a program's introduction."""
    return not message.text.strip() or _announces(message)


def _announces(message: Message) -> bool:
    return bool(_ANNOUNCED.match(message.text[:300]))


def _announced(message: Message) -> str:
    """The type of a report that does not name it, after its introduction."""
    said = _ANNOUNCED.match(message.text[:300])
    return "auth-failure" if said and "authentication" in said.group().lower() else ""


def _fields(report: bytes) -> dict[str, str]:
    """The fields of a report by lower-case name, each the first time it stands."""
    fields: dict[str, str] = {}
    for line in report.decode("utf-8", "replace").split("\n")[:LINES]:
        name, colon, value = line[:1000].partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _address(value: str) -> str:
    """The last address in a field, for names may stand before it."""
    found = _ADDRESS.findall(value[:1000])
    return found[-1] if found else ""
