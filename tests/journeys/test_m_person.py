"""A person: several addresses linked by mail, what is read from their mails, their data and their going."""

import io
import json
import zipfile

import pytest
from world import Mail, World

from mailer.mail.parse import parse
from mailer.store import tables
from mailer.store.knowledge import asks
from mailer.store.society import addresses, erasing, people
from mailer.store.talk import search

HOME, EVE = "bob@home.example", "eve@evil.example"
FAILED = "Authentication-Results: mx.cop.example; dmarc=fail (p=reject) header.from=home.example"


async def invited(world: World, ana: str, bob: str) -> Mail:
    """Bob's own invitation to an event."""
    await world.write(ana, "wells-event@cop.example", "Webinar: barriers", "12 March 2026, 10:00\n\nAll welcome.")
    await world.reply(ana, world.new(ana)[-1], "send")
    world.new(ana)
    return world.new(bob)[-1]


def owner(world: World, email: str) -> str:
    """The first address of the person this one belongs to."""
    with world.app.store.reading() as conn:
        found = people.by_email(conn, email)
        return addresses.of(conn, found.id)[0].email if found else ""


def coming(world: World) -> dict[str, str]:
    """Who said what to the invitation."""
    with world.app.store.reading() as conn:
        [ask] = asks.asks_since(conn, people.communities(conn)[0].id, "rsvp", world.now.replace(year=2020))
        return {people.by_id(conn, one.person_id).email: one.value for one in asks.answers(conn, ask.id)}


SPOKEN = {"en": ("Is this also you?", "yes"), "fr": ("Est-ce aussi vous", "oui"), "es": ("también es suya", "sí")}


@pytest.mark.parametrize("language", SPOKEN)
async def test_an_answer_from_another_address_waits_for_a_yes_from_the_known_one(
    world: World, ana: str, language: str
) -> None:
    question, yes = SPOKEN[language]
    bob = world.member("bob@nord.example", "Bob Berg", language=language)
    invitation = await invited(world, ana, bob)
    await world.reply(HOME, invitation, yes)
    [asked], [kept] = world.new(bob), world.new(HOME)
    assert question in asked.subject and HOME in asked.text and bob not in kept.raw.decode()
    assert coming(world) == {} and owner(world, HOME) == HOME
    await world.reply(bob, asked, yes)
    assert coming(world) == {bob: "yes"} and owner(world, HOME) == bob
    assert HOME in world.new(bob)[0].text
    await world.write(HOME, "wells@cop.example", "Shoe beads", "Which beads?")
    assert world.new(ana)[-1].message.senders[0].name == "Bob Berg via Wells"
    assert world.outcomes()[-4:] == ["held", "linked", "answered", "posted"]


# --- who may link, and who may not -------------------------------------------------------------------------------


async def test_no_keeps_them_apart_and_is_remembered(world: World, ana: str, bob: str) -> None:
    invitation = await invited(world, ana, bob)
    await world.reply(EVE, invitation, "yes")
    await world.reply(bob, world.new(bob)[0], "no")
    assert "somebody else" in world.new(bob)[0].text
    await world.wait(days=2)
    world.new(bob), world.new(EVE)
    await world.reply(EVE, invitation, "yes")
    assert world.new(bob) == [] and "has told us" in world.new(EVE)[0].text
    assert coming(world) == {} and owner(world, EVE) == EVE


async def test_a_yes_from_the_new_address_alone_links_nothing(world: World, ana: str, bob: str) -> None:
    invitation = await invited(world, ana, bob)
    await world.reply(EVE, invitation, "yes")
    [asked] = world.new(bob)
    [kept] = world.new(EVE)
    await world.reply(EVE, asked, "yes")  # Bob has forwarded our question to her
    await world.reply(EVE, kept, "yes")
    await world.write(bob, asked.back, "Re: x", "yes", verified=False, headers=FAILED.replace("home", "nord"))
    await world.write(bob, "wells@cop.example", asked.subject, f"yes\n\n{asked.text[-60:]}", verified=False)
    assert coming(world) == {} and owner(world, EVE) == EVE
    await world.wait(days=1)
    world.new(bob)
    await world.reply(EVE, asked, "yes")
    assert world.new(bob) == [] and owner(world, EVE) == EVE
    told = world.new(EVE)
    assert "only be answered from the address it went to" in told[-1].text
    assert not [mail for mail in told if bob in mail.raw.decode()]


