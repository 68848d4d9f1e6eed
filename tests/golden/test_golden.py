"""Every mail we send, word for word, and what holds for all of them."""

import re
from functools import cache

import printing
import pytest
from bs4 import BeautifulSoup
from golden.regenerate import PLACE, file_of, written

from mailer.outbound.render import Rendered

press = printing.press()
MAILS = written(press)
PHONE_BYTES = 4_000  # PRODUCT: what a member on a slow link gets at most, beside their colleague's own words

every_mail = pytest.mark.parametrize(("language", "name"), MAILS, ids=["/".join(mail) for mail in MAILS])


@cache
def printed(language: str, name: str) -> dict[str, Rendered]:
    """The mail by each variant of its sample."""
    return {
        variant: press.render(name, language, press.sample(name, variant, language)) for variant in press.variants(name)
    }


@every_mail
def test_reads_as_agreed(language: str, name: str) -> None:
    agreed = {variant: file_of(language, name, variant) for variant in press.variants(name)}
    assert {variant: path.read_text("utf-8") for variant, path in agreed.items()} == {
        variant: f"Subject: {mail.subject}\n\n{mail.text}" for variant, mail in printed(language, name).items()
    }


def test_no_golden_without_a_mail() -> None:
    wanted = {file_of(language, name, variant) for language, name in MAILS for variant in press.variants(name)}
    assert set() == set(PLACE.glob("*/*.txt")) - wanted


@every_mail
def test_short_plain_and_calm(language: str, name: str) -> None:
    for variant, mail in printed(language, name).items():
        assert 0 < len(mail.subject) <= 78, variant
        assert "\n" not in mail.subject, variant
        assert "!" not in mail.subject + mail.text, variant
        assert len(mail.text.encode()) <= PHONE_BYTES, variant
        assert all(len(line) <= 78 for line in mail.text.split("\n")), variant
        assert "\n\n\n" not in mail.text, variant
        assert "  " not in mail.text.replace("\n  ", "\n"), variant


@every_mail
def test_html_says_the_same_words_and_fetches_nothing(language: str, name: str) -> None:
    for variant, mail in printed(language, name).items():
        page = BeautifulSoup(mail.html, "html.parser")
        fetched = page.find_all(["img", "script", "link", "iframe", "form", "style", "video", "object"])
        assert fetched == [], variant
        assert "url(" not in mail.html, variant
        links = [str(link["href"]) for link in page.find_all("a")]
        assert [link for link in links if not link.startswith("mailto:") and link not in mail.text] == [], variant
        assert page.body, variant
        assert bare(re.sub(r"(?m)^(> ?|---$)", "", mail.text)) == bare(page.body.get_text(" ")), variant


def bare(text: str) -> str:
    """The letters alone: HTML may space and break them in its own way."""
    return "".join(char for char in text if char.isalnum())


@every_mail
def test_the_footer_says_where_a_reply_goes(language: str, name: str) -> None:
    for variant, mail in printed(language, name).items():
        facts = press.sample(name, variant, language)
        footer = mail.text.rpartition("\n---\n")[2].split("\n")
        assert len(footer[0].split()) > 3, variant
        assert "[#k7q]" in "".join(footer), variant
        words = [word["word"] for word in facts["words"] if word["command"] not in ("number", "tag", "find")]
        assert " · ".join(words) in " ".join(footer), variant
