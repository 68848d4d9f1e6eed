"""Several lines about one's settings in one mail: each is done, and one answer says what became of each.

Called by gather, which finds out that there are several, and by describing. Refuses to leave, to erase or to send data
by a line among others: such a word wants a mail of its own.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from mailer import commands
from mailer.commands.case import Before, Case, Line, Outcome
from mailer.community import linewise
from mailer.community.grammar import Near, Said, understand
from mailer.community.linewise import Heard
from mailer.community.vocabulary import ANSWERS
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.outbound.render import Press
from mailer.store.society import people
from mailer.store.society.people import Community, Person

SHOWN = 60  # characters of a line that was not understood
NAMED = 5  # of such lines


def heard(
    press: Press, text: str, offers: Sequence[str], sender: Person | None, community: Community
) -> Said | Near | None:
    """The word they said, in the languages we know them by; a word that is plain in any other counts as well."""
    languages = dict.fromkeys((notices.spoken(sender, community), community.language, "en"))
    said = understand(text, offers, press.words(*languages))
    if said is None:
        other = understand(text, offers, press.words(*press.languages))
        if other and other.command in ANSWERS:
            return other  # a question of ours was answered, in words of another language
        return other if isinstance(other, Said) and not other.comment else None
    return said


def several(press: Press, text: str, offers: Sequence[str], sender: Person | None, community: Community) -> bool:
    """Whether more than one line is meant, and one of them is a setting."""
    found = _read(press, text, offers, sender, community)
    return len(found) > 1 and any(isinstance(said, Said) and said.command in _setters() for _, said in found)


def perform(desk: Desk, case: Case, text: str, offers: Sequence[str]) -> Line:
    """Do each line in its order. Told is each that did something, and each that did not."""
    done: list[Line] = []
    lost: list[dict[str, object]] = []
    for line, said in _read(desk.press, text, offers, case.sender, case.community):
        setter = _setters().get(said.command) if isinstance(said, Said) else None
        if setter and isinstance(said, Said):
            done.append(setter(desk, case, said))
            case = afresh(desk, case)
        else:
            meant = desk.press.shown(said.command, notices.spoken(case.sender, case.community)) if said else ""
            lost.append({"line": line[:SHOWN], "meant": meant, "alone": isinstance(said, Said)})
    offered = (word for one in done for word in one.offers if word not in ("undo", "help"))
    also = dict.fromkeys((*offered, "settings"))
    undo = _merged([before for one in done for before in one.outcome.undo])
    detail = "; ".join(one.outcome.detail for one in done)
    lines = [{"setting": one.setting, **one.facts} for one in done]
    return Line(
        "several",
        (*also, *(("undo",) if undo else ()), "help"),
        Outcome("set" if undo else "asked", detail, undo=undo),
        None,
        {"lines": lines, "lost": lost[:NAMED]},
    )


def afresh(desk: Desk, case: Case) -> Case:
    """The case with person and membership as they stand now."""
    assert case.sender
    sender = people.by_address(desk.conn, case.sender.address_id)
    return case.but(sender=sender, membership=people.membership_of(desk.conn, case.sender.id, case.community.id))


def _read(press: Press, text: str, offers: Sequence[str], sender: Person | None, community: Community) -> list[Heard]:
    return linewise.read(
        text, lambda line: heard(press, line, offers, sender, community), press.words(*press.languages)
    )


def _merged(undo: Sequence[Before]) -> tuple[Before, ...]:
    """Each row once, with each column as it was before the first of them."""
    rows: dict[tuple[str, int], dict[str, object]] = {}
    for table, id, columns in undo:
        known = rows.get((table, id))
        rows[table, id] = columns if known is None else known and {**columns, **known}
    return tuple((table, id, columns) for (table, id), columns in rows.items())


@cache
def _setters() -> Mapping[str, commands.Setter]:
    return {word: one.setter for word, one in commands.by_word().items() if one.setter}
