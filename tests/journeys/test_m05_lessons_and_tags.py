"""M05: a lesson from a post, from a one-line reply; tags at once or later, by anyone."""

from world import World

from mailer.store.knowledge import library
from mailer.store.society import people


async def test_a_post_tagged_lesson_is_kept_and_its_writer_sees_how(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells@cop.example", "Ceramic beads stop losses", "Coarse, then fine.\n\n#lesson #cementing")
    [receipt] = world.new(bob)
    assert "Lesson T-1: Ceramic beads stop losses" in receipt.text
    assert "Bob Berg (Nord Drilling) · #lesson #cementing" in receipt.text
    [post] = world.new(ana)
    assert "[Lesson T-1" in post.text
    with world.app.store.reading() as conn:
        item = library.item(conn, people.communities(conn)[0].id, 1)
        assert item and (item.kind, item.title) == ("lesson", "Ceramic beads stop losses")
        assert library.tags_of_item(conn, item.id) == ("lesson", "cementing")


async def test_anyone_makes_a_lesson_of_a_post_with_one_line(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(bob, "wells@cop.example", "Re: beads", "We put them in coarse, then fine. It held.")
    [post] = world.new(cleo)
    world.new(ana), world.new(bob)
    await world.reply(cleo, post, "#lesson #losses")
    assert world.new(ana) == world.new(bob) == []
    [receipt] = world.new(cleo)
    assert "Lesson T-1" in receipt.text and "Bob Berg" in receipt.text and "It held." in receipt.text
    await world.reply(ana, world.box(ana)[0], "#lesson")
    with world.app.store.reading() as conn:
        assert library.item(conn, people.communities(conn)[0].id, 2) is None  # kept once
    assert world.outcomes() == ["posted", "tagged", "tagged"]


async def test_what_was_kept_is_found_by_mail_and_fetched_by_its_number(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells@cop.example", "Beads", "Ceramic beads cured the losses.\n\n#lesson")
    world.new(ana)
    await world.write(ana, "wells-find@cop.example", "ceramic losses")
    [hits] = world.new(ana)
    assert "1. Beads" in hits.text
    await world.reply(ana, hits, "1")
    [whole] = world.new(ana)
    assert "Ceramic beads cured the losses." in whole.text
    await world.write(ana, "wells-find@cop.example", 'submarine " OR 1 -- (')
    assert "nothing" in world.new(ana)[0].subject.lower()
