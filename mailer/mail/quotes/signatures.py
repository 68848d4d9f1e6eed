"""Where a signature begins: delimiters, what telephones add, farewells, names with telephone numbers below them.

Looks only at the end of what a person wrote, never further up than MOST lines. Refuses to take a last sentence for a
signature. Called by `endings`.
"""

import re
from collections.abc import Sequence

from mailer.mail.quotes import lineshapes as shape
from mailer.mail.quotes import phrases

MOST = 24  # lines with words that a signature may have
MOST_BARE = 6  # lines below a farewell where none holds a telephone number or an address
MOST_TITLES = 2  # lines below a name that needs no telephone number to be a signature
MOST_FORMULA = 9  # spaces in a farewell, in two languages or with a place
MOST_EXCUSE = 6  # spaces in what may follow it: "please excuse my typing"
WIDEST = 90  # characters of a line in it

_DELIMITER = re.compile(r"(?:--|—|––|—-|-—|–)\s?")
_PHONE = re.compile(r"(?<![\w/.-])\(?\+?\d[\d ()./\u2010-\u2013-]{5,22}\d(?!\w)")
_QUESTIONS = ("?", "？", "؟")
_SENTENCE_END = (".", "!", "?", "…", "。", "！", "？", "؟", "।")
_SIGNED = re.compile(
    r"(?:[-/~]|[–—]\s?)(?=[^\W\d_])[\w.'’]+(?: [^\W\d_][\w.'’-]*){0,3}"
    r"|\w{1,12}(?: \w{1,12}){0,2} ?(?:드림|올림|배상|拝|敬上|謹上|谨上)"  # behind the name where those are written
)
_TARGET = re.compile(r"[<(\[]?https?:\S+")
_LINKED = re.compile(r"[<(\[](?:https?|mailto|cid):[^\s<>()\[\]]*[>)\]]", re.IGNORECASE)
_FETCH = re.compile(r"get \S{1,20}(?: \S{1,20})? (?:for|on) (?:android|ios|iphone|ipad|mac|windows)", re.IGNORECASE)
_MEETING = re.compile(r"(?<=[\u2e80-\uffff])(?=[A-Za-z])")  # where a Latin name stands right behind other signs
_CELLS = re.compile(r"[\s|]*\|[\s|]*")  # a row of a table without words: NetEase draws one around a card
_HEAD = re.compile(r"[^,|•·(/–—]*")
_MARKED_UP = re.compile(r"#\w{2,10}#\s?")
# A footnote, an afterthought, a line of a patch: words, not a signature.
_NOTE = re.compile(r"[\[(]?(?:\d{1,2}|\*+)[\])]\s|P\.?\s?S\b|[-+]{1,3}\s?\S{0,3}\t|@@ |diff --|index [0-9a-f]{7}")
_SPLIT = re.compile(r"[\W\d_]+")
_EDGES = " ,.!;:。、，،：~-–—*"


def signature_start(lines: Sequence[str], names: frozenset[str]) -> int:
    """The first line of the signature that ends `lines`, or their number. `names` are words of the sender's name."""
    written = [i for i in range(max(0, len(lines) - 4 * MOST), len(lines)) if lines[i].strip()][-MOST - 1 :]
    if not written:
        return len(lines)
    ways = (_delimited(lines, written), _device(lines, written), _signed(lines, written))
    named = (_farewell(lines, written, names), _contact(lines, written, names))
    found = [s for s in (*ways, *named) if s is not None]
    start = min((s for s in found if s > written[0]), default=min(found, default=len(lines)))  # rather not all there is
    while start and start < len(lines) and (not lines[start - 1].strip() or _CELLS.fullmatch(lines[start - 1])):
        start -= 1
    return start


def name_words(*names: str) -> frozenset[str]:
    """The words of a sender's names and addresses by which a signature is known."""
    return frozenset(w for name in names for w in _SPLIT.split(name.casefold()) if len(w) > 1)


