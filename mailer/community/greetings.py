"""The greeting that many letters begin with: "Hi Ana,", "Bonjour à tous," on a line of its own or before the words.

Refuses to take a word of ours for a greeting, and words that nobody is greeted with: they stay where they stand.
Called by the grammar and by linewise, for what is said below or behind it.
"""

import re
from collections.abc import Sequence

from mailer.community.likeness import is_name, plain
from mailer.community.vocabulary import Known

LONGEST = 40  # characters of a greeting; a longer line is a sentence
FOLLOWING = 4  # words behind the greeting: names, or "everyone"
NAMES = 3  # words of a line that only names somebody: "Ana Lima,"

_CALLED = (",", "，", "、", "،", ":")
_END = re.compile(r"[,!،、，！。.:：;–—-]+(?: |$)|[,、，！。]+")


def past_greeting(lines: Sequence[str], known: Known) -> list[str]:
    """The lines without the greeting they begin with; nothing where they begin with none, or say no more."""
    if not lines:
        return []
    line, below = lines[0], list(lines[1:])
    end = _END.search(line[:LONGEST])
    rest = line[end.end() :].strip() if end else ""
    if end and rest and _hello(line[: end.start()], known) and not (below and _calls(rest, known)):
        return [rest, *below]
    return below if greets(line, known) else []


def greets(line: str, known: Known) -> bool:
    """The whole line is a greeting, or a name that is called: "Ana,"."""
    return len(line) <= LONGEST and (_hello(line, known) or (line.endswith(_CALLED) and _calls(line, known)))


def _calls(text: str, known: Known) -> bool:
    """A name that is no word of ours."""
    said = plain(text)
    ours = said in known.exact or said in known.kind or said in known.around["closing"]
    return not ours and len(text.split()) <= NAMES and is_name(text.rstrip(" ,.!:;،、，。！"))


def _hello(text: str, known: Known) -> bool:
    """A word of greeting, and whom it is for."""
    words = plain(text).split()
    for end in range(min(len(words), FOLLOWING), 0, -1):
        if " ".join(words[:end]) in known.around["greeting"]:
            whom = words[end:]
            everyone = all(word in known.around["everyone"] or word in known.around["greeting"] for word in whom)
            return len(whom) <= FOLLOWING and (everyone or is_name(_last_words(text, len(whom))))
    return False


def _last_words(text: str, count: int) -> str:
    return " ".join(text.rstrip(" ,.!:;،、，！。–—-").split()[-count:])
