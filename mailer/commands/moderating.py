"""A post that waits for a facilitator: the first word of any of them decides, the writer learns the outcome.

Each word closes one hold in this transaction or finds it closed. What has gone out cannot be called back, so an ok with
conditions, a rule nobody wrote, an edit without text is asked back. Called by acts, for a mail that is held and for a
reply to a mail about what waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mailer.commands import Answer, confirming, duty, holdqueue, sentences
from mailer.commands.case import Before, Case, Outcome
from mailer.commands.sentences import Done
from mailer.community.grammar import Said
from mailer.community.verdicts import Verdict, verdicts
from mailer.mail.message import Body
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks, decided
from mailer.store.knowledge.asks import Ask
from mailer.store.record import ledger
from mailer.store.society import people

KEPT = 4000  # characters of a post that a hold keeps for its mails
GOES_OUT = ("ok", "yes", "always", "edit")  # words that let a post go


@dataclass(frozen=True, slots=True)
class _Settled:
    """What one verdict came to: its line in receipts, what it lets go, what it changed."""

    done: Done
    ask: Ask | None = None
    release: tuple[int, ...] = ()
    undo: tuple[Before, ...] = ()


def hold(desk: Desk, case: Case, why: str) -> Outcome:
    """Ask the facilitators about a mail."""
    who = notices.person_facts(case.sender)
    payload = {
        # who may be somebody else hears nothing
        "person": case.sender.id if case.sender and not case.failed else None,
        "writer": who["name"] or case.verdict.address,
        "address": case.verdict.address,
        "reason": why,
        "subject": case.message.subject,
        "text": case.body.new_text[:KEPT],
    }
    asks.open_ask(
        desk.conn,
        case.community.id,
        holdqueue.KIND,
        "choice",
        desk.now,
        audience="facilitators",
        options=holdqueue.WORDS,
        inbox_id=case.mail,
        payload=payload,
    )
    holdqueue.put(desk, case.community)
    return Outcome("held", why)


def decide(desk: Desk, case: Case) -> Outcome:
    """A reply to a mail about what waits: a word for each post, each done or asked back, one receipt for all."""
    assert case.mailing and case.sender
    numbers = {number: id for number, (what, id) in case.mailing.about.numbers.items() if what == holdqueue.KIND}
    waiting = {number: ask for number, id in numbers.items() if (ask := asks.ask(desk.conn, id))}
    if not waiting or not _may_decide(case, list(waiting.values())):
        return Outcome("ignored", "not a facilitator")
    if not case.proven:
        return confirming.ask_back(desk, case, "ok")
    spoken = notices.spoken(case.sender, case.community)
    words = desk.press.words(spoken, case.community.language, "en")
    text = "" if case.body.flagged else case.body.new_text
    found = verdicts(text, list(waiting), words) or [Verdict(next(iter(waiting)) if len(waiting) == 1 else "", "")]
    settled = [_settle(desk, case, waiting.get(one.number), one) for one in found]
    sentences.tell_others(desk, case, [(one.done, one.ask) for one in settled if one.ask])
    if len(settled) > 1 or settled[0].done.what not in sentences.PLAIN:
        left = {number: ask for number, ask in waiting.items() if _open(desk, ask)}
        sentences.receipt(desk, case, [one.done for one in settled], left)
    return _outcome(desk, case, settled)


def _may_decide(case: Case, waiting: Sequence[Ask]) -> bool:
    """A facilitator; or who was asked because no facilitator answered, in a mail that only they got."""
    sender = case.sender
    assert sender
    return case.facilitator or (
        case.personal and all(holdqueue.was_asked(ask, sender.id) == duty.BEYOND for ask in waiting)
    )


def _open(desk: Desk, ask: Ask) -> bool:
    now = asks.ask(desk.conn, ask.id)
    return now is not None and now.open


def _settle(desk: Desk, case: Case, ask: Ask | None, said: Verdict) -> _Settled:
    """One word for one post."""
    if ask is None or (ask.open and not said.word):
        return _Settled(sentences.asked_back(ask, said, "unclear"))
    if not ask.open:
        return _Settled(sentences.late(desk, case, ask, said))
    if said.word == "rule":
        return _rule(desk, case, ask, said)
    if said.word == "edit" and not _is_post(case, ask, said.text):
        return _Settled(sentences.asked_back(ask, said, "no-text"))
    if not _close(desk, case, ask, said):
        return _Settled(sentences.late(desk, case, ask, said))
    return _SETTLING[said.word](desk, case, ask, said)


def _is_post(case: Case, ask: Ask, text: str) -> bool:
    """Text that may go out: something, and nothing of the mail around it that only we and the writer have."""
    private = [str(ask.payload.get("address", "")), case.community.name + "-r-", "[ #"]
    original = str(ask.payload.get("text", ""))
    return bool(text.strip()) and not any(one and one in text and one not in original for one in private)


def _close(desk: Desk, case: Case, ask: Ask, said: Verdict) -> bool:
    """The first word closes the ask; False when somebody else's did."""
    assert case.sender
    asks.answer(desk.conn, ask.id, case.sender.id, said.word, said.text, case.mail, desk.now)
    return asks.close(desk.conn, ask.id)


