"""What the tables are made of: the metadata, an aware UTC time, and the usual columns. Used by the other files here."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Text

meta = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)


class Moment(sa.TypeDecorator[datetime]):
    """An aware UTC time: timestamptz on PostgreSQL; on SQLite ISO text of fixed width, which sorts as time does."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).isoformat(sep=" ", timespec="microseconds")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


Id = sa.BigInteger().with_variant(Integer(), "sqlite")
Json = sa.JSON()


def id_() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def ref_(name: str, target: str, *, null: bool = True, index: bool = False) -> Column[int]:
    return Column(
        name, Id, ForeignKey(f"{target}.id", ondelete="CASCADE" if not null else None), nullable=null, index=index
    )


def text_(name: str, default: str | None = "") -> Column[str]:
    return Column(name, Text, nullable=False, default=default, server_default=default)


def when_(name: str, *, null: bool = False) -> Column[datetime]:
    return Column(name, Moment, nullable=null)


def partial_(name: str, *columns: str, where: str) -> Index:
    """An index of those rows alone of which this is true."""
    return Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
