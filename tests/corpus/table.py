"""Prints how real mail is read, family by family: `python tests/corpus/table.py [-v]`.

Failures, defects, the slowest mail, and the calendar facts that are read right.
"""

import csv
import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from mailer.mail.message import Calendar
from mailer.mail.parse import parse
from mailer.mail.parts import zones

CORPORA = Path(os.environ.get("MAILER_CORPORA", Path(__file__).parents[2] / ".." / "shared" / "corpora")).resolve()


class Family(NamedTuple):
    """The reading of one family of mails; times are in seconds."""

    name: str
    mails: int
    failures: tuple[str, ...]
    took: float
    slowest: float
    slowest_name: str


def families(corpora: Path) -> list[Path]:
    return sorted(place for place in corpora.iterdir() if (place / "data").is_dir())


def read_family(place: Path) -> Family:
    failures: list[str] = []
    times: list[tuple[float, str]] = []
    for file in sorted((place / "data").rglob("*")):
        if not file.is_file():
            continue
        raw = file.read_bytes()
        began = time.perf_counter()
        try:
            parse(raw)
        except Exception as error:
            failures.append(f"{file.relative_to(place)}: {type(error).__name__}: {error}")
        times.append((time.perf_counter() - began, file.name))
    slowest, name = max(times, default=(0.0, ""))
    return Family(place.name, len(times), tuple(failures), sum(took for took, _ in times), slowest, name)


def calendar_rows(corpora: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """Every row of every calendar_facts.tsv whose part the independent reader could parse, with its mail."""
    for table in sorted(corpora.glob("*/calendar_facts.tsv")):
        with table.open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                place = corpora / row["file"]
                path = place if place.exists() else table.parent / "data" / row["file"]
                if row["UID"] and path.exists():
                    yield path, row


def differences(found: tuple[Calendar, ...], row: dict[str, str]) -> list[str]:
    """What no calendar of a mail has of one row, by the calendar that comes nearest; [] where one has all."""
    return min((_differences(each, row) for each in found), key=len, default=["no calendar"])


def _differences(found: Calendar, row: dict[str, str]) -> list[str]:
    organizer = row["ORGANIZER"].lower().removeprefix("mailto:")
    attendees = sorted(f"{each.address}={each.partstat}".lower() for each in found.attendees)
    checks = {
        "method": (found.method, row["METHOD"] or row["method_parameter"]),
        "uid": (found.uid, row["UID"]),
        "sequence": (found.sequence, int(row["SEQUENCE"] or 0)),
        "organizer": (found.organizer.lower(), organizer),
        "attendees": (attendees, sorted(row["attendee=partstat"].lower().split())),
        "start": (_as_written(found, row["DTSTART"]), row["DTSTART"]),
    }
    return [f"{name}: {ours!r} is not {theirs!r}" for name, (ours, theirs) in checks.items() if ours != theirs]


def _as_written(found: Calendar, written: str) -> str:
    """The start in the form of the table: UTC with Z, or local time in the organiser's zone."""
    if found.start is None:
        return ""
    moment: datetime = found.start
    if found.all_day:
        return f"{moment:%Y%m%d}"
    if written.endswith("Z"):
        return f"{moment:%Y%m%dT%H%M%SZ}"
    zone = zones.named(found.zone) if found.zone else None
    return f"{moment.astimezone(zone.info) if zone else moment:%Y%m%dT%H%M%S}"


def main() -> None:
    read = [read_family(place) for place in families(CORPORA)]
    print(f"{'family':24}{'mails':>7}{'failed':>8}{'ms a mail':>11}{'slowest ms':>12}  slowest")
    for each in read:
        mean = 1000 * each.took / max(each.mails, 1)
        print(
            f"{each.name:24}{each.mails:7}{len(each.failures):8}{mean:11.2f}{1000 * each.slowest:12.1f}"
            f"  {each.slowest_name}"
        )
        for failure in each.failures:
            print("    ", failure)
    mails = sum(each.mails for each in read)
    took = sum(each.took for each in read)
    failed = sum(len(each.failures) for each in read)
    print(f"{'all':24}{mails:7}{failed:8}{1000 * took / mails:11.2f}{1000 * max(each.slowest for each in read):12.1f}")
    rows = [(path, row, differences(parse(path.read_bytes()).calendars, row)) for path, row in calendar_rows(CORPORA)]
    print(f"calendar facts: {sum(not wrong for _, _, wrong in rows)} of {len(rows)} right")
    for path, row, wrong in rows:
        if wrong and "-v" in sys.argv:
            print("    ", path.name, row["part_type"], "; ".join(wrong))


if __name__ == "__main__":
    main()
