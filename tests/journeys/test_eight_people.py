"""Eight people, and what must happen: one journey each, in the programs they really use, every mail read aloud.

The golden texts hold every mail that anyone gets, so that one too many shows as well as one too few.
"""

from datetime import timedelta

import clients
from retold import Tale
from world import START, World

from mailer.store.knowledge import asks, events
from mailer.store.society import people
from mailer.store.talk import posts

CLEO, DINA, KEN, NEW = "cleo@far.example", "dina@slow.example", "sato@nihon.example", "nia@new.example"


def said(world: World, subject: str) -> list[str]:
    """What the archive holds of a thread: the words of its posts."""
    with world.app.store.reading() as conn:
        found = posts.posts_since(
            conn, people.communities(conn)[0].id, START - timedelta(days=1), world.now + timedelta(1)
        )
        [first] = [one for one in found if one.subject == subject]
        return [one.new_text for one in posts.posts_of(conn, first.thread_id)]


def coming(world: World) -> dict[str, tuple[str, str]]:
    """Who answered the only event, and how."""
    with world.app.store.reading() as conn:
        [event] = events.coming(conn, people.communities(conn)[0].id, world.now)
        return {
            people.by_id(conn, one.person_id).email: (one.value, one.comment)
            for one in asks.answers(conn, event.ask_id)
        }


async def call(world: World, facilitator: str) -> None:
    """A webinar on 12 March at ten, Oslo time, called and sent."""
    words = "Thursday 12 March 2026, 10:00-11:00\nPlace: https://meet.example/wells\n\nIngrid shows their tests."
    await world.write(facilitator, "wells-event@cop.example", "Webinar: barriers", words)
    await world.reply(facilitator, world.new(facilitator)[-1], "send")


async def test_1_who_only_ever_presses_reply(world: World, ana: str, bob: str, cleo: str) -> None:
    tale = Tale(world, "1-only-reply")
    await world.write(bob, "wells@cop.example", "Losses at the shoe?", "Who has cured losses at 2,300 m?")
    tale.then("Bob asks")
    [post] = world.new(cleo)
    await world.hand_in(
        cleo,
        post.back,
        clients.old_phone("Cleo Diaz", cleo, "1@far.example", world.now, post, "Ceramic beads did it for us."),
    )
    tale.then("Cleo answers above her operator's advert and the whole mail, for the first time")
    await world.hand_in(
        cleo, post.back, clients.old_phone("Cleo Diaz", cleo, "2@far.example", world.now, post, "Coarse ones first.")
    )
    tale.then("Cleo answers again")
    await world.hand_in(
        cleo, post.back, clients.old_phone("Cleo Diaz", cleo, "3@far.example", world.now, post, "thanks")
    )
    tale.then("Cleo says thanks")
    await world.hand_in(cleo, post.back, clients.old_phone("Cleo Diaz", cleo, "4@far.example", world.now, post, "mute"))
    tale.then("Cleo has heard enough of it")
    tale.told()
    assert said(world, "Losses at the shoe?") == [
        "Who has cured losses at 2,300 m?",
        "Ceramic beads did it for us.",
        "Coarse ones first.",
    ]
    assert all(len(mail.text.encode()) <= 4_000 for mail in world.box(cleo))


