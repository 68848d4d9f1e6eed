"""Nobody is called by their family's name alone."""

import pytest

from mailer.community.firstnames import first_name, shown_name


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Ana Lima", "Ana"),
        ("Ana", "Ana"),
        ("Lima, Ana", "Ana"),
        ("Ana Lima, PhD", "Ana"),
        ("Lima,", "Lima"),
        ("佐藤 太郎", "佐藤 太郎"),
        ("김 민준", "김 민준"),
        ("Нина Орлова", "Нина"),
        ("", ""),
    ],
)
def test_a_first_name_is_the_given_one_or_the_whole(name: str, called: str) -> None:
    assert first_name(name) == called


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (" Ana Lima ", "Ana Lima"),
        ("Nord Drilling A/S", "Nord Drilling A/S"),
        ("ana@acme.example", ""),
        ("Ana Lima <ana@acme.example>", ""),
        ("https://evil.example/x", ""),
        ("WWW.evil.example", ""),
        ("", ""),
    ],
)
def test_a_place_is_no_name(name: str, shown: str) -> None:
    assert shown_name(name) == shown
