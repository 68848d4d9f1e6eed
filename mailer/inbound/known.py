"""Which addresses are ours: asked by the listener at each RCPT, answered from a short memory of the communities.

A token that is none is as unknown as a name that is none: a forged bounce or unsubscribe ends here.
"""

import time

from sqlalchemy import Connection

from mailer.config import Settings
from mailer.mail import addressing, tokens
from mailer.mail.tokens import Keys
from mailer.store import people
from mailer.store.db import Store

DUTY = frozenset({"postmaster", "abuse"})  # RFC 5321 §4.5.1, RFC 2142: someone is always there
FRESH = 2.0  # seconds a list of communities is good for

_PURPOSES = {"r": "reply", "bounces": "bounce", "leave": "leave", "private": "private"}


class Known:
    """The addresses of all communities, and their tokens."""

    def __init__(self, settings: Settings, store: Store, keys: Keys) -> None:
        self._settings = settings
        self._store = store
        self._keys = keys
        self._names: frozenset[str] = frozenset()
        self._until = 0.0

    async def __call__(self, address: str) -> bool:
        """Whether mail to this canonical address means something here."""
        local, _, domain = address.rpartition("@")
        if domain != self._settings.domain:
            return False
        if local in DUTY:
            return True
        if time.monotonic() > self._until:
            self._names = await self._store.read(_names)
            self._until = time.monotonic() + FRESH
        found = addressing.split(local, self._names, self._settings.delimiter)
        if found is None and addressing.newcomer(local, self._settings.delimiter) is not None:
            return self._settings.new_communities != "nobody"
        if found is None or not found.token:
            return found is not None
        purpose = _PURPOSES.get(found.verb)
        return purpose is not None and tokens.unseal(self._keys, purpose, found.token) is not None


def _names(conn: Connection) -> frozenset[str]:
    return frozenset(community.name for community in people.communities(conn))
