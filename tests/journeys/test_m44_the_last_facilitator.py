"""M44: the last who facilitates is asked once who takes over, and never kept; if nobody is left, whoever can mend
it hears."""

import pytest
from world import World

from mailer.store.society import people


def team(world: World, community: str = "wells") -> list[str]:
    with world.app.store.reading() as conn:
        home = people.community_named(conn, community)
        assert home
        return sorted(one.person.email for one in people.members(conn, home.id, roles=["facilitator"]))


@pytest.mark.parametrize(
    ("language", "subject", "name_them", "leave"),
    [
        ("en", "Who looks after Wells when you go?", "facilitator", "leave"),
        ("fr", "Qui animera Wells après vous ?", "animateur", "quitter"),
        ("es", "¿Quién cuidará de Wells cuando se vaya?", "facilitador", "baja"),
    ],
)
async def test_asked_who_takes_over_then_they_go(
    world: World, bob: str, language: str, subject: str, name_them: str, leave: str
) -> None:
    ana = world.member("ana@acme.example", "Ana Lima", role="facilitator", language=language)
    await world.write(ana, "wells-leave@cop.example", "", "")
    [asked] = world.new(ana)
    assert asked.subject == subject and team(world) == [ana]
    await world.reply(ana, asked, f"{name_them} {bob}")
    assert team(world) == [ana, bob]
    await world.reply(ana, asked, leave)
    assert team(world) == [bob]
    assert [mail.subject for mail in world.new(bob)] == ["You are a facilitator of Wells"]
    assert world.outcomes() == ["asked", "governed", "left"]


async def test_whoever_goes_all_the_same_goes_and_it_is_told(world: World, bob: str) -> None:
    ana = world.member("ana@acme.example", "Ana Lima", role="facilitator")
    sponsor = world.member("sue@acme.example", "Sue Hall", role="sponsor")
    await world.write(ana, "wells-leave@cop.example", "", "")
    assert team(world) == [ana]
    await world.write(ana, "wells-leave@cop.example", "", "")
    assert team(world) == [] and world.new(ana)[-1].subject == "You have left Wells"
    [told] = world.new(sponsor)
    assert told.subject == "Nobody facilitates Wells any more" and "Ana Lima" in told.text
    assert world.new(bob) == []
    await world.write(bob, "wells-me@cop.example", "", "volunteer")
    await world.reply(sponsor, world.new(sponsor)[0], "ok")
    assert team(world) == [bob]


async def test_whoever_reads_postmasters_mail_hears_of_another_community(world: World, ana: str, bob: str) -> None:
    world.community("rigs", title="Rigs")
    cleo = world.member("cleo@far.example", "Cleo Diaz", community="rigs", role="facilitator")
    world.member(bob, "Bob Berg", community="rigs")
    olaf = world.member("olaf@cop.example.org", "Olaf", role="facilitator")
    await world.write(cleo, "rigs-leave@cop.example", "", "")
    [asked] = world.new(cleo)
    await world.reply(cleo, asked, "leave")
    assert team(world, "rigs") == []
    assert [mail.subject for mail in world.new(olaf)] == ["Nobody facilitates Rigs any more"]


async def test_who_is_alone_or_one_of_several_just_goes(world: World) -> None:
    ana = world.member("ana@acme.example", "Ana Lima", role="facilitator")
    await world.write(ana, "wells-leave@cop.example", "", "")
    assert [mail.subject for mail in world.new(ana)] == ["You have left Wells"]
