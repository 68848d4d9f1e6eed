"""Law 16 and the laws on machines: who fails at the border is never answered; what loops is held."""

from world import World

FAILED = "Authentication-Results: mx.cop.example; dmarc=fail (p=REJECT) header.from={} policy.dmarc=reject\n"


async def test_a_post_that_failed_at_the_border_waits_for_a_facilitator_and_its_sender_hears_nothing(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    await world.write(
        bob, "wells@cop.example", "Pay here", "Urgent.", headers=FAILED.format("nord.example"), verified=False
    )
    assert world.new(bob) == world.new(cleo) == []
    [hold] = world.new(ana)
    assert "Urgent." in hold.text
    await world.reply(ana, hold, "ok")
    assert [mail.subject for mail in world.new(cleo)] == ["Pay here"]


async def test_no_command_or_join_in_a_failed_name_does_or_says_anything(world: World, ana: str, bob: str) -> None:
    await world.write(ana, "wells@cop.example", "News", "x")
    [post] = world.new(bob)
    world.new(ana)
    failed = FAILED.format("nord.example")
    await world.reply(bob, post, "leave", headers=failed, verified=False)
    await world.write(bob, "wells-leave@cop.example", "leave", "", headers=failed, verified=False)
    await world.write(
        "eve@far.example", "wells@cop.example", "Hi", "x", headers=FAILED.format("far.example"), verified=False
    )
    await world.write(
        "eve@far.example", "wells-join@cop.example", "", "x", headers=FAILED.format("far.example"), verified=False
    )
    assert world.new(bob) == world.new(ana) == world.new("eve@far.example") == []
    assert world.outcomes() == ["posted", "recorded", "recorded", "recorded", "recorded"]


async def test_a_machine_that_hides_what_it_is_is_held_after_ten_posts_an_hour(
    world: World, ana: str, bob: str
) -> None:
    await world.write(ana, "wells@cop.example", "News", "x")
    [post] = world.new(bob)
    for n in range(14):
        await world.reply(bob, post, f"Thank you for your message. Ticket {n} was opened for you today.")
    assert world.outcomes() == ["posted"] + ["posted"] * 10 + ["held"] * 4
