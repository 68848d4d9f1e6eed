"""Forwards told from replies: the forwarded author credited, the forwarder's comment the new text."""

import pytest

from mailer.mail.folding import fold
from mailer.mail.message import Body, Headers, Mailbox, Message

ANA = Mailbox("Ana Ruiz", "ana@mine.example")
NEW = "This may help us all."

# The line that mail programs write above what they forward, and the four labels below it.
RULES = {
    "gmail": ("---------- Forwarded message ---------", "From", "Date", "Subject", "To"),
    "thunderbird": ("-------- Forwarded Message --------", "Subject", "Date", "From", "To"),
    "apple": ("Begin forwarded message:\n", "From", "Subject", "Date", "To"),
    "de": ("-------- Weitergeleitete Nachricht --------", "Betreff", "Datum", "Von", "An"),
    "de-apple": ("Anfang der weitergeleiteten Nachricht:\n", "Von", "Betreff", "Datum", "An"),
    "fr": ("---------- Forwarded message ---------", "De", "Date", "Subject", "To"),
    "fr-apple": ("Début du message réexpédié :\n", "De", "Objet", "Date", "À"),
    "es": ("-------- Mensaje reenviado --------", "Asunto", "Fecha", "De", "Para"),
    "pt": ("-------- Mensagem encaminhada --------", "Assunto", "Data", "De", "Para"),
    "it": ("-------- Messaggio inoltrato --------", "Oggetto", "Data", "Mittente", "A"),
    "nl": ("-------- Doorgestuurd bericht --------", "Onderwerp", "Datum", "Van", "Aan"),
    "sv": ("---------- Vidarebefordrat meddelande ---------", "Från", "Datum", "Ämne", "Till"),
    "da": ("-------- Videresendt meddelelse --------", "Emne", "Dato", "Fra", "Til"),
    "fi": ("---------- Välitetty viesti ---------", "Lähettäjä", "Päivämäärä", "Aihe", "Vastaanottaja"),
    "pl": ("-------- Przekazana wiadomość --------", "Temat", "Data", "Nadawca", "Adresat"),
    "cs": ("---------- Přeposlaná zpráva ---------", "Od", "Datum", "Předmět", "Komu"),
    "hu": ("-------- Továbbított üzenet --------", "Tárgy", "Dátum", "Feladó", "Címzett"),
    "tr": ("---------- Yönlendirilen ileti ---------", "Kimden", "Tarih", "Konu", "Kime"),
    "ru": ("-------- Пересылаемое сообщение --------", "Тема", "Дата", "От", "Кому"),
    "el": ("-------- Προωθημένο μήνυμα --------", "Θέμα", "Ημερομηνία", "Από", "Προς"),
    "zh": ("---------- 转发的邮件 ---------", "发件人", "日期", "主题", "收件人"),
    "ja": ("---------- 転送メッセージ ---------", "差出人", "日付", "件名", "宛先"),
    "ko": ("---------- 전달된 메일 ---------", "보낸 사람", "날짜", "제목", "받는 사람"),
    "ar": ("---------- رسالة معاد توجيهها ---------", "من", "التاريخ", "الموضوع", "إلى"),
    "he": ("---------- הודעה שהועברה ---------", "מאת", "תאריך", "נושא", "אל"),
}


def mail(text: str, subject: str) -> Message:
    people = (Mailbox("Bo Lind", "bo@wells.example"),)
    return Message(Headers(()), "", (), (), subject, people, (), (), (), None, text, "")


def block(*labels: str) -> str:
    """A header block whose values fit their labels, in whatever order a program writes them."""
    senders = {
        "From",
        "Von",
        "De",
        "Mittente",
        "Van",
        "Från",
        "Fra",
        "Lähettäjä",
        "Nadawca",
        "Od",
        "Feladó",
        "Kimden",
        "От",
    }
    senders |= {"Από", "发件人", "差出人", "보낸 사람", "من", "מאת"}
    places = {
        "Date",
        "Datum",
        "Fecha",
        "Data",
        "Dato",
        "Päivämäärä",
        "Dátum",
        "Tarih",
        "Дата",
        "Ημερομηνία",
        "日期",
        "日付",
    }
    places |= {"날짜", "التاريخ", "תאריך"}
    to = {
        "To",
        "An",
        "À",
        "Para",
        "A",
        "Aan",
        "Till",
        "Til",
        "Vastaanottaja",
        "Adresat",
        "Komu",
        "Címzett",
        "Kime",
        "Кому",
    }
    to |= {"Προς", "收件人", "宛先", "받는 사람", "إلى", "אל"}
    values = {**dict.fromkeys(senders, "Ana Ruiz <ana@mine.example>"), **dict.fromkeys(places, "3/3/2026 10:15")}
    values |= dict.fromkeys(to, "bo@wells.example")
    return "".join(f"{label}: {values.get(label, 'Gaskets for salt water')}\n" for label in labels)