async def test_2_who_writes_from_behind_another_organisations_server(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    tale = Tale(world, "2-exchange")
    await world.write(cleo, "wells@cop.example", "Shoe track", "Who drills it out with PDC?")
    tale.then("Cleo asks")
    [post] = world.new(bob)
    for n, words in enumerate(("We do, at low weight.", "Mind the float collar.", "And cool the bit.")):
        await world.hand_in(
            bob, post.back, clients.exchange("Bob Berg", bob, f"{n}@nord.example", world.now, post, words)
        )
        tale.then(f"Bob answers, {('once', 'twice', 'and again')[n]}; his server adds what it adds")
    tale.told()
    kept = said(world, "Shoe track")
    assert len(kept) == 4
    assert [text.split("\n")[0] for text in kept[1:]] == [
        "We do, at low weight.",
        "Mind the float collar.",
        "And cool the bit.",
    ]
    assert "legally" not in kept[3] and "CAUTION" not in kept[3]
    assert all(
        mail.message.senders[0].address == "wells@cop.example" for mail in world.box(ana) if "Shoe" in mail.subject
    )


async def test_2_a_private_answer_goes_both_ways_and_shows_no_address(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    await world.write(cleo, "wells@cop.example", "Shoe track", "Who drills it out with PDC?")
    [post] = world.new(bob)
    world.new(ana), world.new(cleo)
    await world.reply(bob, post, "private: I would rather tell you alone.")
    [got] = world.new(cleo)
    assert world.new(ana) == [] and bob not in got.raw.decode() and "I would rather tell you alone." in got.text
    await world.reply(cleo, got, "Thank you, I will keep it to myself.")
    assert "I will keep it to myself" in world.new(bob)[-1].text and world.new(ana) == []


async def test_3_the_facilitator_in_outlook(world: World, ana: str, bob: str) -> None:
    world.member(KEN, "Kenji Sato", zone="Asia/Tokyo")
    with world.app.store.writing() as conn:
        who = people.by_email(conn, ana)
        assert who
        people.change_person(conn, who.id, zone="Europe/London")
    tale = Tale(world, "3-facilitator")
    await world.hand_in(
        ana, "wells@cop.example", clients.meeting("Ana Lima", ana, 0, world.now, "20260312T100000", "20260312T110000")
    )
    tale.then("Ana invites the community's address, in Outlook")
    await world.reply(ana, world.new(ana)[-1], "send")
    tale.then("Ana says send")
    [invitation], [theirs] = world.new(bob), world.new(KEN)
    await world.hand_in(KEN, "wells-event@cop.example", clients.pressed(theirs, KEN, "ACCEPTED", world.now))
    tale.then("Kenji presses Accept")
    await world.reply(bob, invitation, "maybe, the rig moves that day")
    tale.then("Bob says maybe, and why")
    await world.hand_in(
        ana, "wells@cop.example", clients.meeting("Ana Lima", ana, 1, world.now, "20260313T140000", "20260313T150000")
    )
    tale.then("Ana moves it in Outlook")
    assert coming(world) == {KEN: ("yes", ""), bob: ("maybe", "the rig moves that day")}
    await world.until("2026-03-06 12:00", "Europe/Oslo")
    tale.then("A week before")
    await world.until("2026-03-12 12:00", "Europe/Oslo")
    tale.then("The day before")
    await world.until("2026-03-13 18:00", "Europe/Oslo")
    tale.then("It is over")
    tale.told()


async def test_3_the_facilitator_gets_the_count_a_week_before_and_a_draft_afterwards(
    world: World, ana: str, bob: str
) -> None:
    await call(world, ana)
    world.new(ana)
    await world.until("2026-03-05 12:00", "Europe/Oslo")
    [week] = [mail for mail in world.new(ana) if "Webinar: barriers" in mail.subject]
    assert "has not answered" in week.text or "have not answered" in week.text
    await world.until("2026-03-19 12:00", "Europe/Oslo")
    assert [mail for mail in world.new(ana) if "next time" in mail.text]


async def test_4_who_reads_plain_text_and_answers_between_the_lines_in_japanese(
    world: World, ana: str, bob: str
) -> None:
    world.member(KEN, "佐藤 健二", organisation="日本ボーリング", language="ja")
    tale = Tale(world, "4-japanese")
    words = "Which beads did you use?\n\nAnd at what depth?"
    await world.write(bob, "wells@cop.example", "Losses", words)
    tale.then("Bob asks two things")
    [post] = world.new(KEN)
    body = (
        "佐藤です。\n\nBob Berg wrote:\n> Which beads did you use?\n\nセラミックです。粗いものが先です。\n\n"
        "> And at what depth?\n\n深度は2300メートルでした。\n\n-- \n佐藤 健二\n日本ボーリング株式会社\n"
    )
    await world.hand_in(KEN, post.back, clients.japanese("佐藤 健二", KEN, "1@nihon.example", world.now, post, body))
    tale.then("Kenji answers each")
    tale.told()
    [_, answer] = said(world, "Losses")
    places = [answer.index(part) for part in ("Which beads", "セラミック", "what depth", "2300メートル")]
    assert places == sorted(places) and "株式会社" not in answer


async def test_5_a_phone_above_the_whole_mail_in_html(world: World, ana: str, bob: str, cleo: str) -> None:
    await call(world, ana)
    tale = Tale(world, "5-phone")
    [invitation] = world.new(bob)
    await world.hand_in(
        bob,
        invitation.back,
        clients.iphone("Bob Berg", bob, "1@nord.example", world.now, invitation, "yes but only the first half"),
    )
    tale.then("Bob says yes, but")
    assert coming(world) == {bob: ("yes", "but only the first half")}
    await world.hand_in(
        bob, invitation.back, clients.iphone("Bob Berg", bob, "3@nord.example", world.now, invitation, "No")
    )
    tale.then("Bob says no")
    assert coming(world) == {bob: ("no", "")}
    tale.told()
    assert "posted" not in world.outcomes()


async def test_5_two_answers_at_once_get_one_question_back(world: World, ana: str, bob: str, cleo: str) -> None:
    await call(world, ana)
    [invitation], *_ = world.new(bob), world.new(cleo), world.new(ana)
    words = "yes or no, I cannot say yet"
    mail = clients.iphone("Bob Berg", bob, "2@nord.example", world.now, invitation, words)
    await world.hand_in(bob, invitation.back, mail)
    assert world.new(cleo) == world.new(ana) == []
    [asked] = world.new(bob)
    assert words in asked.text and coming(world) == {}


SUPPLIER = (
    "Have a look, this one fits our rigs.\n\n---------- Forwarded message ---------\n"
    "From: Jo Vend <jo@beads.example>\nDate: Mon, 2 Mar 2026 at 08:00\nSubject: Offer\nTo: <bob@nord.example>\n\n"
    "Dear Bob,\n\nour new beads cost 40 per bag until May.\n\nJo\n"
)


async def test_6_who_forwards_a_suppliers_mail(world: World, ana: str, bob: str, cleo: str) -> None:
    tale = Tale(world, "6-forward")
    await world.write(bob, "wells@cop.example", "Fwd: Offer", SUPPLIER)
    tale.then("Bob forwards an offer, with a comment")
    await world.reply(bob, world.new(bob)[-1], "only my comment")
    tale.then("Bob says only my comment")
    await world.write(bob, "wells@cop.example", "Fwd: Offer again", SUPPLIER)
    await world.reply(bob, world.new(bob)[-1], "yes")
    tale.then("Bob forwards another, and says yes")
    tale.told()
    first, second = world.new(cleo)
    assert "Have a look, this one fits our rigs." in first.text and "40 per bag" not in first.text
    assert "40 per bag" in second.text


async def test_6_a_shared_forward_shows_nobodys_address(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(bob, "wells@cop.example", "Fwd: Offer", SUPPLIER)
    await world.reply(bob, world.new(bob)[-1], "yes")
    [post] = world.new(cleo)
    assert "40 per bag" in post.text and "Jo Vend" in post.text
    assert bob not in post.raw.decode() and "jo@beads.example" not in post.raw.decode()


async def test_6_a_colleague_with_somebody_elses_mail_is_asked_who_they_are(world: World, ana: str, bob: str) -> None:
    await call(world, ana)
    [invitation] = world.new(bob)
    await world.reply("bert@nord.example", invitation, "yes")
    [asked], [question] = world.new("bert@nord.example"), world.new(bob)
    assert "If you are that person" in asked.text and "wells-join@cop.example" in asked.text
    assert question.subject == "Is this also you? bert@nord.example" and coming(world) == {}
    await world.reply("bert@nord.example", invitation, "no")
    assert world.new("bert@nord.example") == world.new(bob) == [] and coming(world) == {}


async def test_6_nobody_answers_in_somebody_elses_place(world: World, ana: str, bob: str, cleo: str) -> None:
    await call(world, ana)
    [invitation] = world.new(bob)
    tale = Tale(world, "6-colleague")
    await world.reply("bert@nord.example", invitation, "yes")
    tale.then("Bert, who got it from Bob, says yes")
    await world.reply(cleo, invitation, "yes")
    tale.then("Cleo, a member, says yes to Bob's copy")
    tale.told()
    assert bob not in coming(world)


async def test_7_who_reads_only_the_weekly_digest(world: World, ana: str, bob: str) -> None:
    world.member(DINA, "Dina Eck", mode="weekly")
    for subject, words in (
        ("Losses", "Who cured them?"),
        ("Centralisers", "Which held?"),
        ("Shoe beads", "Which beads?"),
    ):
        await world.write(bob, "wells@cop.example", subject, words)
    await call(world, ana)
    tale = Tale(world, "7-digest")
    await world.until("2026-03-09 08:00", "Europe/Oslo")
    tale.then("Monday morning")
    digest = world.new(DINA)[-1]
    await world.reply(DINA, digest, "3: we changed to ceramic.")
    tale.then("Dina answers a number")
    await world.reply(DINA, digest, "We had the same.", quote=False)
    tale.then("Dina answers without a number")
    tale.told()
    assert said(world, "Shoe beads")[-1] == "we changed to ceramic."


async def test_7_one_mail_two_outcomes_one_receipt(world: World, ana: str, bob: str) -> None:
    world.member(DINA, "Dina Eck", mode="weekly")
    await world.write(bob, "wells@cop.example", "Shoe beads", "Which beads?")
    await call(world, ana)
    await world.until("2026-03-09 08:00", "Europe/Oslo")
    digest, _ = world.new(DINA)[-1], world.new(bob)
    await world.reply(DINA, digest, "1: we changed to ceramic. And yes to the webinar.")
    assert coming(world) == {DINA: ("yes", "")}
    assert "webinar" not in world.new(bob)[-1].text
    [receipt] = world.new(DINA)
    assert "Shoe beads" in receipt.text and "Webinar: barriers" in receipt.text


async def test_8_who_writes_without_having_joined(world: World, ana: str, bob: str) -> None:
    world.names[NEW] = "Nia Evans"
    tale = Tale(world, "8-stranger")
    await world.write(NEW, "wells@cop.example", "Centralisers", "Which ones held up for you?")
    tale.then("Nia asks")
    await world.reply(NEW, world.new(NEW)[-1], "yes")
    tale.then("Nia says yes")
    tale.told()


async def test_8_the_welcome_goes_on_and_a_buddy_is_told(world: World, ana: str, bob: str) -> None:
    await world.write(NEW, "wells@cop.example", "Centralisers", "Which ones held up for you?")
    await world.reply(NEW, world.new(NEW)[-1], "yes")
    assert [mail for mail in (*world.new(ana), *world.new(bob)) if "buddy" in mail.text]
    world.new(NEW)
    await world.until("2026-03-05 12:00", "Europe/Oslo")
    assert len(world.new(NEW)) == 1
    await world.until("2026-03-16 12:00", "Europe/Oslo")
    assert len(world.new(NEW)) == 1
