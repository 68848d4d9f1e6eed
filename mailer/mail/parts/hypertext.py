"""HTML of a mail as the text a person would read: paragraphs, lists, tables, links, quotes as "> ".

Called for mails that have no text part of their own. What the sender hid (preheaders, trackers) is left out; nothing is
fetched, nothing runs. One pass over the tags.
"""

import re
from collections.abc import Callable
from typing import Final

from mailer.mail.parts import charsets, markup
from mailer.mail.parts.textpage import Page

LINKS_LIMIT: Final = 10  # links open inside each other
LENGTH_LIMIT: Final = 1_500_000  # characters of HTML that are read


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_APART: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dl", "fieldset", "figure"})
_BLOCKS: Final = _names(
    "html body div section article header footer main nav aside address form center thead tbody tfoot caption dt dd"
    " option legend figcaption details summary textarea menu dir"
)
_VOID: Final = _names("area base br col embed hr img input link meta param source track wbr")
_UNREAD: Final = frozenset({"head", "script", "style", "template", "object", "svg", "math", "select", "title"})
_OPENS: Final[dict[str, Callable[[Page], None]]] = {
    "br": Page.newline,
    "hr": Page.rule,
    "ul": Page.list,
    "li": Page.item,
    "table": Page.table,
    "tr": Page.row_end,
    "td": Page.cell,
    "th": Page.cell,
}
_CLOSES: Final[dict[str, Callable[[Page], None]]] = {
    "ul": Page.list_end,
    "ol": Page.list_end,
    "li": Page.block,
    "table": Page.table_end,
    "tr": Page.row_end,
    "td": Page.cell_end,
    "th": Page.cell_end,
    "blockquote": Page.quote_end,
}
_HIDDEN: Final = re.compile(
    r"(?:^|;)(?:display:none|visibility:hidden|(?:max-height|opacity):0(?:\.0+)?(?:px|pt|em|%)?(?:[;!]|$))"
)
_TIGHT: Final = re.compile(r"(?:^|;)margin(?:-bottom)?:0(?:\.0+)?(?:px|pt|in|cm|em)?(?:[;!]|$)")
_INDENTED: Final = re.compile(r"border(?:-left)?:none|margin:00040px|margin-left:40px")
_QUOTED_DIV: Final = re.compile(r"border-(?:left|right):solidblue")  # Outlook's "prefix each line" in HTML
_SCHEME: Final = re.compile(r"(?:https?|ftp|mailto|tel|sip|sms|xmpp|webcal):\S", re.IGNORECASE)
_ADDRESSED: Final = re.compile(r"^(?:mailto:|tel:|https?://)?(?:www\.)?", re.IGNORECASE)
_LINK_LIMIT: Final = 2_000  # characters of an address that is shown


def to_text(source: str) -> str:
    """The readable text of an HTML document or fragment; lines end in "\\n"."""
    source = source[:LENGTH_LIMIT]
    reading = _Reading(hide=True)
    reading.read(source)
    if reading.skipping and reading.skipping not in _UNREAD:  # hidden to the very end: rather too much than lost words
        reading = _Reading(hide=False)
        reading.read(source)
    return charsets.lines_clean(reading.page.text())


