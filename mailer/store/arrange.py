"""What a facilitator decides about threads: split, joined, named. No mail that comes later takes it back.

A thread that was split off is `apart`: headers that name both sides join nothing any more (community/threads). A thread
that was named is `titled`: an earlier post that comes late does not name it anew. Called by commands/arranging.
"""

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.community import kinship
from mailer.store import turn, weaving
from mailer.store.cleaning import clean
from mailer.store.tables import follow, item, item_post, mailing, node, post, thread, wanted


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
