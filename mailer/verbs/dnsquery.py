"""One question to a name server, over UDP and where the answer is long over TCP (RFC 1035), with nothing installed.

For `mailer check` alone, where a person waits: the reader asks by dnspython. An answer may hold anything; what cannot
be read is trouble, OSError, and never an endless name.
"""

import secrets
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

from mailer.mail import addressing

PATIENCE = 5.0  # seconds for one try
TRIES = 2
SYSTEM = Path("/etc/resolv.conf")
TYPES = {"MX": 15, "TXT": 16}
TCP, ABSENT = 0x0200, 3  # TC of the flags; NXDOMAIN
HOPS = 64  # pieces and pointers of one name
SAID = {1: "it cannot read us", 2: "it fails (SERVFAIL)", 5: "it refuses"}


def ask(server: tuple[str, int], name: str, kind: str) -> list[str]:
    """The records of this type as text, none where there are none. Raises OSError."""
    query = _question(name, TYPES[kind])
    answer = b""
    for attempt in range(1, TRIES + 1):
        try:
            answer = _datagram(server, query)
            break
        except TimeoutError:
            if attempt == TRIES:
                raise OSError(f"{server[0]} says nothing") from None
    if struct.unpack_from("!H", answer, 2)[0] & TCP:
        answer = _stream(server, query)
    try:
        return list(_records(answer, query, TYPES[kind]))
    except (struct.error, IndexError, UnicodeDecodeError):
        raise OSError(f"{server[0]} gives an answer that cannot be read") from None


def system() -> tuple[str, int]:
    """The name server that this machine asks: resolv.conf(5)."""
    lines = SYSTEM.read_text("ascii", "replace").splitlines() if SYSTEM.is_file() else []
    named = [words[1] for line in lines if len(words := line.split()) > 1 and words[0] == "nameserver"]
    return (named or ["127.0.0.1"])[0], 53


def _question(name: str, kind: int) -> bytes:
    labels = (addressing.domain(name.removeprefix("_dmarc.")) or "").split(".")
    labels = ["_dmarc", *labels] if name.startswith("_dmarc.") else labels
    wire = b"".join(bytes([len(label)]) + label.encode("ascii") for label in labels if label)
    return (
        struct.pack("!HHHHHH", secrets.randbelow(1 << 16), 0x0100, 1, 0, 0, 0) + wire + struct.pack("!BHH", 0, kind, 1)
    )


def _datagram(server: tuple[str, int], query: bytes) -> bytes:
    """The first answer to this very question."""
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as wire:
        wire.settimeout(PATIENCE)
        wire.connect(server)
        wire.send(query)
        while True:
            answer = wire.recv(65_535)
            if answer[:2] == query[:2] and len(answer) >= len(query):
                return answer


def _stream(server: tuple[str, int], query: bytes) -> bytes:
    with socket.create_connection(server, PATIENCE) as wire, wire.makefile("rb") as answers:
        wire.sendall(struct.pack("!H", len(query)) + query)
        size = int.from_bytes(answers.read(2), "big")
        return answers.read(size)


def _records(answer: bytes, query: bytes, wanted: int) -> Iterator[str]:
    id, flags, _, count, _, _ = struct.unpack_from("!HHHHHH", answer)
    if id != int.from_bytes(query[:2], "big"):
        raise IndexError
    if flags & 0xF not in (0, ABSENT):
        raise OSError(SAID.get(flags & 0xF, f"it answers {flags & 0xF}"))
    at = len(query)
    for _ in range(count):
        _, at = _name(answer, at)
        kind, _, _, size = struct.unpack_from("!HHIH", answer, at)
        at += 10
        if kind == wanted == TYPES["MX"]:
            yield f"{struct.unpack_from('!H', answer, at)[0]} {_name(answer, at + 2)[0]}."
        elif kind == wanted:
            yield b"".join(_strings(answer[at : at + size])).decode("utf-8", "replace")
        at += size


def _strings(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        yield data[at + 1 : at + 1 + data[at]]
        at += 1 + data[at]


def _name(answer: bytes, at: int) -> tuple[str, int]:
    """The name written there without its last dot, and where what follows it stands (RFC 1035 §4.1.4)."""
    labels, behind = [], 0
    for _ in range(HOPS):
        size = answer[at]
        if size >= 0xC0:
            behind = behind or at + 2
            at = struct.unpack_from("!H", answer, at)[0] & 0x3FFF
        elif size:
            labels.append(answer[at + 1 : at + 1 + size].decode("ascii"))
            at += 1 + size
        else:
            return ".".join(labels), behind or at + 1
    raise IndexError
