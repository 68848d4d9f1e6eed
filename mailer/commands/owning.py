"""What is somebody's own: all we keep of them, as files; and to be forgotten, for good.

The files go to the confirmed address their mail comes to, never to the one that asked. To be erased takes an answer to
a question that says what is lost; it cannot be undone, and the question says so. Called by the words mydata and erase.
"""

import io
import zipfile
from collections.abc import Iterator

from mailer.commands import Answer, Command, succession
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.mail.message import Attachment
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.society import addresses, erasing, mydata, people
from mailer.store.society.people import Community, Person
from mailer.store.traffic.mailings import About

PART = 8_000_000  # octets of files in one mail: encoded it stays under what common mailboxes take
PARTS = 12  # mails with files for one request
DAY_KEY = "%Y-%m-%d"


def _home(desk: Desk, case: Case) -> Person | None:
    """Where their mail comes, if it is confirmed; else their first address that is."""
    assert case.sender
    member = people.member(desk.conn, case.sender.id, case.community.id)
    if member and member.person.confirmed:
        return member.person
    known = next((one for one in addresses.of(desk.conn, case.sender.id) if one.confirmed), None)
    return people.by_address(desk.conn, known.id) if known else None


def _data(desk: Desk, case: Case, said: Said) -> Outcome:
    """Once a day: a zip, or several; in answer to the mail that asked, but to where their mail comes."""
    home = _home(desk, case) if case.sender and case.proven else None
    if home is None:
        return Outcome("ignored", "nothing of theirs that we know")
    page = desk.press.render("data-readme", notices.spoken(home, case.community), _frame(desk, case, home)).text
    readme = page.rpartition("\n---\n")[0].strip() + "\n"
    parts = list(_parts(readme.encode(), mydata.files(desk.conn, home.id, desk.settings.domain)))
    for number, content in enumerate(parts[:PARTS], 1):
        name = f"my-data-{number}-of-{len(parts)}.zip" if len(parts) > 1 else "my-data.zip"
        facts = {"part": number, "parts": len(parts), "left": max(len(parts) - PARTS, 0)}
        notices.tell(
            desk,
            "member-data",
            case.community,
            home,
            facts,
            offers=("erase", "help"),
            period_key=f"data:{home.id}:{number}:{desk.now:{DAY_KEY}}",
            in_reply_to=case.message.message_id,
            attachments=(Attachment(name, "application/zip", content),),
        )
    return Outcome("fetched", f"their data in {len(parts)} parts")


def _frame(desk: Desk, case: Case, home: Person) -> dict[str, object]:
    return notices.framed(desk, case.community, home, 0, (), desk.address(case.community, "me"), {})


def _parts(readme: bytes, files: Iterator[mydata.File]) -> Iterator[bytes]:
    """The files as zips of PART octets at most, the first with the README; a larger file is a part of its own."""
    held: list[mydata.File] = [("README.txt", readme)]
    size = 0
    for name, content in files:
        if held and size + len(content) > PART:
            yield _zip(held)
            held, size = [], 0
        held.append((name, content))
        size += len(content)
    yield _zip(held)


def _zip(files: list[mydata.File]) -> bytes:
    """The same files give the same octets."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _erase(desk: Desk, case: Case, said: Said) -> Outcome:
    """One question to where their mail comes, which is all the proof that asking it needs; once a day."""
    home = _home(desk, case) if case.sender else None
    if home is None:
        return Outcome("ignored", "nothing of theirs that we know")
    team = people.members(desk.conn, case.community.id, roles=["facilitator"])
    facts = {"last": [one.person.id for one in team] == [home.id], "asked_at": case.verdict.address}
    key = f"erase:{home.id}:{desk.now:{DAY_KEY}}"
    id = asks.open_ask(desk.conn, case.community.id, "erase", "choice", desk.now, options=("1", "2"), person_id=home.id)
    about, offers = About(ask_id=id), ("number", "no", "mydata")
    notices.tell(desk, "member-erase", case.community, home, facts, offers=offers, about=about, period_key=key)
    return Outcome("asked", "whether to erase them")


def _erased(desk: Desk, case: Case, said: Said) -> Outcome:
    """1: their posts stay, signed by nobody; 2: they go. Anything less plain is asked again; no leaves all as it is."""
    assert case.ask and case.sender
    if not case.ask.open:
        return Outcome("ignored", "answered before")
    if said.command == "no":
        asks.close(desk.conn, case.ask.id, "withdrawn")
        return Outcome("answered", "stays")
    if said.command != "number" or said.argument not in ("1", "2") or said.comment:
        return _again(desk, case)
    home = _home(desk, case)
    former = desk.press.phrase("former", case.community.language)
    posts_go = said.argument == "2"
    if home:  # the last mail, which the clock forgets once it is sent
        notices.tell(desk, erasing.LAST_MAIL, case.community, home, {"posts_go": posts_go})
    led = [one for one in people.communities(desk.conn) if _leads(desk, one, case.sender)]
    erasing.erase(desk.conn, case.sender.id, case.mail, former, desk.now, posts_go=posts_go)
    for one in led:
        succession.gone(desk, one, None)
    return Outcome("erased", "posts go" if posts_go else "posts stay")


def _leads(desk: Desk, community: Community, who: Person) -> bool:
    member = people.membership_of(desk.conn, who.id, community.id)
    return member is not None and member.active and member.role == "facilitator"


def _again(desk: Desk, case: Case) -> Outcome:
    """What cannot be undone is not guessed."""
    assert case.ask and case.sender
    facts = {"last": False, "asked_at": case.verdict.address}
    about, offers = About(ask_id=case.ask.id), ("number", "no", "mydata")
    notices.answer(desk, case.community, case.sender, case.message, "member-erase", facts, offers, about)
    return Outcome("asked", "1 or 2")


DATA = Command("get all that is kept about you", _data, words=("mydata",))
ERASE = Command("be erased for good, after one question", _erase, words=("erase",), changes=False)
ERASED = Answer("erase", _erased)
