"""What a mail says of its writer without being asked: a language, an organisation, a zone. Pure.

Refuses to guess where two answers are possible. What a person has said by a word is never weighed against it: callers
keep only what was unknown. Called by commands/hearing.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from mailer.community.grammar import Words, new_lines
from mailer.community.likeness import plain

ORGANISATION = 60  # characters; more is a sentence
_MARK = re.compile(r"[,;.!:،、。！–—]")
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(?: *\([^()]{0,40}\))? *$")
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)  # what the zones of Etc reach


def language(new_text: str, command: str, tables: Sequence[Words]) -> str:
    """The one language in which the first line, or what stands below a greeting, is a word for this command, perhaps
    with more behind a mark ("Oui, avec plaisir"); '' where it is one in none or in several."""
    for line in islice(new_lines(new_text), 2):
        said = {plain(line), plain(_MARK.split(line, maxsplit=1)[0])} - {""}
        found = {words.language for words in tables for word in words.table.get(command, ()) if plain(word) in said}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def organisation(stated: str) -> str:
    """The name in an Organization field, where it is a name: a line without addresses."""
    name = " ".join(stated.split())
    return name if 1 < len(name) <= ORGANISATION and not re.search(r"[@<>{}]|://|www\.", name) else ""


def zone(date: str, at: datetime, home: str) -> str:
    """The zone behind the offset of a Date field, as `Etc/GMT-3` for three hours east; '' where it is the community's
    hour anyway, UTC, which servers write, or no whole hour."""
    found = _OFFSET.search(date)
    if not found:
        return ""
    sign, hours, minutes = found[1], int(found[2]), int(found[3])
    offset = timedelta(hours=hours, minutes=minutes) * (1 if sign == "+" else -1)
    if not offset or minutes or not _WEST <= offset <= _EAST or offset == at.astimezone(ZoneInfo(home)).utcoffset():
        return ""
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"
