"""Whether words that would go to many look meant for one: a telephone number to call, an account, "just between us".

Built for few false alarms: depths, part numbers, dates, meeting lines and signatures pass. Refuses to judge anything
else. Any script; pure and linear. Called by gather for replies to posts; the writer is asked, never stopped.
"""

import re
from collections.abc import Iterator
from typing import Literal

from mailer.community.likeness import plain

Why = Literal["", "words", "account", "phone"]

LONGEST = 4_000  # characters looked at: who confides is brief, and what is long is an article
FRANK = 300  # characters of a reply that is a number and little else
TOP = 3  # its first lines: below them stand signatures

_WORDS = {
    "en": "just between us|just between you and me|between you and me only|between the two of us|strictly between us"
    "|off the record|in strict confidence|in strictest confidence|keep this to yourself|keep it to yourself"
    "|keep this between us|keep it between us|please don't share this|please do not share this|don't tell anyone"
    "|do not tell anyone|don't pass this on|do not pass this on|don't forward this|do not forward this"
    "|for your eyes only|not for the list|not for the whole list|not for everyone|this is only for you"
    "|this is for you only|this is for you alone|writing to you privately|writing to you alone|my salary|my password is"
    "|the password is|my diagnosis",
    "fr": "juste entre nous|strictement entre nous|entre toi et moi|entre vous et moi|cela reste entre nous"
    "|ça reste entre nous|que cela reste entre nous|que ça reste entre nous|garde ça pour toi|gardez cela pour vous"
    "|gardez ça pour vous|à titre confidentiel|en toute confidentialité|ne le dis à personne|ne le dites à personne"
    "|ne pas diffuser|pas pour la liste|pas pour tout le monde|mon salaire|mon mot de passe|le mot de passe est",
    "es": "solo entre nosotros|sólo entre nosotros|entre tú y yo|entre usted y yo|que quede entre nosotros"
    "|esto queda entre nosotros|extraoficialmente|en estricta confidencialidad|en confianza te digo"
    "|en confianza le digo|no se lo digas a nadie|no se lo diga a nadie|no lo compartas|no lo reenvíes|guárdalo para ti"
    "|no es para la lista|no es para todos|mi sueldo|mi salario|mi contraseña|la contraseña es",
    "de": "nur unter uns|unter uns gesagt|unter vier augen|bleibt unter uns|im vertrauen gesagt|ganz im vertrauen"
    "|streng vertraulich|behalte das für dich|behalt das für dich|behalten sie das für sich|sag es niemandem"
    "|sagen sie es niemandem|bitte nicht weitersagen|bitte nicht weiterleiten|nicht für die liste"
    "|nicht für alle bestimmt"
    "|mein gehalt|mein passwort|das passwort ist|das passwort lautet",
    "pt": "só entre nós|apenas entre nós|entre mim e ti|entre você e eu|fica entre nós|que fique entre nós"
    "|extraoficialmente|em estrita confidencialidade|não conte a ninguém|não contes a ninguém|não reencaminhe"
    "|não encaminhe|guarde isto para si|guarda isto para ti|não é para a lista|não é para todos|o meu salário"
    "|meu salário|minha senha é|a minha senha|a senha é|a minha palavra passe",
    "ar": "بيني وبينك|بيننا فقط|يبقى بيننا|ليبق هذا بيننا|لا تخبر أحدا|لا تخبري أحدا|ليس للنشر|بسرية تامة"
    "|ليس للجميع|راتبي|كلمة المرور الخاصة بي|كلمة السر هي",
    "sw": "kati yetu tu|kati yangu na wewe|baina yetu tu|siri yetu|usimwambie mtu|msimwambie mtu|tafadhali usisambaze"
    "|kwa siri kabisa|si kwa wote|mshahara wangu|nywila yangu|neno langu la siri",
}
_WORDS_CLOSE = (  # of a language that puts no blanks between words
    "ここだけの話|ここだけにして|内密に|内々に|他言無用|二人だけの|誰にも言わないで|口外しないで|オフレコ"
    "|私の給料|パスワードは"
)
_CALL = {
    "en": "call me|ring me|phone me|text me|my number|my mobile|my cell|my phone|my whatsapp|whatsapp me|reach me",
    "fr": "appelle moi|appelez moi|mon numéro|mon portable|mon téléphone|me joindre|mon whatsapp",
    "es": "llámame|llámeme|mi número|mi móvil|mi celular|mi teléfono|mi whatsapp|escríbeme al",
    "de": "ruf mich|rufen sie mich|meine nummer|meine handynummer|mein handy|meine telefonnummer|erreichst du mich"
    "|erreichen sie mich|mein whatsapp",
    "pt": "liga me|ligue me|me ligue|me liga|o meu número|meu número|o meu telemóvel|meu celular"
    "|meu telefone|meu whatsapp",
    "ar": "اتصل بي|اتصلي بي|رقمي|هاتفي|جوالي|واتساب الخاص بي",
    "sw": "nipigie|namba yangu|nambari yangu|simu yangu|whatsapp yangu",
}
_CALL_CLOSE = "電話してください|電話番号は|携帯は|私の携帯|携帯番号"
_ACCOUNT = (
    "credit card|card number|my card|carte bancaire|tarjeta de crédito|kreditkarte|cartão de crédito|بطاقة الائتمان"
    "|account number|bank account|sort code|numéro de compte|compte bancaire|número de cuenta|cuenta bancaria"
    "|kontonummer|bankkonto|bankverbindung|número de conta|conta bancária|dados bancários|رقم الحساب|حساب بنكي"
    "|akaunti ya benki|nambari ya akaunti|namba ya akaunti"
)
_ACCOUNT_CLOSE = "口座番号|銀行口座"

