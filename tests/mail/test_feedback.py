"""What mailbox providers report: who complained of which mail, and tallies that no member wrote."""

import base64

import pytest

from mailer.mail.message import Message
from mailer.mail.parse import parse
from mailer.mail.robots import Complaint, automatic, complained

ORIGINAL = (
    "Return-Path: <wells-b-abc@cop.example>\nFrom: wells@cop.example\nTo: wells@cop.example\n"
    "Message-ID: <post-1@cop.example>\nList-Unsubscribe: <mailto:wells-leave-abc@cop.example>\nSubject: Gasket\n\nText."
)


def mail(subject: str, body: str, *headers: str, sender: str = "reports@far.example") -> Message:
    head = [f"From: {sender}", "To: abuse@cop.example", f"Subject: {subject}", "MIME-Version: 1.0", *headers]
    return parse("\n".join([*head, "", body, ""]).encode())


def feedback(fields: str) -> Message:
    body = (
        "--b\nContent-Type: text/plain\n\nA report about a mail.\n--b\nContent-Type: message/feedback-report\n\n"
        f"{fields}\n--b\nContent-Type: message/rfc822\n\n{ORIGINAL}\n--b--"
    )
    return mail("FW: Gasket", body, "Content-Type: multipart/report; report-type=feedback-report; boundary=b")


COMPLAINT = Complaint(
    "ann@far.example", "wells-b-abc@cop.example", "post-1@cop.example", "<mailto:wells-leave-abc@cop.example>"
)


@pytest.mark.parametrize(
    "fields",
    [
        "Feedback-Type: abuse\nVersion: 1\nOriginal-Rcpt-To: ann@far.example",
        "Feedback-Type: fraud\nOriginal-Mail-From: <wells-b-abc@cop.example>\nOriginal-Rcpt-To: <ann@far.example>",
        "User-Agent: A loop\nFeedback-Type: Abuse\nOriginal-Rcpt-To: a hidden recipient <ann@far.example>",
        "Original-Rcpt-To: ann@far.example\nFeedback-Type: abuse\nOriginal-Rcpt-To: ben@far.example",
        "Version: 1\nOriginal-Rcpt-To: rfc822; ann@far.example",
    ],
)
def test_complaints_name_whoever_complained(fields: str) -> None:
    message = feedback(fields)
    assert (automatic(message), complained(message)) == ("feedback-report", COMPLAINT)


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "Auth-Failure", "dkim", "dmarc", "virus"])
def test_reports_in_which_nobody_complained(kind: str) -> None:
    message = feedback(f"Feedback-Type: {kind}\nVersion: 1\nOriginal-Rcpt-To: ann@far.example")
    assert (automatic(message), complained(message)) == ("feedback-report", None)


def plain(inside: str, text: str = "", subject: str = "complaint about message from 192.0.2.7") -> Message:
    words = f"--b\nContent-Type: text/plain\n\n{text}\n" if text else ""
    body = f"{words}--b\nContent-Type: message/rfc822\nContent-Disposition: inline\n\n{inside}\n--b--"
    return mail(subject, body, "Content-Type: multipart/mixed; boundary=b")


def test_a_complaint_that_is_only_the_mail_with_a_field_for_who_pressed_the_button() -> None:
    message = plain(f"X-HmXmrOriginalRecipient: ann@far.example\nX-Reporter-IP: 192.0.2.9\n{ORIGINAL}")
    assert (automatic(message), complained(message)) == ("feedback-report", COMPLAINT)


def test_a_complaint_that_is_the_mail_itself_come_back() -> None:
    inside, _, text = f"X-HmXmrOriginalRecipient: ann@far.example\n{ORIGINAL}".partition("\n\n")
    assert complained(parse(f"{inside}\nPrecedence: bulk\n\n{text}".encode())) == COMPLAINT


def test_a_complaint_whose_second_part_is_missing() -> None:
    message = plain(ORIGINAL, "This is an email abuse report for an email message received from IP 192.0.2.7.", "Abuse")
    found = complained(message)
    assert (automatic(message), found and found.mail_from) == ("feedback-report", "wells-b-abc@cop.example")


