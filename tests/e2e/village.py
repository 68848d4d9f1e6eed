"""All servers at once, and who lives there."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from e2e.dovecot import Dovecot
from e2e.ground import DOMAIN, certificate, free_port, until
from e2e.postfix import front, relay
from e2e.programs import Desk, Member, Msmtp, Mutt, Script, Snail, Swaks
from e2e.service import Service

MEMBERS = (
    "ana@acme.example",
    "bob@nord.example",
    "chi@kisumu.example",
    "dag@fjord.example",
    "eva@office.example",
    "josé@norte.example",
)
GONE = "gone@acme.example"  # a member without a mailbox
COMMUNITIES = (
    *("wells", "mud", "cement", "barriers", "site", "norte"),
    *("steel", "rigs", "loops", "gas", "pumps", "valves", "flow", "exits", "crowd"),
)
"""One for each test, there before the service starts: it may be two seconds late to notice a new one."""
ASCII_NAMES = str.maketrans("é", "e")


class Village:
    """Front, service, relay and mailboxes, with the certificate they share, in a directory of their own."""

    def __init__(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="mailer-e2e-"))
        self.place.chmod(0o755)  # Postfix and Dovecot have users of their own
        tls = certificate(self.place / "tls.pem")
        lmtp = free_port()
        boxes = [address.translate(ASCII_NAMES) for address in MEMBERS]
        self.front = front(self.place / "front", tls, lmtp, MEMBERS)
        self.dovecot = Dovecot(self.place / "dovecot", tls, self.front.port, boxes)
        domains = {address.rpartition("@")[2] for address in MEMBERS}
        self.relay = relay(self.place / "relay", tls, self.front.port, domains)
        self.service = Service(self.place / "service", tls, lmtp, self.relay.port)
        for name in COMMUNITIES:
            self.service.with_settings("community", "add", name, "--title", name.capitalize())
        self.desk = Desk(self.place, self.front.port, self.dovecot.port, tls)

    def start(self) -> None:
        for one in (self.dovecot, self.relay, self.front, self.service):
            one.start()

    def stop(self, keep: bool = False) -> None:
        for one in (self.service, self.front, self.relay, self.dovecot):
            one.stop()
        if keep:
            print(f"kept: {self.place}")
        else:
            shutil.rmtree(self.place)

    def found(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the service has written down."""
        with closing(sqlite3.connect(f"file:{self.place}/service/mailer.db?mode=ro", uri=True)) as db:
            return list(db.execute(query, values))

    def ledger(self, community: str) -> list[tuple[str, str]]:
        """What became of the mails of a community: a word and a detail each, in order."""
        query = "SELECT what, detail FROM ledger l JOIN community c ON c.id = community_id WHERE name = ? ORDER BY l.id"
        return [(str(what), str(detail)) for what, detail in self.found(query, community)]

    def outcome(self, community: str, what: str, detail: str = "") -> None:
        """Wait until this stands in the ledger of a community."""
        until(
            lambda: any(one == what and detail in more for one, more in self.ledger(community)),
            f"{what} {detail} in the ledger of {community}",
        )


@dataclass
class Cast:
    """Who plays."""

    village: Village
    ana: Mutt
    bob: Snail
    chi: Swaks
    dag: Msmtp
    eva: Script
    jose: Script

    def community(self, name: str, *members: Member, gone: int = 0) -> str:
        """One of COMMUNITIES gets these members, with Eva as its facilitator, and so many without a mailbox; its
        address."""
        rows = [f"{one.address},{one.name},{'facilitator' if one is self.eva else 'member'}" for one in members]
        rows += [f"{GONE if number == 0 else f'{number}.{GONE}'},Gunn Lie,member" for number in range(gone)]
        file = self.village.place / f"{name}.csv"
        file.write_text("\n".join(["address,name,role", *rows]), "utf-8")
        self.village.service.with_settings("member", "import", file, "--community", name)
        return f"{name}@{DOMAIN}"
