"""Postfix, twice, each with its own configuration and queue: the front as README.md sets it up, and a smarthost.

The front takes mail from members and hands it to the service by LMTP. The relay wants STARTTLS and a password,
delivers to the mailboxes, and returns what it cannot deliver. Root starts them; nothing of the system's own is used.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from e2e.ground import BORDER, DOMAIN, NOBODY, PATIENCE, answers, free_port, shown, until

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
smtpd_authorized_verp_clients = 127.0.0.1
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
