"""Announcements: a tag of the facilitators, that is an ordinary tag to everyone else."""

from world import World


async def test_an_urgent_announcement_goes_past_the_digests(world: World, ana: str, bob: str, cleo: str) -> None:
    dana = world.member("dana@far.example", "Dana Holt", mode="daily")
    emil = world.member("emil@far.example", "Emil Lund", mode="events")
    finn = world.member("finn@far.example", "Finn Ober", mode="none")
    await world.write(ana, "wells@cop.example", "Office moves #announce", "On Friday.")
    assert [mail.subject for mail in world.new(bob)] == ["Office moves #announce"]
    assert world.new(dana) == world.new(emil) == []
    await world.write(ana, "wells@cop.example", "Stop all work at site two", "Gas.\n\n#announce #urgent")
    for who in (bob, dana, emil):
        assert [mail.subject for mail in world.new(who)] == ["Stop all work at site two"]
    assert world.new(finn) == []
    assert world.outcomes() == ["announced", "announced"]


async def test_a_member_who_says_announce_writes_an_ordinary_post(world: World, ana: str, bob: str, cleo: str) -> None:
    dana = world.member("dana@far.example", "Dana Holt", mode="daily")
    await world.write(bob, "wells@cop.example", "Pumps for sale #announce #urgent", "Cheap.")
    assert len(world.new(cleo)) == 1 and world.new(dana) == []
    assert world.outcomes() == ["posted"]
