"""Which mails share a transaction, and which go alone. Pure but for the lane it takes from. Called by the pool.

Those of one content share, as many as the operator lets and the relay takes, where enough of them wait. Alone goes what
is one person's, whatever went down with a connection once, and whom a report could not name.
"""

from collections import deque

from mailer.mail.addressing import LOCAL_OCTETS
from mailer.outbound.parcel import Parcel

WORTH = 20  # recipients; a relay that takes 400 mails a second needs 50 ms for fewer, one by one


def together(lane: deque[Parcel], most: int, room: int, verp: bool) -> list[Parcel]:
    """Take from this lane what goes next: one, or up to `most` that share a transaction, where there is room for so
    many as are worth it; [] to wait for it. `verp`: the relay writes each recipient into the envelope sender.
    """
    first = lane[0]
    worth = min(WORTH, most)
    if most == 1 or not _shares(first, verp):
        return [lane.popleft()]
    if room < worth:
        return []
    looked_at, chosen = list[Parcel](), list[Parcel]()
    while lane and lane[0].content is first.content and len(chosen) < min(most, room):
        parcel = lane.popleft()
        looked_at.append(parcel)
        if _shares(parcel, verp):
            chosen.append(parcel)
    if len(chosen) < worth:
        chosen = chosen[:1]
    going = set(chosen)
    lane.extendleft(parcel for parcel in reversed(looked_at) if parcel not in going)
    return chosen


def _shares(parcel: Parcel, verp: bool) -> bool:
    """Whether others may be with it: `local-user=host` has to be a local part where the relay makes that of it."""
    shared = parcel.content.shared
    if shared is None or parcel.cuts or not parcel.rcpt.isascii():
        return False
    return not verp or shared.mail_from.index(b"@") + 1 + len(parcel.rcpt) <= LOCAL_OCTETS
