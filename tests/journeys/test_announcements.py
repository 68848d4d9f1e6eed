"""Announcements: a tag of the facilitators, that is an ordinary tag to everyone else."""

from datetime import timedelta

from world import World


async def test_an_urgent_announcement_goes_past_the_digests(world: World, ana: str, bob: str, cleo: str) -> None:
    dana = world.member("dana@far.example", "Dana Holt", mode="daily")
    emil = world.member("emil@far.example", "Emil Lund", mode="events")
    finn = world.member("finn@far.example", "Finn Ober", mode="none")
    await world.write(ana, "wells@cop.example", "Office moves #announce", "On Friday.")
    [post] = world.new(bob)
    assert post.subject == "Office moves" and "#" not in post.text.partition("---")[0]
    assert world.new(dana) == world.new(emil) == []
    await world.write(ana, "wells@cop.example", "Stop all work at site two", "Gas.\n\n#announce #urgent")
    for who in (bob, dana, emil):
        [post] = world.new(who)
        assert post.subject == "Stop all work at site two" and "#" not in post.text.partition("---")[0]
    assert world.new(finn) == []
    assert world.outcomes() == ["announced", "announced"]


async def test_whoever_follows_the_tag_gets_announcements_and_answers_find_their_thread(
    world: World, ana: str, bob: str
) -> None:
    dana = world.member("dana@far.example", "Dana Holt", mode="tags")
    await world.write(dana, "wells-me@cop.example", "", "tags #announce")
    world.new(dana)
    sent = await world.write(ana, "wells@cop.example", "[#Announce] Office moves", "On Friday.")
    [post], [to_bob] = world.new(dana), world.new(bob)
    assert post.subject == "Office moves"
    await world.reply(bob, to_bob, "Both floors?")
    again = f"In-Reply-To: <{sent}>"  # she answers what stands among what she has sent
    await world.write(ana, "wells@cop.example", "RE: [#announce] Office moves", "Both.", headers=again)
    with world.app.store.reading() as conn:
        assert conn.exec_driver_sql("SELECT count(DISTINCT thread_id) FROM post").scalar() == 1
        said = conn.exec_driver_sql("SELECT subject FROM thread WHERE id IN (SELECT thread_id FROM post)").scalar()
    assert said == "Office moves"


async def test_a_member_who_says_announce_writes_an_ordinary_post(world: World, ana: str, bob: str, cleo: str) -> None:
    dana = world.member("dana@far.example", "Dana Holt", mode="daily")
    await world.write(bob, "wells@cop.example", "Pumps for sale #announce #urgent", "Cheap.")
    assert len(world.new(cleo)) == 1 and world.new(dana) == []
    assert world.outcomes() == ["posted"]


async def test_an_urgent_announcement_goes_past_tags_caps_and_mutes_but_to_nobody_who_is_away(
    world: World, ana: str, bob: str
) -> None:
    dana = world.member("dana@far.example", "Dana Holt", mode="tags")
    emil = world.member("emil@far.example", "Emil Lund", cap=1)
    finn = world.member("finn@far.example", "Finn Ober", away_until=world.now + timedelta(days=2))
    await world.write(ana, "wells@cop.example", "Rig news", "A rig comes.")
    [post] = world.new(emil)
    await world.reply(bob, world.new(bob)[0], "mute")
    assert world.new(dana) == world.new(finn) == []
    world.new(bob)
    text = "Gas at site two.\n\n#announce #urgent"
    for language, who in (("en", dana), ("fr", emil), ("es", bob)):
        await world.reply(ana, post, f"{language}: {text}", quote=False)
        assert [mail.subject for mail in world.new(who)][-1:] == ["Re: Rig news"]
        assert f"{language}: Gas" in world.box(who)[-1].text
    assert world.new(finn) == []
    await world.write(ana, "wells@cop.example", "More news", "Not urgent.")
    assert [mail.subject for mail in world.new(emil) if mail.subject == "More news"] == []
