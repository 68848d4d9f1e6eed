"""`mailer check`: everything the service needs, looked at one by one, and what to do where something is amiss.

Changes nothing. Each line begins with one word: ok, mend (the service will not work so), look (it will, and you may
want to know).
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from mailer.config import Settings
from mailer.errors import Misconfigured
from mailer.verbs import inspection, records, surroundings
from mailer.verbs.doorway import load, settings_option
from mailer.verbs.inspection import Finding, mend, ok


@click.command()
@settings_option
@click.option("--dns", default="", metavar="HOST:PORT", help="Ask this name server in place of the system's.")
def check(config_file: Path, dns: str) -> None:
    """Look at everything the service needs; say what to mend. Exit status 78 where there is something."""
    amiss = 0
    for finding in look(config_file, dns, datetime.now(UTC)):
        click.echo(finding.line)
        amiss += finding.word == "mend"
    if amiss:
        click.echo(f"{amiss} to mend")
        raise SystemExit(os.EX_CONFIG)


def look(config_file: Path, dns: str, now: datetime) -> Iterator[Finding]:
    """Every finding in the order in which one would mend them."""
    try:
        settings = load(config_file)
    except Misconfigured as error:
        yield mend("settings", str(error))
        return
    yield ok("settings", str(config_file))
    yield from inspection.state(settings)
    yield from inspection.secret(settings)
    yield from inspection.templates()
    yield from inspection.database(settings, now)
    yield from _meet(settings, dns)


def _meet(settings: Settings, dns: str) -> Iterator[Finding]:
    """What is around the service."""
    yield from surroundings.certificate(settings)
    yield from surroundings.doors(settings)
    yield from surroundings.relay(settings)
    yield from surroundings.trust(settings)
    yield from records.published(settings.domain, dns)
