"""Recipients a second, everything counted: rows in, claim, header of each, dialogue, marks. Prints, asserts no time."""

import asyncio
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from posting import NOW, Clock, community, deliverer, post, raw, settings

from mailer.outbound.backoff import Answer
from mailer.outbound.opening import door
from mailer.outbound.parcel import Bundle, Parcel, content
from mailer.outbound.pool import Pool
from mailer.store import tables
from mailer.store.db import Store
from mailer.store.traffic import tries

BENCH = Path(os.environ.get("MAILER_BENCH", Path(__file__).parents[2].parent / "shared" / "bench"))
POSTS, MEMBERS = 20, 1000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def counting_sink(tmp_path: Path) -> Iterator[Callable[..., int]]:
    """Starts sinks that only count: `fsink` of the bench where it is, else skipped. Returns the port."""
    source = BENCH / "fsink.c"
    if not source.is_file() or not shutil.which("gcc"):
        pytest.skip(f"no {source} or no gcc; set MAILER_BENCH")
    binary = tmp_path / "fsink"
    subprocess.run(["gcc", "-O2", "-w", "-o", str(binary), str(source)], check=True)
    running = []

    def start(*options: str) -> int:
        port = free_port()
        running.append(subprocess.Popen([str(binary), "-p", str(port), "-c", str(free_port()), *options]))
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return port
            time.sleep(0.02)
        raise TimeoutError("the sink does not start")

    yield start
    for process in running:
        process.terminate()
        process.wait(5)


def show(what: str, recipients: int, wall: float, cpu: float) -> float:
    rate = recipients / wall
    print(f"{what:<44} {rate:9,.0f} recipients/s {1e6 * cpu / recipients:7.1f} µs CPU each", file=sys.stderr)
    return rate


def in_loop(work: Callable[[], Awaitable[None]], fast: bool) -> None:
    if fast:
        import uvloop

        uvloop.run(work())  # type: ignore[arg-type]
    else:
        asyncio.run(work())  # type: ignore[arg-type]


def fan_out(
    store: Store, community_id: int, port: int, fast: bool, posts: int = POSTS, **relay: object
) -> tuple[float, float]:
    """Wall and CPU seconds from the first row to the last mark."""

    async def work() -> None:
        sender = deliverer(port, store, Clock(NOW), **relay)
        for _ in range(posts):
            await asyncio.to_thread(post, store, community_id)
            await sender.drain()
        await sender.stop()

    wall, cpu = time.perf_counter(), time.process_time()
    in_loop(work, fast)
    return time.perf_counter() - wall, time.process_time() - cpu


def dialogue_alone(port: int, fast: bool) -> tuple[float, float]:
    """The same mails by the same connections with no rows, seals or marks: the ceiling."""
    shared = content(raw(), True)
    assert shared
    head = b"List-Unsubscribe: <mailto:wells-leave-aaaaaaaaaaaaaaaaaaaaaaaa@cop.example?subject=stop>\r\n"

    def dress(bundle: Bundle) -> None:
        bundle.mail_from, bundle.head = b"wells-b-aaaaaaaaaaaaaaaaaaaaaaaa@cop.example", head

    async def work() -> None:
        done = asyncio.Event()

        def settled(parcel: Parcel, answer: Answer) -> None:
            asyncio.get_running_loop().call_soon(pool.written, 1)
            if parcel.id == POSTS * MEMBERS - 1:
                done.set()

        chosen = settings(port, window=64)
        pool = Pool(door(chosen), 2, dress, settled, lambda: None, lambda reason: None)
        pool.put(Parcel(n, 1, b"m%06d@d%02d.example.com" % (n, n % 40), shared) for n in range(POSTS * MEMBERS))
        await done.wait()
        await pool.close(5.0)

    wall, cpu = time.perf_counter(), time.process_time()
    in_loop(work, fast)
    return time.perf_counter() - wall, time.process_time() - cpu


@pytest.mark.bench
@pytest.mark.timeout(300)
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_return_path_of_its_own_for_each(
    database_url: str, tmp_path: Path, counting_sink: Callable[..., int], loop: str
) -> None:
    store = Store(database_url, tmp_path)
    wells = community(store, [f"m{n:06d}@d{n % 40:02d}.example.com" for n in range(MEMBERS)])
    port = counting_sink("-Q")
    print(f"\n{POSTS} posts to {MEMBERS} members, {store.url.get_backend_name()}, {loop}", file=sys.stderr)
    peer = beside_mlmmj(tmp_path, port)
    ceiling = show("the dialogue alone", POSTS * MEMBERS, *dialogue_alone(port, loop == "uvloop"))
    for window in (4, 32):
        figures = fan_out(store, wells, port, loop == "uvloop", window=window)
        rate = show(f"everything, window {window}", POSTS * MEMBERS, *figures)
        print(f"  {rate / ceiling:.0%} of the dialogue alone", file=sys.stderr)
        if peer:
            print(
                f"  {rate * peer[0] / (POSTS * MEMBERS):.0%} of mlmmj's rate, CPU {figures[1] / peer[1]:.1f} times its",
                file=sys.stderr,
            )
    store.close()


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_batches_beside_mails_of_their_own(
    database_url: str, tmp_path: Path, counting_sink: Callable[..., int]
) -> None:
    """To a sink that takes all at once, where rows are what costs; a relay that is the brake gains far more."""
    store, port = Store(database_url, tmp_path), counting_sink("-Q")
    wells = community(store, [f"m{n:06d}@d{n % 40:02d}.example.com" for n in range(MEMBERS)])
    print(f"\n{POSTS} posts to {MEMBERS} members, {store.url.get_backend_name()}, uvloop", file=sys.stderr)
    for batch in (1, 50, 200, 500):
        what = f"up to {batch} in a transaction" if batch > 1 else "a mail for each"
        show(what, POSTS * MEMBERS, *fan_out(store, wells, port, True, batch=batch))
    store.close()


