"""Whether a mail system wrote a mail, and whether to say that another one was not delivered.

Refuses to take a person for a mail system: who answers or forwards a report is no daemon, whatever is quoted. Called by
the readers of bounces and of automatic mail.
"""

import re

from mailer.mail.message import Message
from mailer.mail.reports import bouncetext, smtpcodes
from mailer.mail.reports.bouncewords import FAILURES, SUBJECTS
from mailer.mail.reports.robotwords import absent
from mailer.mail.subjects import is_forward, is_reply

_DAEMON = re.compile(
    r"(?:mailer[-_.]?d(?:ae|ea)mon|mail[-_.]?daemon|mdaemon|mailer-?error|mail[-_.]?delivery[\w.-]*"
    r"|mail[-_.]?system|[\w.-]{0,40}_mail_service)(?=@|$)",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"(?:postmaster|administrator|mail|root|system|admin|daemon|ndr|bounces?|smtp|inetgw\d*|microsoftexchange[\w-]*)(?=@|$)",
    re.IGNORECASE,
)
_DAEMON_NAME = re.compile(
    r"mail(?:er)? ?(?:delivery|daemon|system)|delivery ?(?:sub)?-?system|mailer-daemon|internet mail", re.IGNORECASE
)
_OFFICE_NAME = re.compile(r"administrator|postmaster|microsoft outlook|exchange|mail admin", re.IGNORECASE)
LINES = 15  # with words, of the beginning of a report: it says what it is in its first screen


def daemon(message: Message) -> bool:
    """Whether the author is a mail daemon by its name."""
    return any(_DAEMON.match(sender.address) or _DAEMON_NAME.search(sender.name) for sender in message.senders[:1])


def unanswerable(message: Message, mail_from: str | None = None) -> bool:
    """Whether the envelope had the null sender, as far as the mail or the envelope tells (RFC 5321 §4.5.5)."""
    return mail_from in ("", "<>") or message.headers.get("return-path", "-").strip() in ("<>", "")


def reporting(message: Message, mail_from: str | None = None) -> bool:
    """Whether a mail system says here that a mail was not, or not yet, delivered."""
    if ("report-type", "delivery-status") in message.parameters or "x-failed-recipients" in message.headers:
        return True
    subject = message.subject[:400].lower()
    if daemon(message):
        return bool(message.report) or "success" not in subject
    if absent(message.subject) and not message.report:
        return False
    said = any(phrase in subject for phrase in SUBJECTS)
    passed_on = is_reply(message.subject) or is_forward(message.subject)
    if unanswerable(message, mail_from) or _office(message):
        return bool(message.report) or (said and not passed_on) or speaks(message.text)
    return said and not passed_on and not message.in_reply_to and speaks(message.text)


def _office(message: Message) -> bool:
    """Whether the author is nobody, or an office that people as well as machines write from."""
    if not message.senders:
        return message.headers.get("from").strip().endswith("<>")
    sender = message.senders[0]
    return bool(_OFFICE.match(sender.address) or _OFFICE_NAME.search(sender.name))


def speaks(text: str) -> bool:
    """Whether the first lines say that a mail failed."""
    words, _ = bouncetext.part(text, announced=False)
    start = "\n".join([line for line in words.split("\n") if line.strip()][:LINES]).lower()
    return any(phrase in start for phrase in FAILURES) or bool(smtpcodes.enhanced(start))
