"""What a sender is asked when their words are nearly a word of ours, or when there are none: one line, the mail kept.

Where it would have gone to everyone, `all` sends it as it stands. Refuses strangers and whoever may be somebody else.
Called by acts.
"""

from dataclasses import replace

from mailer.commands import Answer, thinkingtwice
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Near, Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.traffic.mailings import About, Mailing

NEAR = "near"  # the kind of ask
ASKED_BACK = "sender-asked-back"
UNCLEAR = "sender-unclear"
OURS = frozenset({ASKED_BACK, UNCLEAR})  # who answers these again and again is a machine
UNMEANT = ("yes", "number")  # asked back, a yes says no more than before
OFTEN = ("daily", "weekly")  # who asks for less of one may want the other
WITH = "="  # a word and what follows it, as it is kept among what a mail offers: "weekly=friday"
SAID_BY_MACHINES = frozenset({"away"})  # only a yes sets it: what answers everything says this as well


def near(desk: Desk, case: Case) -> Outcome:
    """Almost a word, or a wish: ask back in one line, the text kept. `yes` is the word itself."""
    said = case.said
    assert isinstance(said, Near)
    if not case.sender or case.disowned or not (case.proven or case.member):
        return Outcome("recorded", "near miss of a stranger")
    spoken = notices.spoken(case.sender, case.community)
    word = desk.press.shown(said.command, spoken)
    if said.argument:
        word += f" {desk.press.valued(said.argument, spoken)}"
    facts = {"line": said.line, "meant": word, "command": said.command, "subject": case.message.subject}
    offers = [*((said.command,) if not said.argument else ()), *(("yes",) if said.command not in UNMEANT else ())]
    offers += [word for word in OFTEN if said.command in OFTEN and word not in offers]
    about = case.mailing.about if case.mailing else About()
    if _to_all(case):
        about, offers = _kept(desk, case, about), [*offers, "all"]
    before = meant(case.mailing, Said("yes")) if said.command == "yes" else None  # "yes please" to such a question
    wish = before or (Said(said.command, said.argument) if said.argument else None)
    whole = (f"{wish.command}{WITH}{wish.argument}",) if wish else ()
    also_alone = (wish.command,) if wish and wish.command not in SAID_BY_MACHINES else ()
    no = ("no",) if _to_all(case) else ()
    also = (*whole, *also_alone, *no, *(case.mailing.offers if case.mailing else ()))
    notices.answer(
        desk,
        case.community,
        case.sender,
        case.message,
        ASKED_BACK,
        facts,
        (*offers, "help"),
        about,
        also=also,
    )
    return Outcome("asked", f"near {said.command}")


def meant(mailing: Mailing | None, said: object) -> Said | None:
    """What `yes` to such a question says: the word itself, with what was to follow it."""
    if mailing is None or mailing.kind != ASKED_BACK or not isinstance(said, Said) or said.command != "yes":
        return None
    whole = next((offer for offer in mailing.offers if WITH in offer), mailing.offers[0])
    command, _, argument = whole.partition(WITH)
    return None if command in UNMEANT else Said(command, argument)


def nothing_new(desk: Desk, case: Case) -> Outcome:
    """A reply without any words of one's own goes to nobody; where we have overlooked them, `all` sends it as it is."""
    if not case.sender or case.disowned or not (case.proven or case.member):
        return Outcome("unclear", "empty")
    answered = case.mailing.id if case.mailing and case.mailing.kind not in OURS else 0
    whole = bool(_to_all(case) and answered and case.body.text.strip())
    about = _kept(desk, case, About()) if whole else About()
    key = f"unclear:empty:{case.sender.id}:{answered}:{desk.now:%Y-%m-%d}"
    facts = {"reason": "empty", "subject": case.message.subject, "text": ""}
    offers = ("all", "help") if whole else ("help",)
    notices.answer(desk, case.community, case.sender, case.message, UNCLEAR, facts, offers, about, key)
    return Outcome("unclear", "empty")


def _to_all(case: Case) -> bool:
    """Without the question it would have been a post."""
    return case.member and case.local.verb == "" and case.ask is None


def _kept(desk: Desk, case: Case, about: About) -> About:
    return replace(about, ask_id=thinkingtwice.hold(desk, case, NEAR, ("all", "no")), inbox_id=case.mail)


def _for_all(desk: Desk, case: Case, said: Said) -> Outcome:
    """All: it was meant for everyone, as it stands. Anything else is nothing."""
    return thinkingtwice.settle(desk, case, said, "nearly a word", ("all",))


FOR_ALL = Answer(NEAR, _for_all)
