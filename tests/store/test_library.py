"""Items: numbered by community, with sources, tags and a first revision."""

from datetime import date, timedelta

import sqlalchemy as sa
from archiving import NOW, community, message, new

from mailer.store import tables
from mailer.store.db import Store
from mailer.store.knowledge import library
from mailer.store.talk import posts


def test_a_lesson_is_kept_with_what_it_came_from(store: Store) -> None:
    with store.writing() as conn:
        home, other = community(conn), community(conn, "pumps")
        added = posts.add(conn, new(home, message("a")))
        lesson = library.keep(
            conn, home, "lesson", [added.post_id], "Gaskets\0", "They hold.\0", None, None, ("lesson", "ceramic"), NOW
        )
        second = library.keep(conn, home, "win", [], "Won", "", None, None, (), NOW + timedelta(days=1))
        elsewhere = library.keep(conn, other, "faq", [], "Why", "", None, None, (), NOW)
        assert [each.name for each in (lesson, second, elsewhere)] == ["T-1", "T-2", "T-1"]
        assert (lesson.review_on, second.review_on) == (date(2027, 3, 3), None)
        assert lesson.thread_id == added.thread_id
        assert library.item(conn, home, 1) == lesson
        assert library.item(conn, home, 3) is None
        assert library.item_of_post(conn, added.post_id) == lesson
        assert library.sources(conn, lesson.id) == [added.post_id]
        assert library.tags_of_item(conn, lesson.id) == ("lesson", "ceramic")
        assert library.items_since(conn, home, NOW) == [lesson, second]
        assert library.items_since(conn, home, NOW, NOW + timedelta(hours=1)) == [lesson]
        [revision] = conn.execute(sa.select(tables.revision).where(tables.revision.c.item_id == lesson.id)).all()
        assert (revision.number, revision.text) == (1, "They hold.")


def test_a_review_falls_on_a_day_that_exists(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        at = NOW.replace(month=12, day=31)
        assert library.keep(conn, home, "offer", [], "", "", None, None, (), at).review_on == date(2027, 1, 31)
        at = NOW.replace(month=8, day=31)
        assert library.keep(conn, home, "risk", [], "", "", None, None, (), at).review_on == date(2027, 2, 28)
