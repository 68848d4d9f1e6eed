"""What mail programs say in their HTML about where a quote or a signature begins, found again in the text.

Only places are taken from the HTML, never words: the text stays what is folded. A mark whose words the text does not
have is passed over. Called by `folding`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mailer.mail.parts import hypertext
from mailer.mail.quotes.lineshapes import unmarked

Place = Literal["quote", "cited", "signature"]

MOST_HTML = 1_500_000  # characters that are searched, as `hypertext` reads no more
AHEAD = 6_000  # characters of HTML behind a mark that are read to know its words
ENOUGH = 8  # letters and figures that make a place certain
COMPARED = 60  # letters and figures that are compared

# "quote": the rest is somebody else's mail. "cited": quote marks follow. "signature": its element is the signature.
MARKS: dict[str, Place] = {
    '="divRplyFwdMsg': "quote",  # Outlook on the web and phones
    '="OutlookMessageHeader': "quote",  # Outlook 2003
    "border-top:solid #E1E1E1": "quote",  # Outlook 2013 and later
    "border-top:solid #B5C4DF": "quote",  # Outlook 2007, 2010
    '="OLK_SRC_BODY_SECTION': "quote",  # Outlook for Mac
    '="mail-editor-reference-message-container': "quote",  # Outlook for phones
    '="appendonsend': "quote",
    '="stopSpelling': "quote",  # Hotmail
    "yahoo_quoted": "quote",
    '<div class="gmail_quote': "quote",
    '="protonmail_quote': "quote",
    '="tutanota_quote': "quote",
    '="zmail_extra': "quote",  # Zoho
    '="zwchr': "quote",  # Zimbra
    '="__QUOTED_TEXT__': "quote",
    ' name="quote"': "quote",  # GMX, web.de
    '="isReplyContent': "quote",  # NetEase
    '="isForwardContent': "quote",
    '="oriMsgHtmlSeperator': "quote",
    '="messageReplySection': "quote",  # Spark
    '="mailru-blockquote': "cited",
    '="moz-cite-prefix': "cited",
    '="reply-intro': "cited",  # Roundcube
    '="gmail_signature': "signature",
    '="moz-signature': "signature",
    '="ms-outlook-mobile-signature': "signature",
    '="AppleMailSignature': "signature",
    '="protonmail_signature_block': "signature",
    '="messageSignatureSection': "signature",
    '="Signature"': "signature",  # Outlook on the web
    '="bloop_sign': "signature",  # Airmail
}

_WORDS = re.compile(r"[^\W_]+")
_NAME = re.compile(r"<\s?([a-zA-Z]{1,12})")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the HTML: what begins there and the letters and figures that follow. For a signature: all of its."""

    place: Place
    words: str


def marks(html: str) -> list[Mark]:
    """The first mark of each sort, in the order of the HTML."""
    found: list[tuple[int, Place]] = []
    for literal, place in MARKS.items():
        at = html.find(literal, 0, MOST_HTML)
        if at >= 0:
            found.append((html.rfind("<", 0, at + 1), place))
    placed = ((place, _squeezed(_text_at(html, max(0, at), place))) for at, place in sorted(found))
    return [Mark(place, words) for place, words in placed if len(words) >= ENOUGH]


def _text_at(html: str, at: int, place: Place) -> str:
    piece = html[at : at + AHEAD]
    if place == "signature":
        piece = piece[: _element_end(piece)]
    return hypertext.to_text(piece.rpartition("<")[0] or piece)


def _element_end(piece: str) -> int:
    """Where the element that `piece` begins with ends."""
    name = _NAME.match(piece)
    depth = 0
    for tag in re.finditer(rf"<(/?){name[1]}\b", piece, re.IGNORECASE) if name else ():
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end() + 1
    return len(piece)


def _squeezed(text: str) -> str:
    return "".join(_WORDS.findall(text.casefold()))


def locate(found: Sequence[Mark], lines: Sequence[str]) -> dict[int, Mark]:
    """The lines at which the marks' words begin: the first such line for each."""
    places: dict[int, Mark] = {}
    squeezed = [_squeezed(unmarked(line)[:500]) for line in lines] if found else []
    for mark in found:
        head = mark.words[:COMPARED]
        for at, words in enumerate(squeezed):
            if words and head.startswith(words[:COMPARED]) and _follows(squeezed, at, head):
                places.setdefault(at, mark)
                break
    return places


def _follows(squeezed: Sequence[str], at: int, head: str) -> bool:
    """Whether the lines from `at` on begin with `head`."""
    text = ""
    for words in squeezed[at : at + 20]:
        text += words
        if len(text) >= len(head):
            return text.startswith(head)
    return text == head


def within(mark: Mark, line: str) -> bool:
    """Whether the words of the line belong to the signature that `mark` stands for."""
    return _squeezed(line[:500]) in mark.words
