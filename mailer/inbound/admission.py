"""Who may come in, how much they may hand over, and whether there is room for it. No clock and no socket of its own.

An IPv6 peer is its /64, because one machine owns at least that. Called by every session, and by the web door.
"""

import shutil
from collections import Counter
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

from mailer.config import Listen
from mailer.errors import Misconfigured

UNIX = "unix"  # the peer behind a Unix socket
FRESH = 1.0  # seconds a look at the disk is good for
GUESSES = 20  # tokens of one peer a minute that are none: 29,000 a day, where SECURITY F20 has a million slowed
PEERS = 10_000  # that are remembered for a minute


class Minute:
    """How often each peer has done something within this minute of any steady clock. It forgets with the minute, and
    earlier where there are more peers than it has memory for."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._minute = 0

    def of(self, peer: str, seconds: float) -> int:
        """Up to now."""
        if self._minute != seconds // 60 or len(self._counts) > PEERS:
            self._minute = int(seconds // 60)
            self._counts.clear()
        return self._counts.get(key(peer), 0)

    def more(self, peer: str, seconds: float) -> int:
        """Once more; how often with this."""
        count = self._counts[key(peer)] = self.of(peer, seconds) + 1
        return count


class Admission:
    """What peers hold and have handed over this minute."""

    def __init__(self, listen: Listen, trusted: Sequence[str]) -> None:
        self._listen = listen
        self._trusted = [_network(text) for text in trusted]
        self._inside: Counter[str] = Counter()
        self._mails = Minute()
        self.guesses = Minute()

    def trusts(self, peer: str) -> bool:
        """The peer is in trust.peers, or came through a Unix socket, which file permissions guard."""
        if peer == UNIX:
            return True
        address = _address(peer)
        return address is not None and any(address in network for network in self._trusted)

    def enter(self, peer: str) -> bool:
        """One more connection of this peer; False when there are too many. Call `leave` for every True."""
        one = key(peer)
        full = self._inside.total() >= self._listen.max_connections
        if full or self._inside[one] >= self._listen.max_connections_per_peer:
            return False
        self._inside[one] += 1
        return True

    def leave(self, peer: str) -> None:
        """A connection of this peer is over."""
        one = key(peer)
        self._inside[one] -= 1
        if not self._inside[one]:
            del self._inside[one]

    def mail(self, peer: str, seconds: float) -> bool:
        """One more mail of an untrusted peer at this moment of any steady clock; False when it is too many."""
        return self._mails.more(peer, seconds) <= self._listen.mails_per_minute_per_peer


class Room:
    """The free octets of the disk a path is on."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._free = 0
        self._until = -FRESH

    def free(self, seconds: float) -> int:
        """At this moment of any steady clock."""
        if seconds >= self._until:
            self._free = shutil.disk_usage(self._place).free
            self._until = seconds + FRESH
        return self._free


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise Misconfigured(f'trust.peers: {error}; a network is wanted, like "192.0.2.0/24" or "::1/128"') from None


def _address(peer: str) -> IPv4Address | IPv6Address | None:
    """The address without its zone; None for what is no IP address. IPv4 inside IPv6 is IPv4."""
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def key(peer: str) -> str:
    """What counts as one peer."""
    address = _address(peer)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address or peer)
