"""What a domain has signed: DKIM, RFC 6376, with the algorithms of RFC 8301 and 8463. Bytes and a key in, a word out.

Refuses what proves too little: a signature over a part of the body (l=), SHA-1, keys under 1,024 bits, and a mail in
which a field stands twice that may stand once, for one of the two is unsigned. Every step is linear in the mail. Called
by `inbound/verifying`, which looks the keys up; needs the extra `auth`.
"""

import hashlib
import re
from base64 import b64decode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

Result = Literal["pass", "fail", "policy", "permerror"]

MOST = 5  # signatures of a mail that are looked at: each costs a lookup and a hash of the whole mail
SMALLEST = 1024  # bits of an RSA key, RFC 8301 §3.2
ONCE = frozenset(
    (b"from", b"subject", b"date", b"message-id", b"mime-version", b"content-type", b"content-transfer-encoding")
)  # fields that change what a mail says; RFC 5322 §3.6 wants each once at most
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_BLANKS = re.compile(rb"[ \t]+")
_SIGNED = re.compile(rb"(^|;)([ \t\r\n]*b[ \t\r\n]*=)[^;]*")
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?", re.ASCII)


class Field(NamedTuple):
    """One header field as it came: `whole` without its last CRLF."""

    name: bytes
    value: bytes
    whole: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """A mail taken apart for hashing."""

    fields: tuple[Field, ...]
    body: bytes

    @classmethod
    def of(cls, raw: bytes) -> "Signed":
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = _FOLD.sub(b"\x00", head).split(b"\r\n")  # the listener lets no NUL in
        whole = [line.replace(b"\x00", b"\r\n") for line in lines]
        parted = [(one.partition(b":"), one) for one in whole]
        fields = tuple(Field(name.strip().lower(), value, one) for (name, colon, value), one in parted if colon)
        return cls(fields, body)


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM-Signature that can be looked into. `domain` and `selector` are lower-case ASCII."""

    domain: str
    selector: str
    tags: dict[str, str]
    field: Field

    @property
    def key_name(self) -> str:
        """Where its key is published."""
        return f"{self.selector}._domainkey.{self.domain}"


def tags(text: str) -> dict[str, str] | None:
    """A tag list (RFC 6376 §3.2) by tag, blanks inside values kept; None where it is none or a tag stands twice."""
    found: dict[str, str] = {}
    for part in text.strip().removesuffix(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or name.strip() in found:
            return None
        found[name.strip()] = value.strip()
    return found


def signatures(mail: Signed) -> list[Signature]:
    """The first few signatures, topmost first; those that cannot be read are left out."""
    found = []
    for field in [one for one in mail.fields if one.name == b"dkim-signature"][:MOST]:
        given = tags(field.value.decode("ascii", "replace")) or {}
        domain, selector = given.get("d", "").lower(), given.get("s", "").lower()
        if _NAME.fullmatch(domain) and _NAME.fullmatch(selector) and "." in domain:
            found.append(Signature(domain, selector, given, field))
    return found


def verify(mail: Signed, signature: Signature, record: str, now: datetime) -> tuple[Result, str]:
    """Whether the owner of this key record signed the mail as it is, and why not. `now` is when the mail came."""
    given = {name: "".join(value.split()) for name, value in signature.tags.items()}
    key = tags(record)
    if key is None or key.get("v", "DKIM1") != "DKIM1":
        return "permerror", "the key record cannot be read"
    if why := _unfit(given, signature.domain, key, now):
        return "permerror", why
    if "l" in given:
        return "policy", "only a part of the body is signed"
    if any(sum(field.name == name for field in mail.fields) > 1 for name in ONCE):
        return "policy", "a field stands twice"
    head, _, body = given.get("c", "simple").lower().partition("/")
    if head not in ("simple", "relaxed") or body not in ("simple", "relaxed", ""):
        return "permerror", "an unknown canonicalization"
    if hashlib.sha256(_body(mail.body, body == "relaxed")).digest() != _octets(given["bh"]):
        return "fail", "the body was changed"
    names = [name.lower().encode() for name in given["h"].split(":")]
    if not _proves(given, key, _head(mail, names, signature.field, head == "relaxed")):
        return "fail", "the header was changed, or the key is another"
    return "pass", ""


def _unfit(given: dict[str, str], domain: str, key: dict[str, str], now: datetime) -> str:
    """Why this signature or its key counts for nothing, or empty."""
    kind = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}.get(given.get("a", "").lower())
    identity = given.get("i", f"@{domain}").rpartition("@")[2].lower()
    made, ends = (_second(given.get(name, usual)) for name, usual in (("t", "0"), ("x", "9" * 12)))
    checks = (
        (given.get("v") == "1" and given.get("q", "dns/txt").lower() == "dns/txt", "an unknown version"),
        (all(name in given for name in ("b", "bh", "h")), "a part is missing"),
        ("from" in given.get("h", "").lower().split(":"), "the author is not signed"),
        (kind is not None, "an algorithm we do not take"),
        (identity == domain or identity.endswith(f".{domain}"), "it speaks for another domain"),
        (made is not None and ends is not None, "a time that is none"),
        (ends and max(now.timestamp(), made or 0) <= ends, "it has expired"),
        (key.get("p"), "the key was taken back"),
        (key.get("k", "rsa").lower() == kind, "the key is of another kind"),
        ("sha256" in key.get("h", "sha256").lower().split(":"), "the key is for another hash"),
        ({"*", "email"} & set(key.get("s", "*").lower().split(":")), "the key is not for mail"),
        ("s" not in key.get("t", "").split(":") or identity == domain, "it speaks for a name below its own"),
    )
    return next((why for fits, why in checks if not fits), "")


def _second(text: str) -> int | None:
    """Seconds since 1970, in as many digits as RFC 6376 §3.5 wants understood."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 12 else None


