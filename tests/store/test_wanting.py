"""Who wants a post, by mode, thread and tags; the digest's own reckoning says the same."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from posting import community

from mailer.store.db import Store
from mailer.store.knowledge import library
from mailer.store.society import follows, people
from mailer.store.tables import membership, post, thread
from mailer.store.talk import news, wanting
from mailer.store.talk.wanting import Audience
from mailer.store.traffic import mailings

MODES = ("each", "daily", "weekly", "events", "tags", "none")


def talk(store: Store, home: int, now: datetime, tags: list[str]) -> int:
    """A thread with one post of these tags."""
    with store.writing() as conn:
        new = sa.insert(thread).values(community_id=home, started_at=now, last_at=now).returning(thread.c.id)
        id = conn.scalars(new).one()
        row = sa.insert(post).values(community_id=home, thread_id=id, sent_at=now, posted_at=now).returning(post.c.id)
        library.tag_post(conn, conn.scalars(row).one(), tags, None, now)
    return id


def wanting_it(store: Store, home: int, about: int) -> list[int]:
    with store.reading() as conn:
        audience = Audience(home, ("each",), about, wanting.tags_of(conn, about))
        return list(conn.scalars(sa.select(membership.c.id).where(*audience.wanting()).order_by(membership.c.id)))


@pytest.mark.parametrize(
    ("said", "modes"),
    [
        ({}, {"each"}),
        ({"thread": "mute"}, set()),
        ({"thread": "follow"}, {"each", "daily", "weekly", "events", "tags"}),
        ({"#ppg": "mute"}, set()),
        ({"#ppg": "follow"}, {"each", "daily", "weekly", "events", "tags"}),
        ({"#ppg": "mute", "thread": "follow"}, {"each", "daily", "weekly", "events", "tags"}),
        ({"#ppg": "follow", "thread": "mute"}, set()),
        ({"#ppg": "mute", "#cementing": "follow"}, set()),
        ({"#other": "mute"}, {"each"}),
        ({"#other": "follow"}, {"each"}),
        ({"#ppg": ""}, {"each"}),
        ({"thread": ""}, {"each"}),
    ],
)
def test_a_thread_counts_before_a_tag_and_both_before_the_mode(
    store: Store, now: datetime, said: dict[str, follows.Choice], modes: set[str]
) -> None:
    home = community(store, [f"{mode}@acme.example" for mode in MODES])
    about, other = talk(store, home, now, ["ppg", "cementing"]), talk(store, home, now, ["other"])
    with store.writing() as conn:
        members = people.members(conn, home)
        for member, mode in zip(members, MODES, strict=True):
            people.change_membership(conn, member.membership.id, mode=mode)
            for what, choice in said.items():
                if what == "thread":
                    follows.choose(conn, member.membership.id, choice, thread_id=about)
                else:
                    follows.choose_tags(conn, home, member.membership.id, choice, [what[1:]])
        hidden = news.hidden(conn, home, [about, other])
    ids = {mode: member.membership.id for member, mode in zip(members, MODES, strict=True)}
    assert [ids[mode] for mode in MODES if mode in modes] == wanting_it(store, home, about)
    for mode in ("each", "tags"):
        assert (about in hidden.get(ids[mode], frozenset())) == (mode not in modes)


def test_what_was_chosen_before_can_be_put_back(store: Store, now: datetime) -> None:
    home = community(store, ["ana@acme.example"])
    with store.writing() as conn:
        [member] = people.members(conn, home)
        id = member.membership.id
        [(table, first, before)] = follows.choose_tags(conn, home, id, "mute", ["ppg"])
        assert (table, before) == ("follow", {"choice": ""})
        assert follows.choose_tags(conn, home, id, "follow", ["ppg"]) == [("follow", first, {"choice": "mute"})]
        changed = follows.only_tags(conn, home, id, ["cementing"])
        assert [before for _, _, before in changed] == [{"choice": "follow"}, {"choice": ""}]
        assert follows.of_member(conn, id) == follows.Choices(("cementing",), (), (), ())


def test_the_latest_mailing_before_a_moment(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        assert wanting.last_mailing(conn, now) == 0
        made = [
            mailings.add(conn, "post", None, f"{n}@cop.example", now + timedelta(hours=n), about=mailings.About())
            for n in range(3)
        ]
        assert wanting.last_mailing(conn, now + timedelta(hours=2)) == made[1]
