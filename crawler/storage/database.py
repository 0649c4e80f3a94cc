"""One database, SQLite or PostgreSQL: connections, transactions and the schema's version."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    PoolProxiedConnection,
    Table,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)

from crawler.errors import ConfigError, StorageError
from crawler.extras import how_to_install
from crawler.failpoints import reach
from crawler.storage import (  # noqa: F401  (all tables known)
    tables_occasions,
    tables_recipients,
    tables_stories,
    tables_workers,
)
from crawler.storage.direct import Direct, Driver, translated
from crawler.storage.files import create_private, keep_to
from crawler.storage.tables import metadata

BUSY_TIMEOUT_SECONDS = 30
SQLITE_KEPT = 3  # connections that wait for work, each with a page cache of its own, 2 MB
_OFTEN = 5  # times that a statement was run; PostgreSQL then keeps its plan
_WRITE = "clusterwatch_write"
_BEGIN, _BEGIN_WRITE = Direct(text("BEGIN"), True), Direct(text("BEGIN IMMEDIATE"), True)


class Database:
    """Connections to the one database of an installation.

    ``read()`` and ``write()`` give a SQLAlchemy Core connection inside a transaction
    that commits at the end of the block. A write on SQLite begins IMMEDIATE: a deferred
    transaction that reads first fails with "database is locked" in spite of the time-out.
    Threads of this process take turns however long that lasts: SQLite's own waiting lets some
    starve, and its time-out is for other processes.

    Raises StorageError for a database that cannot be opened, is locked or full, and for
    one of another schema version.
    """

    def __init__(self, url: str) -> None:
        self.engine: Engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._turn: AbstractContextManager[Any] = RLock() if self.is_sqlite else nullcontext()

    @property
    def path(self) -> Path | None:
        """The SQLite file, None on PostgreSQL."""
        name = self.engine.url.database
        return Path(name) if self.is_sqlite and name else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads; its statements are planned for the values they ask with.

        A plan that serves any value takes a day for a third of the archive, and ``<> 'erased'``
        for hardly a row: a page of a topic took 400 ms by it instead of 10.
        """
        with _translated(), self.engine.connect() as connection, connection.begin():
            self._prepare_after(None, connection.connection)
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes; begins IMMEDIATE on SQLite."""
        with self._turn, _translated(), self.engine.connect() as connection:
            connection = connection.execution_options(**{_WRITE: True})
            self._prepare_after(_OFTEN, connection.connection)
            with connection.begin():
                yield connection
                reach("write.before")
        reach("write.committed")

    @contextmanager
    def write_directly(self) -> Iterator[Driver]:
        """The same as ``write`` for the driver's own statements alone; SQLAlchemy's objects around
        a transaction cost more than what is written of a mail that was sent."""
        with self._turn, _translated():
            with translated(self.engine.dialect, "connect"):
                pooled = self.engine.raw_connection()
            try:
                self._prepare_after(_OFTEN, pooled)
                driver = Driver(self.engine, pooled)
                if self.is_sqlite:  # on PostgreSQL the driver begins by itself
                    driver.run(_BEGIN_WRITE, {})
                yield driver
                reach("write.before")
                driver.commit()
            finally:
                pooled.close()  # what was not committed is rolled back
        reach("write.committed")

    @contextmanager
    def autocommit(self) -> Iterator[Connection]:
        """Statements that are each a transaction of their own: one round trip, no more."""
        with _translated(), self.engine.connect() as connection:
            self._prepare_after(_OFTEN, connection.connection)
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def ensure(self) -> None:
        """Create the schema in an empty database; refuse one of another version.

        Raises StorageError with the remedy ``clusterwatch db upgrade`` for an older schema.
        """
        from crawler.storage import schema

        if self.path is not None:
            check_owner(self.path)
        with _translated():
            schema.ensure(self)

    def tables(self) -> set[str]:
        """Names of the tables that exist."""
        with _translated():
            return set(inspect(self.engine).get_table_names())

    def create_all(self, connection: Connection) -> None:
        """Create every table that does not exist yet."""
        metadata.create_all(connection)

    def insert(self, table: Table) -> Any:
        """The dialect's own INSERT, which knows ON CONFLICT on both databases."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def backup_to(
        self, target: Path, last: Callable[[sqlite3.Connection], None] = lambda copy: None
    ) -> None:
        """A consistent copy of the SQLite file while others write (online backup API).

        It has its name only once it is whole, with what ``last`` adds to it; whoever is killed
        before leaves a file that ends in ``.part``.
        """
        if self.path is None:
            raise StorageError(
                "A PostgreSQL database is not backed up by this command.", remedy="Use pg_dump."
            )
        if not target.parent.is_dir():
            raise StorageError(
                f"The folder {target.parent} does not exist.", remedy="Choose another."
            )
        part = target.with_name(f"{target.name}.part")
        part.unlink(missing_ok=True)
        create_private(part)
        try:
            with (
                closing(sqlite3.connect(self.path)) as live,
                closing(sqlite3.connect(part)) as copy,
            ):
                live.backup(copy)
                reach("backup.copied")
                with copy:
                    last(copy)
            reach("backup.whole")
            part.replace(target)
        except sqlite3.Error as error:
            part.unlink(missing_ok=True)
            raise StorageError(
                f"{target} could not be written: {error}.",
                remedy="Look for room on the disk, and try again.",
            ) from error

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()

    def _prepare_after(self, times: int | None, pooled: PoolProxiedConnection) -> None:
        """Let PostgreSQL keep a statement's plan once it ran so often; None: never. Each door says
        so: the pool hands on a connection as the last one left it."""
        if self.is_sqlite:
            return
        driver: Any = pooled.driver_connection
        if hasattr(driver, "prepare_threshold"):  # psycopg's; others never keep one
            driver.prepare_threshold = times


