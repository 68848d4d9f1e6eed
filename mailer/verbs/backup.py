"""`mailer backup`: everything there is, in one file, while the service runs."""

import shlex
from pathlib import Path

import click

from mailer import config
from mailer.errors import Misconfigured
from mailer.store import copying
from mailer.verbs.doorway import load, open_store, settings_option


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@settings_option
def backup(target: Path, config_file: Path) -> None:
    """Copy the database to TARGET while the service runs, and look the copy through.

    On PostgreSQL say the command that does it. The settings and the key file are not in it: keep them apart.
    """
    settings = load(config_file)
    store = open_store(settings)
    url, sqlite = store.url, store.sqlite
    store.close()
    if not sqlite:
        where = url._replace(drivername="postgresql", password=None).render_as_string()
        click.echo(f"pg_dump --format=custom --file={shlex.quote(str(target))} {shlex.quote(where)}")
        if url.password:
            click.echo("The password is not in it: pg_dump reads ~/.pgpass and PGPASSWORD.", err=True)
        return
    source = Path(url.database or "")
    if not source.is_file():
        raise Misconfigured(f"no database at {source}")
    if target.exists():
        raise Misconfigured(f"{target} is there already")
    try:
        octets = copying.back_up(source, target)
    except OSError as error:
        raise Misconfigured(f"{target}: {error.strerror or error}") from None
    click.echo(f"{target}: {octets:,} octets, read through and sound")
    click.echo(f"Keep {config_file} and {config.under_state(settings, settings.secret_file)} as well, somewhere else.")
    click.echo(f"To go back to it: stop the service, put it in the place of {source}, start the service.")
