"""`mailer member invite`: ask people in, from a CSV file or by address; the service sends, and nobody is added."""

from datetime import UTC, datetime
from pathlib import Path

import click

from mailer.app import furnish
from mailer.commands import inviting
from mailer.community import roster
from mailer.community.roster import Roster
from mailer.errors import Misconfigured
from mailer.mail import addressing
from mailer.store.society import people
from mailer.verbs.doorway import chosen_community, community_option, load, ready_store, settings_option
from mailer.verbs.membership import member


@member.command("invite")
@click.argument("addresses", nargs=-1)
@click.option("--csv", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A list of people.")
@click.option("--by", default="", help="The member in whose name they are asked; else nobody's.")
@community_option
@settings_option
def member_invite(addresses: tuple[str, ...], file: Path | None, by: str, community: str, config_file: Path) -> None:
    """Ask people whether they would like to come in: once each, with two reminders. Columns of the file, in any order:
    email, name, organisation, language."""
    if not addresses and file is None:
        raise Misconfigured("say whom to ask: addresses, or a list by --csv FILE")
    listed = [roster.read("\n".join(addresses)), *([roster.read(roster.decode(file.read_bytes()))] if file else [])]
    guests = {guest.email: guest for one in listed for guest in one.guests}
    wrong = tuple(line for one in listed for line in one.wrong)
    settings = load(config_file)
    house, store = furnish(settings), ready_store(settings)
    with store.writing() as conn:
        where, desk = chosen_community(conn, community), house.desk(conn, datetime.now(UTC))
        inviter = people.by_email(conn, addressing.address(by) or "") if by else None
        if by and inviter is None:
            raise Misconfigured(f"--by {by!r}: nobody here has that address")
        chosen = inviting.sort(desk, where, Roster(tuple(guests.values()), wrong), inviter, inviting.A_LIST)
        if chosen.ask:
            inviting.put_off(desk, where, chosen.ask, inviter, None)
    store.close()
    click.echo(f"{len(chosen.ask)} will be asked by the service")
    for why, some in (("a member already", chosen.members), ("asked before", chosen.before)):
        if some:
            click.echo(f"{len(some)} {why}")
    for why, some in (("not to be asked", chosen.never), ("too many today", chosen.over), ("no address", chosen.wrong)):
        for one in some:
            click.echo(f"{why}: {one}", err=True)
