"""RFC 8058: a POST that means it leaves, everything else looks and leaves things as they are."""

from pathlib import Path

import pytest
from starlette.datastructures import FormData
from world import World

from mailer.mail.tokens import Keys, seal
from mailer.store.society import people
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


@pytest.mark.fault("F20")
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


async def test_behind_a_proxy_it_is_the_same(site: Site) -> None:
    forwarded = (
        "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n"
        "X-Forwarded-Prefix: /lists\r\nForwarded: for=192.0.2.1;proto=https;host=evil.example\r\nVia: 1.1 proxy\r\n"
    )
    path, body = f"/u/{site.token(BOB)}", "List-Unsubscribe=One-Click"
    page = await site.get(path, headers=forwarded)
    assert page.status == 200 and "evil.example" not in page.body + str(page.headers)
    assert " action=" not in page.body  # the form goes back to where the page was, whatever the proxy calls that
    assert await members(site) == [ANA, BOB]
    head = (
        f"POST {path} HTTP/1.1\r\nHost: web.example\r\n{forwarded}Content-Type: {FORM}\r\nContent-Length: {len(body)}"
    )
    answer = await site.ask(f"{head}\r\nConnection: close\r\n\r\n{body}".encode())
    assert (answer.status, "location" in answer.headers, await members(site)) == (200, False, [ANA])


async def test_scanners_that_follow_every_link_leave_nobody_out(site: Site) -> None:
    path = f"/u/{site.token(BOB)}"
    for agent in ("Slackbot-LinkExpanding 1.0", "Outlook-SafeLinks", "curl/8.0", ""):
        for extra in ("", "?List-Unsubscribe=One-Click", "?from=page&leave=yes"):
            assert (await site.get(path + extra, headers=f"User-Agent: {agent}\r\n")).status == 200
    assert (await site.post(f"{path}?List-Unsubscribe=One-Click", "")).status == 400  # in the body or nowhere
    assert await members(site) == [ANA, BOB] and site.outcomes() == []


async def test_without_an_address_of_the_web_no_mail_speaks_of_one(sqlite_url: str, tmp_path: Path) -> None:
    async with World(sqlite_url, tmp_path) as world:
        world.community("wells")
        world.member(ANA, "Ana Lima")
        world.member(BOB, "Bob Berg")
        await world.write(ANA, "wells@cop.example", "News", "Something new.")
        [post] = world.new(BOB)
        assert world.app.web is None
        assert post.message.headers.get("list-unsubscribe").startswith("<mailto:wells-leave-")
        assert "http" not in post.message.headers.get("list-unsubscribe")
        assert "list-unsubscribe-post" not in post.message.headers


@pytest.mark.fault("F20")
async def test_who_tries_too_many_tokens_hears_nothing_of_any_for_a_minute(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailer.web.oneclick.time.monotonic", lambda: 30.0)
    eve, bob = "X-Forwarded-For: 192.0.2.1, 203.0.113.9\r\n", "X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n"
    theirs = f"/u/{site.token(BOB)}"
    tried = [(await site.get(f"/u/{'a' * 30}{number}", headers=eve)).status for number in range(21)]
    assert tried == [404] * 20 + [429]
    also = "X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-For: 203.0.113.9\r\n"
    answers = [(await site.get(theirs, headers=headers)).status for headers in (eve, also, bob, "")]
    assert answers == [429, 429, 200, 200]
    for _ in range(30):  # a proxy that does not say for whom it asks: nobody is to blame
        assert (await site.get(f"/u/{'b' * 31}")).status == 404
    assert (await site.get(theirs)).status == 200
    monkeypatch.setattr("mailer.web.oneclick.time.monotonic", lambda: 60.0)
    assert (await site.get(theirs, headers=eve)).status == 200
