"""A journey retold: every mail that anyone got, step by step, to be read aloud and kept as a golden text.

    tale = Tale(world, "1-only-reply")
    tale.then("Cleo answers")   # everything that has come since the last step
    tale.told()                 # equal to tests/journeys/golden/1-only-reply.txt

`MAILER_RETELL=1 pytest tests/journeys` writes the texts anew. Read the difference before you keep it.
"""

import os
import re
from collections import defaultdict
from pathlib import Path

from world import World

from mailer.mail.parse import parse

PLACE = Path(__file__).parent / "journeys" / "golden"

_CODE = re.compile(r"\[#[0-9a-z]{3,8}\]")
_TOKEN = re.compile(r"(?i)\b(wells-(?:r|b|leave))-[a-z2-7]{12,}(?=@)")


class Tale:
    """The mails of one journey; `title` names the file."""

    def __init__(self, world: World, title: str) -> None:
        self._world, self._path = world, PLACE / f"{title}.txt"
        self._seen = len(world.sink.mails)
        self._steps: list[str] = []

    def then(self, what: str) -> None:
        """What has come since, the same words to several people once."""
        came = defaultdict(list)
        for got in self._world.sink.mails[self._seen :]:
            came[_shown(got.raw)] += got.rcpts
        self._seen = len(self._world.sink.mails)
        mails = [
            f"To {', '.join(sorted(who))}\n{text}" for text, who in sorted(came.items(), key=lambda one: one[::-1])
        ]
        self._steps.append("\n".join([f"=== {what}", "", *(mails or ["(nobody gets anything)\n"])]))

    def told(self) -> None:
        """Raises AssertionError where what came is not what was agreed."""
        text = "\n".join(self._steps)
        if os.environ.get("MAILER_RETELL"):
            self._path.parent.mkdir(exist_ok=True)
            self._path.write_text(text, "utf-8")
        assert text == self._path.read_text("utf-8")


def plain(text: str) -> str:
    """Without what differs from run to run."""
    return _TOKEN.sub(r"\1-token", _CODE.sub("[#code]", text))


def _shown(raw: bytes) -> str:
    mail = parse(raw)
    author, back = mail.senders[0], (mail.reply_to or mail.senders)[0]
    lines = [f"From {author.name} <{author.address}>"]
    if back.address != author.address:
        lines.append(f"Reply to {back.address}")
    if mail.calendar:
        lines.append(f"With a calendar's {mail.calendar.method} {mail.calendar.sequence}, {mail.calendar.start}")
    lines += [f"Attached {one.name}" for one in mail.attachments]
    return plain(
        "\n".join(
            [*lines, f"Subject {mail.subject}", "", *(f"    {one}".rstrip() for one in mail.text.splitlines()), ""]
        )
    )
