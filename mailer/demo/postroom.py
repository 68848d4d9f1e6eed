"""The post room: every member's mailbox as they would see it, and a pen to reply or write as any of them.

Plain HTML that works without scripts; only ever on this machine. What is sent here goes in by SMTP like all mail.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from mailer.demo import seeing
from mailer.demo.cast import Play, Player
from mailer.demo.letters import Letter
from mailer.demo.player import COMMUNITY, Refusal, Stage
from mailer.demo.postoffice import Mail
from mailer.outbound import render
from mailer.store.record import journals
from mailer.store.society import people
from mailer.store.society.people import Community
from mailer.store.talk import posts

STRICT = "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; frame-src 'self'; base-uri 'none'"
FRAME = "allow-top-navigation-by-user-activation"  # a link that begins a mail leads to the pen, when it is pressed
SANDBOX = f"default-src 'none'; style-src 'unsafe-inline'; sandbox {FRAME}"
LATEST = 60
LARGEST = 2**31  # no row and no mail has a number as large
DAY = timedelta(days=1)


class PostRoom:
    """The pages. `app` is an ASGI application."""

    def __init__(self, stage: Stage, play: Play) -> None:
        self.stage, self.play = stage, play
        self.seen: dict[str, int] = {}
        self.pages = Environment(
            loader=FileSystemLoader(render.home() / "web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        zone = play.starts.tzinfo or ZoneInfo("UTC")
        self.pages.filters["day"] = lambda moment, where="": _day(moment, ZoneInfo(where) if where else zone)
        self.pages.filters["size"] = seeing.size
        self.pages.globals |= {"frame": FRAME, "zone": str(zone).rpartition("/")[2]}
        self.app = Starlette(
            routes=[
                Route("/", self.members),
                Route("/style.css", self.style),
                Route("/later", self.later, methods=["POST"]),
                Route("/box/{key}", self.box),
                Route("/box/{key}/{number}", self.mail),
                Route("/box/{key}/{number}/html", self.html),
                Route("/box/{key}/{number}/raw", self.raw),
                Route("/box/{key}/{number}/file/{at}", self.file),
                Route("/write/{key}", self.write, methods=["GET", "POST"]),
                Route("/archive", self.archive),
                Route("/archive/{thread}", self.thread),
                Route("/ledger", self.ledger),
            ],
            exception_handlers={HTTPException: self._lost},
        )

    # --- pages

    async def members(self, request: Request) -> Response:
        rows = []
        for player in self.play.cast:
            mails = self.stage.office.box(player.address)
            unread = len(mails) - self.seen.get(player.key, 0)
            rows.append({"player": player, "count": len(mails), "unread": unread, "last": mails[-1] if mails else None})
        return self._page("members.html", rows=rows, now=self.stage.time())

    async def later(self, request: Request) -> Response:
        """A day passes, and what the clock has for it is done."""
        await self.stage.let_pass(DAY)
        return RedirectResponse("/", status_code=303)

    async def box(self, request: Request) -> Response:
        player = self._player(request)
        mails = list(reversed(self.stage.office.box(player.address)))
        seen = self.seen.get(player.key, 0)
        self.seen[player.key] = len(mails)
        sent = request.query_params.get("sent") == "1"
        return self._page("box.html", player=player, mails=mails, seen=seen, sent=sent)

    async def mail(self, request: Request) -> Response:
        player, mail = self._player(request), self._mail(request)
        headers = request.query_params.get("headers") == "1"
        return self._page("mail.html", player=player, mail=mail, words=seeing.words(mail.message), headers=headers)

    async def html(self, request: Request) -> Response:
        """The HTML part alone, for the frame: no script, no picture, nothing from outside."""
        shown = seeing.with_pen(self._mail(request).message.html, self._player(request).key)
        return HTMLResponse(shown, headers={"Content-Security-Policy": SANDBOX} | _PLAIN)

    async def raw(self, request: Request) -> Response:
        return PlainTextResponse(self._mail(request).raw, headers=_PLAIN)

    async def file(self, request: Request) -> Response:
        """An attachment, to be kept and not shown."""
        files, at = self._mail(request).message.attachments, _number(request.path_params["at"])
        if not 0 < at <= len(files):
            raise HTTPException(404)
        name = quote(files[at - 1].name or f"attachment-{at}", safe="")
        kept = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(files[at - 1].content, media_type="application/octet-stream", headers=kept | _PLAIN)

    async def write(self, request: Request) -> Response:
        player = self._player(request)
        if request.method == "POST":
            return await self._send(request, player)
        asked = request.query_params
        mail = self._numbered(player, asked.get("answers", ""))
        letter = {"to": f"{COMMUNITY}@{self.stage.app.settings.domain}", "subject": "", "text": asked.get("word", "")}
        if mail:
            letter |= {"to": seeing.back(mail.message), "subject": seeing.answering(mail.message)}
        letter |= {name: asked[name] for name in ("to", "subject") if name in asked}
        return self._page("write.html", player=player, mail=mail, letter=letter, said="")

    async def archive(self, request: Request) -> Response:
        with self.stage.app.store.reading() as conn:
            home = self._home(conn)
            found: dict[str, Any] = dict(journals.overview(conn, home.id, LATEST))
        return self._page("archive.html", **found)

    async def thread(self, request: Request) -> Response:
        with self.stage.app.store.reading() as conn:
            found = posts.thread(conn, _number(request.path_params["thread"]))
            if found is None:
                raise HTTPException(404)
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
        mail = self._numbered(player, str(form.get("answers", "")))
        address = seeing.recipient(to)
        try:
            if address is None:
                raise Refusal("To takes one mail address.")
            await self.stage.send(player, Letter(address, subject, text, mail.message if mail else None))
        except Refusal as refusal:  # the writer keeps the words
            letter = {"to": to, "subject": subject, "text": text}
            return self._page("write.html", player=player, mail=mail, letter=letter, said=f"Not sent. {refusal}")
        return RedirectResponse(f"/box/{quote(player.key)}?sent=1", status_code=303)

    def _page(self, name: str, status: int = 200, **facts: Any) -> Response:
        shared: Mapping[str, Any] = {"cast": self.play.cast, "domain": self.stage.app.settings.domain}
        page = self.pages.get_template(name).render(**shared, **facts)
        return HTMLResponse(page, status, headers={"Content-Security-Policy": STRICT} | _PLAIN)

    async def _lost(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return self._page("nothing.html", status)

    def _player(self, request: Request) -> Player:
        for one in self.play.cast:
            if one.key == request.path_params["key"]:
                return one
        raise HTTPException(404)

    def _mail(self, request: Request) -> Mail:
        mail = self._numbered(self._player(request), request.path_params["number"])
        if mail is None:
            raise HTTPException(404)
        return mail

    def _numbered(self, player: Player, text: str) -> Mail | None:
        box, number = self.stage.office.box(player.address), _number(text)
        return box[number - 1] if 0 < number <= len(box) else None

    def _home(self, conn: Any) -> Community:
        found = people.community_named(conn, COMMUNITY)
        assert found
        return found


_PLAIN = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "SAMEORIGIN"}


def _day(moment: datetime | None, zone: Any) -> str:
    return f"{moment.astimezone(zone):%a %-d %b, %H:%M}" if moment else ""


def _number(text: str) -> int:
    """A number of ours, 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 and int(text) < LARGEST else 0
