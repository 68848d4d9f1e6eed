"""`mailer queue`, `mailer replay` and `mailer list`: what waits and why, a second chance, and what there is."""

import inspect
from pathlib import Path

import click

import mailer
from mailer import commands, journal
from mailer.errors import Misconfigured
from mailer.store import alone
from mailer.store.db import Store
from mailer.store.traffic import deliveries, inbox, workers
from mailer.verbs.doorway import load, ready_store, settings_option


@click.command()
@click.option("--limit", default=50, show_default=True)
@settings_option
def queue(limit: int, config_file: Path) -> None:
    """What waits, and why: mail not yet read, mail on the shunt, deliveries not yet made; who has what in hand."""
    store = ready_store(load(config_file))
    with store.reading() as conn:
        for state, count in inbox.counts(conn):
            click.echo(f"in: {count} {state}")
        for id, line in inbox.shunted(conn, limit):
            click.echo(f"  {id}: {line}; `mailer replay {id}` tries again")
        for hand in workers.hands(conn, _alone(store)):
            whose = hand.name or "a process that is gone, whose work others take over in a moment,"
            click.echo(f"{whose} has {hand.mails} mails and {hand.deliveries} deliveries in hand")
        waiting = deliveries.pending(conn)
        click.echo(
            f"out: {waiting.count} waiting"
            + (f", the oldest since {waiting.oldest:%Y-%m-%d %H:%M} UTC" if waiting.oldest else "")
        )
        for one in deliveries.queue(conn, limit):
            why = f"; {one.reply}" if one.reply else ""
            unsure = "; may have been sent" if one.ambiguous else ""
            click.echo(
                f"  {one.id}: {one.community} to {journal.who(one.email)}: {one.subject[:40]}: "
                f"try {one.tries + 1} at {one.next_try:%Y-%m-%d %H:%M} UTC{why}{unsure}"
            )
    store.close()


def _alone(store: Store) -> str:
    """The process that serves a SQLite database, or nothing."""
    number = alone.holder(Path(store.url.database)) if store.sqlite and store.url.database else ""
    return f"mailer {number}" if number else ""


@click.command()
@click.argument("mail", type=int)
@settings_option
def replay(mail: int, config_file: Path) -> None:
    """Give a mail on the shunt its tries back."""
    store = ready_store(load(config_file))
    with store.writing() as conn:
        found = inbox.replay(conn, mail)
    store.close()
    if not found:
        raise Misconfigured(f"no mail {mail} on the shunt; `mailer queue` lists those")
    click.echo(f"{mail} will be read again")


@click.command("list")
def list_() -> None:
    """Every command, kind, job, rule, route and template, with its file."""
    from mailer.community import kinds
    from mailer.inbound.route import ROUTES
    from mailer.inbound.rules import RULES
    from mailer.jobs import JOBS
    from mailer.outbound.render import Press

    root = Path(mailer.__file__).parents[1]
    for word, command in sorted({**commands.by_verb(), **commands.by_word()}.items()):
        _line("command", word, _file(command.run, root), command.does)
    for kind in kinds.KINDS.values():
        _line("kind", kind.name, f"mailer/community/kinds/{kind.name}.py", kind.description)
    for job in JOBS.values():
        _line("job", job.name, _file(type(job), root), inspect.getdoc(job) or "")
    for rule in RULES:
        _line("rule", rule.name, "mailer/inbound/rules.py", f"waits for: {rule.who}")
    for route in ROUTES:
        _line("route", route.name, "mailer/inbound/route.py", route.why)
    press = Press()
    for name in press.names:
        _line("template", name, str(press.source(name, "en")), "")


def _file(thing: object, root: Path) -> str:
    return str(Path(inspect.getfile(thing)).relative_to(root))  # type: ignore[arg-type]


def _line(sort: str, name: str, place: str, what: str) -> None:
    click.echo(f"{sort:9}{name:22}{place:42}{what.splitlines()[0] if what else ''}")
