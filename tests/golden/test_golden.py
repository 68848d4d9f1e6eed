"""Every mail we send, word for word, and what holds for all of them."""

import re
from functools import cache
from pathlib import Path

import printing
import pytest
from bs4 import BeautifulSoup
from golden.regenerate import PLACE, goldens

from mailer.outbound.render import Rendered

press = printing.press()
WANTED = goldens(press)
MAILS = [
    (language, name, variant)
    for language in press.languages
    for name in press.names
    if press.speaks(name, language) == language
    for variant in press.variants(name)
]
PHONE_BYTES = 4_000  # PRODUCT: what a member on a slow link gets at most, beside their colleague's own words


@cache
def printed(language: str, name: str, variant: str) -> Rendered:
    return press.render(name, language, press.sample(name, variant, language))


@pytest.mark.parametrize("path", WANTED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_reads_as_agreed(path: Path) -> None:
    assert path.read_text("utf-8") == WANTED[path]


def test_no_golden_without_a_mail() -> None:
    assert set() == set(PLACE.glob("*/*.txt")) - set(WANTED)


@pytest.mark.parametrize(("language", "name", "variant"), MAILS)
def test_short_plain_and_calm(language: str, name: str, variant: str) -> None:
    mail = printed(language, name, variant)
    assert 0 < len(mail.subject) <= 78
    assert "\n" not in mail.subject
    assert "!" not in mail.subject + mail.text
    assert len(mail.text.encode()) <= PHONE_BYTES
    assert all(len(line) <= 78 for line in mail.text.split("\n"))
    assert "\n\n\n" not in mail.text
    assert "  " not in mail.text.replace("\n  ", "\n")


@pytest.mark.parametrize(("language", "name", "variant"), MAILS)
def test_html_says_the_same_words_and_fetches_nothing(language: str, name: str, variant: str) -> None:
    mail = printed(language, name, variant)
    page = BeautifulSoup(mail.html, "html.parser")
    assert page.find_all(["img", "script", "link", "iframe", "form", "style", "video", "object"]) == []
    assert "url(" not in mail.html
    links = [str(link["href"]) for link in page.find_all("a")]
    assert [link for link in links if not link.startswith("mailto:") and link not in mail.text] == []
    assert page.body
    assert bare(re.sub(r"(?m)^(> ?|---$)", "", mail.text)) == bare(page.body.get_text(" "))


def bare(text: str) -> str:
    """The letters alone: HTML may space and break them in its own way."""
    return "".join(char for char in text if char.isalnum())


@pytest.mark.parametrize(("language", "name", "variant"), MAILS)
def test_the_footer_says_where_a_reply_goes(language: str, name: str, variant: str) -> None:
    facts = press.sample(name, variant, language)
    footer = printed(language, name, variant).text.rpartition("\n---\n")[2].split("\n")
    assert len(footer[0].split()) > 3
    assert "[#k7q]" in "".join(footer)
    words = [word["word"] for word in facts["words"] if word["command"] not in ("number", "tag", "find")]
    assert " · ".join(words) in " ".join(footer)