async def test_who_is_not_vouched_for_is_written_to_only_after_the_known_yes(world: World, ana: str, bob: str) -> None:
    invitation = await invited(world, ana, bob)
    await world.reply(HOME, invitation, "yes", verified=False)
    assert world.new(HOME) == []
    [asked] = world.new(bob)
    assert "They wrote" not in asked.text
    await world.reply(bob, asked, "yes")
    [claimed] = world.new(HOME)
    assert owner(world, HOME) == HOME and coming(world) == {}
    await world.reply(HOME, claimed, "yes", verified=False)
    assert owner(world, HOME) == bob and coming(world) == {bob: "yes"}


async def test_a_forged_new_address_is_never_written_to(world: World, ana: str, bob: str) -> None:
    invitation = await invited(world, ana, bob)
    await world.reply(HOME, invitation, "yes", verified=False, headers=FAILED)
    assert world.new(bob) == world.new(HOME) == [] and coming(world) == {}


async def test_many_strangers_with_one_mail_do_not_fill_a_mailbox(world: World, ana: str, bob: str) -> None:
    invitation = await invited(world, ana, bob)
    for number in range(9):
        await world.reply(f"eve{number}@evil.example", invitation, "yes")
    assert len(world.new(bob)) == 3


async def test_a_guessed_code_from_nobody_in_particular_asks_nobody(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells-me@cop.example", "settings", "settings")
    [page] = world.new(bob)
    code = page.text[page.text.rindex("[#") :].strip()
    await world.write(EVE, "wells-help@cop.example", f"Re: {code}", "daily", verified=False)
    assert world.new(bob) == world.new(EVE) == []


# --- words -------------------------------------------------------------------------------------------------------


SAY = {
    "en": ("this is also", "mail to", "remove address"),
    "fr": ("c'est aussi", "courrier à", "retirer l'adresse"),
    "es": ("también soy", "correo a", "quitar la dirección"),
}


@pytest.mark.parametrize("language", SAY)
async def test_a_member_names_another_address_gets_mail_there_and_takes_it_away(
    world: World, ana: str, language: str
) -> None:
    also, to, remove = SAY[language]
    bob = world.member("bob@nord.example", "Bob Berg", language=language)
    await world.write(bob, "wells-me@cop.example", "", f"{also} {HOME}")
    [told], [claimed] = world.new(bob), world.new(HOME)
    assert HOME in told.text and bob in claimed.text and owner(world, HOME) == HOME
    await world.reply(HOME, claimed, "yes")
    assert owner(world, HOME) == bob
    world.new(bob), world.new(HOME)
    await world.write(bob, "wells-me@cop.example", "", f"{to} {HOME}")
    assert HOME in world.new(bob)[0].text
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    assert world.new(bob) == [] and [mail.subject for mail in world.new(HOME)] == ["News"]
    await world.write(HOME, "wells-me@cop.example", "", f"{remove} {bob}")
    assert bob in world.new(HOME)[0].text and world.new(bob)
    assert owner(world, bob) == "" and owner(world, HOME) == HOME


async def test_a_stranger_names_a_known_address_and_their_question_goes_out(world: World, ana: str, bob: str) -> None:
    await world.write(HOME, "wells@cop.example", "Shoe beads", "Which beads?")
    [held] = world.new(HOME)
    await world.reply(HOME, held, f"This is also {bob}")
    [asked], [told] = world.new(bob), world.new(HOME)
    assert HOME in asked.text and "Which beads" not in asked.text
    await world.reply(bob, asked, "yes")
    assert owner(world, HOME) == bob
    assert "Which beads?" in world.new(ana)[-1].text
    await world.reply("nia@new.example", held, "This is also nobody@nowhere.example")
    await world.write("nia@new.example", "wells-me@cop.example", "", "This is also nobody@nowhere.example")
    assert (
        world.new("nia@new.example")[-1].text.partition("somebody else")[0] == told.text.partition("somebody else")[0]
    )
    assert world.box("nobody@nowhere.example") == []


# --- what is read from mails -------------------------------------------------------------------------------------


def known(world: World, email: str) -> people.Person:
    with world.app.store.reading() as conn:
        found = people.by_email(conn, email)
        assert found
        return found


@pytest.mark.parametrize(
    ("word", "language", "greeting"), [("yes", "", "Welcome"), ("oui", "fr", "Bienvenue"), ("sí", "es", "bienvenid")]
)
async def test_who_joins_with_a_word_of_their_language_is_written_to_in_it(
    world: World, ana: str, word: str, language: str, greeting: str
) -> None:
    world.names["nia@new.example"] = "Nia Evans"
    await world.write("nia@new.example", "wells-join@cop.example", "hello")
    await world.reply("nia@new.example", world.new("nia@new.example")[0], word, headers="Organization: Evans & Co")
    nia = known(world, "nia@new.example")
    assert (nia.name, nia.language, nia.organisation) == ("Nia Evans", language, "Evans & Co")
    assert greeting.lower() in "".join(mail.subject + mail.text for mail in world.new("nia@new.example")).lower()


async def test_what_a_person_has_said_is_not_overwritten_by_their_mails(world: World, ana: str) -> None:
    world.member("bob@nord.example", "Bob Berg", zone="Europe/Oslo", organisation="Nord")
    world.names["bob@nord.example"] = "R. Berg"
    later = "Organization: Something Else\nDate: Mon, 02 Mar 2026 15:00:00 +0600"
    await world.write("bob@nord.example", "wells@cop.example", "Beads", "Which?", headers=later)
    bob = known(world, "bob@nord.example")
    assert (bob.name, bob.zone, bob.organisation) == ("Bob Berg", "Europe/Oslo", "Nord")


async def test_a_name_nobody_vouches_for_is_not_learnt(world: World, ana: str) -> None:
    world.member("bob@nord.example", "")
    world.names["bob@nord.example"] = "Mallory"
    await world.write("bob@nord.example", "wells@cop.example", "Beads", "Which?", verified=False)
    assert known(world, "bob@nord.example").name == ""


# --- my data, erase me -------------------------------------------------------------------------------------------


OWN = {"en": ("my data", "erase me"), "fr": ("mes données", "effacez-moi"), "es": ("mis datos", "bórrame")}


async def a_life(world: World, ana: str, language: str = "en") -> str:
    """Bob asks, answers an invitation, is thanked; Ana answers him."""
    bob = world.member("bob@nord.example", "Bob Berg", language=language, organisation="Nord Drilling")
    await world.write(
        bob, "wells@cop.example", "Shoe beads #lesson", "We use zirconia beads.\n\n--\nBob Berg\n+47 1234"
    )
    [post] = [mail for mail in world.new(ana) if "zirconia" in mail.text]
    await world.reply(ana, post, "Which supplier?", quote=False)
    await world.reply(ana, post, "thanks", quote=False)  # what others quote stays theirs
    await world.reply(bob, await invited(world, ana, bob), "yes")
    world.new(bob), world.new(ana)
    return bob


@pytest.mark.parametrize("language", OWN)
async def test_my_data_comes_as_a_zip_without_anybody_elses_address(world: World, ana: str, language: str) -> None:
    bob = await a_life(world, ana, language)
    await world.write(bob, "wells@cop.example", "Contact", "Ask jo@vendor.example about it.")
    await world.write(bob, "wells-me@cop.example", "", OWN[language][0])
    mail = next(mail for mail in world.new(bob) if mail.message.attachments)
    with zipfile.ZipFile(io.BytesIO(mail.message.attachments[0].content)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert {"README.txt", "person.json", "answers.json", "ledger.json", "deliveries.json"} <= set(files)
    assert json.loads(files["person.json"])["person"]["name"] == "Bob Berg"
    posts = [text for name, text in files.items() if name.startswith("posts/")]
    assert any("zirconia" in text for text in posts) and any(bob in text for text in posts)
    assert not [name for name, text in files.items() if ana in text or "jo@vendor.example" in text]


async def test_my_data_goes_to_the_address_we_know_only_after_proof(world: World, ana: str) -> None:
    bob = await a_life(world, ana)
    await world.write(bob, "wells-me@cop.example", "", "my data", verified=False)
    [question] = world.new(bob)
    assert not question.message.attachments
    await world.write(EVE, "wells-me@cop.example", "", "my data")
    await world.reply(EVE, question, "yes")
    assert not [mail for mail in world.new(EVE) if mail.message.attachments]
    await world.reply(bob, question, "yes", verified=False)
    assert [mail for mail in world.new(bob) if mail.message.attachments]


def leftovers(world: World, *marks: str) -> list[str]:
    """Each table and column, and each file, that still holds one of these."""
    found = []
    with world.app.store.reading() as conn:
        for table in tables.meta.sorted_tables:
            for row in conn.execute(table.select()):
                for name, value in row._mapping.items():
                    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    if isinstance(value, bytes) and value:
                        read = parse(value)
                        text += f"{read.text}{read.subject}{read.html}"
                    found += [f"{table.name}.{name}: {mark}" for mark in marks if mark.lower() in text.lower()]
    return found


@pytest.mark.fault("F21")
@pytest.mark.parametrize(("language", "choice"), [("en", "1"), ("fr", "2"), ("es", "1"), ("en", "2")])
async def test_who_is_erased_is_nowhere_any_more(world: World, ana: str, language: str, choice: str) -> None:
    bob = await a_life(world, ana, language)
    await world.write(bob, "wells-me@cop.example", "", OWN[language][1])
    [question] = world.new(bob)
    await world.reply(bob, question, choice)
    [last] = world.new(bob)
    assert last.message.to[0].address == bob
    await world.wait(days=2)
    assert leftovers(world, bob, "Bob Berg", "+47 1234") == []
    with world.app.store.reading() as conn:
        rows = conn.execute(tables.post.select().order_by(tables.post.c.id)).all()
        assert erasing.erased(conn, [bob, ana]) == {bob}
        found = search.find(conn, people.communities(conn)[0].id, "zirconia", "en")
    first, second = rows[0], rows[1]
    kept = ("a former member", "We use zirconia beads.", "posted") if choice == "1" else ("", "", "withdrawn")
    assert (first.author, first.new_text, first.state) == kept and len(found) == (1 if choice == "1" else 0)
    assert second.new_text == "Which supplier?" and second.parent_id == first.id
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    assert world.new(bob) == []
    if world.app.store.sqlite:
        await world.app.stop()
        held = [path for path in world.place.rglob("*") if path.is_file() and bob.encode() in path.read_bytes()]
        await world.open()
        assert held == []


async def test_nobody_is_erased_by_somebody_else_or_by_half_a_word(world: World, ana: str) -> None:
    bob = await a_life(world, ana)
    await world.write(bob, "wells-me@cop.example", "", "erase me", verified=False)
    await world.write(
        bob, "wells-me@cop.example", "", "erase me", verified=False, headers=FAILED.replace("home", "nord")
    )
    [question] = world.new(bob)
    await world.reply(EVE, question, "1")
    await world.write(bob, "wells@cop.example", question.subject, f"2\n\n{question.text[-40:]}", verified=False)
    await world.reply(bob, question, "2 but only the old ones")
    assert "Reply 1" in world.new(bob)[-1].text
    await world.reply(bob, question, "no")
    await world.reply(bob, question, "1")
    assert known(world, bob).name == "Bob Berg"


async def test_who_was_erased_may_come_back_by_their_own_word(world: World, ana: str) -> None:
    bob = await a_life(world, ana)
    await world.write(bob, "wells-me@cop.example", "", "erase me")
    await world.reply(bob, world.new(bob)[0], "1")
    world.new(bob)
    await world.write(bob, "wells-join@cop.example", "hello")
    await world.reply(bob, world.new(bob)[0], "yes")
    with world.app.store.reading() as conn:
        assert erasing.erased(conn, [bob]) == set()
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    assert "News" in [mail.subject for mail in world.new(bob)]
