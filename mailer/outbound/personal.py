"""What is each recipient's own in a mail that many share: the envelope sender, and the way to leave. Pure.

The fields go on top of the shared bytes, which are not read again. Called by the deliverer for every delivery.
"""

from dataclasses import dataclass
from functools import lru_cache

from mailer.errors import Malformed
from mailer.mail import headline
from mailer.mail.addressing import join
from mailer.mail.tokens import Keys, seal

TOKEN = "0" * 37  # as long as the longest token, two ids of 40 bits; no token has a 0, it is no letter of base32
HOUSE = "mailer"  # what stands for the community where there is none, or where its name is too long for a token


@dataclass(frozen=True, slots=True)
class Place:
    """What all our addresses share. `url` is how the world reaches our web door, or empty."""

    keys: Keys
    domain: str
    delimiter: str
    url: str


def return_path(place: Place, community: str, delivery_id: int) -> str:
    """Where a bounce of this one delivery comes back to; the same at every try."""
    return _address(place, community, "bounces").replace(TOKEN, seal(place.keys, "bounce", delivery_id))


def leave_fields(place: Place, community: str, community_id: int, address_id: int) -> bytes:
    """List-Unsubscribe by mail and, with a web door, in one click (RFC 2369, RFC 8058); the token is this address's."""
    token = seal(place.keys, "leave", address_id, community_id)
    return _leave(place, community).replace(TOKEN, token).encode("ascii")


@lru_cache(1024)
def _leave(place: Place, community: str) -> str:
    """The fields with TOKEN in the place of the token: made once, because a long list has many recipients."""
    ways = f"<mailto:{_address(place, community, 'leave')}?subject=stop>"
    if not place.url:
        return headline.tokens("List-Unsubscribe", ways)
    fields = headline.tokens("List-Unsubscribe", f"<{place.url.rstrip('/')}/u/{TOKEN}>, {ways}")
    return fields + headline.tokens("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")


@lru_cache(1024)
def _address(place: Place, community: str, verb: str) -> str:
    """One of our addresses with TOKEN for the token; valid for every token, since none is longer."""
    try:
        return join(community or HOUSE, verb, TOKEN, place.domain, place.delimiter)
    except Malformed:
        return join(HOUSE, verb, TOKEN, place.domain, place.delimiter)
