"""How the archive tells stories: as the digest does, in the reader's words, with their topics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.requests import Request

from alerts.digests.plain import same_length
from alerts.digests.runs import at_words
from alerts.digests.story import Reader, digest_story, story_title, told_change
from alerts.web.archive_views import View
from alerts.web.site import Site, site_of
from alerts.web.words import language_of, page_words
from crawler.model.digest import DigestStory, SelectedStory
from crawler.model.item import Item
from crawler.model.topic import Evidence, Match
from crawler.storage.archive import ArchiveStore, Placed
from crawler.stories.face import excerpt

_SEARCHED = 20_000  # characters of a text in which searched words are marked
_MOST_MARKS = 20
_WORD = "?"  # begins what stands for a concept where a searched word is marked: it has no name


@dataclass(frozen=True, slots=True)
class Told:
    """One story of a page or feed."""

    place: Placed
    item: Item  # the telling that is shown
    told: DigestStory
    topics: tuple[tuple[str, str], ...]  # (id, name)
    others: tuple[Item, ...]  # further tellings, newest first, without their texts
    changed: str = ""  # that it changed since it was first told, and what

    @property
    def story(self) -> str:
        return self.place.story

    @property
    def newest(self) -> datetime:
        """When it last got a telling, UTC."""
        return max(item.first_seen for item in (self.item, *self.others))


def reader_of(request: Request) -> Reader:
    """Whom a page tells stories: its language, and what the installation knows."""
    site = site_of(request)
    return site_reader(site, language_of(request))


def site_reader(site: Site, language: str) -> Reader:
    """The same for a language."""
    parts, zone = site.parts.crawler, site.settings.zone
    return Reader(
        words=page_words(language),
        today=site.clock().astimezone(zone).date(),
        zone=zone,
        topics={topic.id: topic for topic in parts.topics},
        sources=parts.sources.names(),
        concept_name=lambda concept, said: (
            "" if concept.startswith(_WORD) else parts.matcher.concept_name(concept, said)
        ),
    )


def told(site: Site, places: Sequence[Placed], view: View, reader: Reader) -> list[Told]:
    """The stories at ``places`` in the reader's words."""
    store = ArchiveStore(site.parts.crawler.database)
    items = {one.id: one for one in site.parts.crawler.items.by_ids([p.item for p in places])}
    tellings = store.tellings({place.story for place in places if place.story})
    return [
        _told(place, items[place.item], tellings.get(place.story, []), view, reader)
        for place in places
        if place.item in items  # erased in between
    ]


def _told(place: Placed, item: Item, tellings: list[Item], view: View, reader: Reader) -> Told:
    others = tuple(one for one in tellings if one.id != item.id)
    selected = SelectedStory(story=place.story, lead=item, match=_match(item, view), also_in=others)
    topics = tuple((one.topic, reader.topic_name(one.topic)) for one in item.topics)
    return Told(place, item, _shown(selected, reader), topics, others, changed_line(item, reader))


def changed_line(item: Item, reader: Reader) -> str:
    """ "Updated since: 14 Apr → 21 Apr"; "" where nothing changed that matters."""
    if not item.change:
        return ""
    what = told_change(item, reader.sources.get(item.source), reader.words)
    said = reader.words.say("Updated since")
    return f"{said}: {what}" if what else said


def _shown(selected: SelectedStory, reader: Reader) -> DigestStory:
    """As the digest shows it, with as much of its sentence as the source allows: a page is wide."""
    item, match = selected.lead, selected.match
    source = reader.sources.get(item.source)
    evidence = match.evidence if match else ()
    text = item.text or item.summary
    found = excerpt(item.title, text, evidence, source.excerpt if source else 0)
    story = digest_story(selected, reader)
    marks = at_words(found.text, found.marks)
    title = story_title(item)
    return replace(story, title=title, sentence=same_length(found.text), marks=marks)


def _match(item: Item, view: View) -> Match | None:
    """Why it is shown: the searched words where they are found as written, else the topic that
    was asked for, else the strongest."""
    chosen = next((one for one in item.topics if one.topic == view.topic), None)
    match = chosen or (item.topics[0] if item.topics else None)
    found = _searched(item.text or item.summary, view.query)
    return Match(match.topic if match else "", 1.0, found) if found else match


def _searched(text: str, query: str) -> tuple[Evidence, ...]:
    words = [word for word in query.replace('"', " ").split() if len(word) > 1 or word > "\u2e80"]
    if not words:
        return ()
    pattern = re.compile("|".join(re.escape(word) for word in words), re.I)
    marks = []
    for found in pattern.finditer(text, 0, _SEARCHED):
        concept = f"{_WORD}{found[0].casefold()}"
        marks.append(Evidence("text", found.start(), found.end(), found[0], concept))
        if len(marks) == _MOST_MARKS:
            break
    return tuple(marks)
