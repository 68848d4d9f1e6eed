"""The verbs an operator types. Each stands in a file of `verbs/`; this collects them and says what went wrong.

A verb whose file has its name is loaded alone, so that `mailer read` starts without a database.
"""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec

import click

from mailer import __version__, shelf
from mailer.errors import Misconfigured

PRIVATE = 0o077  # umask: what we write holds people's mail, and is for its owner alone
LONGEST = 300  # characters of a verb's first sentence
EX_IOERR, EX_TEMPFAIL, EX_CONFIG = 74, 75, 78  # sysexits.h: a file, the database for now, the settings


class Verbs(click.Group):
    """Every verb of the shelf; what stands inside a group of its own, like `member add`, is no verb."""

    def _load(self) -> None:
        if not self.commands:
            found = shelf.collect("mailer.verbs", click.Command, lambda verb: (verb.name or "",), inner=_inner)
            self.commands.update(found)

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._load()
        return sorted(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each with its first sentence whole."""
        self._load()
        rows = [(name, self.commands[name].get_short_help_str(LONGEST)) for name in sorted(self.commands)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        with _nothing_let_go():
            if found := _alone(cmd_name):
                return found
            self._load()
            return self.commands.get(cmd_name)


@contextmanager
def _nothing_let_go() -> Iterator[None]:
    """What is loaded stays: to look for garbage in it again and again takes a tenth of the start."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


def _alone(verb: str) -> click.Command | None:
    """The verb from the file of its name, `run-job` from `runjob.py`; None where there is no such file."""
    name = verb.replace("-", "")
    if not name.isidentifier() or find_spec(f"mailer.verbs.{name}") is None:
        return None
    here = vars(import_module(f"mailer.verbs.{name}")).values()
    return next((one for one in here if isinstance(one, click.Command) and one.name == verb), None)


def _inner(verb: click.Command) -> list[click.Command]:
    return list(verb.commands.values()) if isinstance(verb, click.Group) else []


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="mailer")
def verbs() -> None:
    """A community of practice that lives in its members' mailboxes."""


def main() -> None:
    """Run a verb. A wrong setting ends it with one clear line and status 78, a disk or a database that does not do
    what it should with one and 74 or 75: systemd tries those again."""
    os.umask(PRIVATE)
    try:
        verbs()
    except Exception as error:
        trouble = said(error)
        if trouble is None:
            raise
        click.echo(f"mailer: {trouble[0]}", err=True)
        sys.exit(trouble[1])


def said(error: Exception) -> tuple[str, int] | None:
    """What went wrong in words, and the status for it; None for a fault of ours."""
    if isinstance(error, Misconfigured):
        return str(error), EX_CONFIG
    if isinstance(error, OSError):
        what = error.strerror or str(error) or type(error).__name__
        return f"{error.filename}: {what}" if error.filename else what, EX_IOERR
    databases = ("sqlalchemy.exc", "sqlite3", "psycopg.errors", "psycopg")  # not imported for `mailer read`
    if not any(kind.__module__ in databases for kind in type(error).__mro__):
        return None
    first = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return f"the database: {first}; `mailer check` says what to mend", EX_TEMPFAIL


if __name__ == "__main__":
    main()
