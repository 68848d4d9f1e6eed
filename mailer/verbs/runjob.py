"""`mailer run-job`: one job of the clock, now or at another moment, once a slot like everything the clock does."""

from datetime import UTC, datetime
from pathlib import Path

import click

from mailer.app import furnish
from mailer.errors import Misconfigured
from mailer.jobs import JOBS, clock
from mailer.verbs.doorway import chosen_community, community_option, load, ready_store, settings_option


@click.command("run-job")
@click.argument("name")
@settings_option
@community_option
@click.option("--at", help="The moment to be at, in ISO form; UTC where it names no zone. Default: now.")
def run_job(name: str, config_file: Path, community: str, at: str | None) -> None:
    """Do what a job has due, unless it ran before; what it queues goes out with the service."""
    if name not in JOBS:
        raise Misconfigured(f"no job {name!r}; there are: {', '.join(JOBS)}")
    now = _moment(at) if at else datetime.now(UTC)
    settings = load(config_file)
    house, store = furnish(settings), ready_store(settings)
    with store.reading() as conn:
        home = chosen_community(conn, community)
        turns = clock.not_run(conn, home, clock.come(conn, JOBS[name], home, now))
    for turn in turns:
        with store.writing() as conn:
            outcome = clock.perform(conn, house, turn, now)
        click.echo(f"{turn.name}: {outcome or 'ran meanwhile'}")
    store.close()
    if not turns:
        click.echo(f"{name} has nothing due that has not run")


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Misconfigured(f"--at {text!r}: a moment like 2026-03-03T07:00 is wanted") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
