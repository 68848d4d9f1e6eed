"""Who belongs, and as what, by a facilitator's line to `-team@`: `members`, `facilitator ana@acme.example`,
`remove Ana Lopes`, `ban`, `unban`.

Acts at once, and each act can be taken back for a day. Refuses to guess whom it is about, and to leave a community
without a facilitator.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from mailer.commands import Answer, Command, duty
from mailer.commands.case import Before, Case, Outcome
from mailer.community import whois
from mailer.community.grammar import Said
from mailer.mail import addressing
from mailer.mail.message import Attachment
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.society import belonging, people
from mailer.store.society.belonging import Entry
from mailer.store.talk import turn
from mailer.store.traffic.mailings import About

ROLES = ("facilitator", "member", "sponsor")
SAYABLE = (*ROLES, "remove", "ban", "unban", "invite", "members", "govern", "set")  # in answer to any of these mails
SCREEN = 20  # members on one screen; more of them come as a file
NO_LINES: dict[str, object] = {"lines": [], "unsure": [], "lost": [], "since": [], "told": False}
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run: such a cell gets an apostrophe before it


def _members(desk: Desk, case: Case, said: Said) -> Outcome:
    """Everyone on one screen, or counted with a file beside."""
    here = [one for one in belonging.roster(desk.conn, case.community.id) if one.state == "active"]
    zone = ZoneInfo(notices.zone_of(case.sender, case.community))
    rows = [_shown(one, zone) for one in here]
    short = len(here) <= SCREEN
    facts = {
        "modes": [{"mode": mode, "count": count} for mode, count in Counter(one.mode for one in here).most_common()],
        "people": rows if short else [row for row in rows if row["role"] != "member"][:SCREEN],
        "all": short,
    }
    files = () if short else (Attachment("members.csv", "text/csv", _table(here, rows)),)
    reply(desk, case, "facilitator-members", facts, ("govern", "help"), files=files)
    return Outcome("helped", f"{len(here)} members")


def _shown(one: Entry, zone: ZoneInfo) -> dict[str, str]:
    return {
        "name": one.name,
        "address": one.email,
        "role": one.role,
        "since": _day(one.joined_at, zone),
        "last": _day(one.last_post, zone),
    }


def _day(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).date().isoformat() if at else ""


def _table(here: Sequence[Entry], rows: Sequence[dict[str, str]]) -> bytes:
    """The list as spreadsheets read it: UTF-8 with the mark that Excel looks for."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("name", "address", "organisation", "role", "mode", "since", "last post"))
    for one, row in zip(here, rows, strict=True):
        cells = (one.name, one.email, one.organisation, one.role, one.mode, row["since"], row["last"])
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _one(desk: Desk, case: Case, said: Said) -> Outcome:
    """A word about one person: find them, then do it."""
    turn.take(desk.conn, case.community.id)  # two who remove each other at once are one after the other
    known = belonging.roster(desk.conn, case.community.id)
    if not said.argument:
        return _asked(desk, case, said.command, "whom", "")
    for email in map(addressing.address, whois.addresses(said.argument)):
        who = people.by_email(desk.conn, email) if email else None
        if found := next((one for one in known if who and one.person_id == who.id), None):
            return _act(desk, case, said.command, found)
        if email and said.command == "ban":
            return _bar(desk, case, email)
    here = [one for one in known if _concerns(one, said.command)]
    meant = whois.find(said.argument, [whois.Known(one.membership_id, one.name, one.email) for one in here])
    chosen = [one for one in here if one.membership_id in meant.ids]
    if len(chosen) == 1 and meant.sure:
        return _act(desk, case, said.command, chosen[0])
    return _which(desk, case, said, chosen) if chosen else _asked(desk, case, said.command, "nobody", said.argument)


def _concerns(one: Entry, act: str) -> bool:
    return one.state == ("banned" if act == "unban" else "active") or (act == "ban" and one.state == "left")


def _which(desk: Desk, case: Case, said: Said, chosen: list[Entry]) -> Outcome:
    """Several fit, or one nearly: a number settles it."""
    assert case.sender
    ids = [one.membership_id for one in chosen]
    payload = {"act": said.command, "memberships": ids}
    ask = asks.open_ask(
        desk.conn, case.community.id, "which", "choice", desk.now, person_id=case.sender.id, inbox_id=case.mail,
        options=[one.email for one in chosen], payload=payload,
    )  # fmt: skip
    candidates = [{"name": one.name, "address": one.email} for one in chosen]
    facts = {"reason": "which", "act": said.command, "line": said.argument, "candidates": candidates}
    reply(desk, case, "facilitator-which", facts, ("number", "help"), about=About(ask_id=ask, inbox_id=case.mail))
    return Outcome("asked", f"{said.command}: which of {len(chosen)}")


def _chosen(desk: Desk, case: Case, said: Said) -> Outcome:
    """The number of the one they meant."""
    ask = case.ask
    if ask is None or not case.facilitator or not ask.open:
        return Outcome("ignored", "decided before" if case.facilitator else "not a facilitator")
    turn.take(desk.conn, case.community.id)
    ids = ask.payload["memberships"]
    number = int(said.argument) if said.argument.isdecimal() else 0
    known = belonging.roster(desk.conn, case.community.id)
    found = [one for one in known if 1 <= number <= len(ids) and one.membership_id == ids[number - 1]]
    if said.command != "number" or not found:
        return _asked(desk, case, ask.payload["act"], "whom", "")
    asks.close(desk.conn, ask.id)
    return _act(desk, case, ask.payload["act"], found[0])


