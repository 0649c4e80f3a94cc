"""Digests: what one subscription gets in one window, before any medium renders it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crawler.model.item import Item
from crawler.model.topic import Match


@dataclass(frozen=True, slots=True)
class SelectedStory:
    """A story chosen for a subscription, and why."""

    story: str  # story id
    lead: Item  # the telling that is shown
    match: Match | None  # the strongest match; None for a "*" subscription without one
    other_topics: tuple[str, ...] = ()  # further subscribed topics it matches
    also_in: tuple[Item, ...] = ()  # the other tellings
    items: tuple[str, ...] = ()  # ids of every item that counts as delivered with it
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was watched to make this digest: the line that says silence was looked at."""

    sources_checked: int = 0
    new_items: int = 0
    stories: int = 0
    failing: tuple[str, ...] = ()  # names of sources that could not be reached
    quiet: tuple[str, ...] = ()  # names of unusually silent sources
    held_back: int = 0
    # When our own network was down meanwhile: (from, until; None: it still is).
    outages: tuple[tuple[datetime, datetime | None], ...] = ()


@dataclass(frozen=True, slots=True)
class NowAlso:
    """A telling in the reader's language of a story that was delivered in others."""

    lead: Item  # the telling that is named
    items: tuple[str, ...]  # ids of every item that is told with it


@dataclass(frozen=True, slots=True)
class Selection:
    """The stories of one digest, ranked: shown in full, and rolled up."""

    shown: tuple[SelectedStory, ...] = ()
    rolled_up: tuple[SelectedStory, ...] = ()
    changed: tuple[Item, ...] = ()  # delivered before, materially changed since: one line, once
    counted: tuple[SelectedStory, ...] = ()  # alerted at once to the same recipient: only counted
    # Delivered before in other languages, now told in the reader's: one line, once.
    also: tuple[NowAlso, ...] = ()

    @property
    def stories(self) -> tuple[SelectedStory, ...]:
        return self.shown + self.rolled_up


@dataclass(frozen=True, slots=True)
class DigestStory:
    """One story as the reader sees it: title, one meta line, one sentence."""

    title: str
    url: str
    source: str  # display name
    date: str  # localised, e.g. "20 Sept 2018" or "seen 21 Nov"
    language: str  # localised language name, "" when it is the digest's own
    sentence: str  # excerpt that carries the evidence
    marks: tuple[tuple[int, int], ...] = ()  # evidence in ``sentence``, code points
    gloss: str = ""  # concepts' display names for a foreign-language story
    also_in: str = ""  # "also in: X (en), Y (pl) and 2 more"
    also_links: tuple[tuple[str, str], ...] = ()  # (label, url) of the first two
    other_topics: str = ""  # "also: 3D printing"
    language_code: str = ""  # ISO 639-1 of title and sentence, "" when it is the digest's own
    translation: tuple[tuple[str, str], ...] = ()  # (label, url) of a machine translation
    item: str = ""  # id of the telling that is shown
    changed: str = ""  # that it was withdrawn, moved or corrected since its source first told it


@dataclass(frozen=True, slots=True)
class DigestSection:
    """One topic's stories."""

    topic: str  # topic id, "" for "everything else"
    heading: str  # localised display name
    stories: tuple[DigestStory, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """A composed digest: every word in the digest's language, no markup."""

    subscription: str
    window: str
    language: str  # en de da
    title: str  # "Cluster news, 21 November: 3 on Korea, 4 on AI"
    sections: tuple[DigestSection, ...]
    rolled_up: tuple[tuple[str, str], ...] = ()  # (title, url)
    rolled_up_line: str = ""  # "12 more"
    receipt: str = ""  # one line
    footer: tuple[str, ...] = ()  # how to change, pause or leave
    empty_line: str = ""  # for when_empty = "line"
    made_at: datetime | None = None
    links: dict[str, str] = field(default_factory=dict)  # "status", "manage", "leave", "mailto"
    masthead: str = ""  # the first half of ``title``: "Cluster news, 21 November"
    counts: str = ""  # its second half: "3 on Korea, 4 on AI"
    changes: tuple[tuple[str, str], ...] = ()  # (title, url) of stories that changed since
    changes_line: str = ""  # the heading above them
    footer_links: tuple[tuple[str, str], ...] = ()  # (label, url); each label stands in ``footer``
