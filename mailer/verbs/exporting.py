"""`mailer export`: all that a community has, in forms that other programs read.

Writes into a new directory and refuses one with something in it. No name of a file comes from a member.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import Connection

from mailer.community.kinds import KINDS
from mailer.errors import Misconfigured
from mailer.store.talk import exports
from mailer.store.talk.exports import Kept
from mailer.verbs.doorway import chosen_community, community_option, load, ready_store, settings_option
from mailer.verbs.mboxes import entry

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is run by spreadsheets (SECURITY 41)


@click.command()
@settings_option
@community_option
@click.argument("place", type=click.Path(file_okay=False, path_type=Path))
def export(config_file: Path, community: str, place: Path) -> None:
    """Write everything a community has to the directory PLACE: mails.mbox, members.csv, library/, events.ics."""
    if place.exists() and any(place.iterdir()):
        raise Misconfigured(f"{place} has something in it; name a new directory")
    place.mkdir(parents=True, exist_ok=True)
    store = ready_store(load(config_file))
    with store.reading() as conn:
        home = chosen_community(conn, community).id
        counts = {
            "mails.mbox": _mails(conn, home, place / "mails.mbox"),
            "members.csv": _members(conn, home, place / "members.csv"),
            "library": _library(conn, home, place / "library"),
            "events.ics": _events(conn, home, place / "events.ics"),
        }
    store.close()
    for name, count in counts.items():
        click.echo(f"{count:>8,}  {place / name}")


def _mails(conn: Connection, home: int, path: Path) -> int:
    count = 0
    with path.open("wb") as out:
        for raw, sender, at in exports.mails(conn, home):
            out.write(entry(raw, sender, at))
            count += 1
    return count


def _members(conn: Connection, home: int, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(["address", "name", "organisation", "role", "mode", "state", "joined"])
        for each in exports.members(conn, home):
            joined = each.joined_at.isoformat() if each.joined_at else ""
            cells = (each.email, each.name, each.organisation, each.role, each.mode, each.state, joined)
            table.writerow([cell(text) for text in cells])
            count += 1
    return count


def cell(text: str) -> str:
    """Text that a spreadsheet shows and does not run."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _library(conn: Connection, home: int, place: Path) -> int:
    place.mkdir()
    lines = ["# Library", ""]
    for kept in exports.library(conn, home):
        name = f"{kept.item.name}.md"
        (place / name).write_text("\n".join(page(kept)) + "\n", "utf-8")
        lines.append(f"- [{kept.item.name}]({name}) {inline(kept.item.title)}")
    (place / "index.md").write_text("\n".join(lines) + "\n", "utf-8")
    return len(lines) - 2


def page(kept: Kept) -> Iterator[str]:
    """One item as Markdown; its text stands as it was written."""
    kind = KINDS.get(kept.item.kind)
    yield f"# {inline(kept.item.title)}"
    yield ""
    yield f"{kind.title if kind else kept.item.kind} {kept.item.name}, {kept.item.updated_at:%Y-%m-%d}"
    if kept.tags:
        yield " ".join(f"\\#{tag}" for tag in kept.tags)
    if kept.item.status != "current":
        yield f"Status: {kept.item.status}"
    yield ""
    yield kept.item.text
    if kept.sources:
        yield ""
        yield "Sources:"
        yield ""
        yield from (f"- `{source.replace('`', '')}`" for source in kept.sources)


def inline(text: str) -> str:
    """Text on one line in which Markdown sees nothing but text."""
    flat = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|" else letter for letter in flat)


def _events(conn: Connection, home: int, path: Path) -> int:
    import icalendar  # late: it loads much, and only this verb writes a calendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//mailer//export//EN")
    calendar.add("version", "2.0")
    count = 0
    for each in exports.meetings(conn, home):
        event = icalendar.Event()
        event.add("uid", each.uid)
        event.add("sequence", each.sequence)
        event.add("dtstamp", each.created_at)
        event.add("dtstart", each.starts_at)
        event.add("dtend", each.ends_at)
        event.add("status", "CANCELLED" if each.cancelled else "CONFIRMED")
        for name, text in (("summary", each.title), ("description", each.text), ("location", each.place)):
            if text:
                event.add(name, text.replace("\r", ""))
        calendar.add_component(event)
        count += 1
    path.write_bytes(calendar.to_ical())
    return count