def _ok(desk: Desk, case: Case, ask: Ask, said: Verdict) -> _Settled:
    sentences.tell_writer(desk, case, ask, "released", "")
    return _Settled(sentences.about(ask, said, "released"), ask, _mail_of(ask))


def _always(desk: Desk, case: Case, ask: Ask, said: Verdict) -> _Settled:
    """Their posts wait for nobody from now on; where it was not proven to be them, this one alone goes."""
    member = (
        people.membership_of(desk.conn, ask.payload["person"], case.community.id) if ask.payload["person"] else None
    )
    sentences.tell_writer(desk, case, ask, "released", "")
    if member is None or not member.active:
        return _Settled(sentences.about(ask, said, "once"), ask, _mail_of(ask))
    people.change_membership(desk.conn, member.id, trust="trusted")
    undo: Before = ("membership", member.id, {"trust": member.trust})
    return _Settled(sentences.about(ask, said, "trusted"), ask, _mail_of(ask), (undo,))


def _no(desk: Desk, case: Case, ask: Ask, said: Verdict) -> _Settled:
    sentences.tell_writer(desk, case, ask, "refused", said.text)
    return _Settled(sentences.about(ask, said, "refused"), ask)


def _edit(desk: Desk, case: Case, ask: Ask, said: Verdict) -> _Settled:
    """What goes out is the facilitator's text; the writer gets both."""
    assert case.sender
    facts = {
        "editor": notices.name_of(case.sender),
        "subject": ask.payload["subject"],
        "text": said.text,
        "before": str(ask.payload.get("text", "")),
    }
    sentences.to_writer(desk, case, ask, "sender-edited", facts)
    return _Settled(sentences.about(ask, replace(said, text=""), "edited"), ask, _mail_of(ask))


def _rule(desk: Desk, case: Case, ask: Ask, said: Verdict) -> _Settled:
    """The writer gets the rule and their own mail back; a rule that is not there is asked back with the list."""
    assert case.sender
    number, _, why = said.text.partition("\n")
    digits = number.split()[0].strip(".:,;)#") if number.split() else ""
    rules = holdqueue.rules(desk, case.community)
    if not digits.isdecimal() or not 1 <= int(digits) <= len(rules):
        return _Settled(sentences.asked_back(ask, said, "no-rule"))
    why = why.strip() or number.strip()[len(digits) :].strip(" ,.:;–—-")
    if not _close(desk, case, ask, replace(said, text=f"rule {int(digits)}")):
        return _Settled(sentences.late(desk, case, ask, said))
    facts = {
        "facilitator": notices.name_of(case.sender),
        "number": int(digits),
        "rule": rules[int(digits) - 1],
        "why": why,
        "subject": ask.payload["subject"],
        "text": str(ask.payload.get("text", "")),
    }
    sentences.to_writer(desk, case, ask, "sender-rule", facts)
    return _Settled(sentences.about(ask, replace(said, text=str(int(digits))), "rule"), ask)


_SETTLING = {"ok": _ok, "always": _always, "no": _no, "edit": _edit}


def _mail_of(ask: Ask) -> tuple[int, ...]:
    return (ask.inbox_id,) if ask.inbox_id else ()


def _outcome(desk: Desk, case: Case, settled: Sequence[_Settled]) -> Outcome:
    """One line of the ledger for one word; for several one each, and one for the reply."""
    lines = [
        Outcome(
            sentences.LEDGER[one.done.what],
            sentences.detail(one.done),
            other_id=one.ask.payload.get("person") if one.ask else None,
            release=one.release,
            undo=one.undo,
        )
        for one in settled
    ]
    if len(lines) == 1:
        return lines[0]
    for line in lines:
        refs: dict[str, Any] = {"community_id": case.community.id, "inbox_id": case.mail, "other_id": line.other_id}
        person = case.sender.id if case.sender else None
        ledger.record(desk.conn, line.what, at=desk.now, person_id=person, detail=line.detail, undo=line.undo, **refs)
    return Outcome("answered", f"{len(lines)} words", release=tuple(id for line in lines for id in line.release))


def edited(desk: Desk, case: Case) -> Case:
    """The case with the words a facilitator wrote instead, marked as theirs, where one did."""
    settled = decided.settled(desk.conn, case.community.id, case.mail) if case.cleared else None
    if settled is None or settled.value != "edit":
        return case
    by = notices.name_of(people.by_id(desk.conn, settled.person_id))
    mark = desk.press.phrase("edited_by", case.community.language).format(name=by)
    text = f"{settled.comment}\n\n[{mark}]"
    return case.but(body=Body(text, text))


def anew(case: Case) -> Case:
    """What a writer sent back after a rule: their post as it was called, no answer to our mail."""
    subject = str(case.ask.payload.get("subject", "")) if case.ask else case.message.subject
    return case.but(message=replace(case.message, subject=subject, in_reply_to=(), references=()), mailing=None)


HELD = Answer(holdqueue.KIND, lambda desk, case, said: _word(desk, case, said))


def _word(desk: Desk, case: Case, said: Said) -> Outcome:
    """A word of somebody who was not asked: it decides nothing."""
    return Outcome("ignored", "not a facilitator")
