"""The digest: what was said and kept since the last one, numbered, so that a reply can say which it is about.

Nothing new, no mail. One mailing a slot; one variant for all who read the same words: the same language, zone, muted
threads and answers so far, in text alone or not. Whoever is away gets none: `whileaway` tells them when they return.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from mailer.community.policy import Policy
from mailer.community.tagging import title_of
from mailer.community.vocabulary import DAYS
from mailer.jobs.job import LONGEST, Job, Rhythm
from mailer.jobs.slots import Rule, Slot, daily, instant, week, weekly
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.outbound.fanout import Copy, broadcast
from mailer.outbound.invitations import facts_of
from mailer.store.knowledge import asks, events, library
from mailer.store.knowledge.events import Event
from mailer.store.knowledge.library import ItemRow
from mailer.store.record import schedule
from mailer.store.society import people
from mailer.store.society.people import Community, Member
from mailer.store.talk import news, posts
from mailer.store.talk.posts import PostRow
from mailer.store.traffic.mailings import About

THREADS, POSTS, ITEMS, EVENTS = 20, 3, 10, 5  # shown in one mail, which stays on a screen or two
WORDS = 600  # characters of a post that a template may choose from
AHEAD = timedelta(days=45)  # events later than this can wait


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread with its new posts, oldest first."""

    id: int
    title: str
    posts: Sequence[PostRow]


@dataclass(frozen=True, slots=True)
class News:
    """What there is to say. `fresh` are ids of events called since the last digest: worth a mail of their own."""

    talks: Sequence[Talk]
    items: Sequence[ItemRow]
    events: Sequence[Event]
    fresh: frozenset[int]

    def without(self, hidden: frozenset[int]) -> "News":
        return replace(self, talks=[talk for talk in self.talks if talk.id not in hidden])

    def only(self, posts: frozenset[int]) -> "News":
        """Of the conversations alone, and of them these posts."""
        new = [Talk(talk.id, talk.title, [post for post in talk.posts if post.id in posts]) for talk in self.talks]
        return News([talk for talk in new if talk.posts], [], [], frozenset())

    def __bool__(self) -> bool:
        return bool(self.talks or self.items or self.fresh)

    def numbers(self) -> dict[str, tuple[str, int]]:
        """The same numbers for every reader, whatever each has muted."""
        what = [("thread", talk.id) for talk in self.talks]
        what += [("item", item.id) for item in self.items] + [("event", event.id) for event in self.events]
        return {str(number): about for number, about in enumerate(what, 1)}


@dataclass(frozen=True, slots=True)
class Digest(Rhythm):
    """What is new, once a day or once a week, to those who asked for it so."""

    mode: Literal["daily", "weekly"]

    def rule(self, policy: Policy) -> Rule:
        return daily(policy.digest_hour) if self.mode == "daily" else weekly(policy.digest_day, policy.digest_hour)

    def due(self, conn: Connection, community: Community, now: datetime) -> Sequence[Slot]:
        """The community's own slot; of a weekly digest also the newest of each other day, "friday 2026-W10", whether
        or not a member has chosen it yet: who does is told what is new from then on."""
        own = Rhythm.due(self, conn, community, now)
        return own if self.mode == "daily" else [*own, *_other_days(community, now)]

    def run(self, desk: Desk, community: Community, slot: Slot) -> str:
        day = slot.name.rpartition(" ")[0]
        members = [one for one in people.members(desk.conn, community.id, modes=[self.mode])
                   if one.membership.away_until is None and self._day(community, one) == day]  # fmt: skip
        if not members:
            return "nobody wants it"
        usual = slot.due - timedelta(days=1 if self.mode == "daily" else 7)
        last = schedule.last_run(desk.conn, self.name, community.id, slot.name, after=day)
        found = gather(desk.conn, community, max(last or usual, desk.now - LONGEST), desk.now)
        if not found:
            return "nothing new"
        return send(desk, community, copies(desk, community, members, found, self.mode), found, self.mode, slot, self)

    def _day(self, community: Community, member: Member) -> str:
        """The day a member has chosen, where it is not the community's."""
        chosen = member.membership.digest_day if self.mode == "weekly" else ""
        return "" if chosen == community.policy.digest_day else chosen


