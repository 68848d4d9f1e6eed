"""What a reply says: its first new line, where that is one of the words the mail offered. Everything else is a post.

Refuses to guess: a word in passing, a word nobody offered, a line of prose is never a command; a near miss is asked
back. Called by inbound's acts with the new words of a mail, and by outbound for the tables of words.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from operator import or_

from mailer.community.arguments import SHAPES, TAG
from mailer.community.greetings import past_greeting
from mailer.community.likeness import APOSTROPHES, distance, is_name, plain
from mailer.community.vocabulary import ANSWERS, COMMANDS, FIRM, KIND, Known, Words, words_of

__all__ = ["COMMANDS", "Near", "Said", "Words", "first_line", "understand", "words_of"]

LONGEST_ANSWER = 200  # characters of a line; a longer one that begins with "yes," is asked about
SHORT_WORDS, SHORT_CHARS = 6, 60  # a near miss is a message no longer than this
UNSPACED = "\u2e80"  # from here on scripts are written without spaces
ANSWER_WORDS = 7  # of an answer with more behind it
GOING_WORDS = 14  # of a line that says it in a phrase
TELLING = 8  # letters of a word that says its intent anywhere in a short line: "unsubscribe"

_WORD = re.compile(r"[^\W_][\w']*")
_NUMBER = re.compile(r"[\s#№(\[*]*([€$£¥]?\s?[+-]?\d(?:[.,]?\d)*(?:\s?%)?)")
_BREAK = re.compile(r" ?(?:[,;!)\]،؛、。]|[:(…](?![\d/])|\.(?= |$)|-(?= )|[–—])[ ,;:.!()\]،؛、。…–—-]*")
_PIECE = re.compile(r" *[,;.!:–—]+ *")
_MARK = re.compile(r"^(?: ?[:：,،、;!–—.]| - )")  # parts a word from what is said to one person


@dataclass(frozen=True, slots=True)
class Said:
    """A command, understood. `argument` is the number ("14.5 days"), what its shape makes of the words, or the line of
    `private` where a greeting stands before it."""

    command: str
    argument: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """Not quite a command: ask back in one line. `line` is what was written, `argument` what may have been meant."""

    command: str
    line: str
    argument: str = ""


def first_line(new_text: str) -> str:
    """The first line that has anything on it and is no quote, without the space around it; or ''."""
    return next(new_lines(new_text), "")


def understand(new_text: str, offers: Sequence[str], words: Sequence[Words]) -> Said | Near | None:
    """What the first new line says, of the commands offered, in any of the languages; None is a post. A greeting above
    it, or before it on its line, is no line of its own."""
    lines, known = list(new_lines(new_text)), Known.of(offers, words)
    said = _understood(lines, offers, known) if lines else None
    rest = [] if isinstance(said, Said) else past_greeting(lines, known)
    later = _understood(rest, offers, known) if rest else None
    if isinstance(later, Said) and later.command == "private":
        return replace(later, argument=rest[0])
    return later if isinstance(later, Said) or said is None else said


def _understood(lines: Sequence[str], offers: Sequence[str], known: Known) -> Said | Near | None:
    line, below = lines[0], lines[1:]
    alone = known.is_sign_off(below)
    if "tag" in offers and all(TAG.fullmatch(token) for token in re.split("[ ,]+", line)):
        return Said("tag", line) if alone else None
    if private := _for_one(line, known):
        return private
    if said := _whole_line(line, known) or _number(line, known) or _answer(line, known):
        return _with_what_follows(said, line, "" if alone else "\n".join(below), known)
    return _kind_word_to_a_name(line, known) or _with_words(line, known) or _near(line, known) if alone else None


def new_lines(new_text: str) -> Iterator[str]:
    """The new lines that have anything on them; a kept quote is not new."""
    text = unicodedata.normalize("NFC", new_text)
    bare = (" ".join(line.split()).strip("\u200b\u200e\u200f\ufeff ") for line in text.splitlines())
    return (line for line in bare if line and not line.startswith(">"))


def _whole_line(line: str, known: Known) -> Said | Near | None:
    """The line is a word, whole. "STOP!!" and "yes?" are asked about."""
    command = known.exact.get(plain(line)) if len(line) <= SHORT_CHARS else None
    if command is None:
        return None
    shouted = line.count("!") > 1 and command not in ANSWERS | KIND
    doubted = line.endswith(("?", "？", "؟")) and command in ANSWERS - {"maybe"}
    return Near(command, line) if shouted or doubted else Said(command)


def _for_one(line: str, known: Known) -> Said | None:
    """ "private: I would rather tell you alone": whatever follows, here and below, is for one person. The comment is
    what follows on this line."""
    for word in list(_WORD.finditer(line[:SHORT_CHARS]))[:3]:
        if known.exact.get(plain(line[: word.end()])) != "private":
            continue
        rest = line[word.end() :]
        if not plain(rest):
            return Said("private")
        if _MARK.match(rest):
            return Said("private", comment=_MARK.sub("", rest, count=1).strip())
    return None


def _answer(line: str, known: Known) -> Said | Near | None:
    """An answer with a comment on the same line: "yes, but late", "no I am away". Not "no idea how that works"; what
    follows three words that are an answer is asked about: "I can't make it that day"."""
    words = list(_WORD.finditer(line[:SHORT_CHARS].translate(APOSTROPHES)))
    for last in reversed(words[:4]):
        command = known.exact.get(plain(line[: last.end()]), "")
        if command not in ANSWERS:
            continue
        comment = _comment(line[last.end() :], known)
        if comment is None:
            continue
        unsure = len(line) > LONGEST_ANSWER or _takes_it_back(command, comment, known)
        polite = known.around["please"].issuperset(plain(comment).split())
        return Near(command, line) if unsure else Said(command, comment="" if polite else comment)
    said = (known.exact.get(plain(line[: word.end()]), "") for word in words[2:ANSWER_WORDS])
    return next((Near(command, line) for command in said if command in ANSWERS), None)


def _comment(rest: str, known: Known) -> str | None:
    """What follows an answer on its line: set apart by a mark, or begun by a word like "but" or "I"."""
    if mark := _BREAK.match(rest):
        return rest[mark.end() :].strip()
    word = _WORD.search(rest.translate(APOSTROPHES))
    if word and not rest[: word.start()].strip() and plain(word[0].partition("'")[0]) in known.around["but"]:
        return rest.strip()
    return None


def _takes_it_back(command: str, comment: str, known: Known) -> bool:
    """ "yes, and no", "yes or no, I cannot say yet" """
    tokens = plain(comment).split()
    if (
        tokens
        and tokens[0] in known.around["or"]
        and ANSWERS & {known.exact.get(" ".join(tokens[1:n])) for n in (2, 3)}
    ):
        return True
    other = known.exact.get(tokens[-1], command) if tokens and len(tokens) <= 2 else command
    return other != command and other in ANSWERS


def _number(line: str, known: Known) -> Said | Near | None:
    """A number, perhaps with a unit and a comment: "2", "14.5 days", "2 but only in Q3", "second"."""
    if not known.numbers:
        return None
    text = "".join(_ascii_digit(char) for char in unicodedata.normalize("NFKC", line))
    if whole := known.numbers.get(plain(text)):
        return Said("number", whole)
    if digits := _NUMBER.match(text):
        return _numbered(digits[1].strip(), text[digits.end() :], line, known)
    word = _WORD.match(text)
    value = known.numbers.get(plain(word[0])) if word else None
    if word is None or value is None or _comment(text[word.end() :], known) is None:
        return None  # "one more request": a word for a number takes no unit
    return _numbered(value, text[word.end() :], line, known)


def _numbered(value: str, rest: str, line: str, known: Known) -> Said | Near | None:
    if not plain(rest):
        return Said("number", value)
    comment = _comment(rest, known)
    if comment is None:
        pieces = [piece for piece in _BREAK.split(rest, maxsplit=1) if piece is not None]
        before, after = pieces[0], pieces[1] if len(pieces) > 1 else ""
        unit = before.split()
        joint = next((at for at, word in enumerate(unit) if plain(word) in known.around["but"]), len(unit))
        unit, tail = unit[:joint], unit[joint:]
        if not 1 <= len(unit) <= 2 or not rest[:1].isspace() or any(_is_no_unit(word, known) for word in unit):
            return None
        return Said("number", f"{value} {' '.join(unit)}", " ".join([*tail, after.strip()]).strip())
    several = [word in known.numbers or word[0].isdigit() for word in plain(comment).split()]
    joints = [word in known.around["but"] for word in plain(comment).split()]
    if any(several) and all(map(or_, several, joints)):
        return Near("number", line)  # "1, 3" and "2 or 3"
    return Said("number", value, comment)


def _is_no_unit(word: str, known: Known) -> bool:
    bare = plain(word)
    return bare in known.around["please"] or bare in known.numbers or not bare[:1].isalpha()


def _ascii_digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _with_what_follows(said: Said | Near, line: str, below: str, known: Known) -> Said | Near | None:
    """The same, with the lines below: a comment, or a sign that this is a post, or a reason to ask."""
    if not below or isinstance(said, Near):
        return said if not below or said.command in ANSWERS | FIRM else None
    if said.command in KIND:
        return None
    if said.command not in ANSWERS | FIRM:
        return Near(said.command, line)
    return Said(said.command, said.argument, "\n".join(part for part in (said.comment, below) if part))


def _kind_word_to_a_name(line: str, known: Known) -> Said | None:
    """ "Thanks Bob", "thank you all" """
    words = list(_WORD.finditer(line)) if len(line) <= SHORT_CHARS else []
    for last in words[:-1]:
        rest = line[last.end() :].strip(" ,.!:;-–—")
        if known.exact.get(plain(line[: last.end()])) == "thanks" and rest:
            to_whom = all(_whom_or_why(piece, known) for piece in _PIECE.split(rest))
            return Said("thanks", comment=rest) if to_whom else None
    return None


def _whom_or_why(piece: str, known: Known) -> bool:
    """A name, everyone, or another kind word: of "thanks Ana, very helpful" what follows the first."""
    words = plain(piece).split()
    return all(word in known.around["everyone"] for word in words) or is_name(piece) or " ".join(words) in known.kind


def _with_words(line: str, known: Known) -> Said | Near | None:
    """ "find cement kick", "weekly friday", "own posts off"; the longest word that takes what follows it."""
    near = None
    for end in _word_ends(line):
        word, rest = plain(line[:end]), line[end:].strip(" ,،、:：=")
        for command in (known.exact.get(word, ""), *known.others.get(word, ())):
            shape = SHAPES.get(command)
            fits = shape(rest, known) if shape and plain(rest) else None
            if isinstance(fits, str):
                return Said(command, fits)
            if fits and not near:
                near = Near(command, line, fits.meant)
    return near


def _word_ends(line: str) -> list[int]:
    """Where the first four words end, the last one first; in a script without spaces, also inside a word."""
    words = list(islice(_WORD.finditer(line[:SHORT_CHARS].translate(APOSTROPHES)), 4))
    ends = {word.end() for word in words}
    ends |= {at for word in words for at in range(word.start() + 1, word.end()) if line[at - 1] >= UNSPACED}
    return sorted(ends, reverse=True)


def _near(line: str, known: Known) -> Near | None:
    """A short line that is nearly a word offered: misspelt, wrapped in politeness, or with a little too much."""
    tokens = plain(line).split()
    if going := _going(tokens, known):
        return Near(going, line)
    if not tokens or len(tokens) > SHORT_WORDS or len(line) > SHORT_CHARS:
        return None
    bare = [token for token in tokens if token not in known.around["please"]] or tokens
    wanted = known.exact.get(" ".join(token for token in bare if token not in known.around["wish"]))
    text = " ".join(bare)
    command = known.exact.get(text) or _misspelt(text, known) or _telling(bare, known)
    if not command and wanted and wanted not in ANSWERS | KIND:  # "I want to stop", but not "I can help"
        command = wanted
    if not command and known.exact.get(tokens[0]) in ANSWERS:
        command = known.exact[tokens[0]]
    if not command and known.numbers and any(map(known.counts, tokens)):
        command = "number"
    return Near(command, line) if command else None


def _misspelt(text: str, known: Known) -> str | None:
    """The command whose word is within one slip (up to five letters) or two."""
    slips = ((distance(text, word), len(word), command) for word, command in known.exact.items() if _alike(text, word))
    near = [slip for slip in slips if slip[0] <= (1 if slip[1] <= 5 else 2)]
    return min(near)[2] if near else None


def _alike(text: str, word: str) -> bool:
    """Worth comparing: short words are too near to others, and nobody slips on the first letter ("done", "none")."""
    return len(word) >= 3 and text[:1] == word[:1]


def _going(tokens: Sequence[str], known: Known) -> str | None:
    """A phrase that means to go, anywhere in a line that is all they wrote: "please take me off this list"."""
    text = f" {' '.join(tokens)} "
    phrases = ((phrase, command) for phrase, command in known.exact.items() if command in FIRM and " " in phrase)
    found = (command for phrase, command in phrases if len(phrase) >= TELLING and f" {phrase} " in text)
    return next(found, None) if len(tokens) <= GOING_WORDS else None


def _telling(tokens: Sequence[str], known: Known) -> str | None:
    """A long word of a short line that means to go, right or nearly: "please unsubcribe me"."""
    firm = {word: command for word, command in known.exact.items() if command in FIRM and len(word) >= TELLING}
    near = (command for token in tokens for word, command in firm.items() if distance(token, word) <= 2)
    return next(near, None)
