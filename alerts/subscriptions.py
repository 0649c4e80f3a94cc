"""Who gets what: asking, confirming, changing, pausing, leaving, and the proof of each.

    pending ─confirm→ active ⇄ paused        leave → left (from anywhere, returns by asking)
       ↑ ask                                 bounce → bounced

These are states: they survive every sync of a file. A person confirms before anything is sent
(double opt-in), and what was consented to is stored. Addresses that the operator enters are
active at once, unless they left before.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from alerts.consent import answered, earlier, moved
from alerts.declarations import Addresses, Declarations, check
from alerts.invitation_mails import InvitationMails
from alerts.payloads import Payloads
from alerts.tokens import TokenSigner
from crawler.errors import ConfigError, SubscriptionError, UsageError
from crawler.logs import event
from crawler.model.subscription import Subscription
from crawler.model.topic import TopicDefinition
from crawler.storage import subscriptions as rows
from crawler.storage.database import Database
from crawler.storage.deliveries import DeliveryStore
from crawler.storage.looks import Looks
from crawler.storage.subscriptions import SubscriptionRow, SubscriptionStore

SOFT_BOUNCES = 5  # in a row; then the address is taken for dead
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking came to. ``mailed``: a confirmation is on its way."""

    row: SubscriptionRow
    mailed: bool


