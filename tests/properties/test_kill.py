"""The service is killed at random moments while mail comes in: what was answered 250 is kept, and reaches everyone.

Four connections hand in posts and try again as mail servers do: the same mail, until it is answered 250. A relay of
thirty mailboxes counts. `make bench` runs the long form; MAILER_KILLS says how long.
"""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
from killing import LEISURE, MEMBERS, PAUSE, Writer, posts, until_quiet, village

from mailer import config
from mailer.store.tables import inbox, post
from mailer.store.traffic import inbox as inbox_of

CONNECTIONS = 4
RELAY = config.Relay()


async def play(place: Path, kills: int, seed: int, pause: float = PAUSE) -> str:
    """Kill the service so many times, then let it come to rest; what there is to say about it."""
    dice = random.Random(seed)
    async with village(place) as (service, sink, store):
        came: Counter[tuple[str, str]] = Counter()  # how often each post reached each member
        sink.on_dot = lambda got: came.update(posts(got))
        stop = asyncio.Event()
        writers = [Writer(member, service.port, dice, pause) for member in MEMBERS[:CONNECTIONS]]
        writing = [asyncio.create_task(one.run(stop)) for one in writers]
        await service.start()
        for number in range(kills):
            if number % 5 != 4:  # one kill in five falls into the start
                await service.ready()
            await asyncio.sleep(dice.uniform(0, 1))
            await service.end(signal.SIGKILL)
            await service.start()
        await service.ready()
        stop.set()
        await asyncio.gather(*writing)
        kept = sorted(id for one in writers for id in one.kept)
        wanted = {(id, rcpt) for id in kept for rcpt in MEMBERS if rcpt != id.partition(".")[2]}
        await until_quiet(came, wanted)
        await service.end(signal.SIGTERM)
        with store.reading() as conn:
            archived = sorted(conn.scalars(post.select().with_only_columns(post.c.message_id)))
            waits = inbox_of.counts(conn), inbox_of.shunted(conn, 9)
            handed_in = len(list(conn.scalars(inbox.select().with_only_columns(inbox.c.id))))
        twice = sum(count - 1 for count in came.values())
        assert kept, "no mail was taken"
        troubles = [line for line in service.journal if "[error" in line or "Error" in line]
        assert not set(kept) - set(archived), (waits, troubles[-5:])
        assert archived == kept  # each once, although handed in again after a kill
        assert set(came) == wanted
        assert twice <= kills * RELAY.connections * RELAY.window
        return (
            f"{kills} kills: {len(kept)} posts answered 250, {len(archived)} in the archive;"
            f" {handed_in - len(kept)} handed in again; {len(wanted)} deliveries wanted, {len(came)} made,"
            f" {twice} of them twice"
        )


@pytest.mark.fault("F1")
async def test_what_was_answered_survives_five_kills(tmp_path: Path) -> None:
    await play(tmp_path, 5, seed=1, pause=LEISURE)


@pytest.mark.bench
@pytest.mark.fault("F1")
@pytest.mark.timeout(7200)
async def test_what_was_answered_survives_many_kills(tmp_path: Path) -> None:
    kills, seed = (int(os.environ.get(f"MAILER_{name}", default)) for name, default in (("KILLS", 300), ("SEED", 2)))
    print(f"\n{await play(tmp_path, kills, seed)}", file=sys.stderr)
