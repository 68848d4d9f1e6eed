"""Real servers on 127.0.0.1, each with its own configuration in a directory of ours; nothing of the system's is used.

    front   Postfix, set up as README.md says: takes mail from members, hands it to the service by LMTP
    relay   Postfix, a provider's smarthost: STARTTLS and a password, delivers to the mailboxes
    dovecot mailboxes by LMTP and IMAP, vacation by Sieve, passwords for the relay
    service `mailer serve`, with the settings README.md shows

Ports are high and free, processes are ours and ended by their own number. Postfix wants root.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from click.testing import CliRunner

from mailer.__main__ import verbs

T = TypeVar("T")

DOMAIN = "cop.example"
BORDER = f"mx.{DOMAIN}"
PASSWORD = "for-tests-only"
NOBODY = 65534  # uid and gid of whom the mailboxes belong to
PATIENCE = 45.0  # seconds anything may take on a busy machine
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(found: Callable[[], T], what: str, patience: float = PATIENCE) -> T:
    """Ask again until the answer is true; what it was. Raises AssertionError with `what` when it never is."""
    end = time.monotonic() + patience
    while not (answer := found()):
        assert time.monotonic() < end, f"{what}: not within {patience:.0f} s"
        time.sleep(0.05)
    return answer


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def shown(heading: str, replaced: dict[str, str]) -> str:
    """The block README.md shows after these words, with our names and ports for its own."""
    found = re.search(rf"{re.escape(heading)}\n\n```\w*\n(.*?)```", README, re.DOTALL)
    assert found, f"README.md shows nothing after {heading!r}"
    block = found[1]
    for old, new in replaced.items():
        assert old in block, f"README.md no longer says {old} after {heading!r}"
        block = block.replace(old, new)
    return block


def run(*command: str | Path, **more: object) -> str:
    """What a program said. Raises AssertionError with all of it when it failed."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=PATIENCE, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return str(done.stdout)


MASTER = """
cleanup    unix n - n - 0 cleanup
qmgr       unix n - n 1 1 qmgr
tlsmgr     unix - - n 1000? 1 tlsmgr
rewrite    unix - - n - - trivial-rewrite
bounce     unix - - n - 0 bounce
defer      unix - - n - 0 bounce
trace      unix - - n - 0 bounce
verify     unix - - n - 1 verify
proxymap   unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp       unix - - n - - smtp
relay      unix - - n - - smtp
lmtp       unix - - n - - lmtp
virtual    unix - n n - - virtual
error      unix - - n - - error
retry      unix - - n - - error
anvil      unix - - n - 1 anvil
scache     unix - - n - 1 scache
postlog    unix-dgram n - n - 1 postlogd
"""

HOUSE = """
compatibility_level = 3.6
myhostname = {name}.{domain}
config_directory = {place}
queue_directory = {place}/queue
data_directory = {place}/data
maillog_file = {place}/log
maillog_file_prefixes = {place}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
alias_maps =
mynetworks = 127.0.0.250/32
notify_classes =
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_tls_chain_files = {tls}
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
in_flow_delay = 0
"""


