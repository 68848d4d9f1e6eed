"""A member forwards a supplier's mail: nobody else's words go out before the member has said so."""

import pytest
from world import World

FORWARD = """

---------- Forwarded message ---------
From: Sue Plier <sue@seals.example>
Date: Mon, 2 Mar 2026 at 08:12
Subject: New seals
To: <bob@nord.example>

Our new seals hold 40 bar in salt water.
"""
COMMENT = "Has anyone tried these?"


async def forward(world: World, bob: str, comment: str = COMMENT) -> None:
    await world.write(bob, "wells@cop.example", "Fwd: New seals", comment + FORWARD)


async def test_a_forward_waits_and_yes_shares_it_with_its_author_named(world: World, ana: str, bob: str) -> None:
    await forward(world, bob)
    assert world.new(ana) == []
    [asked] = world.new(bob)
    assert "Share it with 1 person?" in asked.text and "Sue Plier" in asked.text and "comment" in asked.text
    await world.reply(bob, asked, "yes")
    [post] = world.new(ana)
    assert COMMENT in post.text and "Forwarded from Sue Plier:" in post.text and "hold 40 bar" in post.text
    await world.reply(bob, asked, "no")
    assert world.outcomes() == ["held", "released", "posted", "ignored"]


@pytest.mark.parametrize("word", ["comment", "only my comment"])
async def test_only_the_comment_goes_out(world: World, ana: str, bob: str, word: str) -> None:
    await forward(world, bob)
    await world.reply(bob, world.new(bob)[0], word)
    [post] = world.new(ana)
    assert COMMENT in post.text and "40 bar" not in post.text and "Sue" not in post.text


async def test_no_shares_nothing(world: World, ana: str, bob: str) -> None:
    await forward(world, bob)
    await world.reply(bob, world.new(bob)[0], "no")
    assert world.new(ana) == []
    assert world.outcomes() == ["held", "refused"]


async def test_without_a_comment_there_is_none_to_choose(world: World, ana: str, bob: str) -> None:
    await forward(world, bob, "")
    assert world.new(ana) == []
    [asked] = world.new(bob)
    assert "only your own words" not in asked.text
    await world.reply(bob, asked, "yes")
    assert "hold 40 bar" in world.new(ana)[0].text


async def test_nobody_else_decides(world: World, ana: str, bob: str, cleo: str) -> None:
    await forward(world, bob)
    [asked] = world.new(bob)
    await world.reply(cleo, asked, "yes")
    assert [mail.subject for mail in world.new(ana)] == []
