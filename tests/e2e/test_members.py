"""Members with real programs join, talk, thank, meet and announce, and each mailbox shows what it should."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from e2e.ground import until
from e2e.village import Cast

pytestmark = pytest.mark.e2e


def test_joining_by_mutt_and_by_snail(cast: Cast) -> None:
    place = cast.community("wells", cast.eva)
    cast.ana.write("wells-join@cop.example", "hello", "I would like to join.")
    question = cast.ana.one("Join Wells? Reply yes", "wells")
    cast.ana.reply(question, "yes")
    cast.ana.one("Welcome to Wells", "wells")

    cast.bob.write(place, "Centralisers", "Which ones held up for you?")
    held = cast.bob.one("Your mail to Wells is safe", "wells")
    cast.bob.reply(held, "yes")  # below the quote
    cast.bob.one("Welcome to Wells", "wells")

    post = cast.ana.one("Centralisers", "wells")
    assert "Which ones held up for you?" in post.text
    assert [word for word, _ in cast.village.ledger("wells")] == ["asked", "joined", "held", "joined", "posted"]


def test_a_post_reaches_each_mailbox_once_and_in_our_name(cast: Cast) -> None:
    place = cast.community("mud", cast.ana, cast.bob, cast.chi, cast.dag, cast.eva, cast.jose)
    cast.chi.write(place, "Losses at the shoe", "Who has cured losses at the shoe?")
    others = (cast.ana, cast.bob, cast.dag, cast.eva, cast.jose)
    posts = [one.one("Losses at the shoe", "mud") for one in others]
    for post in posts:
        assert re.search(r"(?m)^From: Chi Otieno via Mud <mud@cop\.example>\r?$", post.raw.decode())
        assert post.back == place
        assert (post.get("list-id"), post.get("precedence")) == ("Mud <mud.cop.example>", "list")
        assert post.get("list-post") == f"<mailto:{place}>"
        assert post.get("list-unsubscribe-post") == "List-Unsubscribe=One-Click"
    assert len({post.message.message_id for post in posts}) == 1  # the member's own, so that threads hold
    assert len({post.get("return-path") for post in posts}) == len(others)  # each delivery has its own
    assert len({post.get("list-unsubscribe") for post in posts}) == len(others)
    cast.chi.one("Your post: Losses at the shoe", "mud")  # the receipt of a first post, and no copy
    assert [mail.subject for mail in cast.chi.mails() if mail.get("list-id").startswith("Mud")] == [
        "Your post: Losses at the shoe"
    ]


def test_replies_with_quotes_are_folded_and_stay_in_their_thread(cast: Cast) -> None:
    place = cast.community("cement", cast.ana, cast.bob, cast.chi, cast.dag, cast.eva)
    cast.dag.write(place, "Zonal isolation", "Does foam help?\n\nWe never tried it offshore.")
    asked = cast.ana.one("Zonal isolation", "cement")
    cast.ana.reply(asked, "It did for us, twice.")
    first = cast.bob.one("Re: Zonal isolation", "cement")
    assert "It did for us, twice." in first.text
    assert "Does foam help?" not in first.text  # Mutt quoted all of it
    assert asked.message.message_id in first.message.references

    cast.bob.reply(first, "At what density?")
    second = cast.eva.got("Re: Zonal isolation", "cement", 2)[-1]
    assert "At what density?" in second.text
    assert "It did for us" not in second.text  # S-nail quoted that above the answer
    assert {asked.message.message_id, first.message.message_id} <= set(second.message.references)

    cast.dag.reply(cast.dag.got("Re: Zonal isolation", "cement", 2)[-1], "thanks")
    cast.village.outcome("cement", "thanked")
    assert [word for word, _ in cast.village.ledger("cement")] == ["posted", "posted", "posted", "thanked"]


def test_an_event_is_answered_by_every_program(cast: Cast) -> None:
    cast.community("barriers", cast.ana, cast.bob, cast.chi, cast.dag, cast.eva)
    day = datetime.now(UTC) + timedelta(days=10)
    cast.eva.write(
        "barriers-event@cop.example", "Barrier status", f"{day:%d %B %Y}, 10:00-11:00\n\nIngrid shows how they test."
    )
    preview = cast.eva.one("Please check: Barrier status", "barriers")
    cast.eva.reply(preview, "send")
    for who, words in ((cast.ana, "yes, but late"), (cast.bob, "maybe"), (cast.chi, "yes"), (cast.dag, "no")):
        invitation = who.one("Barrier status: will you come?", "barriers")
        assert invitation.message.calendar and invitation.message.calendar.method == "REQUEST"
        who.reply(invitation, words)
    until(lambda: len(cast.village.ledger("barriers")) == 6, "four answers")
    said = cast.village.found(
        "SELECT email, value, answer.comment FROM answer JOIN ask ON ask.id = ask_id"
        " JOIN address ON address.person_id = answer.person_id WHERE kind = 'rsvp' ORDER BY email"
    )
    assert said == [
        (cast.ana.address, "yes", "but late"),
        (cast.bob.address, "maybe", ""),
        (cast.chi.address, "yes", ""),
        (cast.dag.address, "no", ""),
    ]


def test_an_announcement_comes_from_a_script(cast: Cast) -> None:
    place = cast.community("site", cast.ana, cast.eva)
    cast.eva.write(place, "Office moves #announce", "On Friday.")
    assert "On Friday." in cast.ana.one("Office moves", "site").text
    cast.village.outcome("site", "announced")


def test_an_address_beyond_ascii_takes_part(cast: Cast) -> None:
    place = cast.community("norte", cast.jose, cast.eva)
    cast.eva.write(place, "Presión en el revestimiento", "¿Quién la ha medido?")
    post = cast.jose.one("Presión en el revestimiento", "norte")
    assert "¿Quién la ha medido?" in post.text
    cast.jose.reply(post, "Nosotros, dos veces.")
    assert "Nosotros, dos veces." in cast.eva.one("Re: Presión en el revestimiento", "norte").text
    receipt = cast.jose.one("Your post: Presión en el revestimiento", "norte")
    assert receipt.get("to").endswith(":;")  # a header of seven bits has no room for the address