def _is_sentence(line: str) -> bool:
    """Whether a line reads like running text rather than a line of a signature; where its links lead does not count."""
    text = shape.bare(_LINKED.sub("", line) if ":" in line and len(line) <= 4 * shape.LONG else line)
    if len(text) > WIDEST or _NOTE.match(text):
        return True
    small = sum(word[0].islower() for word in text.split())
    return small >= 5 or (text.endswith(_SENTENCE_END) and (text.count(" ") >= 4 or text.endswith(_QUESTIONS)))


def _delimited(lines: Sequence[str], written: Sequence[int]) -> int | None:
    """`-- ` (RFC 3676 §4.3), or the same as careless programs write it, with few lines below that are no paragraphs."""
    for n, i in enumerate(written):
        if len(lines[i]) > 4 or not _DELIMITER.fullmatch(lines[i].rstrip()):
            continue
        below = [lines[k] for k in written[n + 1 :]]
        if any(_NOTE.match(line) for line in below):
            continue
        if lines[i] == "-- " and len(below) < MOST:
            return i
        if (n and shape.ends_open(lines[written[n - 1]])) or (below and below[-1].rstrip().endswith(_QUESTIONS)):
            continue
        if len(below) <= MOST // 2 and sum(map(_is_sentence, below)) <= 1 and all(len(x) <= 200 for x in below):
            return i
    return None


def is_device_line(line: str) -> bool:
    """Whether a line is what a telephone or a mail program says of itself: short, no sentence, a verb and a name."""
    text = shape.bare(shape.unmarked(line)).rstrip(". ").lstrip("-–—[( ")
    if not text or len(text) > WIDEST + 60 or text.endswith(("!", "?")):
        return False
    text = text if text.isascii() else _MEETING.sub(" ", text)
    words, _, more = _TARGET.sub("", text).strip().partition(",")
    if words.count(" ") > 9 or more.count(" ") > MOST_EXCUSE:
        return False
    named = phrases.DEVICE_NAMES.within(words) or _is_mine(words) or (_LINKED.search(text) and _is_product(words))
    sent = phrases.SENT_WITH.begin_or_end(words) and named
    fetched = phrases.GET_WITH.begin_or_end(words) and words.count(" ") <= 6 and not more
    return bool(sent or fetched or _FETCH.fullmatch(words))


def _is_product(words: str) -> bool:
    """Whether what stands before a link is a few words that end with a name: "Sent from Wavemail <https://...>"."""
    return words.count(" ") <= 4 and words.rpartition(" ")[2][:1].isupper()


def _is_mine(words: str) -> bool:
    """Whether what a mail was sent from is called the writer's own: "sent from my Wiko Ridge"."""
    rest = phrases.SENT_WITH.without(words.casefold()).split()
    return 2 <= len(rest) <= 4 and rest[0] in phrases.MINE


def _device(lines: Sequence[str], written: Sequence[int]) -> int | None:
    """Device lines at the very end, with the delimiter or rule above them."""
    start = None
    for i in reversed(written):
        if not is_device_line(lines[i]) and not (start is not None and shape.is_rule(lines[i])):
            break
        start = i
    return start


def is_formula(line: str) -> bool:
    """Whether a line is a formula of farewell and nothing else, but for a dash or a smiling face behind it."""
    if len(line) > WIDEST:
        return False
    text = phrases.lowered(shape.bare(line)).strip(_EDGES)
    if text.isalnum() or (text[-1:].isalnum() and "/" not in text and "|" not in text):
        return text in phrases.FAREWELLS
    words = text.split()
    while words and not any(map(str.isalnum, words[-1])):
        words.pop()
    languages = " ".join(words).replace("|", "/").split("/")  # "Kind regards / Cordialement"
    return all(formula.strip(_EDGES) in phrases.FAREWELLS for formula in languages)


def _is_farewell(text: str, lines: Sequence[str], at: int, names: frozenset[str]) -> bool:
    """Whether a line is a formula of farewell, alone or with the name behind it, or with a place and the name below."""
    if len(text) > WIDEST or text.count(" ") > MOST_FORMULA:
        return False
    if is_formula(text):
        return True
    formula, comma, name = text.partition(",")
    if comma and _are(name, names) and phrases.lowered(formula).strip() in phrases.FAREWELLS:
        return True
    words = phrases.lowered(text).split()
    placed = [n for n in (2, 3) if n < len(words) and words[-n] in phrases.FROM_PLACES]
    if not any(" ".join(words[:-n]) in phrases.FAREWELLS for n in placed):
        return False
    return _are(next((lines[i] for i in range(at + 1, len(lines)) if lines[i].strip()), ""), names)


