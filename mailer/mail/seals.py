"""Which header fields the signatures of a mail speak for: DKIM, RFC 6376 §5.4, read without checking one.

A signature that holds says nothing about a field that it does not list as often as it stands: whoever sends the mail
again may have put it there, or, where it is not listed at all, taken it away. Whether a signature holds is for whoever
vouches to say. As it may be any of them, a field counts where every one lists it. Called by gather.
"""

from mailer.mail.domainkeys import tags
from mailer.mail.message import Message

# of parts.headers: what we saw of the header may not be all that was signed, nor all that signs
_HALF_READ = frozenset(
    {"too many header fields", "header block too long"}
    | {"no line between header and body", "line in the header that is no field"}
)


def covers(message: Message, name: str) -> bool:
    """Whether every signature lists the field, as often as it stands and once at least; true where there is none, and
    false where we have not read the whole header."""
    if not _HALF_READ.isdisjoint(message.defects):
        return False
    wanted = max(1, len(message.headers.all(name)))
    return all(listed(field).count(name) >= wanted for field in message.headers.all("dkim-signature"))


def listed(signature: str) -> list[str]:
    """The names of the fields that a DKIM-Signature is about, lower case; none where it cannot be read, and none where
    it holds a part of the body alone (l=): who sends the mail again may have written the rest."""
    given = tags(signature) or {}
    if "l" in given:
        return []
    return [name.strip().lower() for name in given.get("h", "").split(":")]
