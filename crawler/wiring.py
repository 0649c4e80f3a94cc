"""Settings to the crawler's working parts, built in one place and handed to the doors."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import uuid4

from crawler.config import Settings
from crawler.errors import ConfigError
from crawler.model.subscription import Subscription
from crawler.model.topic import TopicDefinition
from crawler.owners import owner_name
from crawler.sources.catalogue import SHIPPED
from crawler.storage.database import Database, utc_now
from crawler.storage.fetched import FetchedStore
from crawler.storage.items import ItemStore
from crawler.storage.sources import SourceStore
from crawler.storage.topics import TopicStore

if TYPE_CHECKING:
    from crawler.fetch.run import Crawl
    from crawler.ingest import Ingest
    from crawler.model.topic import Addition
    from crawler.reclassifying import Reclassification
    from crawler.storage.stories import StoryStore
    from crawler.storage.topic_additions import AdditionStore
    from crawler.topics.matching import TopicMatcher


@dataclass
class Parts:
    """The crawler's parts over one open database."""

    settings: Settings
    database: Database
    _topics_built_from: object = field(default=None, init=False, repr=False)

    @cached_property
    def sources(self) -> SourceStore:
        return SourceStore(self.database)

    @cached_property
    def items(self) -> ItemStore:
        return ItemStore(self.database)

    @cached_property
    def fetched(self) -> FetchedStore:
        return FetchedStore(self.database)

    @cached_property
    def topic_store(self) -> TopicStore:
        return TopicStore(self.database)

    @cached_property
    def additions(self) -> AdditionStore:
        from crawler.storage.topic_additions import AdditionStore

        return AdditionStore(self.database)

    @cached_property
    def stories(self) -> StoryStore:
        from crawler.storage.stories import StoryStore

        return StoryStore(self.database)

    @cached_property
    def topics(self) -> tuple[TopicDefinition, ...]:
        """Shipped, declared and added topics. Raises ConfigError for one that is wrong."""
        from crawler.topics.layers import layered
        from crawler.topics.vocabulary import combine, load_topic, shipped_topics

        stored, additions = self._stored_topics()
        self._topics_built_from = (stored, additions)
        own = [load_topic(topic.definition, origin=f"topic {topic.id}") for topic in stored]
        declared = declared_topics(self.settings)
        return layered(combine(shipped_topics(), [*declared, *own]), additions)

    @cached_property
    def matcher(self) -> TopicMatcher:
        from crawler.topics.matching import TopicMatcher

        return TopicMatcher(self.topics)

    @cached_property
    def ingest(self) -> Ingest:
        from crawler.ingest import Ingest

        return Ingest(self.database, self.settings, self.topics, self.matcher)

    def crawl(self) -> Crawl:
        """The one crawl of this process; use it as an async context manager."""
        from crawler.fetch.run import Crawl

        return Crawl(self.settings, self.ingest, owner=process_name())

    @property
    def reclassification(self) -> Reclassification:
        """The archive as it has to follow the topics."""
        from crawler.reclassifying import Reclassification

        return Reclassification(self.database, self.topics, self.matcher)

    def forget_topics(self) -> None:
        """Definitions changed: the next use reads them anew, a crawl under way at once."""
        for name in ("topics", "matcher"):
            self.__dict__.pop(name, None)
        if "ingest" in self.__dict__:
            self.ingest.use(self.topics, self.matcher)

    def refresh_topics(self) -> bool:
        """Take over what another process changed in the database; whether there was anything."""
        if "topics" not in self.__dict__ or self._stored_topics() == self._topics_built_from:
            return False
        self.forget_topics()
        return True

    def _stored_topics(self) -> tuple[list[TopicDefinition], list[Addition]]:
        return self.topic_store.own(), self.additions.all()


@contextmanager
def open_parts(settings: Settings, *, sync: bool = False) -> Iterator[Parts]:
    """The parts over the installation's database, created where there is none yet.

    ``sync`` brings the file's declarations into it. Raises ConfigError and StorageError.
    """
    database = Database(settings.clusterwatch.database)
    try:
        database.ensure()
        parts = Parts(settings, database)
        if sync:
            sync_declarations(parts, utc_now())
        yield parts
    finally:
        database.close()


def sync_declarations(parts: Parts, now: datetime) -> None:
    """Sources and topics of the file into the database; subscriptions are alerts' to sync.

    Raises ConfigError where a declaration is wrong or names what does not exist.
    """
    sync_watched(parts, now)
    check_references(parts)


def sync_watched(parts: Parts, now: datetime) -> None:
    """The same without a look at what subscriptions name. Raises ConfigError."""
    settings = parts.settings
    name = settings.clusterwatch.name
    topics = declared_topics(settings)
    if settings.path is None:
        parts.sources.sync(settings.sources, SHIPPED, now)
    else:
        parts.sources.sync((), SHIPPED, now)
        parts.sources.sync(settings.sources, name, now)
    parts.topic_store.sync(topics, name, now)


def declared_topics(settings: Settings) -> list[TopicDefinition]:
    """The file's ``[[topics]]``. Raises ConfigError naming the key and the column."""
    from crawler.topics.compiling import check_borrowed
    from crawler.topics.vocabulary import load_topic

    name = settings.clusterwatch.name
    found = [
        load_topic(table, origin=f"{settings.label}: [[topics]] number {number}", declared_by=name)
        for number, table in enumerate(settings.topics, 1)
    ]
    for topic in found:
        if "concepts" in topic.definition:
            check_borrowed(topic)
    return found


def check_references(parts: Parts) -> None:
    """Raises ConfigError where a subscription names a topic or source that does not exist."""
    for one in parts.settings.subscriptions:
        check_names(parts, f'{parts.settings.label}: [[subscriptions]] "{one.id}"', one)


def check_names(parts: Parts, where: str, subscription: Subscription) -> None:
    """The same for one subscription; ``where`` says whose."""
    rows = parts.sources.all()
    known = {row.source.id for row in rows}
    known |= {f"tag:{tag}" for row in rows for tag in row.source.tags}
    topics = {topic.id for topic in parts.topics} | {"*"}
    _check_names(f"{where} topics", subscription.topics, topics)
    _check_names(f"{where} sources", subscription.sources, known)
    declared = {row.source.language for row in rows} - {""}
    _check_languages(f"{where} languages", subscription.languages, declared)


def _check_languages(where: str, named: Sequence[str], declared: Collection[str]) -> None:
    """Items have a code that detection knows, or the one their source declares: with any other
    nothing would ever come."""
    from crawler.language import KNOWN, meant

    for name in named:
        if name in KNOWN or name in declared:
            continue
        near = meant(name)
        hint = f'did you mean "{near}"? ' if near else ""
        listed = ", ".join(sorted(KNOWN | set(declared)))
        raise ConfigError(f'{where}: there is no "{name}"; {hint}Known: {listed}.')


def _check_names(where: str, names: Sequence[str], known: Collection[str]) -> None:
    for name in names:
        if name in known:
            continue
        near = get_close_matches(name, known, n=1)
        hint = f'did you mean "{near[0]}"? ' if near else ""
        listed = ", ".join(sorted(known)[:12]) or "none yet"
        raise ConfigError(
            f'{where}: there is no "{name}"; {hint}Known: {listed}.',
            remedy="Write one of these, or add it first.",
        )


def process_name() -> str:
    """Who holds a lease: this process, by a name that its machine can check."""
    return owner_name(uuid4().hex[:8])
