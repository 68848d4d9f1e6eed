"""Who is a machine: told from headers, the whole mail, or the words of many languages; and people are people."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.mail.dsn import bounces
from mailer.mail.message import Message
from mailer.mail.parse import parse
from mailer.mail.robots import Complaint, automatic, complained


def mail(subject: str, text: str = "", *headers: str, sender: str = "Ann <ann@far.example>") -> Message:
    head = [f"From: {sender}", "To: wells@cop.example", f"Subject: {subject}", "MIME-Version: 1.0", *headers]
    if not any(line.lower().startswith("content-type") for line in headers):
        head.append("Content-Type: text/plain; charset=utf-8")
    return parse("\r\n".join([*head, "", text.replace("\n", "\r\n"), ""]).encode())


SUBJECTS = {
    "en": ["Automatic reply: Gasket", "Out of Office: Gasket", "Out of Office AutoReply: Gasket", "Auto: Gasket"],
    "de": ["Automatische Antwort: Dichtung", "Abwesenheitsnotiz: Dichtung", "AUTOMATISCHE ANTWORT: x"],
    "fr": ["Réponse automatique : Joint", "Reponse automatique: Joint", "Absence du bureau : Joint"],
    "es": ["Respuesta automática: Junta", "Fuera de la oficina: Junta"],
    "it": ["Risposta automatica: Guarnizione", "Fuori ufficio: x"],
    "pt": ["Resposta automática: Junta", "Fora do escritório: x"],
    "nl": ["Automatisch antwoord: Pakking", "Afwezigheidsbericht: x"],
    "sv": ["Autosvar: Packning", "Automatiskt svar: Packning"],
    "da": ["Automatisk svar: Pakning", "Fraværsmeddelelse: x"],
    "nb": ["Automatisk svar: Pakning", "Fraværsmelding: x"],
    "fi": ["Automaattinen vastaus: Tiiviste", "Poissaoloviesti: x"],
    "et": ["Automaatvastus: x"],
    "lv": ["Automātiska atbilde: x", "Arpus biroja automatiska atbilde: x"],
    "lt": ["Automatinis atsakymas: x"],
    "pl": ["Automatyczna odpowiedź: Uszczelka", "[Automatyczna odpowiedź] Uszczelka"],
    "cs": ["Automatická odpověď: Těsnění"],
    "sk": ["Automatická odpoveď: Tesnenie"],
    "sl": ["Samodejni odgovor: x"],
    "hr": ["Automatski odgovor: x"],
    "hu": ["Automatikus válasz: Tömítés"],
    "ro": ["Răspuns automat: Garnitură"],
    "bg": ["Автоматичен отговор: x"],
    "ru": ["Автоматический ответ: Прокладка", "Автоответ: x"],
    "uk": ["Автоматична відповідь: Прокладка"],
    "el": ["Αυτόματη απάντηση: Φλάντζα"],
    "tr": ["Otomatik yanıt: Conta", "OTOMATİK YANIT: x"],
    "he": ["מענה אוטומטי: אטם"],
    "ar": ["رد تلقائي: حشية"],
    "fa": ["پاسخ خودکار: واشر"],
    "hi": ["स्वचालित उत्तर: गैस्केट"],
    "th": ["การตอบกลับอัตโนมัติ: ปะเก็น"],
    "vi": ["Trả lời tự động: Gioăng"],
    "id": ["Balasan otomatis: Gasket"],
    "zh": ["自动答复: 垫片", "自動回覆：墊片"],
    "ja": ["自動応答: ガスケット", "自動返信"],
    "ko": ["자동 회신: 개스킷"],
}


@pytest.mark.parametrize("subject", [one for row in SUBJECTS.values() for one in row])
def test_the_subject_of_an_auto_reply_without_headers(subject: str) -> None:
    assert automatic(mail(subject, "12.03.")) == "auto-reply"


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Gasket (Automatic Response)",
        "Re: Gasket [Out of Office]",
        "AUTO: Ann is out of the office (returning 05/01/2026)",
    ],
)
def test_the_words_may_stand_in_brackets_or_behind(subject: str) -> None:
    assert automatic(mail(subject, "Back soon.")) == "auto-reply"


@pytest.mark.parametrize("subject", [f"{sign} {row[0]}" for row in SUBJECTS.values() for sign in ("Re:", "AW:")])
def test_who_answers_an_auto_reply_is_a_person(subject: str) -> None:
    assert automatic(mail(subject, "Have a good holiday. Ask Ben about the gasket.")) is None


ABSENT = {
    "en": ("Re: Gasket", "I am out of the office until 12 March and will answer when I return."),
    "de": ("AW: Dichtung", "Ich bin bis zum 12. März nicht im Büro."),
    "fr": ("RE: Joint", "Je suis absente du bureau jusqu'au 12 mars."),
    "es": ("RE: Junta", "Estoy fuera de la oficina hasta el 12 de marzo."),
    "it": ("R: Guarnizione", "Sono fuori ufficio fino al 12 marzo."),
    "pt": ("RES: Junta", "Estou de férias até 12 de março."),
    "nl": ("Antw: Pakking", "Ik ben tot 12 maart niet op kantoor."),
    "sv": ("SV: Packning", "Jag är inte på kontoret före den 12 mars."),
    "da": ("SV: Pakning", "Jeg holder ferie til den 12. marts."),
    "nb": ("SV: Pakning", "Jeg er ikke på kontoret før 12. mars."),
    "fi": ("VS: Tiiviste", "Olen lomalla 12.3. asti."),
    "pl": ("Odp: Uszczelka", "Do 12 marca jestem na urlopie."),
    "cs": ("RE: Těsnění", "Do 12. března jsem na dovolené."),
    "hu": ("RE: Tömítés", "Március 12-ig szabadságon vagyok."),
    "ro": ("RE: Garnitură", "Sunt în concediu până pe 12 martie."),
    "ru": ("RE: Прокладка", "Я в отпуске до 12 марта."),
    "uk": ("RE: Прокладка", "Я у відпустці до 12 березня."),
    "el": ("ΑΠ: Φλάντζα", "Θα απουσιάζω έως τις 12 Μαρτίου."),
    "tr": ("YNT: Conta", "12 Mart'a kadar izindeyim."),
    "he": ("RE: אטם", "אני בחופשה עד 12 במרץ."),
    "ar": ("رد: حشية", "أنا في إجازة حتى 12 مارس."),
    "zh": ("回复: 垫片", "我正在休假，3月12日回来。"),
    "ja": ("Re: ガスケット", "3月12日まで休暇をいただいております。"),
    "ko": ("Re: 개스킷", "3월 12일까지 휴가입니다."),
    "vi": ("Re: Gioăng", "Tôi đang nghỉ phép đến ngày 12 tháng 3."),
}


@pytest.mark.parametrize(("subject", "text"), ABSENT.values(), ids=ABSENT)
def test_words_of_absence_in_an_answer_that_refers_to_nothing(subject: str, text: str) -> None:
    assert automatic(mail(subject, text)) == "auto-reply"


@pytest.mark.parametrize(("subject", "text"), ABSENT.values(), ids=ABSENT)
def test_the_same_words_in_a_real_answer_are_a_persons(subject: str, text: str) -> None:
    referring = mail(subject, text, "In-Reply-To: <post-1@cop.example>")
    quoting = mail(subject, f"{text}\n\n> Has anyone seen this?\n")
    anew = mail("Gasket", text)
    assert [automatic(one) for one in (referring, quoting, anew)] == [None, None, None]


HEADERS = {
    "Auto-Submitted: auto-replied": "auto-reply",
    "Auto-Submitted: auto-generated (rejected)": "auto-reply",
    "Auto-Submitted: AUTO-REPLIED; owner=x": "auto-reply",
    "Auto-Submitted: no": None,
    "X-Autoreply: yes": "auto-reply",
    "X-Autoreply: no": None,
    "X-Autoreply: no\r\nAuto-Submitted: auto-replied": "auto-reply",
    "Auto-Submitted: no (a person)": None,
    "Precedence: bulk\r\nReturn-Path: <>": "auto-reply",
    "X-Autorespond: vacation": "auto-reply",
    "Precedence: auto_reply": "auto-reply",
    "Precedence: list": "list",
    "Precedence: bulk": "list",
    "Precedence: junk": "list",
    "List-Id: Other <other.lists.example>": "list",
    "Return-Path: <>": "auto-reply",
    "X-Mailer: a program": None,
}


@pytest.mark.parametrize(("header", "expected"), HEADERS.items())
def test_headers_that_say_so(header: str, expected: str | None) -> None:
    assert automatic(mail("Gasket", "Text.", header)) == expected


def test_a_null_sender_is_no_person() -> None:
    message = mail("Gasket", "Text.")
    assert [automatic(message, sender) for sender in ("", "<>", "ann@far.example", None)] == [
        "auto-reply",
        "auto-reply",
        None,
        None,
    ]


def test_an_auto_reply_that_speaks_of_failure_is_no_bounce() -> None:
    text = "This mailbox is closed and your mail could not be delivered. Write to\nben@far.example\n"
    assert automatic(mail("Automatic reply: Gasket", text, "Return-Path: <>")) == "auto-reply"


def test_an_answer_whose_program_put_its_words_before_the_sign() -> None:
    assert automatic(mail("Vacation Re: Gasket", "I am on vacation until Monday.")) == "auto-reply"


BOUNCE = "Your message could not be delivered to:\n\n  ben@far.example\n    550 5.1.1 User unknown\n"


def test_a_bounce_that_calls_itself_auto_replied_is_a_bounce() -> None:
    daemon = "Mail Delivery System <Mailer-Daemon@mx.far.example>"
    message = mail("Mail delivery failed", BOUNCE, "Auto-Submitted: auto-replied", "Return-Path: <>", sender=daemon)
    assert automatic(message) == "bounce"


def test_an_empty_envelope_sender_helps_to_know_a_bounce() -> None:
    message = mail("Your mail", BOUNCE, sender="Gate <gate@far.example>")
    assert (automatic(message), automatic(message, "")) == (None, "bounce")


def test_a_person_who_quotes_a_bounce_is_a_person() -> None:
    message = mail("Re: Mail delivery failed", "What is this?\n\n" + BOUNCE, "In-Reply-To: <x@y>")
    assert automatic(message) is None


def report(
    kind: str,
    part: str,
    fields: str,
    subject: str = "Report",
    text: str = "A report.",
    sender: str = "Ann <ann@far.example>",
) -> Message:
    body = (
        f"--b\nContent-Type: text/plain\n\n{text}\n\n--b\nContent-Type: {part}\n\n{fields}\n\n--b\n"
        "Content-Type: message/rfc822\n\nReturn-Path: <wells-b-abc@cop.example>\nFrom: wells@cop.example\n"
        "To: wells@cop.example\nMessage-ID: <post-1@cop.example>\n"
        "List-Unsubscribe: <mailto:wells-leave-abc@cop.example>\nSubject: Gasket\n\nText.\n--b--\n"
    )
    return mail(subject, body, f"Content-Type: multipart/report; report-type={kind}; boundary=b", sender=sender)


def test_a_delivery_that_worked_is_a_receipt() -> None:
    fields = (
        "Reporting-MTA: dns; x.example\n\nFinal-Recipient: rfc822; ann@far.example\nAction: delivered\nStatus: 2.0.0"
    )
    assert automatic(report("delivery-status", "message/delivery-status", fields)) == "receipt"


def test_read_receipts() -> None:
    fields = "Final-Recipient: rfc822; ann@far.example\nDisposition: manual-action/MDN-sent-manually; displayed"
    message = report("disposition-notification", "message/disposition-notification", fields, "Read: Gasket")
    assert automatic(message) == "receipt"


@pytest.mark.parametrize("disposition", ["displayed", "deleted", "processed", "dispatched"])
@pytest.mark.parametrize("sender", ["ann@far.example", "Ann <ann@far.example>", "postmaster@far.example"])
def test_who_has_read_a_mail_is_not_out_of_reach(sender: str, disposition: str) -> None:
    fields = (
        f"Final-Recipient: rfc822; ann@far.example\nDisposition: automatic-action/MDN-sent-automatically; {disposition}"
    )
    whole = report(
        "disposition-notification", "message/disposition-notification", fields, "Not read: Gasket", sender=sender
    )
    bare = report("x", "message/disposition-notification", fields, "Not read: Gasket", sender=sender)
    for message in (whole, bare):
        assert automatic(message) == automatic(message, "") == "receipt"
        assert bounces(message) == bounces(message, "") == ()


def test_a_filter_that_refuses_a_mail_has_not_delivered_it() -> None:
    fields = "Final-Recipient: rfc822; ann@far.example\nDisposition: automatic-action/MDN-sent-automatically; deleted"
    said = "Your message to <ann@far.example> was automatically rejected:\nQuota exceeded"
    message = report("disposition-notification", "message/disposition-notification", fields, text=said)
    assert automatic(message, "") == "bounce"
    assert [(one.recipient, one.status) for one in bounces(message, "")] == [("ann@far.example", "5.2.2")]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Read: Gasket",
            "Your message\n\n  To: Ann\n  Subject: Gasket\n  Sent: 3/2/2026 9:00 AM\n\nwas read on 3/2/2026.",
        ),
        (
            "Gelesen: Dichtung",
            "Ihre Nachricht\n\nAn: Ann\nBetreff: Dichtung\nGesendet: 2.3.2026 09:00\n\nwurde gelesen.",
        ),
        ("Lu : Joint", "Votre message\n\nÀ : Ann\nObjet : Joint\nEnvoyé : 02/03/2026 09:00\n\na été lu."),
        ("已读: 垫片", "您的邮件\n\n收件人: Ann\n主题: 垫片\n发送时间: 2026/3/2 9:00\n\n已读。"),
    ],
)
def test_read_receipts_without_their_type(subject: str, text: str) -> None:
    assert automatic(mail(subject, text)) == "receipt"


COMPLAINT = (
    "Feedback-Type: abuse\nUser-Agent: Provider/1\nVersion: 1\nOriginal-Mail-From: <wells-b-abc@cop.example>\n"
    "Original-Rcpt-To: <ann@far.example>"
)


def test_feedback_reports_tell_whom_they_are_about() -> None:
    message = report("feedback-report", "message/feedback-report", COMPLAINT)
    assert (automatic(message), complained(message)) == (
        "feedback-report",
        Complaint(
            "ann@far.example", "wells-b-abc@cop.example", "post-1@cop.example", "<mailto:wells-leave-abc@cop.example>"
        ),
    )


def test_a_feedback_report_that_hides_the_recipient_still_has_our_return_path() -> None:
    found = complained(report("feedback-report", "message/feedback-report", "Feedback-Type: abuse\nVersion: 1"))
    assert found is not None
    assert (found.recipient, found.mail_from) == ("", "wells-b-abc@cop.example")


def test_other_mail_complains_of_nothing() -> None:
    assert complained(mail("Feedback-Type: abuse", "Feedback-Type: abuse\nOriginal-Rcpt-To: <ann@far.example>")) is None


@pytest.mark.parametrize(
    "text",
    [
        "Your message is being held until you click here to verify that you are a person:\nhttps://c.example/1",
        "This account uses sender verification. Please click the link below: https://c.example/1",
        "Your message was received:\n\nTo: ann@far.example\nSubject: x\n\nPlease add yourself to the approved senders.",
        "The sender is not pre-approved. Please add yourself to the approved senders.",
    ],
)
def test_challenges_are_not_answered(text: str) -> None:
    assert automatic(mail("Re: Gasket", text)) == "auto-reply"


INVITATION = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1@cop.example\nDTSTAMP:20260301T090000Z\n"
    "DTSTART:20260302T090000Z\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@far.example\nORGANIZER:mailto:wells@cop.example\n"
    "END:VEVENT\nEND:VCALENDAR\n"
)


def test_a_calendar_answer_was_a_persons_press_of_a_button() -> None:
    generated = ("Auto-Submitted: auto-generated", "Content-Type: text/calendar; method=REPLY; charset=utf-8")
    assert automatic(mail("Accepted: Gasket meeting", INVITATION, *generated)) is None


PEOPLE = {
    "writes about holidays": ("Summer", "We are on holiday in July, so the meeting is in August."),
    "answers while away": ("Gasket", "I am out of the office but yes, use the ceramic one."),
    "has a colon": ("Question: who is away?", "Text."),
    "writes about automatic things": ("Automatic valves: which ones?", "Text."),
    "writes Auto in a subject": ("Auto shut-off: how?", "Text."),
    "an urgent subject": ("URGENT: reply needed", "Text."),
    "reads": ("Read: this book", "Text."),
    "writes about a verification": ("Test bench", "The one-time check passed, see the sheet."),
    "an empty mail": ("", ""),
}


@pytest.mark.parametrize(("subject", "text"), PEOPLE.values(), ids=PEOPLE)
def test_people_are_people(subject: str, text: str) -> None:
    assert automatic(mail(subject, text)) is None


@pytest.mark.parametrize("piece", ["(", "[a]", "Re: ", "> ", "a@b.c ", "x: ", "é", "\u0301", "自動"])
def test_hostile_subjects_and_texts_are_read_within_bounds(piece: str) -> None:
    assert automatic(mail(piece * 5000, piece * 50_000)) is None


@given(
    st.sampled_from(["MAILER-DAEMON@x.example", "Ann <ann@far.example>", "<>", "postmaster@x.example"]),
    st.sampled_from(["failure notice", "Re: Gasket", "Read: Gasket", "Automatic reply: x", ""]),
    st.text(),
    st.binary(max_size=400),
)
def test_any_text_and_any_report_can_be_told(sender: str, subject: str, text: str, fields: bytes) -> None:
    message = mail(subject, text.encode(errors="replace").decode(), sender=sender)
    kinds = {automatic(message), automatic(replace(message, report=fields)), automatic(message, "")}
    assert kinds <= {None, "auto-reply", "bounce", "feedback-report", "receipt", "list"}
