"""`mailer member`: add, list, change and import the members of a community."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import click
from sqlalchemy import Connection

from mailer.community.policy import Mode
from mailer.errors import Misconfigured
from mailer.mail import addressing
from mailer.store.society import erasing, people
from mailer.verbs.doorway import chosen_community, community_option, load, ready_store, settings_option

MODES = get_args(Mode)


@click.group()
def member() -> None:
    """Members: add, list, change, remove, import from CSV."""


@member.command("add")
@click.argument("address")
@click.option("--name", default="", help='"Ana Lima".')
@click.option("--organisation", default="", help='"Acme".')
@click.option("--facilitator", is_flag=True, help="May announce, invite and moderate.")
@click.option("--mode", type=click.Choice(MODES), default="each", show_default=True)
@community_option
@settings_option
def member_add(
    address: str, name: str, organisation: str, facilitator: bool, mode: str, community: str, config_file: Path
) -> None:
    """Add a member who has agreed to be one; nothing is mailed."""
    store = ready_store(load(config_file))
    with store.writing() as conn:
        where = chosen_community(conn, community)
        add(conn, where.id, address, datetime.now(UTC), name, organisation, "facilitator" if facilitator else "", mode)
    store.close()
    click.echo(f"{address} is in {community}")


def add(
    conn: Connection,
    community_id: int,
    address: str,
    now: datetime,
    name: str = "",
    organisation: str = "",
    role: str = "",
    mode: str = "each",
) -> None:
    """One member, new or again. Raises Misconfigured for an address that is none."""
    email = addressing.address(address, utf8=True)
    if email is None:
        raise Misconfigured(f"{address!r} is no mail address")
    who = people.by_email(conn, email)
    if who is None:
        who = people.add_person(conn, email, now, name=name, organisation=organisation, confirmed=True)
    elif name or organisation:
        people.change_person(conn, who.id, name=name or who.name, organisation=organisation or who.organisation)
    people.confirm(conn, who.address_id, now)
    values = {"mode": mode, **({"role": role} if role else {})}
    people.join(conn, who, community_id, now, **values)


@member.command("list")
@community_option
@settings_option
def member_list(community: str, config_file: Path) -> None:
    """Address, name, organisation, role and mode of each active member."""
    store = ready_store(load(config_file))
    with store.reading() as conn:
        for one in people.members(conn, chosen_community(conn, community).id):
            who, how = one.person, one.membership
            click.echo("\t".join((who.email, who.name, who.organisation, how.role, how.mode)))
    store.close()


@member.command("set")
@click.argument("address")
@click.option("--role", type=click.Choice(("member", "facilitator", "sponsor")))
@click.option("--mode", type=click.Choice(MODES))
@community_option
@settings_option
def member_set(address: str, role: str | None, mode: str | None, community: str, config_file: Path) -> None:
    """Change a member's role or how often mail comes."""
    values = {key: value for key, value in (("role", role), ("mode", mode)) if value}
    if not values:
        raise Misconfigured("say what to change: --role or --mode")
    _change(config_file, community, address, values)
    click.echo(f"{address}: {', '.join(values.values())}")


@member.command("remove")
@click.argument("address")
@community_option
@settings_option
def member_remove(address: str, community: str, config_file: Path) -> None:
    """Take a member out; their posts stay."""
    _change(config_file, community, address, {"state": "left", "left_at": datetime.now(UTC)})
    click.echo(f"{address} is out of {community}")


def _change(config_file: Path, community: str, address: str, values: dict[str, object] | dict[str, str]) -> None:
    store = ready_store(load(config_file))
    with store.writing() as conn:
        where = chosen_community(conn, community)
        who = people.by_email(conn, addressing.address(address, utf8=True) or "")
        found = people.membership_of(conn, who.id, where.id) if who else None
        if found is None:
            raise Misconfigured(f"{address!r} is no member of {community}")
        people.change_membership(conn, found.id, **values)
    store.close()


@member.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@community_option
@settings_option
def member_import(file: Path, community: str, config_file: Path) -> None:
    """Members from a CSV file headed address (or email), name, organisation, role, mode. Nothing is mailed."""
    store = ready_store(load(config_file))
    added, wrong = 0, []
    with store.writing() as conn, file.open(encoding="utf-8-sig", newline="") as lines:
        where = chosen_community(conn, community)
        for number, row in enumerate(csv.DictReader(lines), 2):
            cells = {(key or "").strip().lower(): (value or "").strip() for key, value in row.items() if key}
            address = cells.get("address") or cells.get("email") or ""
            mode = cells.get("mode") or "each"
            if addressing.address(address, utf8=True) is None or mode not in MODES:
                wrong.append(f"line {number}: {address or 'no address'} {mode if mode not in MODES else ''}".rstrip())
                continue
            if erasing.erased(conn, [addressing.address(address, utf8=True) or ""]):
                wrong.append(f"line {number}: {address} has been erased at their own wish")
                continue
            organisation = cells.get("organisation") or cells.get("organization") or ""
            role = cells.get("role") or ""
            add(conn, where.id, address, datetime.now(UTC), cells.get("name", ""), organisation, role, mode)
            added += 1
    store.close()
    click.echo(f"{added} members in {community}")
    for line in wrong:
        click.echo(f"not taken, {line}", err=True)
