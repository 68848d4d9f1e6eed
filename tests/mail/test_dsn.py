"""Non-delivery reports: who was not reached, with which status, for good or not; and mails that only look like one."""

from pathlib import Path

import pytest

from mailer.mail.dsn import RECIPIENTS, bounces
from mailer.mail.message import Message
from mailer.mail.parse import parse
from mailer.mail.reports.daemons import reporting

ORIGINAL = """\
Return-Path: <wells-b-abc@cop.example>
Received: from mail.cop.example (mail.cop.example [192.0.2.7])
\tby mx.far.example with ESMTP id 4711; Mon, 2 Mar 2026 09:00:00 +0000
From: "Bo via Wells" <wells@cop.example>
To: wells@cop.example
Subject: Gasket at 40 bar
Message-ID: <post-1@cop.example>

Has anyone seen this? Write to bo@near.example or decoy@elsewhere.example.
"""


def mail(
    body: str, *headers: str, sender: str = "MAILER-DAEMON@mx.far.example", subject: str = "failure notice"
) -> Message:
    head = [f"From: {sender}", "To: wells-b-abc@cop.example", f"Subject: {subject}", "MIME-Version: 1.0", *headers]
    if not any(line.lower().startswith("content-type") for line in headers):
        head.append("Content-Type: text/plain; charset=utf-8")
    return parse("\n".join([*head, "", body]).replace("\n", "\r\n").encode())


def report(status: str, text: str = "Your mail did not arrive.") -> Message:
    body = (
        f"--b\nContent-Type: text/plain\n\n{text}\n--b\nContent-Type: message/delivery-status\n\n"
        f"{status}\n--b\nContent-Type: message/rfc822\n\n{ORIGINAL}\n--b--\n"
    )
    return mail(body, "Content-Type: multipart/report; report-type=delivery-status; boundary=b")


def found(message: Message) -> list[tuple[str, str, bool]]:
    return [(one.recipient, one.status, one.permanent) for one in bounces(message)]


REPORTS = sorted((Path(__file__).parent / "bounces").glob("*.eml"))


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_reports_of_many_mail_systems(path: Path) -> None:
    message = parse(path.read_bytes())
    said = [f"{one.recipient} {one.status} {'permanent' if one.permanent else 'transient'}" for one in bounces(message)]
    assert "; ".join(said) == message.headers.get("x-expected")


def test_a_report_of_success_names_nobody() -> None:
    ok = "Reporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822; ann@far.example\nAction: relayed\nStatus: 2.0.0"
    assert bounces(report(ok, "The mail to ann@far.example was handed on.")) == ()


def test_fields_in_a_plain_text_are_read_too() -> None:
    text = "Could not deliver.\n\nFinal-Recipient: rfc822; ann@far.example\nAction: failed\nStatus: 5.1.10\n"
    assert found(mail(text)) == [("ann@far.example", "5.1.10", True)]


def test_the_reason_is_plain() -> None:
    status = "Reporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822; ann@far.example\nAction: failed\nStatus: {}"
    reasons = {code: bounces(report(status.format(code)))[0].reason for code in ("5.1.1", "5.2.2", "5.7.1", "4.4.1")}
    assert reasons == {
        "5.1.1": "there is no such mailbox",
        "5.2.2": "the mailbox is full",
        "5.7.1": "their mail server refused the mail",
        "4.4.1": "their mail server did not answer",
    }


SAID = {
    "an enhanced code": ("5.0.0", "smtp; 550 #5.1.0 Address rejected.", "5.1.0", True),
    "words": ("5.0.0", "smtp; 550 No such user", "5.1.1", True),
    "other words": ("5.0.0", "smtp; 552 The account does not have enough space", "5.2.2", True),
    "the class stays": ("4.0.0", "smtp; 426 connection timed out", "4.4.1", False),
    "a mere reply code": ("5.0.0", "smtp; 550 Please ask your administrator", "5.0.0", True),
    "nothing": ("5.0.0", "", "5.0.0", True),
    "a status that says more stays": ("5.2.1", "smtp; 550 5.1.1 User unknown", "5.2.1", True),
    "lines that are not indented": (
        "5.0.0",
        "smtp; 550-Please sign in first.\n550-192.0.2.7 is not permitted to\n550 relay through this server",
        "5.7.1",
        True,
    ),
}


@pytest.mark.parametrize(("status", "said", "told", "permanent"), SAID.values(), ids=SAID)
def test_a_status_without_detail_is_refined_by_the_reply(status: str, said: str, told: str, permanent: bool) -> None:
    fields = f"Final-Recipient: rfc822; ann@far.example\nAction: failed\nStatus: {status}\n"
    diagnostic = f"Diagnostic-Code: {said}\n" if said else ""
    message = report(f"Reporting-MTA: dns; x.example\n\n{fields}{diagnostic}")
    assert found(message) == [("ann@far.example", told, permanent)]