def _other_days(community: Community, now: datetime) -> Iterator[Slot]:
    zone, hour = ZoneInfo(community.zone), time(community.policy.digest_hour)
    today = now.astimezone(zone).date()
    seen: set[str] = {community.policy.digest_day}
    for on in (today - timedelta(days=back) for back in range(8)):
        day, due = DAYS[on.weekday()], instant(datetime.combine(on, hour), zone)
        if day not in seen and due <= now:
            seen.add(day)
            yield Slot(f"{day} {week(on)}", due)


def send(
    desk: Desk, community: Community, copies: Sequence[Copy], found: News, period: str, slot: Slot, job: Job
) -> str:
    """Queue these copies, once for this slot; what came of it."""
    ways = [way for way in ("each", "daily", "weekly") if way != period][:2]
    offers = (*(["number"] if found.talks else []), *ways, "help")
    key, about = f"{job.name}/{community.id}/{slot.name}", About(numbers=found.numbers())
    broadcast(desk, "member-digest", community, copies, offers=offers, about=about, period_key=key)
    return f"to {sum(len(copy.members) for copy in copies)} in {len(copies)} variants"


def gather(conn: Connection, community: Community, since: datetime, until: datetime) -> News:
    """What is new with since <= posted < until, and the events ahead."""
    by_thread: dict[int, list[PostRow]] = {}
    for post in posts.posts_since(conn, community.id, since, until):
        by_thread.setdefault(post.thread_id, []).append(post)
    talks = []
    for id, new in sorted(by_thread.items(), key=lambda pair: -len(pair[1]))[:THREADS]:
        thread = posts.thread(conn, id)
        talks.append(Talk(id, title_of(thread.subject if thread else new[0].subject, new[0].new_text), new))
    items = library.items_since(conn, community.id, since, until)[:ITEMS]
    ahead = [event for event in events.coming(conn, community.id, until) if event.plan.starts_at < until + AHEAD]
    told = {event.id: news.last_told(conn, event.id) for event in ahead}
    fresh = frozenset(id for id, at in told.items() if at and at >= since)
    return News(talks, items, ahead[:EVENTS], fresh)


def copies(desk: Desk, community: Community, members: Sequence[Member], found: News, period: str) -> list[Copy]:
    """The members grouped by what they read: language, zone, text only, what they muted, what they answered."""
    hidden = news.hidden(desk.conn, community.id, [talk.id for talk in found.talks])
    answers = [{one.person_id: one.value for one in asks.answers(desk.conn, event.ask_id)} for event in found.events]
    groups: dict[tuple[str, str, bool, frozenset[int], tuple[str, ...]], list[Member]] = {}
    for member in members:
        said = tuple(each.get(member.person.id, "") for each in answers)
        way = (notices.spoken(member.person, community), notices.zone_of(member.person, community))
        mine = hidden.get(member.membership.id, frozenset())
        groups.setdefault((*way, member.membership.plain, mine, said), []).append(member)
    made = []
    for number, ((language, zone, plain, unwanted, said), readers) in enumerate(groups.items()):
        if left := found.without(unwanted):
            facts = {**facts_for(desk, found, left, said), "period": period, "until": desk.now, "zone": zone}
            made.append(Copy(str(number), readers, language, facts, plain=plain))
    return made


def facts_for(desk: Desk, whole: News, mine: News, said: Sequence[str]) -> dict[str, object]:
    """The three lists of the template, with the numbers of the whole."""
    number = {about: int(number) for number, about in whole.numbers().items()}
    return {
        "threads": [
            {"number": number["thread", talk.id], "title": talk.title, "new": len(talk.posts), "posts": _posts(talk)}
            for talk in mine.talks
        ],
        "lessons": [{"number": number["item", item.id], **_lesson(desk, item)} for item in mine.items],
        "events": [
            {"number": number["event", event.id], "answer": answer, **facts_of(event.plan)}
            for event, answer in zip(mine.events, said, strict=True)
        ],
    }


def _posts(talk: Talk) -> list[dict[str, str]]:
    """The first new post and the latest ones."""
    shown = talk.posts if len(talk.posts) <= POSTS else [talk.posts[0], *talk.posts[-(POSTS - 1) :]]
    return [{"author": post.author, "words": " ".join(post.new_text[: WORDS * 4].split())[:WORDS]} for post in shown]


def _lesson(desk: Desk, item: ItemRow) -> dict[str, object]:
    author = notices.name_of(people.by_id(desk.conn, item.author_id)) if item.author_id else ""
    return {"title": item.title, "author": author, "tags": list(library.tags_of_item(desk.conn, item.id))}


DAILY = Digest("daily-digest", "daily")
WEEKLY = Digest("weekly-digest", "weekly")