class Postfix:
    """One instance with its queue; `settings` come after those every instance here has."""

    def __init__(self, place: Path, tls: Path, settings: str) -> None:
        self.place, self.port = place, free_port()
        place.mkdir()
        (place / "data").mkdir()
        (place / "queue").mkdir()
        shutil.chown(place / "data", "postfix")
        base = HOUSE.format(name=place.name, domain=DOMAIN, place=place, tls=tls)
        (place / "main.cf").write_text(base + settings, "utf-8")
        (place / "master.cf").write_text(f"127.0.0.1:{self.port} inet n - n - - smtpd\n{MASTER.lstrip()}")

    def start(self) -> None:
        self._say("start")
        until(lambda: answers(self.port), f"{self.place.name} answers")

    def stop(self) -> None:
        """Orderly; what waits in its queue waits there."""
        if answers(self.port):
            self._say("stop")

    def log(self) -> str:
        return (self.place / "log").read_text("utf-8", "replace")

    def _say(self, word: str) -> None:
        done = subprocess.run(
            ["postfix", "-c", str(self.place), word], capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, f"postfix {word}: {done.stdout}{done.stderr}{self.log()[-2000:]}"


def front(place: Path, tls: Path, lmtp: int, members: Iterable[str]) -> Postfix:
    """As README.md shows it. A milter's verdict on who wrote a mail is played by a table: the members' own servers
    pass, everybody else gets a field that says nothing, so that what a mail brings along is never on top."""
    verdicts = place.parent / "verdicts"
    rows = [
        f"/^{re.escape(address)}$/ PREPEND Authentication-Results: {BORDER}; dmarc=pass header.from={domain}"
        for address in members
        for domain in [address.rpartition("@")[2]]
    ]
    verdicts.write_text("\n".join([*rows, f"/^/ PREPEND Authentication-Results: {BORDER}; none", ""]), "utf-8")
    ours = {"lists.example.org": DOMAIN, "8024": str(lmtp)}
    said = shown("In `/etc/postfix/main.cf`:", ours)
    more = f"smtpd_tls_security_level = may\nsmtpd_sender_restrictions = check_sender_access regexp:{verdicts}\n"
    return Postfix(place, tls, f"{said}\n{more}")


RELAY = """
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {place}/auth
smtpd_tls_auth_only = yes
smtpd_tls_security_level = encrypt
smtpd_relay_restrictions = permit_sasl_authenticated, reject
relay_domains = {domains}
relay_transport = lmtp:unix:{place}/lmtp
virtual_mailbox_domains = norte.example
virtual_mailbox_base = {mail}
virtual_mailbox_maps = inline:{{ {{ josé@norte.example = norte.example/jose/ }} }}
virtual_minimum_uid = 1
virtual_uid_maps = static:{nobody}
virtual_gid_maps = static:{nobody}
transport_maps = inline:{{ {{ {domain} = smtp:[127.0.0.1]:{front} }} }}
"""


def relay(place: Path, tls: Path, front: int, domains: set[str]) -> Postfix:
    """A smarthost that knows who may send, and returns what it cannot deliver to the front. Dovecot's LMTP takes no
    address beyond ASCII, so the one domain that has such is delivered by Postfix itself."""
    house = place.parent
    said = RELAY.format(
        place=house / "dovecot",
        mail=house / "mail",
        domains=", ".join(sorted(domains - {"norte.example"})),
        domain=DOMAIN,
        front=front,
        nobody=NOBODY,
    )
    return Postfix(place, tls, said)


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


MORE = """
first_retry = "1s"

[web]
listen = "127.0.0.1:{web}"
url = "http://127.0.0.1:{web}/"
"""


class Service:
    """`mailer serve` in a process of its own."""

    def __init__(self, place: Path, tls: Path, lmtp: int, relay: int) -> None:
        self.place, self.lmtp, self.web = place, lmtp, free_port()
        self.env = os.environ | {"SSL_CERT_FILE": str(tls)}  # the relay's certificate is our own
        self.process: subprocess.Popen[bytes] | None = None
        self.mailer("init", place, "--domain", DOMAIN)
        ours = {"lists.example.org": DOMAIN, "mx.example.org": BORDER, "8024": str(lmtp)}
        head = shown("In `mailer.toml`:", ours).partition("[relay]")[0]
        provider = {"smtp.provider.example": "127.0.0.1", "587": str(relay)}
        smarthost = shown("Through a provider's smarthost instead:", provider)
        (place / "mailer.toml").write_text(head + smarthost + MORE.format(web=self.web), "utf-8")
        (place / "relay.password").touch(0o600)
        (place / "relay.password").write_text(f"{PASSWORD}\n")

    def mailer(self, *words: str | Path) -> str:
        """The command, as an operator types it; what it said."""
        done = CliRunner().invoke(verbs, [str(word) for word in words])
        assert done.exit_code == 0, f"mailer {words}: {done.output}{done.exception!r}"
        return done.output

    def with_settings(self, *words: str | Path) -> str:
        return self.mailer(*words, "-c", self.place / "mailer.toml")

    def start(self) -> None:
        with (self.place / "journal").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mailer", "serve", "-c", str(self.place / "mailer.toml")],
                stderr=log,
                env=self.env,
            )
        until(lambda: answers(self.lmtp), "the service answers")

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
            self.process = None


def certificate(file: Path) -> Path:
    """A key and its certificate for 127.0.0.1, in one file."""
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
        "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
        "-keyout", file.with_suffix(".key"), "-out", file.with_suffix(".crt"))  # fmt: skip
    file.write_text(file.with_suffix(".key").read_text() + file.with_suffix(".crt").read_text())
    file.chmod(0o644)
    return file
