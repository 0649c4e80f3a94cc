"""The steps from stored story to queued delivery.

due window → candidates → select → compose → render → queue: the last step writes the
deliveries, what they deliver and the closing of the window in one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.composing import Knowledge as Knowledge
from alerts.composing import composed
from alerts.payloads import Payloads
from alerts.rounds import REMEMBERED, Decided, Round, Turn, selected
from alerts.schedules import Window, now_window, parse_schedule, zone_of
from alerts.selection import pending_since
from alerts.windows import (
    closes_empty,
    look_back,
    next_look,
    next_window,
    window_of,
)
from crawler import metrics
from crawler.errors import ClusterwatchError, StorageError, SubscriptionError
from crawler.logs import event
from crawler.model.digest import Digest, SelectedStory, Selection
from crawler.model.source import Source
from crawler.model.subscription import Subscription
from crawler.storage.candidates import CandidateStore
from crawler.storage.deliveries import Closing, DeliveryStore
from crawler.storage.looks import IMMEDIATE_REST, Looks
from crawler.storage.subscriptions import SubscriptionRow, SubscriptionStore

_LOGGED_ITEMS = 16  # of a digest in one line
_TRIES = 5  # to close a window while other processes close windows of the same subscription
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
class Prepared(Decided):
    """A digest decided, composed and rendered; nothing is written yet."""

    digest: Digest


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
        looks: Looks | None = None,
    ) -> None:
        self.subscriptions = subscriptions
        self.candidates = candidates
        self.deliveries = deliveries
        self.knowledge = knowledge
        self.payloads = payloads
        self._correct = correct
        self._looks = looks or Looks(subscriptions.database)

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
        rows = self._looks.due(now)
        if wanted is not None:
            rows = [row for row in rows if wanted(row.subscription.id)]
        done: list[Dispatched] = []
        if rows:
            round_ = Round(self.candidates, self.knowledge, self.payloads, now)
            for batch in round_.batches(rows):
                with metrics.step("digests"):
                    done += self._close_together(batch, round_, now)
        return done

    def _close_together(
        self, batch: Sequence[SubscriptionRow], round_: Round, now: datetime
    ) -> Iterator[Dispatched]:
        """Close the windows of subscriptions that ask for the same, in one transaction; those
        that have none now rest until theirs may come."""
        # They may have changed since they were found: many were closed meanwhile.
        fresh = self.subscriptions.some([row.subscription.id for row in batch])
        turns: list[Turn] = []
        resting: list[Subscription] = []
        for row in fresh:
            match _turn(row, now):
                case Turn() as turn:
                    turns.append(turn)
                case Dispatched() as failed:
                    yield failed
                case None if row.delivering:
                    resting.append(row.subscription)
        decided: list[Decided] = []
        for one in round_.decided(turns) if turns else ():
            if isinstance(one, Decided):
                decided.append(one)
            else:
                yield _failed(*one)
        resting += [one.subscription for one in decided if not _closes(one)]
        looks = [(one, _next_look(one, now)) for one in resting]
        self._looks.rest([(one, look) for one, look in looks if look is not None])
        yield from self._written([one for one in decided if _closes(one)], now)

    def _written(self, decided: Sequence[Decided], now: datetime) -> Iterator[Dispatched]:
        """Write what was decided; where the rows moved on, it is decided anew by itself."""
        if not decided:
            return
        closed = self.deliveries.close_windows([_closing(one, now) for one in decided], now)
        for one in decided:
            if one.subscription.id in closed:
                yield _dispatched(one)
            elif (outcome := self._closed_alone(one.subscription.id, now)) is not None:
                yield outcome

    def _closed_alone(self, subscription_id: str, now: datetime) -> Dispatched | None:
        try:
            return self.close_window(subscription_id, now)
        except StorageError:
            raise
        except (ClusterwatchError, ValueError) as error:
            line = error.line() if isinstance(error, ClusterwatchError) else str(error)
            return _failed(subscription_id, line)

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
            if not _closes(prepared):
                return Dispatched(subscription.id, window.id, "empty") if extra else None
            if self.deliveries.close_windows([_closing(prepared, now)], now):
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

    def pending_counts(self, now: datetime, since: datetime | None = None) -> dict[str, int]:
        """How many stories wait for each subscription that delivers; with ``since`` only those
        that ``mark_delivered`` until then would leave."""
        return {
            subscription.id: sum(since is None or story.lead.first_seen >= since for story in found)
            for subscription, found in self._pending(now)
        }

    def old_items(self, until: datetime, now: datetime) -> dict[tuple[str, str], list[str]]:
        """What ``mark_delivered`` would mark: item ids by (subscription, recipient)."""
        return {
            (one.id, one.to): [
                item for story in found if story.lead.first_seen < until for item in story.items
            ]
            for one, found in self._pending(now)
        }

    def mark_delivered(self, until: datetime, now: datetime) -> int:
        """Count what was first seen before ``until`` as delivered; how many items."""
        marked = sum(
            self.deliveries.mark(subscription, to, ids, now)
            for (subscription, to), ids in self.old_items(until, now).items()
        )
        self.deliveries.give_up(until, "counted as delivered")
        return marked

    def _pending(self, now: datetime) -> Iterator[tuple[Subscription, Sequence[SelectedStory]]]:
        """What waits for each subscription that delivers."""
        sources = self.knowledge.sources()
        for row in self.subscriptions.all():
            if row.delivering:
                one = row.subscription
                yield one, self._selection(one, sources, now).stories

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
        return Prepared(subscription, window, selection, deliveries, digest)

    def _composed(
        self, row: SubscriptionRow, window: Window, now: datetime
    ) -> tuple[Selection, Digest]:
        subscription = row.subscription
        selection = self._selection(subscription, self.knowledge.sources(), now)
        identity = self.payloads.delivery_id(subscription.id, window.id)
        links = self.payloads.links.of_digest(subscription, now, identity)
        return selection, composed(row, selection, window, self.knowledge, links, now)

    def _selection(
        self, subscription: Subscription, sources: Mapping[str, Source], now: datetime
    ) -> Selection:
        since = pending_since(subscription, look_back(subscription))
        if since is None:
            return Selection()
        found = self.candidates.pending(subscription, since, now - REMEMBERED)
        return selected(subscription, found, sources, since, now)


def _turn(row: SubscriptionRow, now: datetime) -> Turn | Dispatched | None:
    """A subscription whose window is due now, or why that cannot be told."""
    try:
        window = window_of(row.subscription, now) if row.delivering else None
    except ClusterwatchError as error:
        return _failed(row.subscription.id, error.line())
    return Turn(row, window) if window is not None else None


def _next_look(subscription: Subscription, now: datetime) -> datetime | None:
    """When to look again; None, with the next tick, where that cannot be told."""
    try:
        return next_look(subscription, now, IMMEDIATE_REST)
    except Exception as error:  # one subscription must not stop the others
        line = error.line() if isinstance(error, ClusterwatchError) else str(error)
        event(_log, logging.ERROR, "look.failed", subscription=subscription.id, reason=line)
        return None


def _closes(decided: Decided) -> bool:
    """Whether there is a message, or an empty window that is noted."""
    return bool(decided.deliveries) or closes_empty(decided.subscription, decided.window)


def _failed(subscription_id: str, line: str) -> Dispatched:
    event(_log, logging.ERROR, "digest.failed", subscription=subscription_id, reason=line)
    return Dispatched(subscription_id, "", "failed", error=line)


def _closing(prepared: Decided, now: datetime) -> Closing:
    subscription, selection = prepared.subscription, prepared.selection
    following = replace(subscription, last_window=prepared.window.id)
    # None: an immediate one is looked at again with the next tick.
    by_clock = closes_empty(following, prepared.window)
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
        next_due=_next_look(following, now) if by_clock else None,
    )


def _delivered(prepared: Decided) -> dict[str, str]:
    """Item id → how it counts as delivered."""
    selection = prepared.selection
    immediate = parse_schedule(prepared.subscription.schedule).immediate
    shown, rest = ("alerted", "alerted") if immediate else ("shown", "rolled_up")
    groups = ((selection.counted, "counted"), (selection.rolled_up, rest), (selection.shown, shown))
    told = {item: how for stories, how in groups for story in stories for item in story.items}
    return {item: "also" for one in selection.also for item in one.items} | told


def _first_ids(prepared: Decided) -> str:
    """The items that are shown first; every one is told at DEBUG."""
    return ",".join(story.lead.id for story in prepared.selection.shown[:_LOGGED_ITEMS])


def _dispatched(prepared: Decided) -> Dispatched:
    queued = prepared.deliveries
    told = {"id": queued[0].id, "items": _first_ids(prepared)} if queued else {}
    event(
        _log, logging.INFO, "digest.queued" if queued else "digest.empty",
        subscription=prepared.subscription.id, window=prepared.window.id,
        stories=len(prepared.selection.stories), **told,
    )  # fmt: skip
    # The item's id leads from item.stored to here, the delivery's from here to delivery.sent.
    for item in _delivered(prepared) if queued and _log.isEnabledFor(logging.DEBUG) else ():
        event(
            _log, logging.DEBUG, "item.queued", item_id=item, id=queued[0].id,
            subscription=prepared.subscription.id,
        )  # fmt: skip
    return Dispatched(
        prepared.subscription.id,
        prepared.window.id,
        "queued" if prepared.deliveries else "empty",
        len(prepared.selection.stories),
        tuple(delivery.id for delivery in prepared.deliveries),
    )
