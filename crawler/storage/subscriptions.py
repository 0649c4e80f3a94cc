"""Subscriptions as rows: declarations, the states they move through, and who must be asked anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection as Connection  # the type of what rooms hand back to us
from sqlalchemy import delete, select, update

from crawler.errors import SubscriptionError
from crawler.model.subscription import Subscription
from crawler.storage.database import Database
from crawler.storage.item_rows import parts
from crawler.storage.tables_recipients import deliveries, subscriptions, suppressions

_SAME = (
    "to", "schedule", "timezone", "digest_language", "quiet_hours", "when_empty", "since",
    "max_stories", "declared_by",
)  # fmt: skip
_LISTS = ("topics", "sources", "languages", "holidays")
_ROW = (
    "undeclared", "created_at", "status_at", "status_by", "next_due", "last_closed_at", "consent",
    "address_hash", "bounces",
)  # fmt: skip
_NAMES = tuple(subscriptions.c.keys())
DECLARED = (*_SAME, *_LISTS)  # what a declaration says; everything else is state


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A subscription with what only its row knows."""

    subscription: Subscription
    undeclared: bool  # its file no longer declares it
    created_at: datetime
    status_at: datetime | None
    status_by: str
    next_due: datetime | None  # not before then; None: look
    last_closed_at: datetime | None
    consent: Mapping[str, Any] = field(default_factory=dict)
    address_hash: str = ""
    bounces: int = 0

    @property
    def delivering(self) -> bool:
        """Whether it gets digests now."""
        return self.subscription.status == "active" and not self.undeclared