def _asked(desk: Desk, case: Case, act: str, reason: str, line: str) -> Outcome:
    """Whom it is about is not clear: nothing done, one line back."""
    facts = {"reason": reason, "act": act, "line": line, "candidates": []}
    reply(desk, case, "facilitator-which", facts, ("members", "help"))
    return Outcome("unclear", f"{act}: {reason}")


def _act(desk: Desk, case: Case, act: str, one: Entry) -> Outcome:
    """Do it, unless it is so already or nobody would be left to facilitate."""
    wanted = {"state": "active", "role": act} if act in ROLES else {"state": _state(act, one)}
    if act in ROLES and one.state != "active":
        return _asked(desk, case, act, "nobody", one.email)
    if all(getattr(one, name) == value for name, value in wanted.items()):
        return _done(desk, case, "same", one, act)
    if one.role == "facilitator" and one.state == "active" and act != "facilitator" and _alone(desk, case):
        return _done(desk, case, "last", one, act)
    left_at = None if wanted["state"] == "active" else desk.now
    people.change_membership(desk.conn, one.membership_id, **wanted, left_at=left_at)
    before = {name: getattr(one, name) for name in (*wanted, "left_at")}
    undo: Before = ("membership", one.membership_id, before)
    what = {"remove": "removed", "ban": "banned"}.get(act, "governed")
    _done(desk, case, act, one, act)
    _tell(desk, case, act, one)
    return Outcome(what, f"{act} {one.email}", other_id=one.person_id, undo=(undo,))  # type: ignore[arg-type]


def _state(act: str, one: Entry) -> str:
    """What becomes of a membership: whoever was removed or is no longer banned may join again."""
    if act == "ban":
        return "banned"
    return "left" if one.state == ("active" if act == "remove" else "banned") else one.state


def _alone(desk: Desk, case: Case) -> bool:
    return len(duty.facilitators(desk, case.community)) == 1


def _bar(desk: Desk, case: Case, email: str) -> Outcome:
    """Ban an address that was never a member: nobody hears of it but the facilitators."""
    who = people.by_email(desk.conn, email) or people.add_person(desk.conn, email, desk.now)
    id = people.join(desk.conn, who, case.community.id, desk.now, state="banned", left_at=desk.now).id
    one = next(entry for entry in belonging.roster(desk.conn, case.community.id) if entry.membership_id == id)
    _done(desk, case, "ban", one, "ban")
    news(desk, case, "ban", email)
    undo: Before = ("membership", id, {"state": "left"})
    return Outcome("banned", f"ban {email}", other_id=who.id, undo=(undo,))


def _done(desk: Desk, case: Case, done: str, one: Entry, act: str) -> Outcome:
    """One line to whoever asked for it."""
    facts = {"done": done, "act": act, "name": one.name or one.email, "address": one.email, **NO_LINES}
    facts["told"] = case.sender is not None and one.person_id != case.sender.id
    offers = ("undo", "members", "help") if done == act else ("members", "help")
    reply(desk, case, "facilitator-done", facts, offers)
    return Outcome("ignored", f"{act} {one.email}: {done}")


def _tell(desk: Desk, case: Case, act: str, one: Entry) -> None:
    """The person, kindly, and the other facilitators, in a line."""
    assert case.sender
    member = people.member(desk.conn, one.person_id, case.community.id)
    if member and one.person_id != case.sender.id and act != "unban":
        standing(desk, case, member.person, act)
    done = "left" if act == "remove" and one.person_id == case.sender.id else act
    news(desk, case, done, one.name or one.email, one.email, but=one.person_id)


def standing(desk: Desk, case: Case, who: people.Person, done: str) -> None:
    """Tell someone how they stand now: a role, remove, ban, or back."""
    offers = () if done in ("remove", "ban") else ("help",)
    notices.tell(desk, "member-standing", case.community, who, {"done": done}, offers=offers)


def news(
    desk: Desk,
    case: Case,
    done: str,
    name: str = "",
    address: str = "",
    lines: Callable[[people.Person], Sequence[object]] = lambda who: (),
    but: int | None = None,
) -> None:
    """What one facilitator did, to the others, each in their own language; each of them may take it back as well."""
    assert case.sender
    told = {"actor": notices.name_of(case.sender), "done": done, "name": name, "address": address}
    offers = () if done == "undone" else ("undo", "help")
    for who in (one.person for one in duty.facilitators(desk, case.community)):
        if who.id not in (case.sender.id, but):
            facts, about = {**told, "lines": lines(who)}, About(inbox_id=case.mail)
            notices.tell(desk, "facilitator-news", case.community, who, facts, offers=offers, about=about)


def reply(
    desk: Desk,
    case: Case,
    name: str,
    facts: notices.Facts,
    offers: Sequence[str],
    *,
    about: About | None = None,
    files: tuple[Attachment, ...] = (),
) -> None:
    """Answer a facilitator, who may go on with any of these words."""
    assert case.sender
    notices.tell(
        desk, name, case.community, case.sender, facts, offers=offers, also=SAYABLE,
        about=about or About(inbox_id=case.mail), in_reply_to=case.message.message_id,
        references=(*case.message.references, case.message.message_id)[-20:], attachments=files,
    )  # fmt: skip


MEMBERS = Command("the list of members", _members, words=("members",), changes=False, facilitators=True)
ROLE = Command("make someone a facilitator, a member or a sponsor", _one, words=ROLES, facilitators=True)
REMOVE = Command("take someone out of the community", _one, words=("remove",), facilitators=True)
BAN = Command("close the community to someone, or open it again", _one, words=("ban", "unban"), facilitators=True)
WHICH = Answer("which", _chosen)
