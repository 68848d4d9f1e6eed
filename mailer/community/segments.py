"""An answer to a digest, cut into what it says to each item: by the item's number, or by the quoted words above.

Refuses to guess: words below a quote that runs on to our footer, and words above the first number, belong to no item.
Linear in the text. Called by inbound's publishing.
"""

import re
from collections.abc import Collection, Iterable, Mapping

from mailer.community.likeness import plain
from mailer.mail.message import Body

TELLING = 3  # words of a quoted line that tell which item it is from

_WORDS = (
    "re|item|no|number|n|nr|nro|num|nummer|numero|número|numéro|point|ponto|punkt|punkti|punkten|punt|punto|pkt|zu|kohta"
    "|пункт|номер|رقم|namba|nambari|madde|番号|第|번호"
)
_NUMBERED = re.compile(
    rf"(?P<lead>(?:(?:{_WORDS})(?:[.:º°]{{1,2}}|(?=[\s\d#])) ?)?[#＃№(（\[]? ?)(?P<number>\d{{1,3}})[番号번]?"
    r"(?P<mark> ?[:：)）\].．、](?!\d)| ?[-–—](?= +\D)|(?=\s|$))\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_FIRM = re.compile(r"[#＃№(（\[.º°第]|re\b", re.IGNORECASE)  # a lead that needs no mark behind the number
_OF_LISTS = frozenset(".．)）、")  # marks that number the steps of an answer as well
_FOOTER = re.compile(r"-{3,}$|.*\[#[0-9a-z]{3,8}\]")  # the end of the digest, where it is quoted so far


def segments(text: str, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """(number, words) for each item the text speaks to, in order. `titles`: the numbers of the digest, each with what
    the digest said under it, its title on the first line. Quoted lines begin with `>` and are no words."""
    known = _Known(titles)
    said: dict[str, list[str]] = {}
    current: str | None = None
    firm = False  # from here on "1." begins a step of an answer
    for line in text.split("\n"):
        if line.lstrip().startswith(">"):
            bare = line.strip("> \t")
            current = None if _FOOTER.match(bare) else known.named(bare) or current
            firm = firm or current is not None
            continue
        if found := _number(line, titles, lists=not firm):
            current, line, listed = found
            firm = firm or not listed
        if current:
            said.setdefault(current, []).append(line)
    pieces = ((number, "\n".join(lines).strip()) for number, lines in said.items())
    return [(number, words) for number, words in pieces if words]


def passages(digest: str, numbers: Collection[str]) -> dict[str, str]:
    """What the text of a digest says under each of its numbers."""
    found: dict[str, list[str]] = {}
    current, begins = "", True  # only below an empty line or another title
    for line in digest.split("\n"):
        number, dot, title = line.partition(". ")
        if _FOOTER.match(line):
            break
        if titled := bool(begins and dot and number in numbers and number not in found):
            current, line = number, title
        if current:
            found.setdefault(current, []).append(line)
        begins = titled or not line.strip()
    return {number: "\n".join(lines).strip() for number, lines in found.items()}


def laid_out(body: Body) -> str:
    """The text of a mail in its order: every quote marked with `>`, signatures and the like left out."""
    text, at, made = f"\n{body.text}\n", 0, []
    for fold in body.folded:
        start = text.find(f"\n{fold.text}\n", at)
        if start >= 0:
            kept = _marked(fold.text.split("\n")) if fold.kind in ("quote", "forward") else ""
            made += [text[at:start], "\n", kept]
            at = start + 1 + len(fold.text)
    return "".join((*made, text[at:])).strip("\n")


def _marked(lines: Iterable[str]) -> str:
    return "\n".join(line if line.startswith(">") else f"> {line}" for line in lines)


def _number(line: str, known: Collection[str], lists: bool) -> tuple[str, str, bool] | None:
    """The number a line begins with, the words behind it, and whether it is marked as lists are; None where none."""
    match = _NUMBERED.match(line.strip(" \t*_\u200e\u200f"))
    number = str(int(match["number"])) if match else ""
    if match is None or number not in known:
        return None
    lead, mark = match["lead"].strip(), match["mark"].strip()
    listed = not lead and mark in _OF_LISTS
    alone = not lead and not match["rest"]
    if (listed and not lists) or not (mark or alone or _FIRM.search(lead)):
        return None
    return number, match["rest"], listed


class _Known:
    """The items, made plain to find a quoted line among them."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.titles = {number: plain(text.partition("\n")[0]) for number, text in titles.items()}
        self.texts = {number: f" {plain(text)} " for number, text in titles.items()}
        self.by_title = {title: number for number, title in reversed(self.titles.items()) if title}
        self.by_words: dict[tuple[str, ...], set[str]] = {}
        for number, text in self.texts.items():
            words = text.split()
            for at in range(len(words) - TELLING + 1):
                self.by_words.setdefault(tuple(words[at : at + TELLING]), set()).add(number)

    def named(self, line: str) -> str | None:
        """The item a quoted line is from: by number and title, by title, or by words that no other item has."""
        if found := _number(line, self.titles, lists=True):
            number, title = found[0], plain(found[1])
            ours = self.titles[number]
            if title.startswith(ours) or (title and ours.startswith(title)):
                return number
        bare = plain(line)
        if bare in self.by_title:
            return self.by_title[bare]
        maybe = self.by_words.get(tuple(bare.split()[:TELLING]), ())
        owners = [number for number in maybe if f" {bare} " in self.texts[number]]
        return owners[0] if len(owners) == 1 else None
