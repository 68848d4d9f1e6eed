"""What is each recipient's own in a mail that many share: the envelope sender, and the way to leave. Pure.

The fields go on top of the shared bytes, which are not read again. Called by the deliverer for every delivery.
"""

from dataclasses import dataclass

from mailer.errors import Malformed
from mailer.mail import headline
from mailer.mail.addressing import join
from mailer.mail.tokens import Keys, seal

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
    return _ours(place, community, "bounces", seal(place.keys, "bounce", delivery_id))


def leave_fields(place: Place, community: str, community_id: int, address_id: int) -> bytes:
    """List-Unsubscribe by mail and, with a web door, in one click (RFC 2369, RFC 8058); the token is this address's."""
    token = seal(place.keys, "leave", address_id, community_id)
    ways = f"<mailto:{_ours(place, community, 'leave', token)}?subject=stop>"
    if not place.url:
        return headline.tokens("List-Unsubscribe", ways).encode("ascii")
    fields = headline.tokens("List-Unsubscribe", f"<{place.url.rstrip('/')}/u/{token}>, {ways}")
    fields += headline.tokens("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    return fields.encode("ascii")


def _ours(place: Place, community: str, verb: str, token: str) -> str:
    try:
        return join(community or HOUSE, verb, token, place.domain, place.delimiter)
    except Malformed:
        return join(HOUSE, verb, token, place.domain, place.delimiter)
