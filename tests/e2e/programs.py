"""Members with real mail programs: each writes and replies as its program does, through the front, and reads by IMAP.

What a Reply looks like (fields, attribution, quotes) is the program's own doing in Mutt and S-nail. Swaks and msmtp
only carry: their replies have the fields any program sets and the words alone. The terminal of Mutt is one of ours.
"""

import imaplib
import json
import re
import shlex
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid
from pathlib import Path
from typing import NamedTuple

from e2e.ground import PASSWORD, PATIENCE, run, until

from mailer.mail.message import Message
from mailer.mail.parse import parse


class Mail(NamedTuple):
    """A mail in somebody's mailbox: as it lies there, and as read by us."""

    raw: bytes
    message: Message

    def get(self, name: str) -> str:
        return self.message.headers.get(name)

    @property
    def subject(self) -> str:
        return self.message.subject

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def back(self) -> str:
        """Where a Reply goes."""
        return (self.message.reply_to or self.message.senders)[0].address


class Desk(NamedTuple):
    """What a program has to be told: a directory for its files, where mail goes out and in, whom to believe."""

    place: Path
    smtp: int
    imap: int
    tls: Path


@dataclass
class Member:
    """Who has a mailbox. `login` is the mailbox's name where the address itself is beyond ASCII."""

    address: str
    name: str
    desk: Desk
    login: str = ""

    def mails(self) -> list[Mail]:
        """Everything in the INBOX, in the order it came."""
        with imaplib.IMAP4("127.0.0.1", self.desk.imap, timeout=PATIENCE) as box:
            box.login(self.login or self.address, PASSWORD)
            box.select("INBOX", readonly=True)
            _, found = box.fetch("1:*", "(BODY.PEEK[])") if box.search(None, "ALL")[1][0] else ("", [])
            raws = [part[1] for part in found if isinstance(part, tuple)]
        return [Mail(raw, parse(raw)) for raw in raws]

    def near(self, community: str) -> list[Mail]:
        """What came from a community, from any of its addresses."""
        return [mail for mail in self.mails() if re.match(rf"{community}[-@]", mail.message.senders[0].address)]

    def got(self, subject: str, community: str, count: int = 1) -> list[Mail]:
        """Mails of this subject from a community, once there are `count` of them."""

        def enough() -> list[Mail]:
            found = [mail for mail in self.near(community) if mail.subject == subject]
            return found if len(found) >= count else []

        return until(enough, f"{self.address} gets {count} × {subject!r} from {community}")

    def got_any(self, community: str) -> list[Mail]:
        """What came from a community, once there is something."""
        return until(lambda: self.near(community), f"{self.address} gets something from {community}")

    def one(self, subject: str, community: str) -> Mail:
        [mail] = self.got(subject, community)
        return mail

    def _reply(self, mail: Mail, text: str) -> EmailMessage:
        """What a program makes of Reply, without a quote."""
        again = mail.subject if mail.subject.lower().startswith("re:") else f"Re: {mail.subject}"
        reply = self._mail(mail.back, again, text)
        reply["In-Reply-To"] = f"<{mail.message.message_id}>"
        reply["References"] = " ".join(f"<{id}>" for id in (*mail.message.references, mail.message.message_id))
        return reply

    def _mail(self, to: str, subject: str, text: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = formataddr((self.name, self.address)) if self.address.isascii() else f"<{self.address}>"
        mail["To"], mail["Subject"] = to, subject
        mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=self.address.rpartition("@")[2])
        mail.set_content(text)
        return mail


