"""Statements handed to the driver itself, where SQLAlchemy's work would cost more than theirs.

Grouping asks ten small things for every item. SQLAlchemy writes these statements once, in the
words of each database; running one through it costs ten times what SQLite needs to answer.
Transactions stay SQLAlchemy's, and so do errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Engine, Executable, PoolProxiedConnection, Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import ColumnElement

from crawler.storage.tables import UtcDateTime

T = TypeVar("T")


class Direct:
    """One statement as one kind of database takes it.

    Values go over and come back as the driver has them, but for times: those are what the
    tables promise. A column that an INSERT is not given is NULL: its server default does not count.
    """

    def __init__(self, statement: Executable, is_sqlite: bool) -> None:
        dialect = _dialect(is_sqlite)
        compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        self.sql = str(compiled)
        self._order: Sequence[str] | None = compiled.positiontup
        self._given: Mapping[str, Any] = compiled.params  # limits and the like
        self._readers = tuple(_readers(statement, dialect))
        self._writers = {
            name: bind.type.bind_processor(dialect)
            for name, bind in compiled.binds.items()
            if isinstance(bind.type, UtcDateTime)
        }

    def values(self, values: Mapping[str, Any]) -> Any:
        """What the driver binds: by position on SQLite, by name on PostgreSQL."""
        every = {**self._given, **values}
        for name, writer in self._writers.items():
            every[name] = writer(every[name])
        return every if self._order is None else [every[name] for name in self._order]

    def read(self, rows: list[Sequence[Any]]) -> list[Sequence[Any]]:
        """Rows with their times."""
        return list(map(self._read, rows)) if self._readers else rows

    def _read(self, row: Sequence[Any]) -> Sequence[Any]:
        cells = list(row)
        for place, reader in self._readers:
            if cells[place] is not None:
                cells[place] = reader(cells[place])
        return cells


class Driver:
    """The driver's own connection under a SQLAlchemy connection, inside its transaction, or
    ``pooled``, one of the engine's pool."""

    def __init__(
        self, connection: Connection | Engine, pooled: PoolProxiedConnection | None = None
    ) -> None:
        if pooled is None:
            assert isinstance(connection, Connection)
            pooled = connection.connection
        raw = pooled.dbapi_connection
        assert raw is not None
        self._dialect = connection.dialect
        self._raw: DBAPIConnection = raw

    @property
    def is_sqlite(self) -> bool:
        return self._dialect.name == "sqlite"

    def commit(self) -> None:
        """Raises SQLAlchemy's DBAPIError."""
        with translated(self._dialect, "COMMIT"):
            self._raw.commit()

    def rows(self, statement: Direct, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """Every row that the statement gives. Raises SQLAlchemy's DBAPIError."""
        return statement.read(self._ran(statement, values, _fetched))

    def run(self, statement: Direct, values: Mapping[str, Any]) -> None:
        """Runs a statement that gives no rows. Raises SQLAlchemy's DBAPIError."""
        self._ran(statement, values, _nothing)

    def changed(self, statement: Direct, values: Mapping[str, Any]) -> int:
        """Runs a statement that gives no rows; how many it changed. Raises as ``run``."""
        return self._ran(statement, values, _changed)

    def run_many(self, statement: Direct, rows: Iterable[Mapping[str, Any]]) -> None:
        """Runs a statement that gives no rows with each of these. Raises as ``run``."""
        bound = [statement.values(values) for values in rows]
        with translated(self._dialect, statement.sql), closing(self._raw.cursor()) as cursor:
            cursor.executemany(statement.sql, bound)

    def _ran(self, statement: Direct, values: Mapping[str, Any], result: Callable[[Any], T]) -> T:
        """What ``result`` makes of the cursor that ran a statement."""
        cursor = self._raw.cursor()
        bound = statement.values(values)
        try:
            cursor.execute(statement.sql, bound)
            return result(cursor)
        except self._dialect.loaded_dbapi.Error as error:
            raise _wrapped(self._dialect, statement.sql, bound, error) from error
        finally:
            cursor.close()


def _fetched(cursor: Any) -> list[Sequence[Any]]:
    found: list[Sequence[Any]] = cursor.fetchall()
    return found


def _changed(cursor: Any) -> int:
    return int(cursor.rowcount)


def _nothing(cursor: Any) -> None:
    """Of a statement that gives no rows."""


@contextmanager
def translated(dialect: Dialect, sql: str) -> Iterator[None]:
    """The driver's errors as SQLAlchemy's."""
    try:
        yield
    except dialect.loaded_dbapi.Error as error:
        raise _wrapped(dialect, sql, None, error) from error


def _wrapped(dialect: Dialect, sql: str, bound: Any, error: Exception) -> BaseException:
    base = dialect.loaded_dbapi.Error
    return DBAPIError.instance(sql, bound, error, base, dialect=dialect)


@lru_cache(maxsize=2)
def _dialect(is_sqlite: bool) -> Dialect:
    """The language alone; no driver is loaded for it."""
    if is_sqlite:
        return sqlite.dialect()
    from sqlalchemy.dialects.postgresql import psycopg

    made: Dialect = psycopg.dialect()  # type: ignore[no-untyped-call]
    return made


def _readers(statement: Executable, dialect: Dialect) -> Iterator[tuple[int, Callable[[Any], Any]]]:
    columns: Iterable[ColumnElement[Any]] = ()
    if isinstance(statement, Select):
        columns = statement.selected_columns
    elif isinstance(statement, UpdateBase):
        columns = statement.exported_columns  # of RETURNING
    for place, column in enumerate(columns):
        if isinstance(column.type, UtcDateTime):
            reader = column.type.result_processor(dialect, None)
            if reader is not None:
                yield place, reader
