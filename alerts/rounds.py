"""Many windows that close at one moment: what their subscriptions share is done once.

Subscriptions that ask for the same (topics, languages, sources) share their candidates; those of
them that lack the same stories share a selection; those that also read the same words share a
mail, of which only the links and addresses are each reader's own. What is decided is what
deciding each by itself gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from alerts.composing import Knowledge, composed, covered_since
from alerts.digests.shared_mail import PERSONAL, Reader, SharedMail
from alerts.payloads import Payloads
from alerts.schedules import Window
from alerts.selection import Scope, now_also, pending_since, select
from alerts.windows import look_back
from crawler.errors import ClusterwatchError
from crawler.model.delivery import Delivery
from crawler.model.digest import Digest, Selection
from crawler.model.source import Source
from crawler.model.story import Story
from crawler.model.subscription import Subscription
from crawler.storage.candidates import Candidates, CandidateStore
from crawler.storage.shared_candidates import Question, SharedCandidates, recipients_of_several
from crawler.storage.subscriptions import SubscriptionRow

REMEMBERED = timedelta(days=30)  # by readers: an older story is not named again when it grows
TOGETHER = 100  # windows in one transaction
_KEPT = 64  # selections and mails at hand: a question has few


@dataclass(frozen=True, slots=True)
class Turn:
    """One subscription whose window is due."""

    row: SubscriptionRow
    window: Window


@dataclass(frozen=True, slots=True)
class Decided:
    """What one window brings; nothing is written yet."""

    subscription: Subscription
    window: Window
    selection: Selection
    deliveries: tuple[Delivery, ...]  # () when there is nothing to say


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is read together: a question and roughly from when on."""

    question: Question
    reach: int  # days it looks back, as a power of two


