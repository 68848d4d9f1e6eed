"""Prints how many recipients of real bounces are read right: `python tests/corpus/bounces.py [-v]`."""

import csv
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mailer.mail.dsn import bounces
from mailer.mail.parse import parse

CORPORA = Path(os.environ.get("MAILER_CORPORA", Path(__file__).parents[2] / ".." / "shared" / "corpora")).resolve()
FAMILIES = ("flufl_bounce", "bounceparser_perl", "bounce_email_rb")


class Case(NamedTuple):
    """`right` are accepted recipients (any of them will do), `known` those that some tool names too."""

    path: Path
    right: frozenset[str]
    known: frozenset[str]
    permanent: bool | None
    status: str


def _column(text: str) -> frozenset[str]:
    """Addresses of a cell; some tools leave `rfc822;` or `>` on them."""
    return frozenset(address.lower().removeprefix("rfc822;").rstrip(">") for address in text.split(",") if address)


def cases(family: str) -> Iterator[Case]:
    folder = CORPORA / family
    with (folder / "recipients_by_tool.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t"))[1:]
    truth, permanence, statuses = _expected(folder)
    for name, consensus, *tools in rows:
        short = name.removeprefix("data/")
        known = frozenset().union(_column(consensus), *map(_column, tools))
        right = truth.get(short, frozenset()) | _column(consensus)
        yield Case(folder / name, right, known | right, permanence.get(short), statuses.get(short, ""))


def _expected(folder: Path) -> tuple[dict[str, frozenset[str]], dict[str, bool], dict[str, str]]:
    truth: dict[str, frozenset[str]] = {}
    permanence: dict[str, bool] = {}
    statuses: dict[str, str] = {}
    if (folder / "expected.tsv").exists():
        with (folder / "expected.tsv").open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                found = _column(row.get("addresses(comma)") or row.get("address") or "")
                truth[row["file"]] = truth.get(row["file"], frozenset()) | found
                if row.get("temporary"):
                    permanence[row["file"]] = row["temporary"] == "false"
                elif (row.get("smtp_code") or "x")[0] in "45":
                    permanence[row["file"]] = row["smtp_code"][0] == "5"
    else:
        for name, facts in json.loads((folder / "expected.json").read_text(encoding="utf-8")).items():
            if facts.get("status", "unknown") != "unknown":
                statuses[name] = facts["status"]
            if "type" in facts:
                permanence[name] = facts["type"] == "permanent"
    return truth, permanence, statuses


def score(family: str, verbose: bool = False) -> dict[str, int]:
    """Counts over the files in which a recipient is known to have failed, and the names that no tool gives over all."""
    table: Counter[str] = Counter()
    for case in cases(family):
        found = bounces(parse(case.path.read_bytes()))
        names = {one.recipient.lower() for one in found}
        table["named"] += len(names)
        table["wrong"] += len(names - case.known)
        if case.right:
            table["files"] += 1
            table["right"] += bool(names & case.right)
            table["with status"] += bool(names & case.right) and all(one.status for one in found)
        if found and case.permanent is not None:
            table["permanence known"] += 1
            table["permanence as known"] += found[0].permanent == case.permanent
        if found and case.status:
            table["status known"] += 1
            table["status as known"] += found[0].status == case.status
        if verbose and (names - case.known or (case.right and not names & case.right)):
            print(" ", case.path.name, sorted(case.right), found)
    return dict(table)


def main() -> None:
    for family in FAMILIES:
        start = time.perf_counter()
        table = score(family, "-v" in sys.argv)
        print(family, table, f"{time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
