"""The verb that shows a mail."""

from pathlib import Path

from click.testing import CliRunner

from mailer.mail.parse import parse
from mailer.verbs.preview import preview


def test_shows_and_writes_a_mail(tmp_path: Path) -> None:
    shown = CliRunner().invoke(preview, ["event-invite", "--out", str(tmp_path)])
    assert shown.exit_code == 0, shown.output
    assert "Subject: Webinar: barrier status in old wells: will you come?" in shown.output
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "event-invite-en.eml",
        "event-invite-en.html",
        "event-invite-en.txt",
    ]
    mail = parse((tmp_path / "event-invite-en.eml").read_bytes())
    assert mail.subject == "Webinar: barrier status in old wells: will you come?"
    assert mail.text.strip() == (tmp_path / "event-invite-en.txt").read_text("utf-8").strip()


def test_lists_what_there_is() -> None:
    assert "member-settings --variant stop" in CliRunner().invoke(preview, []).output


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    shown = CliRunner().invoke(preview, ["member-lift"])
    assert shown.exit_code == 2
    assert "member-left" in shown.output
    assert CliRunner().invoke(preview, ["member-left", "--variant", "x"]).exit_code == 2
