"""Keys and signatures for tests, made by another implementation than the one that checks them."""

from base64 import b64encode
from functools import cache

import dkim
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


def pair(bits: int = 2048) -> tuple[bytes, str]:
    """A private RSA key in PEM, and its key record; the same each time."""
    return _pair(bits)


@cache
def _pair(bits: int) -> tuple[bytes, str]:
    key = rsa.generate_private_key(65537, bits)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return pem, f"v=DKIM1; k=rsa; p={b64encode(public).decode()}"


@cache
def edwards() -> tuple[ed25519.Ed25519PrivateKey, str]:
    """A private Ed25519 key, and its key record (RFC 8463)."""
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return key, f"v=DKIM1; k=ed25519; p={b64encode(public).decode()}"


def signed(raw: bytes, domain: str, selector: str = "s1", bits: int = 2048, **more: object) -> bytes:
    """The mail with a signature of this domain on top; `more` is what dkim.sign takes."""
    values = {"canonicalize": (b"relaxed", b"relaxed"), **more}
    return bytes(dkim.sign(raw, selector.encode(), domain.encode(), pair(bits)[0], **values)) + raw
