"""Finding posts on both databases: words in any form and script, and no text that breaks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from archiving import community, message, new
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from mailer.store.db import Store
from mailer.store.talk import posts, search, stems


@pytest.fixture
def sqlite_store(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = Store(sqlite_url, tmp_path)
    yield opened
    opened.close()


def filled(conn: Connection, *texts: str, language: str = "en") -> tuple[int, list[int]]:
    """A community with these posts; its id and theirs."""
    home = community(conn, language=language)
    mails = [message(str(at), subject=f"s{at}x", text=text) for at, text in enumerate(texts)]
    return home, [posts.add(conn, new(home, mail, at)).post_id for at, mail in enumerate(mails)]


def test_all_words_newest_first_then_some_words(store: Store) -> None:
    with store.writing() as conn:
        texts = ("ceramic gaskets", "steel gaskets", "ceramic gaskets again", "valves")
        home, ids = filled(conn, *texts)
        found = [hit.post_id for hit in search.find(conn, home, "Gasket, CERAMIC", "en", 10)]
        assert found == [ids[2], ids[0], ids[1]]
        assert [hit.post_id for hit in search.find(conn, home, "gasket ceramic", "en", 1)] == [ids[2]]


def test_a_hit_shows_where(store: Store) -> None:
    with store.writing() as conn:
        home, [number] = filled(conn, "word " * 100 + "the ceramic gasket held " + "more " * 100)
        [hit] = search.find(conn, home, "gaskets", "en", 10)
        assert (hit.post_id, hit.subject, hit.author) == (number, "s0x", "Ana")
        assert "the ceramic gasket held" in hit.snippet
        assert hit.snippet.startswith("…") and hit.snippet.endswith("…")


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("en", "We tested the pumps", "testing pump"),
        ("de", "Die Häuser sind größer", "haus"),
        ("fi", "Talossa on kylmä", "talo"),
        ("fr", "Les soupapes étaient fermées", "soupape fermee"),
        ("ru", "Проверили насосы", "насос"),
        ("ja", "新しいガスケットを試しました", "ガスケット"),
        ("ja", "新しいガスケットを試しました", "新"),
        ("zh", "我们更换了垫片", "垫片"),
        ("ko", "개스킷을 교체했습니다", "개스킷"),
        ("th", "เราเปลี่ยนปะเก็นแล้ว", "ปะเก็น"),
        ("ar", "قمنا بتغيير الحشية", "الحشية"),
        ("hi", "हमने गैस्केट बदल दिया", "गैस्केट"),
        ("he", "החלפנו את האטם", "האטם"),
        ("xx", "unknown languages work", "languages"),
        ("", "it’s Ｗｉｄｅ", "it's wide"),
    ],
)
def test_words_are_found_in_their_other_forms(sqlite_store: Store, language: str, text: str, query: str) -> None:
    with sqlite_store.writing() as conn:
        home, [number] = filled(conn, text, language=language)
        assert [hit.post_id for hit in search.find(conn, home, query, language, 5)] == [number]
        assert search.find(conn, home, "zebra", language, 5) == []


def test_east_asian_pairs_are_found_on_both(store: Store) -> None:
    with store.writing() as conn:
        home, ids = filled(conn, "我们更换了垫片", "我们更换了泵", language="zh")
        assert [hit.post_id for hit in search.find(conn, home, "垫片", "zh", 5)] == [ids[0]]
        assert [hit.post_id for hit in search.find(conn, home, "泵", "zh", 5)] == [ids[1]]
        assert [hit.post_id for hit in search.find(conn, home, "更", "zh", 5)] == [ids[1], ids[0]]


def test_another_community_is_not_searched(store: Store) -> None:
    with store.writing() as conn:
        home, _ = filled(conn, "ceramic gaskets")
        other = community(conn, "pumps")
        assert search.find(conn, other, "gaskets", "en", 5) == []
        assert search.related(conn, other, "gaskets", 5) == []
        assert search.find(conn, home, "", "en", 5) == []


def test_related_posts_are_one_of_a_thread(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        first = posts.add(conn, new(home, message("a", text="ceramic gaskets leak at forty bar")))
        posts.add(conn, new(home, message("b", ["a"], text="ceramic gaskets leak here too"), 1))
        posts.add(conn, new(home, message("c", text="the webinar is on Tuesday"), 2))
        fresh = " ".join(f"unseen{number}" for number in range(30))
        found = search.related(conn, home, f"{fresh} Our gaskets leak. Which ceramic do you use?", 3)
        assert [hit.thread_id for hit in found] == [first.thread_id]
        assert search.related(conn, home, "Who has a key for that webinar room?", 3) == []  # one word is no likeness


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(query='"')
@example(query="' OR 1=1; --")
@example(query='NEAR("a" "b", 5) AND NOT c* ^d {e f}: g')
@example(query="post_search : terms")
@example(query="a\0b \ud800 \udcff")
@example(query="\\' & | ! <-> :* ( )")
@example(query="字*" * 100)
@example(query="a " * 100_000)
@example(query="ⅷ ﬁ ½ ٣ ߁ ੩")
@given(query=st.text(max_size=60))
def test_any_text_is_a_search(store: Store, query: str) -> None:
    with store.writing() as conn:
        home = community(conn, str(search_count(conn)))
        posts.add(conn, new(home, message("a", text=f"ceramic {query}")))
        assert len(search.find(conn, home, query, "en", 5)) <= 1
        assert len(search.related(conn, home, query, 5)) <= 1


def search_count(conn: Connection) -> int:
    return conn.exec_driver_sql("SELECT count(*) FROM community").scalar_one()  # type: ignore[no-any-return]


@given(text=st.text(max_size=200), language=st.sampled_from(["en", "fi", "ja", "tr", ""]))
def test_a_term_means_nothing_to_a_query_language(text: str, language: str) -> None:
    for term in stems.terms(text, language):
        assert term
        assert not set(term) & set(" \t\n\r\"'\\*^:&|!()<>{}-+.,;\0")


def test_a_long_text_has_a_bound() -> None:
    assert len(stems.terms("x1y " * 1_000_000, "en")) == 1
    assert max(map(len, stems.terms("ab" * 10_000, "en"))) == stems.LONGEST
