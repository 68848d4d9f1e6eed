"""The house keeps its shape: ranks, sizes, names, purity."""

import ast
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mailer"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "versions" not in path.parts)
RANKS = (
    "errors misread config journal shelf | mail | community | store | engine | outbound | commands | inbound | jobs"
    " | web | app | demo | verbs | __main__"
)
RANK = {room: rank for rank, rooms in enumerate(RANKS.split(" | ")) for room in rooms.split()}
LINES, FUNCTION = 300, 40
FORBIDDEN = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "tools"}
IMPURE = {
    "asyncio", "random", "secrets", "socket", "sqlalchemy", "ssl", "subprocess", "tempfile", "threading", "time",
    "logging", "os", "pathlib", "urllib.request", "http",
}  # fmt: skip


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports(path: Path) -> list[str]:
    """Every module a file imports, `mailer.store.society.people` for `from mailer.store import people`."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
            if node.module == "mailer":
                found += [f"mailer.{alias.name}" for alias in node.names]
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_imports_run_only_leftwards() -> None:
    wrong = []
    for path in FILES:
        here = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        rank = RANK.get(here, len(RANKS))
        wrong += [
            f"{name(path)} imports {module}"
            for module in imports(path)
            if module.startswith("mailer.") and RANK.get(room(module), 0) > rank
        ]
        assert here in RANK or here == "__init__", f"no rank for {here}"
    assert wrong == []


def test_a_file_fits_in_the_head() -> None:
    lines = {name(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {file: count for file, count in lines.items() if count > LINES} == {}


def test_a_function_fits_on_a_screen() -> None:
    long = [
        f"{name(path)}: {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.body[0].lineno + 1 > FUNCTION
    ]
    assert long == []


def test_pure_rooms_have_no_clock_network_disk_or_database() -> None:
    pure = [path for path in FILES if path.relative_to(PACKAGE).parts[0] in ("mail", "community")]
    assert pure
    assert [
        f"{name(path)} imports {module}"
        for path in pure
        for module in imports(path)
        if module in IMPURE or module.split(".")[0] in IMPURE
    ] == []


def test_every_file_says_what_it_is() -> None:
    silent = [name(path) for path in FILES if path.name != "__init__.py" and not _docstring(path)]
    assert silent == []


def test_one_basename_in_the_package_and_none_that_says_nothing() -> None:
    names = Counter(path.stem for path in FILES if path.name != "__init__.py" and "migrations" not in path.parts)
    assert [stem for stem, count in names.items() if count > 1] == []
    assert set(names) & FORBIDDEN == set()


def _docstring(path: Path) -> str | None:
    return ast.get_docstring(tree(path))
