"""`mailer migrate-db`: from SQLite to PostgreSQL, with a proof that all of it arrived."""

import contextlib
from pathlib import Path

import click

from mailer.errors import Misconfigured
from mailer.store import alone, copying, migrate
from mailer.store.db import Store
from mailer.verbs.doorway import load, ready_store, settings_option


@click.command("migrate-db")
@click.option(
    "--to", "url", required=True, help="The new database: postgresql+psycopg://user@host/name, there and empty."
)
@settings_option
def migrate_db(url: str, config_file: Path) -> None:
    """Copy everything into another, empty database and compare the two. Stop the service first.

    Until the settings name the new one, nothing has changed.
    """
    settings = load(config_file)
    target = Store(url, Path(settings.state))
    source = ready_store(settings)
    try:
        if target.url == source.url:
            raise Misconfigured("the new database is the old one")
        migrate.upgrade(target)
        with _nobody_serves(source):
            counts = copying.move(source, target)
    finally:
        source.close()
        target.close()
    for name, count in counts.items():
        if count:
            click.echo(f"{name:12} {count:>10,}")
    click.echo(f"{sum(counts.values()):,} rows, each compared. Now set database.url and start the service.")


def _nobody_serves(store: Store) -> contextlib.AbstractContextManager[None]:
    """Refuses where SQLite's one process is at work: what it takes meanwhile would be missing."""
    return alone.held(Path(store.url.database)) if store.sqlite and store.url.database else contextlib.nullcontext()