class Subscriptions:
    """The moves of subscriptions, each in one transaction."""

    def __init__(
        self,
        database: Database,
        store: SubscriptionStore,
        deliveries: DeliveryStore,
        payloads: Payloads,
        signer: TokenSigner | None,
        topics: Callable[[], Mapping[str, TopicDefinition]] = dict,
    ) -> None:
        """``topics`` knows the names under which mails tell of them."""
        self.database = database
        self.store = store
        self._deliveries = deliveries
        self._mails = InvitationMails(payloads, topics)
        self._signer = signer
        self._addresses = Addresses(signer)
        self._declarations = Declarations(database, self._addresses)

    # -- entering -------------------------------------------------------------------------------

    def enter(self, subscription: Subscription, *, now: datetime, by: str) -> SubscriptionRow:
        """Add one that lives in the database alone: active at once, recorded as ``by``'s entry.

        Raises UsageError where the id is taken, and for an address that left before: it returns
        by ``ask`` and ``confirm`` alone.
        """
        check(subscription)
        entered = {"how": "entered", "by": by, "at": now.isoformat()}
        with self.database.write() as connection:
            before = rows.row_of(connection, subscription.id, lock=True)
            if before is not None and not before.undeclared:
                raise UsageError(
                    f'A subscription "{subscription.id}" exists already.',
                    remedy="Look at it: clusterwatch subscriptions list; or choose another --id.",
                )
            if rows.suppressed(connection, self._addresses.hashes(subscription)):
                raise UsageError(
                    "This address left before: only its owner can bring it back.",
                    remedy="Ask it anew: clusterwatch subscriptions add … --confirm",
                )
            self._declarations.begin(connection, subscription, before, now, by, entered)
        return self.store.get(subscription.id)

    def ask(self, subscription: Subscription, *, now: datetime, origin: str) -> Asked:
        """A person asks to subscribe: a confirmation goes out, nothing else until it is answered.

        What that mail says they will get, and ``origin``, where the wish came from (an IP address
        or "command"), are kept as proof. One who is active already is left as it is.
        """
        check(subscription)
        nonce, text = token_urlsafe(9), self._mails.promise(subscription)
        asked: dict[str, Any] = {
            "how": "asked", "at": now.isoformat(), "from": origin, "text": text, "nonce": nonce,
        }  # fmt: skip
        with self.database.write() as connection:
            before = rows.row_of(connection, subscription.id, lock=True)
            if before is not None and before.subscription.to != subscription.to:
                raise UsageError(f'The id "{subscription.id}" is taken.')
            status = moved(before.subscription.status, "ask") if before else "pending"
            if before is not None and before.subscription.status == "pending":
                asked["earlier"] = earlier(before.consent)
            if before is None:
                self._declarations.insert(
                    connection, replace(subscription, status="pending"), now, origin, asked
                )
            elif status == "pending":
                consent = {**before.consent, "asked": asked}
                rows.change_row(
                    connection, subscription.id, status="pending", status_at=now,
                    status_by=origin, consent=consent, undeclared=False,
                )  # fmt: skip
        row = self.store.get(subscription.id)
        if row.subscription.status != "pending":
            return Asked(row, mailed=False)
        self._deliveries.queue(self._mails.confirmation(row.subscription, nonce, now))
        return Asked(row, mailed=True)

    def confirm(self, token: str, *, now: datetime, origin: str) -> Subscription:
        """The person answered: active from now on. Repeatable; SubscriptionError for a link that
        expired, was forged or is older than the last leaving."""
        subscription_id, _, nonce = self._read("confirm", token, now).partition("\n")
        with self.database.write() as connection:
            row = self._locked(connection, subscription_id)
            nonce = answered(row.consent, nonce, row.subscription.status)
            status = moved(row.subscription.status, "confirm", subscription_id)
            if row.subscription.status == "pending":
                proof = {**row.consent, "confirmed": {"at": now.isoformat(), "from": origin}}
                rows.unsuppress(connection, self._addresses.hashes(row.subscription))
                rows.change_row(
                    connection, subscription_id, status=status, status_at=now, status_by=origin,
                    active_since=now, consent=proof, bounces=0, next_due=None, last_window="",
                )  # fmt: skip
        self._log("subscription.confirmed", subscription_id)
        confirmed = self.store.get(subscription_id).subscription
        self._deliveries.queue(self._mails.welcome(confirmed, nonce, now))
        return confirmed

    # -- changing -------------------------------------------------------------------------------

    def change(self, subscription_id: str, *, now: datetime, **changes: Any) -> Subscription:
        """Change what it brings, when and how; a topic or source that is added counts from now.

        Raises UsageError for one that a configuration file declares.
        """
        with self.database.write() as connection:
            row = self._locked(connection, subscription_id)
            self._refuse_declared(row)
            after = replace(row.subscription, **changes)
            check(after)
            self._declarations.declare(connection, row, after, now)
        return self.store.get(subscription_id).subscription

    def pause(
        self, subscription_id: str, *, now: datetime, by: str, until: datetime | None = None
    ) -> Subscription:
        """Send nothing for a while: until resumed, or until a moment."""
        return self._move(subscription_id, "pause", now, by, paused_until=until)

    def resume(
        self, subscription_id: str, *, now: datetime, by: str, catch_up: bool = False
    ) -> Subscription:
        """Go on: from now, or with what came meanwhile where asked to ``catch_up``.

        Raises SubscriptionError for one that its file no longer declares.
        """
        _refuse_undeclared(self.store.get(subscription_id))
        began = {} if catch_up else {"active_since": now}
        return self._move(
            subscription_id, "resume", now, by, paused_until=None, bounces=0, next_due=None, **began
        )

    def wake(self, now: datetime) -> int:
        """Resume what was paused until a moment that has come, from that moment on."""
        ended = Looks(self.database).pauses_over(now)
        for row in ended:
            until = row.subscription.paused_until or now
            self._move(
                row.subscription.id, "resume", now, "pause ended", paused_until=None,
                active_since=until, next_due=None,
            )  # fmt: skip
        return len(ended)

    def mute(self, subscription_id: str, source: str, *, now: datetime, by: str) -> Subscription:
        """Tell nothing more of one source here, whoever declared the subscription. Repeatable."""
        return self._muted(subscription_id, source, now, by, wanted=True)

    def unmute(self, subscription_id: str, source: str, *, now: datetime, by: str) -> Subscription:
        """Tell of a muted source again; of what came meanwhile, too. Repeatable."""
        return self._muted(subscription_id, source, now, by, wanted=False)

    def leave(self, subscription_id: str, *, now: datetime, by: str) -> Subscription:
        """End it: nothing more is sent, what waits is given up. Repeatable."""
        with self.database.write() as connection:
            row = self._locked(connection, subscription_id)
            consent = dict(row.consent)
            consent.pop("asked", None)  # links mailed before confirm nothing any more
            consent["left"] = {"at": now.isoformat(), "from": by}
            moved(row.subscription.status, "leave", subscription_id)
            if row.subscription.status != "left":
                rows.change_row(
                    connection, subscription_id, status="left", status_at=now, status_by=by,
                    consent=consent,
                )  # fmt: skip
            for one in self._addresses.hashes(row.subscription)[:1]:
                rows.suppress(connection, self.database, one, "left", now)
        self._deliveries.cancel(subscription_id, "the recipient left")
        self._log("subscription.left", subscription_id)
        return self.store.get(subscription_id).subscription

    def leave_by(self, token: str, *, now: datetime, origin: str) -> Subscription:
        """The same by a leave link, which never expires."""
        return self.leave(self._read("leave", token, now), now=now, by=origin)

    def asked_by(self, token: str, *, now: datetime) -> SubscriptionRow:
        """The subscription a confirm link is about, unchanged. SubscriptionError as ``confirm``."""
        subscription_id, _, nonce = self._read("confirm", token, now).partition("\n")
        row = self.store.get(subscription_id)
        answered(row.consent, nonce, row.subscription.status)
        return row

    def leaving_by(self, token: str, *, now: datetime) -> SubscriptionRow:
        """The subscription a leave link is about, unchanged."""
        return self.store.get(self._read("leave", token, now))

    def managed_by(self, token: str, *, now: datetime) -> SubscriptionRow:
        """The subscription a manage link opens. SubscriptionError when it has expired."""
        return self.store.get(self._read("manage", token, now))

    def bounced(
        self, subscription_id: str, *, now: datetime, hard: bool, count: int
    ) -> Subscription:
        """A mail came back: hard ones stop at once, soft ones after some in a row.

        ``count`` is how many came back in a row, this one included.
        """
        row = self.store.get(subscription_id)
        if not hard and count < SOFT_BOUNCES:
            with self.database.write() as connection:
                rows.change_row(connection, subscription_id, bounces=count)
            return row.subscription
        after = self._move(subscription_id, "bounce", now, "bounce", bounces=count)
        self._deliveries.cancel(subscription_id, "the address refused mail")
        return after

    def remove(self, subscription_id: str, *, now: datetime, by: str) -> None:
        """The operator ends one that lives in the database alone; its history stays."""
        with self.database.write() as connection:
            row = self._locked(connection, subscription_id)
            self._refuse_declared(row)
            rows.change_row(
                connection, subscription_id, undeclared=True, status_at=now, status_by=by
            )
        self._deliveries.cancel(subscription_id, "the subscription was removed")

    # -- declarations of a file -----------------------------------------------------------------

    def sync(self, declared: Sequence[Subscription], name: str, now: datetime) -> None:
        """Make the database follow the file of installation ``name``, see ``Declarations``."""
        self._declarations.sync(declared, name, now)

    # -- inside ---------------------------------------------------------------------------------

    def _muted(
        self, subscription_id: str, source: str, now: datetime, by: str, *, wanted: bool
    ) -> Subscription:
        with self.database.write() as connection:
            row = self._locked(connection, subscription_id)
            others = [one for one in row.subscription.muted if one != source]
            after = [*others, source] if wanted else others
            if len(after) != len(row.subscription.muted):
                rows.change_row(
                    connection, subscription_id, muted=sorted(after), status_at=now, status_by=by,
                    next_due=None,
                )  # fmt: skip
        name = "subscription.muted" if wanted else "subscription.unmuted"
        self._log(name, subscription_id, source=source)
        return self.store.get(subscription_id).subscription

    def _move(
        self, subscription_id: str, move: str, now: datetime, by: str, **columns: Any
    ) -> Subscription:
        with self.database.write() as connection:
            row = self._locked(connection, subscription_id)
            status = moved(row.subscription.status, move, subscription_id)
            if status == row.subscription.status and move == "resume":
                return row.subscription
            rows.change_row(
                connection, subscription_id, status=status, status_at=now, status_by=by, **columns
            )
        self._log(f"subscription.{status}", subscription_id)
        return self.store.get(subscription_id).subscription

    def _locked(self, connection: rows.Connection, subscription_id: str) -> SubscriptionRow:
        row = rows.row_of(connection, subscription_id, lock=True)
        if row is None:
            self.store.get(subscription_id)  # raises, naming those that come near
            raise SubscriptionError(f'No subscription has the id "{subscription_id}".')
        return row

    def _refuse_declared(self, row: SubscriptionRow) -> None:
        if row.subscription.declared_by and not row.undeclared:
            raise UsageError(
                f'The subscription "{row.subscription.id}" is declared in the configuration file.',
                remedy="Change it there; pause, resume and leave work from everywhere.",
            )

    def _read(self, purpose: Any, token: str, now: datetime) -> str:
        if self._signer is None:
            raise ConfigError("No secret signs links.", remedy="Set CLUSTERWATCH_SECRET.")
        return self._signer.read(purpose, token, now=now)

    def _log(self, name: str, subscription_id: str, **keys: str) -> None:
        event(_log, logging.INFO, name, subscription=subscription_id, **keys)


def _refuse_undeclared(row: SubscriptionRow) -> None:
    """No state brings back what the file does not declare."""
    one = row.subscription
    if row.undeclared and one.declared_by and one.status in ("active", "paused"):
        raise SubscriptionError(
            f'The subscription "{one.id}" is no longer in the configuration file: nothing is sent.',
            remedy=f'Declare it there again ([[subscriptions]] id = "{one.id}"), or add it under '
            f"another id: clusterwatch subscriptions add {one.to} --id ID",
        )
