"""The last look at a mail before it leaves: what a strict server would refuse, or read otherwise than we meant.

Looks at the bytes alone and shares no code with the writer. Called by compose, and by the deliverer before the socket.
"""

import re

LINE_OCTETS = 998  # RFC 5322 §2.1.1
HEAD_OCTETS = 65_536  # Postfix takes 102,400
FIELDS = 200
NEEDED = ("from", "date", "message-id")
SINGLE = (
    *("from", "sender", "reply-to", "to", "cc", "message-id", "in-reply-to", "references", "subject", "date"),
    *("mime-version", "content-type", "content-transfer-encoding", "list-id", "list-post", "list-unsubscribe"),
    *("list-unsubscribe-post", "auto-submitted", "precedence"),
)
NEVER = frozenset({"bcc", "resent-bcc", "return-path"})

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FIELD = re.compile(rb"([!-9;-~]+):[ \t]")


def lint(raw: bytes) -> list[str]:
    """Defects of a complete mail; empty for one that any strict server takes."""
    defects = wire_defects(raw)
    head, gap, _ = raw.partition(b"\r\n\r\n")
    if not gap:
        return [*defects, "no empty line after the header"]
    if len(head) > HEAD_OCTETS:
        defects.append("the header is too long")
    if _CONTROL.search(head):
        defects.append("a control character in the header")
    return defects + _field_defects(head.split(b"\r\n"))


def wire_defects(raw: bytes) -> list[str]:
    """What could change the meaning of the bytes on their way: line ends, NUL, eight bits, long lines."""
    defects = []
    ends = raw.count(b"\r\n")
    if raw.count(b"\n") != ends:
        defects.append("a line feed alone")
    if raw.count(b"\r") != ends:
        defects.append("a carriage return alone")
    if not raw.endswith(b"\r\n"):
        defects.append("no line end at the end")
    if b"\x00" in raw:
        defects.append("a NUL")
    if not raw.isascii():
        defects.append("eight bits")
    if any(len(line) > LINE_OCTETS for line in raw.split(b"\r\n")):
        defects.append("a line over 998 octets")
    return defects


def _field_defects(lines: list[bytes]) -> list[str]:
    defects, names = [], []
    for place, line in enumerate(lines):
        if line[:1] in (b" ", b"\t"):
            if not place or not line.strip():
                defects.append("a folded line with nothing to fold")
        elif found := _FIELD.match(line):
            names.append(found[1].decode("ascii").lower())
        else:
            defects.append("a line in the header that is no field")
    if len(names) > FIELDS:
        defects.append("too many header fields")
    defects += [f"two {name} fields" for name in SINGLE if names.count(name) > 1]
    defects += [f"no {name} field" for name in NEEDED if name not in names]
    return defects + [f"a {name} field" for name in sorted(NEVER) if name in names]