def beside_mlmmj(place: Path, port: int) -> tuple[float, float] | None:
    """Wall and CPU seconds of mlmmj (Debian's package; MAILER_MLMMJ is where its programs are) for the same work."""
    programs = Path(os.environ.get("MAILER_MLMMJ", "/usr/bin"))
    if not (programs / "mlmmj-send").is_file():
        print("mlmmj is not here", file=sys.stderr)
        return None
    home = place / "mlmmj"
    for name in ("queue", "control", "subscribers.d", "archive", "bounce", "text"):
        (home / name).mkdir(parents=True)
    wanted = {"listaddress": "wells@cop.example", "relayhost": "127.0.0.1", "smtpport": str(port), "delimiter": "+"}
    for name, value in wanted.items():
        (home / "control" / name).write_text(value + "\n")
    (home / "subscribers.d" / "m").write_text("".join(f"m{n:06d}@d{n % 40:02d}.example.com\n" for n in range(MEMBERS)))
    before, wall = os.times(), time.perf_counter()
    for number in range(POSTS):
        mail = home / "queue" / str(number)
        mail.write_bytes(raw().replace(b"\r\n", b"\n"))
        subprocess.run([programs / "mlmmj-send", "-L", home, "-m", mail], check=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    wall = time.perf_counter() - wall
    show("mlmmj", POSTS * MEMBERS, wall, cpu)
    return wall, cpu


WAYS = {"BDAT": ["PIPELINING", "CHUNKING"], "PIPELINING": ["PIPELINING"], "neither": ["SIZE"]}


@contextmanager
def bare_relay(trip: int, keywords: list[str]) -> Iterator[int]:
    program = Path(__file__).with_name("relaying.py")
    process = subprocess.Popen([sys.executable, program, str(trip), *keywords], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.mark.bench
@pytest.mark.timeout(300)
@pytest.mark.parametrize("trip", [0, 20])
def test_by_what_the_relay_offers(sqlite_url: str, tmp_path: Path, trip: int) -> None:
    store = Store(sqlite_url, tmp_path)
    for way, keywords in WAYS.items():
        members = 1000 if way == "BDAT" or not trip else 100
        wells = crowd(store, members, way.lower())
        with bare_relay(trip, keywords) as port:
            figures = fan_out(store, wells, port, True, posts=1)
        show(f"{trip} ms away, {way}, 2 connections", members, *figures)
    store.close()


@pytest.mark.bench
@pytest.mark.timeout(600)
def test_memory_stays_flat(sqlite_url: str, tmp_path: Path, counting_sink: Callable[..., int]) -> None:
    """Peaks of one process: the small list first, so that what the large one adds can be seen."""
    store, port = Store(sqlite_url, tmp_path), counting_sink("-Q")
    for members in (1_000, 10_000, 100_000):
        wells = crowd(store, members, f"wells{members}")
        before = peak()
        figures = fan_out(store, wells, port, True, posts=1)
        show(f"{members:,} members, peak {before:.0f} MiB before, {peak():.0f} after", members, *figures)
    store.close()


def peak() -> float:
    """MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def crowd(store: Store, members: int, name: str) -> int:
    """A community whose rows are made a thousand at a time."""
    home = community(store, [], name)
    with store.writing() as conn:
        first = (conn.scalar(sa.select(sa.func.max(tables.person.c.id))) or 0) + 1
        for begin in range(first, first + members, 1000):
            ids = range(begin, min(begin + 1000, first + members))
            emails = {id: f"m{id:06d}@d{id % 40:02d}.{name}.example" for id in ids}
            conn.execute(sa.insert(tables.person), [{"id": id, "created_at": NOW} for id in ids])
            conn.execute(sa.insert(tables.address), [{"id": id, "person_id": id, "email": emails[id]} for id in ids])
            joined = [{"community_id": home, "person_id": id, "address_id": id, "joined_at": NOW} for id in ids]
            conn.execute(sa.insert(tables.membership), joined)
    return home


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_a_claim_stays_cheap_however_much_waits(database_url: str, tmp_path: Path) -> None:
    store = Store(database_url, tmp_path)
    wells = community(store, [f"m{n:06d}@d{n % 40:02d}.example.com" for n in range(MEMBERS)])
    print(f"\nclaim of 100, {store.url.get_backend_name()}", file=sys.stderr)
    waiting = 0
    for more in (1, 100):
        for _ in range(more):
            post(store, wells)
            post(store, wells, NOW + timedelta(days=1))  # put off: the claim must not look at them
        waiting += more * MEMBERS
        times = []
        for _ in range(50):
            began = time.perf_counter()
            with store.writing() as conn:
                claimed = tries.claim(conn, 100, NOW, timedelta(minutes=5))
                times.append(time.perf_counter() - began)
                tries.mark(conn, [tries.Result(one.id, one.tries, "released", "") for one in claimed], NOW)
        times.sort()
        print(f"  {waiting:>7,} due: median {1e3 * times[25]:.1f} ms, worst {1e3 * times[-1]:.1f} ms", file=sys.stderr)
    store.close()
