"""Finding posts by words: our own stemmed terms in FTS5 (SQLite) or a tsvector (PostgreSQL).

A text is cut into terms here, the same way when it is kept and when it is looked for, so that no words of a member ever
reach a query language: any text is a search, and finds something or nothing. East Asian text is cut into pairs of
letters. The mark of its community is a term of each post too: what is common elsewhere is passed over.
Called when posts are kept, by `find` mails, by related threads, by `mailer search`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from json import dumps
from math import log

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


def index(conn: Connection, community_id: int, language: str, texts: Sequence[tuple[int, str]]) -> None:
    """Make these posts of a community findable by these texts."""
    put(conn, community_id, [(number, terms(text, language, kept=True)) for number, text in texts])


def put(conn: Connection, community_id: int, found_by: Sequence[tuple[int, Sequence[str]]]) -> None:
    """Make these posts of a community findable by these terms."""
    rows = [(number, row(community_id, words)) for number, words in found_by]
    if _sqlite(conn):
        conn.exec_driver_sql("INSERT INTO post_search (rowid, terms) VALUES (?, ?)", rows)
    elif rows:
        query = """
            INSERT INTO post_search SELECT post, array_to_tsvector(string_to_array(words, ' '))
            FROM unnest(CAST(:posts AS bigint[]), CAST(:words AS text[])) AS kept (post, words)
        """
        posts, words = zip(*rows, strict=True)
        conn.execute(sa.text(query), {"posts": list(posts), "words": list(words)})


def row(community_id: int, words: Sequence[str]) -> str:
    """What is kept of a post that is found by these terms."""
    return " ".join((_mark(community_id), *words))


def _mark(community_id: int) -> str:
    """A term that no text has: its first sign is no letter."""
    return f"§{community_id}"


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
    found = _with_all(conn, community_id, [word for word, _ in wanted], limit) if all(n for _, n in wanted) else []
    if len(found) < limit and len(wanted) > 1:
        found += [each for each in _with_some(conn, community_id, _rare(wanted), limit, 1) if each not in found]
    return _hits(conn, found[:limit], {word for word, _ in wanted}, language)


def related(conn: Connection, community_id: int, text: str, limit: int = 3) -> list[Hit]:
    """The posts most like this text, with at least two of its rarest terms; one of a thread, best first."""
    language = str(conn.scalar(sa.select(community.c.language).where(community.c.id == community_id)))
    told = _rare(_by_rarity(conn, terms(text, language)))[:TERMS]
    numbers = _with_some(conn, community_id, told, 10 * limit, ALIKE)
    threads = dict(iter(conn.execute(sa.select(post.c.id, post.c.thread_id).where(post.c.id.in_(numbers)))))
    best: dict[int, int] = {}
    for number in numbers:
        best.setdefault(threads[number], number)
    return _hits(conn, list(best.values())[:limit], {word for word, _ in told}, language)


def _by_rarity(conn: Connection, words: Sequence[str]) -> list[tuple[str, int]]:
    """The first WEIGHED of these terms with about how many posts they are in, rarest first; 0: in none.

    A single letter that finds every pair it begins is common.
    """
    asked = words[:WEIGHED]
    if not asked:
        return []
    whole = [word for word in asked if not alone(word)]
    seen = dict.fromkeys(asked, COMMON + 1) | (_seen_sqlite if _sqlite(conn) else _seen_postgres)(conn, whole)
    order = sorted(range(len(asked)), key=lambda at: (seen[asked[at]], -len(asked[at]), at))
    return [(asked[at], seen[asked[at]]) for at in order]


def _rare(seen: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Of these terms, rarest first, those that are somewhere, and together in few enough posts to be weighed."""
    there = [(word, count) for word, count in seen if count]
    sums = accumulate(count for _, count in there)
    return [each for each, total in zip(there, sums, strict=True) if total <= COMMON]


def _seen_sqlite(conn: Connection, words: Sequence[str]) -> dict[str, int]:
    query = sa.text("SELECT term, doc FROM post_search_terms WHERE term = :word")
    found = {}
    for word in words:
        row = conn.execute(query, {"word": word}).first()
        found[word] = int(row.doc) if row else 0
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
    return found | {word: int(word in there) for word in unsure}


def _with_all(conn: Connection, community_id: int, words: Sequence[str], limit: int) -> list[int]:
    """Posts with every one of these terms, newest first; in the order of the index, so that it stops at the limit."""
    if not words:
        return []
    if _sqlite(conn):
        query = "SELECT rowid FROM post_search WHERE post_search MATCH :match ORDER BY rowid DESC LIMIT :limit"
    else:
        query = """
            SELECT post_id FROM post_search WHERE terms @@ CAST(:match AS tsquery) ORDER BY post_id DESC LIMIT :limit
        """
    values = {"match": _match(conn, (_mark(community_id), *words)), "limit": limit}
    return list(conn.scalars(sa.text(query), values))


def _with_some(
    conn: Connection, community_id: int, seen: Sequence[tuple[str, int]], limit: int, least: int
) -> list[int]:
    """Posts with at least so many of these terms, those with the rarest first. Its cost is how often they are there.

    Whose they are is asked of the best alone: with few posts to each term that is less than to look for the mark.
    """
    if len(seen) < least:
        return []
    if _sqlite(conn):
        number, asked, match = "post_search.rowid", "json_each(:asked)", "post_search MATCH asked.key"
    else:
        number, asked = "post_search.post_id", "json_each_text(CAST(:asked AS json))"
        match = "post_search.terms @@ CAST(asked.key AS tsquery)"
    query = f"""
        SELECT found FROM (
            SELECT {number} AS found FROM {asked} AS asked CROSS JOIN post_search WHERE {match}
            GROUP BY {number} HAVING count(*) >= :least
            ORDER BY sum(CAST(asked.value AS float)) DESC, {number} DESC LIMIT :most
        ) AS best
        WHERE (SELECT community_id FROM post WHERE post.id = found) = :community LIMIT :limit
    """
    weights = {_match(conn, [word]): log(1 + 2 * COMMON / count) for word, count in seen}
    values = {"asked": dumps(weights), "least": least, "most": COMMON, "community": community_id, "limit": limit}
    return list(conn.scalars(sa.text(query), values))


def _match(conn: Connection, words: Sequence[str]) -> str:
    """What finds posts with all these terms, in the language of either index."""
    if _sqlite(conn):
        return " AND ".join(f'"{word}"{"*" if alone(word) else ""}' for word in words)
    return " & ".join(f"'{word}'{':*' if alone(word) else ''}" for word in words)


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
