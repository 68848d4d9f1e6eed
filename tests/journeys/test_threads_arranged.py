"""A facilitator puts conversations in order by one line in reply to a post; what anyone else writes is a post."""

import re

from world import Mail, World

from mailer.store.society import people
from mailer.store.talk import posts


def threads(world: World) -> dict[str, list[str]]:
    """What each conversation is called, and the first lines of its posts."""
    with world.app.store.reading() as conn:
        home = people.communities(conn)[0].id
        rows = posts.posts_since(conn, home, world.now.replace(year=2000), world.now.replace(year=2100))
        found: dict[str, list[str]] = {}
        for row in rows:
            thread = posts.thread(conn, row.thread_id)
            assert thread
            found.setdefault(thread.subject, []).append(row.new_text.partition("\n")[0])
        return found


def code(mail: Mail) -> str:
    return re.findall(r"\[#([0-9a-z]+)\]", mail.text)[-1]


async def talk(world: World, ana: str, bob: str, cleo: str) -> Mail:
    """Bob asks, Cleo turns to something else; Cleo's post as Ana got it."""
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    await world.reply(cleo, world.new(cleo)[-1], "By the way: which valves hold?")
    aside = world.new(ana)[-1]
    assert "which valves" in aside.text
    return aside


async def test_split_keeps_answers_apart_for_good(world: World, ana: str, bob: str, cleo: str) -> None:
    aside = await talk(world, ana, bob, cleo)
    theirs = world.new(bob)[-1]
    await world.reply(ana, aside, "split")
    assert "a conversation of their own" in world.new(ana)[-1].text
    assert world.new(bob) == []
    await world.reply(bob, theirs, "Ours held ten years.")
    question = world.box(cleo)[0]
    await world.reply(cleo, question, "Ceramic beads.")
    assert threads(world) == {
        "Losses": ["Who has cured losses?", "Ceramic beads."],
        "Re: Losses": ["By the way: which valves hold?", "Ours held ten years."],
    }
    assert world.outcomes() == ["posted", "posted", "arranged", "posted", "posted"]


async def test_split_with_a_name_is_asked_about_and_never_posted(world: World, ana: str, bob: str, cleo: str) -> None:
    aside = await talk(world, ana, bob, cleo)
    world.new(bob)
    await world.reply(ana, aside, "Split Valves that hold")
    question = world.new(ana)[-1]
    assert world.new(bob) == [] and "split Valves that hold" in " ".join(question.text.split())
    await world.reply(ana, question, "yes")
    assert threads(world) == {
        "Losses": ["Who has cured losses?"],
        "Valves that hold": ["By the way: which valves hold?"],
    }
    await world.reply(ana, world.new(ana)[-1], "undo")
    assert len(threads(world)) == 1


async def test_merge_takes_the_code_at_the_foot_of_a_mail(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    await world.write(bob, "wells@cop.example", "Losses again", "Nobody?")
    first, second = world.new(ana)[-2:]
    await world.reply(ana, second, f"merge {code(first)}\n\nRegards\nAna", quote=False)
    assert "Losses" in world.new(ana)[-1].text
    assert threads(world) == {"Losses": ["Who has cured losses?", "Nobody?"]}
    await world.reply(ana, second, "merge 0l0")
    assert "no conversation with the code 0l0" in world.new(ana)[-1].text
    assert len(world.box(bob)) == 1  # the receipt of a first post


async def test_title_names_a_conversation_anew(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells@cop.example", "Question", "Who has cured losses?")
    post = world.new(ana)[-1]
    await world.reply(ana, post, "title What stops losses at the shoe")
    assert "What stops losses at the shoe" in world.new(ana)[-1].text
    assert list(threads(world)) == ["What stops losses at the shoe"]
    assert len(world.box(bob)) == 1  # the receipt of a first post


async def test_whoever_is_no_facilitator_just_writes(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    for line in ("split", "title page missing", "merge k7q"):
        await world.reply(cleo, world.box(cleo)[0], line)
    got = [mail.text for mail in world.new(bob) if "Re: Losses" in mail.subject]
    assert len(got) == 3
    assert threads(world) == {"Losses": ["Who has cured losses?", "split", "title page missing", "merge k7q"]}


async def test_a_facilitators_longer_post_that_begins_so_is_a_post(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    post = world.new(ana)[-1]
    await world.reply(ana, post, "Split\n\nIs what we did with the flow: half to each pit.")
    assert threads(world)["Losses"][1:] == ["Split"]


async def test_a_command_that_is_not_proven_is_asked_about(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells@cop.example", "Question", "Who has cured losses?")
    post = world.new(ana)[-1]
    await world.write(
        ana, "wells@cop.example", "Re: Question", "title Sold", headers=f"In-Reply-To: <{post.message.message_id}>",
        verified=False,
    )  # fmt: skip
    assert list(threads(world)) == ["Question"]
    [asked] = world.new(ana)
    await world.reply(ana, asked, "yes")
    assert list(threads(world)) == ["Sold"]
