"""Plain addresses, and the addresses of our own: `wells-join@`, `wells-r-<token>@`.

Refuses whatever is more than a dot-string (RFC 5321 §4.1.2): quoting, routes, the percent hack, bang paths, literals.
Called by the listener for envelopes, by routing for where a mail goes, by everything that compares two addresses.
"""

import re
import unicodedata
from collections.abc import Collection
from typing import NamedTuple

from mailer.errors import Malformed

LOCAL_OCTETS = 64  # RFC 5321 §4.5.3.1.1
DOMAIN_OCTETS = 255  # RFC 5321 §4.5.3.1.2
ADDRESS_OCTETS = 254  # RFC 5321 §4.5.3.1.3: a path of 256 with its two angle brackets
LABEL_OCTETS = 63  # RFC 1035 §2.3.4

# atext of RFC 5322 without % and !, which still relay in some old servers
_ATOM = r"[a-z0-9#$&'*+/=?^_`{|}~-]+"
_ATOM_UTF8 = r"[a-z0-9#$&'*+/=?^_`{|}~\x80-\U0010ffff-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LOCAL_UTF8 = re.compile(rf"{_ATOM_UTF8}(?:\.{_ATOM_UTF8})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_LETTERS_MARKS_DIGITS = frozenset({"Ll", "Lo", "Lm", "Mn", "Mc", "Nd"})
_NEVER_SHOWN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zs", "Zl", "Zp"})

VERBS = {
    "join": "join",
    "subscribe": "join",
    "invite": "invite",
    "leave": "leave",
    "unsubscribe": "leave",
    "find": "find",
    "me": "me",
    "team": "team",
    "owner": "team",
    "ask": "ask",
    "event": "event",
    "help": "help",
    "request": "help",
    "b": "bounces",
    "bounces": "bounces",
    "r": "r",
    "private": "private",
}
"""What may follow a community's name, and which verb it means; '' is a post."""

_SHORT = {"bounces": "b"}
_SEALED = frozenset({"r", "private"})  # nothing without their token
_TOKEN = re.compile(r"[a-z0-9]+")
NEW = "new"  # the local part that begins a community; one of that name keeps it for itself
_NEW_NAME = re.compile(r"[a-z0-9]{1,20}")


class Local(NamedTuple):
    """The local part of one of our addresses. `verb` is a value of VERBS, or '' for a post; `token` may be ''.

    `recipient`: whose bounce it is, where a relay wrote that behind the token (XVERP).
    """

    community: str
    verb: str
    token: str
    recipient: str = ""


def lower(text: str) -> str:
    """A-Z to a-z and nothing else: other scripts fold into ASCII (K, ſ), which would make two people one."""
    return text.translate(_ASCII_LOWER)


def domain(text: str) -> str | None:
    """The domain in lower-case A-labels, or None. A label that only looks like ASCII once normalised is refused."""
    if not text or len(text) > DOMAIN_OCTETS:
        return None
    labels = [_label(label) for label in text.split(".")]
    if not all(labels) or str(labels[-1]).isdigit():
        return None
    name = ".".join(str(label) for label in labels)
    return name if len(name) <= DOMAIN_OCTETS else None


def _label(label: str) -> str:
    """One label as LDH, or ''. Letters, marks and digits of any script, in the manner of RFC 5892."""
    if not label.isascii():
        if unicodedata.normalize("NFKC", label) != label:
            return ""
        label = unicodedata.normalize("NFC", label.lower())
        if any(not char.isascii() and unicodedata.category(char) not in _LETTERS_MARKS_DIGITS for char in label):
            return ""
        label = "xn--" + label.encode("punycode").decode("ascii")
    label = lower(label)
    return label if _LABEL.fullmatch(label) else ""


def address(text: str, *, utf8: bool = False) -> str | None:
    """`local@domain` in lower case with an ASCII domain, or None. With `utf8` the local part may be RFC 6531's."""
    if len(text) > ADDRESS_OCTETS:
        return None
    local, _, host = text.partition("@")
    local = lower(local)
    if not local.isascii():
        if not utf8 or any(unicodedata.category(char) in _NEVER_SHOWN for char in local):
            return None
        local = unicodedata.normalize("NFC", local)
    name = domain(host)
    if name is None or not (_LOCAL_UTF8 if utf8 else _LOCAL).fullmatch(local):
        return None
    whole = f"{local}@{name}"
    fits = len(local.encode()) <= LOCAL_OCTETS and len(whole.encode()) <= ADDRESS_OCTETS
    return whole if fits else None


def split(local: str, communities: Collection[str], delimiter: str = "-") -> Local | None:
    """What one of our local parts means, or None. The longest community that makes sense of it wins.

    `communities` are lower-case names, best a set or dict. `+` is taken wherever the delimiter is.
    """
    if not local.isascii() or len(local) > LOCAL_OCTETS:
        return None
    local = lower(local)
    if local in communities:
        return Local(local, "", "")
    mark = re.compile(rf"{re.escape(delimiter)}|\+")
    for found in reversed(list(mark.finditer(local))):
        community = local[: found.start()]
        if community in communities and (ours := _verb(community, mark.split(local[found.end() :], 2))):
            return ours
    return None


def _verb(community: str, words: list[str]) -> Local | None:
    """The community with a verb and perhaps a token: `["b", "k7q"]`; for a bounce perhaps `"ann=far.example"` too."""
    verb, token, behind = [*words, "", ""][:3]
    if verb not in VERBS or (len(words) > 1 and not _TOKEN.fullmatch(token)) or (verb in _SEALED and not token):
        return None
    user, _, host = behind.rpartition("=")
    recipient = address(f"{user}@{host}") or "" if VERBS[verb] == "bounces" else ""
    return Local(community, VERBS[verb], token, recipient) if len(words) < 3 or recipient else None


def with_token(local: str) -> bool:
    """Whether a local part has the shape of one of ours that carries a token, whichever communities there are."""
    return any(word in VERBS for word in _TOKEN.findall(lower(local))[1:-1])


def newcomer(local: str, delimiter: str = "-") -> str | None:
    """The name wished for in `new@`, `new+wells@` or `new-wells@`, empty where there is none; None for all others."""
    word, mark, name = lower(local).replace(delimiter, "+", 1).partition("+")
    if word != NEW or (mark and not _NEW_NAME.fullmatch(name)):
        return None
    return name


def join(community: str, verb: str, token: str, host: str, delimiter: str = "-") -> str:
    """The address `split` reads back. Raises Malformed when it would not be an address of at most 64 + 255 octets."""
    words = [community, _SHORT.get(verb, verb) if token else verb, token]
    whole = address(delimiter.join(word for word in words if word) + "@" + host)
    if whole is None:
        raise Malformed(f"No address can be made for {community} {verb}".rstrip())
    return whole
