"""Every known attack has an answer and a test that shows it, and the table of them tells the truth."""

import ast
from functools import cache
from pathlib import Path

import pytest
from security.classes import ATTACKS, Attack, shown_by

TESTS = Path(__file__).parents[1]


@cache
def names_in(file: str) -> frozenset[str]:
    """The tests of a file, by its text."""
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return frozenset(
        one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and "test_" in one.name
    )


def test_there_are_fifty_four() -> None:
    assert [one.number for one in ATTACKS] == list(range(1, 55))


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.number)
def test_an_attack_has_a_test_that_shows_the_answer(attack: Attack) -> None:
    assert shown_by(attack)
    assert [(file, name) for file, name in shown_by(attack) if name not in names_in(file)] == []
