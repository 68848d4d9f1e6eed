"""What is done with a mail, one act a route. Called by the reader inside its transaction; each returns its outcome."""

from collections.abc import Callable
from datetime import timedelta

from mailer import commands
from mailer.commands import (
    askingback,
    confiding,
    confirming,
    finding,
    forwarding,
    helping,
    joining,
    linking,
    moderating,
    relaying,
)
from mailer.commands.case import Case, Outcome
from mailer.commands.meeting import again, from_calendar, from_reply
from mailer.community.grammar import Said
from mailer.inbound import bouncing, publishing
from mailer.inbound.route import decide
from mailer.inbound.rules import Rule, judge
from mailer.outbound import notices, relay
from mailer.outbound.desk import Desk
from mailer.outbound.invitations import PREVIEW
from mailer.store.society import people
from mailer.store.traffic.mailings import About

DAY = timedelta(days=1)
FOR_WORDS = frozenset({"team", "ask", "find", "invite", "event"})  # addresses that do nothing without words
FOR_MEMBERS = frozenset({"me", "find", "invite", "leave", "event"})  # addresses that do nothing for others

WORDS = commands.by_word()
VERBS = commands.by_verb()
ASKS = commands.by_kind()


def perform(desk: Desk, case: Case) -> Outcome:
    """Do what the route says."""
    if word := askingback.meant(case.mailing, case.said):  # yes to "did you mean?"
        case = case.but(said=word)
    return ACTS[decide(case).name](desk, case)


def answer(desk: Desk, case: Case) -> Outcome:
    """A word in answer to an ask. Only the one asked may answer what was asked of one."""
    ask, said = case.ask, case.said
    assert ask and isinstance(said, Said)
    if not case.sender:
        return _who_is_this(desk, case)
    if ask.person_id and ask.person_id != case.sender.id:
        return unclear(desk, case, "not-yours")
    if not case.proven and not (case.personal and ask.kind == "confirm"):
        return confirming.ask_back(desk, case, said.command)
    if ask.kind not in ASKS:
        return unclear(desk, case, "lost")
    return ASKS[ask.kind].run(desk, case, said)


def _who_is_this(desk: Desk, case: Case) -> Outcome:
    """Law 16: whoever answers what somebody else got is asked once a day who they are, where our border vouches."""
    if not case.proven:
        return Outcome("recorded", "an answer of a stranger")
    who = people.add_person(desk.conn, case.verdict.address, desk.now)
    return unclear(desk, case.but(sender=who), "not-yours")


def command(desk: Desk, case: Case) -> Outcome:
    """A word that was offered."""
    said = case.said
    assert isinstance(said, Said)
    chosen = WORDS.get(said.command)
    return _run(desk, case, chosen, said) if chosen else unclear(desk, case, "unknown")


def verb(desk: Desk, case: Case) -> Outcome:
    """A mail to an address with a word of its own. What it carries is the text."""
    if case.local.verb in FOR_MEMBERS and case.proven and not case.member and not case.local.token:
        return helping.to_stranger(desk, case)
    if case.local.verb in FOR_WORDS and case.blank:
        return askingback.nothing_new(desk, case)
    chosen = VERBS.get(case.local.verb)
    said = Said(case.local.verb, argument=case.local.token)
    return _run(desk, case, chosen, said) if chosen else unclear(desk, case, "unknown")


def _run(desk: Desk, case: Case, chosen: commands.Command | None, said: Said) -> Outcome:
    if chosen is None:
        return unclear(desk, case, "unknown")
    if chosen.facilitators and not case.facilitator:
        return unclear(desk, case, "team-words" if case.local.verb == "team" else "facilitators-only")
    if chosen.changes and case.sender and not case.proven:
        return confirming.ask_back(desk, case, said.command)
    return chosen.run(desk, case, said)


def post(desk: Desk, case: Case) -> Outcome:
    """A post to everyone, or a hold with its reason."""
    rule = judge(case)
    return HOLDS[rule.who](desk, case, rule) if rule else publishing.post(desk, case)


def anew(desk: Desk, case: Case) -> Outcome:
    """What a writer made of their mail after a rule: a facilitator sees it before anybody else."""
    changed = moderating.anew(case)
    return publishing.post(desk, changed) if case.cleared else moderating.hold(desk, changed, "written anew")


def digest(desk: Desk, case: Case) -> Outcome:
    """Words in answer to a digest, as free as a post: to the thread they name, or one question with the candidates."""
    if rule := judge(case):
        return HOLDS[rule.who](desk, case, rule)
    return publishing.from_digest(desk, case) if case.proven else confirming.ask_back(desk, case, "post")


