"""What holds for every answer: headers, bounds, no echo; and nobody keeps others out by being slow."""

import asyncio

import pytest

from mailer.web import webserver

from .conftest import FORM, Site

STRICT = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "connection": "close",
}


async def test_every_answer_is_strict_and_repeats_nothing(site: Site) -> None:
    for path in ("/", "/style.css", "/archive", "/health", "/metrics", "/nothing", "/u/abc"):
        answer = await site.get(path, headers="X-Forwarded-Host: evil.example\r\nCookie: a=b\r\n")
        assert STRICT.items() <= answer.headers.items(), path
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; ")
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert {"set-cookie", "server", "location"} & answer.headers.keys() == set()
        assert "evil.example" not in answer.body


async def test_what_is_not_there(any_site: Site) -> None:
    for path in (
        "/../../etc/passwd",
        "/archive/%2e%2e/%2e%2e/etc/passwd",
        "/archive/..%2f..%2fetc%2fpasswd",
        "//etc/passwd",
        "/style.css/",
        "/archive/",
        "/archive/-1",
        "/archive/1%00",
        "/archive/%ff%fe",
        "/archive/wells",  # it has not chosen to be open
        "/" + "a" * 9000,
        "/u/",
        "/search?q=%22%20NEAR%28",
    ):
        answer = await any_site.get(path)
        assert (answer.status, answer.body) == (404, "There is nothing here."), path


async def test_what_can_only_be_looked_at(site: Site) -> None:
    for path in ("/", "/archive", "/health", "/metrics", "/style.css"):
        assert (await site.post(path)).status == 405, path


async def test_a_body_is_a_line_at_most(site: Site) -> None:
    path = f"/u/{site.token('bob@nord.example')}"
    assert (await site.post(path, "List-Unsubscribe=One-Click&a=" + "b" * 1000)).status == 413
    chunked = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert (await site.ask(chunked.encode() + b"400\r\n" + b"a" * 1024 + b"\r\n8\r\nbbbbbbbb\r\n")).status == 413
    for wrong in ("-1", "1e9", "9" * 30):
        assert (
            await site.ask(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {wrong}\r\n\r\n".encode())
        ).status in (
            400,
            413,
        )
    assert site.outcomes() == []


async def test_half_open_requests_keep_nobody_out(site: Site) -> None:
    half = [await asyncio.open_connection("127.0.0.1", site.port) for _ in range(webserver.MOST * 2)]
    for _, writer in half:
        writer.write(b"GET / HTTP/1.1\r\nX-A: ")
    assert (await site.get("/")).status == 200
    shut = [reader for reader, _ in half if reader.at_eof() or reader.exception()]
    assert len(shut) > webserver.MOST - 2
    for _, writer in half:
        writer.close()


async def test_a_connection_has_a_deadline(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webserver, "DEADLINE", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(b"POST /u/a HTTP/1.1\r\nContent-Le")
    with pytest.raises(ConnectionError):
        assert await asyncio.wait_for(reader.read(), 60) == b""
        raise ConnectionResetError
    writer.close()


async def test_a_head_has_a_bound(site: Site) -> None:
    assert (await site.ask(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 40_000)).status == 400


async def test_a_page_that_fails_says_so_and_no_more(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the secret is 42")

    path = f"/u/{site.token('bob@nord.example')}"
    monkeypatch.setattr(site.app.store, "read", broken)
    answer = await site.post(path)
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (503, "Please try again in a moment.", "60")
    assert "content-security-policy" in answer.headers
    assert path[3:] not in caplog.text


@pytest.mark.fault("F21")
async def test_no_token_in_the_log(site: Site, capfd: pytest.CaptureFixture[str]) -> None:
    from mailer import journal

    journal.setup("DEBUG")
    token = site.token("bob@nord.example")
    for path in (f"/u/{token}", f"/u/{token}x"):
        await site.get(path)
        await site.post(path)
    out, err = capfd.readouterr()
    journal.setup("WARNING")
    assert "left by one click" in err
    assert token not in out + err
