"""Who may come in, how much they may hand over, and whether there is room for it. No clock and no socket of its own.

An IPv6 peer is its /64, because one machine owns at least that. Called by every session.
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


class Admission:
    """What peers hold and have handed over this minute."""

    def __init__(self, listen: Listen, trusted: Sequence[str]) -> None:
        self._listen = listen
        self._trusted = [_network(text) for text in trusted]
        self._inside: Counter[str] = Counter()
        self._mails: Counter[str] = Counter()
        self._minute = 0

    def trusts(self, peer: str) -> bool:
        """The peer is in trust.peers, or came through a Unix socket, which file permissions guard."""
        if peer == UNIX:
            return True
        address = _address(peer)
        return address is not None and any(address in network for network in self._trusted)

    def enter(self, peer: str) -> bool:
        """One more connection of this peer; False when there are too many. Call `leave` for every True."""
        key = _key(peer)
        full = self._inside.total() >= self._listen.max_connections
        if full or self._inside[key] >= self._listen.max_connections_per_peer:
            return False
        self._inside[key] += 1
        return True

    def leave(self, peer: str) -> None:
        """A connection of this peer is over."""
        key = _key(peer)
        self._inside[key] -= 1
        if not self._inside[key]:
            del self._inside[key]

    def mail(self, peer: str, seconds: float) -> bool:
        """One more mail of an untrusted peer at this moment of any steady clock; False when it is too many."""
        if self._minute != seconds // 60:
            self._minute = int(seconds // 60)
            self._mails.clear()
        self._mails[_key(peer)] += 1
        return self._mails[_key(peer)] <= self._listen.mails_per_minute_per_peer


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


def _key(peer: str) -> str:
    address = _address(peer)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address or peer)
