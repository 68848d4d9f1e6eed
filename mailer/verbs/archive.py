"""`mailer threads` and `mailer search`: what the archive holds, printed."""

from pathlib import Path

import click

from mailer.mail.tokens import code
from mailer.store.talk import exports
from mailer.store.talk import search as index
from mailer.verbs.doorway import chosen_community, community_option, load, ready_store, settings_option

HITS = 20


@click.command()
@settings_option
@community_option
@click.option("--tsv", is_flag=True, help="A line for each post: Message-ID, a tab, the thread.")
def threads(config_file: Path, community: str, tsv: bool) -> None:
    """The threads of a community."""
    store = ready_store(load(config_file))
    with store.reading() as conn:
        home = chosen_community(conn, community)
        if tsv:
            for message_id, thread in exports.threads(conn, home.id):
                click.echo(f"{''.join(message_id.split())}\t{code(thread)}")
        else:
            for thread, posts, last, subject in exports.talks(conn, home.id):
                click.echo(f"{code(thread)}  {last:%Y-%m-%d}  {posts:>4}  {shown(subject)}")
    store.close()


@click.command()
@settings_option
@community_option
@click.option("--limit", default=HITS, show_default=True, help="The most posts to show.")
@click.argument("words", nargs=-1, required=True)
def search(config_file: Path, community: str, limit: int, words: tuple[str, ...]) -> None:
    """Posts with these WORDS: those with all of them first, the newest on top."""
    store = ready_store(load(config_file))
    with store.reading() as conn:
        home = chosen_community(conn, community)
        hits = index.find(conn, home.id, " ".join(words), home.language, limit)
    store.close()
    for hit in hits:
        click.secho(shown(hit.subject) or "(no subject)", bold=True)
        click.echo(f"  {shown(hit.author)}, {hit.sent_at:%Y-%m-%d}, [#{code(hit.thread_id)}]\n  {shown(hit.snippet)}")
    click.echo(f"{len(hits)} found" if hits else "Nothing found")


def shown(text: str) -> str:
    """Text for a terminal: what a member wrote moves no cursor."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
