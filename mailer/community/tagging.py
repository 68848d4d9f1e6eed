"""Hashtags and titles: what a member's own words say about a post, without anybody having to learn how.

A tag counts in the subject, or on a line made of nothing but tags. Any script. Not `#1`, not `C#`, not the end of an
address, not a colour. Called when a post is kept and when a reply tags an earlier one.
"""

import re
import unicodedata
from collections.abc import Collection

from mailer.mail.subjects import base_subject

MOST = 20  # tags of one post
LONGEST = 60  # characters of a tag; longer ones are no tags
TITLE = 78  # characters of a title: a subject line (RFC 5322 §2.1.1)

# Marks that belong to the letter before them, and the scripts that need them: `\w` alone would cut Hindi into letters
MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0f71-\u0fbc"
# A sign, then letters, marks, digits, "_" and "-"; no word and no address may stand before the sign.
_TAG = re.compile(rf"(?<![\w/&?=#.])[#\uFF03]([^\W_][\w{MARKS}\u200c\u200d-]*)")
_COLOUR = re.compile(r"(?=[a-f]*[0-9])[0-9a-f]{6}(?:[0-9a-f]{2})?")  # with a digit: "decade" is a word
_EMPTY = re.compile(r"\(\s{0,3}\)|\[\s{0,3}\]|【\s{0,3}】")  # what a tag that is gone leaves of its brackets
_LINES = 2000  # of a text are looked at
_WIDTH = 1000  # characters of a line are looked at


def hashtags(subject: str, new_text: str) -> tuple[str, ...]:
    """The tags of a post in the order written, folded, each once, at most twenty."""
    lines = [subject, *filter(_only_tags, new_text.splitlines()[:_LINES])]
    found = (tag(match) for line in lines for match in _TAG.findall(line[:_WIDTH]))
    return tuple(dict.fromkeys(each for each in found if each))[:MOST]


def tag(word: str) -> str:
    """A tag as it is kept: NFKC, case folded, without the sign; empty where the word is none."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    folded = folded.lstrip("#").rstrip("-_\u200c\u200d")
    if not any(map(str.isalpha, folded)) or len(folded) > LONGEST or _COLOUR.fullmatch(folded):
        return ""
    return folded


def without_tags(text: str) -> str:
    """The text without lines of nothing but tags."""
    return "\n".join(line for line in text.splitlines() if not _only_tags(line)).strip()


def left_out(subject: str, text: str, tags: Collection[str]) -> tuple[str, str]:
    """Subject and text without these tags, where they count as tags; a subject that was nothing else is the title."""
    bare = _bare(subject, tags)
    lines = ((line, _bare(line, tags) if _only_tags(line) else line) for line in text.split("\n"))
    words = "\n".join(kept for line, kept in lines if kept or not line.strip()).strip("\n")
    return (bare if any(map(str.isalnum, base_subject(bare))) else title_of("", words)), words


def _bare(line: str, tags: Collection[str]) -> str:
    """A line without these tags and without what held them: brackets, a comma, a dash at its end."""
    said = [match for match in _TAG.finditer(line[:_WIDTH]) if tag(match[1]) in tags]
    if not said:
        return line
    for match in reversed(said):
        line = line[: match.start()] + line[match.end() :].removeprefix(":").removeprefix(",")
    return " ".join(_EMPTY.sub(" ", line).split()).strip(" ,;-–—|")


def title_of(subject: str, text: str) -> str:
    """A title for what is kept: the subject without signs and tags; if it says nothing, the first line of the text."""
    bare = " ".join(_TAG.sub("", base_subject(subject[:_WIDTH])).split()).strip(" ,;:-")
    for line in (bare, *without_tags(text).splitlines()[:_LINES]):
        words = " ".join(line[:_WIDTH].split())
        if any(map(str.isalnum, words)):
            return words if len(words) <= TITLE else _shortened(words)
    return ""


def _only_tags(line: str) -> bool:
    """Whether there is something on the line and all of it is tags."""
    if "#" not in line and "\uff03" not in line:
        return False
    words = line[:_WIDTH].replace(",", " ").replace(";", " ").split()
    return bool(words) and all(_TAG.fullmatch(word.rstrip(".")) for word in words)


def _shortened(words: str) -> str:
    space = words.rfind(" ", TITLE // 2, TITLE)  # a text without spaces is cut anywhere
    return words[: space if space > 0 else TITLE - 1].rstrip(" ,;:-") + "…"
