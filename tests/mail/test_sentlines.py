"""What we sent is known again, line by line."""

from mailer.mail.quotes.sentlines import SentLines


def test_a_rule_between_two_lines_of_ours_is_ours() -> None:
    sent = SentLines.of(["We changed to ceramic beads after two failed pills.\n\n---\nReply goes to all 14 members"])
    lines = [
        "Danke",
        "We changed to ceramic beads after two failed pills.",
        "",
        "---",
        "Reply goes to all 14 members",
        "--",
    ]
    assert sent.ours(lines) == [False, True, True, True, True, False]
