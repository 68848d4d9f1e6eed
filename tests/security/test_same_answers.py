"""Nobody learns from us who is a member."""

import asyncio

from world import World

from .hostile import BOB


async def test_members_and_strangers_hear_the_same(world: World) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", world.app.listener.ports["smtp"])

    async def say(line: str) -> bytes:
        writer.write(line.encode() + b"\r\n")
        while (said := await asyncio.wait_for(reader.readline(), 60))[3:4] == b"-":
            pass
        return said

    await reader.readline()
    await say("EHLO client.example")
    for line in ("VRFY {}", "EXPN {}", "MAIL FROM:<{}>", "RCPT TO:<{}>"):
        member, stranger = await say(line.format(BOB)), await say(line.format("nobody@nord.example"))
        if line.startswith("MAIL"):  # the second is out of order for anybody
            await say("RSET")
            stranger = await say(line.format("nobody@nord.example"))
        assert member == stranger
    writer.close()


async def test_whoever_asks_to_join_twice_learns_nothing_on_the_wire(world: World) -> None:
    before = len(world.sink.mails)
    for who in (BOB, "nobody@nord.example"):
        await world.write(who, "wells-join@cop.example", "join", "join", mail_from="eve@evil.example", verified=False)
    assert all("eve@evil.example" not in got.rcpts for got in world.sink.mails[before:])
