"""Subjects without the signs that mail programs and lists put before them (RFC 5256 §2.1, and every language's signs).

Refuses nothing: any text has a base subject, possibly empty. Called by folding, by threads and by `mailer read`.
"""

import re
import unicodedata

from mailer.mail.quotes.phrases import words

# The signs are few, short and closed: what mail programs write, by language. Matched without case and accents.
REPLY_SIGNS = words(
    """
    re | r | rep | reply | aw | antw | antwort | sv | svar | vs | rif | ris | risp | res | resp | odp |
    odpowiedz | ynt | yan | cvp | va | valasz | απ | σχετ | ατ | отг | отв | ответ | відп | відповідь | вид | одг |
    на | отн | ре | odg | bls | bal | balas | ats | atb | vast | 回复 | 回覆 | 答复 | 答覆 | 回信 | 返信 | 답장 |
    회신 | ตอบ | ตอบกลับ | תגובה | תשובה | השב | رد | الرد | پاسخ | جواب
    """
)
FORWARD_SIGNS = words(
    """
    fw | fwd | forward | wg | weiterl | tr | rv | i | fs | vl | vb | vdb | doorst | doorgestuurd | enc | encam |
    pd | przek | ilt | tov | πρθ | προωθ | переслать | пересл | вих | пд | нп | пдр | trs | tlp | inoltro | inolt |
    teruskan | edasi | yml | tovabbitas | ส่งต่อ | 转发 | 轉寄 | 轉發 | 转寄 | 転送 | 전달 | הועבר | להעביר | توجيه
    """
)
# What gateways call mail from outside and mail they are not sure of; beside a sign it is no part of the subject.
_GATES = words("ext | extern | external | externe | externo | externa | esterno | esterna | ekstern | spam | 外部")
_LONGEST_SIGN = 12  # letters; no mail program writes a longer one

# A sign: up to 12 letters (several marks for accents), an optional count "[2]" "(2)" "^2" "*2" or bare, then a colon.
_SIGN = re.compile(
    r"\s*([^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0590-\u05c7\u064b-\u065f\u0e31-\u0e4e.\-])*)\s?(?:[\[(^*]?\d{1,4}[\])]?)?\s?[:：\ufe55\ufe30]"
)
_BLOB = re.compile(r"\s*[\[【]([^\[\]【】]{1,80})[\]】](?:\s?(?:[:：]|[-–](?=\s)))?")
# The same in other brackets or between stars, or bare with a colon: "*EXTERN*", "(Ext)", "EXTERNAL:".
_MARK = re.compile(
    r"\s*(?:\*{1,3}([^*]{1,40})\*{1,3}|\(([^()]{1,40})\)|\{([^{}]{1,40})\}|<([^<>]{1,40})>|([^\W\d_]{1,12})\s?[:：])"
    r"(?:\s?(?:[:：]|[-–](?=\s)))?"
)
_BARE = 5  # the group of a word with a colon
_WRAPPED = re.compile(r"\[(?:fwd?|wg|tr|rv):\s?(.*)\]", re.IGNORECASE)
_DIRECTIONS = dict.fromkeys([0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
_TRAILER = re.compile(r"\s*\((?:fwd?|forwarded|weitergeleitet)\)\s*$", re.IGNORECASE)


def _sign(match: re.Match[str]) -> str | None:
    """The kind of sign that the word before the colon is, "reply" or "forward", or None."""
    word = match[1].strip(".-").casefold()
    if len(word) > _LONGEST_SIGN:
        return None
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    for form in (word, bare, unicodedata.normalize("NFC", bare)):
        if form in REPLY_SIGNS:
            return "reply"
        if form in FORWARD_SIGNS:
            return "forward"
    return None


def signs(subject: str) -> tuple[list[str], str]:
    """The signs before the subject, outermost first, and what is left: blobs such as `[EXTERNAL]` go with them."""
    found: list[str] = []
    at = 0
    subject = subject.translate(_DIRECTIONS)
    end = len(subject.rstrip())
    while True:
        match = _SIGN.match(subject, at)
        kind = _sign(match) if match else None
        if match and kind:
            found.append(kind)
            at = match.end()
            continue
        blob = _BLOB.match(subject, at) or _gate(subject, at, bool(found))
        if not blob or blob.end() >= end:
            return found, subject[at:]
        at = blob.end()


def _gate(subject: str, at: int, after: bool) -> re.Match[str] | None:
    """The mark of a gateway that stands here, before a sign or `after` one."""
    mark = _MARK.match(subject, at)
    if not mark:
        return None
    named = mark[mark.lastindex or 0].strip(" *?!-").casefold().split()[:1]
    following = _SIGN.match(subject, mark.end())
    before = following is not None and _sign(following) is not None
    gate = named != [] and named[0].strip("?!:") in _GATES
    return mark if (gate and (after or before)) or (before and mark.lastindex != _BARE) else None


def base_subject(subject: str) -> str:
    """The subject itself: no reply or forward signs, no `[blobs]` before it, white space folded; case is kept."""
    text = unicodedata.normalize("NFC", " ".join(subject.split()))
    while trailer := _trailer(text):
        text = text[: -len(trailer)]
    _, rest = signs(text)
    wrapped = _WRAPPED.fullmatch(rest.strip())
    return (signs(wrapped[1])[1] if wrapped else rest).strip()


def _trailer(text: str) -> str:
    """The `(fwd)` at the end, or empty."""
    match = _TRAILER.search(text, max(0, len(text) - 40))
    return match[0] if match else ""


def is_reply(subject: str) -> bool:
    """Whether the outermost sign says that this answers another mail; a forward is not a reply."""
    return signs(subject)[0][:1] == ["reply"]


def is_forward(subject: str) -> bool:
    """Whether the outermost sign says that another mail is passed on."""
    found, rest = signs(subject)
    return found[:1] == ["forward"] or bool(_trailer(subject)) or _WRAPPED.fullmatch(rest.strip()) is not None
