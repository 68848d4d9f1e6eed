"""Hostile words where somebody answers somebody: a facilitator's text for another, a reason, a private line, a name in
an invitation, files in what is kept about one. Whatever is sent of it stays words, and stays with whom it is for.
"""

import io
import re
import zipfile

import pytest
from world import Mail, World

from mailer.community.policy import Policy
from mailer.mail.parse import parse
from mailer.store.society import people

from .hostile import ANA, BOB, CLEO, DINA, EVIL, mail, mixed, part, q
from .test_played import PRODUCT, told, unfit

SOME = [EVIL[n] for n in (0, 1, 2, 4, 6, 7, 8, 9, 10, 12, 15, 16, 21, 22, 23)]
ON_A_LINE = re.compile(r"\0|\r(?!\n)")  # the door takes neither; an encoded word may hold both
VERIFIED = "Authentication-Results: mx.cop.example; dmarc=pass header.from={}\r\n"
NAMED = re.compile(r"victim@innocent\.example")


async def says(world: World, who: str, name: str, to: Mail, text: str) -> None:
    """An answer, with these words in its subject and its author's name as well."""
    fields = [f"In-Reply-To: <{to.message.message_id}>"]
    raw = mail(ON_A_LINE.sub("", text), *fields, author=f"{q(name)} <{who}>", subject=q(name), to=to.back)
    border = VERIFIED.format(who.partition("@")[2]).encode()
    await world.hand_in(who, to.back, border + raw, verified=False)


def hold_first_posts(world: World) -> None:
    with world.app.store.writing() as conn:
        people.change_community(conn, people.communities(conn)[0].id, policy=Policy(first_posts="held"))


def sound(world: World) -> list[str]:
    """What is wrong with all that has been sent, and to whom nothing was to be sent."""
    faults = []
    for got in world.sink.mails:
        shown = parse(got.raw)
        faults += unfit(got.raw) + [one for to in got.rcpts for one in told(world, got.raw, to)]
        faults += ["run"] if PRODUCT in f"{shown.subject} {shown.text} {shown.html}" else []
        faults += [f"to {to}" for to in got.rcpts if NAMED.fullmatch(to)]
        faults += [f"addressed to {one.address}" for one in (*shown.to, *shown.cc) if NAMED.fullmatch(one.address)]
    return faults


VERDICTS = ("edit\n\n{}", "no, {}", "rule {}", "1: no {}", "{}")


@pytest.mark.parametrize("verdict", VERDICTS)
async def test_what_a_facilitator_makes_of_a_post(world: World, verdict: str) -> None:
    """The text in place of the writer's, the reason, the rule and the words beside them."""
    hold_first_posts(world)
    for number, text in enumerate(SOME[VERDICTS.index(verdict) :: len(VERDICTS)]):
        await world.write(CLEO, "wells@cop.example", f"Question {number}", f"Who has cured losses of sort {number}?")
        await world.wait(hours=1)
        waiting = [one for one in world.new(ANA) if "Question" in one.text or "Question" in one.subject]
        if waiting:
            await says(world, ANA, text, waiting[-1], verdict.format(text))
    await world.wait(days=1)
    assert sound(world) == []
    assert {"held", "asked"} & set(world.outcomes())


async def test_a_private_line_takes_words_across_and_nothing_else(world: World) -> None:
    await world.write(BOB, "wells@cop.example", "Losses", "Who has cured losses?")
    [post] = world.new(CLEO)
    for number, text in enumerate(SOME[::2]):
        await says(world, CLEO, text, post, f"private: {text}\n\nPart {number}.")
        for got in world.new(BOB):
            await says(world, BOB, text, got, f"{text}\n\nAnswer {number}.")
        world.new(CLEO)
    relayed = [one for one in world.sink.mails if "private" in parse(one.raw).text.lower()]
    assert relayed and sound(world) == []
    assert not [got for got in world.sink.mails if DINA in got.rcpts and b"Part" in got.raw]


async def test_files_and_names_in_what_is_kept_about_one(world: World) -> None:
    """A zip that climbs nowhere, holds no two of a name, and nothing of another's address."""
    for number, text in enumerate(EVIL):
        inside = f'Content-Type: application/pdf; name="{q(text)}"\nContent-Disposition: attachment'
        sort, body = mixed(part("Content-Type: text/plain", f"File {number}, ask {CLEO}."), part(inside), part(inside))
        raw = mail(body, author=f"{q(text)} <{BOB}>", subject=q(text), sort=sort)
        await world.hand_in(BOB, "wells@cop.example", VERIFIED.format("nord.example").encode() + raw, verified=False)
    await world.write(BOB, "wells-me@cop.example", "", "my data")
    files = [file for one in world.new(BOB) for file in one.message.attachments]
    zipped = next(file for file in files if file.name.endswith(".zip"))
    with zipfile.ZipFile(io.BytesIO(zipped.content)) as archive:
        names = archive.namelist()
        texts = {name: archive.read(name).decode("utf-8", "replace") for name in names}
    assert len(names) > len(EVIL) and len(names) == len({name.lower() for name in names})
    for name in names:
        assert ".." not in name.split("/") and not name.startswith(("/", "\\")) and not set('\\:*?"<>|') & set(name)
        assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", name) and len(name.encode()) <= 250
    assert [name for name, text in texts.items() if any(one in text for one in (ANA, CLEO, DINA))] == []


async def test_whoever_is_invited_reads_names_and_no_more(world: World) -> None:
    """The name of who invites, of who is invited, and of the community, in the invitation and its reminders."""
    for number, text in enumerate(SOME[1::2]):
        guest = f"p{number}@innocent.example"
        words = ON_A_LINE.sub("", f"{' '.join(text.split())} <{guest}>")
        asked = mail(words, author=f"{q(text)} <{ANA}>", subject=q(text), to="wells-invite@cop.example")
        border = VERIFIED.format("acme.example").encode()
        await world.hand_in(ANA, "wells-invite@cop.example", border + asked, verified=False)
    await world.wait(days=8)
    assert sum("innocent.example" in to for got in world.sink.mails for to in got.rcpts) >= len(SOME) // 2
    assert [fault for fault in sound(world) if NAMED.search(fault) is None] == []  # one line named two
