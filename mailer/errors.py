"""What can go wrong, in four words, and what the listener says about it, in one table.

Decisions are return values. An exception is one of these four; anything else that escapes is treated as try-later.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """One SMTP reply: code (RFC 5321 §4.2), enhanced code (RFC 3463, '' where RFC 2034 wants none), fixed text."""

    code: int
    enhanced: str
    text: str

    def line(self, **facts: object) -> str:
        """The reply as one line without CRLF; `facts` fill the named places of the text."""
        return " ".join(filter(None, (str(self.code), self.enhanced, self.text.format(**facts))))


REPLIES: dict[str, Reply] = {
    "banner": Reply(220, "", "{domain} {protocol} mailer"),
    "hello": Reply(250, "", "{domain}"),
    "ok": Reply(250, "2.0.0", "OK"),
    "sender-ok": Reply(250, "2.1.0", "OK"),
    "recipient-ok": Reply(250, "2.1.5", "OK"),
    "go-ahead": Reply(354, "", "Go ahead, and end with a dot on a line of its own"),
    "help": Reply(214, "2.0.0", "See RFC 5321"),
    "tls-ready": Reply(220, "2.0.0", "Go ahead with TLS"),
    "bye": Reply(221, "2.0.0", "Bye"),
    "not-telling": Reply(252, "2.0.0", "Send a mail and see"),
    "queued": Reply(250, "2.0.0", "Queued as {id}"),
    "unknown-address": Reply(550, "5.1.1", "No such address here"),
    "foreign-domain": Reply(550, "5.7.1", "We do not relay mail for that domain"),
    "bad-address": Reply(501, "5.1.3", "That address cannot be understood"),
    "bad-sender": Reply(501, "5.1.7", "That sender address cannot be understood"),
    "too-many-recipients": Reply(452, "4.5.3", "Too many recipients, send the rest in another mail"),
    "too-big": Reply(552, "5.3.4", "That mail is larger than we take"),
    "bad-content": Reply(550, "5.6.0", "A line does not end in CRLF, or there is a NUL"),
    "loop": Reply(554, "5.4.6", "This mail has been here before"),
    "tls-required": Reply(530, "5.7.0", "Use STARTTLS first"),
    "login-required": Reply(530, "5.7.0", "Log in first"),
    "full": Reply(452, "4.3.1", "No room at the moment, try again later"),
    "too-many-connections": Reply(421, "4.7.0", "Too many connections, try again later"),
    "too-many-mails": Reply(451, "4.7.1", "Too many mails, try again later"),
    "too-many-guesses": Reply(451, "4.7.1", "Too many addresses that were none, try again later"),
    "too-many-errors": Reply(421, "4.7.0", "Too many errors"),
    "not-smtp": Reply(421, "4.7.0", "This is a mail server"),
    "too-slow": Reply(421, "4.4.2", "Too slow, try again later"),
    "closing": Reply(421, "4.3.2", "Closing, try again in a moment"),
    "needs-utf8": Reply(553, "5.6.7", "Such an address needs SMTPUTF8"),
    "bad-parameter": Reply(555, "5.5.4", "We do not know that parameter"),
    "bad-syntax": Reply(501, "5.5.2", "That command cannot be understood"),
    "line-too-long": Reply(500, "5.5.2", "That command is too long"),
    "unknown-command": Reply(500, "5.5.1", "We do not know that command"),
    "not-done-here": Reply(502, "5.5.1", "We do not do that"),
    "out-of-order": Reply(503, "5.5.1", "Another command comes first"),
    "trouble": Reply(451, "4.3.0", "Something went wrong here, try again later"),
}


class Malformed(Exception):
    """These bytes are no mail that can be understood. Raised only inside `mail/`."""


class Refused(Exception):
    """No, for good. `reason` is a key of REPLIES."""

    def __init__(self, reason: str) -> None:
        super().__init__(REPLIES[reason].line(id=""))
        self.reason = reason


class TryLater(Exception):
    """Not now. `reason` is a key of REPLIES."""

    def __init__(self, reason: str = "trouble") -> None:
        super().__init__(REPLIES[reason].line(id=""))
        self.reason = reason


class Misconfigured(Exception):
    """The start stops here: exit status 78 (EX_CONFIG). The text says what is wrong, where, and what to do."""
