"""Why a mail failed, out of codes and words."""

import pytest

from mailer.mail.reports import smtpcodes

STATUS = {
    "550 5.1.1 User unknown": "5.1.1",
    "552 5.2.2 Over quota\n554 5.0.0 Service unavailable": "5.2.2",
    "554 5.0.0 Service unavailable\n<<< 552 5.2.2 Over quota": "5.2.2",
    "550 5.0.0 user unknown": "5.1.1",
    "554 5.0.0 no": "5.0.0",
    "452 Mailbox size limit exceeded": "4.2.2",
    "said: 550-Mailbox unavailable": "5.1.1",
    "#550 5.1.10 not found": "5.1.10",
    "user unknown": "5.1.1",
    "the mailbox is full": "5.2.2",
    "421 try again": "4.3.2",
    "from mx.example [5.1.1.7]": "",
    "version 5.1.1.2 of the program": "",
    "message of 550 kbytes": "",
    "port 587, code 0x550": "",
    "on 12.5.1.1": "",
    "away until 5.1.26": "",
    "550-5.7.26 not authenticated": "5.7.26",
    "Remote server returned #5.7.23#": "5.7.23",
    "Status: 5.7.27": "5.7.27",
    "nothing is said": "",
    "": "",
}


@pytest.mark.parametrize(("text", "expected"), STATUS.items())
def test_the_status_of_a_text(text: str, expected: str) -> None:
    assert smtpcodes.status(text) == expected


def test_a_delay_makes_a_status_told_by_words_transient() -> None:
    assert (smtpcodes.status("mailbox full", delayed=True), smtpcodes.status("552 mailbox full", delayed=True)) == (
        "4.2.2",
        "5.2.2",
    )


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        ("5.1.1", "", "there is no such mailbox"),
        ("4.2.2", "", "the mailbox is full"),
        ("5.0.0", "blocked as spam", "their mail server refused the mail"),
        ("5.0.0", "", "the mail could not be delivered"),
        ("5.4.9", "", "the mail could not be handed over"),
        ("", "no such user", "there is no such mailbox"),
    ],
)
def test_the_reason_in_plain_words(status: str, text: str, expected: str) -> None:
    assert smtpcodes.plain(status, text) == expected
