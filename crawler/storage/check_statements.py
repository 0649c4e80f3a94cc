"""The statements that hundreds of polls share, built once and handed to the driver.

Every poll takes part in each of them, and nearly every poll finds nothing new: SQLAlchemy's work
for their parameters and rows would cost several times what the database does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    bindparam,
    case,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Update
from sqlalchemy.sql.elements import ColumnElement

from crawler.model.source import PollOutcome
from crawler.storage.direct import Direct
from crawler.storage.lists import among, listed
from crawler.storage.source_rows import ROW
from crawler.storage.tables import UtcDateTime, items, polls, sources, validators

_COUNTED = ("status", "requests", "not_modified", "seen", "new", "updated", "failed")
_KEPT = ("url", "etag", "last_modified", "body_hash", "checked_at")


class CheckStatements:
    """Those of one kind of database. Lists of ids are given as ``listed`` makes them."""

    def __init__(self, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        self.claim = self._direct(self._claim())
        mine = (self._among(sources.c.id), sources.c.lease_owner == bindparam("owner"))
        self.leased = self._direct(select(sources.c.id).where(*mine).with_for_update())
        self.one = self._direct(select(*ROW).where(sources.c.id == bindparam("this")))
        self.known = self._direct(
            select(
                validators.c.url_key, validators.c.etag, validators.c.last_modified,
                validators.c.body_hash,
            ).where(self._among(validators.c.url_key))
        )  # fmt: skip
        pending = (items.c.text_pending, items.c.first_seen >= bindparam("since", None, _TIME))
        self.waiting = self._direct(
            select(items.c.source).where(self._among(items.c.source), *pending).distinct()
        )
        named: dict[str, Any] = {
            name: bindparam(name) for name in ("source", "at", "error", *_COUNTED)
        }
        self.note = self._direct(polls.insert().values(**named))
        self.keep = self._direct(self._keep())

    def listed(self, values: Sequence[str]) -> Any:
        """Ids or keys as these statements take them."""
        return listed(values, self._is_sqlite)

    @lru_cache(maxsize=64)  # noqa: B019  (one object for each kind of database, never freed)
    def finish(self, names: tuple[str, ...]) -> Direct:
        """A poll's result in the row of its source, which is free then: ``at``, ``polled``, the
        lease's ``owner`` and those columns, JSON as text."""
        this = update(sources).where(
            sources.c.id == bindparam("polled"), sources.c.lease_owner == bindparam("owner")
        )
        freed = {"lease_owner": "", "lease_until": null(), "losses": 0}
        given = {name: bindparam(name, type_=sources.c[name].type) for name in names}
        at = bindparam("at", None, _TIME)
        return self._direct(this.values(last_polled=at, **freed, **given))

    def _direct(self, statement: Any) -> Direct:
        return Direct(statement, self._is_sqlite)

    def _claim(self) -> Any:
        now = bindparam("now", None, _TIME)
        is_free = or_(sources.c.lease_owner == "", sources.c.lease_until < now)
        losses = sources.c.losses + case((sources.c.lease_owner != "", 1), else_=0)
        taken: Update = update(sources).where(self._among(sources.c.id), is_free)
        until = bindparam("until", None, _TIME)
        leased = {"lease_owner": bindparam("owner"), "lease_until": until, "losses": losses}
        return taken.values(**leased).returning(*ROW)

    def _keep(self) -> Any:
        dialect = sqlite if self._is_sqlite else postgresql
        values: dict[str, Any] = {name: bindparam(name) for name in ("url_key", *_KEPT)}
        statement: sqlite.Insert | postgresql.Insert = dialect.insert(validators).values(**values)
        new = {name: statement.excluded[name] for name in _KEPT}
        return statement.on_conflict_do_update(index_elements=["url_key"], set_=new)

    def _among(self, column: Column[str]) -> ColumnElement[bool]:
        return among(column, "listed", self._is_sqlite)


_TIME = UtcDateTime()


def poll_row(outcome: PollOutcome, now: datetime) -> dict[str, Any]:
    """A poll's result as a row of its history."""
    told = {name: getattr(outcome, name) for name in _COUNTED}
    return {"source": outcome.source, "at": now, "error": outcome.error[:500], **told}


@lru_cache(maxsize=2)
def check_statements(is_sqlite: bool) -> CheckStatements:
    """Those of one kind of database."""
    return CheckStatements(is_sqlite)
