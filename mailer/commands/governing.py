"""What a community has chosen, on one screen, and each of it changed by a line in reply: `first posts held`.

Refuses a value that a choice cannot have: it says which there are. The other facilitators hear of a change in a line.
"""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import available_timezones

import msgspec

from mailer.commands import Command, managing
from mailer.commands.case import Before, Case, Outcome
from mailer.community import choices
from mailer.community.choices import Choice, Chosen, Heard, Unsure
from mailer.community.grammar import Said, Words
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.cleaning import clean
from mailer.store.society import people
from mailer.store.society.people import Community, Person
from mailer.store.talk import turn

OWN = ("title", "description", "language", "zone")  # columns of the community; the others are of its policy
LAST = "figures"
GROUPS: dict[str, tuple[str, ...]] = {  # of the screen; what is in none stands in the last
    "community": OWN,
    "posts": ("joining", "first_posts", "unverified", "posting", "discretion"),
    "rhythm": ("digest_hour", "digest_day", "rota", "contributor"),
    LAST: (),
}
LONGEST = {"title": 80, "description": 300}  # characters


def _show(desk: Desk, case: Case, said: Said) -> Outcome:
    """Everything on one screen, with what else each may be."""
    words = _words(desk, case, "facilitator-settings")
    groups: dict[str, list[dict[str, object]]] = {key: [] for key in GROUPS}
    for choice in _all(desk):
        key = next((key for key, names in GROUPS.items() if choice.key in names), LAST)
        groups[key].append(_row(choice, _standing(case.community, choice.key), words))
    shown = [{"key": key, "rows": rows} for key, rows in groups.items()]
    facts = {"groups": shown, "example": _example(words)}
    managing.reply(desk, case, "facilitator-settings", facts, ("members", "help"))
    return Outcome("helped", "settings of the community")


def _example(words: Words) -> str:
    return f"{choices.name_of('first_posts', words)} {choices.names_of('first_posts', 'held', words)[0]}"


def _row(choice: Choice, value: object, words: Words) -> dict[str, object]:
    return {
        "name": choices.name_of(choice.key, words),
        "value": choices.shown(choice, value, words),
        "others": list(choices.others(choice, value, words)),
        "why": choices.why(choice.key, words),
    }


def _set(desk: Desk, case: Case, said: Said) -> Outcome:
    """One or more lines, each a choice; those that are clear are done, the others asked back."""
    heard = _placed(choices.read(said.argument, _all(desk), desk.press.words(*desk.press.languages)))
    turn.take(desk.conn, case.community.id)
    before = people.community_by_id(desk.conn, case.community.id)
    after, undo = _chosen(before, heard.chosen)
    changed = [one for one in heard.chosen if _standing(before, one.key) != _standing(after, one.key)]
    if changed:
        people.change_community(desk.conn, before.id, **{name: getattr(after, name) for name in (*OWN, "policy")})
    facts = _told(desk, case, heard, after, "facilitator-done")
    offers = ("undo", "govern", "help") if changed else ("govern", "help")
    managing.reply(desk, case.but(community=after), "facilitator-done", facts, offers)
    if changed:
        managing.news(desk, case, "set", lines=lambda who: _changed(desk, who, after, changed))
        return Outcome("governed", "set " + ", ".join(one.key for one in changed), undo=(undo,))
    return Outcome("unclear" if heard.unsure or heard.lost else "ignored", "nothing set")


def _chosen(community: Community, wanted: tuple[Chosen, ...]) -> tuple[Community, Before]:
    """The community as chosen, and its row as it was."""
    own = {one.key: one.value for one in wanted if one.key in OWN}
    policy = {one.key: one.value for one in wanted if one.key not in OWN}
    after = replace(community, **own, policy=msgspec.structs.replace(community.policy, **policy))  # type: ignore[arg-type]
    before = {name: getattr(community, name) for name in own}
    return after, ("community", community.id, {**before, "policy": community.policy.kept()})


def _placed(heard: Heard) -> Heard:
    """With free words cut to their length and zones as the world names them; one that is nowhere is asked about."""
    chosen, unsure = [], list(heard.unsure)
    for one in heard.chosen:
        value = _zone(str(one.value)) if one.key == "zone" else one.value
        if isinstance(value, str):
            value = clean(value)[: LONGEST.get(one.key, 300)].strip()
        if value == "":
            unsure.append(Unsure(one.key, str(one.value)))
        else:
            chosen.append(replace(one, value=value))
    return Heard(tuple(chosen), tuple(unsure), heard.lost)


def _zone(said: str) -> str:
    """A zone by its whole name or by its place, "Oslo"; or ''."""
    wanted = said.strip().casefold().replace(" ", "_")
    names = {name.casefold(): name for name in available_timezones()}
    places = [name for folded, name in names.items() if folded.rpartition("/")[2] == wanted]
    return names.get(wanted) or (min(places, key=lambda name: (name.count("/"), name)) if places else "")


def _changed(desk: Desk, who: Person, after: Community, changed: Sequence[Chosen]) -> list[dict[str, object]]:
    """What it is now, in the words of whoever reads it."""
    language = desk.press.speaks("facilitator-news", notices.spoken(who, after))
    of = {choice.key: choice for choice in _all(desk)}
    return [_row(of[one.key], _standing(after, one.key), desk.press.words(language)[0]) for one in changed]


def _told(desk: Desk, case: Case, heard: Heard, after: Community, mail: str) -> dict[str, object]:
    """What a receipt says of it."""
    words = _words(desk, case, mail)
    of = {choice.key: choice for choice in _all(desk)}
    unsure = [
        {
            "line": one.line,
            "name": choices.name_of(one.key, words),
            "all": list(choices.others(of[one.key], None, words)),
        }
        for one in heard.unsure
    ]
    lines = [_row(of[one.key], _standing(after, one.key), words) for one in heard.chosen]
    empty = {"act": "", "name": "", "address": "", "since": [], "told": False}
    return {"done": "set", "lines": lines, "unsure": unsure, "lost": list(heard.lost[:5]), **empty}


def _words(desk: Desk, case: Case, mail: str) -> Words:
    """The words of the language this mail will be written in."""
    return desk.press.words(desk.press.speaks(mail, notices.spoken(case.sender, case.community)))[0]


def _all(desk: Desk) -> tuple[Choice, ...]:
    return choices.choices(desk.press.languages)


def _standing(community: Community, key: str) -> object:
    return getattr(community if key in OWN else community.policy, key)


SHOW = Command("the settings of the community", _show, words=("govern",), changes=False, facilitators=True)
SET = Command("change a setting of the community by its line", _set, words=("set",), facilitators=True)
