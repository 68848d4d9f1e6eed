"""What is inside the house: state, key, templates, database and who is in it. Called by `mailer check`."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from mailer.app import open_store, read_keys
from mailer.config import Settings
from mailer.errors import Misconfigured
from mailer.outbound.render import Press
from mailer.store import migrate
from mailer.store.record import vitals
from mailer.store.society import people
from mailer.verbs.doorway import numbered

SKEW = timedelta(minutes=2)  # as much as two clocks may differ: the lease of a delivery is longer


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `says` is what there is, or what is wrong and how it is mended."""

    word: Literal["ok", "mend", "look"]
    what: str
    says: str = ""

    @property
    def line(self) -> str:
        return f"{self.word:5}{self.what}" + (f": {self.says}" if self.says else "")


def ok(what: str, says: str = "") -> Finding:
    return Finding("ok", what, says)


def mend(what: str, says: str) -> Finding:
    return Finding("mend", what, says)


def worth_a_look(what: str, says: str) -> Finding:
    return Finding("look", what, says)


def state(settings: Settings) -> Iterator[Finding]:
    """The directory for everything."""
    place = Path(settings.state)
    if not place.is_dir():
        yield mend("state", f"{place} is no directory; make it, or run `mailer init`")
    elif not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        yield mend("state", f"{place} cannot be written by this user; change its owner or run as another")
    elif (free := shutil.disk_usage(place).free) < settings.listen.reserve:
        yield mend(
            "state",
            f"{place}: {free // 10**6} MB are free, listen.reserve is {settings.listen.reserve.text}, so mail is to"
            " come later; make room",
        )
    else:
        yield ok("state", str(place))


def secret(settings: Settings) -> Iterator[Finding]:
    """The key that seals addresses and links."""
    try:
        keys = read_keys(settings)
    except Misconfigured as error:
        yield mend("secret", str(error))
    else:
        yield ok("secret", f"{1 + len(keys.previous)} in {settings.secret_file}")


def templates() -> Iterator[Finding]:
    """Every mail that can be written is written once."""
    try:
        yield ok("templates", f"{len(Press().names)} mails can be written")
    except Misconfigured as error:
        yield mend("templates", str(error))


def database(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether it answers and has the shape we want; if so, what is in it."""
    try:
        store = open_store(settings)
    except (Misconfigured, SQLAlchemyError, ImportError) as error:
        yield mend("database", f"{_first_line(error)}; see database.url")
        return
    try:
        if store.sqlite and not Path(store.url.database or "").is_file():
            yield mend("database", f"{store.url.database} is not there; `mailer init` or `mailer serve` makes it")
            return
        if store.sqlite and settings.listen.shared:
            yield mend("listen.shared", "SQLite belongs to one process; `mailer migrate-db` moves to PostgreSQL")
        has, wants = migrate.behind(store)
        if has != wants:
            yield mend("database", f"it is at {has or 'nothing'} and {wants} is wanted; `mailer serve` brings it there")
            return
        if store.sqlite and not os.access(store.url.database or "", os.W_OK):
            yield mend("database", f"{store.url.database} cannot be written by this user; change its owner or mode")
        else:
            yield ok("database", f"{store.url.get_backend_name()} at {has}")
        with store.reading() as conn:
            yield from _people(conn)
            yield from _traffic(conn, now)
            yield from clock(conn, now)
    except Misconfigured as error:
        yield mend("database", str(error))
    except SQLAlchemyError as error:
        where = store.url.render_as_string(hide_password=True)
        why = _first_line(getattr(error, "orig", None) or error)
        yield mend("database", f"{where} does not answer: {why}; start it, or change database.url")
    finally:
        store.close()


def _people(conn: Connection) -> Iterator[Finding]:
    """Someone has to be there to let held mail through."""
    communities = people.communities(conn)
    if not communities:
        yield worth_a_look("communities", "there is none yet; `mailer community add NAME` makes one")
    for one in communities:
        if people.members(conn, one.id, roles=("facilitator",)):
            yield ok(f"community {one.name}", numbered(people.count_members(conn, one.id), "member"))
        else:
            add = f"`mailer member add ADDRESS --community {one.name} --facilitator`"
            yield mend(f"community {one.name}", f"nobody is its facilitator, so held mail waits for ever; {add}")


def _traffic(conn: Connection, now: datetime) -> Iterator[Finding]:
    """What waits, and whether anybody is at work on it."""
    found = vitals.look(conn)
    waits = f"{found.unread} mails and {found.unsent} deliveries wait"
    if found.shunted:
        yield worth_a_look("traffic", f"{waits}, {found.shunted} mails are on the shunt; `mailer queue` says why")
    else:
        yield ok("traffic", waits)
    for trouble in found.troubles(now):
        yield mend(*(words.format(found) for words in _TROUBLES[trouble]))


_TROUBLES = {
    "reader": ("reading", "mail that came {0.unread_since:%Y-%m-%d %H:%M} UTC is not read; is `mailer serve` running?"),
    "relay": (
        "sending",
        "mail that was due {0.due_since:%Y-%m-%d %H:%M} UTC has not left; `mailer queue` says why; see relay below",
    ),
    "clock": ("jobs", "the last daily work was {0.clock_ran:%Y-%m-%d %H:%M} UTC; is `mailer serve` running?"),
}


def clock(conn: Connection, now: datetime) -> Iterator[Finding]:
    """Our clock beside the database's own, and beside the newest mail."""
    theirs = now
    if conn.dialect.name == "postgresql":
        theirs = conn.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    newest = vitals.newest_mail(conn)
    if abs(theirs - now) > SKEW:
        yield mend("clock", f"it is {now:%H:%M} UTC here and {theirs:%H:%M} UTC at the database; set both by NTP")
    elif newest and newest - now > SKEW:
        yield mend(
            "clock", f"it is {now:%Y-%m-%d %H:%M} UTC here and a mail came {newest:%Y-%m-%d %H:%M}; set it by NTP"
        )
    else:
        yield ok("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
