"""How many mails may be out, and when what came of them is written down."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from posting import Clock, community, post, raw, rows, settings

from mailer.outbound.marking import Marks
from mailer.outbound.opening import door
from mailer.outbound.parcel import Parcel, content
from mailer.outbound.pool import Pool
from mailer.store.db import Store
from mailer.store.traffic import tries
from mailer.store.traffic.tries import Result

LEASE = timedelta(minutes=5)
MEMBERS = ["ana@acme.example", "ben@acme.example", "eve@acme.example"]


def idle_pool(window: int = 32, connections: int = 2) -> Pool:
    """A pool whose relay is not there; nothing goes."""
    chosen = door(settings(1, window=window))
    pool = Pool(chosen, connections, lambda p: None, lambda p, a: None, lambda: None, lambda r: None)
    pool.closing = True
    return pool


def parcels(count: int, priority: int = 1) -> list[Parcel]:
    shared = content(raw(), True)
    assert shared
    return [Parcel(id, priority, b"ana@acme.example", shared) for id in range(count)]


@pytest.mark.parametrize(
    ("waiting", "allowed"), [(0, 1), (20, 1), (223, 1), (224, 2), (680, 40), (968, 64), (2000, 64)]
)
async def test_one_may_be_out_while_few_wait(waiting: int, allowed: int) -> None:
    pool = idle_pool()
    pool.put(parcels(waiting))
    assert pool.allowed == allowed


async def test_never_more_are_out_than_the_operator_lets() -> None:
    narrow = idle_pool(window=1)
    narrow.put(parcels(2000))
    assert narrow.allowed == 2


@pytest.mark.parametrize(("took", "allowed"), [((0.02,) * 32, 10), ((0.02,) * 31 + (0.01,), 1), ((), 1)])
async def test_more_are_on_the_way_to_a_relay_with_which_no_mail_is_quick(
    took: tuple[float, ...], allowed: int
) -> None:
    pool = idle_pool()
    pool.put(parcels(80))
    pool._took.extend(took)
    pool.written(0)
    assert pool.allowed == allowed


async def test_the_urgent_go_first_and_who_was_first_before_who_came_later() -> None:
    pool = idle_pool()
    usual, urgent = parcels(2, 1), parcels(2, 0)
    pool.put([*usual, *urgent])
    assert len(pool) == 4
    pool.closing = False
    taken = []
    for _ in range(3):
        taken.append(pool.take())
        assert pool.take() is None  # one is out
        pool.out -= 1
    assert [bundle.parcels for bundle in taken if bundle] == [[one] for one in (*urgent, usual[0])]
    pool.out = 1
    pool.give_back(usual[0], "The relay closed the connection")
    again = pool.take()
    assert again and again.parcels == [usual[0]]


def claimed(store: Store) -> list[Result]:
    post(store, community(store, MEMBERS))
    with store.writing() as conn:
        found = tries.claim(conn, 10, Clock().now, LEASE)
    return [Result(one.id, one.tries, "sent", "250 2.0.0 Ok") for one in found]


async def test_what_ended_waits_for_others_that_are_on_their_way(lite: Store) -> None:
    pool, heard = idle_pool(), list[Sequence[Result]]()
    marks = Marks(lite, pool, Clock(), heard.append)
    one, two, three = claimed(lite)
    pool._far = True
    pool.put(parcels(24))  # so that three may be out
    pool.flying.update(parcels(3))
    marks.end(one)
    marks.end(two)
    assert not marks._wake.is_set()
    marks.end(three)  # as many as may be out
    assert marks._wake.is_set()
    await marks.write_down()
    assert heard == [[one, two, three]]
    assert rows(lite) == dict.fromkeys(MEMBERS, ("sent", 1))


async def test_the_last_waits_for_nobody(lite: Store) -> None:
    marks = Marks(lite, idle_pool(), Clock(), lambda results: None)
    marks.end(claimed(lite)[0])
    assert marks._wake.is_set()
    await marks.write_down()
    assert sorted(rows(lite).values()) == [("sending", 1), ("sending", 1), ("sent", 1)]


async def test_what_cannot_be_written_is_kept_for_the_next_time(lite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = list[Sequence[Result]]()
    marks = Marks(lite, idle_pool(), Clock(), heard.append)
    ends = claimed(lite)
    for end in ends:
        marks.end(end)

    async def full(*_: object) -> None:
        raise OSError("disk")

    with monkeypatch.context() as patch:
        patch.setattr(lite, "write", full)
        with pytest.raises(OSError, match="disk"):
            await marks.write_down()
    assert heard == []
    await marks.write_down()
    assert heard == [ends]