class Mutt(Member):
    """Mutt: mail by its batch mode, replies by its own screen and keys, mailbox over IMAP."""

    def write(self, to: str, subject: str, text: str) -> None:
        run("mutt", "-F", self._settings(), "-s", subject, "--", to, said=text, home=self.desk.place)

    def reply(self, mail: Mail, text: str) -> None:
        """`text` above the quote, as most people write."""
        words = self.desk.place / f"{self.address}.words"
        words.write_text(f"{text}\n\n")
        editor = self.desk.place / "editor"
        editor.write_text(f'#!/bin/sh\ncat {words} "$1" >"$1.new" && mv "$1.new" "$1"\n')
        editor.chmod(0o755)
        here = f"<limit>=i {mail.message.message_id}<enter><first-entry>"
        keys = f'push "{here}<reply><send-message><quit>"'
        command = shlex.join(["mutt", "-F", str(self._settings(f"set editor={editor}")), "-e", keys])
        run("script", "-qec", command, "/dev/null", home=self.desk.place, TERM="xterm")

    def _settings(self, more: str = "") -> Path:
        file = self.desk.place / f"{self.address}.muttrc"
        desk = self.desk
        file.write_text(
            f"set from={self.address} realname={json.dumps(self.name)} use_from=yes\n"
            f"set smtp_url=smtp://127.0.0.1:{desk.smtp} ssl_ca_certificates_file={desk.tls}\n"
            f"set imap_user={self.address} imap_pass={PASSWORD} spoolfile=imap://127.0.0.1:{desk.imap}/INBOX\n"
            f"set folder={desk.place} tmpdir={desk.place} copy=no delete=no quit=yes\n"
            "set fast_reply=yes reply_to=yes include=yes abort_nosubject=no abort_unmodified=no\n"
            f"set sleep_time=0 mail_check=600 wait_key=no\n{more}\n"
        )
        return file


class Snail(Member):
    """S-nail, the old mailx: commands on its standard input. It quotes first, so that the answer is below."""

    def write(self, to: str, subject: str, text: str) -> None:
        run("s-nail", *self._settings(), "-s", subject, to, said=text, home=self.desk.place)

    def reply(self, mail: Mail, text: str) -> None:
        box = self.desk.place / f"{self.address}.mbox"
        box.write_bytes(b"From someone@example Mon Jan  1 00:00:00 2026\n" + mail.raw.replace(b"\r\n", b"\n") + b"\n")
        said = f"set quote\nreply 1\n{text}\n~.\nexit\n"
        run("s-nail", "-#", *self._settings(), "-R", "-f", box, said=said, home=self.desk.place)

    def _settings(self) -> list[str]:
        mine = {
            "v15-compat": "yes",
            "mta": f"smtp://127.0.0.1:{self.desk.smtp}",
            "smtp-auth": "none",
            "from": formataddr((self.name, self.address)),
            "sendwait": "yes",
            "ttycharset": "utf-8",
            "hostname": self.address.rpartition("@")[2],
        }
        return ["-n", *(word for key, value in mine.items() for word in ("-S", f"{key}={value}"))]


class Swaks(Member):
    """Swaks, over STARTTLS: no MIME, a Message-ID of its own."""

    def write(self, to: str, subject: str, text: str, *fields: str, mail_from: str | None = None) -> str:
        """What was said on the wire."""
        more = [word for field in fields for word in ("--add-header", field)]
        return run("swaks", "--server", f"127.0.0.1:{self.desk.smtp}", "--tls", "--timeout", "60",
                   "--from", self.address if mail_from is None else mail_from,
                   "--to", to, "--h-From", formataddr((self.name, self.address)),
                   "--h-Subject", subject, "--body", text, *more, home=self.desk.place)  # fmt: skip

    def reply(self, mail: Mail, text: str) -> None:
        made = self._reply(mail, text)
        named = [f"{name}: {made[name]}" for name in ("In-Reply-To", "References")]
        self.write(mail.back, made["Subject"], text, *named)


class Msmtp(Member):
    """msmtp, over STARTTLS with the certificate verified: a whole mail on standard input."""

    def write(self, to: str, subject: str, text: str) -> None:
        self._send(self._mail(to, subject, text))

    def reply(self, mail: Mail, text: str) -> None:
        self._send(self._reply(mail, text))

    def _send(self, mail: EmailMessage) -> None:
        file = self.desk.place / f"{self.address}.msmtprc"
        file.write_text(
            f"account default\nhost 127.0.0.1\nport {self.desk.smtp}\nfrom {self.address}\ntls on\ntls_starttls on\n"
            f"tls_trust_file {self.desk.tls}\ntimeout 60\n"
        )
        file.chmod(0o600)
        run("msmtp", "-C", file, "-t", said=mail.as_string(), home=self.desk.place)


class Script(Member):
    """Python's smtplib, as many a script of an office; SMTPUTF8 where the address wants it."""

    def write(self, to: str, subject: str, text: str) -> None:
        self._send(self._mail(to, subject, text))

    def reply(self, mail: Mail, text: str) -> None:
        self._send(self._reply(mail, text))

    def _send(self, mail: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self.desk.smtp, timeout=PATIENCE) as client:
            client.send_message(mail, self.address)
