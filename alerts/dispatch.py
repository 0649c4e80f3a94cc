"""The steps from stored story to queued delivery.

due window → candidates → select → compose → render → queue: the last step writes the
deliveries, what they deliver and the closing of the window in one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.digests.compose import compose
from alerts.payloads import Payloads
from alerts.schedules import Window, now_window, parse_schedule, zone_of
from alerts.selection import Scope, now_also, pending_since, select
from alerts.windows import closes_empty, look_back, next_window, upcoming, window_of
from crawler.errors import ClusterwatchError, StorageError, SubscriptionError
from crawler.logs import event
from crawler.model.delivery import Delivery
from crawler.model.digest import Digest, Receipt, Selection
from crawler.model.source import Source
from crawler.model.subscription import Subscription
from crawler.model.topic import TopicDefinition
from crawler.storage.candidates import CandidateStore
from crawler.storage.deliveries import Closing, DeliveryStore
from crawler.storage.subscriptions import SubscriptionRow, SubscriptionStore

_TRIES = 5  # to close a window while other processes close windows of the same subscription
_REMEMBERED = timedelta(days=30)  # by readers: an older story is not named again when it grows
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What became of one subscription's turn."""

    subscription: str
    window: str
    state: str  # queued empty failed
    stories: int = 0
    deliveries: tuple[str, ...] = ()  # ids
    error: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A digest decided, composed and rendered; nothing is written yet."""

    subscription: Subscription
    window: Window
    selection: Selection
    digest: Digest
    deliveries: tuple[Delivery, ...]  # () when there is nothing to say


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What composing looks up: read anew for every digest."""

    sources: Callable[[], Mapping[str, Source]]
    topics: Callable[[], Mapping[str, TopicDefinition]]
    concept_name: Callable[[str, str], str]
    receipt: Callable[[Subscription, datetime, datetime], Receipt]  # since, now


class Dispatcher:
    """Closes windows: decides what a subscription gets and queues it."""

    def __init__(
        self,
        subscriptions: SubscriptionStore,
        candidates: CandidateStore,
        deliveries: DeliveryStore,
        knowledge: Knowledge,
        payloads: Payloads,
        correct: Callable[[datetime], int] | None = None,  # queues edits of posted digests
    ) -> None:
        self.subscriptions = subscriptions
        self.candidates = candidates
        self.deliveries = deliveries
        self.knowledge = knowledge
        self.payloads = payloads
        self._correct = correct

    def dispatch_due(
        self, now: datetime, wanted: Callable[[str], bool] | None = None
    ) -> list[Dispatched]:
        """Close every window that is due at ``now``; one that fails stops no other.

        ``wanted`` leaves the windows of other subscriptions to other processes.
        """
        if self.deliveries.held():
            return []
        if self._correct is not None:
            self._correct(now)
        done = []
        for row in self.subscriptions.worth_a_look(now):
            if wanted is not None and not wanted(row.subscription.id):
                continue
            try:
                outcome = self.close_window(row.subscription.id, now)
            except StorageError:
                raise
            except (ClusterwatchError, ValueError) as error:
                line = error.line() if isinstance(error, ClusterwatchError) else str(error)
                event(
                    _log, logging.ERROR, "digest.failed", subscription=row.subscription.id,
                    reason=line,
                )  # fmt: skip
                outcome = Dispatched(row.subscription.id, "", "failed", error=line)
            if outcome is not None:
                done.append(outcome)
        return done

    def close_window(
        self, subscription_id: str, now: datetime, *, extra: bool = False
    ) -> Dispatched | None:
        """Close the due window (``extra``: one under its own identity); None: none is due.

        Raises SubscriptionError for one that is not active, StorageError when other processes
        kept closing windows in between.
        """
        for _ in range(_TRIES):
            row = self._active(subscription_id)
            subscription = row.subscription
            window = window_of(subscription, now, extra=extra)
            if window is None:
                return None
            prepared = self._prepared(row, window, now)
            if not prepared.deliveries and not closes_empty(subscription, window):
                return Dispatched(subscription.id, window.id, "empty") if extra else None
            if self.deliveries.close_window(_closing(prepared, now), now):
                return _dispatched(prepared)
        raise StorageError(
            f'The window of subscription "{subscription_id}" could not be closed: '
            "other processes were faster each time.",
            remedy="It is tried again at the next look.",
        )

    def preview(self, subscription_id: str, now: datetime) -> Prepared:
        """Exactly what would be sent at ``now``, or at the next due time with what is there."""
        row = self.subscriptions.get(subscription_id)
        window = window_of(row.subscription, now) or next_window(row.subscription, now)
        return self._prepared(row, window, now, always=True)

    def pending_counts(self, now: datetime) -> dict[str, int]:
        """How many stories wait for each subscription that delivers."""
        sources = self.knowledge.sources()
        rows = [row for row in self.subscriptions.all() if row.delivering]
        return {
            row.subscription.id: len(self._selection(row.subscription, sources, now).stories)
            for row in rows
        }

    def mark_delivered(self, until: datetime, now: datetime) -> int:
        """Count what was first seen before ``until`` as delivered; how many items."""
        marked, sources = 0, self.knowledge.sources()
        for row in self.subscriptions.all():
            one = row.subscription
            stories = self._selection(one, sources, now).stories if row.delivering else ()
            old = [story for story in stories if story.lead.first_seen < until]
            ids = [item for story in old for item in story.items]
            marked += self.deliveries.mark(one.id, one.to, ids, now)
        self.deliveries.give_up(until, "counted as delivered")
        return marked

    # -- inside ---------------------------------------------------------------------------------

    def _active(self, subscription_id: str) -> SubscriptionRow:
        row = self.subscriptions.get(subscription_id)
        if not row.delivering:
            state = "no longer declared" if row.undeclared else row.subscription.status
            raise SubscriptionError(
                f'Subscription "{subscription_id}" is {state}.',
                remedy=f"clusterwatch subscriptions resume {subscription_id}",
            )
        return row

    def sample(self, subscription: Subscription, now: datetime) -> Digest:
        """What a subscription that does not exist yet would bring now; nothing is noted."""
        row = SubscriptionRow(subscription, False, now, None, "", None, None)
        window = now_window(now, zone_of(subscription.timezone))
        return self._composed(row, window, now)[1]

    def _prepared(
        self, row: SubscriptionRow, window: Window, now: datetime, *, always: bool = False
    ) -> Prepared:
        subscription = row.subscription
        selection, digest = self._composed(row, window, now)
        said = always or selection.stories or subscription.when_empty == "line"
        deliveries = self.payloads.digest(digest, subscription, now) if said else ()
        return Prepared(subscription, window, selection, digest, deliveries)

    def _composed(
        self, row: SubscriptionRow, window: Window, now: datetime
    ) -> tuple[Selection, Digest]:
        subscription = row.subscription
        sources = self.knowledge.sources()
        selection = self._selection(subscription, sources, now)
        since = _covered_since(row, selection, now)
        identity = self.payloads.delivery_id(subscription.id, window.id)
        digest = compose(
            selection,
            subscription,
            receipt=self.knowledge.receipt(subscription, since, now),
            topics=self.knowledge.topics(),
            sources=sources,
            concept_name=self.knowledge.concept_name,
            now=now,
            window=window.id,
            links=self.payloads.links.of_digest(subscription, now, identity),
        )
        return selection, digest

    def _selection(
        self, subscription: Subscription, sources: Mapping[str, Source], now: datetime
    ) -> Selection:
        since = pending_since(subscription, look_back(subscription))
        if since is None:
            return Selection()
        found = self.candidates.pending(subscription, since, now - _REMEMBERED)
        scope = Scope(
            subscription,
            since,
            delivered=found.delivered,
            alerted=found.alerted,
            sources=sources,
            listed_by=found.listed_by,
        )
        selection = select(found.stories, scope, now=now)
        # What is told of old stories waits for a digest that has news; it makes none of its own.
        if not selection.stories:
            return selection
        changed = [one for one in found.changed if one.source not in subscription.muted]
        return replace(selection, changed=tuple(changed), also=now_also(found.grown, scope))


