"""A genuine, signed mail that somebody sends again, to another address of ours or long after: the signature holds.

What proves that it was meant for us: the address of ours that it came to stands in To or Cc, and we have not had it
before; or a server of its writer's own domain hands it over (SPF), which no copy can bring about; or it answers a mail
that only they got.
"""

import pytest
from world import World

from mailer.store.society import people

from .hostile import ANA, BOB, CLEO, EVE, mail

SIGNED = (
    b"Authentication-Results: mx.cop.example; dkim=pass header.d=nord.example; dmarc=pass header.from=nord.example\r\n"
)
ELSEWHERE = SIGNED.replace(b" dkim", b" spf=pass smtp.mailfrom=e@evil.example; dkim")
FROM_HOME = SIGNED.replace(b"dkim=pass header.d", b"spf=pass smtp.mailfrom")


def standing(world: World) -> tuple[str, str]:
    """Bob's membership."""
    with world.app.store.reading() as conn:
        who, home = people.by_email(conn, BOB), people.community_named(conn, "wells")
        assert who and home
        found = people.membership_of(conn, who.id, home.id)
    assert found
    return found.state, found.mode


@pytest.mark.parametrize(
    "named", [f"Cleo <{CLEO}>", "other@cop.example", "undisclosed-recipients:;", "wells@cop.example"]
)
async def test_what_was_written_to_others_is_no_command_to_us(world: World, named: str) -> None:
    await world.hand_in(EVE, "wells-leave@cop.example", SIGNED + mail("leave", to=named), verified=False)
    assert standing(world) == ("active", "each")
    [question] = world.new(BOB)
    await world.reply(BOB, question, "yes")  # it was Bob, by a blind copy
    assert standing(world)[0] == "left"


async def test_what_was_written_to_one_is_not_sent_to_all(world: World) -> None:
    confided = SIGNED + mail("Between us: I will give notice in May.", to=f"Cleo <{CLEO}>", subject="Notice")
    await world.hand_in(EVE, "wells@cop.example", confided, verified=False)
    assert world.new(CLEO) == world.new(ANA) == [] and len(world.new(BOB)) == 1


async def test_what_names_us_in_to_or_cc_is_done(world: World) -> None:
    for to, cc in (
        ("Wells <WELLS-ME@cop.example>", ()),
        (f"Cleo <{CLEO}>", ("Cc: x@y.example, wells-me@cop.example",)),
    ):
        raw = SIGNED + mail("daily" if cc else "weekly", *cc, to=to)
        await world.hand_in(BOB, "wells-me@cop.example", raw, verified=False)
        assert standing(world) == ("active", "daily" if cc else "weekly")


async def test_whose_own_server_hands_it_over_may_leave_us_unnamed(world: World) -> None:
    await world.hand_in(BOB, "wells@cop.example", FROM_HOME + mail("To all, by a blind copy.", to=CLEO), verified=False)
    assert len(world.new(CLEO)) == 1


async def test_one_of_our_addresses_in_it_speaks_for_no_other(world: World) -> None:
    post = SIGNED + mail("leave", to="wells@cop.example")
    await world.hand_in(EVE, "wells@cop.example wells-leave@cop.example", post, verified=False)
    assert standing(world) == ("active", "each")


async def test_a_command_that_was_done_is_done_once_for_years(world: World) -> None:
    leave = SIGNED + mail("leave", to="wells-leave@cop.example")
    await world.hand_in(BOB, "wells-leave@cop.example", leave, verified=False)
    assert standing(world)[0] == "left"
    world.member(BOB)
    with world.app.store.writing() as conn:
        conn.exec_driver_sql("UPDATE inbox SET received_at = '2020-01-01 00:00:00.000000'")
    await world.hand_in(EVE, "wells-leave@cop.example", leave, verified=False)
    assert standing(world)[0] == "active"


SEAL = "DKIM-Signature: v=1; a=rsa-sha256; d=nord.example; s=s; bh=eA==; b=eA==; h=from:subject:date:message-id"
TO_CLEO = f"Cleo <{CLEO}>"


@pytest.mark.parametrize(
    ("named", "fields"),
    [
        (TO_CLEO, ("Cc: wells-leave@cop.example", f"{SEAL}:to")),
        (TO_CLEO, ("To: wells-leave@cop.example", f"{SEAL}:to")),
        (TO_CLEO, ("Cc: wells-leave@cop.example", f"{SEAL}:to", f"{SEAL}:to:cc")),
        ("wells-leave@cop.example", (SEAL,)),
        ("wells-leave@cop.example", (f"{SEAL}:to".replace(":message-id", ""),)),
        ("", (SEAL,)),
    ],
)
async def test_what_the_signature_leaves_open_proves_nothing(world: World, named: str, fields: tuple[str, ...]) -> None:
    """Whoever has a signed mail may write into it what is not signed, and take it out."""
    raw = ELSEWHERE + mail("leave", *fields, to=named or CLEO)
    raw = raw if named else raw.replace(f"To: {CLEO}\r\n".encode(), b"")
    await world.hand_in(EVE, "wells-leave@cop.example", raw, verified=False)
    assert standing(world)[0] == "active"
    assert [one.subject.partition("?")[0] for one in world.new(BOB)] == ["Was this you"]


async def test_where_nobody_looks_at_servers_what_a_provider_leaves_open_is_believed(world: World) -> None:
    """Some large ones never sign To: all of their users would be asked for each mail."""
    raw = SIGNED + mail("leave", SEAL, to="wells-leave@cop.example")
    await world.hand_in(BOB, "wells-leave@cop.example", raw, verified=False)
    assert standing(world)[0] == "left"


async def test_what_the_signature_holds_is_done(world: World) -> None:
    raw = SIGNED + mail("leave", f"{SEAL}:to", to="wells-leave@cop.example")
    await world.hand_in(EVE, "wells-leave@cop.example", raw, verified=False)
    assert standing(world)[0] == "left"


async def test_the_same_mail_with_other_blanks_or_for_fewer_is_the_same(world: World) -> None:
    """No signature minds blanks, and the envelope is whoever's who sends."""
    signed = mail("daily\n\nThank you", f"{SEAL}:to:cc", "Cc: wells-me@cop.example", to="wells@cop.example")
    await world.hand_in(BOB, "wells@cop.example wells-me@cop.example", SIGNED + signed, verified=False)
    assert standing(world)[1] == "daily"
    await world.write(BOB, "wells-me@cop.example", "", "weekly")
    for again in (
        signed,
        signed.replace(b"Thank you", b"Thank  you ") + b"\r\n",
        signed.replace(b": Hello", b":  Hello"),
    ):
        await world.hand_in(EVE, "wells-me@cop.example", SIGNED + again, verified=False)
        await world.hand_in(EVE, "wells-me@cop.example", b"Received: x\r\n" + SIGNED + again, verified=False)
    assert standing(world)[1] == "weekly"


async def test_a_post_of_a_machine_whose_clock_is_wrong_goes_out(world: World) -> None:
    raw = SIGNED + mail("My telephone thinks it is 2010.", "Date: Fri, 01 Jan 2010 00:00:00 +0000")
    await world.hand_in(BOB, "wells@cop.example", raw, verified=False)
    assert len(world.new(CLEO)) == 1
