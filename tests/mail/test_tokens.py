"""Sealed tokens prove that we made them for one purpose; short codes are unambiguous, neighbours look different."""

from base64 import b32decode, b32encode
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.errors import Misconfigured
from mailer.mail.tokens import ALPHABET, Keys, code, number, seal, unseal

KEYS = Keys(b"k" * 32)


def octets(token: str) -> bytes:
    return b32decode(token.upper() + "=" * (-len(token) % 8))


ids = st.lists(st.integers(0, 2**40 - 1), max_size=4)


@given(ids)
def test_what_is_sealed_is_unsealed(numbers: list[int]) -> None:
    assert unseal(KEYS, "bounce", seal(KEYS, "bounce", *numbers)) == tuple(numbers)


@given(ids)
def test_the_case_of_letters_does_not_matter(numbers: list[int]) -> None:
    assert unseal(KEYS, "bounce", seal(KEYS, "bounce", *numbers).upper()) == tuple(numbers)


def test_two_ids_of_forty_bits_fit_in_forty_characters() -> None:
    token = seal(KEYS, "bounce", 2**40 - 1, 2**40 - 1)
    assert (len(token) <= 40, set(token) <= set("abcdefghijklmnopqrstuvwxyz234567")) == (True, True)


@pytest.mark.fault("F20")
def test_another_purpose_does_not_open_it() -> None:
    assert unseal(KEYS, "leave", seal(KEYS, "bounce", 7)) is None


def test_a_purpose_does_not_run_into_the_ids() -> None:
    keys = next(keys for n in range(256) if octets(seal(keys := Keys(bytes([n]) * 32), "a"))[0] < 128)
    first = octets(seal(keys, "a"))[0]
    mac = octets(seal(keys, "a" + chr(first)))[1:]
    forged = b32encode(bytes([first, first]) + mac).decode().rstrip("=").lower()
    assert unseal(keys, "a", forged) is None


def test_a_strange_key_does_not_open_it() -> None:
    assert unseal(Keys(b"x" * 32), "bounce", seal(KEYS, "bounce", 7)) is None


@pytest.mark.fault("F20")
def test_a_previous_key_still_opens_and_no_longer_seals() -> None:
    rotated = Keys(b"n" * 32, (KEYS.current,))
    old, new = seal(KEYS, "bounce", 7), seal(rotated, "bounce", 7)
    assert (unseal(rotated, "bounce", old), unseal(rotated, "bounce", new), unseal(KEYS, "bounce", new)) == (
        (7,),
        (7,),
        None,
    )


@pytest.mark.fault("F20")
def test_every_changed_character_spoils_it() -> None:
    token = seal(KEYS, "bounce", 12345, 67)
    changed = [token[:at] + ("a" if token[at] != "a" else "b") + token[at + 1 :] for at in range(len(token))]
    assert [unseal(KEYS, "bounce", one) for one in changed] == [None] * len(token)


def test_one_token_has_one_spelling() -> None:
    token = seal(KEYS, "bounce", 1, 2, 3)  # 15 octets fill 24 characters, so try one that leaves bits over
    spellings = [token[:-1] + last for last in "abcdefghijklmnopqrstuvwxyz234567"]
    assert [one for one in spellings if unseal(KEYS, "bounce", one)] == [token]


@pytest.mark.parametrize(
    "text", ["", "a", "====", "k7q", "ſ" * 24, "ı" * 24, "é", "a" * 65, "a" * 10**6, "0189", "a b", "\x00"]
)
def test_what_is_no_token_is_none(text: str) -> None:
    assert unseal(KEYS, "bounce", text) is None


@given(st.text(max_size=70))
def test_any_text_is_a_token_or_none(text: str) -> None:
    assert unseal(KEYS, "bounce", text) is None


def test_a_short_key_is_refused() -> None:
    with pytest.raises(Misconfigured):
        Keys(b"short")


def test_a_negative_id_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        seal(KEYS, "bounce", -1)


def test_keys_are_not_shown() -> None:
    assert "kkk" not in repr(KEYS)


@given(st.integers(0, 10**12))
def test_a_code_stands_for_one_number(value: int) -> None:
    assert (number(code(value)), number(code(value).upper())) == (value, value)


def test_codes_differ_and_grow_slowly() -> None:
    codes = [code(value) for value in range(20_000)]
    assert (len(set(codes)), len(codes[0]), len(codes[15_624]), len(codes[15_625])) == (20_000, 3, 3, 4)


def test_neighbours_differ_in_two_places_at_least() -> None:
    codes = [code(value) for value in range(15_625)]
    alike = [pair for pair in pairwise(codes) if sum(a == b for a, b in zip(*pair, strict=True)) > 1]
    assert alike == []


def test_the_alphabet_has_no_look_alikes() -> None:
    pairs = ["0o", "1l", "1i", "il", "2z", "5s", "8b", "uv"]
    assert [pair for pair in pairs if set(pair) <= set(ALPHABET)] == []


@pytest.mark.parametrize("text", ["", "k", "k7", "k0q", "ſſſ", "k7 q", "[#", "a" * 100])
def test_what_is_no_code_is_none(text: str) -> None:
    assert number(text) is None
