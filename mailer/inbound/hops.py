"""Has this mail been here before? Looks at the header block alone, in linear time, without parsing the mail.

Refuses nothing itself; the dialogue asks it at DATA.
"""

import re

HOPS = 25  # a mail passes fewer than ten servers on an odd day; RFC 5321 §6.3 asks for a limit of 100 at most
HEADER_OCTETS = 262_144  # what is looked at; twice what Postfix keeps of a header block
_RECEIVED = re.compile(rb"^received[ \t]*:", re.IGNORECASE | re.MULTILINE)
_LIST_ID = re.compile(rb"^list-id[ \t]*:(.*)$", re.IGNORECASE | re.MULTILINE)


def looping(mail: bytes, domain: str) -> bool:
    """More than HOPS Received fields, or a List-Id (RFC 2919) of a list at our domain."""
    end = mail.find(b"\r\n\r\n", 0, HEADER_OCTETS)
    header = mail[: end if end >= 0 else HEADER_OCTETS]
    return len(_RECEIVED.findall(header)) > HOPS or _from_our_list(header, domain.encode("ascii"))


def _from_our_list(header: bytes, domain: bytes) -> bool:
    """The id is what stands in the last angle brackets, or the whole value where there are none."""
    unfolded = header.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    for value in _LIST_ID.findall(unfolded):
        name = value[value.rfind(b"<") + 1 :].partition(b">")[0].strip().lower()
        if name == domain or name.endswith(b"." + domain):
            return True
    return False