def check_owner(path: Path) -> None:
    """Raises StorageError where a SQLite file belongs to another user than this process."""
    if not path.exists() or not hasattr(os, "geteuid"):
        return
    owner = path.stat().st_uid
    if owner != os.geteuid():
        raise StorageError(
            f"{path} belongs to user id {owner}, this command runs as {os.geteuid()}.",
            remedy="Run it as the owner of the database, e.g. with sudo -u.",
        )


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if "\0" in url:
            raise ValueError("a null byte")
        if parsed.get_backend_name() not in ("sqlite", "postgresql", "postgres"):
            raise ValueError("another kind of database")
    except (ArgumentError, ValueError) as error:
        raise ConfigError(
            "[clusterwatch] database: no address of a SQLite file or a PostgreSQL database.",
            remedy='Allowed: "sqlite:///clusterwatch.db" or "postgresql://…".',
        ) from error
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        if parsed.get_backend_name() == "sqlite":
            return _sqlite_engine(parsed.database or "")
        return create_engine(parsed, pool_pre_ping=True, pool_size=8, max_overflow=8)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigError(
            f"[clusterwatch] database: no driver for {parsed.drivername}.",
            remedy=f"For PostgreSQL: {how_to_install('postgresql')}",
        ) from error


def _sqlite_engine(path: str) -> Engine:
    if not path or path == ":memory:":
        raise ConfigError(
            "[clusterwatch] database: SQLite needs a file.",
            remedy='For example "sqlite:///clusterwatch.db".',
        )
    if not Path(path).parent.is_dir():  # a slip in the path: no folder of ours appears elsewhere
        raise StorageError(
            f"The folder {Path(path).parent} of the database does not exist.",
            remedy="Make it, or correct [clusterwatch] database.",
        )
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        json_deserializer=json_value,
        pool_size=SQLITE_KEPT,
        max_overflow=16 - SQLITE_KEPT,
        pool_use_lifo=True,
    )
    keep_to(engine, Path(path))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def json_value(written: str) -> Any:
    """A JSON column's value; nearly all hold an empty list or object."""
    if written == "[]":
        return []
    return {} if written == "{}" else json.loads(written)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin on its own: _begin_sqlite decides which transaction it is.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # New items touch pages all over the indexes, again and again: with a checkpoint each
        # thousand pages, as by default, these are written several times. A larger page cache of
        # 8 MB spares a little reading and costs a daemon 18 MB.
        "wal_autocheckpoint=4000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITE, False)
    Driver(connection).run(_BEGIN_WRITE if writing else _BEGIN, {})


@contextmanager
def _translated() -> Iterator[None]:
    """Database trouble as one StorageError with a remedy."""
    try:
        yield
    except OperationalError as error:
        raise _storage_error(str(error.orig)) from error
    except DBAPIError as error:
        unopened = isinstance(error, ProgrammingError) and error.statement is None
        if unopened or error.connection_invalidated or "not a database" in str(error.orig):
            raise _storage_error(str(error.orig)) from error
        raise


def _storage_error(told: str) -> StorageError:
    line = told.strip().splitlines()[0] if told.strip() else "no detail"
    if "locked" in line:
        remedy = "Another command holds it; try again in a minute."
    elif "full" in line or "No space" in line:
        remedy = "Free some space; nothing half-written was kept."
    elif "not a database" in line:
        remedy = "Name another file in [clusterwatch] database, or restore a backup."
    elif "unable to open" in line or "readonly" in line:
        remedy = "Check that the folder of the database exists and is writable."
    else:
        remedy = "Check [clusterwatch] database and that the server runs."
    return StorageError(f"The database did not answer: {line}.", remedy=remedy)


def utc_now() -> datetime:
    """The clock for doors; pure steps get ``now`` handed over."""
    return datetime.now(UTC)
