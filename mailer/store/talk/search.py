"""Finding posts by words: our own stemmed terms in FTS5 (SQLite) or a tsvector (PostgreSQL).

A text is cut into terms here, the same way when it is kept and when it is looked for, so that no words of a member ever
reach a query language: any text is a search, and finds something or nothing. East Asian text is cut into pairs of
letters. Called when posts are kept, by `find` mails, by related threads, by `mailer search`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import community, post
from mailer.store.talk.stems import INDEXED, alone, terms, words

TERMS = 12  # the rarest terms of a text are looked for
ALIKE = 2  # terms that two texts on one matter share
WEIGHED = 60  # terms of a text whose rarity is looked up
COMMON = 5_000  # posts that are weighed; a word in more of them says little
SNIPPET = 160  # characters


@dataclass(frozen=True, slots=True)
class Hit:
    post_id: int
    thread_id: int
    subject: str
    author: str
    sent_at: datetime
    snippet: str


# --- keeping ------------------------------------------------------------------------------------------------------


def index(conn: Connection, language: str, texts: Sequence[tuple[int, str]]) -> None:
    """Make these posts findable by these texts."""
    rows = [(number, " ".join(terms(text, language, kept=True))) for number, text in texts]
    if _sqlite(conn):
        conn.exec_driver_sql("INSERT INTO post_search (rowid, terms) VALUES (?, ?)", rows)
    elif rows:
        query = """
            INSERT INTO post_search SELECT post, array_to_tsvector(string_to_array(words, ' '))
            FROM unnest(CAST(:posts AS bigint[]), CAST(:words AS text[])) AS kept (post, words)
        """
        posts, words = zip(*rows, strict=True)
        conn.execute(sa.text(query), {"posts": list(posts), "words": list(words)})


def text_of(subject: str, author: str, tags: Sequence[str], words: str) -> str:
    """What of a post can be found."""
    return "\n".join((subject, author, *tags, words))


def forget(conn: Connection, posts: Sequence[int]) -> None:
    """These posts are no longer found."""
    query = (
        "DELETE FROM post_search WHERE rowid = :post"
        if _sqlite(conn)
        else "DELETE FROM post_search WHERE post_id = :post"
    )
    if posts:
        conn.execute(sa.text(query), [{"post": number} for number in posts])


# --- finding ------------------------------------------------------------------------------------------------------


def find(conn: Connection, community_id: int, text: str, language: str, limit: int = 20) -> list[Hit]:
    """Posts with all these words, newest first; then those with some of them, best first."""
    wanted = _by_rarity(conn, terms(text, language))[:TERMS]
    every = _matching(conn, community_id, [word for word, _ in wanted], limit, every=True)
    rare = _rare(wanted)
    if len(every) < limit and len(wanted) > 1 and rare:
        every += [each for each in _matching(conn, community_id, rare, limit, every=False) if each not in every]
    return _hits(conn, every[:limit], {word for word, _ in wanted}, language)


def related(conn: Connection, community_id: int, text: str, limit: int = 3) -> list[Hit]:
    """The posts most like this text, with at least two of its rarest terms; one of a thread, best first."""
    language = str(conn.scalar(sa.select(community.c.language).where(community.c.id == community_id)))
    told = _rare(_by_rarity(conn, terms(text, language)))[:TERMS]
    best: dict[int, int] = {}
    columns = (post.c.id, post.c.thread_id, post.c.subject, post.c.new_text)
    numbers = _matching(conn, community_id, told, 10 * limit, every=False)
    rows = {row.id: row for row in conn.execute(sa.select(*columns).where(post.c.id.in_(numbers)))}
    for row in (rows[number] for number in numbers):
        if len(set(told).intersection(terms(f"{row.subject}\n{row.new_text}", language))) >= ALIKE:
            best.setdefault(row.thread_id, row.id)
    return _hits(conn, list(best.values())[:limit], set(told), language)


def _by_rarity(conn: Connection, words: Sequence[str]) -> list[tuple[str, int]]:
    """The first WEIGHED of these terms with about how many posts they are in, rarest first; 0: in none."""
    asked = words[:WEIGHED]
    if not asked:
        return []
    seen = _seen_sqlite(conn, asked) if _sqlite(conn) else _seen_postgres(conn, asked)
    order = sorted(range(len(asked)), key=lambda at: (seen[asked[at]], -len(asked[at]), at))
    return [(asked[at], seen[asked[at]]) for at in order]


def _rare(seen: Sequence[tuple[str, int]]) -> list[str]:
    """Of these terms, rarest first, those that are somewhere, and together in few enough posts to be weighed."""
    there = [(word, count) for word, count in seen if count]
    sums = accumulate(count for _, count in there)
    return [word for (word, _), total in zip(there, sums, strict=True) if total <= COMMON]


def _seen_sqlite(conn: Connection, words: Sequence[str]) -> dict[str, int]:
    query = sa.text("SELECT term, doc FROM post_search_terms WHERE term = :word")
    found = {}
    for word in words:
        row = conn.execute(query, {"word": word}).first()
        found[word] = int(row.doc) if row else 1 if alone(word) else 0
    return found


def _seen_postgres(conn: Connection, words: Sequence[str]) -> dict[str, int]:
    """From the statistics that ANALYZE keeps of the commonest terms; what is not among them is rare."""
    query = """
        WITH stats AS (
            SELECT most_common_elems::text::text[] AS words, most_common_elem_freqs AS shares FROM pg_stats
            WHERE schemaname = current_schema() AND tablename = 'post_search' AND attname = 'terms'
        )
        SELECT word, share * greatest(reltuples, 0) AS seen
        FROM stats, unnest(words, shares) AS common (word, share), pg_class
        WHERE pg_class.oid = 'post_search'::regclass AND word = ANY(:words)
    """
    found = {word: int(seen) for word, seen in conn.execute(sa.text(query), {"words": list(words)})}
    query = """
        SELECT word FROM unnest(CAST(:words AS text[])) AS asked (word)
        WHERE EXISTS (SELECT FROM post_search WHERE terms @@ CAST(quote_literal(word) AS tsquery))
    """
    unsure = [word for word in words if word not in found]
    there = set(conn.scalars(sa.text(query), {"words": unsure}))
    return found | {word: int(word in there or alone(word)) for word in unsure}


def _matching(conn: Connection, community_id: int, words: Sequence[str], limit: int, *, every: bool) -> list[int]:
    """Posts with every one of these terms, newest first, or with some, best first."""
    if not words:
        return []
    if _sqlite(conn):
        match = (" AND " if every else " OR ").join(f'"{word}"{"*" if alone(word) else ""}' for word in words)
        where = "post_search MATCH :match AND post.id = post_search.rowid"
        newest, best = "post_search.rowid DESC", "post_search.rank"  # in its own order it stops at the limit
    else:
        match = (" & " if every else " | ").join(f"'{word}'{':*' if alone(word) else ''}" for word in words)
        where = "post_search.terms @@ CAST(:match AS tsquery) AND post.id = post_search.post_id"
        newest, best = "post.id DESC", "ts_rank(post_search.terms, CAST(:match AS tsquery)) DESC"
    query = f"""
        SELECT post.id FROM post_search, post
        WHERE {where} AND post.community_id = :community AND post.state = 'posted'
        ORDER BY {newest if every else f"{best}, {newest}"} LIMIT :limit
    """
    return list(conn.scalars(sa.text(query), {"match": match, "community": community_id, "limit": limit}))


def _hits(conn: Connection, numbers: Sequence[int], wanted: set[str], language: str) -> list[Hit]:
    columns = (post.c.id, post.c.thread_id, post.c.subject, post.c.author, post.c.sent_at, post.c.new_text)
    rows = {row.id: row for row in conn.execute(sa.select(*columns).where(post.c.id.in_(numbers)))}
    return [Hit(*row[:5], _snippet(row.new_text, wanted, language)) for row in (rows[number] for number in numbers)]


def _snippet(text: str, wanted: set[str], language: str) -> str:
    """A piece of the text around the first word looked for, on one line."""
    flat = " ".join(text[:INDEXED].split())
    first = next((at for at, word in words(flat) if wanted.intersection(terms(word, language))), 0)
    start = max(0, first - SNIPPET // 3)
    start = flat.rfind(" ", 0, start) + 1 if start else 0
    piece = flat[start : start + SNIPPET]
    return f"{'…' if start else ''}{piece}{'…' if start + SNIPPET < len(flat) else ''}"


def _sqlite(conn: Connection) -> bool:
    return conn.dialect.name == "sqlite"
