"""Every fault of the fault model has a test or a bench that shows what becomes of it, and a row in the README."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FAULTS = [f"F{number}" for number in range(1, 24)]


@cache
def shown() -> dict[str, list[str]]:
    """Fault -> the tests that bear its mark, by their text."""
    found: dict[str, list[str]] = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        source = file.read_text("utf-8")
        if "mark.fault(" not in source:
            continue
        tree = ast.parse(source)
        whole = [fault for node in tree.body if isinstance(node, ast.Assign) for fault in faults(node.value)]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                for fault in (*whole, *(fault for one in node.decorator_list for fault in faults(one))):
                    found.setdefault(fault, []).append(f"{file.relative_to(TESTS)}::{node.name}")
    return found


def faults(node: ast.expr) -> list[str]:
    """The names that marks of faults within this expression give."""
    return [
        str(one.args[0].value)
        for one in ast.walk(node)
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "pytest.mark.fault"
        if isinstance(one.args[0], ast.Constant)
    ]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_shown(fault: str) -> None:
    assert shown().get(fault)


def test_no_fault_is_shown_that_there_is_not() -> None:
    assert set(shown()) <= set(FAULTS)


def test_the_readme_has_a_row_for_each() -> None:
    rows = re.findall(r"(?m)^\| (F\d+) \|", (TESTS.parent / "README.md").read_text("utf-8"))
    assert rows == FAULTS