def _body(body: bytes, relaxed: bool) -> bytes:
    """RFC 6376 §3.4.3 and §3.4.4."""
    if relaxed:
        body = _BLANKS.sub(b" ", body + b"\r\n").replace(b" \r\n", b"\r\n")
    body = body.rstrip(b"\r\n")
    return body + b"\r\n" if body or not relaxed else b""


def _head(mail: Signed, names: Sequence[bytes], own: Field, relaxed: bool) -> bytes:
    """The signed fields, of each name the lowest first (RFC 6376 §5.4.2), and the signature's own without its b."""
    left: dict[bytes, list[Field]] = {}
    for field in mail.fields:
        left.setdefault(field.name, []).append(field)
    chosen = [left[name].pop() for name in names if left.get(name)]
    name, colon, value = own.whole.partition(b":")
    bare = _SIGNED.sub(rb"\1\2", value, count=1)
    emptied = Field(own.name, bare, name + colon + bare)
    shape = _relaxed if relaxed else lambda field: field.whole
    return b"".join(shape(field) + b"\r\n" for field in chosen) + shape(emptied)


def _relaxed(field: Field) -> bytes:
    """RFC 6376 §3.4.2."""
    value = _BLANKS.sub(b" ", field.value.replace(b"\r\n", b"")).strip(b" \t")
    return field.name + b":" + value


def _octets(text: str) -> bytes:
    try:
        return b64decode("".join(text.split()), validate=True)
    except (Error, ValueError):
        return b""


def _proves(given: dict[str, str], key: dict[str, str], signed: bytes) -> bool:
    """Whether the key made this signature over these octets."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    public, signature = _octets(key["p"]), _octets(given["b"])
    try:
        if given["a"].lower().startswith("ed25519"):
            ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, hashlib.sha256(signed).digest())
            return True
        loaded = load_der_public_key(public)
        if not isinstance(loaded, rsa.RSAPublicKey) or loaded.key_size < SMALLEST:
            return False
        loaded.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
