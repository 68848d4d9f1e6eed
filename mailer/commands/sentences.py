"""What is said of a decision: to the one who made it, to the others who were asked, and to the writer.

Called by moderating. Refuses to write to a writer who may be somebody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

from mailer.commands import holdqueue
from mailer.commands.case import Case, What
from mailer.community.verdicts import Verdict
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.knowledge.asks import Ask
from mailer.store.society import people
from mailer.store.traffic.mailings import About

Sort = Literal["released", "trusted", "once", "refused", "rule", "edited", "late", "unclear", "no-rule", "no-text"]

PLAIN = ("released", "refused")  # alone, they need no receipt: the post comes, or does not
LEDGER: Mapping[Sort, What] = {
    "released": "released",
    "trusted": "released",
    "once": "released",
    "edited": "released",
    "refused": "refused",
    "rule": "refused",
    "late": "ignored",
    "unclear": "asked",
    "no-rule": "asked",
    "no-text": "asked",
}


@dataclass(frozen=True, slots=True)
class Done:
    """One line of a receipt. `text` is the reason, the rule's number, or the line that was not understood."""

    number: str
    what: Sort
    subject: str = ""
    writer: str = ""
    text: str = ""
    decider: str = ""  # of a late answer, whose word counted
    sent: bool = False  # of a late answer, what became of the post


def about(ask: Ask, said: Verdict, what: Sort) -> Done:
    return Done(said.number, what, ask.payload["subject"], ask.payload["writer"], said.text)


def asked_back(ask: Ask | None, said: Verdict, why: Sort) -> Done:
    """What could not be done, with the line that was meant to say it."""
    done = Done(said.number, why, text=said.text)
    return replace(done, subject=ask.payload["subject"], writer=ask.payload["writer"]) if ask else done


def late(desk: Desk, case: Case, ask: Ask, said: Verdict) -> Done:
    """Somebody else was first: who, and what they said."""
    answers = asks.answers(desk.conn, ask.id)
    first = answers[-1] if answers else None
    by = people.by_id(desk.conn, first.person_id) if first else None
    mine = by is not None and case.sender is not None and by.id == case.sender.id
    return replace(
        about(ask, said, "late"),
        decider="" if by is None or mine else notices.name_of(by),
        sent=bool(first and first.value in ("ok", "yes", "always", "edit")),
    )


def detail(done: Done) -> str:
    """For the ledger."""
    how = {
        "released": "by a facilitator",
        "trusted": "always",
        "once": "by a facilitator",
        "edited": "edited",
        "refused": done.text,
        "rule": f"rule {done.text}",
        "late": "decided before",
    }
    return how.get(done.what, done.what)


def receipt(desk: Desk, case: Case, done: Sequence[Done], left: Mapping[str, Ask]) -> None:
    """One mail for all that was said; what still waits can be answered there as well."""
    wrong = any(one.what == "no-rule" for one in done)
    facts = {
        "done": [asdict(one) for one in done],
        "left": [holdqueue.shown(ask, number, 0) for number, ask in left.items()],
        "rules": [rule[:200] for rule in holdqueue.rules(desk, case.community)] if wrong else [],
        "subject": case.message.subject,
    }
    numbers = {number: (holdqueue.KIND, ask.id) for number, ask in left.items()}
    about = About(ask_id=next((ask.id for ask in left.values()), None), inbox_id=case.mail, numbers=numbers)
    offers = holdqueue.offered(len(left) > 1) if left else ("help",)
    if any(one.what == "trusted" for one in done):
        offers = ("undo", *offers)
    who, also = case.sender, holdqueue.sayable(len(left) > 1) if left else ()
    notices.answer(desk, case.community, who, case.message, "facilitator-receipt", facts, offers, about, also=also)


def tell_others(desk: Desk, case: Case, decided: Sequence[tuple[Done, Ask]]) -> None:
    """Everyone else who was asked hears in one mail that nothing is left for them to do."""
    assert case.sender
    others: dict[int, list[Done]] = {}
    for done, ask in decided:
        for id in holdqueue.told_of(ask):
            if id != case.sender.id:
                others.setdefault(id, []).append(done)
    for id, theirs in others.items():
        facts = {"decider": notices.name_of(case.sender), "items": [_line(one) for one in theirs]}
        notices.tell(desk, "facilitator-decided", case.community, holdqueue.reach(desk, case.community, id), facts)


def _line(done: Done) -> dict[str, object]:
    sent = done.what in ("released", "trusted", "once", "edited")
    return {"subject": done.subject, "writer": done.writer, "sent": sent, "what": done.what, "text": done.text}


def tell_writer(desk: Desk, case: Case, ask: Ask, outcome: str, text: str) -> None:
    facts = {"done": outcome, "subject": ask.payload["subject"], "stopped": 0, "text": text}
    to_writer(desk, case, ask, "sender-outcome", facts)


def to_writer(desk: Desk, case: Case, ask: Ask, name: str, facts: notices.Facts) -> None:
    """A mail to whoever wrote it, where we are sure enough who that is."""
    if id := ask.payload.get("person"):
        who = holdqueue.reach(desk, case.community, id)
        notices.tell(desk, name, case.community, who, facts, offers=("help",), about=About(ask_id=ask.id))
