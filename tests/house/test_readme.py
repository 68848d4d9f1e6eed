"""The README says what the code says: its tables are written from the code, and what it names exists.

`make readme` runs this file to write the tables again.
"""

import re
import tomllib
from pathlib import Path
from typing import get_args

import msgspec
import pytest

import mailer
from mailer import commands
from mailer.__main__ import verbs
from mailer.commands import Command
from mailer.community.policy import Policy
from mailer.mail.addressing import VERBS

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
VALUES = {int: ("a number",), bool: ("true", "false")}


def commands_table() -> str:
    """A row for each command: the first English word of each name, its addresses, what it does, who may."""
    shown = {word: forms[0] for word, forms in tomllib.loads(_words().read_text("utf-8"))["words"].items()}
    rows = [
        (
            ", ".join(f"`{shown[word]}`" for word in command.words),
            ", ".join(f"`wells-{verb}@`" if verb in VERBS else f"`{verb}@`" for verb in command.verbs),
            command.does,
            "facilitators" if command.facilitators else "all",
        )
        for command in _shelf()
    ]
    return _table(("say", "or write to", "what it does", "who"), sorted(rows, key=lambda row: (not row[0], row)))


def _words() -> Path:
    return ROOT / "templates" / "en" / "words.toml"


def _shelf() -> list[Command]:
    """Every command once."""
    found = {id(one): one for one in (*commands.by_word().values(), *commands.by_verb().values())}
    return list(found.values())


def policy_table() -> str:
    """The choices of a community with their defaults, and the reason that stands beside each."""
    source = (ROOT / "mailer" / "community" / "policy.py").read_text("utf-8")
    why = dict(re.findall(r"(?m)^    (\w+): .*?  # (.*)$", source))
    rows = []
    for field in msgspec.structs.fields(Policy):
        values = get_args(field.type) or VALUES[field.type]
        default = f"`{str(field.default).lower()}`"
        rows.append((f"`{field.name}`", default, ", ".join(values), why.get(field.name, "")))
    return _table(("key", "default", "values", ""), rows)


def walks() -> str:
    """The map in the package's own docstring, from the first walk on."""
    said = mailer.__doc__ or ""
    return f"```\n{said[said.index('The way of a mail') :].strip()}\n```"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


WRITTEN = {"commands": commands_table, "policy": policy_table, "walks": walks}


def part(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?s)(<!-- {name}: [^\n]*-->\n)(.*?)(<!-- end of {name} -->)")


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_from_the_code_is_what_the_code_says(name: str) -> None:
    found = part(name).search(README.read_text("utf-8"))
    assert found, f"no place for {name}"
    assert found[2].strip() == WRITTEN[name](), "`make readme` writes it"


def test_every_path_it_names_is_there() -> None:
    named = re.findall(r"`((?:mailer|templates|tests)/[\w./-]*)`", README.read_text("utf-8"))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_verb_it_names_is_one() -> None:
    known = set(verbs.list_commands(None))  # type: ignore[arg-type]
    named = set(re.findall(r"(?m)(?:`|^|/bin/)mailer ([a-z][a-z-]+)", README.read_text("utf-8")))
    assert named
    assert named - known == set()


def test_every_room_is_on_the_map() -> None:
    rooms = {path.name for path in (ROOT / "mailer").iterdir() if not path.name.startswith("_")}
    named = set(re.findall(r"(?m)^\| `mailer/([\w.]+)/?` \|", README.read_text("utf-8")))
    assert named == rooms


def write() -> None:
    text = README.read_text("utf-8")
    for name, make in WRITTEN.items():
        text = part(name).sub(lambda found, made=make: f"{found[1]}{made()}\n{found[3]}", text)  # type: ignore[misc]
    README.write_text(text, "utf-8")


if __name__ == "__main__":
    write()


def test_what_tests_with_real_servers_read_of_it_stands_there() -> None:
    """They run where Postfix and Dovecot are, and would notice late."""
    text = README.read_text("utf-8")
    sources = [path.read_text("utf-8") for path in sorted((ROOT / "tests" / "e2e").glob("*.py"))]
    headings = [found for source in sources for found in re.findall(r"shown\(\"([^\"]+)\"", source)]
    assert headings and [one for one in headings if not re.search(rf"{re.escape(one)}[^\n]*\n\n```", text)] == []
