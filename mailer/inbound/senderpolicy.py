"""Whether a host may use the domain of an envelope's sender: SPF, RFC 7208. Called by `verifying`.

At most ten terms that ask (§4.6.4) and two that ask in vain. `ptr` matches nobody and still counts (§5.5 asks not to
publish it); `%{p}` is "unknown" (§7.3 allows that); `exp` is not looked at.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal, NamedTuple
from urllib.parse import quote

from mailer.errors import TryLater
from mailer.inbound.resolver import Ask

Result = Literal["pass", "fail", "softfail", "neutral", "none", "permerror", "temperror"]
Match = Literal["yes", "no", "permerror", "temperror"]
Address = IPv4Address | IPv6Address

LOOKUPS = 10
VOIDS = 2
HOSTS = 10  # of one mx
_NAME = re.compile(r"[a-z][a-z0-9_.-]*", re.I)
_PREFIX = re.compile(r"(?:/(\d{1,2}))?(?://(\d{1,3}))?$")
_WITH, _WITHOUT = frozenset({"ip4", "ip6", "include", "exists"}), frozenset({"all"})
_MACRO = re.compile(r"%(?:\{([slodiphcrtv])(\d{0,3})(r?)([-.+,/_=]{0,7})\}|([%_-]))", re.I)
_OF: dict[str, Result] = {"+": "pass", "": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_INCLUDED: dict[Result, Match] = {
    "pass": "yes",
    "none": "permerror",
    "permerror": "permerror",
    "temperror": "temperror",
}


class Term(NamedTuple):
    """One mechanism or modifier. `value` is empty where there is none, and still has its macros."""

    sign: str
    name: str
    modifier: bool
    value: str
    four: str = ""  # bits of an IPv4 prefix, of `a` and `mx`
    six: str = ""


async def check(ask: Ask, peer: str, sender: str) -> Result:
    """Whether this peer may send with this envelope sender (not the null one)."""
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return "none"
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    try:
        return await _Check(ask, mapped or address, sender).of(sender.rpartition("@")[2])
    except TryLater:
        return "temperror"


class _Check:
    """One evaluation, with what it has asked so far."""

    def __init__(self, ask: Ask, address: Address, sender: str) -> None:
        self.ask, self.address, self.sender = ask, address, sender
        self.lookups = self.voids = 0

    async def of(self, domain: str) -> Result:
        """check_host() of §4. Raises TryLater."""
        if "." not in domain or len(domain) > 253:
            return "none"
        found = [text for text in await self.ask(domain, "TXT") or () if text.lower().split(" ")[0] == "v=spf1"]
        if len(found) != 1:
            return "permerror" if found else "none"
        terms = read(found[0])
        if terms is None:
            return "permerror"
        for term in terms:
            if not term.modifier and (match := await self._match(term, domain)) != "no":
                return _OF[term.sign] if match == "yes" else match
        return await self._redirected(terms, domain)

    async def _redirected(self, terms: list[Term], domain: str) -> Result:
        elsewhere = [term for term in terms if term.name == "redirect"]
        if len(elsewhere) != 1:
            return "permerror" if elsewhere else "neutral"
        if not self._may_ask():
            return "permerror"
        target = self._expand(elsewhere[0].value, domain)
        found = await self.of(target) if target else "permerror"
        return "permerror" if found == "none" else found

    def _may_ask(self) -> bool:
        self.lookups += 1
        return self.lookups <= LOOKUPS and self.voids <= VOIDS

    async def _match(self, term: Term, domain: str) -> Match:
        """Whether one mechanism holds (§5)."""
        if term.name == "all":
            return "yes"
        if term.name in ("ip4", "ip6"):
            return self._inside(term)
        if not self._may_ask():
            return "permerror"
        target = self._expand(term.value, domain) if term.value else domain
        if target is None:
            return "permerror"
        if term.name == "include":
            return _INCLUDED.get(await self.of(target), "no")
        if term.name == "exists":
            return "yes" if await self._records(target, "A") else "no"
        if term.name == "ptr":
            return "no"
        return await self._reaches(target, term)

    def _inside(self, term: Term) -> Match:
        try:
            network = ip_network(term.value, strict=False)
        except ValueError:
            return "permerror"
        if network.version != (4 if term.name == "ip4" else 6):
            return "permerror"
        return "yes" if self.address in network else "no"

    async def _reaches(self, target: str, term: Term) -> Match:
        """`a` and `mx`: one of the addresses of the target, or of its mail servers."""
        names = [target]
        if term.name == "mx":
            found = await self._records(target, "MX")
            names = [record.split()[-1].rstrip(".") for record in found]
            if len(names) > HOSTS:
                return "permerror"
        bits = term.four if self.address.version == 4 else term.six
        for name in names:
            for record in await self._records(name, "A" if self.address.version == 4 else "AAAA"):
                try:
                    network = ip_network(f"{record}/{bits}" if bits else record, strict=False)
                except ValueError:
                    return "permerror"
                if self.address in network:
                    return "yes"
        return "permerror" if self.voids > VOIDS else "no"

    async def _records(self, name: str, kind: str) -> list[str]:
        found = await self.ask(name, kind) or []
        self.voids += not found
        return found

    def _expand(self, text: str, domain: str) -> str | None:
        """A domain with its macros (§7) filled in; None where it cannot be read."""
        expanded = _MACRO.sub(lambda found: self._macro(found, domain), text)
        if "%" in _MACRO.sub("", text) or not expanded:
            return None
        while len(expanded) > 253 and "." in expanded:
            expanded = expanded.partition(".")[2]
        return expanded.rstrip(".")

    def _macro(self, found: re.Match[str], domain: str) -> str:
        if found[5]:
            return {"%": "%", "_": " ", "-": "%20"}[found[5]]
        local, _, host = self.sender.rpartition("@")
        six = self.address.version == 6
        nibbles = ".".join(self.address.exploded.replace(":", "")) if six else str(self.address)
        values = {"s": self.sender, "l": local or "postmaster", "o": host, "d": domain, "i": nibbles, "h": host}
        values |= {"p": "unknown", "v": "ip6" if six else "in-addr", "c": str(self.address), "r": "unknown", "t": "0"}
        parts = re.split(f"[{re.escape(found[4] or '.')}]", values[found[1].lower()])
        parts = parts[::-1] if found[3] else parts
        kept = ".".join(parts[-int(found[2]) :] if found[2] and int(found[2]) else parts)
        return quote(kept, safe="") if found[1].isupper() else kept


def read(record: str) -> list[Term] | None:
    """The terms of a record in their order, or None where one is none (§4.6). Unknown modifiers are left out."""
    terms = [_term(word) for word in record.split(" ")[1:] if word]
    found = [term for term in terms if term is not None]
    if len(found) < len(terms):
        return None
    return [term for term in found if not term.modifier or term.name == "redirect"]


def _term(word: str) -> Term | None:
    sign, rest = (word[0], word[1:]) if word[0] in "+-~?" else ("", word)
    found = _NAME.match(rest)
    if not found:
        return None
    name, after = found[0].lower(), rest[found.end() :]
    if after.startswith("="):
        return None if sign else Term("", name, True, after[1:])
    if after and after[0] not in ":/":
        return None
    value, four, six = after.removeprefix(":"), "", ""
    if name in ("a", "mx") and (prefix := _PREFIX.search(value)):
        value, four, six = value[: prefix.start()], prefix[1] or "", prefix[2] or ""
        if after.startswith("/") and value:
            return None
    elif name not in _WITH | _WITHOUT | {"ptr"} or (name in _WITH and not value) or (name in _WITHOUT and after):
        return None
    return Term(sign, name, False, value, four, six)
