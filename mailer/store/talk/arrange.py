"""What a facilitator decides about threads: split, joined, named. No mail that comes later takes it back.

A thread that was split off is `apart`: headers that name both sides join nothing any more (community/threads). A thread
that was named is `titled`: an earlier post that comes late does not name it anew. Called by commands/arranging.
"""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.community import kinship
from mailer.store.cleaning import clean
from mailer.store.tables import follow, item, item_post, mailing, node, post, tagging, thread, wanted
from mailer.store.talk import turn, weaving


def split(conn: Connection, post_id: int) -> int | None:
    """This post and everything below it become a thread of their own; its id. None where that is so already."""
    row = conn.execute(sa.select(post).where(post.c.id == post_id)).one()
    turn.take(conn, row.community_id)
    rows = conn.execute(sa.select(post).where(post.c.thread_id == row.thread_id)).all()
    gone = _below(post_id, [(each.id, each.parent_id) for each in rows])
    moved = [each for each in rows if each.id in gone]
    stay = [each for each in rows if each.id not in gone]
    if not stay:
        return None
    values = {
        "community_id": row.community_id,
        "subject": row.subject,
        "base_subject": row.base_subject,
        "person_id": row.person_id,
        "started_at": row.sent_at,
        "last_at": max(each.posted_at for each in moved),
        "apart": True,
    }
    new: int = conn.scalars(sa.insert(thread).values(values).returning(thread.c.id)).one()
    left = {"last_at": max(each.posted_at for each in stay)}
    conn.execute(sa.update(thread).where(thread.c.id == row.thread_id).values(left))
    conn.execute(sa.update(post).where(post.c.id == post_id).values(parent_id=None))
    above = {*row.refs, *(name for each in stay for name in each.refs)}
    ghosts = {name for each in moved for name in each.refs} - above
    _move(conn, row.community_id, row.thread_id, new, gone, ghosts)
    return new


def _below(top: int, parents: list[tuple[int, int | None]]) -> set[int]:
    """A post and its descendants."""
    children: dict[int, list[int]] = {}
    for number, parent in parents:
        if parent is not None:
            children.setdefault(parent, []).append(number)
    found, waiting = {top}, [top]
    while waiting:
        fresh = [number for number in children.get(waiting.pop(), ()) if number not in found]
        found.update(fresh)
        waiting += fresh
    return found


def _move(conn: Connection, home: int, old: int, new: int, gone: set[int], ghosts: set[str]) -> None:
    """Posts, their ids, ids that only they name, our mails that carried them and what was kept of them."""
    for some in weaving.chunks(gone):
        kept = sa.select(item_post.c.item_id).where(item_post.c.post_id.in_(some))
        for where in (
            sa.update(post).where(post.c.id.in_(some)),
            sa.update(node).where(node.c.community_id == home, node.c.post_id.in_(some)),
            sa.update(mailing).where(mailing.c.post_id.in_(some)),
            sa.update(item).where(item.c.thread_id == old, item.c.id.in_(kept)),
        ):
            conn.execute(where.values(thread_id=new))
    for some in weaving.chunks(ghosts):
        here = (node.c.community_id == home, node.c.message_id.in_(some), node.c.thread_id == old)
        conn.execute(sa.update(node).where(*here).values(thread_id=new))
    elsewhere = sa.select(node.c.message_id).where(node.c.community_id == home, node.c.thread_id != new)
    for some in weaving.chunks(gone):  # nobody over there adopts them
        waiting = sa.delete(wanted).where(wanted.c.community_id == home, wanted.c.post_id.in_(some))
        conn.execute(waiting.where(wanted.c.message_id.in_(elsewhere)))
    chosen = sa.select(follow.c.membership_id, sa.literal(new), follow.c.choice).where(follow.c.thread_id == old)
    conn.execute(sa.insert(follow).from_select(["membership_id", "thread_id", "choice"], chosen))


def join(conn: Connection, community_id: int, thread_id: int, into: int) -> int | None:
    """A thread goes into another one of its community, which keeps its name; that one's id. None if it is the same."""
    turn.take(conn, community_id)
    young, old = weaving.root(conn, thread_id), weaving.root(conn, into)
    if young == old:
        return None
    conn.execute(sa.update(thread).where(thread.c.id == old).values(titled=True))
    weaving.merge(conn, young, old)
    return old


def retitle(conn: Connection, thread_id: int, title: str) -> int:
    """A thread is called so from now on; its id."""
    number = weaving.root(conn, thread_id)
    values = {"subject": clean(title), "base_subject": kinship.subject_key(title), "titled": True}
    conn.execute(sa.update(thread).where(thread.c.id == number).values(values))
    return number


# --- taking it back: store/reversals --------------------------------------------------------------------------------

ROWS = 2000  # of a conversation; what moves more of them is not taken back
NAMING = ("subject", "base_subject", "state", "person_id", "started_at", "into_id", "apart", "titled")


def standing(conn: Connection, *threads: int | None) -> tuple[tuple[str, int, dict[str, Any]], ...]:
    """How everything of these conversations stands, row by row, before they are put in order; nothing of large ones."""
    roots = {weaving.root(conn, number) for number in threads if number}
    found: list[tuple[str, int, dict[str, Any]]] = []
    mine = sa.or_(thread.c.id.in_(roots), thread.c.into_id.in_(roots))
    for row in conn.execute(sa.select(thread).where(mine)):
        found.append(("thread", row.id, {name: getattr(row, name) for name in NAMING}))
    for table, names in ((post, ("thread_id", "parent_id")), *((one, ("thread_id",)) for one in _HANGING)):
        query = sa.select(table.c.id, *(table.c[name] for name in names)).where(table.c.thread_id.in_(roots))
        for row in conn.execute(query.limit(ROWS + 1)):
            found.append((table.name, row.id, {name: getattr(row, name) for name in names}))
    return tuple(found) if len(found) <= ROWS else ()


_HANGING = (follow, tagging, item, mailing)


def settle(conn: Connection, numbers: Collection[int]) -> None:
    """After rows were put back: ids go with their posts, and whatever still hangs on a thread that is no more goes
    where that one went."""
    posts = sa.select(post.c.thread_id).where(post.c.id == node.c.post_id).scalar_subquery()
    conn.execute(
        sa.update(node).where(node.c.thread_id.in_(numbers), node.c.post_id.is_not(None)).values(thread_id=posts)
    )
    for number in numbers:
        root = weaving.root(conn, number)
        if root != number:
            conn.execute(sa.delete(follow).where(follow.c.thread_id == number))
            for table in (node, post, tagging, item, mailing):
                conn.execute(sa.update(table).where(table.c.thread_id == number).values(thread_id=root))
        last = sa.select(sa.func.max(post.c.posted_at)).where(post.c.thread_id == root).scalar_subquery()
        latest = sa.func.coalesce(last, thread.c.last_at)
        conn.execute(sa.update(thread).where(thread.c.id == root).values(last_at=latest))
