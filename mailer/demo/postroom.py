"""The post room: every member's mailbox as they would see it, and a pen to reply or write as any of them.

Plain HTML that works without scripts; only ever on this machine. What is sent here goes in by SMTP like all mail.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from mailer.demo.cast import Play, Player
from mailer.demo.letters import Letter
from mailer.demo.player import COMMUNITY, Stage
from mailer.demo.postoffice import Mail
from mailer.mail.message import Message
from mailer.outbound import render
from mailer.store.record import journals
from mailer.store.society import people
from mailer.store.society.people import Community
from mailer.store.talk import posts

STRICT = "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; frame-src 'self'; base-uri 'none'"
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
LATEST = 60
WORDS = (
    "thanks",
    "yes",
    "no",
    "maybe",
    "mute",
    "follow",
    "daily",
    "weekly",
    "help",
    "undo",
    "stop",
    "files",
    "ok",
    "send",
)


class PostRoom:
    """The pages. `app` is an ASGI application."""

    def __init__(self, stage: Stage, play: Play) -> None:
        self.stage, self.play = stage, play
        self.seen: dict[str, int] = {}
        self.pages = Environment(
            loader=FileSystemLoader(render.home() / "web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self.pages.filters["day"] = lambda moment: f"{moment:%a %-d %b, %H:%M}" if moment else ""
        self.app = Starlette(
            routes=[
                Route("/", self.members),
                Route("/style.css", self.style),
                Route("/box/{key}", self.box),
                Route("/box/{key}/{number:int}", self.mail),
                Route("/box/{key}/{number:int}/html", self.html),
                Route("/box/{key}/{number:int}/raw", self.raw),
                Route("/write/{key}", self.write, methods=["GET", "POST"]),
                Route("/archive", self.archive),
                Route("/archive/{thread:int}", self.thread),
                Route("/ledger", self.ledger),
            ]
        )

    # --- pages

    async def members(self, request: Request) -> Response:
        rows = []
        for player in self.play.cast:
            mails = self.stage.office.box(player.address)
            unread = len(mails) - self.seen.get(player.key, 0)
            rows.append({"player": player, "count": len(mails), "unread": unread, "last": mails[-1] if mails else None})
        return self._page("members.html", rows=rows, now=self.stage.time())

    async def box(self, request: Request) -> Response:
        player = self._player(request)
        if player is None:
            return self._lost()
        mails = list(reversed(self.stage.office.box(player.address)))
        seen = self.seen.get(player.key, 0)
        self.seen[player.key] = len(mails)
        return self._page("box.html", player=player, mails=mails, seen=seen)

    async def mail(self, request: Request) -> Response:
        player, mail = self._player(request), self._mail(request)
        if player is None or mail is None:
            return self._lost()
        offered = [word for word in WORDS if word in mail.message.text[-300:].lower()]
        headers = request.query_params.get("headers") == "1"
        return self._page("mail.html", player=player, mail=mail, words=offered, headers=headers)

    async def html(self, request: Request) -> Response:
        """The HTML part alone, for the frame: no script, no picture, nothing from outside."""
        mail = self._mail(request)
        if mail is None:
            return self._lost()
        return HTMLResponse(mail.message.html, headers={"Content-Security-Policy": SANDBOX} | _PLAIN)

    async def raw(self, request: Request) -> Response:
        mail = self._mail(request)
        return PlainTextResponse(mail.raw, headers=_PLAIN) if mail else self._lost()

    async def write(self, request: Request) -> Response:
        player = self._player(request)
        if player is None:
            return self._lost()
        if request.method == "POST":
            return await self._send(request, player)
        number = request.query_params.get("answers", "")
        mail = self._numbered(player, int(number)) if number.isdigit() else None
        letter = {"to": f"{COMMUNITY}@{self.stage.app.settings.domain}", "subject": "", "text": ""}
        if mail:
            back = (mail.message.reply_to or mail.message.senders)[0].address
            letter = {"to": back, "subject": _re(mail.message), "text": request.query_params.get("word", "")}
        return self._page("write.html", player=player, mail=mail, letter=letter, said="")

    async def archive(self, request: Request) -> Response:
        with self.stage.app.store.reading() as conn:
            home = self._home(conn)
            return self._page("archive.html", **journals.overview(conn, home.id, LATEST))

    async def thread(self, request: Request) -> Response:
        with self.stage.app.store.reading() as conn:
            found = posts.thread(conn, request.path_params["thread"])
            if found is None:
                return self._lost()
            return self._page("thread.html", thread=found, posts=posts.posts_of(conn, found.id))

    async def ledger(self, request: Request) -> Response:
        with self.stage.app.store.reading() as conn:
            return self._page("ledger.html", rows=journals.latest(conn, LATEST * 3))

    async def style(self, request: Request) -> Response:
        return Response((render.home() / "web" / "style.css").read_text("utf-8"), media_type="text/css")

    # --- what is behind them

    async def _send(self, request: Request, player: Player) -> Response:
        form = await request.form()
        to, subject, text = (str(form.get(name, "")).strip() for name in ("to", "subject", "text"))
        number = str(form.get("answers", ""))
        mail = self._numbered(player, int(number)) if number.isdigit() else None
        try:
            await self.stage.send(player, Letter(to, subject, text, mail.message if mail else None))
        except Exception as error:  # whatever the server or the library has against it, the writer keeps the words
            letter = {"to": to, "subject": subject, "text": text}
            said = f"The server did not take it: {error}"
            return self._page("write.html", player=player, mail=mail, letter=letter, said=said)
        return RedirectResponse(f"/box/{quote(player.key)}", status_code=303)

    def _page(self, name: str, **facts: Any) -> Response:
        shared: Mapping[str, Any] = {"cast": self.play.cast, "domain": self.stage.app.settings.domain}
        page = self.pages.get_template(name).render(**shared, **facts)
        return HTMLResponse(page, headers={"Content-Security-Policy": STRICT} | _PLAIN)

    def _lost(self) -> Response:
        return PlainTextResponse("There is nothing here.", status_code=404, headers=_PLAIN)

    def _player(self, request: Request) -> Player | None:
        return next((one for one in self.play.cast if one.key == request.path_params["key"]), None)

    def _mail(self, request: Request) -> Mail | None:
        player = self._player(request)
        return self._numbered(player, request.path_params["number"]) if player else None

    def _numbered(self, player: Player, number: int) -> Mail | None:
        box = self.stage.office.box(player.address)
        return box[number - 1] if 0 < number <= len(box) else None

    def _home(self, conn: Any) -> Community:
        found = people.community_named(conn, COMMUNITY)
        assert found
        return found


_PLAIN = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "SAMEORIGIN"}


def _re(message: Message) -> str:
    return message.subject if message.subject.lower().startswith("re:") else f"Re: {message.subject}"