class SubscriptionStore:
    """Reads subscriptions; writes go through a connection from ``database.write()``."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def get(self, subscription_id: str) -> SubscriptionRow:
        """Raises SubscriptionError naming the ids that come near."""
        with self.database.read() as connection:
            found = row_of(connection, subscription_id)
            ids = [] if found else list(connection.scalars(select(subscriptions.c.id)))
        if found is None:
            raise _unknown(subscription_id, ids)
        return found

    def find(self, subscription_id: str) -> SubscriptionRow | None:
        """The same, None where there is none."""
        with self.database.read() as connection:
            return row_of(connection, subscription_id)

    def some(self, ids: Collection[str]) -> list[SubscriptionRow]:
        """Those of these ids that there are."""
        with self.database.read() as connection:
            return list(rows_of(connection, ids).values())

    def all(self, *, everything: bool = False) -> list[SubscriptionRow]:
        """By id; ``everything`` includes those that left and those no longer declared."""
        query = select(subscriptions).order_by(subscriptions.c.id)
        if not everything:
            query = query.where(
                subscriptions.c.status != "left", subscriptions.c.undeclared.is_(False)
            )
        with self.database.read() as connection:
            return [row_from(row) for row in connection.execute(query)]

    def reached(self, recipients: Collection[str]) -> set[str]:
        """To which of these something is sent: a subscription delivers there."""
        query = select(subscriptions.c.to).where(
            subscriptions.c.to.in_(list(recipients)),
            subscriptions.c.status == "active",
            subscriptions.c.undeclared.is_(False),
        )
        with self.database.read() as connection:
            return set(connection.scalars(query))

    def suppressed(self, hashes: Collection[str]) -> bool:
        """Whether an address, by its keyed hashes, must be asked anew."""
        with self.database.read() as connection:
            return bool(suppressed(connection, hashes))

    def of_address(self, hashes: Collection[str]) -> list[SubscriptionRow]:
        """Every subscription of an address, told by its keyed hashes."""
        query = select(subscriptions).where(subscriptions.c.address_hash.in_(list(hashes)))
        with self.database.read() as connection:
            return [row_from(row) for row in connection.execute(query.order_by(subscriptions.c.id))]


# -- steps inside a transaction -----------------------------------------------------------------


def row_of(
    connection: Connection, subscription_id: str, *, lock: bool = False
) -> SubscriptionRow | None:
    """One row; ``lock`` keeps others from closing its windows until the transaction ends."""
    query = select(subscriptions).where(subscriptions.c.id == subscription_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return row_from(row) if row else None


def rows_of(
    connection: Connection, ids: Collection[str], *, lock: bool = False
) -> dict[str, SubscriptionRow]:
    """Rows by id; ``lock`` as for one, in the order of the ids so that no two wait for each
    other."""
    found: dict[str, SubscriptionRow] = {}
    for part in parts(sorted(ids)):
        query = select(subscriptions).where(subscriptions.c.id.in_(part))
        query = query.order_by(subscriptions.c.id)
        rows = connection.execute(query.with_for_update() if lock else query)
        found |= {row.id: row_from(row) for row in rows}
    return found


def declared_ids(connection: Connection, name: str) -> list[str]:
    """Ids that installation ``name`` declares or once declared."""
    query = select(subscriptions.c.id).where(subscriptions.c.declared_by == name)
    return list(connection.scalars(query))


def insert(
    connection: Connection,
    subscription: Subscription,
    *,
    now: datetime,
    by: str,
    address_hash: str = "",
    consent: Mapping[str, Any] | None = None,
) -> None:
    """Store a new subscription in the state it carries."""
    connection.execute(
        subscriptions.insert().values(
            id=subscription.id,
            created_at=now,
            status=subscription.status,
            status_at=now,
            status_by=by,
            active_since=subscription.active_since,
            paused_until=subscription.paused_until,
            scope_since=_moments_out(subscription.scope_since),
            muted=list(subscription.muted),
            consent=dict(consent or {}),
            address_hash=address_hash,
            undeclared=False,
            **_declaration(subscription),
        )
    )


def declare(connection: Connection, subscription: Subscription, **columns: Any) -> None:
    """Write what a declaration says and its scope; states stay, unless ``columns`` name them."""
    values = {
        "undeclared": False,
        "next_due": None,
        "last_window": subscription.last_window,
        "scope_since": _moments_out(subscription.scope_since),
        **_declaration(subscription),
        **columns,
    }
    _update(connection, subscription.id, values)


def change_row(connection: Connection, subscription_id: str, **columns: Any) -> None:
    """Change columns of one row."""
    _update(connection, subscription_id, columns)


def undeclare(connection: Connection, ids: Collection[str]) -> None:
    """Their file no longer declares them: they rest, nothing is deleted."""
    connection.execute(
        update(subscriptions).where(subscriptions.c.id.in_(list(ids))).values(undeclared=True)
    )


def last_window_with_delivery(connection: Connection, subscription_id: str) -> str:
    """The latest scheduled window in which something was sent, "" for none."""
    query = (
        select(deliveries.c.window)
        .where(
            deliveries.c.subscription == subscription_id,
            deliveries.c.window.like("2%"),  # a date; "now:…" and "confirm:…" are no schedule
        )
        .order_by(deliveries.c.created_at.desc())
        .limit(1)
    )
    return connection.scalar(query) or ""


def suppress(
    connection: Connection, database: Database, key: str, reason: str, at: datetime
) -> None:
    """Remember the keyed hash of an address that must be asked anew."""
    statement = database.insert(suppressions).values(address_hash=key, reason=reason, at=at)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["address_hash"], set_={"reason": reason, "at": at}
        )
    )


def suppressed(connection: Connection, hashes: Collection[str]) -> str:
    """Why an address is suppressed, "" when it is not."""
    query = select(suppressions.c.reason).where(suppressions.c.address_hash.in_(list(hashes)))
    return connection.scalar(query.limit(1)) or ""


def unsuppress(connection: Connection, hashes: Collection[str]) -> None:
    """The address consented anew."""
    connection.execute(delete(suppressions).where(suppressions.c.address_hash.in_(list(hashes))))


# -- inside -------------------------------------------------------------------------------------


def _update(connection: Connection, subscription_id: str, values: Mapping[str, Any]) -> None:
    connection.execute(
        update(subscriptions).where(subscriptions.c.id == subscription_id).values(**values)
    )


def _declaration(subscription: Subscription) -> dict[str, Any]:
    same = {key: getattr(subscription, key) for key in _SAME}
    return same | {key: list(getattr(subscription, key)) for key in _LISTS}


def _moments_out(moments: Mapping[str, datetime]) -> dict[str, str]:
    return {key: moment.isoformat() for key, moment in moments.items()}


def row_from(row: Any) -> SubscriptionRow:
    """A row of the whole table with its values."""
    # A row answers by name far more slowly than a dictionary does.
    told: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    lists: dict[str, Any] = {key: tuple(told[key]) for key in _LISTS}
    subscription = Subscription(
        id=told["id"],
        status=told["status"],
        active_since=told["active_since"],
        paused_until=told["paused_until"],
        last_window=told["last_window"],
        muted=tuple(told["muted"]),
        scope_since={key: datetime.fromisoformat(at) for key, at in told["scope_since"].items()},
        **{key: told[key] for key in _SAME},
        **lists,
    )
    return SubscriptionRow(subscription, **{key: told[key] for key in _ROW})


def _unknown(subscription_id: str, ids: list[str]) -> SubscriptionError:
    from difflib import get_close_matches

    near = get_close_matches(subscription_id, ids, n=3, cutoff=0.4)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return SubscriptionError(
        f'No subscription has the id "{subscription_id}".{hint}',
        remedy="All of them: clusterwatch subscriptions list",
    )