_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_DIGITS = re.compile(r"\+?\(?\d[\d ()./-]{5,22}\d")
_ABROAD = re.compile(r"(?<![\w.+-])\+[1-9][\d ()-]{6,20}\d(?![\d.,]*\d)")
_LABELLED = re.compile(
    r"\s*(?:\W{0,3})(?:t|tel|m|mob|mobile|cell|fax|f|p|ph|phone|office|direct|dial|tél|fon|tlf|телефон)\b", re.I
)
_ROUND = re.compile(r"000\D*$")


def _phrases(*tables: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f" {plain(phrase)} " for table in tables for phrase in table.split("|")))


def _close(*tables: str) -> tuple[str, ...]:
    return tuple(plain(phrase) for table in tables for phrase in table.split("|"))


_CONFIDING = _phrases(*_WORDS.values()) + _close(_WORDS_CLOSE)
_CALLING = _phrases(*_CALL.values()) + _close(_CALL_CLOSE)
_BANKING = _phrases(_ACCOUNT) + _close(_ACCOUNT_CLOSE)


def looks_private(new_text: str) -> Why:
    """Why these new words look meant for one reader, or nothing. Quotes the writer kept are not looked at."""
    lines = [line for line in new_text[:LONGEST].split("\n") if line.strip() and not line.lstrip().startswith(">")]
    made = [f" {plain(line)} " for line in lines]
    flat = f" {' '.join(' '.join(made).split())} "
    if _any(flat, _CONFIDING):
        return "words"
    text = "\n".join(lines)
    if any(map(_is_iban, _IBAN.findall(text))):
        return "account"
    if any(_any(line, _BANKING) and _number(lines[at : at + 2], 6, 24) for at, line in enumerate(made)):
        return "account"
    if any(_any(line, _CALLING) and _number(lines[at : at + 2], 7, 15) for at, line in enumerate(made)):
        return "phone"
    return "phone" if len(text) <= FRANK and any(map(_frank, lines[:TOP])) else ""


def _any(line: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase in line for phrase in phrases)


def _number(lines: list[str], least: int, most: int) -> bool:
    """Whether a run of digits of this length stands here, as numbers to dial and accounts are written."""
    return any(least <= len(_only_digits(found[0])) <= most for line in lines for found in _DIGITS.finditer(line))


def _frank(line: str) -> bool:
    """A number with its country in a line of a person's words, not in a line of a card."""
    return not _LABELLED.match(line) and any(
        9 <= len(_only_digits(found)) <= 15 and not _ROUND.search(found) for found in _abroad(line)
    )


def _abroad(line: str) -> Iterator[str]:
    return (found[0] for found in _ABROAD.finditer(line))


def _only_digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _is_iban(text: str) -> bool:
    """ISO 13616: the check digits come out."""
    bare = text.replace(" ", "")
    number = "".join(str(int(char, 36)) for char in bare[4:] + bare[:4])
    return 15 <= len(bare) <= 34 and int(number) % 97 == 1
