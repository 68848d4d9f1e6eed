"""Communities, persons, their addresses and memberships."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.community.policy import Mode, Policy, Role, State
from mailer.store.tables import Moment, address, community, membership, person


@dataclass(frozen=True, slots=True)
class Community:
    id: int
    name: str
    title: str
    description: str
    language: str
    zone: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Person:
    """Someone, by the address we know or reach them at. `language` and `zone` are empty where the community's hold."""

    id: int
    name: str
    organisation: str
    language: str
    zone: str
    quiet: bool
    address_id: int
    email: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Membership:
    id: int
    person_id: int
    community_id: int
    address_id: int
    role: Role
    mode: Mode
    state: State
    joined_at: datetime | None
    digest_day: str = ""  # of a weekly digest, where it is not the community's
    receipts: str = ""  # on, off, or empty: where the outcome is not obvious
    own: bool = False  # their own posts come back to them
    plain: bool = False  # text only
    cap: int | None = None  # posts a day at most
    away_until: datetime | None = None
    trust: str = ""  # trusted, held, or empty
    invited_by: int | None = None

    @property
    def active(self) -> bool:
        return self.state == "active"


@dataclass(frozen=True, slots=True)
class Member:
    """A person as a member; `person.email` is where they want this community's mail."""

    person: Person
    membership: Membership


# --- communities --------------------------------------------------------------------------------------------------


def add_community(
    conn: Connection,
    name: str,
    now: datetime,
    *,
    title: str = "",
    language: str = "en",
    zone: str = "UTC",
    **more: object,
) -> int:
    """A new community; `more` are `description` and `policy` (a Policy)."""
    policy = more.pop("policy", Policy())
    assert isinstance(policy, Policy)
    values = {"name": name, "title": title or name.capitalize(), "language": language, "zone": zone, **more}
    query = sa.insert(community).values(**values, policy=policy.kept(), created_at=now).returning(community.c.id)
    return int(conn.scalars(query).one())


def communities(conn: Connection) -> list[Community]:
    """All of them, by id."""
    return [_community(row) for row in conn.execute(sa.select(community).order_by(community.c.id))]


def community_named(conn: Connection, name: str) -> Community | None:
    row = conn.execute(sa.select(community).where(community.c.name == name)).first()
    return _community(row) if row else None


def community_by_id(conn: Connection, id: int) -> Community:
    return _community(conn.execute(sa.select(community).where(community.c.id == id)).one())


def change_community(conn: Connection, id: int, **values: object) -> None:
    if isinstance(policy := values.get("policy"), Policy):
        values["policy"] = policy.kept()
    conn.execute(sa.update(community).where(community.c.id == id).values(**values))


def readings(conn: Connection, community_id: int) -> list[tuple[str, bool]]:
    """How its active members read: the language chosen, "" where none is, and whether text only."""
    query = sa.select(person.c.language, membership.c.plain).distinct().join_from(membership, person)
    rows = conn.execute(query.where(membership.c.community_id == community_id, membership.c.state == "active"))
    return sorted((language, plain) for language, plain in rows)


def reads_plain(conn: Connection, person_id: int, community_id: int) -> bool:
    """Whether this member wants text only."""
    query = sa.select(membership.c.plain).where(membership.c.person_id == person_id)
    return bool(conn.scalar(query.where(membership.c.community_id == community_id)))


def count_members(conn: Connection, community_id: int) -> int:
    """Active members, facilitators among them."""
    query = sa.select(sa.func.count()).where(membership.c.community_id == community_id, membership.c.state == "active")
    return conn.scalar(query) or 0


# --- persons ------------------------------------------------------------------------------------------------------

_PERSON = (
    person.c.id,
    person.c.name,
    person.c.organisation,
    person.c.language,
    person.c.zone,
    person.c.quiet,
    address.c.id.label("address_id"),
    address.c.email,
    address.c.confirmed_at,
)


def by_email(conn: Connection, email: str) -> Person | None:
    """The person this canonical address belongs to, confirmed or not."""
    query = sa.select(*_PERSON).join_from(address, person).where(address.c.email == email)
    row = conn.execute(query).first()
    return _person(row) if row else None


def by_id(conn: Connection, id: int) -> Person:
    """A person by id, reached at their first address."""
    query = sa.select(*_PERSON).join_from(address, person).where(person.c.id == id).order_by(address.c.id).limit(1)
    return _person(conn.execute(query).one())


def by_address(conn: Connection, address_id: int) -> Person | None:
    """The person of an address by its id."""
    row = conn.execute(sa.select(*_PERSON).join_from(address, person).where(address.c.id == address_id)).first()
    return _person(row) if row else None


