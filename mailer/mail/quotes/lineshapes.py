"""What one line of a mail looks like, whatever its language: dates, addresses, rules, marks of quotation.

Refuses lines longer than LONG: nothing that a mail program writes between two mails is longer.
Called by the modules beside it that tell new words from the rest.
"""

import re

LONG = 1000  # characters; RFC 5322 §2.1.1 allows 998

_DATE = re.compile(
    r"(?<!\d)\d{1,2}\s?[:.hH٫]\s?[0-5]\d(?!\d)"  # 16:05 16.05 16h05
    r"|(?<!\d)\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}(?!\d)"  # 4/7/2011, 2011-04-07, 7. 4. 2011
    r"|\d{1,4}\s?[年년]"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20|25|[۱١][۳٣٤۴]|[۲٢][۰٠])\d\d(?!\d)")
_NUMBER = re.compile(r"\d+")
_ADDRESS = re.compile(r"[^\s<>\"'()\[\]:;,@*]{1,64}@[^\s<>\"'()\[\]:;,@*]{2,190}")
_BRACKETED = re.compile(r"[<(\[＜《]\s?(?:mailto:)?\s?[^\s<>()\[\]@]{1,64}@[^\s<>()\[\]@]{2,190}")
_RULES = frozenset("-_=*‐‑‒–—―─")
_RULE = re.compile(r"\s*([-_=*~#‐‑‒–—―─━])(?:\s?\1)+\s*")
_TITLED_RULE = re.compile(r"\s*([-_=*‐‑‒]{2,}|[–—―─]{1,})\s?(\S.{0,98}?)\s?\1?[-_=*‐‑‒–—―─]+\s*")  # ‐ is ProtonMail's
_MARK = re.compile(r" {0,3}(?:[A-Za-z]{2,3}(?=> ))?[>＞]")
_MARKS = re.compile(r"[ \t]*(?:[A-Za-z]{2,3}(?=> ))?(?:[>＞]\s?)+")
_BIDI = dict.fromkeys(
    map(
        ord,
        "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff\u00ad",
    )
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>]{2,}", re.IGNORECASE)
_EDGES = " \t\r\n\v\f\xa0\u2002\u2003\u2009\u3000*_"
_COLONS = (":", "：", "︰", "፡", "׃")
_ANNOUNCING = re.compile(r"[:：︰፡׃@]")


def bare(line: str) -> str:
    """The line without invisible direction marks, surrounding white space and `*bold*` marks."""
    if len(line) > LONG:
        return line
    return (line if line.isascii() else line.translate(_BIDI)).strip(_EDGES)


def is_marked(line: str) -> bool:
    """Whether the line begins with a mark of quotation."""
    start = line[:8]
    return (">" in start or "＞" in start) and _MARK.match(line) is not None


def may_announce(line: str) -> bool:
    """Whether a heading can stand here: it has a colon, an address or a frame, or begins as a rule. Few lines have."""
    return _ANNOUNCING.search(line) is not None or ">>" in line or line.lstrip()[:1] in _RULES


def is_framed(line: str) -> bool:
    """Whether the line stands between `>>>` and `>>>`, as GroupWise writes its attributions."""
    text = line.strip()
    return text.startswith(">>") and text.endswith(">>") and len(text.strip("> ")) > 2


def unmarked(line: str) -> str:
    """The line without its marks of quotation."""
    match = _MARKS.match(line) if ">" in line or "＞" in line else None
    return line[match.end() :] if match else line


def dated(line: str) -> bool:
    """Whether the line holds a date or a time of day, in figures of any script."""
    if len(line) > LONG:
        return False
    if _DATE.search(line):
        return True
    return bool(_YEAR.search(line)) and len(_NUMBER.findall(line)) > 1


def addressed(line: str) -> bool:
    """Whether the line holds an email address."""
    return "@" in line and len(line) <= LONG and _ADDRESS.search(line) is not None


def bracketed(line: str) -> bool:
    """Whether the line holds an address in brackets, as mail programs write them beside a name."""
    return "@" in line and len(line) <= LONG and _BRACKETED.search(line) is not None


def address(line: str) -> str:
    """The first email address of the line, or empty."""
    match = _ADDRESS.search(line) if "@" in line and len(line) <= LONG else None
    return match[0].rstrip(".") if match else ""


def linked(line: str) -> bool:
    """Whether the line holds a web address."""
    return len(line) <= LONG and _LINK.search(line) is not None


def is_rule(line: str) -> bool:
    """Whether the line is a rule: three or more of one drawing character and nothing else (`--` is not one)."""
    return len(line) <= LONG and _RULE.fullmatch(line) is not None and len(line.replace(" ", "").strip()) >= 3


def rule_title(line: str) -> str:
    """The words of a rule that carries some, as `----- Original Message -----` does, or empty."""
    if len(line) > 120 or line.lstrip()[:1] not in _RULES:
        return ""
    match = _TITLED_RULE.fullmatch(line)
    return match[2].strip() if match and match[2].strip(" -_=*‐") else ""


def ends_open(line: str) -> bool:
    """Whether the line ends with a colon, of any script, as words before a quotation do."""
    tail = line[-12:]
    if ":" not in tail and (tail.isascii() or not any(colon in tail for colon in _COLONS)):
        return False
    return bare(line).rstrip("> -–—_").endswith(_COLONS)
