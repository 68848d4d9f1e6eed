"""Many rows at once, by the shortest way into either database: COPY on PostgreSQL, plain tuples on SQLite.

For a few rows it is an ordinary INSERT. Rows are dictionaries with the same keys; what they leave out is as the table
says. Refuses columns whose default is made by a function. Called where an archive is taken in, and for each new post.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table

FEW = 8  # rows; below that the statement made once for all costs less than the short way

Row = Mapping[str, Any]


def pour(conn: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert these rows."""
    if not rows:
        return
    if len(rows) < FEW:
        conn.execute(sa.insert(table), list(rows))
        return
    defaults = {column.name: column.default for column in table.c}
    given = {name: one.arg for name, one in defaults.items() if isinstance(one, sa.ColumnDefault) and one.is_scalar}
    names = list({**given, **rows[0]})
    columns = ", ".join(map(conn.dialect.identifier_preparer.quote, names))
    if conn.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        insert = f"INSERT INTO {table.name} ({columns}) VALUES ({marks})"
        conn.exec_driver_sql(insert, list(_tuples(conn, table, names, given, rows)))
        return
    raw: Any = conn.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for values in _tuples(conn, table, names, given, rows):
            copy.write_row(values)


def numbered(conn: Connection, table: Table, rows: Sequence[Row]) -> list[int]:
    """Insert these rows; the ids they were given, in their order. Nobody else may insert here meanwhile on SQLite,
    where a transaction that writes is alone."""
    if not rows:
        return []
    if len(rows) < FEW:
        returning = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(conn.scalars(returning, list(rows)))
    if conn.dialect.name == "sqlite":
        last = conn.scalar(sa.select(sa.func.max(table.c.id))) or 0
        ids = list(range(last + 1, last + 1 + len(rows)))
    else:
        query = f"SELECT nextval(pg_get_serial_sequence('{table.name}', 'id')) FROM generate_series(1, :count)"
        ids = list(conn.scalars(sa.text(query), {"count": len(rows)}))
    pour(conn, table, [{**row, "id": number} for number, row in zip(ids, rows, strict=True)])
    return ids


def _tuples(
    conn: Connection, table: Table, names: Sequence[str], given: Row, rows: Sequence[Row]
) -> Iterator[tuple[Any, ...]]:
    """The rows as the driver takes them."""
    kinds = [table.c[name].type.dialect_impl(conn.dialect).bind_processor(conn.dialect) for name in names]
    ways = list(zip(names, kinds, strict=True))
    for row in rows:
        values = {**given, **row}
        yield tuple(values[name] if way is None else way(values[name]) for name, way in ways)