class Round:
    """One look at many subscriptions at ``now``."""

    def __init__(
        self, candidates: CandidateStore, knowledge: Knowledge, payloads: Payloads, now: datetime
    ) -> None:
        self._candidates = candidates
        self._knowledge = knowledge.remembered()
        self._payloads = payloads
        self._now = now
        self._several: Collection[str] = ()
        self._asked: tuple[Question, datetime] | None = None
        self._shared: SharedCandidates | None = None
        self._selections: dict[Hashable, Selection] = {}
        self._mails: dict[Hashable, SharedMail | None] = {}

    def batches(self, rows: Sequence[SubscriptionRow]) -> Iterator[list[SubscriptionRow]]:
        """``rows`` in parts whose subscriptions ask for the same.

        What one recipient gets by several keeps their order: an alert counts in the digest after
        it. So a part holds each recipient once.
        """
        for wave in _waves(rows):
            ordered = sorted(wave, key=lambda row: repr(self._ask(row.subscription)))
            for asked, group in groupby(ordered, key=lambda row: self._ask(row.subscription)):
                same = list(group)
                self._begin(asked, min(self._since(row.subscription) for row in same))
                for start in range(0, len(same), TOGETHER):
                    yield same[start : start + TOGETHER]

    def decided(self, turns: Sequence[Turn]) -> Iterator[Decided | tuple[str, str]]:
        """What each of a batch's windows brings, or (subscription, why it cannot be told)."""
        asking = [turn.row.subscription for turn in turns]
        shared = self._candidates_of_all()
        found = shared.of(asking, self._several) if shared and not shared.crowded else {}
        for turn in turns:
            subscription = turn.row.subscription
            try:
                since = self._since(subscription)
                mine = found.get(subscription.id) or self._candidates.pending(
                    subscription, since, self._now - REMEMBERED
                )
                yield self._decided(turn, mine)
            except (ClusterwatchError, ValueError) as error:
                line = error.line() if isinstance(error, ClusterwatchError) else str(error)
                yield subscription.id, line

    # -- one subscription -----------------------------------------------------------------------

    def _decided(self, turn: Turn, found: Candidates) -> Decided:
        subscription = turn.row.subscription
        key = self._key(subscription, found)
        selection = self._selections.get(key)
        if selection is None:
            _make_room(self._selections)
            since = self._since(subscription)
            # Most looks find nothing: then not even the sources are read.
            sources = self._knowledge.sources() if found.stories else {}
            selection = selected(subscription, found, sources, since, self._now)
            self._selections[key] = selection
        said = selection.stories or subscription.when_empty == "line"
        made = self._deliveries(turn, key, selection) if said else ()
        return Decided(subscription, turn.window, selection, made)

    def _deliveries(self, turn: Turn, key: Hashable, selection: Selection) -> tuple[Delivery, ...]:
        subscription, window = turn.row.subscription, turn.window.id
        identity = self._payloads.delivery_id(subscription.id, window)
        links = self._payloads.links.of_digest(subscription, self._now, identity)
        if subscription.channel == "email":
            reader = Reader(
                subscription.address, subscription.id, identity,
                {name: links[name] for name in PERSONAL if name in links},
            )  # fmt: skip
            mail = self._mail(turn, key, selection, reader, links)
            text = mail.written_to(reader) if mail is not None else None
            if text is not None:
                return self._payloads.frozen([text], subscription, window, self._now)
        digest = self._digest(turn, selection, links)
        return self._payloads.digest(digest, subscription, self._now)

    def _mail(
        self, turn: Turn, key: Hashable, selection: Selection, reader: Reader,
        links: Mapping[str, str],
    ) -> SharedMail | None:  # fmt: skip
        """The mail of everybody who reads the same as this one."""
        one = turn.row.subscription
        since = covered_since(turn.row, selection, self._now)
        same = (
            key, turn.window.id, one.timezone, one.schedule == "immediate", one.sources, since,
            tuple(reader.links),
        )  # fmt: skip
        if same not in self._mails:
            _make_room(self._mails)

            def digest(personal: Mapping[str, str]) -> Digest:
                return self._digest(turn, selection, {**links, **personal})

            self._mails[same] = self._payloads.shared_mail(digest, reader)
        return self._mails[same]

    def _digest(self, turn: Turn, selection: Selection, links: Mapping[str, str]) -> Digest:
        return composed(turn.row, selection, turn.window, self._knowledge, links, self._now)

    # -- what is shared -------------------------------------------------------------------------

    def _ask(self, subscription: Subscription) -> _Asked:
        sources = _source_ids(subscription.sources, self._knowledge.sources)
        question = Question(subscription.topics, subscription.languages, sources)
        return _Asked(question, (self._now - self._since(subscription)).days.bit_length())

    def _since(self, subscription: Subscription) -> datetime:
        return pending_since(subscription, look_back(subscription)) or self._now

    def _begin(self, asked: _Asked, since: datetime) -> None:
        self._selections.clear()
        self._mails.clear()
        self._asked, self._shared = (asked.question, since), None

    def _candidates_of_all(self) -> SharedCandidates | None:
        """The candidates of what the batch asks for, read once somebody's window is due."""
        if self._shared is None and self._asked is not None:
            self._several = self._several or recipients_of_several(self._candidates.database)
            self._shared = SharedCandidates(
                self._candidates.database, *self._asked, self._now - REMEMBERED
            )
        return self._shared

    def _key(self, one: Subscription, found: Candidates) -> Hashable:
        """What a selection rests on, within a question."""
        since = self._since(one)
        early = tuple(
            item.id for story in found.stories for item in story.items if item.first_seen < since
        )
        return (
            one.digest_language, one.muted, one.sources, one.max_stories,
            tuple(sorted(one.scope_since.items())),
            tuple(story.id for story in found.stories), early, found.alerted,
            tuple(item.id for item in found.changed),
            tuple((story.id, _got(story, found)) for story in found.grown),
        )  # fmt: skip


def _waves(rows: Sequence[SubscriptionRow]) -> list[list[SubscriptionRow]]:
    """The first subscription of every recipient, then the second ones, and so on."""
    waves: list[list[SubscriptionRow]] = []
    turns: Counter[str] = Counter()
    for row in rows:
        turn = turns[row.subscription.to]
        turns[row.subscription.to] += 1
        if turn == len(waves):
            waves.append([])
        waves[turn].append(row)
    return waves


def selected(
    subscription: Subscription,
    found: Candidates,
    sources: Mapping[str, Source],
    since: datetime,
    now: datetime,
) -> Selection:
    """The stories of one digest, with what is told beside them."""
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


def _got(story: Story, found: Candidates) -> tuple[str, ...]:
    return tuple(item.id for item in story.items if item.id in found.delivered)


def _source_ids(
    named: Sequence[str], sources: Callable[[], Mapping[str, Source]]
) -> tuple[str, ...] | None:
    """The ids that a subscription's sources ("x", "tag:x", "*") stand for; None: all of them."""
    if not named or "*" in named:
        return None
    tags = {entry.removeprefix("tag:") for entry in named if entry.startswith("tag:")}
    tagged = {one.id for one in sources().values() if tags.intersection(one.tags)} if tags else ()
    return tuple(sorted({*tagged, *(one for one in named if not one.startswith("tag:"))}))


def _make_room(kept: dict[Hashable, Any]) -> None:
    if len(kept) >= _KEPT:
        kept.clear()
