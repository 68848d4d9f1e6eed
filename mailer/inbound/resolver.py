"""Questions to the domain name system, each within a bounded time. An edge: it owns the sockets.

Made by the app where trust.verify is "dns"; asked by `verifying` and what it is made of.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from mailer.config import host_and_port
from mailer.errors import Misconfigured, TryLater

PATIENCE = 2.5  # seconds for one question, its retries included
KEPT = 10_000  # answers kept for as long as they say
RECORDS = 50  # of one name and type that are looked at
LONGEST = 8_000  # characters of a record: an RSA key of 16,384 bits has 2,800

Ask = Callable[[str, str], Awaitable[list[str] | None]]
"""(name, type) to its records as text: [] where there are none of the type, None where there is no such name. Raises
TryLater where nobody answered."""


def asker(server: str = "") -> Ask:
    """Questions to `server` ("127.0.0.1:53"), or to the system's. Raises Misconfigured."""
    import dns.asyncresolver
    import dns.exception
    import dns.name
    import dns.resolver

    try:
        resolver = dns.asyncresolver.Resolver(configure=not server)
    except dns.resolver.NoResolverConfiguration:
        raise Misconfigured("trust.resolver: the system names no name server; set one, like 127.0.0.1:53") from None
    if server:
        host, resolver.port = host_and_port("trust.resolver", server)
        resolver.nameservers = [host]
    resolver.cache = dns.resolver.LRUCache(KEPT)
    resolver.timeout = PATIENCE / 2  # a datagram may be lost: ask twice

    async def ask(name: str, kind: str) -> list[str] | None:
        try:
            answer: Any = await resolver.resolve(dns.name.from_text(f"{name}."), kind, lifetime=PATIENCE)
        except dns.resolver.NXDOMAIN:
            return None
        except (dns.resolver.NoAnswer, dns.resolver.YXDOMAIN, dns.name.LabelTooLong, dns.name.NameTooLong):
            return []
        except (dns.name.EmptyLabel, dns.name.BadEscape, UnicodeError):
            return None
        except (dns.exception.DNSException, OSError) as error:
            raise TryLater from error
        texts = [_text(record) for record in list(answer)[:RECORDS]]
        return [text for text in texts if len(text) <= LONGEST]

    return ask


def _text(record: Any) -> str:
    """A record as text; the strings of a TXT joined, as SPF, DKIM and DMARC all want it."""
    strings = getattr(record, "strings", None)
    return b"".join(strings).decode("utf-8", "replace") if strings is not None else str(record.to_text())
