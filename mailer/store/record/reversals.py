"""What an action changed, row by row, and how it is put back while it still stands as the action left it.

Kept in the ledger with the action. Never overwrites what changed since: it names it. Called by store/ledger and by
commands/undoing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import Moment, ledger, meta

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A row as it was and as the action left it, values as JSON has them. Empty `before`: it was not there; empty
    `after`: it was taken away."""

    table: str
    id: int
    before: Row
    after: Row


@dataclass(frozen=True, slots=True)
class Action:
    """A line of the ledger that can be taken back."""

    id: int
    at: datetime
    what: str
    detail: str
    person_id: int | None
    other_id: int | None
    undone_at: datetime | None
    changes: tuple[Change, ...]


def kept(conn: Connection, undo: Sequence[tuple[str, int, dict[str, Any]]]) -> list[list[Any]] | None:
    """What goes into the ledger, once the action is done: each row with its columns before and after. A row that
    stands as it stood is left out; None where nothing changed."""
    found = []
    for table, id, columns in undo:
        now = _row(conn, table, id)
        before = {name: _plain(value) for name, value in columns.items()}
        after = {name: now[name] for name in (before or now)} if now else {}
        if before != after:
            found.append([table, id, before, after])
    return found or None


def of_mail(conn: Connection, community_id: int, inbox_id: int) -> Action | None:
    """What this mail changed in this community, the latest first."""
    return _latest(conn, ledger.c.community_id == community_id, ledger.c.inbox_id == inbox_id)


def of_moment(conn: Connection, community_id: int, person_id: int, at: datetime) -> Action | None:
    """What this person changed, or was changed for them, in the transaction of this moment: for a receipt that does not
    name its mail."""
    theirs = sa.or_(ledger.c.person_id == person_id, ledger.c.other_id == person_id)
    return _latest(conn, ledger.c.community_id == community_id, ledger.c.at == at, theirs)


def _latest(conn: Connection, *where: sa.ColumnElement[bool]) -> Action | None:
    names = [name for name in Action.__dataclass_fields__ if name != "changes"]
    query = sa.select(*(ledger.c[name] for name in names), ledger.c.undo).where(*where).order_by(ledger.c.id.desc())
    for row in conn.execute(query):
        if row.undo:
            facts = {name: row._mapping[name] for name in names}
            return Action(**facts, changes=tuple(Change(*each) for each in row.undo))
    return None


def since(conn: Connection, action: Action) -> tuple[str, ...]:
    """The columns, or the keys within them, that no longer stand as the action left them."""
    found: dict[str, None] = {}
    for change in action.changes:
        now = _row(conn, change.table, change.id) or {}
        if not now or not change.after:
            found |= {change.table: None} if bool(now) != bool(change.after) else {}
            continue
        for name, after in change.after.items():
            found |= dict.fromkeys(_moved(name, change.before.get(name), after, now[name]))
    return tuple(found)


def _moved(name: str, before: Any, after: Any, now: Any) -> list[str]:
    """Where now is not what it was after; of a table of choices, only those that the action touched."""
    if not all(isinstance(value, dict) for value in (before, after, now)):
        return [] if now == after else [name]
    return [key for key in _touched(before, after) if now.get(key) != after.get(key)]


def _touched(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [key for key in {**before, **after} if before.get(key) != after.get(key)]


def put_back(conn: Connection, action: Action, now: datetime) -> bool:
    """Every row as it was, and the action marked; False when somebody else was first. Ask `since` before."""
    mark = sa.update(ledger).where(ledger.c.id == action.id, ledger.c.undone_at.is_(None)).values(undone_at=now)
    if conn.scalar(mark.returning(ledger.c.id)) is None:
        return False
    for change in reversed(action.changes):
        table = meta.tables[change.table]
        if not change.before:
            conn.execute(sa.delete(table).where(table.c.id == change.id))
        elif not change.after:
            conn.execute(sa.insert(table).values(id=change.id, **_typed(table, change.before)))
        else:
            standing = _row(conn, change.table, change.id) or {}
            before = {name: _merged(value, change.after[name], standing[name]) for name, value in change.before.items()}
            conn.execute(sa.update(table).where(table.c.id == change.id).values(**_typed(table, before)))
    return True


def _merged(before: Any, after: Any, now: Any) -> Any:
    """What it was; of a table of choices, those that the action touched as they were and the others as they are."""
    if not all(isinstance(value, dict) for value in (before, after, now)):
        return before
    touched = _touched(before, after)
    rest = {key: value for key, value in now.items() if key not in touched}
    return rest | {key: before[key] for key in touched if key in before}


def _row(conn: Connection, name: str, id: int) -> dict[str, Any]:
    """A row in plain values, or {}."""
    table = meta.tables[name]
    row = conn.execute(sa.select(table).where(table.c.id == id)).first()
    return {column: _plain(value) for column, value in row._mapping.items()} if row else {}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(table: sa.Table, values: Row) -> dict[str, Any]:
    return {name: _value(table.c[name].type, value) for name, value in values.items()}


def _value(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, sa.Date) else value
