"""How a backup comes back: checked first, the present database kept, sending held at once.

The backup becomes a copy of its own that already holds sending; that copy then replaces what the
database says in one transaction (SQLite's online backup, https://sqlite.org/backup.html). So no
moment exists in which the restored deliveries could be sent again, and whoever is killed in
between leaves the old database or the new one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from alerts.backups import Carried, carried_by, drop_carried
from crawler.errors import StorageError, UsageError
from crawler.storage.database import BUSY_TIMEOUT_SECONDS, Database, check_owner
from crawler.storage.deliveries import DeliveryStore
from crawler.storage.files import create_private
from crawler.storage.schema import HEAD

_BESIDE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore left behind."""

    database: Path
    kept: Path | None  # the database before it; None: there was none
    schema: str


def restore(url: str, file: Path, now: datetime) -> Restored:
    """Make the SQLite database of ``url`` what ``file`` is, and hold sending.

    Raises UsageError for a file that cannot be restored and StorageError for PostgreSQL and for
    a database that refuses; nothing is touched then. No daemon may run meanwhile.
    """
    target = sqlite_file(url)
    if target.exists() and file.exists() and os.path.samefile(target, file):
        raise UsageError(f"{file} is the database itself.", remedy="Name a backup of it.")
    schema = schema_of(file)
    check_owner(target)
    fresh = target.with_name(f"{target.name}.restoring")
    try:
        _copy_held(file, fresh, now)
        kept = _keep(target, now)
        _replace(target, fresh)
    except sqlite3.Error as error:
        raise StorageError(
            f"{target} could not be restored: {error}.",
            remedy="Stop what works on it and try again; the database is as it was.",
        ) from error
    finally:
        _remove(fresh, "", *_BESIDE)
    return Restored(target, kept, schema)


def sqlite_file(url: str) -> Path:
    """The file of a SQLite address. StorageError for PostgreSQL, which has its own tools."""
    if not url.startswith("sqlite"):
        raise StorageError(
            "A PostgreSQL database is not restored by this command.",
            remedy="Use pg_restore, then: clusterwatch digest release --dry-run",
        )
    return Path(url.removeprefix("sqlite:///"))


def installation_of(file: Path) -> Carried | None:
    """What a backup carries of its installation. UsageError where it is no backup of ours."""
    schema_of(file)
    with closing(_opened(file)) as backup:
        return carried_by(backup)


def schema_of(file: Path) -> str:
    """The schema version of a backup, which is only read. UsageError where it is none of ours."""
    if not file.is_file():
        raise UsageError(f"{file}: there is no such file.", remedy="Name a backup.")
    try:
        with closing(_opened(file)) as backup:
            sound = backup.execute("PRAGMA quick_check(1)").fetchone()[0]
            tables = {row[0] for row in backup.execute("SELECT name FROM sqlite_master")}
            ours = {"alembic_version", "meta", "sources", "items", "deliveries"} <= tables
            row = backup.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise _not_ours(file, str(error)) from error
    if sound != "ok":
        raise _not_ours(file, "it is damaged")
    if not ours or row is None:
        raise _not_ours(file, "tables of ours are missing")
    if str(row[0]) > HEAD:
        raise UsageError(
            f"{file} has schema {row[0]}, this program knows up to {HEAD}.",
            remedy="Install the newer Clusterwatch that made it.",
        )
    return str(row[0])


def _not_ours(file: Path, why: str) -> UsageError:
    return UsageError(
        f"{file} is no database of Clusterwatch: {why}.",
        remedy="Name a file that clusterwatch backup made.",
    )


def _opened(file: Path) -> sqlite3.Connection:
    """A connection that writes nothing, not even beside the file, as its folder may be
    read-only. A plain copy of a database in use may have a log beside it, which is read then."""
    logged = file.with_name(file.name + "-wal").exists()
    how = "mode=ro" if logged else "mode=ro&immutable=1"
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?{how}", uri=True)


def _copy_held(file: Path, fresh: Path, now: datetime) -> None:
    fresh.parent.mkdir(parents=True, exist_ok=True)
    _remove(fresh, "", *_BESIDE)
    create_private(fresh)
    with closing(_opened(file)) as backup, closing(sqlite3.connect(fresh)) as copy:
        backup.backup(copy)
        drop_carried(copy)
    database = Database(f"sqlite:///{fresh}")
    try:
        DeliveryStore(database).hold(f"restored {now.isoformat(timespec='seconds')}")
    finally:
        database.close()


def _keep(target: Path, now: datetime) -> Path | None:
    """Keep the present database; one that cannot be read is moved aside with its log."""
    if not target.exists():
        _remove(target, *_BESIDE)  # a log without its database would be mistaken for the new one's
        return None
    kept = target.with_name(f"{target.name}.before-restore-{now:%Y%m%dT%H%M%S}")
    if kept.exists():
        raise StorageError(f"{kept} exists already.", remedy="Try again in a second.")
    try:
        with closing(sqlite3.connect(target, timeout=BUSY_TIMEOUT_SECONDS)) as present:
            # The copy below would wait for a writer for ever; this gives up.
            present.execute("BEGIN IMMEDIATE")
            present.rollback()
            create_private(kept)
            with closing(sqlite3.connect(kept)) as copy:
                present.backup(copy)
        shutil.copymode(target, kept)
    except sqlite3.OperationalError:
        _remove(kept, "")
        raise
    except sqlite3.DatabaseError:
        for end in ("", *_BESIDE):
            beside = target.with_name(target.name + end)
            if beside.exists():
                beside.rename(kept.with_name(kept.name + end))
    return kept


def _replace(target: Path, fresh: Path) -> None:
    create_private(target)
    with (
        closing(sqlite3.connect(fresh)) as source,
        closing(sqlite3.connect(target, timeout=BUSY_TIMEOUT_SECONDS)) as there,
    ):
        source.backup(there)
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove(path: Path, *ends: str) -> None:
    for end in ends:
        path.with_name(path.name + end).unlink(missing_ok=True)