def test_a_report_from_nobody_that_brings_the_mail_back() -> None:
    text = "Could not be delivered to: <ann@far.example>\nAs their mailbox is full."
    body = f"--b\nContent-Type: text/plain\n\n{text}\n--b\nContent-Type: message/rfc822\n\n{ORIGINAL}\n--b--\n"
    header = "Content-Type: multipart/mixed; boundary=b"
    assert found(mail(body, header, sender="no-reply@far.example", subject="メールエラー通知")) == [
        ("ann@far.example", "5.2.2", True)
    ]
    assert found(mail(body, header, sender="no-reply@far.example", subject="Fwd: メールエラー通知")) == []
    assert found(mail(body, header, sender="Ben <ben@far.example>", subject="メールエラー通知")) == []


WORDED = {  # reports that lost their second part on the way, as a gateway leaves them
    "pt": ("Não é possível entregar: x", "Falha na entrega para:", "O endereço não foi encontrado."),
    "fi": ("Toimitus epäonnistui: x", "Toimitus seuraaville epäonnistui:", "Osoitetta ei löydy."),
    "sk": ("Nedoručiteľné: x", "Doručenie zlyhalo:", "Adresa sa nenašla."),
    "hr": ("Nije moguće isporučiti: x", "Isporuka nije uspjela:", "Primatelj nije pronađen."),
    "bg": ("Недоставено: x", "Доставянето до тези получатели е неуспешно:", "Адресът не е намерен."),
    "ru": ("Не удается доставить: x", "Не удалось выполнить доставку:", "Адрес не найден."),
    "he": ("לא ניתן למסירה: x", "המסירה לנמענים אלה נכשלה:", "הנמען לא נמצא."),
    "ar": ("غير قابل للتسليم: x", "فشل التسليم إلى هؤلاء:", "تعذر العثور على العنوان."),
    "zh": ("未传递: x", "未能传递到以下收件人:", "找不到您输入的地址。"),
    "th": ("ไม่สามารถส่งได้: x", "การส่งล้มเหลว:", "ไม่พบที่อยู่"),
    "lt": ("Nepristatytas: x", "Nepavyko pristatyti:", "Adresas nerastas."),
    "ca": ("No es pot lliurar: x", "No s'ha pogut lliurar a:", "No s'ha trobat l'adreça."),
}


@pytest.mark.parametrize(("subject", "text", "why"), WORDED.values(), ids=WORDED)
def test_reports_in_words_of_many_languages(subject: str, text: str, why: str) -> None:
    message = mail(f"{text}\n\nann@far.example\n{why}\n", sender="postmaster@far.example", subject=subject)
    assert found(message) == [("ann@far.example", "5.1.1", True)]


@pytest.mark.parametrize(
    "header",
    [
        "X-MS-Exchange-Message-Is-Ndr:",
        "X-MAPI-Message-Class: REPORT.IPM.Note.NDR",
        "X-Failed-Recipients: ann@far.example",
    ],
)
def test_headers_that_say_that_this_is_a_report(header: str) -> None:
    message = mail("xxxx:\n\nann@far.example\n", header, sender="Gate <gate@far.example>", subject="xxxx")
    assert [one.recipient for one in bounces(message)] == ["ann@far.example"]


def test_a_report_in_a_part_of_a_common_mail() -> None:
    fields = "Final-Recipient: rfc822; ann@far.example\nAction: failed\nStatus: 5.1.1"
    body = (
        f"--b\nContent-Type: text/plain\n\nSee below.\n--b\nContent-Type: message/delivery-status\n\n{fields}\n--b--\n"
    )
    header, gate = "Content-Type: multipart/mixed; boundary=b", "gate@far.example"
    assert found(mail(body, header, sender=gate, subject="Your mail")) == [("ann@far.example", "5.1.1", True)]
    assert found(mail(body, header, sender=gate, subject="Fwd: Your mail")) == []
    assert found(mail(body, header, sender="Ben <ben@far.example>", subject="Your mail")) == []


def test_a_report_without_an_author() -> None:
    raw = (
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; ann@far.example\n"
    )
    assert found(parse(raw + b"Action: failed\nStatus: 4.2.2\n")) == [("ann@far.example", "4.2.2", False)]


def test_what_a_scanner_adds_below_is_no_reason() -> None:
    text = "Your mail has been delayed and not yet been delivered to:\n\n  ann@far.example\n\nBy an antivirus program"
    assert found(mail(text, subject="Warning: message delayed")) == [("ann@far.example", "4.0.0", False)]


def test_failed_recipients_in_a_header() -> None:
    assert found(mail("It did not work.", "X-Failed-Recipients: ann@far.example, ben@far.example")) == [
        ("ann@far.example", "5.0.0", True),
        ("ben@far.example", "5.0.0", True),
    ]


