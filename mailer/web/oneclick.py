"""Leaving by the web: RFC 8058's one click from a mail program, and a page with one button for whoever opens the link.

Looking changes nothing, whoever looks: programs that follow links are all about. The button's own value is sent only
where the button was pressed. Every token that is not ours gets the same answer; so does every one that is, each time;
so does every one of whoever has tried too many.
"""

import time
import tomllib
from collections.abc import Callable
from datetime import datetime

from jinja2 import Environment
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from mailer import journal
from mailer.commands import leaving
from mailer.inbound.admission import GUESSES, Admission, Minute
from mailer.mail import tokens
from mailer.outbound import render
from mailer.outbound.desk import House
from mailer.store.db import Store
from mailer.store.record import ledger
from mailer.store.society import people
from mailer.store.society.people import Community
from mailer.web import webdoor

FIELDS = 4  # a form of ours has two


class OneClick:
    """`/u/{token}`. `queued` is called after each commit that may have queued a mail."""

    def __init__(
        self,
        house: House,
        store: Store,
        pages: Environment,
        clock: Callable[[], datetime],
        queued: Callable[[], None],
    ) -> None:
        self._house, self._store, self._pages = house, store, pages
        self._door, self._guesses = Admission(house.settings.listen, house.settings.trust.peers), Minute()
        self._clock, self._queued = clock, queued
        self._phrases = tomllib.loads((render.home() / "web" / "leave.toml").read_text("utf-8"))

    def routes(self) -> list[BaseRoute]:
        return [Route("/u/{token}", self.answer, methods=["GET", "HEAD", "POST"])]

    async def answer(self, request: Request) -> Response:
        token = request.path_params["token"]
        visitor, now = webdoor.visitor(request, self._door.trusts), time.monotonic()
        if visitor and self._guesses.of(visitor, now) >= GUESSES:
            raise HTTPException(429, headers={"Retry-After": "60"})
        ids = tokens.unseal(self._house.keys, "leave", token) if token == token.lower() else None  # as we wrote it
        community = await self._store.read(_community, ids)
        if ids is None or community is None:
            if visitor:
                self._guesses.more(visitor, now)
            raise HTTPException(404)
        if request.method != "POST":
            return self._page(community, "ask")
        async with request.form(max_files=0, max_fields=FIELDS) as form:
            if not meant(form):
                return self._page(community, "ask", 400)
        left = await self._store.write(leave, self._house, community, ids, self._clock())
        if left:
            self._queued()
            journal.say("left by one click", community=community.name)
        return self._page(community, "done")

    def _page(self, community: Community, state: str, status: int = 200) -> Response:
        language = community.language.lower().partition("-")[0]
        language = language if language in self._phrases else render.DEFAULT
        said = {name: text.replace("TITLE", community.title) for name, text in self._phrases[language].items()}
        return webdoor.page(self._pages, "leave.html", status, language=language, said=said, state=state)


def meant(form: FormData) -> bool:
    """Whether someone meant it: a mail program by RFC 8058 §3.1, or a person who pressed our button."""
    return form.get("List-Unsubscribe") == "One-Click" or (form.get("from"), form.get("leave")) == ("page", "yes")


def leave(conn: Connection, house: House, community: Community, ids: tuple[int, ...], now: datetime) -> bool:
    """They leave, are told so, and it is written down. False where they had left before."""
    outcome = leaving.leave_by_token(house.desk(conn, now), community, ids)
    if outcome.what != "left":
        return False
    who = outcome.other_id
    ledger.record(
        conn,
        "left",
        at=now,
        community_id=community.id,
        person_id=who,
        other_id=who,
        detail="by one click on the web",
        undo=outcome.undo,
    )
    return True


def _community(conn: Connection, ids: tuple[int, ...] | None) -> Community | None:
    """The community of a token, if there is still one. It is read for every token alike."""
    known = {community.id: community for community in people.communities(conn)}
    return known.get(ids[1]) if ids and len(ids) == 2 else None