def _covered_since(row: SubscriptionRow, selection: Selection, now: datetime) -> datetime:
    """From when on the receipt counts: from where the message before ended, or where the first
    one begins; a story that was left from before it reaches back further."""
    subscription = row.subscription
    begin = row.last_closed_at or pending_since(subscription, look_back(subscription)) or now
    return min([begin, *(story.lead.first_seen for story in selection.stories)])


def _closing(prepared: Prepared, now: datetime) -> Closing:
    subscription, selection = prepared.subscription, prepared.selection
    following = replace(subscription, last_window=prepared.window.id)
    times = upcoming(following, now, 1) if not prepared.window.extra else ()
    return Closing(
        subscription=subscription.id,
        to=subscription.to,
        window=prepared.window.id,
        scheduled=not prepared.window.extra,
        expected=subscription.last_window,
        deliveries=prepared.deliveries,
        delivered=_delivered(prepared) if prepared.deliveries else {},
        changes_told=tuple(item.id for item in selection.changed),
        stories=len(selection.stories),
        next_due=times[0] if times else None,
    )


def _delivered(prepared: Prepared) -> dict[str, str]:
    """Item id → how it counts as delivered."""
    selection = prepared.selection
    immediate = parse_schedule(prepared.subscription.schedule).immediate
    shown, rest = ("alerted", "alerted") if immediate else ("shown", "rolled_up")
    groups = ((selection.counted, "counted"), (selection.rolled_up, rest), (selection.shown, shown))
    told = {item: how for stories, how in groups for story in stories for item in story.items}
    return {item: "also" for one in selection.also for item in one.items} | told


def _dispatched(prepared: Prepared) -> Dispatched:
    event(
        _log, logging.INFO, "digest.queued" if prepared.deliveries else "digest.empty",
        subscription=prepared.subscription.id, window=prepared.window.id,
        stories=len(prepared.selection.stories),
    )  # fmt: skip
    # The item's id leads from item.stored to here, the delivery's from here to delivery.sent.
    for item in _delivered(prepared) if prepared.deliveries else ():
        event(
            _log, logging.DEBUG, "item.queued", item_id=item, id=prepared.deliveries[0].id,
            subscription=prepared.subscription.id,
        )  # fmt: skip
    return Dispatched(
        prepared.subscription.id,
        prepared.window.id,
        "queued" if prepared.deliveries else "empty",
        len(prepared.selection.stories),
        tuple(delivery.id for delivery in prepared.deliveries),
    )
