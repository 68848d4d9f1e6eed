"""`mailer member`: add, list, change and import the members of a community."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import click
from sqlalchemy import Connection

from mailer.community import roster
from mailer.community.policy import Mode, Role
from mailer.errors import Misconfigured
from mailer.mail import addressing
from mailer.store.society import erasing, people
from mailer.verbs.doorway import chosen_community, community_option, load, numbered, ready_store, settings_option

MODES, ROLES = get_args(Mode), get_args(Role)


@click.group()
def member() -> None:
    """Members: add, list, change, remove, import from CSV."""


@member.command("add")
@click.argument("address")
@click.option("--name", default="", help='"Ana Lima".')
@click.option("--organisation", default="", help='"Acme".')
@click.option("--facilitator", is_flag=True, help="May announce, invite and moderate.")
@click.option("--mode", type=click.Choice(MODES), help="How mail comes; each, unless they chose already.")
@community_option
@settings_option
def member_add(
    address: str, name: str, organisation: str, facilitator: bool, mode: str | None, community: str, config_file: Path
) -> None:
    """Add a member who has agreed to be one; nothing is mailed."""
    store = ready_store(load(config_file))
    with store.writing() as conn:
        where = chosen_community(conn, community)
        add(
            conn,
            where.id,
            address,
            datetime.now(UTC),
            name,
            organisation,
            "facilitator" if facilitator else "",
            mode or "",
        )
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
    mode: str = "",
) -> None:
    """One member, new or again; what is not said stays as it was. Raises Misconfigured for an address that is none."""
    email = addressing.address(address, utf8=True)
    if email is None:
        raise Misconfigured(f"{address!r} is no mail address")
    who = people.by_email(conn, email)
    if who is None:
        who = people.add_person(conn, email, now, name=name, organisation=organisation, confirmed=True)
    elif name or organisation:
        people.change_person(conn, who.id, name=name or who.name, organisation=organisation or who.organisation)
    people.confirm(conn, who.address_id, now)
    values = {key: value for key, value in (("mode", mode), ("role", role)) if value}
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
@click.option("--role", type=click.Choice(ROLES))
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
    with store.writing() as conn:
        where = chosen_community(conn, community)
        for number, cells in _rows(file):
            address = cells.get("address") or cells.get("email") or ""
            mode, role = cells.get("mode", "").lower(), cells.get("role", "").lower()
            if amiss := _amiss(address, mode, role):
                wrong.append(f"line {number}: {amiss}")
                continue
            if erasing.erased(conn, [addressing.address(address, utf8=True) or ""]):
                wrong.append(f"line {number}: {address} has been erased at their own wish")
                continue
            organisation = cells.get("organisation") or cells.get("organization") or ""
            add(conn, where.id, address, datetime.now(UTC), cells.get("name", ""), organisation, role, mode)
            added += 1
    store.close()
    click.echo(f"{numbered(added, 'member')} taken into {community}")
    for line in wrong:
        click.echo(f"not taken, {line}", err=True)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line below the heading with its number, by the names of its columns. Raises Misconfigured without them."""
    text = roster.decode(file.read_bytes())
    heading = text.partition("\n")[0]
    mark = max(",;\t", key=heading.count)
    lines = csv.reader(text.splitlines(keepends=True), delimiter=mark)
    names = [name.strip().lower() for name in next(lines, [])]
    if not {"address", "email"} & set(names):
        wanted = "its first line names the columns, and one of them is address or email"
        raise Misconfigured(f"{file}: {wanted}; it says {heading[:60].strip()!r}")
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield lines.line_num, {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
    except csv.Error as error:
        raise Misconfigured(f"{file}, line {lines.line_num}: {error}") from None


def _amiss(address: str, mode: str, role: str) -> str:
    """What keeps this line from being a member."""
    if addressing.address(address, utf8=True) is None:
        return f"{address!r} is no mail address" if address else "no address"
    if mode and mode not in MODES:
        return f"{address}: mode {mode!r} is none of {', '.join(MODES)}"
    return f"{address}: role {role!r} is none of {', '.join(ROLES)}" if role and role not in ROLES else ""
