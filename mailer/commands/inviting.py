"""Asking others in: a colleague by any member, a whole list by a facilitator. Each is asked once; nobody is added.

`invite bob@nord.example` on the first line of a reply, or any mail with addresses to `wells-invite@` or `wells-join@`;
from a facilitator also a list to `wells-team@` under the word `invite`, pasted or as a CSV file. Refuses to ask anyone
twice, anyone who is to be left alone, and more a day than a person knows people.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from mailer.commands import Command, confirming
from mailer.commands.case import Case, Outcome
from mailer.community import roster
from mailer.community.grammar import Said, Words, first_line, understand
from mailer.community.roster import Guest, Roster
from mailer.mail.message import Attachment
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.record import ledger
from mailer.store.society import guests, people
from mailer.store.society.people import Community, Person
from mailer.store.traffic.mailings import About

DAY = timedelta(days=1)
A_DAY = 20  # people one member asks in a day: a meeting's worth of colleagues, and no campaign
A_LIST = 2_000  # people one facilitator asks in a day: a large organisation's list
SLICE = 50  # invitations in one transaction: the others wait a tenth of a second, not ten
FILE = 1_000_000  # octets of a list that are looked at
NAMED = 12  # names and lines shown in an answer; of more, the count


@dataclass(frozen=True, slots=True)
class Sorted:
    """A list, sorted: whom to ask, and why not the others."""

    ask: tuple[Guest, ...]
    members: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    never: tuple[str, ...] = ()  # for reasons that are not the inviter's business
    over: tuple[str, ...] = ()  # beyond what one may ask in a day
    wrong: tuple[str, ...] = ()  # lines that hold no address


def sort(desk: Desk, community: Community, listed: Roster, by: Person | None, limit: int) -> Sorted:
    """Look at each, ask nobody yet. Our own addresses and the inviter's are passed over."""
    ours = f"@{desk.settings.domain}"
    mine = by.email if by else ""
    named = [guest for guest in listed.guests if not guest.email.endswith(ours) and guest.email != mine]
    why = guests.barred(desk.conn, community.id, [guest.email for guest in named], desk.now)
    free = [guest for guest in named if guest.email not in why]
    left = max(limit - guests.asked_by(desk.conn, by.id, desk.now - DAY), 0) if by else limit
    pick = {reason: tuple(email for email, r in why.items() if r == reason) for reason in ("member", "asked", "never")}
    over = tuple(guest.email for guest in free[left:])
    return Sorted(tuple(free[:left]), pick["member"], pick["asked"], pick["never"], over, listed.wrong)


def ask_guest(
    desk: Desk, community: Community, guest: Guest, by: Person | None, notice: str = "invite-ask", **facts: object
) -> int:
    """Ask one person whether they would like to come in; the ask's id. The caller has sorted."""
    who = people.by_email(desk.conn, guest.email)
    if who is None:
        who = people.add_person(desk.conn, guest.email, desk.now, name=guest.name, organisation=guest.organisation)
        if guest.language in desk.press.languages:
            people.change_person(desk.conn, who.id, language=guest.language)
            who = people.by_id(desk.conn, who.id)
    payload = {"by": by.id if by else None, "reminded": 0, "notice": notice, "facts": facts}
    id = asks.open_ask(desk.conn, community.id, "invite", "yes-no", desk.now, person_id=who.id, payload=payload)
    ledger.record(
        desk.conn,
        "invited",
        at=desk.now,
        community_id=community.id,
        person_id=by.id if by else None,
        other_id=who.id,
        detail=notice,
    )
    write(desk, community, who, id, payload, 0)
    return id


def write(desk: Desk, community: Community, who: Person, ask_id: int, payload: dict[str, Any], again: int) -> None:
    """The question itself; `again` is how often it has been put before."""
    by = people.by_id(desk.conn, payload["by"]) if payload["by"] else None
    tongue = who.language or (by.language if by else "") or community.language
    facts = {"inviter": notices.person_facts(by), "again": again, **payload["facts"]}
    notices.tell(
        desk,
        payload["notice"],
        community,
        replace(who, language=tongue),
        facts,
        offers=("yes", "no"),
        about=About(ask_id=ask_id),
        period_key=f"invite:{ask_id}:{again}",
        priority=1,
    )


def ask_all(desk: Desk, community: Community, chosen: Sequence[Guest], by: Person | None, inbox_id: int | None) -> None:
    """Ask a few at once, many in slices: those wait in an ask of their own for the clock."""
    if len(chosen) > SLICE:
        put_off(desk, community, chosen, by, inbox_id)
        return
    for guest in chosen:
        ask_guest(desk, community, guest, by)


