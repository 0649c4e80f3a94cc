"""What the items of one source teach about it while a reading is stored.

Which parameters of its addresses say nothing, and which sentences it repeats on its pages; what
its article pages have in common was learned while they were read. All are kept with the source
and used by the readings that follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from sqlalchemy import Connection

from crawler.extract.article_templates import LEARNED as TEMPLATES
from crawler.identity import PASSAGE, address_of
from crawler.model.reading import Reading
from crawler.parameters import LEARNED, Parameters, without
from crawler.preparation import Prepared, told_text
from crawler.storage import boilerplate
from crawler.storage import item_rows as rows
from crawler.storage.source_rows import SourceRow
from crawler.stories.text import edge_keys
from crawler.urls import canonical_url, url_key


class Lessons:
    """Starts with what was learned of the source before; lives as long as one reading."""

    def __init__(self, source: str, learned: Mapping[str, Any]) -> None:
        self._source = source
        self._learned = learned
        self._parameters = Parameters.of(learned)
        self.noise = self._parameters.noise  # parameters that say nothing here

    @classmethod
    def of(cls, row: SourceRow) -> Self:
        """What is known of a stored source."""
        return cls(row.source.id, row.state.learned)

    def repeated(self, connection: Connection, reading: Reading) -> frozenset[int]:
        """The sentences that the source repeats, as far as this reading's texts hold them."""
        texts = [edge_keys(told_text(entry)) for entry in reading.entries]
        return boilerplate.repeated(connection, self._source, texts)

    def came_back(self, connection: Connection, item: str, one: Prepared) -> None:
        """An item was found again by its title and text, at an address that was not known."""
        before = rows.get_in(connection, item)
        same = (before.title, before.text) == (one.item.title, one.item.text)
        if not same or one.entry.listed.guid.startswith(PASSAGE):
            return
        others = [canonical_url(url) for url in rows.addresses_of(connection, item)]
        own = address_of(one.entry.listed.url)
        self._parameters = self._parameters.with_same(item, own, others)

    def reduced(self, one: Prepared) -> list[tuple[str, str]]:
        """The entry's addresses (key, url) without the parameters that say nothing."""
        if not self.noise or one.entry.listed.guid.startswith(PASSAGE):
            return []
        short = (without(address_of(url), self.noise) for _, url in one.addresses)
        return [(url_key(url), url) for url in short]

    def learned(self, reading: Reading, values: Mapping[str, Any]) -> dict[str, Any]:
        """``values``, the source's new columns, with what is learned now."""
        taught = self._parameters.with_listed(reading.listed).as_learned()
        if templates := self._templates(reading):
            taught |= {TEMPLATES: templates}
        before = dict(values.get("learned", self._learned))
        before.pop(LEARNED, None)
        after = before | taught
        others = {name: value for name, value in values.items() if name != "learned"}
        return others if after == dict(self._learned) else {**others, "learned": after}

    def _templates(self, reading: Reading) -> Sequence[Any]:
        known: Sequence[Any] = self._learned.get(TEMPLATES, ())
        return known if reading.templates is None else list(reading.templates)
