"""What words in answer to an invitation make of it: another day, another time, another place, the rest as it was. Pure.

Refuses to guess: words that name none of these change nothing. Called by the command that makes events of mails.
"""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from mailer.community.moments import Moment, Unclear, read_moment


def moved(text: str, now: datetime, was: Moment) -> Moment | None:
    """When and where it is by this text, and by what `was` where the text is silent; None where it says neither."""
    here = ZoneInfo(was.zone)
    start, end = was.start.astimezone(here), was.end.astimezone(here)
    found, named = read_moment(text, now, was.zone), True
    if isinstance(found, Unclear) and found.reason == "no date":
        text += f"\n{start:%Y-%m-%d}"
        found = read_moment(text, now, was.zone)
    if isinstance(found, Unclear) and found.reason == "no time":
        named = f"\n{start:%Y-%m-%d}" not in text
        found = read_moment(f"{text}\n{start:%H:%M}-{end:%H:%M}", now, was.zone)
    if isinstance(found, Unclear) or not (named or found.place):
        return None
    if "an hour long" in found.doubts:
        found = replace(found, end=found.start + (was.end - was.start))
    return replace(found, place=found.place or was.place)
