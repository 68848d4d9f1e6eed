"""Law 15: beyond what a member asked for, two mails of our own a week to one person, over all communities.

What finds no room is told another day with what has come since, or goes to somebody else. Called by jobs and commands
that write to a member of their own accord; answers, posts, digests and what another person calls for do not count.
"""

from datetime import timedelta

from mailer.outbound.desk import Desk
from mailer.store.traffic import mailings

THANKS, BUDDY, LINE, FORTNIGHT, WHO_ELSE = UNASKED = (
    "thanks-received",
    "welcome-buddy",
    "welcome-line",
    "welcome-fortnight",
    "who-else",
)
MOST = 2
WEEK = timedelta(days=7)


def full(desk: Desk) -> frozenset[int]:
    """Those who have had as many as they are to have."""
    lately = mailings.told(desk.conn, UNASKED, desk.now - WEEK)
    return frozenset(person for person, times in lately.items() if len(times) >= MOST)
