"""What every step inside a transaction has at hand. Passed on, never stored."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from mailer.config import Settings
from mailer.mail import addressing
from mailer.mail.tokens import Keys
from mailer.outbound.render import Press
from mailer.store.society.people import Community


@dataclass(frozen=True, slots=True)
class House:
    """What does not change while the service runs. `mint` gives a fresh random word for a Message-ID."""

    settings: Settings
    keys: Keys
    press: Press
    mint: Callable[[], str]

    def desk(self, conn: Connection, now: datetime) -> "Desk":
        return Desk(self.settings, self.keys, self.press, self.mint, conn, now)


@dataclass(frozen=True, slots=True)
class Desk(House):
    """One transaction at one moment (aware UTC)."""

    conn: Connection
    now: datetime

    def at(self, now: datetime) -> "Desk":
        return replace(self, now=now)

    def address(self, community: Community, verb: str = "", token: str = "") -> str:
        """One of our own addresses: the community's, or that of a word."""
        return addressing.join(community.name, verb, token, self.settings.domain, self.settings.delimiter)

    def message_id(self, kind: str) -> str:
        """A fresh Message-ID without angle brackets."""
        return f"{kind}.{self.mint()}@{self.settings.domain}"
