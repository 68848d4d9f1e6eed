"""M45, M38: what the clock sends: the digest, thanks passed on, the contributor of the month."""

from world import World


async def test_the_weekly_digest_brings_the_threads_and_a_numbered_reply_finds_its_own(
    world: World, ana: str, bob: str
) -> None:
    dina = world.member("dina@slow.example", "Dina Eck", mode="weekly")
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    await world.write(ana, "wells@cop.example", "Centralisers", "Which ones held?")
    world.new(ana), world.new(bob)
    assert world.new(dina) == []
    await world.until("2026-03-09 08:00", "Europe/Oslo")
    [digest] = world.new(dina)
    assert "1. Losses" in digest.text and "2. Centralisers" in digest.text
    await world.reply(dina, digest, "1: we changed to ceramic.")
    [answer] = world.new(bob)
    assert answer.subject == "Re: Losses" and "we changed to ceramic." in answer.text
    assert "Centralisers" not in answer.text
    assert "2 people will see your post" in world.new(dina)[0].text
    await world.until("2026-03-16 08:00", "Europe/Oslo")
    again = world.new(dina)
    assert len(again) == 1 and "1. Losses" in again[0].text and "Centralisers" not in again[0].text


async def test_a_digest_reply_without_a_number_is_asked_about(world: World, ana: str, bob: str) -> None:
    dina = world.member("dina@slow.example", "Dina Eck", mode="daily")
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    await world.until("2026-03-03 08:00", "Europe/Oslo")
    [digest] = world.new(dina)
    world.new(bob)
    await world.reply(dina, digest, "We changed to ceramic.", quote=False)
    [asked] = world.new(dina)
    assert "1. Losses" in asked.text and "We changed to ceramic." in asked.text
    await world.reply(dina, asked, "1: We changed to ceramic.")
    assert [mail.subject for mail in world.new(bob)] == ["Re: Losses"]


async def test_every_digest_goes_out_once_whatever_restarts(world: World, ana: str, bob: str) -> None:
    dina = world.member("dina@slow.example", "Dina Eck", mode="daily")
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    await world.until("2026-03-03 06:30", "Europe/Oslo")
    await world.restart()
    await world.until("2026-03-03 07:30", "Europe/Oslo")
    await world.restart()
    await world.until("2026-03-03 12:00", "Europe/Oslo")
    assert len(world.new(dina)) == 1


async def test_thanks_reach_their_receiver_in_one_mail_a_day(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(bob, "wells@cop.example", "Beads", "Use ceramic beads.")
    world.new(bob)
    await world.reply(cleo, world.new(cleo)[0], "thanks")
    await world.reply(ana, world.new(ana)[0], "useful")
    await world.wait(days=1)
    [told] = world.new(bob)
    assert "Cleo Diaz" in told.text and "Ana Lima" in told.text and "Beads" in told.text


async def test_the_contributor_of_the_month_is_proposed_and_sent_on_ok(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    for n, subject in enumerate(("Beads", "Pills", "Shoes")):
        await world.write(bob, "wells@cop.example", subject, f"Advice {n}.\n\n#lesson")
        await world.reply(cleo, world.box(cleo)[-1], "thanks")
        await world.reply(ana, world.box(ana)[-1], "thanks")
    for who in (ana, bob, cleo):
        world.new(who)
    await world.until("2026-04-01 12:00", "Europe/Oslo")
    [draft] = [mail for mail in world.new(ana) if "Bob Berg" in mail.text and "ok" in mail.text]
    await world.reply(ana, draft, "ok")
    [note] = world.new(cleo)
    assert "Bob Berg" in note.text
    await world.until("2026-04-02 12:00", "Europe/Oslo")
    assert world.new(cleo) == []
