"""The open archive: communities that chose it, their threads, the words of a thread. Text only, and no address in it.

A community that did not choose it, or one that is not there, is the same nothing. Called by the web door.
"""

import re

from jinja2 import Environment
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from mailer.mail import tokens
from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.society.people import Community
from mailer.store.talk import publicshelf
from mailer.web import webdoor

PAGE = 50  # threads in a list, posts of a thread
PAGES = 10_000
LONGEST_ID = 2**31

_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:@]{1,80}@[\w.-]{1,255}")
_WAY_OUT = re.compile(r"/u/[A-Za-z2-7]{16,64}")


def public(text: str) -> str:
    """Without mail addresses and without the personal links that a quoted mail may hold."""
    return _ADDRESS.sub("…@…", _WAY_OUT.sub("/u/…", text))


class ArchivePages:
    """`/`, and with `shown` `/archive` and what is below it."""

    def __init__(self, store: Store, pages: Environment, domain: str, shown: bool) -> None:
        self._store, self._pages, self._domain, self._shown = store, pages, domain, shown
        pages.filters["public"] = public
        pages.filters["code"] = tokens.code

    def routes(self) -> list[BaseRoute]:
        archive = [
            Route("/archive", self.home),
            Route("/archive/{community}", self.threads),
            Route("/archive/{community}/{code}", self.thread),
        ]
        return [Route("/", self.home), *(archive if self._shown else [])]

    async def home(self, request: Request) -> Response:
        found = await self._store.read(_open) if self._shown else []
        return webdoor.page(self._pages, "door.html", communities=found, domain=self._domain)

    async def threads(self, request: Request) -> Response:
        at = _page(request)
        community = await self._community(request)
        rows = await self._store.read(publicshelf.titles, community.id, at * PAGE, PAGE + 1)
        if at and not rows:
            raise HTTPException(404)
        return webdoor.page(
            self._pages, "titles.html", community=community, rows=rows[:PAGE], at=at, more=len(rows) > PAGE
        )

    async def thread(self, request: Request) -> Response:
        at = _page(request)
        community = await self._community(request)
        number = tokens.number(request.path_params["code"])
        if number is None or number > LONGEST_ID:
            raise HTTPException(404)
        subject = await self._store.read(publicshelf.subject, community.id, number)
        posts = await self._store.read(publicshelf.words, number, at * PAGE, PAGE + 1)
        if subject is None or not posts:
            raise HTTPException(404)
        shown, more = posts[:PAGE], len(posts) > PAGE
        return webdoor.page(
            self._pages, "words.html", community=community, subject=subject, posts=shown, at=at, more=more
        )

    async def _community(self, request: Request) -> Community:
        found = {one.name: one for one in await self._store.read(_open)}.get(request.path_params["community"])
        if found is None:
            raise HTTPException(404)
        return found


def _open(conn: Connection) -> list[Community]:
    return [community for community in people.communities(conn) if community.policy.archive]


def _page(request: Request) -> int:
    """The page asked for, from 0."""
    asked = request.query_params.get("page", "0")
    if not asked.isascii() or not asked.isdigit() or len(asked) > len(str(PAGES)) or int(asked) > PAGES:
        raise HTTPException(404)
    return int(asked)
