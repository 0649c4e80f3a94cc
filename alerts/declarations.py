"""What a file declares and what is entered by hand, as rows: begun, changed, rested."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from alerts.channels.webhook_address import webhook_target
from alerts.consent import scope_after
from alerts.holds import parse_holds
from alerts.schedules import parse_schedule, zone_of
from alerts.tokens import TokenSigner
from crawler.errors import ConfigError
from crawler.logs import event
from crawler.model.subscription import Subscription
from crawler.storage import subscriptions as rows
from crawler.storage.database import Database
from crawler.storage.subscriptions import SubscriptionRow

_log = logging.getLogger(__name__)


def check(subscription: Subscription, where: str = "") -> None:
    """Refuse what could never be sent. ConfigError; ``where`` names the place in the file."""
    try:
        parse_schedule(subscription.schedule)
        zone_of(subscription.timezone)
        parse_holds(subscription.quiet_hours, subscription.holidays)
    except ConfigError as error:
        raise ConfigError(f"{where}{error.message}", remedy=error.remedy) from error
    if subscription.channel == "email":
        _check_address(subscription.address, where)
    if subscription.channel == "webhook" and webhook_target(subscription.address) is None:
        raise ConfigError(
            f"{where}to: the webhook's address is no https address.",
            remedy='Write "webhook:https://example.org/hook".',
        )


def _check_address(address: str, where: str) -> None:
    from email_validator import EmailNotValidError, validate_email

    if address.endswith("@localhost"):
        return
    try:
        validate_email(
            address,
            allow_smtputf8=False,  # mails are written to ASCII local parts alone
            check_deliverability=False,
            test_environment=True,
        )
    except EmailNotValidError as error:
        raise ConfigError(f"{where}to: no e-mail address: {error}") from error


class Addresses:
    """The keyed hashes under which addresses of people are remembered."""

    def __init__(self, signer: TokenSigner | None) -> None:
        self._signer = signer

    def hashes(self, subscription: Subscription) -> list[str]:
        """Under every secret, newest first; [] for what is no person's address."""
        if subscription.channel != "email" or self._signer is None:
            return []
        return self._signer.address_hashes(subscription.address)

    def hash(self, subscription: Subscription) -> str:
        """The newest, "" for none."""
        return (self.hashes(subscription) or [""])[0]


class Declarations:
    """Writes declarations; states are not theirs to change."""

    def __init__(self, database: Database, addresses: Addresses) -> None:
        self.database = database
        self._addresses = addresses

    def sync(self, declared: Sequence[Subscription], name: str, now: datetime) -> None:
        """Make the database follow the file of installation ``name``.

        What this name declared before and no longer does rests; nothing is deleted, states stay.
        Raises ConfigError where an id exists in the database alone or under another name.
        """
        with self.database.write() as connection:
            for subscription in declared:
                check(subscription, where=f'[[subscriptions]] "{subscription.id}" ')
                row = rows.row_of(connection, subscription.id, lock=True)
                _check_owner(subscription.id, row, name)
                if row is None or row.subscription.declared_by != name:
                    by = {"how": "declared", "by": name, "at": now.isoformat()}
                    self.begin(connection, subscription, row, now, f"file of {name}", by)
                else:
                    self.declare(connection, row, subscription, now)
            ids = {subscription.id for subscription in declared}
            gone = [one for one in rows.declared_ids(connection, name) if one not in ids]
            if gone:
                rows.undeclare(connection, gone)

    def begin(
        self,
        connection: rows.Connection,
        subscription: Subscription,
        before: SubscriptionRow | None,
        now: datetime,
        by: str,
        proof: dict[str, str],
    ) -> None:
        """Enter one that is new, or was removed before: active from now, unless its address left
        once and was not confirmed anew."""
        left = rows.suppressed(connection, self._addresses.hashes(subscription))
        status = "pending" if left else "active"
        fresh = replace(subscription, status=status, active_since=None if left else now)
        if left:
            event(
                _log, logging.WARNING, "subscription.pending", subscription=subscription.id,
                reason=f"the address {left}",
            )  # fmt: skip
        if before is None:
            self.insert(connection, fresh, now, by, proof)
            return
        rows.declare(
            connection, replace(fresh, last_window=before.subscription.last_window),
            status=status, status_at=now, status_by=by, active_since=fresh.active_since,
            paused_until=None, bounces=0, address_hash=self._addresses.hash(fresh),
            consent={**before.consent, "entered": proof},
        )  # fmt: skip

    def insert(
        self,
        connection: rows.Connection,
        subscription: Subscription,
        now: datetime,
        by: str,
        proof: dict[str, str],
    ) -> None:
        """Store a new row with its first proof."""
        kind = "asked" if proof["how"] == "asked" else "entered"
        rows.insert(
            connection, subscription, now=now, by=by,
            address_hash=self._addresses.hash(subscription), consent={kind: proof},
        )  # fmt: skip

    def declare(
        self, connection: rows.Connection, row: SubscriptionRow, after: Subscription, now: datetime
    ) -> None:
        """Write a changed declaration: what it adds counts from now, a new schedule from the next
        day on which nothing was sent."""
        before = row.subscription
        if not row.undeclared and _declaration(before) == _declaration(after):
            return
        columns: dict[str, Any] = {"address_hash": self._addresses.hash(after)}
        if row.undeclared and before.status == "active":
            columns["active_since"] = now  # it comes back: nothing of the time between
        if before.to != after.to and before.status in ("left", "bounced"):
            left = rows.suppressed(connection, self._addresses.hashes(after))
            columns |= {"status": "pending" if left else "active", "active_since": now}
        last = before.last_window
        if (before.schedule, before.timezone) != (after.schedule, after.timezone):
            # Only a day on which something was sent holds the new schedule back.
            last = rows.last_window_with_delivery(connection, before.id)
        changed = replace(after, scope_since=scope_after(before, after, now), last_window=last)
        rows.declare(connection, changed, **columns)


def _declaration(subscription: Subscription) -> tuple[object, ...]:
    return tuple(getattr(subscription, name) for name in rows.DECLARED)


def _check_owner(subscription_id: str, row: SubscriptionRow | None, name: str) -> None:
    if row is None or row.subscription.declared_by == name or row.undeclared:
        return
    taken = f'[[subscriptions]] id "{subscription_id}" exists already,'
    if owner := row.subscription.declared_by:
        raise ConfigError(
            f'{taken} by installation "{owner}".',
            remedy="Give it another id, or take it out of that installation's file.",
        )
    raise ConfigError(
        f"{taken} in the database alone.",
        remedy=f"Give it another id, or run: clusterwatch subscriptions remove {subscription_id}",
    )
