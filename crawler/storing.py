"""The entries of one reading become rows: new items are stored, known ones brought up to date.

Which item an entry is, is decided one after the other, because a page may list one item twice;
what new items bring beside their own rows is written together at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from crawler import metrics
from crawler.comparison import known_face, listed_items, sighting
from crawler.config.tables import CrawlSettings
from crawler.identity import Face, decide
from crawler.lessons import Lessons
from crawler.model.item import Item
from crawler.model.reading import Reading
from crawler.model.source import SourceState
from crawler.moved import moved
from crawler.moves import Moves
from crawler.outcomes import first_look, held_back
from crawler.preparation import Prepared, key_or_none
from crawler.relocation import present_address
from crawler.revisions import revised, revision_columns
from crawler.storage import item_rows as rows
from crawler.storage.classification import key_of
from crawler.storage.database import Database
from crawler.storage.new_rows import NewRows
from crawler.storage.occasions import save_occasions
from crawler.storage.search import SearchStore, indexed
from crawler.storage.stories import StoryStore
from crawler.stories.text import edge_keys


@dataclass(frozen=True, slots=True)
class Rules:
    """By what it is decided."""

    crawl: CrawlSettings
    versions: Mapping[str, str]  # of the topics
    now: datetime


class Storing:
    """Stores entries inside the transaction of their reading."""

    def __init__(
        self,
        database: Database,
        connection: Connection,
        reading: Reading,
        lessons: Lessons,
        rules: Rules,
    ) -> None:
        self._database = database
        self._connection = connection
        self._reading = reading
        self._lessons = lessons
        self._rules = rules
        self._stories = StoryStore(database)
        self._decided_by = key_of(rules.versions)
        self._rows = NewRows(database, connection, reading.source, rules.versions, rules.now)
        self._known: dict[str, str] = {}  # key of an address → item id
        self._listed_now: set[str] = set()  # items whose address stands on the page
        self._moves = Moves()
        self._first = False  # the source was never looked at before

    def store(
        self, prepared: Sequence[Prepared], state: SourceState
    ) -> tuple[list[Item], list[str]]:
        """(new items, ids of those with a new title or text)."""
        if not prepared:
            return [], []
        keys = [key for one in prepared for key, _ in one.addresses]
        self._known = rows.known_addresses(self._connection, keys)
        self._listed_now = listed_items(self._connection, self._reading.listed, self._lessons.noise)
        self._moves = moved(self._connection, self._reading, prepared, self._known, state)
        self._first = first_look(self._reading, state)
        new: list[Item] = []
        updated: list[str] = []
        for one in prepared:
            item = self._item_of(one)
            if item is None:
                new.append(self._insert(one))
                item = one.item.id
            elif self._reading.backfill:  # polls brought it; they alone keep it up to date
                self._rows.lead(item, one.addresses)
                continue
            elif self._update(item, one):
                updated.append(item)
            self._note(one, item)
        self._rows.write()
        return new, updated

    # -- one entry --------------------------------------------------------------------------------

    def _item_of(self, one: Prepared) -> str | None:
        """The item that an entry is; None for a new one."""
        known = (self._known[key] for key, _ in one.addresses if key in self._known)
        found = one.entry.item or next(known, None)
        if found is None:
            found = self._identity(one)
            if found is not None:
                self._rows.write()
                self._lessons.came_back(self._connection, found, one)
        return found or self._moves.same.get(one.entry.listed.url)

    def _identity(self, one: Prepared) -> str | None:
        """The item that an entry at an unknown address is."""
        connection, source = self._connection, self._reading.source
        guids = rows.known_guids(connection, source, [one.guid_hash] if one.guid_hash else [])
        alike = rows.same_content(connection, source, one.print.content_hash, one.print.title_hash)
        return decide(
            Face(one.item.title, one.item.text, one.print.content_hash),
            by_address=None,
            by_guid=[known_face(each, self._listed_now) for each in guids.get(one.guid_hash, [])],
            alike=[known_face(each, self._listed_now) for each in alike],
        )

    def _note(self, one: Prepared, item: str) -> None:
        """An entry's addresses lead to its item, and its source has listed it."""
        self._known |= {key: item for key, _ in one.addresses if key not in self._known}
        self._listed_now.add(item)
        self._rows.lead(item, (*one.addresses, *self._lessons.reduced(one)))
        if not one.entry.item:
            seen = sighting(one.entry.listed, item, one.guid_hash)
            source, now = self._reading.source, self._rules.now
            rows.sight_many(self._connection, source, [seen], now)

    def _insert(self, one: Prepared) -> Item:
        held = self._held_back(one)
        item = replace(one.item, held_back=held)
        rows.insert_item(
            self._connection,
            item,
            content_hash=one.print.content_hash,
            title_hash=one.print.title_hash,
            text_pending=one.entry.retry,
            topics_version=self._decided_by,
        )
        self._rows.add(item, one.occasions, edge_keys(item.text))
        with metrics.step("stories"):
            grouped = self._stories.group(self._connection, item, one.print, self._rules.now)
        return replace(item, story=grouped.story, duplicate_of=grouped.duplicate_of)

    def _held_back(self, one: Prepared) -> str:
        if self._reading.backfill:
            return "backfill"
        rules = self._rules
        held = held_back(rules.crawl, one.item.published, rules.now, first=self._first)
        return held or ("baseline" if one.entry.listed.url in self._moves.old else "")

    # -- an item that is known --------------------------------------------------------------------

    def _update(self, item_id: str, one: Prepared) -> bool:
        """Another reading of an item we have; True when its title or text is new."""
        if one.entry.article is None and not one.entry.listed.text:
            if one.entry.retry:  # what is stored stays; the text is asked for again
                rows.await_text(self._connection, item_id)
            return False
        before = rows.get_in(self._connection, item_id)
        if before.held_back == rows.ERASED:
            return False
        columns: dict[str, Any] = {"text_pending": one.entry.retry} | self._moved(before, one)
        item = revised(before, one)
        if item is not None:
            columns |= self._revise(before, item, one)
        if before.published is None and one.item.published is not None:
            columns |= rows.published_columns(one.item.published)
            if not before.held_back:  # its date came late, and may be an old one
                rules = self._rules
                late = held_back(rules.crawl, one.item.published, rules.now, first=False)
                columns["held_back"] = late
        rows.update_item(self._connection, item_id, **columns)
        return item is not None

    def _moved(self, before: Item, one: Prepared) -> dict[str, Any]:
        """The columns of an item's address, where the source that listed it first moved it; an
        address of another item is none of its own."""
        others = {self._known.get(key, before.id) for key, _ in one.addresses} - {before.id}
        if others or before.source != self._reading.source:
            return {}
        listed = {key for raw in self._reading.listed if (key := key_or_none(raw))}
        place = present_address(before, one, listed)
        return {"url": place[0], "canonical_url": place[1]} if place else {}

    def _revise(self, before: Item, item: Item, one: Prepared) -> dict[str, Any]:
        """Write what follows from an item's new text; the columns of its own row."""
        connection, rules = self._connection, self._rules
        self._rows.write()  # it may have come in this very reading
        first = rows.waits_for_text(connection, item.id)
        rows.save_matches(connection, item.id, item.topics, rules.versions, rules.now)
        SearchStore(self._database).add(connection, item.id, *indexed(item))
        save_occasions(connection, item.id, one.occasions, rules.now)
        self._stories.refresh(connection, item, one.print, rules.now)
        columns = revision_columns(before, item, one, rules.now, first_text=first)
        return {**columns, "topics_version": self._decided_by}
