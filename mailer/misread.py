"""What is wrong with a file of settings, in words: where it stands, and what is wanted there. Pure.

Called by config alone, which knows what may stand where.
"""

import difflib
import re
from collections.abc import Iterable
from typing import Any, Literal, get_args, get_origin, get_type_hints

SORTS = {int: "a whole number", str: "a text in quotes", bool: "true or false", tuple: "a list of texts"}
PORT = 65535


def wanted(whole: type, path: str, value: object) -> str:
    """What the key at this path of `whole` takes; empty where its type says it better itself, as a unit does."""
    kind: Any = whole
    for key in path.partition("[")[0].split("."):
        kind = get_type_hints(kind).get(key) if isinstance(kind, type) else None
    if get_origin(kind) is Literal:
        return f"one of {', '.join(get_args(kind))} is wanted{meant(str(value), get_args(kind))}"
    sort = SORTS.get(get_origin(kind) or kind)
    return f"{sort} is wanted" if sort else ""


def meant(word: str, known: Iterable[str], before: str = "") -> str:
    """`; did you mean relay.port?`, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1) or difflib.get_close_matches(
        word.lower(), list(known), n=1
    )
    return f"; did you mean {before}{near[0]}?" if near else ""


def unknown(key: str, here: Iterable[str], path: str, top: Iterable[str]) -> str:
    """Which key it may have been. One of the file's own, written below a table, belongs to that table for TOML."""
    if hint := meant(key, here, path):
        return hint
    if path and (near := difflib.get_close_matches(key, list(top), n=1)):
        return f"; {near[0]} stands at the top of the file, above every [table]"
    return f"; known here: {', '.join(here)}"


def toml(error: str) -> str:
    """What the TOML reader has to say, where its own words are no help."""
    twice = re.search(r"Cannot declare \('(\w+)',\) twice (\(at .*\))", error)
    if twice:
        return f"[{twice[1]}] stands there twice {twice[2]}; put its keys below the first"
    key = re.search(r"Cannot overwrite a value (\(at .*\))", error)
    return f"a key stands there twice {key[1]}; keep one" if key else error


def out_of_range(key: str, number: int) -> str:
    """What is wrong with a number: each of ours counts something, and a port has an end."""
    if key == "port" and not 0 < number <= PORT:
        return f"a port is a number from 1 to {PORT}"
    return "at least 1 is wanted" if number < 1 else ""
