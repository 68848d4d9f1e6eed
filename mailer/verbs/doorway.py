"""What verbs share: the option that names the settings, and the doors to what they describe."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from mailer import config, journal
from mailer.app import open_store
from mailer.config import Settings
from mailer.errors import Misconfigured
from mailer.store import migrate
from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.society.people import Community

Decorated = Callable[..., Any]

__all__ = ["chosen_community", "community_option", "load", "numbered", "open_store", "ready_store", "settings_option"]


def settings_option(command: Decorated) -> Decorated:
    """`-c FILE`, handed on as `config_file`."""
    return click.option(
        "-c",
        "--config",
        "config_file",
        type=click.Path(dir_okay=False, path_type=Path),
        default=Path("mailer.toml"),
        show_default=True,
        help="The settings.",
    )(command)


def community_option(command: Decorated) -> Decorated:
    """`--community NAME`, handed on as `community`."""
    return click.option("--community", required=True, help="The community's name: wells for wells@.")(command)


def load(config_file: Path) -> Settings:
    """The settings of a file, with the journal set up by them. Raises Misconfigured."""
    settings = config.load(config_file)
    journal.setup(settings.log.level, json=settings.log.json)
    return settings


def ready_store(settings: Settings) -> Store:
    """The database, brought up to date."""
    store = open_store(settings)
    migrate.upgrade(store)
    return store


def numbered(count: int, what: str) -> str:
    """`1 member`, `2 members`."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def chosen_community(conn: Connection, name: str) -> Community:
    """The community of this name. Raises Misconfigured with those there are."""
    found = people.community_named(conn, name)
    if found is None:
        known = ", ".join(community.name for community in people.communities(conn)) or "none yet"
        raise Misconfigured(f"no community {name!r}; there are: {known}")
    return found
