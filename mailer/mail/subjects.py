"""Subjects without the signs that mail programs and lists put before them (RFC 5256 §2.1, and every language's signs).

Refuses nothing: any text has a base subject, possibly empty. Called by folding, by threads and by `mailer read`.
"""

import re
import unicodedata

# The signs are few, short and closed: what mail programs write, by language. Matched without case and accents.
REPLY_SIGNS = frozenset(
    """
    re r rep reply aw antw antwort sv svar vs vb rif ris risp r:re ref res resp odp odpowiedz ynt yan ynt. cvp
    va valasz απ σχετ ατ отг отв ответ відп вид одг at hv nd bls balas tl
    回复 回覆 答复 答覆 回信 返信 답장 회신 תגובה השב رد پاسخ جواب sah ats atb atsakymas atbilde vast
    """.split()  # noqa: SIM905 - a table of words reads best as words
)
FORWARD_SIGNS = frozenset(
    """
    fw fwd forward wg weiterl tr rv i fs vl vdb doorst doorgestuurd enc encam pd przek ilt tov πρθ προωθ
    переслать пересл пер вих пд нп пдр trs bl vgs tlp inoltro inolt teruskan
    转发 轉寄 轉發 转寄 転送 전달 הועבר להעביר إعادة-توجيه fwd: باز-ارسال pers pers. edasi
    """.split()  # noqa: SIM905
)
_LONGEST_SIGN = 12  # letters; no mail program writes a longer one

# A sign: up to 12 letters (several marks for accents), an optional count "[2]" "(2)" "^2" "*2" or bare, then a colon.
_SIGN = re.compile(
    r"\s*([^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0590-\u05c7\u064b-\u065f.\-])*)\s?(?:[\[(^*]?\d{1,4}[\])]?)?\s?[:：\uFE55]"
)
_BLOB = re.compile(r"\s*[\[【]([^\[\]【】]{1,80})[\]】]")
_TRAILER = re.compile(r"\s*\((?:fwd?|forwarded|weitergeleitet)\)\s*$", re.IGNORECASE)


def _sign(match: re.Match[str]) -> str | None:
    """ "reply" or "forward" where the word before the colon is a sign, else None."""
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
    rest = subject[:2000]
    while True:
        match = _SIGN.match(rest)
        kind = _sign(match) if match else None
        if match and kind:
            found.append(kind)
            rest = rest[match.end() :]
            continue
        blob = _BLOB.match(rest)
        if not blob or not rest[blob.end() :].strip():
            return found, rest
        rest = rest[blob.end() :]


def base_subject(subject: str) -> str:
    """The subject itself: no reply or forward signs, no `[blobs]` before it, white space folded; case is kept."""
    text = unicodedata.normalize("NFC", " ".join(subject.split()))
    while (cut := _TRAILER.sub("", text)) != text:
        text = cut
    _, rest = signs(text)
    rest = rest.strip()
    wrapped = re.fullmatch(r"\[(?:fwd?|wg|tr|rv):\s?(.*)\]", rest, re.IGNORECASE)
    return base_subject(wrapped[1]) if wrapped else rest


def is_reply(subject: str) -> bool:
    """Whether the outermost sign says that this answers another mail; a forward is not a reply."""
    return signs(subject)[0][:1] == ["reply"]


def is_forward(subject: str) -> bool:
    """Whether the outermost sign says that another mail is passed on."""
    found, _ = signs(subject)
    return found[:1] == ["forward"] or bool(_TRAILER.search(subject[-40:]))