def test_a_report_whose_parts_a_gateway_has_mixed() -> None:
    said = "This is a spf/dkim authentication-failure report for an email message received from IP 192.0.2.7."
    fields = base64.encodebytes(b"Feedback-Type: auth-failure\nVersion: 1").decode()
    body = (
        f"--b\nContent-Type: text/plain\n\n{said}\n--b\nContent-Type: message/feedback-report; name=ATT00001\n"
        f"Content-Transfer-Encoding: base64\n\n{fields}\n--b\nContent-Type: message/rfc822\n\n{ORIGINAL}\n--b--"
    )
    for message in (
        mail("Failure", body, "Content-Type: multipart/mixed; boundary=b"),
        plain(ORIGINAL, said, "Failure"),
    ):
        assert (automatic(message), complained(message)) == ("feedback-report", None)


@pytest.mark.parametrize(
    "message",
    [
        plain(ORIGINAL, "This is a short report for you all.", "A mail that I got"),
        plain(ORIGINAL, "Look what I got back from the list.", "A strange mail"),
        plain(ORIGINAL, "", "Fwd: Gasket"),
        plain(
            f"X-HmXmrOriginalRecipient: ann@far.example\n{ORIGINAL}", "What is this complaint that I got?", "A report"
        ),
    ],
)
def test_a_person_who_passes_a_mail_on_complains_of_nothing(message: Message) -> None:
    assert (automatic(message), complained(message)) == (None, None)


def test_a_person_who_passes_a_complaint_on_with_its_parts() -> None:
    body = (
        "--b\nContent-Type: text/plain\n\nWho is this about?\n--b\nContent-Type: message/feedback-report\n\n"
        f"Feedback-Type: abuse\n--b\nContent-Type: message/rfc822\n\n{ORIGINAL}\n--b--"
    )
    message = mail("Fwd: FW: Gasket", body, "Content-Type: multipart/mixed; boundary=b", sender="Ben <ben@far.example>")
    assert (automatic(message), complained(message)) == (None, None)


NAME = "far.example!cop.example!1784700000!1784786399.xml.gz"
FOLDED = "far.example!cop.example!\n  1784700000!1784786399.gz"
ZIPPED = (
    'Content-Type: application/gzip\nContent-Disposition: attachment; filename="{}"\n'
    "Content-Transfer-Encoding: base64\n\nH4sI\n"
)
TALLIES = {
    "with a text": (
        "Report Domain: cop.example Submitter: far.example Report-ID: 4711",
        "Content-Type: multipart/mixed; boundary=b",
        f"--b\nContent-Type: text/plain\n\nThis is an aggregate report.\n--b\n{ZIPPED.format(NAME)}--b--",
    ),
    "alone": (
        "Report domain: cop.example Submitter: far.example",
        f'Content-Type: application/zip; name="{NAME[:-7]}.zip"\nContent-Transfer-Encoding: base64',
        "UEsDBAoA",
    ),
    "with a folded name": (
        "DMARC Aggregate Report for cop.example",
        "Content-Type: multipart/mixed; boundary=b",
        f"--b\n{ZIPPED.format(FOLDED)}--b--",
    ),
    "of encryption": (
        "Report Domain: cop.example Submitter: far.example Report-ID: <1@far.example>",
        'Content-Type: multipart/report; report-type="tlsrpt"; boundary=b',
        "--b\nContent-Type: text/plain\n\nA report.\n--b\nContent-Type: application/tlsrpt+gzip\n\nH4sI\n--b--",
    ),
    "of encryption without its type": (
        "Daily figures",
        "Content-Type: multipart/mixed; boundary=b",
        '--b\nContent-Type: application/tlsrpt+json; name="a.json"\nContent-Disposition: attachment\n\n{}\n--b--',
    ),
}


@pytest.mark.parametrize(("subject", "header", "body"), TALLIES.values(), ids=TALLIES)
def test_tallies_are_no_posts(subject: str, header: str, body: str) -> None:
    assert automatic(mail(subject, body, header)) == "receipt"


@pytest.mark.parametrize("subject", ["Fwd: Report Domain: cop.example", "Re: Report Domain: cop.example", "Our pumps"])
def test_who_passes_a_tally_on_is_a_person(subject: str) -> None:
    _, header, body = TALLIES["with a text"]
    assert automatic(mail(subject, body, header, sender="Ann <ann@far.example>")) is None


@pytest.mark.parametrize("piece", ["!", "a!b!1!", "a@", "@", "<", " "])
def test_hostile_names_and_fields_are_read_within_bounds(piece: str) -> None:
    message = mail("Report Domain: x", "x", f'Content-Type: application/zip; name="{piece * 20_000}.zip"')
    assert automatic(message) is None
    assert complained(feedback(f"Feedback-Type: abuse\nOriginal-Rcpt-To: {piece * 20_000}")) is not None
