"""Who plays and what they write, read from `month.toml`. Values only; whoever plays it says when the month begins."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

Client = Literal["outlook", "iphone", "gmail", "plain", "japanese"]
Act = Literal["write", "reply", "accept", "decline", "bounce", "away"]

_AT = re.compile(r"(?:W(\d) (Mon|Tue|Wed|Thu|Fri|Sat|Sun)|END) (\d\d):(\d\d)")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DATE = re.compile(r"\{(W\d (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))\}")


class Player(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member, or someone who is about to become one. `closing` is what their program puts below every mail."""

    key: str
    name: str
    address: str
    organisation: str = ""
    client: Client = "plain"
    mode: str = "each"
    role: str = "member"
    language: str = ""
    zone: str = ""
    closing: str = ""
    outside: bool = False


class Scene(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mail. `answers` is a piece of the subject of the mail it answers, the newest in that mailbox."""

    at: str
    who: str
    do: Act = "write"
    to: str = ""
    subject: str = ""
    text: str = ""
    answers: str = ""
    inline: bool = False
    files: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Play:
    """The cast and the scenes in their order, each with its moment (aware)."""

    cast: Sequence[Player]
    scenes: Sequence[tuple[datetime, Scene]]
    starts: datetime
    ends: datetime

    def player(self, key: str) -> Player:
        return next(player for player in self.cast if player.key == key)


class _Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zone: str
    player: tuple[Player, ...]
    scene: tuple[Scene, ...]


def rehearse(today: date) -> Play:
    """The last whole month before `today`, up to noon of the first Tuesday after it."""
    raw = tomllib.loads((Path(__file__).parent / "month.toml").read_text("utf-8"))
    script = msgspec.convert(raw, _Script)
    zone = ZoneInfo(script.zone)
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    monday = first + timedelta(days=-first.weekday() % 7)
    after = (first + timedelta(days=32)).replace(day=1)
    end = max(after + timedelta(days=(1 - after.weekday()) % 7), monday + timedelta(days=29))
    scenes = [(_moment(scene.at, monday, end, zone), _dated(scene, monday)) for scene in script.scene]
    scenes.sort(key=lambda pair: pair[0])
    begin, noon = (datetime.combine(day, time(hour), zone) for day, hour in ((monday, 6), (end, 12)))
    return Play(script.player, scenes, begin, noon)


def _moment(at: str, monday: date, end: date, zone: ZoneInfo) -> datetime:
    match = _AT.fullmatch(at)
    if not match:
        raise ValueError(f"{at!r}: a moment is like 'W1 Tue 08:10' or 'END 10:30'")
    day = _day(match[1], match[2], monday) if match[1] else end
    return datetime.combine(day, time(int(match[3]), int(match[4])), zone)


def _day(week: str, day: str, monday: date) -> date:
    return monday + timedelta(weeks=int(week) - 1, days=_DAYS.index(day))


def _dated(scene: Scene, monday: date) -> Scene:
    """`{W3 Thu}` in a text becomes that date as people write it."""

    def write(match: re.Match[str]) -> str:
        week, day = match[1][1:].split(" ")
        return f"{_day(week, day, monday):%A %-d %B %Y}"

    return msgspec.structs.replace(scene, text=_DATE.sub(write, scene.text))
