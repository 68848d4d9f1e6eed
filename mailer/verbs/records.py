"""What the world is told of our domain: where its mail goes and who may send in its name. Called by `mailer check`.

For a name that is only for trying it says what should be there.
"""

from collections.abc import Callable, Iterator
from typing import Any

from mailer.config import host_and_port
from mailer.errors import Misconfigured
from mailer.verbs.inspection import Finding, mend, ok, worth_a_look

PATIENCE = 5.0  # seconds for one question
TRYING = ("localhost", "example", "test", "invalid")  # RFC 2606: names that nobody has
SHOULD = 'an MX to your mail server, TXT "v=spf1 …", and at _dmarc TXT "v=DMARC1; …"'

Ask = Callable[[str, str], list[str]]  # (name, type): the records as text; none is an empty list; OSError is trouble


def published(domain: str, server: str) -> Iterator[Finding]:
    """MX, SPF and DMARC of the domain, from `server` ("127.0.0.1:53") or from the system's."""
    if domain.rpartition(".")[2] in TRYING and not server:
        yield worth_a_look("dns", f"{domain} is a name for trying; a real one has {SHOULD}")
        return
    try:
        ask = _asker(server)
    except Misconfigured as error:
        yield mend("dns", str(error))
        return
    for look in (mx, spf, dmarc):
        try:
            yield look(domain, ask)
        except OSError as error:
            yield mend(f"dns {look.__name__}", f"no answer for {domain}: {error}; see the name server, or give --dns")


def mx(domain: str, ask: Ask) -> Finding:
    """Where mail for the domain goes."""
    found = sorted(ask(domain, "MX"), key=lambda record: int(record.split()[0]))
    if not found:
        return mend("dns mx", f"{domain} has no MX, so nobody's mail finds us; add: {domain}. MX 10 YOUR-MAIL-SERVER.")
    if found[0].split()[1] == ".":
        return mend("dns mx", f'{domain} has MX "0 .", which says it takes no mail (RFC 7505); name your mail server')
    return ok("dns mx", ", ".join(found))


def spf(domain: str, ask: Ask) -> Finding:
    """Who may send with our Return-Path (RFC 7208)."""
    found = [text for text in ask(domain, "TXT") if text.lower().split(" ")[0] == "v=spf1"]
    if len(found) == 1:
        return ok("dns spf", found[0])
    if found:
        return mend("dns spf", f"{domain} has {len(found)} SPF records, which count as none (RFC 7208 §4.5); keep one")
    return mend("dns spf", f'{domain} has no SPF record; add: {domain}. TXT "v=spf1 ip4:YOUR-RELAY -all"')


def dmarc(domain: str, ask: Ask) -> Finding:
    """What is to be done with mail in our name that is not ours (RFC 7489): ours, or that of a domain above."""
    labels = domain.split(".")
    for up in range(max(len(labels) - 1, 1)):
        above = ".".join(labels[up:])
        found = [text for text in ask(f"_dmarc.{above}", "TXT") if text.replace(" ", "").startswith("v=DMARC1")]
        if found:
            return ok("dns dmarc", f"{found[0]}{f' (of {above})' if up else ''}")
    return mend("dns dmarc", f'{domain} has no DMARC record; add: _dmarc.{domain}. TXT "v=DMARC1; p=quarantine"')


def _asker(server: str) -> Ask:
    """Questions to a resolver. Raises Misconfigured for a server that is none."""
    import dns.exception
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver(configure=not server)
    except dns.resolver.NoResolverConfiguration:
        raise Misconfigured("this machine names no name server; give one, like --dns 127.0.0.1:53") from None
    if server:
        host, resolver.port = host_and_port("--dns", server)
        resolver.nameservers = [host]

    def ask(name: str, kind: str) -> list[str]:
        try:
            answers: Any = resolver.resolve(f"{name}.", kind, lifetime=PATIENCE)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise OSError(str(error)) from None
        return [_text(answer) for answer in answers]

    return ask


def _text(answer: Any) -> str:
    """A record as text; the strings of a TXT joined."""
    strings = getattr(answer, "strings", None)
    return b"".join(strings).decode("utf-8", "replace") if strings is not None else str(answer.to_text())
