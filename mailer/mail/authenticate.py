"""Who really sent a mail, as our own mail server in front of us saw it: Authentication-Results, RFC 8601.

Only the topmost field counts, only with our own authserv-id, only when a trusted peer handed the mail over. Words in
comments and quoted strings are the sender's, never results. Where nobody is in front, what `inbound/verifying` found
says it in the same language. Called by the reader before a mail may change anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from mailer.mail.addressing import address, domain, lower
from mailer.mail.message import Message

Method = Literal["dmarc", "dkim", "spf", ""]
Policy = Literal["none", "quarantine", "reject", ""]
Server = Literal["own", "other", ""]

OURSELVES = "ourselves"  # the authserv-id of what we looked up; no mail can carry it to us

_SPACE = " \t\r\n"
_QUOTED = '"'  # stands where a quoted string stood: no name, result or domain holds it
_MILD_TO_STRICT: tuple[Policy, ...] = ("none", "quarantine", "reject")
_SIGNERS: tuple[tuple[Method, tuple[str, ...]], ...] = (("dkim", ("header.d", "header.i")), ("spf", ("smtp.mailfrom",)))
_POLICY = ("policy.dmarc", "policy.published-domain-policy", "policy.p", "policy.policy")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The author and whether our border vouches for them.

    `address` is canonical, or '' unless there is exactly one From field with one plain address. `policy` is what the
    author's domain publishes, where known: from properties of the DMARC result, and from its comment only when that is
    stricter, so that a word in a comment can hold a mail back but never let one through. `server` is whose handed it
    over, by SPF: the author's domain's own, so that it is no copy of a signed mail that somebody sends again, or
    another's; '' where our border says nothing of SPF.
    """

    address: str
    verified: bool
    method: Method
    policy: Policy
    why: str
    server: Server = ""


class _Result(NamedTuple):
    """One resinfo of RFC 8601 §2.2. A property that stands twice with different values has the value ''."""

    method: str
    result: str
    properties: dict[str, str]
    comment: str


def authenticate(message: Message, authserv_id: str | None, trusted: bool, looked_up: str = "") -> Verdict:
    """The verdict on the From of a mail. Without an `authserv_id` nobody is verified, unless by what we looked up
    ourselves, which then stands alone."""
    author = _author(message)
    if not author:
        return Verdict("", False, "", "", "there is not exactly one author with a plain address")
    if looked_up:
        return _judge(author, _results(looked_up, OURSELVES) or [])
    if not authserv_id:
        return Verdict(author, False, "", "", "no authserv-id is configured")
    if not trusted:
        return Verdict(author, False, "", "", "the peer is not trusted to say")
    fields = message.headers.all("authentication-results")
    results = _results(fields[0], authserv_id) if fields else None
    if results is None:
        return Verdict(author, False, "", "", f"the topmost Authentication-Results is not one of {authserv_id}")
    return _judge(author, results)


def _author(message: Message) -> str:
    return (address(message.sender.address, utf8=True) or "") if message.sender else ""


def _judge(author: str, results: list[_Result]) -> Verdict:
    host = author.rpartition("@")[2]
    dmarc = [found for found in results if found.method == "dmarc" and found.result not in ("none", "bestguesspass")]
    policy = _policy(dmarc)
    server = _server(results, host)
    if dmarc:
        passed = all(found.result == "pass" and _domain(found.properties.get("header.from")) == host for found in dmarc)
        said = f"dmarc={dmarc[0].result} for {dmarc[0].properties.get('header.from', 'no domain')}"
        return Verdict(author, passed, "dmarc" if passed else "", policy, said, server)
    for method, names in _SIGNERS:
        for found in results:
            if found.method == method and (signer := _passes(found, names, host)):
                return Verdict(author, True, method, policy, f"{method}=pass for {signer}", server)
    return Verdict(author, False, "", policy, f"no pass that is aligned with {host}")


def _server(results: list[_Result], host: str) -> Server:
    looks = [found for found in results if found.method == "spf"]
    if any(_passes(found, ("smtp.mailfrom",), host) for found in looks):
        return "own"
    return "other" if looks else ""


def _passes(found: _Result, names: tuple[str, ...], host: str) -> str:
    """The domain that passed, where it speaks for this host, or ''."""
    signer = next((_domain(found.properties[name]) for name in names if name in found.properties), None)
    return signer if found.result == "pass" and signer and _speaks_for(signer, host) else ""


def _speaks_for(signer: str, host: str) -> bool:
    """The same domain or one above it. One below is not taken: without a list of public suffixes, `evil.co.uk` is
    below `co.uk`. Our border's own DMARC result needs no such caution.
    """
    return host == signer or ("." in signer and host.endswith("." + signer))


def _domain(value: str | None) -> str | None:
    """The domain of a pvalue: `x.org`, `@x.org` or `a@x.org`."""
    return domain(value.rpartition("@")[2]) if value else None


def _policy(dmarc: list[_Result]) -> Policy:
    stated = [lower(found.properties.get(name, "")) for found in dmarc for name in _POLICY]
    words = [word for found in dmarc for word in _words(lower(found.comment))]
    hinted = [value for name, _, value in (word.partition("=") for word in words) if name in ("p", "sp", "policy")]
    values = stated + [value for value in hinted if value in ("quarantine", "reject")]
    return max((policy for policy in _MILD_TO_STRICT if policy in values), key=_MILD_TO_STRICT.index, default="")


def _results(field: str, authserv_id: str) -> list[_Result] | None:
    """What the field says, or None when it is not of this authserv-id or not well formed."""
    parts = _parts(field)
    if parts is None:
        return None
    head = parts[0][0].strip(_SPACE).split(" ")
    if lower(head[0]) != lower(authserv_id) or [word for word in head[1:] if word] not in ([], ["1"]):
        return None
    return [_result(bare, comment) for bare, comment in parts[1:] if bare.strip(_SPACE)]


def _parts(field: str) -> list[tuple[str, str]] | None:
    """The field cut at semicolons: (text without comments and quoted strings, its comments); None if unbalanced."""
    parts: list[tuple[list[str], list[str]]] = [([], [])]
    depth, quoted, escaped = 0, False, False
    for char in field:
        bare, comment = parts[-1]
        if escaped:
            escaped = False
        elif char == "\\":
            if not (quoted or depth):
                return None
            escaped = True
        elif quoted:
            quoted = char != '"'
        elif depth:
            depth += {"(": 1, ")": -1}.get(char, 0)
            comment.append(" " if char in "()," else char)
        elif char == "(":
            depth = 1
            bare.append(" ")
        elif char == '"':
            quoted = True
            bare.append(_QUOTED)
        elif char == ")":
            return None
        elif char == ";":
            parts.append(([], []))
        else:
            bare.append(" " if char in _SPACE else char)
    return None if depth or quoted else [("".join(bare), "".join(comment)) for bare, comment in parts]


def _result(bare: str, comment: str) -> _Result:
    """`method[/version]=result name=value …`; what is not of this shape has the result ''."""
    words = list(_words(bare))
    pairs = [word.partition("=") for word in words]
    method, _, result = pairs[0]
    properties: dict[str, str] = {}
    for name, equals, value in pairs[1:]:
        name = lower(name)
        if not equals:
            result = ""
        properties[name] = value if properties.get(name, value) == value else ""
    return _Result(lower(method.partition("/")[0]), lower(result), properties, comment)


def _words(text: str) -> Iterator[str]:
    """The words between blanks, with the blanks around `=` taken away. Only ASCII blanks part words."""
    together = "=".join(piece.strip(_SPACE) for piece in text.split("="))
    return (word for word in together.split(" ") if word)
