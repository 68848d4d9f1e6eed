"""The web door: which page is where, and what holds for every answer.

No cookie, no script, nothing from outside, one request a connection, bodies of a line at most. What is not there and
what may not be seen look alike. A token is a secret of its mailbox: no address of a page is ever written down.
Built by app; says nothing of itself but what the pages say.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mailer import journal
from mailer.outbound import render

LARGEST_BODY = 1024  # octets: a one-click form in either coding fits three times
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "Connection": "close",
}
SAID = {404: "There is nothing here.", 405: "This can only be looked at.", 413: "That is too much."}
SAID |= {429: "Please try again in a minute."}


def pages() -> Environment:
    """The pages' templates; everything that goes into them is escaped."""
    made = Environment(
        loader=FileSystemLoader(render.home() / "web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    made.filters["day"] = lambda moment: f"{moment:%-d %b %Y, %H:%M} UTC" if moment else ""
    return made


def build(*rooms: list[BaseRoute]) -> ASGIApp:
    """The application of these routes, the style sheet beside them."""
    routes = [Route("/style.css", _style), *(route for room in rooms for route in room)]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _say, Exception: _excuse})
    app.router.redirect_slashes = False  # a redirect would say whatever Host the client claimed
    return _Strict(app)


async def _style(request: Request) -> Response:
    return Response((render.home() / "web" / "style.css").read_text("utf-8"), media_type="text/css")


async def _say(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(SAID.get(error.status_code, "No."), error.status_code, headers=error.headers)


async def _excuse(request: Request, error: Exception) -> Response:
    return PlainTextResponse("Please try again in a moment.", 503, headers={"Retry-After": "60"})


class _Strict:
    """Around every page: the headers, the bound on bodies, and a line in the journal where a page failed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        try:
            await self._app(scope, _bounded(scope, receive), dressed)
        except ClientDisconnect:
            return
        except Exception as error:
            journal.trouble("a page failed", error)


def _bounded(scope: Scope, receive: Receive) -> Receive:
    """`receive` that refuses (413) where the body is, or says it will be, longer than LARGEST_BODY."""
    said = next((value for name, value in scope.get("headers", ()) if name == b"content-length"), b"0")
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > LARGEST_BODY:
            raise HTTPException(413)
        return message

    async def refuse() -> Message:
        raise HTTPException(413)

    return bounded if said.isdigit() and int(said[:9]) <= LARGEST_BODY else refuse


def visitor(request: Request, trusts: Callable[[str], bool]) -> str:
    """The address that asks. Behind a proxy of ours it is what the proxy wrote last into X-Forwarded-For; empty where
    it wrote nothing, for then it speaks for everybody."""
    peer = request.client.host if request.client else ""
    said = ",".join(request.headers.getlist("x-forwarded-for"))  # some proxies add a field of their own
    return said.rpartition(",")[2].strip()[:64] if trusts(peer) else peer


def page(pages: Environment, name: str, status: int = 200, **facts: Any) -> Response:
    """A page of HTML."""
    return Response(pages.get_template(name).render(**facts), status, media_type="text/html")
