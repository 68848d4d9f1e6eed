"""What is each recipient's own in a mail that many share: the envelope sender, and the way to leave. Pure.

The fields go on top of the shared bytes, which are not read again. Called by the deliverer for every delivery.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from mailer.errors import Malformed
from mailer.mail.addressing import join
from mailer.mail.tokens import Keys, seal
from mailer.mail.writing import headline
from mailer.outbound.parcel import Shared

TOKEN = "0" * 37  # as long as the longest token, two ids of 40 bits; no token has a 0, it is no letter of base32
VERP_MARKS = ("-", "+")  # what relays take before a recipient, of which `=` takes the place of the @
HOUSE = "mailer"  # what stands for the community where there is none, or where its name is too long for a token


@dataclass(frozen=True, slots=True)
class Place:
    """What all our addresses share. `url` is how the world reaches our web door, or empty."""

    keys: Keys
    domain: str
    delimiter: str
    url: str


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """What a community puts on each mail, with TOKEN in the place of the token: made once for all its recipients."""

    keys: Keys = field(repr=False)
    sender: str
    leave: str
    leave_all: str  # the same for everybody, without a token
    verp: str


def stamp(place: Place, community: str) -> Stamp:
    """The stamp of a community; of the house where `community` is empty. Raises Malformed where the domain is none."""
    ways = f"<mailto:{_address(place, community, 'leave')}?subject=stop>"
    post = ""
    if place.url:
        ways = f"<{place.url.rstrip('/')}/u/{TOKEN}>, {ways}"
        post = headline.tokens("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    for_all = f"<mailto:{_address(place, community, 'leave', '')}?subject=stop>"
    return Stamp(
        place.keys,
        _address(place, community, "bounces"),
        headline.tokens("List-Unsubscribe", ways) + post,
        headline.tokens("List-Unsubscribe", for_all),
        f" XVERP={place.delimiter if place.delimiter in VERP_MARKS else '+'}=",
    )


def return_path(stamp: Stamp, delivery_id: int) -> bytes:
    """Where a bounce of this one delivery comes back to; the same at every try."""
    return stamp.sender.replace(TOKEN, seal(stamp.keys, "bounce", delivery_id)).encode("ascii")


@lru_cache(8192)  # a member's are the same in each mail; a few megabytes
def leave_fields(stamp: Stamp, community_id: int, address_id: int) -> bytes:
    """List-Unsubscribe by mail and, with a web door, in one click (RFC 2369, RFC 8058); the token is this address's."""
    return stamp.leave.replace(TOKEN, seal(stamp.keys, "leave", address_id, community_id)).encode("ascii")


def shared(stamp: Stamp, mailing_id: int) -> Shared:
    """What stands in the place of both where several get a mail in one transaction: its bounces come back to an address
    that all of them know, which the relay makes each one's by XVERP, and they leave as anybody does.
    """
    sender = stamp.sender.replace(TOKEN, seal(stamp.keys, "mailing", mailing_id))
    return Shared(sender.encode("ascii"), stamp.leave_all.encode("ascii"), stamp.verp.encode("ascii"))


def _address(place: Place, community: str, verb: str, token: str = TOKEN) -> str:
    """One of our addresses; as it is valid with TOKEN it is with every token, since none is longer."""
    try:
        return join(community or HOUSE, verb, token, place.domain, place.delimiter)
    except Malformed:
        return join(HOUSE, verb, token, place.domain, place.delimiter)
