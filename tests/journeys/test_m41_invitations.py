"""M41: a member invites colleagues, a facilitator a whole list. Each is asked once and reminded twice."""

from datetime import timedelta

import pytest
from world import START, World

from mailer.commands import inviting
from mailer.store.society import guests, people
from mailer.store.traffic import suppressions

EVE, FAY, GUS = "eve@east.example", "fay@slow.example", "gus@gone.example"


def membership(world: World, address: str) -> people.Membership | None:
    with world.app.store.reading() as conn:
        who, home = people.by_email(conn, address), people.community_named(conn, "wells")
        return people.membership_of(conn, who.id, home.id) if who and home else None


async def pass_days(world: World, days: int) -> None:
    """Day by day, in one tick each: the clock makes up for what it slept."""
    for _ in range(days):
        world.now += timedelta(hours=23)
        await world.wait(hours=1)


async def test_a_word_with_an_address_asks_once_and_the_inviter_hears_who_came(
    world: World, ana: str, bob: str
) -> None:
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    await world.reply(bob, world.new(bob)[-1], f"invite {EVE}")
    [receipt] = world.new(bob)
    assert receipt.subject == "1 person invited to Wells" and EVE in receipt.text
    [asked] = world.new(EVE)
    assert asked.subject == "Bob Berg invites you to Wells"
    assert "Bob Berg (Nord Drilling) <bob@nord.example>" in asked.text.replace("\n", " ")
    assert membership(world, EVE) is None
    await world.reply(EVE, asked, "yes")
    [welcome] = world.new(EVE)
    assert welcome.subject == "Welcome to Wells"
    joined = membership(world, EVE)
    assert joined and joined.active and joined.invited_by
    await world.wait(hours=30)
    [came] = world.new(bob)
    assert "eve" in came.text and "You invited them" in came.text
    assert [mail.subject for mail in world.new(ana)] == ["Your post: News"]


@pytest.mark.parametrize(
    ("language", "word", "subject", "yes"),
    [
        ("en", "invite", "Bob Berg invites you to Wells", "yes"),
        ("fr", "inviter", "Bob Berg vous invite à rejoindre Wells", "oui"),
        ("es", "invitar", "Bob Berg le invita a Wells", "sí"),
        ("de", "einladen", "Bob Berg lädt Sie zu Wells ein", "ja"),
    ],
)
async def test_in_the_inviters_language_when_the_guests_is_not_known(
    world: World, ana: str, language: str, word: str, subject: str, yes: str
) -> None:
    bob = world.member("bob@nord.example", "Bob Berg", language=language)
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    await world.reply(bob, world.new(bob)[-1], f"{word} {EVE}")
    [asked] = world.new(EVE)
    assert asked.subject == subject
    await world.reply(EVE, asked, yes)
    joined = membership(world, EVE)
    assert joined and joined.active


async def test_a_mail_to_the_invite_or_the_join_address_does_the_same(world: World, bob: str) -> None:
    await world.write(bob, "wells-invite@cop.example", "", f"Please ask Eve East <{EVE}>, and {FAY}.\n\nThanks, Bob")
    assert "2 people are asked" in world.new(bob)[-1].text
    await world.write(bob, "wells-join@cop.example", "a colleague", f"{GUS} would like it here")
    assert "1 person is asked" in world.new(bob)[-1].text
    assert [len(world.new(who)) for who in (EVE, FAY, GUS)] == [1, 1, 1]


async def test_silence_gets_two_reminders_and_then_peace(world: World, bob: str) -> None:
    await world.write(bob, "wells-invite@cop.example", "", EVE)
    first, subjects = world.new(EVE)[0], []
    for _ in range(20):
        await pass_days(world, 1)
        subjects += [((world.now - START).days, mail.text.split(".")[0]) for mail in world.new(EVE)]
    assert [day for day, _ in subjects] == [3, 10]
    assert "reminder" in subjects[0][1] and "once more" in subjects[1][1]
    await world.write(bob, "wells-invite@cop.example", "", EVE)
    assert world.new(EVE) == [] and "was asked before" in world.new(bob)[-1].text
    await world.reply(EVE, first, "yes")  # late, and still welcome
    joined = membership(world, EVE)
    assert joined and joined.active


