"""What mails look like and which come back: own posts, receipts, text only; what we call someone, and where they live.

Called by the shelf. Refuses a language or a place that it does not know, and says how to say it.
"""

from collections.abc import Mapping

from mailer.commands.case import Case, Line
from mailer.commands.describing import asked, changed, setting, tongue
from mailer.community.calendarwords import zone_named
from mailer.community.grammar import Said
from mailer.community.likeness import plain
from mailer.outbound.desk import Desk
from mailer.store.society import people

LONGEST = 80  # characters of a name


def _own(desk: Desk, case: Case, said: Said) -> Line:
    """`own posts on`: what they write comes to them as well."""
    return _switch(desk, case, said, {"own": said.argument == "on"})


def _receipts(desk: Desk, case: Case, said: Said) -> Line:
    """`receipts on`: what became of each mail; off: of none."""
    return _switch(desk, case, said, {"receipts": said.argument})


def _switch(desk: Desk, case: Case, said: Said, values: Mapping[str, object]) -> Line:
    if not said.argument:
        return asked("ask", command=said.command)
    return _member(desk, case, f"{said.command}-{said.argument}", ("settings",), values)


def _form(desk: Desk, case: Case, said: Said) -> Line:
    """`text only`, and back to `html`."""
    other = "html" if said.command == "plain" else "plain"
    return _member(desk, case, said.command, (other,), {"plain": said.command == "plain"})


def _member(desk: Desk, case: Case, setting: str, offers: tuple[str, ...], values: Mapping[str, object]) -> Line:
    assert case.membership
    people.change_membership(desk.conn, case.membership.id, **values)
    before = {name: getattr(case.membership, name) for name in values}
    return changed(setting, offers, (("membership", case.membership.id, before),))


def _quiet(desk: Desk, case: Case, said: Said) -> Line:
    """`quiet`, and back with `name me`."""
    return _person(desk, case, said.command, quiet=said.command == "quiet")


def _language(desk: Desk, case: Case, said: Said) -> Line:
    """By its name in any language we speak, or its code. The answer comes in it."""
    if not said.argument:
        return asked("ask", command="language")
    wanted = plain(said.argument)
    codes = desk.press.languages
    known = {plain(name): code for code in codes for words in desk.press.words(*codes)
             for name in (code, *words.table.get(f"={code}", ()))}  # fmt: skip
    if wanted not in known:
        names = [tongue(desk, code) for code in codes]
        return asked("language-unknown", value=said.argument, choices=names)
    return _person(desk, case, "language", language=known[wanted])


def _zone(desk: Desk, case: Case, said: Said) -> Line:
    """`zone Europe/Paris`, `zone Paris`"""
    if not said.argument:
        return asked("ask", command="zone")
    zone = zone_named(said.argument)
    return _person(desk, case, "zone", zone=zone) if zone else asked("zone-unknown", value=said.argument)


def _called(desk: Desk, case: Case, said: Said) -> Line:
    """`name Ana Lopes`, `organisation Acme`"""
    value = " ".join(said.argument.split())[:LONGEST].strip(" .,")
    if not value:
        return asked("ask", command=said.command)
    return _person(desk, case, said.command, **{said.command: value})


def _person(desk: Desk, case: Case, setting: str, **values: object) -> Line:
    """Change who someone is, for every community of theirs."""
    assert case.sender
    people.change_person(desk.conn, case.sender.id, **values)
    before = {name: getattr(case.sender, name) for name in values}
    value = str(next(iter(values.values())))
    shown = tongue(desk, value) if setting == "language" else value
    return changed(setting, ("settings",), (("person", case.sender.id, before),), value=shown)


OWN = setting("own posts back or not", _own, words=("own",))
RECEIPTS = setting("a receipt for every mail, or for none", _receipts, words=("receipts",))
FORM = setting("mails as text only, or with HTML", _form, words=("plain", "html"))
QUIET = setting("never be named when we thank, or named again", _quiet, words=("quiet", "named"))
LANGUAGE = setting("the language we write to you in", _language, words=("language",))
ZONE = setting("the time zone your times are shown in", _zone, words=("zone",))
CALLED = setting("correct your name or organisation", _called, words=("name", "organisation"))
