"""`mailer init` and `mailer community`: from an empty directory to a community that takes mail."""

import difflib
import secrets
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from mailer import config
from mailer.app import furnish
from mailer.community import choices as choosing
from mailer.community.policy import Policy
from mailer.errors import Misconfigured
from mailer.mail import addressing
from mailer.outbound import render
from mailer.store.society import people
from mailer.verbs.doorway import chosen_community, load, numbered, ready_store, settings_option

NAME = 20  # characters: with a token behind it the local part stays within 64 octets (RFC 5321 §4.5.3.1.1)


@click.command()
@click.argument("place", type=click.Path(file_okay=False, path_type=Path))
@click.option("--domain", default=None, help="The mail domain of all addresses.")
def init(place: Path, domain: str | None) -> None:
    """Make PLACE ready: settings with every key explained, a secret key, an empty database, the mails compiled."""
    settings = config.Settings()
    if domain:
        if addressing.domain(domain) is None:
            raise Misconfigured(f"--domain {domain!r} is no mail domain")
        settings = msgspec.structs.replace(settings, domain=domain)
    place.mkdir(parents=True, exist_ok=True)
    path = place / "mailer.toml"
    if there := path.exists():
        settings = config.load(path)
    key = config.under_state(settings, settings.secret_file) if there else place / settings.secret_file
    if there and key.exists():
        raise Misconfigured(f"{path} is there already; nothing was changed")
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_hex(32) + "\n", "ascii")
    if not there:
        path.write_text(config.example(settings), "utf-8")
    made = config.load(path)
    ready_store(made).close()
    furnish(made)
    click.echo(f"{path} is ready. Read it once, then:")
    click.echo(f"  mailer community add NAME -c {path}")
    click.echo(f"  mailer member add ADDRESS --community NAME --facilitator -c {path}")
    click.echo(f"  mailer check -c {path}")
    click.echo(f"  mailer serve -c {path}")


@click.group()
def community() -> None:
    """Communities: add, list, change."""


@community.command("add")
@click.argument("name")
@click.option("--title", default="", help='As people know it: "Well Engineers".')
@click.option("--language", default="en", show_default=True, help="Of the mails we write.")
@click.option("--zone", default="UTC", show_default=True, help="Its time zone: Europe/Oslo.")
@settings_option
def community_add(name: str, title: str, language: str, zone: str, config_file: Path) -> None:
    """Add a community; its address is NAME@ the mail domain."""
    settings = load(config_file)
    name = name.lower()
    if addressing.address(f"{name}@{settings.domain}") is None or len(name) > NAME or settings.delimiter in name:
        raise Misconfigured(
            f"community {name!r}: a name is at most {NAME} letters, digits and dots, without {settings.delimiter!r}"
        )
    _zone(zone)
    _language(language)
    store = ready_store(settings)
    with store.writing() as conn:
        if people.community_named(conn, name):
            raise Misconfigured(f"community {name!r} is there already")
        people.add_community(conn, name, datetime.now(UTC), title=title, language=language, zone=zone)
    store.close()
    click.echo(f"{name}@{settings.domain} is there. Add its first facilitator:")
    click.echo(f"  mailer member add ADDRESS --community {name} --facilitator -c {config_file}")


@community.command("list")
@settings_option
def community_list(config_file: Path) -> None:
    """Every community with its members."""
    settings = load(config_file)
    store = ready_store(settings)
    with store.reading() as conn:
        for one in people.communities(conn):
            count = people.count_members(conn, one.id)
            click.echo(
                f"{one.name}@{settings.domain}\t{numbered(count, 'member')}\t{one.language}\t{one.zone}\t{one.title}"
            )
    store.close()


@community.command("set")
@click.argument("name")
@click.argument("choices", nargs=-1, required=True, metavar="KEY=VALUE…")
@settings_option
def community_set(name: str, choices: tuple[str, ...], config_file: Path) -> None:
    """Change what a community has chosen: title, description, language, zone, or a key of its policy."""
    store = ready_store(load(config_file))
    with store.writing() as conn:
        found = chosen_community(conn, name)
        values: dict[str, object] = {}
        policy = found.policy.kept()
        for choice in choices:
            key, mark, value = choice.partition("=")
            if key in ("title", "description", "language", "zone") and mark:
                values[key] = {"zone": _zone, "language": _language}.get(key, str)(value)
            elif key in Policy.__struct_fields__ and mark:
                policy[key] = _chosen(key, value)
            else:
                known = ", ".join(("title", "description", "language", "zone", *Policy.__struct_fields__))
                raise Misconfigured(f"{choice!r}: a choice is KEY=VALUE with a key of {known}")
        values["policy"] = msgspec.convert(policy, Policy)
        people.change_community(conn, found.id, **values)
    store.close()
    click.echo(f"{name}: {', '.join(choices)}")


def _chosen(key: str, value: str) -> object:
    """The value of a choice of the policy, as the facilitators' own lines may set it. Raises Misconfigured."""
    choice = next(one for one in choosing.choices(()) if one.key == key)
    if choice.number:
        if value.isascii() and value.isdigit() and choice.lowest <= int(value[:9]) <= choice.highest:
            return int(value)
        raise Misconfigured(f"{key}={value}: a number from {choice.lowest} to {choice.highest} is wanted")
    kind = next(field.type for field in msgspec.structs.fields(Policy) if field.name == key)
    try:
        return msgspec.convert(value.lower(), kind, strict=False)
    except msgspec.ValidationError:
        known = ("true", "false") if kind is bool else choice.values
        near = difflib.get_close_matches(value.lower(), known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise Misconfigured(f"{key}={value}: one of {', '.join(known)} is wanted{hint}") from None


def _language(name: str) -> str:
    known = sorted(path.parent.name for path in render.home().glob("*/words.toml"))
    if name in known:
        return name
    raise Misconfigured(f"language {name!r}: the mails speak {', '.join(known)}")


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise Misconfigured(f"zone {name!r}: no such time zone; one looks like Europe/Oslo") from None