class _Reading:
    """What the tags so far have opened."""

    def __init__(self, *, hide: bool) -> None:
        self.page = Page()
        self.hide = hide
        self.skipping = ""  # the element that is left out, and how many of its name are open
        self.skipped = 0
        self.paragraphs_tight = False
        self.divs: list[bool] = []  # open divs: whether each is a quote
        self.links: list[tuple[str, list[str]]] = []  # open links: address, words so far

    def read(self, source: str) -> None:
        for token in markup.tokens(source):
            if self.skipping:
                self._skip(token)
            elif not token.name:
                self._words(markup.unescape(token.text))
            elif token.end:
                self._end(token.name)
            else:
                self._start(token)

    def _skip(self, token: markup.Token) -> None:
        if token.name == self.skipping:
            self.skipped += -1 if token.end else 1
        if self.skipped == 0 or (token.name == "body" and self.skipping == "head"):
            self.skipping = ""

    def _words(self, text: str) -> None:
        self.page.words(text)
        if self.links:
            self.links[-1][1].append(text)

    def _start(self, token: markup.Token) -> None:
        name, page = token.name, self.page
        attributes = token.attributes() if "=" in token.text else {}
        style = _folded(attributes.get("style", ""))
        if name not in _VOID and self._unread(token, style):
            self.skipping, self.skipped = name, 1
            return
        match name:
            case "p":
                self.paragraphs_tight = _tight(attributes, style)
                page.block(apart=not self.paragraphs_tight)
            case "div":
                self._div(style)
            case "a":
                if len(self.links) < LINKS_LIMIT:
                    self.links.append((attributes.get("href", ""), []))
            case "img":
                self._words(_image(attributes))
            case "blockquote":
                page.quote(counted=not _indented(attributes, style))
            case "ol":
                page.list(_number(attributes.get("start", "")))
            case "pre":
                page.block(apart=True)
                page.preformatted(1)
            case _ if name in _OPENS:
                _OPENS[name](page)
            case _ if name in _APART or name in _BLOCKS:
                page.block(apart=name in _APART)

    def _end(self, name: str) -> None:
        page = self.page
        match name:
            case "a":
                if self.links:
                    page.words(_link(*self.links.pop()))
            case "p":
                page.block(apart=not self.paragraphs_tight)
            case "div":
                page.block()
                if self.divs and self.divs.pop():
                    page.quote_end()
            case "pre":
                page.block(apart=True)
                page.preformatted(-1)
            case _ if name in _CLOSES:
                _CLOSES[name](page)
            case _ if name in _APART or name in _BLOCKS:
                page.block(apart=name in _APART)

    def _unread(self, token: markup.Token, style: str) -> bool:
        if token.text.endswith("/"):
            return False
        if token.name in _UNREAD:
            return True
        return self.hide and bool(_HIDDEN.search(style) if style else re.search(r"\bhidden\s*$", token.text))

    def _div(self, style: str) -> None:
        quoted = bool(_QUOTED_DIV.search(style))
        if quoted:
            self.page.quote()
        self.divs.append(quoted)
        self.page.block()


def _folded(style: str) -> str:
    return "".join(style.split()).lower() if style else ""


def _tight(attributes: dict[str, str], style: str) -> bool:
    """Whether a paragraph is a mere line: Outlook writes every line as one, without a margin."""
    return attributes.get("class", "").startswith("Mso") or bool(style and _TIGHT.search(style))


def _indented(attributes: dict[str, str], style: str) -> bool:
    """Whether a blockquote is only the editor's indentation, not a quotation."""
    if attributes.get("type") == "cite" or "cite" in attributes or "quote" in attributes.get("class", ""):
        return False
    return bool(style and _INDENTED.search(style))


def _number(start: str) -> int:
    return int(start) if len(start) < 7 and start.isascii() and start.isdigit() else 1


def _image(attributes: dict[str, str]) -> str:
    """The words that stand for a picture; an emoji sent as a picture stands for itself, a tracker for nothing."""
    alt = attributes.get("alt", "").strip()
    if not alt or attributes.get("width") in ("0", "1") or attributes.get("height") in ("0", "1"):
        return ""
    return alt if len(alt) < 8 and not alt.isascii() else f"[{alt}]"


def _link(address: str, words: list[str]) -> str:
    """What is written behind the words of a link: its address, where the words do not show it already."""
    address = "".join(address.split())
    if not _SCHEME.match(address) or len(address) > _LINK_LIMIT:
        return ""
    shown = " ".join("".join(words).split())
    if not shown:
        return ""
    bare = _ADDRESSED.sub("", address).rstrip("/")
    if bare.lower() in (_ADDRESSED.sub("", shown).rstrip("/").lower(), shown.lower()):
        return ""
    return f" <{address}>"
