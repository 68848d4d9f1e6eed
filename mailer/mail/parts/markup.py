"""HTML cut into tags and text, in one pass over the octets of a stranger.

Called by `hypertext`. It builds no tree, runs nothing and fetches nothing. What is not closed is taken as text, and no
search that has failed once is made again, so that the time grows with the length and nothing else.
"""

import html
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

TAG_LIMIT: Final = 100_000  # tags that are looked at; behind them they are only left out

_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:_.-]{0,60})")
_ANY_TAG: Final = re.compile(r"<[^<>]*+>?")
_TAG_END: Final = re.compile(r"=\s*([\"'])|>")
_ATTRIBUTE: Final = re.compile(r"([^\s=/>\"']{1,60})(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_ATTRIBUTES_LIMIT: Final = 16_384  # characters of one tag
_HUGE_REFERENCE: Final = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")
# Elements whose content is not markup, up to their end tag.
_RAW: Final = {
    name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE)
    for name in ("script", "style", "title", "xmp", "noembed", "noframes", "iframe")
}


class Token(NamedTuple):
    """A piece of markup: text where `name` is empty, else a tag with lower-case name and attributes not yet read."""

    name: str
    text: str
    end: bool = False

    def attributes(self) -> dict[str, str]:
        found = _ATTRIBUTE.findall(self.text[:_ATTRIBUTES_LIMIT])
        return {name.lower(): unescape(double or single or bare) for name, double, single, bare in reversed(found)}


def unescape(text: str) -> str:
    """`text` with its character references replaced."""
    if "&" not in text:
        return text
    return html.unescape(_HUGE_REFERENCE.sub("\ufffd", text) if "&#" in text else text)


def tokens(source: str) -> Iterator[Token]:
    """Tags and texts of `source` in order; comments, declarations, scripts and styles are left out."""
    return _Scanner(source).tokens()


class _Scanner:
    def __init__(self, source: str) -> None:
        self.source = source
        self.absent: set[str] = set()  # what was looked for up to the end, and is not there
        self.quotes = True  # False: a quote in a tag was never closed, so tags end at the next ">"

    def tokens(self) -> Iterator[Token]:
        source, at = self.source, 0
        for _ in range(TAG_LIMIT):
            begin = source.find("<", at)
            if begin < 0:
                break
            if begin > at:
                yield Token("", source[at:begin])
            if source[begin + 1 : begin + 2] in ("!", "?"):
                at = self._past_declaration(begin)
                if at <= begin:
                    yield Token("", "<")
                    at = begin + 1
                continue
            tag = _TAG.match(source, begin)
            end = self._tag_end(tag.end()) if tag else -1
            if tag is None or end < 0:
                yield Token("", "<")
                at = begin + 1
                continue
            name = tag[2].lower()
            yield Token(name, source[tag.end() : end], bool(tag[1]))
            at = self._past_raw(name, end + 1) if name in _RAW and not tag[1] else end + 1
        rest = source[at:]
        if rest:
            yield Token("", rest if "<" not in rest else _ANY_TAG.sub(" ", rest))

    def _find(self, what: str, at: int) -> int:
        if what in self.absent:
            return -1
        found = self.source.find(what, at)
        if found < 0:
            self.absent.add(what)
        return found

    def _past_declaration(self, begin: int) -> int:
        if self.source.startswith("<!--", begin):
            end = self._find("-->", begin + 2)  # "<!-->" is whole
            if end >= 0:
                return end + 3
        return self._find(">", begin) + 1

    def _tag_end(self, at: int) -> int:
        """Where the tag whose name ends at `at` has its ">", or -1; a ">" inside a quoted value is none."""
        first = self._find(">", at)
        if first < 0 or not self.quotes:
            return first
        while found := _TAG_END.search(self.source, at):
            if not found[1]:
                return found.start()
            closing = self.source.find(found[1], found.end())
            if closing < 0:
                break
            at = closing + 1
        self.quotes = False
        return first

    def _past_raw(self, name: str, at: int) -> int:
        """Behind the content of an element that holds no markup; one that is never closed holds nothing."""
        if name in self.absent:
            return at
        found = _RAW[name].search(self.source, at)
        if found is None:
            self.absent.add(name)
            return at
        return found.start()
