"""How much mail comes, and of what: each, daily, weekly on a day, events, tags or none; threads and tags, followed or
muted; so many a day; nothing until a day."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from mailer.commands.case import Case, Line
from mailer.commands.describing import asked, changed, setting
from mailer.community.absence import Unread, read_until
from mailer.community.grammar import Said
from mailer.community.tagging import tag
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import absences, follows, people
from mailer.store.traffic.mailings import About


def _mode(desk: Desk, case: Case, said: Said) -> Line:
    """`daily`, `weekly friday`; a weekly digest without a day comes on the community's."""
    assert case.membership
    member = case.membership
    day = said.argument if said.command == "weekly" else member.digest_day
    people.change_membership(desk.conn, member.id, mode=said.command, digest_day=day)
    others = tuple(mode for mode in ("each", "daily", "weekly") if mode != said.command)
    undo = (("membership", member.id, {"mode": member.mode, "digest_day": member.digest_day}),)
    shown = day or (case.community.policy.digest_day if said.command == "weekly" else "")
    return changed(said.command, others, undo, detail=f"mode {said.command}", day=shown)


def _tags(desk: Desk, case: Case, said: Said) -> Line:
    """`tags #cementing #ppg`: each post of these, and nothing else by itself."""
    assert case.membership
    names, member = _names(said), case.membership
    if not names:
        return asked("ask", command="tags")
    before = follows.only_tags(desk.conn, case.community.id, member.id, names)
    people.change_membership(desk.conn, member.id, mode="tags")
    undo = (("membership", member.id, {"mode": member.mode}), *before)
    return changed("tags", ("each", "daily"), undo, detail=f"tags {' '.join(names)}", tags=names)


def _choose(desk: Desk, case: Case, said: Said) -> Line:
    """`mute` and `follow`, of the thread answered, or of the tags named."""
    assert case.membership
    choice: follows.Choice = "mute" if said.command == "mute" else "follow"
    other = ("follow",) if choice == "mute" else ("mute",)
    if names := _names(said):
        undo = tuple(follows.choose_tags(desk.conn, case.community.id, case.membership.id, choice, names))
        detail = f"{choice} {' '.join(names)}"
        return changed(f"{choice}-tags", (), undo, detail=detail, tags=names)
    thread = case.mailing.about.thread_id if case.mailing else None
    if thread is None:
        return asked("ask", command=choice)
    undo = (follows.choose(desk.conn, case.membership.id, choice, thread_id=thread),)
    subject, about = case.mailing.subject if case.mailing else "", About(thread_id=thread)
    return changed(choice, other, undo, detail=f"{choice} thread {thread}", about=about, thread=subject)


def _names(said: Said) -> list[str]:
    """The tags said, as they are kept."""
    return list(dict.fromkeys(filter(None, (tag(word) for word in said.argument.split()))))


def _cap(desk: Desk, case: Case, said: Said) -> Line:
    """`at most 5 a day`: the rest in the evening's digest."""
    assert case.membership
    if not said.argument:
        return asked("ask", command="cap")
    cap = int(said.argument) if said.argument.isdigit() else None
    people.change_membership(desk.conn, case.membership.id, cap=cap)
    undo = (("membership", case.membership.id, {"cap": case.membership.cap}),)
    return changed("cap", ("settings",), undo, detail=f"at most {cap}" if cap else "no cap", cap=cap or 0)


def _away(desk: Desk, case: Case, said: Said) -> Line:
    """`away until 3 March`: nothing before the morning of that day, where they live."""
    assert case.membership and case.sender
    if not said.argument:
        return asked("ask", command="away")
    zone = ZoneInfo(notices.zone_of(case.sender, case.community))
    spoken = notices.spoken(case.sender, case.community)
    words = desk.press.words(spoken, case.community.language, *desk.press.languages)
    on = read_until(said.argument, words, desk.now.astimezone(zone).date())
    if isinstance(on, Unread):
        return asked("away-when", why=on.reason, value=said.argument)
    until = datetime.combine(on, time(), zone).astimezone(UTC)
    people.change_membership(desk.conn, case.membership.id, away_until=until)
    undo = (("membership", case.membership.id, {"away_until": case.membership.away_until}),)
    return changed("away", ("back",), undo, detail=f"{absences.AWAY} {on}", away=on)


def _back(desk: Desk, case: Case, said: Said) -> Line:
    """Sooner than they said. The mail of their return comes the next morning all the same."""
    assert case.membership
    away = case.membership.away_until
    if away and away > desk.now:
        people.change_membership(desk.conn, case.membership.id, away_until=desk.now)
    undo = (("membership", case.membership.id, {"away_until": away}),)
    return changed("back", ("settings",), undo)


MODE = setting("how often mail comes", _mode, words=("each", "daily", "weekly", "events", "none"))
TAGS = setting("each post of some tags alone", _tags, words=("tags",))
CHOICE = setting("hear no more, or each post, of a thread or a tag", _choose, words=("mute", "follow"))
CAP = setting("so many posts a day, the rest in the evening's digest", _cap, words=("cap",))
AWAY = setting("no mail until a day", _away, words=("away",))
BACK = setting("back sooner than that", _back, words=("back",))
