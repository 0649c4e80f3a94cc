"""A small installation for tests of delivery: real rows, real composing, channels that record."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from alerts.corrections import Corrections
from alerts.dispatch import Dispatcher, Knowledge
from alerts.incidents import Incidents
from alerts.links import Links
from alerts.outbox import Outbox
from alerts.payloads import Payloads
from alerts.retry import RetryPolicy
from alerts.tokens import TokenSigner
from crawler.model.delivery import Delivery
from crawler.model.digest import Receipt
from crawler.model.item import Item
from crawler.model.source import Source
from crawler.model.subscription import Subscription
from crawler.model.topic import Match, TopicDefinition
from crawler.storage import subscriptions as rows
from crawler.storage.candidates import CandidateStore
from crawler.storage.claims import ClaimStore
from crawler.storage.corrections import CorrectionStore
from crawler.storage.database import Database
from crawler.storage.deliveries import DeliveryStore
from crawler.storage.incidents import IncidentStore
from crawler.storage.item_rows import insert_item, save_matches, sight_many
from crawler.storage.items import ItemStore
from crawler.storage.looks import Looks
from crawler.storage.subscriptions import SubscriptionStore
from crawler.storage.tables_stories import stories

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SOURCES = {"a": Source("a", "Cluster A", "https://a.example/")}
TOPICS = {"ai": TopicDefinition("ai", "Artificial intelligence")}
SENDER = "Clusterwatch <news@example.org>"


class Clock:
    """A clock that tests turn."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **amount: float) -> datetime:
        self.now += timedelta(**amount)
        return self.now


@dataclass
class Recorder:
    """A channel that keeps what it is given; ``fails`` is raised, one a call, before or after."""

    can_look_up: bool = True
    taken: list[Delivery] = field(default_factory=list)
    before: list[Exception | Callable[[], None] | None] = field(default_factory=list)
    after: list[Exception | Callable[[], None] | None] = field(default_factory=list)
    look_ups: list[Exception | None] = field(default_factory=list)
    looked_up: int = 0

    def send(self, delivery: Delivery) -> str:
        _next(self.before)
        self.taken.append(delivery)
        _next(self.after)
        return f"id-{delivery.id}"

    def find(self, delivery: Delivery) -> str | None:
        self.looked_up += 1
        _next(self.look_ups)
        arrived = any(one.id == delivery.id for one in self.taken)
        return f"id-{delivery.id}" if arrived else None

    def check(self, targets: Collection[str] = ()) -> tuple[str, ...]:
        return ()

    def close(self) -> None: ...


def _next(planned: Sequence[Exception | Callable[[], None] | None]) -> None:
    step = planned.pop(0) if planned else None  # type: ignore[attr-defined]
    if isinstance(step, Exception):
        raise step
    if step is not None:
        step()


class House:
    """The parts of delivery over one database."""

    def __init__(
        self,
        database: Database,
        clock: Clock | None = None,
        operators: Sequence[str] = ("email:ops@example.org",),
    ) -> None:
        self.database = database
        self.clock = clock or Clock()
        self.slack, self.mail = Recorder(), Recorder(can_look_up=False)
        self.deliveries = DeliveryStore(database)
        self.claims = ClaimStore(database)
        self.subscriptions = SubscriptionStore(database)
        self.looks = Looks(database)
        self.incident_store = IncidentStore(database)
        links = Links(TokenSigner("a secret for tests, long enough"), sender=SENDER)
        self.payloads = Payloads("test", SENDER, links)
        self.corrections = Corrections(
            CorrectionStore(database), ItemStore(database), self.deliveries, self.subscriptions,
            self.payloads, lambda: SOURCES,
        )  # fmt: skip
        self.dispatcher = Dispatcher(
            self.subscriptions,
            CandidateStore(database),
            self.deliveries,
            Knowledge(
                sources=lambda: SOURCES,
                topics=lambda: TOPICS,
                concept_name=lambda concept, language: concept,
                receipt=lambda subscription, since, now: Receipt(sources_checked=1),
            ),
            self.payloads,
            self.corrections.queue_due,
            self.looks,
        )
        self.incidents = Incidents(
            self.incident_store, self.deliveries, self.payloads.note, operators
        )
        self.outbox = self.worker()

    def worker(self, owner: str = "", **changes: object) -> Outbox:
        channels = {"slack": self.slack, "email": self.mail}
        return Outbox(
            self.claims,
            channels,
            self.incidents,
            clock=self.clock,
            owner=owner,
            **changes,  # type: ignore[arg-type]
        )

    def subscribe(self, identity: str = "team", **changes: object) -> Subscription:
        plain = Subscription(
            identity, "slack:C0000001", topics=("ai",), timezone="UTC", active_since=self.clock.now
        )
        subscription = replace(plain, **changes)  # type: ignore[arg-type]
        with self.database.write() as connection:
            rows.insert(connection, subscription, now=self.clock.now, by="test")
        return subscription

    def publish(self, identity: str, *topics: str, **changes: object) -> Item:
        """Store an item first seen now, about ``topics`` (default: ai), a story of its own."""
        plain = Item(
            id=identity,
            source="a",
            url=f"https://a.example/{identity}",
            canonical_url=f"https://a.example/{identity}",
            title=f"News number {identity}",
            summary="",
            published=None,
            first_seen=self.clock.now,
            language="en",
            story=f"s-{identity}",
        )
        item = replace(plain, **changes)  # type: ignore[arg-type]
        now = self.clock.now
        found = [Match(topic, 0.9, ()) for topic in (topics or ("ai",))]
        with self.database.write() as connection:
            if item.story:
                fresh = self.database.insert(stories).values(id=item.story, created_at=now)
                connection.execute(fresh.on_conflict_do_nothing())
            insert_item(connection, item, text_pending=False)
            save_matches(connection, item.id, found, {}, now)
            seen = {"item": item.id, "url": item.url, "guid_hash": "", "stamp": ""}
            sight_many(connection, item.source, [seen], now)
        return item

    def morning(self, days: int = 0) -> datetime:
        """Turn the clock to 08:00 of the first day, or of a later one."""
        self.clock.now = MORNING + timedelta(days=days)
        return self.clock.now

    def dispatch(self) -> list[tuple[str, str, int]]:
        done = self.dispatcher.dispatch_due(self.clock.now)
        return [(one.window, one.state, one.stories) for one in done]

    def deliver(self) -> list[str]:
        return [one.outcome for one in self.outbox.deliver_due().sent]

    def states(self) -> list[str]:
        return sorted(one.state for one in self.deliveries.find())

    def outcomes(self, delivery: str = "") -> list[str]:
        identity = delivery or self.deliveries.find()[-1].id
        return [one.outcome for one in self.deliveries.attempts_of(identity)]

    def judge(self) -> None:
        """One digest by each way ("team" by Slack, "ada" by mail), whatever came between."""
        self.clock.turn(minutes=1)
        self.dispatch()
        self.outbox.deliver_due()
        assert [one.subscription for one in self.slack.taken] == ["team"]
        assert [one.subscription for one in self.mail.taken] == ["ada"]
        assert set(self.states()) == {"sent"}

    def text(self, delivery: Delivery) -> str:
        return str(json.loads(delivery.payload)["text"])


QUICK = RetryPolicy(first=timedelta(seconds=10), jitter=0)
