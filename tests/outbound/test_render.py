"""The press: templates, languages, clothes; and what stops the start."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import jinja2
import printing
import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailer.errors import Misconfigured
from mailer.outbound import clothes, sandbox
from mailer.outbound.render import Press, mailto

press = printing.press()
TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A few of the templates, to break."""
    place = tmp_path / "templates"
    for part in ("_base", "en/member-left", "en/member-post"):
        shutil.copytree(TEMPLATES / part, place / part)
    for language in ("en", "fr"):
        (place / language).mkdir(exist_ok=True)
        shutil.copy(TEMPLATES / language / "words.toml", place / language)
    return place


def test_members_words_are_never_wrapped_nor_run() -> None:
    text = "a " * 60 + "\n  {{ 7 * 7 }} <script>alert(1)</script>\n\n\n    indented & kept"
    mail = press.render("member-post", "en", press.sample("member-post") | {"text": text})
    assert text in mail.text
    assert "&lt;script&gt;" in mail.html
    assert "<script" not in mail.html
    assert "49" not in mail.text


def test_control_characters_of_members_do_not_reach_the_mail() -> None:
    facts = press.sample("member-post") | {"text": "one\x1e\x00two\r\nthree", "subject": "a\nBcc: b@c\x1e"}
    mail = press.render("member-post", "en", facts)
    assert "onetwo\nthree" in mail.text
    assert mail.subject == "a Bcc: b@c"


def test_pages_are_links_and_nothing_else_is() -> None:
    shown = clothes.kept_html('see https://a.example/x?y=1&z="q". or javascript:alert(1)')
    assert shown == (
        'see <a href="https://a.example/x?y=1&amp;z=">https://a.example/x?y=1&amp;z=</a>'
        "&#34;q&#34;. or javascript:alert(1)"
    )


def test_a_bracket_belongs_to_a_page_that_opened_one() -> None:
    assert 'href="https://a.example/w_(x)"' in clothes.kept_html("(https://a.example/w_(x), really)")
    assert 'href="https://a.example/w"' in clothes.kept_html("(see https://a.example/w).")


@pytest.mark.parametrize("language", press.languages)
def test_subjects_stay_short_whatever_a_member_calls_things(language: str) -> None:
    long, subjects = "Wonderful " * 30, {}
    for name in press.names:
        if name == "member-post":  # its subject is the member's own
            continue
        for variant in press.variants(name):
            facts = press.sample(name, variant, language)
            for key, value in facts.items():
                if isinstance(value, str) and key in ("subject", "query", "meant", "thread", "line"):
                    facts[key] = long
                if isinstance(value, dict):
                    facts[key] = {part: long if part in ("title", "name") else some for part, some in value.items()}
            subjects[name, variant] = press.render(name, language, facts).subject
    assert {of: subject for of, subject in subjects.items() if len(subject) > 78} == {}


def test_a_language_falls_back_to_english() -> None:
    assert press.speaks("member-post", "xx") == "en"
    assert press.speaks("member-post", "en-GB") == "en"
    assert press.render("member-post", "xx", press.sample("member-post")) == press.render(
        "member-post", "en", press.sample("member-post")
    )


def test_a_mail_that_falls_back_shows_the_words_of_its_own_language() -> None:
    facts = press.sample("find-results")
    facts["words"] = [{"command": "help", "word": "msaada", "mailto": "mailto:a@b?body=msaada"}]
    mail = press.render("find-results", "sw", facts)
    assert "help [#k7q]" in mail.text
    assert 'href="mailto:a@b?body=msaada"' in mail.html


def test_words_come_in_the_order_asked_with_english_last() -> None:
    assert [words.language for words in press.words("fr-CA", "fr", "tlh")] == ["fr", "en"]
    assert press.shown("thanks", "en") == "thanks"
    assert press.shown("thanks", "fr") == "merci"


def test_a_missing_fact_is_an_error_not_an_empty_place() -> None:
    facts = press.sample("member-post")
    del facts["text"]
    with pytest.raises(jinja2.UndefinedError):
        press.render("member-post", "en", facts)


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("en/member-left/body.txt", "one\n{% if %}\n", r"member-left/body\.txt:2"),
        ("en/member-left/body.txt", "one\n\n{{ nowhere }}\n", r"member-left/body\.txt:3.*nowhere"),
        ("en/member-left/body.txt", "{{ 'x' * 99999999 }}", r"member-left/body\.txt:1"),
        ("en/member-left/body.txt", "{{ word('mute') }}", r"member-left/body\.txt:1.*mute"),
        ("en/member-left/body.txt", "{{ ''.__class__.__mro__ }}", r"member-left/body\.txt:1"),
        ("en/member-left/sample.toml", "offers = [", r"sample\.toml"),
        ("en/words.toml", "[words]\nyes = ['yes']\n", r"words\.toml"),
        ("_base/frame.html", "{% for %}", r"frame\.html:1"),
        ("_base/pieces.txt", "{% macro %}", r"pieces\.txt:1"),
        ("fr/no-such-mail/body.txt", "bonjour", "no-such-mail"),
    ],
)
def test_what_is_broken_stops_the_start_with_file_and_line(copy: Path, file: str, text: str, complaint: str) -> None:
    (copy / file).parent.mkdir(exist_ok=True)
    (copy / file).write_text(text)
    with pytest.raises(Misconfigured, match=complaint):
        Press(copy)


