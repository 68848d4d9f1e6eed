"""The archive of a community that chose to be read by anyone: words alone, and no way to reach anybody."""

import pytest

from mailer.community.policy import Policy
from mailer.mail.tokens import code
from mailer.store.society import people
from mailer.store.talk import posts
from mailer.web import archivepages
from mailer.web.archivepages import public

from .conftest import Site

ANA = "ana@acme.example"


@pytest.fixture
def open_site(any_site: Site) -> Site:
    with any_site.app.store.writing() as conn:
        home = people.community_named(conn, "wells")
        assert home
        people.change_community(conn, home.id, policy=Policy(archive=True))
    return any_site


async def test_from_the_door_to_the_words(open_site: Site) -> None:
    text = "<script>alert(1)</script> call bob@nord.example\n"
    await open_site.write(ANA, "wells@cop.example", "Casing <b>wear</b>", text)
    door = await open_site.get("/archive")
    assert 'href="/archive/wells"' in door.body
    page = await open_site.get("/archive/wells")
    assert "Casing &lt;b&gt;wear&lt;/b&gt;" in page.body
    path = page.body.partition('href="/archive/wells/')[2].partition('"')[0]
    words = await open_site.get(f"/archive/wells/{path}")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; call …@…" in words.body
    assert "Ana Lima" in words.body and '<html lang="en"' in words.body
    assert all("@nord" not in one.body and "@acme" not in one.body for one in (door, page, words))


async def test_what_was_withdrawn_is_not_there(open_site: Site) -> None:
    await open_site.write(ANA, "wells@cop.example", "Oops", "Not this.")
    path = (await open_site.get("/archive/wells")).body.partition('href="/archive/wells/')[2].partition('"')[0]
    with open_site.app.store.writing() as conn:
        posts.withdraw(conn, 1)
    assert (await open_site.get(f"/archive/wells/{path}")).status == 404
    assert "Oops" not in (await open_site.get("/archive/wells")).body


async def test_page_by_page(open_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archivepages, "PAGE", 2)
    for number in range(3):
        open_site.now = open_site.now.replace(minute=number)
        await open_site.write(ANA, "wells@cop.example", f"Subject {number}", "Words.")
    first, second = await open_site.get("/archive/wells"), await open_site.get("/archive/wells?page=1")
    assert [f"Subject {n}" in first.body for n in range(3)] == [False, True, True]
    assert [f"Subject {n}" in second.body for n in range(3)] == [True, False, False]
    assert ("?page=1" in first.body, "?page=2" in second.body, "?page=0" in second.body) == (True, False, True)
    for wrong in ("2", "-1", "x", "9" * 30, "²"):
        assert (
            await open_site.get(f"/archive/wells?page={wrong.encode().hex() if wrong == '²' else wrong}")
        ).status == 404


async def test_a_thread_of_another_community_is_not_shown(open_site: Site) -> None:
    open_site.community("kilns")
    open_site.member("kim@kilns.example", "Kim", community="kilns")
    await open_site.write("kim@kilns.example", "kilns@cop.example", "Private", "Ours alone.")
    assert (await open_site.get(f"/archive/wells/{code(1)}")).status == 404
    assert (await open_site.get(f"/archive/kilns/{code(1)}")).status == 404
    for wrong in ("aaa", "2222222222222", "%00", "y" * 64):
        assert (await open_site.get(f"/archive/wells/{wrong}")).status == 404


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to ana.lima+x@acme.example.", "Write to …@…"),
        ("mail <ana@acme.example>, then", "mail <…@…>, then"),
        ("https://web.example/u/abcdefghij234567klm", "https://web.example/u/…"),
        ("at @ noon, 3 @ 4", "at @ noon, 3 @ 4"),
        ("a" * 200 + "@" + "b" * 300, "a" * 120 + "…@…" + "b" * 45),
    ],
)
def test_public(text: str, expected: str) -> None:
    assert public(text) == expected
