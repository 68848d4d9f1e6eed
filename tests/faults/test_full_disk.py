"""The disk fills up and is emptied: try later, never a lie, no exit; the reserve is for who leaves and for bounces.

Mounting a small disk takes root; elsewhere this is skipped, and tests/talks/test_durable.py fills the database alone.
"""

import asyncio
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from killing import MEMBERS, Load, No, archived, connect, free_port, line_of_settings, talk, until, village

from mailer.inbound.admission import FRESH
from mailer.mail.tokens import Keys, seal
from mailer.outbound.personal import Place, return_path, stamp
from mailer.store.tables import address, delivery, inbox, membership

SIZE, RESERVE = 64_000_000, 24_000_000  # octets; half of the reserve is far more than a WAL grows to (4 MB)
KEYS = Keys(b"a key for tests, long enough")
FULL, LATER = "452 4.3.1", "451 4.3.0"
pytestmark = pytest.mark.fault("F4")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", place], capture_output=True).returncode:
        pytest.skip("a disk cannot be mounted here: that takes root")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def leave_free(disk: Path, octets: int) -> None:
    """Something else fills the disk, but for so much."""
    with (disk / "ballast").open("ab") as file, suppress(OSError):
        held, more = file.tell(), shutil.disk_usage(disk).free - octets
        file.truncate(held + min(more, 0))
        file.write(bytes(max(more, 0)))


async def refused(load: Load) -> None:
    """Until each of the writers has heard that there is no room."""
    for one in load.writers:
        one.refused.clear()
    await until(lambda: all(any(reply.startswith(FULL) for reply in one.refused) for one in load.writers))


async def bounce(port: int, to: str) -> None:
    """A report of a failure, from the null sender. Raises No."""
    peer = await connect(port)
    for piece in ("MAIL FROM:<>", f"RCPT TO:<{to}>", "DATA", "Subject: Undelivered\r\n\r\nGone.\r\n."):
        await talk(*peer, f"{piece}\r\n".encode())
    peer[1].close()


def one_click(port: int, token: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/u/{token}", b"List-Unsubscribe=One-Click", 30) as answer:
        return int(answer.status)


async def test_a_disk_that_fills_up_and_is_emptied(disk: Path, tmp_path: Path) -> None:
    web = free_port()
    more = line_of_settings("state", str(disk)) + line_of_settings("listen.reserve", f"{RESERVE // 1_000_000} MB")
    more += line_of_settings("web.listen", f"127.0.0.1:{web}") + line_of_settings("web.url", "https://cop.example/")
    async with village(tmp_path, more, MEMBERS[:8]) as (service, _, store):
        await service.start()
        await service.ready()
        load = Load(service)
        await load.more(6)
        await archived(store, 6)

        leave_free(disk, RESERVE * 3 // 4)  # below the reserve
        await refused(load)
        leave_free(disk, RESERVE * 3 // 4)  # what was under way has been written
        with store.reading() as conn:
            leaver = conn.execute(sa.select(address.c.id).where(address.c.email == MEMBERS[7])).scalar_one()
            [home] = conn.scalars(sa.select(membership.c.community_id).distinct())
            first = conn.execute(sa.select(sa.func.min(delivery.c.id))).scalar_one()
        await bounce(service.port, return_path(stamp(Place(KEYS, "cop.example", "-", ""), "wells"), first).decode())
        assert await asyncio.to_thread(one_click, web, seal(KEYS, "leave", leaver, home)) == 200
        with store.reading() as conn:
            assert conn.scalar(sa.select(sa.func.count()).where(inbox.c.mail_from == "")) == 1
            left = sa.select(membership.c.left_at).where(membership.c.address_id == leaver)
            assert conn.execute(left).scalar_one() is not None

        leave_free(disk, 0)
        await refused(load)
        await asyncio.sleep(FRESH + 0.1)
        with pytest.raises(No, match=FULL):
            await bounce(service.port, "mailer-help@cop.example")

        (disk / "ballast").unlink()
        await load.more(6)  # by itself
        kept = await load.end()
        assert service.alive and load.refused <= {FULL, LATER}
        assert await archived(store, len(kept)) == kept
