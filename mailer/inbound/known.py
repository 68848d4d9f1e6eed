"""Which addresses are ours: asked by the listener at each RCPT, answered from a short memory of the communities.

Nobody is refused from memory: what is not in it is looked up, one look for all who ask meanwhile and LOOKS a second at
most, so that a community is there for every process as soon as it is, and a flood of strangers costs the database
little. A token that is none is as unknown as a name that is none: a forged bounce or unsubscribe ends here.
"""

import asyncio
import time

from sqlalchemy import Connection

from mailer import journal
from mailer.config import Settings
from mailer.errors import TryLater
from mailer.mail import addressing, tokens
from mailer.mail.addressing import Local
from mailer.mail.tokens import Keys
from mailer.store.db import Store
from mailer.store.society import people

DUTY = frozenset({"postmaster", "abuse"})  # RFC 5321 §4.5.1, RFC 2142: someone is always there
FRESH = 2.0  # seconds a list of communities is good for
LOOKS = 20  # a second, for names that are not in it

_PURPOSES = {"r": ("reply",), "bounces": ("bounce", "mailing"), "leave": ("leave",), "private": ("private",)}


class Known:
    """The addresses of all communities, and their tokens."""

    def __init__(self, settings: Settings, store: Store, keys: Keys) -> None:
        self._settings = settings
        self._store = store
        self._keys = keys
        self._names: frozenset[str] = frozenset()
        self._looked = float("-inf")
        self._turn = asyncio.Lock()
        self._well = True
        self._coming: asyncio.Task[None] | None = None  # a look that has not begun

    async def __call__(self, address: str) -> bool:
        """Whether mail to this canonical address means something here. Raises TryLater."""
        local, _, domain = address.rpartition("@")
        if domain != self._settings.domain:
            return False
        if local in DUTY:
            return True
        if time.monotonic() > self._looked + FRESH:
            await self._look()
        found = self._split(local)
        if found is None and addressing.newcomer(local, self._settings.delimiter) is not None:
            return self._settings.new_communities != "nobody"
        if found is None:
            await self._look()
            found = self._split(local)
        if found is None or not found.token:
            return found is not None
        purposes = ("mailing",) if found.recipient else _PURPOSES.get(found.verb, ())
        return any(tokens.unseal(self._keys, purpose, found.token) is not None for purpose in purposes)

    def _split(self, local: str) -> Local | None:
        return addressing.split(local, self._names, self._settings.delimiter)

    async def _look(self) -> None:
        """The communities as they are now or later."""
        if self._coming is None:
            self._coming = asyncio.create_task(self._read())
        await asyncio.shield(self._coming)

    async def _read(self) -> None:
        async with self._turn:
            await asyncio.sleep(self._looked + 1 / LOOKS - time.monotonic())
            self._coming = None  # who asks from here on may ask for what this look does not see
            try:
                self._names = await self._store.read(_names)
            except Exception as error:
                if self._well:  # said once: clients come again and again
                    journal.trouble("the communities cannot be looked up", error)
                self._well = False
                raise TryLater from None
            finally:
                self._looked = time.monotonic()
            self._well = True


def _names(conn: Connection) -> frozenset[str]:
    return frozenset(community.name for community in people.communities(conn))