async def test_a_no_is_final_and_silent(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells-invite@cop.example", "", EVE)
    await world.reply(EVE, world.new(EVE)[0], "No, thank you.")
    world.new(bob)
    await world.write(ana, "wells-invite@cop.example", "", EVE)
    await pass_days(world, 12)
    assert world.new(EVE) == [] and membership(world, EVE) is None
    assert world.new(bob) == []


async def test_nobody_is_asked_who_is_in_banned_or_to_be_left_alone(world: World, ana: str, bob: str) -> None:
    world.member(FAY, "Fay Slow", state="banned")
    with world.app.store.writing() as conn:
        suppressions.suppress(conn, GUS, "erased", world.now)
    await world.write(bob, "wells-invite@cop.example", "", f"{ana} {FAY} {GUS} {bob} wells@cop.example {EVE}")
    text = world.new(bob)[-1].text
    assert "1 person is asked" in text and "1 is a member already" in text and "2 cannot be asked" in text
    assert [len(world.new(who)) for who in (EVE, FAY, GUS)] == [1, 0, 0]
    assert world.new(ana) == []


async def test_a_member_asks_so_many_a_day_and_one_address_is_asked_so_often_a_month(world: World, bob: str) -> None:
    clubs = [world.community(f"club{n}").name for n in range(guests.A_MONTH + 1)]
    many = " ".join(f"p{n}@crowd.example" for n in range(inviting.A_DAY + 3))
    await world.write(bob, "wells-invite@cop.example", "", many)
    text = world.new(bob)[-1].text
    assert f"{inviting.A_DAY} people are asked" in text and "3 more were not asked" in text
    await world.write(bob, "wells-invite@cop.example", "", EVE)
    assert world.new(EVE) == []
    for name in clubs:
        friend = world.member(f"{name}@nord.example", "A Friend", name)
        await world.write(friend, f"{name}-invite@cop.example", "", FAY)
    assert len(world.new(FAY)) == guests.A_MONTH


async def test_a_forged_or_a_strangers_invitation_asks_nobody(world: World, bob: str) -> None:
    await world.write(bob, "wells-invite@cop.example", "", EVE, verified=False)
    [question] = world.new(bob)
    assert world.new(EVE) == []
    await world.reply(bob, question, "yes", verified=False)
    assert len(world.new(EVE)) == 1
    await world.write("mallory@evil.example", "wells-invite@cop.example", "", FAY)
    await world.write("mallory@evil.example", "wells-join@cop.example", "", FAY)
    assert world.new(FAY) == []


async def test_a_name_that_is_a_message_is_not_carried(world: World, bob: str) -> None:
    await world.write(bob, "wells-invite@cop.example", "", f"Buy at http://evil.example now <{EVE}>")
    assert "evil.example" not in world.new(EVE)[0].raw.decode().partition("Subject")[0]


async def test_words_about_inviting_are_a_post(world: World, ana: str, bob: str) -> None:
    await world.write(ana, "wells@cop.example", "Meeting", "Who should come?")
    await world.reply(bob, world.new(bob)[-1], "Invite John from Acme too")
    assert "Invite John from Acme too" in world.new(ana)[-1].text


async def test_a_facilitator_sends_a_list_and_gets_the_count(world: World, ana: str, bob: str) -> None:
    rows = "\n".join(f"p{n}@crowd.example;Person {chr(65 + n)};Crowd Ltd" for n in range(4))
    text = f"invite\n\nE-Mail;Name;Organisation\n{rows}\n{bob};Bob Berg;Nord\nida at far dot example;Ida;Far\nold Jo"
    await world.write(ana, "wells-team@cop.example", "New people", text)
    [receipt] = world.new(ana)
    assert "4 people are asked" in receipt.text and "1 is a member already" in receipt.text
    assert "2 lines without an address" in receipt.text
    assert "ida at far dot example" in receipt.text and "old Jo" in receipt.text
    assert len(world.new("p0@crowd.example")) == 1
    await world.write(
        bob, "wells-team@cop.example", "invite", f"invite\n{EVE}"
    )  # no facilitator: a mail like any other
    assert world.new(EVE) == [] and world.new(ana)[-1].subject != receipt.subject


async def test_a_long_list_in_a_file_goes_out_in_slices(world: World, ana: str) -> None:
    count = 3 * inviting.SLICE + 7
    rows = "\r\n".join(f"p{n}@crowd.example,Zoë Müller,fr" for n in range(count))
    raw = "\r\n".join([
        "From: Ana Lima <ana@acme.example>", "To: wells-team@cop.example", "Subject: invite", "Message-ID: <csv@acme>",
        "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/plain", "",
        "Here they are.", "--b", "Content-Type: text/csv; name=people.csv; charset=iso-8859-1",
        "Content-Disposition: attachment; filename=people.csv", "Content-Transfer-Encoding: 8bit", "",
        f"email,name,language\r\n{rows}", "--b--", "",
    ])  # fmt: skip
    await world.hand_in(ana, "wells-team@cop.example", raw.encode("latin-1"))
    assert f"{count} people are asked" in world.new(ana)[-1].text
    assert len(world.new("p0@crowd.example")) == 0
    await world.wait(hours=1)
    [asked] = world.new(f"p{count - 1}@crowd.example")
    assert asked.subject == "Ana Lima vous invite à rejoindre Wells"
    assert sum(bool(world.box(f"p{n}@crowd.example")) for n in range(count)) == count
    await world.wait(hours=5)
    assert world.new("p0@crowd.example")[1:] == []
