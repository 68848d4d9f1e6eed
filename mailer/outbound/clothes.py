"""From what a template said to the two bodies of a mail: lines wrapped for text, paragraphs for HTML.

A template is written once; a line of it is a line of both bodies, an empty line parts two paragraphs. A line that
begins with KEEP stands as it is: members' words are never wrapped again. Pure; called by `render`.
"""

import re
import textwrap
from collections.abc import Iterator

from markupsafe import Markup, escape

from mailer.mail.subjects import base_subject

KEEP = "\x1e"  # RECORD SEPARATOR: no mail's text holds it, `clean` takes it out
WIDTH = 72  # columns of our own words, so that a reply's "> " still fits into 78

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_LINK = re.compile(r"(https?://[^\s<>\"]+)")
# what French sets apart and a line may not begin with, nor end after
_GLUED = re.compile(r" (?=[:;?!»·])|(?<=«) ")
_MARKER = re.compile(r"(?:\d{1,3}\.|[-–•>]) ")


def clean(text: str) -> str:
    """Text without control characters but line ends and tabs."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def bare(subject: str) -> str:
    """A subject without the signs of replies and forwards; one that is nothing else stays as it is."""
    return base_subject(subject) or subject


def short(text: str, width: int) -> str:
    """The text on one line, cut at a word with "…" where it is longer than `width` characters."""
    line = one_line(text)
    if len(line) <= width:
        return line
    cut = line[: width - 1]
    return (cut.rpartition(" ")[0] if " " in cut[width // 2 :] else cut).rstrip(" ,.;:–-") + "…"


def size(octets: int) -> str:
    """ "240 kB", "2.3 MB" """
    return f"{octets / 1_000_000:.1f} MB" if octets >= 1_000_000 else f"{max(round(octets / 1000), 1)} kB"


def kept_text(text: str) -> str:
    """A member's words as lines that nothing wraps."""
    return "\n".join(KEEP + line for line in clean(text).strip("\n").split("\n"))


def kept_html(text: str) -> Markup:
    """A member's words as one line of HTML: escaped, lines broken where they broke them, addresses of pages live."""
    return Markup("<br>").join(live(line) for line in clean(text).strip("\n").split("\n"))


def live(line: str) -> Markup:
    """A line of HTML in which addresses of pages are links; the link is what it shows."""
    pieces = _LINK.split(line)
    return Markup("").join(_anchor(piece) if at % 2 else escape(piece) for at, piece in enumerate(pieces))


def _anchor(found: str) -> Markup:
    url = found.rstrip(".,;:!?'" if "(" in found else ".,;:!?')")
    return Markup('<a href="{0}">{0}</a>{1}').format(url, found[len(url) :])


def as_text(said: str) -> str:
    """The body in plain text: our own lines wrapped, no two empty lines together, no line end in spaces."""
    lines: list[str] = []
    for line in said.split("\n"):
        if line.startswith(KEEP):
            lines.append(line[1:])
        elif line.strip() or (lines and lines[-1]):
            lines += _wrapped(line.strip()) or [""]
    return "\n".join(lines).replace(KEEP, "").strip("\n") + "\n"


def _wrapped(line: str) -> list[str]:
    """At most WIDTH columns, later lines of a numbered item under its words; an address is never broken."""
    marker = _MARKER.match(line)
    indent = " " * marker.end() if marker else ""
    glued = _GLUED.sub("\xa0", line)
    lines = textwrap.wrap(glued, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return [each.replace("\xa0", " ") for each in lines]


def as_html(said: str, paragraph: str) -> Markup:
    """The body in HTML: lines that are kept as they are, the others paragraphs begun by the tag `paragraph`."""
    return Markup("\n").join(
        Markup(block[1:] if block.startswith(KEEP) else f"{paragraph}{block}</p>").replace(KEEP, "")
        for block in _blocks(said)
    )


def _blocks(said: str) -> Iterator[str]:
    block: list[str] = []
    for line in [*(line.strip(" ") for line in said.split("\n")), ""]:
        if line and not line.startswith(KEEP):
            block.append(line)
            continue
        if block:
            yield "<br>\n".join(block)
            block = []
        if line:
            yield line
