"""What mails look like and which come back: own posts, receipts, text only; what we call someone, and where they live.

Called by the shelf. Refuses a language or a place that it does not know, and says how to say it.
"""

from collections.abc import Mapping
from dataclasses import replace

from mailer.commands import Command
from mailer.commands.case import Case, Outcome
from mailer.commands.describing import asked, changed, tongue
from mailer.community.calendarwords import zone_named
from mailer.community.grammar import Said
from mailer.community.likeness import plain
from mailer.outbound.desk import Desk
from mailer.store.society import people

NOT_HERE = Outcome("ignored", "not a member")
LONGEST = 80  # characters of a name


def _own(desk: Desk, case: Case, said: Said) -> Outcome:
    """`own posts on`: what they write comes to them as well."""
    return _switch(desk, case, said, {"own": said.argument == "on"})


def _receipts(desk: Desk, case: Case, said: Said) -> Outcome:
    """`receipts on`: what became of each mail; off: of none."""
    return _switch(desk, case, said, {"receipts": said.argument})


def _switch(desk: Desk, case: Case, said: Said, values: Mapping[str, object]) -> Outcome:
    if not said.argument:
        return asked(desk, case, "ask", command=said.command)
    return _member(desk, case, f"{said.command}-{said.argument}", ("settings",), values)


def _form(desk: Desk, case: Case, said: Said) -> Outcome:
    """`text only`, and back to `html`."""
    other = "html" if said.command == "plain" else "plain"
    return _member(desk, case, said.command, (other,), {"plain": said.command == "plain"})


def _member(desk: Desk, case: Case, setting: str, offers: tuple[str, ...], values: Mapping[str, object]) -> Outcome:
    if not case.member or not case.membership:
        return NOT_HERE
    people.change_membership(desk.conn, case.membership.id, **values)
    before = {name: getattr(case.membership, name) for name in values}
    return changed(desk, case, setting, offers, (("membership", case.membership.id, before),))


def _quiet(desk: Desk, case: Case, said: Said) -> Outcome:
    return _person(desk, case, "quiet", quiet=True)


def _language(desk: Desk, case: Case, said: Said) -> Outcome:
    """By its name in any language we speak, or its code. The answer comes in it."""
    if not said.argument:
        return asked(desk, case, "ask", command="language")
    wanted = plain(said.argument)
    codes = desk.press.languages
    known = {plain(name): code for code in codes for words in desk.press.words(*codes)
             for name in (code, *words.table.get(f"={code}", ()))}  # fmt: skip
    if wanted not in known:
        names = [tongue(desk, code) for code in codes]
        return asked(desk, case, "language-unknown", value=said.argument, choices=names)
    return _person(desk, case, "language", language=known[wanted])


def _zone(desk: Desk, case: Case, said: Said) -> Outcome:
    """`zone Europe/Paris`, `zone Paris`"""
    if not said.argument:
        return asked(desk, case, "ask", command="zone")
    zone = zone_named(said.argument)
    return _person(desk, case, "zone", zone=zone) if zone else asked(desk, case, "zone-unknown", value=said.argument)


def _called(desk: Desk, case: Case, said: Said) -> Outcome:
    """`name Ana Lopes`, `organisation Acme`"""
    value = " ".join(said.argument.split())[:LONGEST].strip(" .,")
    if not value:
        return asked(desk, case, "ask", command=said.command)
    return _person(desk, case, said.command, **{said.command: value})


def _person(desk: Desk, case: Case, setting: str, **values: object) -> Outcome:
    """Change who someone is, for every community of theirs."""
    if not case.member or not case.sender:
        return NOT_HERE
    people.change_person(desk.conn, case.sender.id, **values)
    before = {name: getattr(case.sender, name) for name in values}
    now = case.but(sender=replace(case.sender, **values))  # type: ignore[arg-type]
    value = str(next(iter(values.values())))
    shown = tongue(desk, value) if setting == "language" else value
    return changed(desk, now, setting, ("settings",), (("person", case.sender.id, before),), value=shown)


OWN = Command("own posts back or not", _own, words=("own",))
RECEIPTS = Command("a receipt for every mail, or for none", _receipts, words=("receipts",))
FORM = Command("mails as text only, or with HTML", _form, words=("plain", "html"))
QUIET = Command("never be named in recognition", _quiet, words=("quiet",))
LANGUAGE = Command("the language we write to you in", _language, words=("language",))
ZONE = Command("the time zone your times are shown in", _zone, words=("zone",))
CALLED = Command("correct your name or organisation", _called, words=("name", "organisation"))