@pytest.mark.parametrize("program", RULES)
def test_a_forward_credits_its_author(program: str) -> None:
    rule, *labels = RULES[program]
    body = fold(mail(f"{NEW}\n\n{rule}\n{block(*labels)}\nThe blue one holds 40 bar.\n", "Fwd: Gaskets for salt water"))
    assert (body.new_text, [f.kind for f in body.folded], body.forwarded) == (NEW, ["forward"], ANA)


@pytest.mark.parametrize("sign", ["FW", "WG", "TR", "RV", "ENC", "I", "VB", "VL", "PD", "İLT", "ΠΡΘ", "转发", "転送"])
def test_a_header_block_below_a_forward_sign_is_a_forward(sign: str) -> None:
    header = block("From", "Date", "To", "Subject")
    body = fold(mail(f"{NEW}\n\n{header}\nThe blue one holds 40 bar.\n", f"{sign}: Gaskets for salt water"))
    assert (body.new_text, [f.kind for f in body.folded], body.forwarded) == (NEW, ["forward"], ANA)


def test_the_same_header_block_below_a_reply_sign_is_a_quote() -> None:
    header = block("From", "Date", "To", "Subject")
    body = fold(mail(f"{NEW}\n\n{header}\nThe blue one holds 40 bar.\n", "RE: FW: Gaskets for salt water"))
    assert (body.new_text, [f.kind for f in body.folded], body.forwarded) == (NEW, ["quote"], None)


def test_a_forward_with_quote_marks_is_a_forward() -> None:
    text = f"{NEW}\n\nBegin forwarded message:\n\n> From: Ana Ruiz <ana@mine.example>\n> Subject: Gaskets\n>\n> Blue.\n"
    body = fold(mail(text, "Fwd: Gaskets"))
    assert (body.new_text, [f.kind for f in body.folded], body.forwarded) == (NEW, ["forward"], ANA)


def test_a_forward_without_a_comment_is_the_post_and_credits_its_author() -> None:
    rule, *labels = RULES["gmail"]
    text = f"{rule}\n{block(*labels)}\nThe blue one holds 40 bar.\n"
    body = fold(mail(text, "Fwd: Gaskets for salt water"))
    assert (body.new_text.split(), body.folded, body.forwarded, body.flagged) == (text.split(), (), ANA, True)


def test_a_forward_within_a_quoted_mail_stays_in_the_quote() -> None:
    rule, *labels = RULES["gmail"]
    text = f"{NEW}\n\n-----Original Message-----\n\nFor you.\n\n{rule}\n{block(*labels)}\nBlue.\n"
    body = fold(mail(text, "Re: Gaskets"))
    assert (body.new_text, [f.kind for f in body.folded], body.forwarded) == (NEW, ["quote"], None)


def test_the_forwarders_signature_is_his_own() -> None:
    rule, *labels = RULES["gmail"]
    text = f"{NEW}\n\nKind regards,\nBo Lind\n\n{rule}\n{block(*labels)}\nThe blue one holds.\n\nRegards,\nAna\n"
    body = fold(mail(text, "Fwd: Gaskets"))
    assert (body.new_text, [f.kind for f in body.folded]) == (NEW, ["signature", "forward"])


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("Ana Ruiz <ana@mine.example>", ANA),
        ('"Ana Ruiz" <ana@mine.example>', ANA),
        ("Ana Ruiz [mailto:ana@mine.example]", ANA),
        ("Ana Ruiz (ana@mine.example)", ANA),
        ("ana@mine.example", Mailbox("", "ana@mine.example")),
        ("<ana@mine.example>", Mailbox("", "ana@mine.example")),
        ("Ana Ruiz <ana@mine.example<mailto:ana@mine.example>>", ANA),
        ("Ruiz, Ana", Mailbox("Ruiz, Ana", "")),
    ],
)
def test_authors_are_read_however_they_are_written(written: str, author: Mailbox) -> None:
    text = f"{NEW}\n\nFrom: {written}\nSent: Tuesday, 3 March 2026 10:15\nTo: Bo\nSubject: Gaskets\n\nBlue.\n"
    assert fold(mail(text, "FW: Gaskets")).forwarded == author


def test_a_sentence_about_forwarding_is_no_forward() -> None:
    text = "I forwarded the message:\nit holds.\n\n--- forwarded by hand ---\n\nAs ever."
    assert fold(mail(text, "Gaskets")) == Body(text, text, (), None, False)