def _are(text: str, names: frozenset[str]) -> bool:
    """Whether the words of a text are of the sender's name, all of them."""
    words = [word for word in _SPLIT.split(text.casefold()) if word] if len(text) <= WIDEST else []
    return words != [] and set(words) <= names


def _farewell(lines: Sequence[str], written: Sequence[int], names: frozenset[str]) -> int | None:
    """A formula of farewell alone on its line, with little below but lines that are no sentences."""
    below, reached = 0, False
    for i in reversed(written):
        text = shape.bare(lines[i])
        if _is_farewell(text, lines, i, names):
            return i if below <= MOST_BARE or reached else None
        listed = text[:1] in ("-", "*", "•", ">") and not shape.is_rule(text) and not _SIGNED.fullmatch(text)
        if _is_sentence(lines[i]) or listed:
            return None
        below, reached = below + 1, reached or is_contact(lines[i])
    return None


def _signed(lines: Sequence[str], written: Sequence[int]) -> int | None:
    """`-Anna Berg` or `/Anna` as a paragraph of its own at the end."""
    last = written[-1]
    if _SIGNED.fullmatch(lines[last].strip()) and last and not lines[last - 1].strip() and len(written) > 1:
        return last
    return None


def is_contact(line: str) -> bool:
    """Whether a line of a signature holds a telephone number, a web or an email address."""
    return shape.linked(line) or shape.addressed(line) or _is_phone(line)


def _is_phone(line: str) -> bool:
    match = _PHONE.search(line) if len(line) <= shape.LONG else None
    return match is not None and 7 <= sum(map(str.isdigit, match[0])) <= 15 and not shape.dated(match[0])


def _contact(lines: Sequence[str], written: Sequence[int], names: frozenset[str]) -> int | None:
    """The sender's name with short lines below it that reach the sender, or a rule with such lines."""
    start, contacts, count, below = None, 0, 0, ""
    for i in reversed(written[1:] if written[0] == 0 else written):
        if _is_sentence(lines[i]) or shape.is_marked(lines[i]):
            break
        if shape.is_rule(lines[i]):
            named = count <= MOST_BARE and _are(below, names)
            start = i if (contacts and 2 <= count <= MOST // 2) or named else start
            break
        enough = contacts or (1 <= count <= MOST_TITLES and _is_full_name(lines, i, names))
        if enough and _is_name(lines, i, names) and (start is None or not lines[i - 1].strip()):
            start = i
        contacts, count, below = contacts + is_contact(lines[i]), count + 1, lines[i]
    return start


def _is_full_name(lines: Sequence[str], at: int, names: frozenset[str]) -> bool:
    """Whether a paragraph begins with the sender's name and nothing else on its line: two words or more."""
    words = {w.casefold() for w in _SPLIT.split(lines[at]) if w}
    return len(words) >= 2 and words <= names and not lines[at - 1].strip()


def _is_name(lines: Sequence[str], at: int, names: frozenset[str]) -> bool:
    """Whether the line is the sender's name; where that is not known, two to four capitalised words above others."""
    text = _MARKED_UP.sub("", shape.bare(lines[at]))
    found = [w for w in _SPLIT.split(text) if w]
    above = next((lines[i] for i in range(at - 1, -1, -1) if lines[i].strip()), "")
    if not 1 <= len(found) <= 9 or shape.addressed(text) or shape.linked(text) or shape.ends_open(above):
        return False
    if names:
        head = [w.casefold() for w in _SPLIT.split(_HEAD.match(text)[0]) if w]  # type: ignore[index]
        return 2 * sum(w in names for w in head) >= max(1, len(head))
    capital = len(found) <= 7 and all(not w[0].islower() for w in found)
    return len(found) >= 2 and capital and not lines[at - 1].strip() and ":" not in text