def again(place: Path, kept: Path) -> Press:
    """As another process would load them."""
    sandbox.plain.cache_clear()
    sandbox.dressed.cache_clear()
    return Press(place, kept)


def test_what_was_compiled_is_kept_and_says_the_same(copy: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    said = [again(copy, kept).render("member-left", "en", press.sample("member-left")) for _ in range(2)]
    assert said[0] == said[1] == press.render("member-left", "en", press.sample("member-left"))
    times = {path: path.stat().st_mtime_ns for path in kept.iterdir()}
    again(copy, kept)
    assert times == {path: path.stat().st_mtime_ns for path in kept.iterdir()} != {}


def test_what_was_tried_is_not_tried_again_until_a_word_changes(copy: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    everything = {path.name for path in again(copy, kept) and kept.iterdir()}
    for path in kept.glob("text-*"):
        path.unlink()
    again(copy, kept)
    spared = {path.name for path in kept.iterdir()}
    assert spared < everything
    with (copy / "en" / "words.toml").open("a") as file:
        file.write("# seen\n")
    again(copy, kept)
    assert {path.name for path in kept.iterdir()} == everything


def test_what_breaks_after_it_was_kept_stops_the_start(copy: Path, tmp_path: Path) -> None:
    again(copy, tmp_path / "kept")
    (copy / "en" / "member-left" / "body.txt").write_text("one\n{{ nothing }}\n")
    with pytest.raises(Misconfigured, match=r"member-left/body\.txt:2: .*nothing"):
        again(copy, tmp_path / "kept")
    (copy / "en" / "member-left" / "body.txt").write_text("another")
    assert "another" in again(copy, tmp_path / "kept").render("member-left", "en", press.sample("member-left")).text


def test_what_cannot_be_kept_or_read_is_compiled(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert again(copy, tmp_path / "file").names == again(copy, tmp_path / "none" / "there").names
    again(copy, tmp_path / "kept")
    for path in (tmp_path / "kept").iterdir():
        path.write_bytes(path.read_bytes()[:40])
    assert again(copy, tmp_path / "kept").names == ("member-left", "member-post")


def test_a_missing_file_stops_the_start(copy: Path) -> None:
    (copy / "en" / "member-left" / "subject.txt").unlink()
    with pytest.raises(Misconfigured, match=r"member-left/subject\.txt"):
        Press(copy)


def test_a_body_in_html_of_its_own_takes_the_place(copy: Path) -> None:
    (copy / "en" / "member-left" / "body.html").write_text("<p>{{ community.title }}</p>")
    own = Press(copy)
    facts = own.sample("member-left") | {"community": {**own.sample("member-left")["community"], "title": "A & B"}}
    assert own.render("member-left", "en", facts).html == "<p>A &amp; B</p>"


def test_moments_say_their_zone() -> None:
    calendar = press._languages["en"].dates
    start, end = datetime(2026, 3, 12, 22, 30, tzinfo=UTC), datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    assert calendar.at(start, "UTC") == "Thursday 12 March 2026, 22:30 (UTC)"
    assert calendar.between(start, end, "America/New_York") == "Thursday 12 March 2026, 18:30–19:30 (New York time)"
    assert calendar.between(start, end, "Europe/Oslo") == (
        "Thursday 12 March 2026, 23:30 – Friday 13 March 2026, 00:30 (Oslo time)"
    )
    assert calendar.in_day(date(2026, 3, 1)) == "Sunday 1 March 2026"
    assert calendar.in_month(date(2026, 3, 1)) == "March 2026"


def test_mailto_is_a_mail_already_written() -> None:
    assert mailto("wells-r-a7@cop.example", "yes [#k7q]", "yes") == (
        "mailto:wells-r-a7@cop.example?subject=yes%20%5B%23k7q%5D&body=yes"
    )


def test_own_words_are_wrapped_and_items_keep_their_edge() -> None:
    said = "1. " + "word " * 20 + "\n\n\n\n" + clothes.KEEP + "kept " * 30 + "\nhttps://a.example/" + "x" * 90
    lines = clothes.as_text(said).split("\n")
    assert lines[0].startswith("1. word")
    assert lines[1].startswith("   word")
    assert lines[2] == ""
    assert lines[3] == "kept " * 30
    assert lines[4] == "https://a.example/" + "x" * 90


def test_short_cuts_at_a_word() -> None:
    assert clothes.short("one two three", 9) == "one two…"
    assert clothes.short("one two", 9) == "one two"
    assert clothes.short("x" * 20, 9) == "x" * 8 + "…"


def test_the_readme_of_the_templates_names_everything_they_may_use() -> None:
    text = (TEMPLATES / "README.md").read_text("utf-8")
    ours = sandbox.plain(TEMPLATES)
    theirs = ImmutableSandboxedEnvironment()
    used_by_pieces = {"KEEP", "word_to_send"}
    names = (set(ours.globals) - set(theirs.globals) - used_by_pieces) | (set(ours.filters) - set(theirs.filters))
    assert {name for name in names if f"`{name}" not in text and f"|{name}" not in text} == set()


def test_both_clothes_have_the_same_pieces() -> None:
    assert set(sandbox.plain(TEMPLATES).globals) == set(sandbox.dressed(TEMPLATES).globals)