def test_a_report_that_was_wrapped_by_a_gateway() -> None:
    inner = "From: postmaster@far.example\nSubject: Undeliverable\nContent-Type: text/plain\n\n"
    inner += "Delivery to the following recipients failed.\n\n   ann@far.example\n"
    body = (
        f"--b\nContent-Type: message/rfc822\n\n{inner}\n--b\nContent-Type: text/plain\n\nThis mail is private.\n--b--\n"
    )
    wrapped = mail(body, "Content-Type: multipart/report; report-type=delivery-status; boundary=b")
    assert found(wrapped) == [("ann@far.example", "5.0.0", True)]


PEOPLE = {
    "answers a report": (
        "Ann <ann@far.example>",
        "Re: Undelivered Mail Returned to Sender",
        "My mailbox was full, sorry.\n\n> <ann@far.example>: host mx said: 552 5.2.2 Over quota\n",
    ),
    "forwards a report": (
        "Ann <ann@far.example>",
        "Fwd: Delivery Status Notification (Failure)",
        (
            "What does this mean?\n\n---------- Forwarded message ----------\nFrom: Mail <mailer-daemon@x.example>\n\n"
            "Delivery to the following recipient failed permanently:\n\n     ben@far.example\n"
        ),
    ),
    "quotes a report in a new mail": (
        "Ann <ann@far.example>",
        "Mail to Ben",
        "Your message could not be delivered to ben@far.example: 550 5.1.1 user unknown. Has he moved?\n",
    ),
    "asks about mail errors": (
        "Ann <ann@far.example>",
        "Mailbox full again",
        "Is anybody else close to the quota? I delete every week.\n",
    ),
    "a postmaster answers": (
        "Postmaster <postmaster@far.example>",
        "Re: Delivery failure",
        "It works again, please send it once more to ann@far.example.\n",
    ),
    "a postmaster writes": (
        "Postmaster <postmaster@far.example>",
        "Maintenance on Sunday",
        "We move the mail server on Sunday. Questions to ann@far.example.\n",
    ),
    "whose mail came back": (
        "Ann <ann@far.example>",
        "Mail delivery problem with Ben",
        "My mail to ben@far.example came back:\n\n  550 5.1.1 <ben@far.example>: User unknown\n",
    ),
    "whose mail came back, without a name": (
        "ann@far.example",
        "Mail delivery problem",
        "My mail could not be delivered to ben@far.example. Who knows his new address?\n",
    ),
    "who waits for a parcel": (
        "ann@far.example",
        "Delivery status of the gaskets",
        "The parcel could not be delivered on Monday and has been delayed.\n",
    ),
    "who writes of a refusal from an office": (
        "admin@far.example",
        "Minutes",
        "The proposal was rejected and the vote has been postponed. Questions to ben@far.example.\n",
    ),
    "with a name at an office": (
        "Ann Reed <mail@far.example>",
        "Delivery failed",
        "The letter to ben@far.example could not be delivered.\n",
    ),
    "a postmaster who asks": (
        "Postmaster <postmaster@far.example>",
        "Moving",
        "A few mails could not be delivered. Did one to ann@far.example come back to you?\n",
    ),
    "a postmaster who quotes": (
        "Postmaster <postmaster@far.example>",
        "Re: help",
        "It was rejected by their filter.\n\n> My mail to ann@far.example does not arrive.\n",
    ),
    "fr": ("Ann <ann@far.example>", "Mail non distribuable", "Mon mail à ben@far.example n'a pas été remis.\n"),
    "es": ("Ann <ann@far.example>", "Correo no entregado", "No se pudo entregar mi correo a ben@far.example.\n"),
}


@pytest.mark.parametrize(("sender", "subject", "text"), PEOPLE.values(), ids=PEOPLE)
def test_people_are_people(sender: str, subject: str, text: str) -> None:
    message = mail(text, sender=sender, subject=subject)
    assert (reporting(message), bounces(message)) == (False, ())


HOSTILE = {
    "addresses without end": "Your mail could not be delivered:\n" + "a@b.c " * 20_000,
    "at signs": "@" * 100_000,
    "one long word": "x" * 100_000 + "@far.example",
    "spaces before a colon": "to" + " " * 100_000 + ":" + " " * 1000 + "x a@b.example",
    "ten thousand recipients": "The following addresses failed:\n"
    + "".join(f"<u{n}@x.example>:\n" for n in range(10_000)),
    "headers": "Received: x\n" * 20_000,
    "dashes": "-" * 100_000,
    "codes": "550 5.1.1 " * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_read_within_bounds(text: str) -> None:
    assert len(bounces(mail(text))) <= RECIPIENTS


def test_a_hostile_delivery_status_is_read_within_bounds() -> None:
    groups = "".join(f"Final-Recipient: rfc822; u{n}@x.example\n\n" for n in range(20_000))
    assert len(bounces(report(groups, "word " * 20_000))) == RECIPIENTS
