"""Whether a mail says that nobody is there to read ours, or that a program took it in: by its words, not its headers.

Refuses to take a person for a program: who asks something, quotes, refers to a mail or writes at length is there.
Called by `robots` and by the readers of bounces.
"""

import re
from collections.abc import Iterator
from typing import Literal

from mailer.mail.message import Message
from mailer.mail.reports.robotwords import AWAY, CUES, SAYS_SO, SUBJECTS, TAKEN, TICKETS, WEAK, asks, fold, words
from mailer.mail.subjects import is_reply

HEAD = 400  # characters of a subject that are looked at
SHORT = 2500  # characters: people who write more than this write for themselves
LINES = 8  # with words: an answer says at once that nobody is there
WORDS = 8  # of a subject, before any of which a reply sign may stand: "Vacation Re: Gasket"

_SURE = frozenset(words(*SUBJECTS.values()))
_WEAK = frozenset(words(*WEAK.values()))
_TAILS = tuple(" " + word for word in _SURE if "automat" in word or "автомат" in word)
_AWAY = words(*AWAY.values())
_SAYS_SO = words(SAYS_SO)
_CUES = words(CUES)
_BRACKETED = re.compile(r"[\[(（【]([^\[\]()（）【】]{3,60})[\])）】]")
_TAKEN = words(TAKEN)
_TICKETS = frozenset(words(TICKETS))
_TAG = re.compile(r"\s{0,8}(?:\[[^\[\]]{1,60}\]\s{0,8}){1,3}")
_TICKET = re.compile(r"[\[(][^\[\]()]{0,20}\d{3,20}[\])]|#\d{2,20}")
_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{3,20}")  # no year
_QUOTE = re.compile(r"(?m)^\s{0,3}[>|]|^\s{0,3}(?:-{3,}|_{5,})|^\s{0,3}\w{2,12}\s?: .{0,80}@")
_TELLING = re.compile(r"[\d@]")  # a day, a number to call, an address to write to

Sign = Literal["sure", "weak", ""]


def away(message: Message) -> bool:
    """Whether a program answers for somebody, as far as the words tell."""
    sign = _sign(message.subject[:HEAD])
    if sign == "weak":
        return len(message.text) <= SHORT and not asks(f"{message.subject[:HEAD]}\n{message.text}")
    return sign == "sure" or _nobody_there(message)


def absent(subject: str) -> bool:
    """Whether a subject is an auto-reply's: words at its head ("Automatic reply: …"), alone, or alone in brackets."""
    return bool(_sign(subject[:HEAD]))


def leaves(text: str) -> bool:
    """Whether a short text says that somebody is not there."""
    return says(text, _AWAY)


def says(text: str, phrases: tuple[str, ...]) -> bool:
    """Whether the first lines of a short text hold one of the phrases, from the start of a word."""
    start = _start(text)
    return any(_begins_word(start, at) for phrase in phrases for at in _places(start, phrase))


def answers(subject: str) -> bool:
    """Whether a subject has a reply sign near its beginning: some programs put their own words before it."""
    rest = subject[:HEAD]
    for _ in range(WORDS):
        if is_reply(rest):
            return True
        rest = rest.lstrip().partition(" ")[2]
    return False


def _sign(subject: str) -> Sign:
    head, colon, _ = (part.strip() for part in re.sub("：", ":", subject).partition(":"))
    texts = [fold(text).strip(" .!-*[]()") for text in (head, subject, *_BRACKETED.findall(subject))]
    if any(text in _SURE for text in (*texts, fold(_TAG.sub("", head, count=1)))):
        return "sure"
    if colon and len(texts[0]) < 60 and texts[0].endswith(_TAILS):
        return "weak"
    weak = any(text in _WEAK or text.endswith("is out of the office") for text in texts[:2])
    return "weak" if weak or any(text in _WEAK and text != "auto" for text in texts[2:]) else ""


def _nobody_there(message: Message) -> bool:
    """An answer in short words of absence, without a quote and without any trace of a mail program's reply; or one that
    says itself that nobody wrote it.
    """
    if _QUOTE.search(message.text):
        return False
    if message.in_reply_to or message.references:
        return says(message.text, _SAYS_SO) and says(message.text, _AWAY) and not asks(message.text)
    if _taken_in(message):
        return True
    ticket = _TICKET.search(message.subject[:HEAD])
    if not (ticket or answers(message.subject)):
        return False
    if says(message.text, _SAYS_SO):
        return True
    return says(message.text, _AWAY) and not asks(message.text) and bool(ticket or _tells_more(message))


def _taken_in(message: Message) -> bool:
    """A ticket system tells of a ticket in its subject, or repeats its number, beside words for what it did."""
    subject = message.subject[:HEAD]
    heads = (re.split(r" [-–\[#]|:", subject, maxsplit=1)[0], *_BRACKETED.findall(subject))
    told = any(fold(head).strip() in _TICKETS for head in heads) or any(
        number in message.text[:SHORT] for found in _TICKET.findall(subject) for number in _NUMBER.findall(found)
    )
    return told and says(message.text, _TAKEN) and not asks(message.text)


def _tells_more(message: Message) -> bool:
    """Until when, whom to ask instead, or in the subject as well."""
    said = _TELLING.search(message.text[:SHORT]) or says(message.text, _CUES)
    return bool(said) or says(message.subject, _AWAY)


def _start(text: str) -> str:
    """The first lines of a short text, folded; of a longer one nothing."""
    if len(text) > SHORT:
        return ""
    return fold("\n".join([line for line in text.split("\n") if line.strip()][:LINES]))


def _places(text: str, phrase: str) -> Iterator[int]:
    at = text.find(phrase)
    while at >= 0:
        yield at
        at = text.find(phrase, at + 1)


def _begins_word(text: str, at: int) -> bool:
    """Whether a place in the text begins a word. Scripts without blanks between words have words anywhere."""
    return at == 0 or not (text[at - 1].isalnum() and text[at] < "\u0e00")