def add_person(
    conn: Connection, email: str, now: datetime, *, name: str = "", confirmed: bool = False, organisation: str = ""
) -> Person:
    """A new person with this canonical address."""
    query = sa.insert(person).values(name=name, organisation=organisation, created_at=now).returning(person.c.id)
    id = int(conn.scalars(query).one())
    values = {"person_id": id, "email": email, "confirmed_at": now if confirmed else None}
    conn.execute(sa.insert(address).values(**values))
    return by_id(conn, id)


def add_address(conn: Connection, person_id: int, email: str, now: datetime) -> int:
    """One more confirmed address of a person."""
    query = sa.insert(address).values(person_id=person_id, email=email, confirmed_at=now).returning(address.c.id)
    return int(conn.scalars(query).one())


def emails(conn: Connection, person_id: int) -> list[str]:
    """Every address of a person, confirmed or not, the first one first."""
    query = sa.select(address.c.email).where(address.c.person_id == person_id).order_by(address.c.id)
    return list(conn.scalars(query))


def confirm(conn: Connection, address_id: int, now: datetime) -> None:
    """The address has answered: it is theirs. It starts afresh with bounces."""
    query = sa.update(address).where(address.c.id == address_id)
    conn.execute(
        query.values(confirmed_at=sa.func.coalesce(address.c.confirmed_at, sa.literal(now, Moment)), bounce_score=0.0)
    )


def change_person(conn: Connection, id: int, **values: object) -> None:
    conn.execute(sa.update(person).where(person.c.id == id).values(**values))


# --- memberships --------------------------------------------------------------------------------------------------


def membership_of(conn: Connection, person_id: int, community_id: int) -> Membership | None:
    query = sa.select(membership).where(membership.c.person_id == person_id, membership.c.community_id == community_id)
    row = conn.execute(query).first()
    return _membership(row) if row else None


def join(conn: Connection, who: Person, community_id: int, now: datetime, **values: object) -> Membership:
    """Make them an active member, new or again, at the address they wrote from; `values` are `role` and `mode`."""
    fresh = {"state": "active", "joined_at": now, "left_at": None, "address_id": who.address_id, **values}
    found = membership_of(conn, who.id, community_id)
    if found:
        conn.execute(sa.update(membership).where(membership.c.id == found.id).values(**fresh))
    else:
        conn.execute(sa.insert(membership).values(person_id=who.id, community_id=community_id, **fresh))
    joined = membership_of(conn, who.id, community_id)
    assert joined
    return joined


def change_membership(conn: Connection, id: int, **values: object) -> None:
    conn.execute(sa.update(membership).where(membership.c.id == id).values(**values))


def members(
    conn: Connection, community_id: int, *, modes: Sequence[str] | None = None, roles: Sequence[str] | None = None
) -> list[Member]:
    """Active members by id, each reached at the address they chose for this community."""
    query = (
        sa.select(membership, *(column.label(f"p_{column.name}") for column in _PERSON))
        .join_from(membership, address, membership.c.address_id == address.c.id)
        .join(person, membership.c.person_id == person.c.id)
        .where(membership.c.community_id == community_id, membership.c.state == "active")
        .order_by(membership.c.id)
    )
    if modes is not None:
        query = query.where(membership.c.mode.in_(modes))
    if roles is not None:
        query = query.where(membership.c.role.in_(roles))
    return [Member(_person(row, "p_"), _membership(row)) for row in conn.execute(query)]


def member(conn: Connection, person_id: int, community_id: int) -> Member | None:
    """One person as a member in any state, reached at the address of that membership."""
    found = membership_of(conn, person_id, community_id)
    if not found:
        return None
    query = sa.select(*_PERSON).join_from(address, person).where(address.c.id == found.address_id)
    return Member(_person(conn.execute(query).one()), found)


def _community(row: Any) -> Community:
    m = row._mapping
    return Community(
        m["id"], m["name"], m["title"], m["description"], m["language"], m["zone"], Policy.read(m["policy"])
    )


def _person(row: Any, prefix: str = "") -> Person:
    m = {key.removeprefix(prefix): value for key, value in row._mapping.items() if key.startswith(prefix)}
    m["confirmed"] = m["confirmed_at"] is not None
    names = ("id", "name", "organisation", "language", "zone", "quiet", "address_id", "email", "confirmed")
    return Person(*(m[name] for name in names))


def _membership(row: Any) -> Membership:
    m = row._mapping
    return Membership(*(m[name] for name in Membership.__dataclass_fields__))
