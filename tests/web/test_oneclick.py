"""RFC 8058: a POST that means it leaves, everything else looks and leaves things as they are."""

import pytest
from starlette.datastructures import FormData

from mailer.mail.tokens import Keys, seal
from mailer.store import people
from mailer.web.oneclick import meant

from .conftest import FORM, KEYS, Site

ANA, BOB = "ana@acme.example", "bob@nord.example"


async def members(site: Site) -> list[str]:
    """Who gets a post of nobody's: everyone who is in."""
    with site.app.store.reading() as conn:
        home = people.community_named(conn, "wells")
        assert home
        found = [who for address in (ANA, BOB) if (who := people.by_email(conn, address))]
        return [who.email for who in found if (m := people.membership_of(conn, who.id, home.id)) and m.active]


async def test_the_link_in_a_mail_leaves_in_one_click(any_site: Site) -> None:
    await any_site.write(ANA, "wells@cop.example", "News", "Something new.")
    [post] = any_site.new(BOB)
    assert post.message.headers.get("list-unsubscribe-post") == "List-Unsubscribe=One-Click"
    link = post.message.headers.get("list-unsubscribe").partition("<https://web.example")[2].partition(">")[0]
    answer = await any_site.post(link)
    assert (answer.status, "set-cookie" in answer.headers, "location" in answer.headers) == (200, False, False)
    assert "You have left Wells" in answer.body
    await any_site.settle()
    assert [mail.subject for mail in any_site.new(BOB)] == ["You have left Wells"]
    assert await members(any_site) == [ANA]
    assert any_site.outcomes() == ["posted", "left"]


async def test_again_is_the_same_and_does_nothing_more(any_site: Site) -> None:
    path = f"/u/{any_site.token(BOB)}"
    first, second = await any_site.post(path), await any_site.post(path)
    assert (first.status, first.body) == (second.status, second.body)
    await any_site.settle()
    assert (len(any_site.new(BOB)), any_site.outcomes()) == (1, ["left"])


async def test_the_deliverer_is_woken(site: Site) -> None:
    await site.app.start(("send",))
    await site.post(f"/u/{site.token(BOB)}")
    await site.sink.wait(1)
    assert [mail.rcpts for mail in site.sink.mails] == [(BOB,)]


async def test_looking_changes_nothing(any_site: Site) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BREW"):
        answer = await any_site.get(f"/u/{any_site.token(BOB)}", method)
        assert answer.status == (200 if method in ("GET", "HEAD") else 405), method
    assert await members(any_site) == [ANA, BOB] and any_site.outcomes() == []


async def test_the_page_says_where_and_its_button_leaves(site: Site) -> None:
    path = f"/u/{site.token(BOB)}"
    page = await site.get(path)
    assert "Leave Wells?" in page.body and page.body.count("<button") == 1
    assert '<input type="hidden" name="from" value="page">' in page.body
    assert (await site.post(path, "from=page")).status == 400  # a program that submits forms
    assert await members(site) == [ANA, BOB]
    assert (await site.post(path, "from=page&leave=yes")).status == 200
    assert await members(site) == [ANA]


async def test_the_other_coding_of_a_form(site: Site) -> None:
    body = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    answer = await site.post(f"/u/{site.token(BOB)}", body, "multipart/form-data; boundary=b")
    assert answer.status == 200 and await members(site) == [ANA]


async def test_a_post_that_does_not_mean_it(site: Site) -> None:
    for body, kind in (
        ("", FORM),
        ("List-Unsubscribe=one", FORM),
        ("List-Unsubscribe=One-Click", "text/plain"),
        ("leave=yes", FORM),
        ("a=1&b=2&c=3&d=4&e=5&List-Unsubscribe=One-Click", FORM),
        ("--b\r\nnonsense", "multipart/form-data; boundary=b"),
        ("--b", "multipart/form-data"),
    ):
        assert (await site.post(f"/u/{site.token(BOB)}", body, kind)).status == 400, body
    assert await members(site) == [ANA, BOB]


async def test_every_token_that_is_not_ours_gets_the_same_answer(site: Site) -> None:
    token = site.token(BOB)
    other = site.token(BOB).replace(token[-3], "a" if token[-3] != "a" else "b")
    gone = seal(KEYS, "leave", 1, 99)  # a community that is not there
    bounce, foreign = seal(KEYS, "bounce", 1), seal(Keys(b"another key, as long"), "leave", 2, 1)
    wrong = (other, token.upper(), token + "x", token[:-1], gone, bounce, foreign, "a")
    answers = [await site.post(f"/u/{one}") for one in wrong]
    answers += [await site.get(f"/u/{one}") for one in (gone, "%00", "%ff%fe", "'%20OR%201=1", "x" * 5000)]
    assert {(answer.status, answer.body) for answer in answers} == {(404, "There is nothing here.")}
    assert await members(site) == [ANA, BOB]


async def test_the_page_speaks_the_communitys_language(site: Site) -> None:
    site.community("puits", language="fr", title="<Puits>")
    site.member("luc@puits.example", "Luc", community="puits")
    page = await site.get(f"/u/{site.token('luc@puits.example', 'puits')}")
    assert "Quitter &lt;Puits&gt; ?" in page.body and '<html lang="fr" dir="ltr">' in page.body


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"List-Unsubscribe": "One-Click"}, True),
        ({"from": "page", "leave": "yes"}, True),
        ({"from": "page", "leave": "no"}, False),
        ({"from": "page"}, False),
        ({}, False),
    ],
)
def test_meant(form: dict[str, str], expected: bool) -> None:
    assert meant(FormData(form)) is expected
