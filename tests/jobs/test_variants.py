"""Many members, few ways of reading: a digest is printed once for each way, with the same queries for any number."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, event
from village import Village

from mailer.jobs.digest import DAILY
from mailer.outbound.render import Press, Rendered
from mailer.store.society import follows, people

LANGUAGES = ("en", "fr", "es", "de", "pt")
MUTES = ("nothing", "a tag", "a thread")
WAYS = list(product(LANGUAGES, (False, True), MUTES))  # 30, half of them text alone


@contextmanager
def counted(village: Village) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    sent: list[str] = []

    def note(_conn: Connection, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(village.store.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(village.store.engine, "before_cursor_execute", note)


def settle(village: Village, each: int, thread: int) -> None:
    """So many members more of every way."""
    with village.store.writing() as conn:
        before = people.count_members(conn, village.id)
        for at, (language, plain, mute) in enumerate(WAYS):
            for number in range(each):
                who = people.add_person(conn, f"m{before}x{at}x{number}@acme.example", village.now, confirmed=True)
                people.change_person(conn, who.id, language=language)
                member = people.join(conn, people.by_id(conn, who.id), village.id, village.now, mode="daily")
                people.change_membership(conn, member.id, plain=plain)
                if mute == "a tag":
                    follows.choose_tags(conn, village.id, member.id, "mute", ["pumps"])
                elif mute == "a thread":
                    follows.choose(conn, member.id, "mute", thread_id=thread)


async def digest(village: Village, days: int) -> list[str]:
    """What is said in the next days' digest."""
    for subject in ("Losses", "Pumps #pumps", "Wells"):
        village.post("Ana", f"{subject} {village.now:%d}", "Words")
    village.now = village.now.replace(day=village.now.day + days)
    return [outcome for _, outcome in await village.clock(DAILY).tick(village.now)]


async def test_each_way_of_reading_is_printed_once(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []
    render = Press.render

    def noted(press: Press, name: str, *facts: Any) -> Rendered:
        printed.append(name)
        return render(press, name, *facts)

    monkeypatch.setattr(Press, "render", noted)
    village.join("Ana")
    await village.clock(DAILY).tick(village.now)
    losses = village.post("Ana", "Losses", "Words")
    settle(village, 5, losses.thread_id)
    with counted(village) as few:
        assert await digest(village, 1) == ["to 150 in 30 variants"]
    assert printed == ["member-digest"] * 30
    village.post("Ana", "Re: Losses", "Words", losses.thread_id)
    settle(village, 5, losses.thread_id)
    with counted(village) as many:
        assert await digest(village, 1) == ["to 300 in 30 variants"]
    assert printed == ["member-digest"] * 60
    assert len(many) <= len(few) + 2
