"""A list of people as somebody has it: CSV out of a spreadsheet, lines pasted into a mail, addresses in prose. Pure.

Columns come in any order, with a heading or without, parted by `;`, `,` or tab. A line without an address is handed
back, never guessed at. Called by whoever invites.
"""

import codecs
import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailer.community.likeness import is_name, plain
from mailer.mail import addressing

LINES = 5_000  # of one list: more people than any community here, read in a moment
LONGEST = 1_000  # characters of a line; nobody's name and address is longer
NAME = ORGANISATION = 80  # characters

_ADDRESS = re.compile(r"[^\s<>,;:()\[\]\"'|]{1,64}@[^\s<>,;:()\[\]\"'|@]{1,255}")
_LANGUAGE = re.compile(r"[A-Za-z]{2}")
_COLUMNS = {
    "email": "email mail address adresse courriel correo email address e mail address correo electronico adresse mail "
    "e mail adresse mailadresse e mail endereco de email adresse email",
    "name": "name full name nom nombre nome nom complet nombre completo display name vollstandiger name",
    "given": "first name given name vorname prenom primeiro nome",
    "family": "last name family name surname nachname nom de famille apellido apellidos sobrenome",
    "organisation": "organisation organization company organizacion organizacao firma entreprise empresa societe",
    "language": "language langue idioma sprache lang lengua",
}


def _headings() -> dict[str, str]:
    """Heading, made plain -> column."""
    return {" ".join(words): column for column, said in _COLUMNS.items() for words in _runs(said.split())}


def _runs(words: Sequence[str]) -> list[Sequence[str]]:
    """Every run of up to three words: the headings above stand one after the other."""
    return [words[at : at + size] for size in (3, 2, 1) for at in range(len(words) - size + 1)]


_HEADINGS = _headings()


@dataclass(frozen=True, slots=True)
class Guest:
    """Someone to be asked. `email` is canonical; the rest may be empty."""

    email: str
    name: str = ""
    organisation: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is on the list, each once, in its order; and the lines that hold no address."""

    guests: tuple[Guest, ...]
    wrong: tuple[str, ...] = ()


def decode(content: bytes) -> str:
    """The text of a file from anybody's spreadsheet: UTF-8 or UTF-16 where it says so, else Western European."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def read(text: str) -> Roster:
    """The people named in a text, whatever its form."""
    lines = [line.strip("\ufeff \r") for line in text.splitlines()[:LINES]]
    lines = [line for line in lines if line.strip("\t ;,")]
    mark = _delimiter(lines)
    columns = _heading(_cells(lines[0], mark)) if lines else {}
    guests: dict[str, Guest] = {}
    wrong = []
    for line in lines[1:] if columns else lines:
        found = _line(line, mark, columns) if len(line) <= LONGEST else []
        for guest in found:
            guests.setdefault(guest.email, guest)
        if not found:
            wrong.append(line)
    return Roster(tuple(guests.values()), tuple(wrong))


def _delimiter(lines: Sequence[str]) -> str:
    """What parts the cells: the mark that most lines have."""
    return max("\t;,", key=lambda mark: sum(mark in line for line in lines[:50]))


def _cells(line: str, mark: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line[:LONGEST]], delimiter=mark), [])]
    except csv.Error:
        return []


def _heading(cells: Sequence[str]) -> dict[str, int]:
    """Column -> place, where this line is a heading; the first of a kind counts. A line with an address is none."""
    if any("@" in cell for cell in cells):
        return {}
    named = {_HEADINGS.get(plain(cell), ""): at for at, cell in reversed(list(enumerate(cells)))}
    named.pop("", None)
    return named if "email" in named else {}


def _line(line: str, mark: str, columns: dict[str, int]) -> list[Guest]:
    cells = _cells(line, mark)
    if columns:
        said = {column: cells[at] for column, at in columns.items() if at < len(cells)}
        return _guest(said) or _in_prose(line)
    return _row(cells) or _in_prose(line)


def _row(cells: Sequence[str]) -> list[Guest]:
    """A row without a heading: the cell that is an address, then name and organisation in their order."""
    emails = [cell for cell in cells if "@" in cell]
    if len(emails) != 1 or len(cells) < 2:
        return []
    rest = [cell for cell in cells if cell and "@" not in cell]
    language = next((cell for cell in rest[1:] if _LANGUAGE.fullmatch(cell)), "")
    words = [cell for cell in rest if cell != language]
    said = {"email": emails[0], "language": language}
    return _guest({**said, **dict(zip(("name", "organisation"), words, strict=False))})


def _guest(said: dict[str, str]) -> list[Guest]:
    inside = said.get("email", "").strip()
    email = _reachable(inside.removeprefix("<").removesuffix(">").removeprefix("mailto:"))
    if email is None:
        return []
    name = said.get("name") or f"{said.get('given', '')} {said.get('family', '')}"
    language = said.get("language", "").lower()[:2]
    language = language if _LANGUAGE.fullmatch(said.get("language", "").partition("-")[0]) else ""
    return [Guest(email, called(name), " ".join(said.get("organisation", "").split())[:ORGANISATION], language)]


def _reachable(text: str) -> str | None:
    """The canonical address, where it is one of the world outside: its domain has a dot."""
    email = addressing.address(text) if "." in text.partition("@")[2] else None
    return email if email and email[0].isalnum() else None


def _in_prose(line: str) -> list[Guest]:
    """Every address on the line, with the name before an angle bracket."""
    found = []
    for match in _ADDRESS.finditer(line):
        email = _reachable(match[0].rstrip(".!?"))
        if email:
            before = line[max(match.start() - NAME, 0) : match.start()]
            name = re.split(r"[,;>]", before[:-1])[-1] if before.endswith("<") else ""
            found.append(Guest(email, called(name)))
    return found


def called(name: str) -> str:
    """A name that looks like one; anything else would be somebody's words in a mail to a third."""
    bare = " ".join(name.strip(" \"'\t").split())
    return bare if is_name(bare) else ""
