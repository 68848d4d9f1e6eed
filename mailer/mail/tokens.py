"""What our addresses and footers carry: sealed numbers that nobody else can make, and short codes anybody may read.

A sealed token proves that we made it for one purpose; it is no proof of who sends it back. A short code proves nothing.
Called by outbound for Return-Path, Reply-To and footers, by routing to read them again.
"""

import hmac
import math
from base64 import b32decode
from binascii import Error
from dataclasses import dataclass, field
from functools import lru_cache

from mailer.errors import Misconfigured

MAC_OCTETS = 10  # 80 bits: SECURITY F20
KEY_OCTETS = 16  # no key shorter than 128 bits
LONGEST = 64  # characters; a local part has no more (RFC 5321 §4.5.3.1.1)
BASE32 = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648 §6, small
_PAIRS = [one + two for one in BASE32 for two in BASE32]  # ten bits each

# no vowel makes no word; no 0 o 1 i l, and none of the pairs 2 z, 5 s, 8 b, u v
ALPHABET = "23456789cdfghjkmnpqrtvwxy"
SHORTEST = 3  # characters of a short code


@dataclass(frozen=True, slots=True)
class Keys:
    """The key that seals, and older ones that still open. Raises Misconfigured for a key of under 16 octets."""

    current: bytes = field(repr=False)
    previous: tuple[bytes, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if any(len(key) < KEY_OCTETS for key in (self.current, *self.previous)):
            raise Misconfigured(f"A key for tokens needs at least {KEY_OCTETS} octets")


def seal(keys: Keys, purpose: str, *ids: int) -> str:
    """A token of a-z and 2-7: key id, ids, HMAC-SHA256 cut to 80 bits. 37 characters for two ids of 40 bits."""
    body = bytes([_key_id(keys.current)]) + b"".join([_varint(number) for number in ids])
    return _spelled(body + _mac(keys.current, purpose, body))


def unseal(keys: Keys, purpose: str, token: str) -> tuple[int, ...] | None:
    """The ids of a token sealed for this purpose with one of our keys, in any case of letters; else None."""
    if not token.isascii() or len(token) > LONGEST:
        return None
    try:
        sealed = b32decode(token.upper() + "=" * (-len(token) % 8))
    except Error:
        return None
    body, mac = sealed[:-MAC_OCTETS], sealed[-MAC_OCTETS:]
    if not body or _spelled(sealed) != token.lower():
        return None  # bits left over at the end: one token has one spelling
    for key in (keys.current, *keys.previous):
        if body[0] == _key_id(key) and hmac.compare_digest(mac, _mac(key, purpose, body)):
            return _numbers(body[1:])
    return None


def _spelled(octets: bytes) -> str:
    """Base32 in small letters without padding; twice as fast as the library's, for each recipient has two."""
    whole = octets + bytes(-len(octets) % 5)
    bits = int.from_bytes(whole, "big")
    letters = "".join([_PAIRS[bits >> at & 1023] for at in range(len(whole) * 8 - 10, -1, -10)])
    return letters[: (len(octets) * 8 + 4) // 5]


@lru_cache(maxsize=16)
def _key_id(key: bytes) -> int:
    return hmac.digest(key, b"key id", "sha256")[0]


def _mac(key: bytes, purpose: str, body: bytes) -> bytes:
    mac = _begun(key, purpose).copy()
    mac.update(body)
    return mac.digest()[:MAC_OCTETS]


@lru_cache(maxsize=64)
def _begun(key: bytes, purpose: str) -> hmac.HMAC:
    """What all tokens of a purpose begin with, hashed once."""
    name = purpose.encode()
    return hmac.new(key, b"token" + len(name).to_bytes(2, "big") + name, "sha256")


def _varint(number: int) -> bytes:
    """Seven bits an octet, the lowest first, the high bit says more follow."""
    if number < 0:
        raise ValueError("An id is not negative")
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*octets, number])


def _numbers(octets: bytes) -> tuple[int, ...]:
    """The varints of octets that we sealed ourselves."""
    numbers: list[int] = []
    value = shift = 0
    for octet in octets:
        value |= (octet & 0x7F) << shift
        shift += 7
        if octet < 0x80:
            numbers.append(value)
            value = shift = 0
    return tuple(numbers)


def code(number: int) -> str:
    """A short visible code, one for each number from 0 up: three characters for the first 15,625, then four, …

    Neighbours look different: within a length, numbers are spread by a step near the golden section.
    """
    if number < 0:
        raise ValueError("A code stands for a number that is not negative")
    length, first = SHORTEST, 0
    while number - first >= _size(length):
        first += _size(length)
        length += 1
    spread = (number - first + 1) * _step(length) % _size(length)
    letters = ""
    for _ in range(length):
        spread, letter = divmod(spread, len(ALPHABET))
        letters = ALPHABET[letter] + letters
    return letters


def number(code: str) -> int | None:
    """The number of a short code in any case of letters, or None when it is none."""
    if not code.isascii() or not SHORTEST <= len(code) <= LONGEST:
        return None
    spread = 0
    for letter in code.lower():
        value = ALPHABET.find(letter)
        if value < 0:
            return None
        spread = spread * len(ALPHABET) + value
    size = _size(len(code))
    first = sum(_size(length) for length in range(SHORTEST, len(code)))
    return first + (spread * pow(_step(len(code)), -1, size) - 1) % size


def _step(length: int) -> int:
    """A step with an inverse: not divisible by 5, the only prime of 25."""
    step = _size(length) * 618_034 // 1_000_000
    return step if step % 5 else step + 1


def _size(length: int) -> int:
    """How many codes have this length."""
    return math.prod([len(ALPHABET)] * length)