def _other_list(desk: Desk, case: Case) -> Outcome:
    """A member whose mail comes through another list is asked about; whatever else lists send is only recorded."""
    if case.member and case.local.verb == "":
        return moderating.hold(desk, case, "another list")
    return Outcome("recorded", "another list")


def unclear(desk: Desk, case: Case, why: str) -> Outcome:
    """We cannot act on this. The sender is told once a day about each mail they answer, the text kept; what that mail
    may be answered with may still be said."""
    if case.sender and (case.proven or case.member) and not case.disowned:
        text = case.body.new_text[:2000]
        known = case.mailing if why == "unknown" else None
        if known and case.body.flagged:
            why, text = "empty", ""
        about, also = (known.about, known.offers) if known else (None, ())
        anew = case.mailing is None or case.mailing.kind not in askingback.OURS
        answered = case.mailing.id if case.mailing and anew else 0
        facts = {"reason": why, "subject": case.message.subject if anew else "", "text": text}
        key = f"unclear:{why}:{case.sender.id}:{answered}:{desk.now:%Y-%m-%d}"
        tell_sender(desk, case, "sender-unclear", facts, offers=("help",), about=about, period_key=key, also=also)
    return Outcome("unclear", why)


def tell_sender(
    desk: Desk,
    case: Case,
    name: str,
    facts: notices.Facts,
    *,
    offers: tuple[str, ...] = (),
    about: About | None = None,
    period_key: str | None = None,
    also: tuple[str, ...] = (),
) -> int | None:
    return notices.answer(desk, case.community, case.sender, case.message, name, facts, offers, about, period_key, also)


def private(desk: Desk, case: Case) -> Outcome:
    """Words in answer to a mail for one person: an event's organiser gets them, else we say where they could go."""
    if case.mailing and (case.mailing.kind in relay.KINDS or case.mailing.kind == finding.WHO):
        return _for_one(desk, case)
    if case.mailing and case.mailing.kind == PREVIEW and case.facilitator:
        return again(desk, case)
    if case.mailing and case.mailing.about.event_id:
        return relaying.to_facilitators(desk, case)
    if case.ask and case.ask.shape == "line" and case.ask.open:
        return answer(desk, case.but(said=Said("line")))
    return unclear(desk, case, "unknown")


def _for_one(desk: Desk, case: Case) -> Outcome:
    """Words on a line between two members, from the one who got its mail and nobody else."""
    if not case.sender:
        return _who_is_this(desk, case)
    if not case.personal:
        return unclear(desk, case, "not-yours")
    if not case.proven:
        return confirming.ask_back(desk, case, "private")
    return confiding.onward(desk, case, case.ask) if case.ask else finding.chosen(desk, case)


def _because(why: str) -> Callable[[Desk, Case], Outcome]:
    return lambda desk, case: unclear(desk, case, why)


def _quietly(what: str) -> Callable[[Desk, Case], Outcome]:
    return lambda desk, case: Outcome("recorded", what)


HOLDS: dict[str, Callable[[Desk, Case, Rule], Outcome]] = {
    "silence": lambda desk, case, rule: Outcome("recorded", rule.name),
    "sender": lambda desk, case, rule: confirming.ask_back(desk, case, "post"),
    "facilitators": lambda desk, case, rule: moderating.hold(desk, case, rule.name),
    "author": lambda desk, case, rule: forwarding.ask(desk, case),
    "one": lambda desk, case, rule: confiding.doubt(desk, case),
    "join": lambda desk, case, rule: joining.hold_stranger(desk, case),
}

ACTS: dict[str, Callable[[Desk, Case], Outcome]] = {
    "duplicate": lambda desk, case: Outcome("duplicate", f"of {case.twin}"),
    "bounce": bouncing.bounce,
    "complaint": bouncing.complaint,
    "loop": _quietly("our own mail"),
    "calendar": from_reply,
    "machine": lambda desk, case: Outcome("recorded", case.automatic or "null sender"),
    "list": _other_list,
    "nobody": lambda desk, case: Outcome("recorded", case.verdict.why),
    "forged": _quietly("failed authentication"),
    "banned": _quietly("banned"),
    "verdicts": moderating.decide,
    "anew": anew,
    "answer": answer,
    "command": command,
    "near": askingback.near,
    "invitation": from_calendar,
    "elsewhere": linking.ask,
    "digest": digest,
    "lost": _because("lost"),
    "private": private,
    "verb": verb,
    "empty": askingback.nothing_new,
    "post": post,
}