def put_off(desk: Desk, community: Community, chosen: Sequence[Guest], by: Person | None, inbox_id: int | None) -> None:
    """Leave them to the clock, which asks a slice at a time (jobs/asking)."""
    payload = {"by": by.id if by else None, "guests": [asdict(guest) for guest in chosen]}
    asks.open_ask(
        desk.conn,
        community.id,
        "roster",
        "line",
        desk.now,
        audience="facilitators",
        inbox_id=inbox_id,
        payload=payload,
        closes_at=desk.now + DAY,
    )


def _invite(desk: Desk, case: Case, said: Said) -> Outcome:
    """The word with addresses behind it, or a mail to `-invite@` that holds some."""
    if said.argument and case.local.verb != "invite":
        return invite(desk, case, roster.read(said.argument))
    return invite(desk, case, _listed(case, _with_address(f"{case.message.subject}\n{case.body.new_text}")))


def invite(desk: Desk, case: Case, listed: Roster) -> Outcome:
    """Ask those listed, and tell whoever asks for it what became of each."""
    if not case.member or not case.sender:
        if case.sender and case.proven:
            notices.answer(
                desk, case.community, case.sender, case.message, "member-help", {"facilitator": False, "member": False}
            )
        return Outcome("ignored", "an invitation by nobody of here")
    if not case.proven:
        return confirming.ask_back(desk, case, "invite")
    chosen = sort(desk, case.community, listed, case.sender, A_LIST if case.facilitator else A_DAY)
    ask_all(desk, case.community, chosen.ask, case.sender, case.mail)
    facts = _counts(chosen, A_LIST if case.facilitator else A_DAY)
    notices.answer(desk, case.community, case.sender, case.message, "invite-receipt", facts, ("help",))
    return Outcome("invited", f"{len(chosen.ask)} asked")


def _counts(chosen: Sorted, limit: int) -> dict[str, object]:
    asked = [f"{guest.name} <{guest.email}>" if guest.name else guest.email for guest in chosen.ask]
    groups = {"asked": asked, "already": chosen.members, "before": chosen.before, "never": chosen.never}
    groups |= {"over": chosen.over, "wrong": chosen.wrong}
    counted = {name: {"count": len(some), "some": [one[:100] for one in some[:NAMED]]} for name, some in groups.items()}
    return {**counted, "limit": limit, "slices": len(chosen.ask) > SLICE}


def lists(desk: Desk, case: Case) -> bool:
    """Whether a mail to the facilitators is a list of a facilitator to be asked: `invite` is its subject or its first
    line, and it holds addresses."""
    if not case.facilitator or not ("@" in case.body.new_text or _files(case)):
        return False
    words = desk.press.words(*desk.press.languages)
    said = (understand(line, ("invite",), words) for line in (case.message.subject, first_line(case.body.new_text)))
    return any(isinstance(one, Said) for one in said)


def from_list(desk: Desk, case: Case) -> Outcome:
    """Pasted below the word, or in files. A line among addresses that holds none is told of: somebody is missing."""
    words = desk.press.words(*desk.press.languages)
    paragraphs = re.split(r"\n[ \t]*\n", case.body.new_text)
    listed = (line for some in paragraphs if "@" in some for line in some.splitlines() if not _leads(line, words))
    others = (line for some in paragraphs if "@" not in some for line in some.splitlines() if _tabled(line))
    return invite(desk, case, _listed(case, "\n".join([*listed, *others])))


def _leads(line: str, words: Sequence[Words]) -> bool:
    """It only leads to a list: the word alone, or a greeting."""
    return line.rstrip().endswith((",", ":", "!")) or ("@" not in line and bool(understand(line, ("invite",), words)))


def named_in(case: Case) -> Roster:
    """Everyone whose address stands in the new words of a mail."""
    return _listed(case, _with_address(case.body.new_text))


def _with_address(text: str) -> str:
    """The lines of prose that name somebody."""
    return "\n".join(line for line in text.splitlines() if "@" in line)


def _listed(case: Case, text: str) -> Roster:
    """Everyone named in a text and in the files with it."""
    files = [roster.read(roster.decode(one.content[:FILE])) for one in _files(case)]
    parts = [roster.read(text), *files]
    found: dict[str, Guest] = {}
    for guest in (guest for part in parts for guest in part.guests):
        found.setdefault(guest.email, guest)
    return Roster(tuple(found.values()), tuple(line for part in parts for line in part.wrong))


def _tabled(line: str) -> bool:
    """It looks like a row of a list, not like "Dear all,"."""
    return any(mark in line.strip(" ,;") for mark in ";\t,") and not line.rstrip().endswith((".", "!", "?"))


def _files(case: Case) -> list[Attachment]:
    return [
        one
        for one in case.message.attachments
        if one.type in ("text/csv", "text/tab-separated-values") or one.name.lower().endswith((".csv", ".tsv"))
    ]


INVITE = Command("invite people: each is asked once", _invite, words=("invite",), verbs=("invite",))
