"""Dovecot with mailboxes by LMTP and IMAP, rules by Sieve, and the passwords of the relay."""

import os
import subprocess
from pathlib import Path

from e2e.ground import NOBODY, PASSWORD, PATIENCE, answers, free_port, until

DOVECOT = """
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{tls}
ssl_key = <{tls}
disable_plaintext_auth = no
auth_mechanisms = plain
first_valid_uid = 1
mail_location = maildir:{mail}/%d/%n
submission_host = 127.0.0.1:{front}
postmaster_address = postmaster@mailboxes.example
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {place}/users
}}
userdb {{
  driver = passwd-file
  args = {place}/users
  default_fields = uid={nobody} gid={nobody} home={place}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service lmtp {{
  unix_listener {place}/lmtp {{
    mode = 0666
  }}
}}
service auth {{
  unix_listener {place}/auth {{
    mode = 0666
  }}
}}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = file:{place}/home/%u/rules.sieve
}}
"""


class Dovecot:
    """Mailboxes of these addresses, and logins that are none."""

    def __init__(self, place: Path, tls: Path, front: int, boxes: list[str]) -> None:
        self.place, self.port = place, free_port()
        mail = place.parent / "mail"
        for part in ("", "run", "state", "home"):
            (place / part).mkdir()
        for box in boxes:
            name, _, domain = box.partition("@")
            for made in (mail / domain / name, place / "home" / box):
                made.mkdir(parents=True)
                for each in (made, made.parent):
                    os.chown(each, NOBODY, NOBODY)
        users = "".join(f"{name}:{PASSWORD}::::::\n" for name in [*boxes, "lists"])
        (place / "users").write_text(users)
        (place / "dovecot.conf").write_text(
            DOVECOT.format(place=place, tls=tls, mail=mail, port=self.port, front=front, nobody=NOBODY)
        )
        self.process: subprocess.Popen[bytes] | None = None

    def rules(self, box: str, sieve: str = "keep;\n") -> None:
        """What this mailbox does with mail that comes in, from now on."""
        file = self.place / "home" / box / "rules.sieve"
        file.write_text(sieve, "utf-8")
        os.chown(file, NOBODY, NOBODY)

    def log(self) -> str:
        return (self.place / "log").read_text("utf-8", "replace")

    def start(self) -> None:
        self.process = subprocess.Popen(["dovecot", "-F", "-c", str(self.place / "dovecot.conf")])
        until(lambda: answers(self.port), "dovecot answers")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(PATIENCE)
