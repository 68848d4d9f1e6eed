"""Whether a mail system wrote a mail, and whether to say that another one was not delivered.

Refuses to take a person for a mail system: who answers or forwards a report is no daemon, whatever is quoted. Called by
the readers of bounces and of automatic mail.
"""

import re

from mailer.mail.message import Message
from mailer.mail.reports import bouncetext, smtpcodes
from mailer.mail.reports.bouncewords import FAILURES, SUBJECTS
from mailer.mail.reports.enclosed import enclosed
from mailer.mail.reports.robotwords import ASKED, asks
from mailer.mail.reports.vacations import absent, leaves
from mailer.mail.subjects import is_forward, is_reply

_DAEMON = re.compile(
    r"(?:mailer[-_.]?d(?:ae|ea)mon|mail[-_.]?daemon|mdaemon|mailer-?error|mail[-_.]?delivery[\w.-]*"
    r"|mail[-_.]?system|microsoftexchange[0-9a-f]{20,40}|[\w.-]{0,40}_mail_service)(?=@|$)",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"(?:post_?master|ndr|inetgw\d*)(?=@|$)", re.IGNORECASE)
_DESK = re.compile(r"(?:administrator|mail|root|system|admin|daemon|bounces?|smtp)(?=@|$)", re.IGNORECASE)
_DAEMON_NAME = re.compile(
    r"mail(?:er)? ?(?:delivery|daemon|system)|delivery ?(?:sub)?-?system|mailer-daemon|internet mail", re.IGNORECASE
)
_OFFICE_NAME = re.compile(r"administrator|postmaster|microsoft outlook|exchange|mail admin", re.IGNORECASE)
_CITED = re.compile(r"(?m)^\s{0,3}[>|]\s?[^>\s]")
_DISPOSITION = re.compile(rb"(?im)^disposition[ \t]{0,8}:")
_REFUSED = re.compile(rb"(?im)^disposition[ \t]{0,8}:[^\n]{0,80};[ \t]{0,8}deleted")
_DELIVERY = re.compile(rb"(?im)^(?:action|status)[ \t]{0,8}:")
REPORT = 4000  # bytes of a report that are looked at
LINES = 15  # with words, of the beginning of a report: it says what it is in its first screen


def daemon(message: Message) -> bool:
    """Whether the author is a mail daemon by its name."""
    return any(_DAEMON.match(sender.address) or _DAEMON_NAME.search(sender.name) for sender in message.senders[:1])


def unanswerable(message: Message, mail_from: str | None = None) -> bool:
    """Whether the envelope had the null sender, as far as the mail or the envelope tells (RFC 5321 §4.5.5)."""
    return mail_from in ("", "<>") or message.headers.get("return-path", "-").strip() in ("<>", "")


def disposing(message: Message) -> bool:
    """Whether a report tells what became of a mail that was delivered (RFC 8098), which names its reader in the same
    words as one that was not, and comes from the null sender as well. A mail that a filter refuses counts as not
    delivered (RFC 5429 §2.1.2).
    """
    start = message.report[:REPORT]
    found = _kind(message) == "disposition-notification" or (_DISPOSITION.search(start) and not _DELIVERY.search(start))
    return bool(found) and not (_REFUSED.search(start) and speaks(message.text))


def reporting(message: Message, mail_from: str | None = None) -> bool:
    """Whether a mail system says here that a mail was not, or not yet, delivered."""
    if disposing(message):
        return False
    if _kind(message) == "delivery-status" or _marked(message):
        return True
    if daemon(message):
        return bool(message.report) or "success" not in message.subject[:400].lower()
    if absent(message.subject) and not message.report:
        return False
    if unanswerable(message, mail_from):
        return bool(message.report) or _titled(message) or (speaks(message.text) and not _away(message))
    if _office(message):
        return bool(message.report) or (_tells(message) and (_titled(message) or _states(message)))
    if _desk(message) and _titled(message) and _tells(message):
        return True
    if not _nobody(message):
        return False
    if b"final-recipient:" in message.report.lower():
        return not _passed_on(message)
    return _states(message) and (_returns(message) or (_titled(message) and _tells(message)))


def _kind(message: Message) -> str:
    """What a whole mail says to report (RFC 6522 §3)."""
    return dict(message.parameters).get("report-type", "").strip().lower()


def _away(message: Message) -> bool:
    """Whether a program answers for somebody who is not there: it may say that it delivered nothing, but brings no mail
    back and cites no reply.
    """
    return leaves(message.text) and not smtpcodes.reply(message.text[:4000]) and enclosed(message) is None


def _marked(message: Message) -> bool:
    """Whether a header says what this is: Exim's and Gmail's, Exchange's, or CommuniGate's."""
    if "x-failed-recipients" in message.headers or "x-ms-exchange-message-is-ndr" in message.headers:
        return True
    return message.headers.get("x-mapi-message-class").upper().startswith("REPORT.IPM.NOTE.NDR")


def _titled(message: Message) -> bool:
    """Whether the subject is a report's, and of no mail that passes a report on."""
    subject = message.subject[:400].lower()
    return not _passed_on(message) and any(phrase in subject for phrase in SUBJECTS)


def _passed_on(message: Message) -> bool:
    return is_reply(message.subject) or is_forward(message.subject)


def _states(message: Message) -> bool:
    """Whether the first lines say that a mail failed, and it is not said by who quotes it or asks about it."""
    return speaks(message.text) and not _CITED.search(message.text[:ASKED]) and not asks(message.text)


def _tells(message: Message) -> bool:
    """Whether the mail has what a report is for: whom it is about, or the mail that came back. Who writes about parcels
    or refusals has neither.
    """
    words, rest = bouncetext.part(message.text)
    return "@" in words or bool(rest) or enclosed(message) is not None


def _returns(message: Message) -> bool:
    """Whether a mail comes back as a part of its own."""
    return not _passed_on(message) and enclosed(message) is not None


def _office(message: Message) -> bool:
    """Whether the author is nobody, or an office of a mail system."""
    if not message.senders:
        return not message.headers.get("from") or message.headers.get("from").strip().endswith("<>")
    sender = message.senders[0]
    return bool(_OFFICE.match(sender.address) or _OFFICE_NAME.search(sender.name))


def _desk(message: Message) -> bool:
    """Whether the address is one that people write from as well, but they do so under their names."""
    return any(_DESK.match(sender.address) and not sender.name for sender in message.senders[:1])


def _nobody(message: Message) -> bool:
    """Whether the author has no name and answers nothing."""
    return not message.in_reply_to and not any(sender.name for sender in message.senders)


def speaks(text: str) -> bool:
    """Whether the first lines say that a mail failed."""
    words, _ = bouncetext.part(text, announced=False)
    start = "\n".join([line for line in words.split("\n") if line.strip()][:LINES]).lower()
    return any(phrase in start for phrase in FAILURES) or bool(smtpcodes.enhanced(start))
