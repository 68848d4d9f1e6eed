"""Who really sent a mail, where nobody in front of us says so: SPF, DKIM and DMARC, looked up by ourselves.

What is found is written as an Authentication-Results field of our own would say it, so that `mail/authenticate` reads
one language. A name server that does not answer proves nothing against anybody: temperror, which is unverified and
never failed. ARC seals are not looked at: whom to believe about others' mail is for a front to know. Called by the
reader before it reads, never while a client waits; at most PATIENCE a mail.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import NamedTuple, TypeVar

from mailer.config import Settings
from mailer.errors import Misconfigured, TryLater
from mailer.inbound import domainpolicy, resolver, senderpolicy
from mailer.inbound.domainpolicy import Domain
from mailer.inbound.resolver import Ask
from mailer.mail import addressing, domainkeys
from mailer.mail.authenticate import OURSELVES
from mailer.mail.domainkeys import Signature, Signed
from mailer.mail.parse import parse
from mailer.store.traffic.inbox import Envelope

PATIENCE = 5.0  # seconds for all questions about one mail: SECURITY F11
HEAD = 262_144  # octets of a header that are looked at
NEEDS = f'trust.verify = "dns" needs more: {sys.executable} -m pip install cryptography'

Verify = Callable[[Envelope], Awaitable[str]]
T = TypeVar("T")
D = TypeVar("D")


class Found(NamedTuple):
    """One method's result for one domain; `method` is dkim or spf."""

    method: str
    result: str
    domain: str

    @property
    def said(self) -> str:
        return f"{self.method}={self.result} {'header.d' if self.method == 'dkim' else 'smtp.mailfrom'}={self.domain}"


def verifier(settings: Settings) -> Verify | None:
    """How mail is verified here, or None where the front does it. Raises Misconfigured without the extra `auth`."""
    if settings.trust.verify != "dns":
        return None
    try:
        import cryptography  # noqa: F401
    except ImportError:
        raise Misconfigured(NEEDS) from None
    ask = resolver.asker(settings.trust.resolver)
    front = bool(settings.trust.authserv_id)

    async def verify(envelope: Envelope) -> str:
        """Empty where our front vouches, or there is nobody to vouch for."""
        return "" if front and envelope.trusted else await results(ask, envelope)

    return verify


async def results(ask: Ask, envelope: Envelope) -> str:
    """The field that says who sent this mail; empty where it has not exactly one author."""
    host = await asyncio.to_thread(_author, envelope.raw)
    if not host:
        return ""
    until = asyncio.get_running_loop().time() + PATIENCE
    domain, sender, keys = await asyncio.gather(
        _within(until, domainpolicy.governed(ask, host), None),
        _sender(ask, until, envelope),
        _keys(ask, until, envelope),
    )
    found = (*keys, *sender)
    verdict = await _judged(ask, until, host, domain, found)
    return "; ".join([OURSELVES, *(one.said for one in found), verdict])


async def _judged(ask: Ask, until: float, host: str, domain: Domain | None, found: Sequence[Found]) -> str:
    """DMARC (RFC 9989 §4.4): one pass of an aligned domain is enough, and no answer is no failure."""
    said = f"header.from={host}"
    policy = f"{said} policy.dmarc={domain.policy}" if domain and domain.record else said
    if any(one.result == "pass" and one.domain == host for one in found):
        return f"dmarc=pass {policy}"
    if domain is None:
        return f"dmarc=temperror {said}"
    if not domain.record:
        return f"dmarc=none {said}"
    worth = [await _aligned(ask, until, domain, one) for one in found]
    if "pass" in worth:
        return f"dmarc=pass {policy}"
    return f"dmarc=temperror {said}" if "temperror" in worth else f"dmarc=fail {policy}"


async def _aligned(ask: Ask, until: float, domain: Domain, one: Found) -> str:
    """What this result is worth for the domain: pass, temperror or nothing. Whose organisation cannot be asked might
    be ours.
    """
    if one.result not in ("pass", "temperror"):
        return ""
    if one.domain == domain.name:
        return one.result
    if domain.strict(one.method):
        return ""
    other = await _within(until, domainpolicy.governed(ask, one.domain), None)
    if other is None:
        return "temperror"
    return one.result if other.organisation == domain.organisation else ""


async def _keys(ask: Ask, until: float, envelope: Envelope) -> list[Found]:
    """What each signature is worth."""
    mail = await asyncio.to_thread(Signed.of, envelope.raw)
    asked = (_key(ask, until, envelope, mail, one) for one in domainkeys.signatures(mail))
    return list(await asyncio.gather(*asked))


async def _key(ask: Ask, until: float, envelope: Envelope, mail: Signed, signature: Signature) -> Found:
    records = await _within(until, _texts(ask, signature.key_name), None)
    if records is None:
        return Found("dkim", "temperror", signature.domain)
    if len(records) != 1:
        return Found("dkim", "permerror", signature.domain)
    result, _ = await asyncio.to_thread(domainkeys.verify, mail, signature, records[0], envelope.received_at)
    return Found("dkim", result, signature.domain)


async def _texts(ask: Ask, name: str) -> list[str]:
    return await ask(name, "TXT") or []


async def _sender(ask: Ask, until: float, envelope: Envelope) -> list[Found]:
    """What the envelope's sender is worth: nothing where a peer of ours hands it over, for it came from elsewhere."""
    host = envelope.mail_from.rpartition("@")[2]
    if envelope.trusted or not addressing.domain(host):
        return []
    checked = senderpolicy.check(ask, envelope.peer, envelope.mail_from)
    return [Found("spf", await _within(until, checked, "temperror"), host)]


async def _within(until: float, question: Coroutine[object, object, T], otherwise: D) -> T | D:
    """The answer, or `otherwise` where none comes by this moment of the loop's clock."""
    try:
        async with asyncio.timeout_at(until):
            return await question
    except (TimeoutError, TryLater):
        return otherwise


def _author(raw: bytes) -> str:
    """The domain of the one author, or empty."""
    end = raw.find(b"\r\n\r\n", 0, HEAD)
    message = parse(raw[: end + 4 if end >= 0 else HEAD])
    author = addressing.address(message.sender.address, utf8=True) if message.sender else None
    return (author or "").rpartition("@")[2]
