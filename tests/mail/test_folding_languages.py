"""New words told from quotes in many languages: the attributions and header blocks that mail programs write."""

import pytest

from mailer.mail.folding import fold
from mailer.mail.message import Headers, Mailbox, Message

# What Gmail, Apple Mail, Thunderbird and others put above a quote, by language of the program.
ATTRIBUTIONS = {
    "en": "On Tue, 3 Mar 2026 at 10:15, Ana Ruiz <ana@wells.example> wrote:",
    "en-apple": "> On 3 Mar 2026, at 10:15, Ana Ruiz <ana@wells.example> wrote:\n> ",
    "en-thunderbird": "On 03/03/2026 10:15, Ana Ruiz wrote:",
    "en-wrapped": "On Tue, Mar 3, 2026 at 10:15 AM Ana Maria Ruiz via the wells community <\nana@wells.example> wrote:",
    "en-three-lines": "On Tue, Mar 3, 2026 at 10:15 AM,\nAna Ruiz of the wells community\n<ana@wells.example> wrote:",
    "de": "Am Di., 3. März 2026 um 10:15 Uhr schrieb Ana Ruiz <ana@wells.example>:",
    "de-thunderbird": "Am 03.03.26 um 10:15 schrieb Ana Ruiz:",
    "fr": "Le mar. 3 mars 2026 à 10:15, Ana Ruiz <ana@wells.example> a écrit :",
    "es": "El mar, 3 mar 2026 a las 10:15, Ana Ruiz (<ana@wells.example>) escribió:",
    "pt": "Ana Ruiz <ana@wells.example> escreveu (terça, 3/03/2026 à(s) 10:15):",
    "pt-br": "Em ter., 3 de mar. de 2026 às 10:15, Ana Ruiz <ana@wells.example> escreveu:",
    "it": "Il giorno mar 3 mar 2026 alle ore 10:15 Ana Ruiz <ana@wells.example> ha scritto:",
    "nl": "Op di 3 mrt 2026 om 10:15 schreef Ana Ruiz <ana@wells.example>:",
    "sv": "Den tis 3 mars 2026 kl 10:15 skrev Ana Ruiz <ana@wells.example>:",
    "da": "Den tirs. 3. mar. 2026 kl. 10.15 skrev Ana Ruiz <ana@wells.example>:",
    "nb": "tir. 3. mars 2026 kl. 10:15 skrev Ana Ruiz <ana@wells.example>:",
    "fi": "ti 3. maalisk. 2026 klo 10.15 Ana Ruiz (ana@wells.example) kirjoitti:",
    "et": "Kuupäev T, 3. märts 2026 kell 10:15 kirjutas kasutaja Ana Ruiz (<ana@wells.example>):",
    "pl": "wt., 3 mar 2026 o 10:15 Ana Ruiz <ana@wells.example> napisał(a):",
    "cs": "út 3. 3. 2026 v 10:15 odesílatel Ana Ruiz <ana@wells.example> napsal:",
    "hu": "Ana Ruiz <ana@wells.example> ezt írta (időpont: 2026. márc. 3., K, 10:15):",
    "ro": "mar., 3 mar. 2026 la 10:15, Ana Ruiz <ana@wells.example> a scris:",
    "tr": "Ana Ruiz <ana@wells.example>, 3 Mar 2026 Sal, 10:15 tarihinde şunu yazdı:",
    "ru": "вт, 3 мар. 2026 г. в 10:15, Ana Ruiz <ana@wells.example>:",
    "ru-mail": "Вторник, 3 марта 2026, 10:15 +03:00 от Ana Ruiz <ana@wells.example>:",
    "uk": "вт, 3 бер. 2026 р. о 10:15 Ana Ruiz <ana@wells.example> пише:",
    "el": "Στις Τρί 3 Μαρ 2026 στις 10:15 π.μ., ο χρήστης Ana Ruiz <ana@wells.example> έγραψε:",
    "ja": "2026年3月3日(火) 10:15 Ana Ruiz <ana@wells.example>:",
    "ja-thunderbird": "On 2026/03/03 10:15, Ana Ruiz wrote:",
    "zh": "Ana Ruiz <ana@wells.example> 于2026年3月3日周二 10:15写道：",
    "zh-netease": '在 2026-03-03 10:15:31，"Ana Ruiz" <ana@wells.example> 写道：',
    "zh-tw": "Ana Ruiz <ana@wells.example> 於 2026年3月3日 週二 上午10:15寫道：",
    "ko": "2026년 3월 3일 (화) 오전 10:15, Ana Ruiz <ana@wells.example>님이 작성:",
    "ar": "في الثلاثاء، 3 مارس 2026 في 10:15 ص تمت كتابة ما يلي بواسطة Ana Ruiz <\u202aana@wells.example\u202c\u200f>:",
    "ar-digits": "في ٣ مارس ٢٠٢٦، الساعة ١٠:١٥، كتب Ana Ruiz <ana@wells.example>:",
    "he": (
        "\u202bבתאריך יום ג׳, 3 במרץ 2026 ב-10:15 מאת \u202aAna Ruiz\u202c\u200f"
        " <\u202aana@wells.example\u202c\u200f>:\u202c"
    ),
    "fa": "در تاریخ سه‌شنبه ۳ مارس ۲۰۲۶ ساعت ۱۰:۱۵ Ana Ruiz <ana@wells.example> نوشت:",
    "th": "เมื่อ อ. 3 มี.ค. 2026 เวลา 10:15 Ana Ruiz <ana@wells.example> เขียนว่า:",
    "vi": "Vào Th 3, 3 thg 3, 2026 vào lúc 10:15 Ana Ruiz <ana@wells.example> đã viết:",
    "id": "Pada tanggal Sel, 3 Mar 2026 pukul 10.15 Ana Ruiz <ana@wells.example> menulis:",
    "sw": "Tarehe Jumanne, 3 Machi 2026 saa 10:15, Ana Ruiz <ana@wells.example> aliandika:",
    "no-words": "2026-03-03 10:15 GMT+03:00 Ana Ruiz <ana@wells.example>:",
}
# From, Sent, To, Subject as Outlook writes them above a quote without marks.
HEADERS = {
    "en": ("From", "Sent", "To", "Subject"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "fr": ("De ", "Envoyé ", "À ", "Objet "),
    "es": ("De", "Enviado", "Para", "Asunto"),
    "pt": ("De", "Enviada", "Para", "Assunto"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "sv": ("Från", "Skickat", "Till", "Ämne"),
    "da": ("Fra", "Sendt", "Til", "Emne"),
    "fi": ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    "et": ("Saatja", "Saadetud", "Adressaat", "Teema"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "cs": ("Od", "Odesláno", "Komu", "Předmět"),
    "hu": ("Feladó", "Elküldve", "Címzett", "Tárgy"),
    "ro": ("De la", "Trimis", "Către", "Subiect"),
    "tr": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "ru": ("От", "Отправлено", "Кому", "Тема"),
    "el": ("Από", "Στάλθηκε", "Προς", "Θέμα"),
    "ja": ("差出人", "送信日時", "宛先", "件名"),
    "zh": ("发件人", "发送时间", "收件人", "主题"),
    "ko": ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
    "ar": ("من", "تاريخ الإرسال", "إلى", "الموضوع"),
    "he": ("מאת", "נשלח", "אל", "נושא"),
    "vi": ("Từ", "Đã gửi", "Đến", "Chủ đề"),
    "sw": ("Kutoka", "Imetumwa", "Kwa", "Mada"),
    "unknown": ("Xqzu", "Vrbl", "Plim", "Tronk"),
}
NEW = "Ours failed too, at 38 bar.\nWe now use the blue one.\n\n¿Quién más? 谁还有？ أي أسئلة؟"


def reply(text: str, subject: str = "Re: Which gasket?") -> Message:
    people = (Mailbox("Bo Lind", "bo@wells.example"),)
    return Message(Headers(()), "", (), (), subject, people, (), (), (), None, text, "")


@pytest.mark.parametrize("language", ATTRIBUTIONS)
def test_marked_quotes_go_with_their_attribution(language: str) -> None:
    body = fold(reply(f"{NEW}\n\n{ATTRIBUTIONS[language]}\n> Which gasket holds 40 bar?\n>\n> Ana\n"))
    assert (body.new_text, [f.kind for f in body.folded]) == (NEW, ["quote"])


@pytest.mark.parametrize("language", [k for k in ATTRIBUTIONS if k != "en-apple"])
def test_an_attribution_is_known_without_marks_below_it(language: str) -> None:
    body = fold(reply(f"{NEW}\n\n{ATTRIBUTIONS[language]}\n\nWhich gasket holds 40 bar?\n\nAna\n"))
    assert (body.new_text, [f.kind for f in body.folded]) == (NEW, ["quote"])


@pytest.mark.parametrize("language", ATTRIBUTIONS)
def test_an_answer_below_the_quote_is_the_new_text(language: str) -> None:
    body = fold(
        reply(f"{ATTRIBUTIONS[language]}\n> Which gasket holds 40 bar?\n> I ask for all\n> of us here.\n\n{NEW}\n")
    )
    assert (body.new_text, body.flagged) == (NEW, False)


@pytest.mark.parametrize("language", HEADERS)
def test_a_header_block_is_known_by_its_shape(language: str) -> None:
    sender, sent, to, subject = HEADERS[language]
    block = (
        f"{sender}: Ana Ruiz <ana@wells.example>\n{sent}: 3. 3. 2026 10:15\n{to}: Bo Lind <bo@wells.example>\n"
        f"{subject}: Which gasket?\n"
    )
    body = fold(reply(f"{NEW}\n\n{block}\nWhich gasket holds 40 bar?\n\nAna\n"))
    assert (body.new_text, [f.kind for f in body.folded]) == (NEW, ["quote"])


@pytest.mark.parametrize("language", [k for k in HEADERS if k != "unknown"])
def test_a_header_block_needs_no_address(language: str) -> None:
    sender, sent, to, subject = HEADERS[language]
    block = f"*{sender}:* Ruiz, Ana\n*{sent}:* Tuesday 3 2026 10:15\n*{to}:* Lind, Bo\n*{subject}:* RE: Which gasket?\n"
    body = fold(reply(f"{NEW}\n________________________________\n{block}\nWhich gasket holds 40 bar?\n", "Re: other"))
    assert (body.new_text, [f.kind for f in body.folded]) == (NEW, ["quote"])


@pytest.mark.parametrize(
    "rule",
    [
        "-----Original Message-----",
        "----- Ursprüngliche Nachricht -----",
        "-------- Message d'origine --------",
        "-----Mensaje original-----",
        "-----Mensagem original-----",
        "-----Messaggio originale-----",
        "-----Oorspronkelijk bericht-----",
        "-----Oprindelig meddelelse-----",
        "-----Ursprungligt meddelande-----",
        "-----Alkuperäinen viesti-----",
        "-----Oryginalna wiadomość-----",
        "-----Původní zpráva-----",
        "-----Eredeti üzenet-----",
        "-----Özgün İleti-----",
        "-----Исходное сообщение-----",
        "------------------ 原始邮件 ------------------",
        "-----元のメッセージ-----",
        "-----원본 메시지-----",
        "-----הודעה מקורית-----",
        "-----الرسالة الأصلية-----",
    ],
)
def test_a_rule_that_says_original_is_known_even_alone(rule: str) -> None:
    body = fold(reply(f"{NEW}\n\n{rule}\n\nWhich gasket holds 40 bar?"))
    assert (body.new_text, [f.kind for f in body.folded]) == (NEW, ["quote"])
