"""What a record says: its title, date, teaser and image, and where each was found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import lru_cache
from itertools import islice

from crawler.extract.dates import parse_date
from crawler.extract.dates_grammar import readings
from crawler.extract.listing_document import Document
from crawler.extract.listing_links import Link, address_key, item_address
from crawler.extract.listing_marks import Marks, dates_within, within, yearless_within
from crawler.extract.listing_records import Record
from crawler.extract.listing_text import customary, date_like, undated_title
from crawler.extract.listing_title import Title, find_title, lines
from crawler.extract.listing_words import MORE, is_more
from crawler.extract.listing_words import words as words_of
from crawler.model.item import Published

# Behind /2018/01/ only a whole segment is the day: "11-reasons" opens with a number.
_URL_DAY = re.compile(
    r"/((?:19|20)\d\d)[/-](\d{1,2})"
    r"(?:-(\d{1,2})(?=[/-]|$)|/(\d{1,2})(?=[/?#]|\.[a-z]{3,5}(?:[?#]|$)|$))"
)
# "t20261118_900.html", "/2026/1118/", "/2026-11/18/": days as Chinese systems write them.
_URL_COMPACT = re.compile(
    r"/t?((?:19|20)\d\d)(?:(\d\d)(\d\d)|/(\d\d)(\d\d)|-(\d\d)/(\d\d))(?=[/_.-]|$)"
)
_MIN_TEASER = 25
MAX_SUMMARY = 600  # characters
_MAX_OWN_LINKS = 20  # of one record; no real one has more
_MAX_ABOVE = 6  # levels above a title in which a link around it is looked for
_BESIDE_LINK = frozenset(("caption", "above", "line"))  # titles outside the item's own link
_MAX_CARD = 60  # elements of a card in which its invitation is looked for
_LONGEST_INVITATION = 60  # characters
_IMAGE_SOURCES = ("data-src", "data-lazy-src", "data-original", "src", "srcset", "data-srcset")


@dataclass(frozen=True, slots=True)
class When:
    """The reader's frame for dates: zone, language and, where known, the present."""

    zone: tzinfo
    language: str = ""
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One record read. ``title_from``: heading (linked), caption (a heading whose link only
    says "more"), above (a heading over a link with words of its own), link, block, line,
    attribute, image, borrowed (the words of a link to something else) or nothing."""

    record: Record
    title: str
    title_from: str
    published: Published | None
    date_from: str  # "time", "name", "text", "url", ""
    date_text: str  # as written
    summary: str
    image: str
    written: str = ""  # the title with a day beside it that ``title`` lacks

    @property
    def url(self) -> str:
        return self.record.link.url

    @property
    def key(self) -> str:
        return self.record.link.key


def read_record(
    document: Document,
    marks: Marks,
    record: Record,
    links_of: Mapping[str, Sequence[Link]],
    when: When,
) -> Entry:
    """Title, date, teaser and image of one record."""
    spans = record.spans(document)
    own = [
        link for link in links_of.get(record.link.key, ()) if any(link.node in s for s in spans)
    ] or [record.link]
    written, title_from, title_node = find_title(document, marks, spans, own)
    if title_from in _BESIDE_LINK and _is_borrowed(document, title_node, own):
        title_from = "borrowed"
    title, beside = undated_title(written)
    dated = _published(marks, spans, record.link.url, when, (title, beside))
    if beside and _is_another_day(beside, dated[0], when):
        title = written  # "Open day – 8.12.2026": the day of what is announced
    summary = _summary(document, spans, (title, title_from, title_node), own)
    image = _image(document, marks, spans)
    return Entry(record, title, title_from, *dated, summary, image, written)


def told_apart(entries: Sequence[Entry]) -> list[Entry]:
    """Entries of one list; where only the days tell titles apart they keep them: "Newsletter –
    1 May 2026"."""
    counts = Counter(entry.title for entry in entries)
    return [
        replace(entry, title=entry.written) if counts[entry.title] > 1 and entry.written else entry
        for entry in _without_told_days(_without_lone_days(entries))
    ]


def _without_lone_days(entries: Sequence[Entry]) -> list[Entry]:
    """Entries of a list without dates, where a few titles end with a day: it is the day of what
    they tell of ("Open day – 8 May 2026"), and part of the title."""
    undated = sum(entry.published is None for entry in entries)
    ending = {entry.key for entry in entries if _ends_with_day(entry)}
    if len(ending) >= undated:
        return list(entries)
    return [
        replace(entry, title=entry.written, published=None, date_from="", date_text="")
        if entry.key in ending
        else entry
        for entry in entries
    ]


def _without_told_days(entries: Sequence[Entry]) -> list[Entry]:
    """Entries of a list without dates, where a few teasers open with the day of what they tell:
    "On 8 May 2026, our guests saw"."""
    undated = sum(entry.published is None for entry in entries)
    told = {entry.key for entry in entries if _opens_with_day(entry)}
    if not told or 2 * len(told) > undated or len(told) + undated < len(entries):
        return list(entries)
    return [
        replace(entry, published=None, date_from="", date_text="") if entry.key in told else entry
        for entry in entries
    ]


def _opens_with_day(entry: Entry) -> bool:
    """Whether an entry's date is one that its teaser's first sentence opens with."""
    before, day, after = entry.summary.partition(entry.date_text or "\n")
    opens = bool(day) and len(before.split()) == 1 and before[-1:] == " " and before[0].isalpha()
    return opens and entry.date_from == "text" and before[-2] not in ",:.)" and after[:2] == ", "


def _ends_with_day(entry: Entry) -> bool:
    """Whether an entry's date is the one that its title ended with."""
    tail = entry.written.removeprefix(entry.title) if entry.date_from == "text" else ""
    return tail != entry.written and bool(entry.date_text) and entry.date_text in tail


def _is_another_day(text: str, published: Published | None, when: When) -> bool:
    """Whether a date beside a title is not the day that its record tells."""
    named = parse(text, when)
    return named is not None and published is not None and named.day != published.day


def _is_borrowed(document: Document, title: int, own: Sequence[Link]) -> bool:
    """Whether a title's words are those of a link to another address: a file beside an item,
    its author, its comments have no title of their own."""
    node = document.nodes[title]
    around = list(islice(document.ancestors(title), _MAX_ABOVE))
    inside = [document.nodes[i] for i in document.within(title)[:_MAX_CARD]]
    words = node.last_word - node.first_word
    for link in (*inside, *around):
        if not link.leads or 2 * (link.last_word - link.first_word) < words:
            continue
        address = item_address(document, link)
        if address and address_key(address) != own[0].key:
            return True
    return False


def _published(
    marks: Marks, spans: Sequence[range], url: str, when: When, titled: tuple[str, str]
) -> tuple[Published | None, str, str]:
    """The date, where it was found, and its text; a day without a year is text alone."""
    title, beside = titled
    found_here = [
        (found.text, found.source)
        for found in dates_within(marks, spans)
        if found.source == "time" or (found.whole != title and found.text not in title)
    ]
    for text, source in (*found_here, (beside, "text")):
        moment = parse(text, when) if text else None
        if moment is not None:
            return moment, source, text
    day = day_of_address(url)
    moment = parse(day, when) if day else None
    if moment is not None:
        return moment, "url", day
    return None, "", yearless_within(marks, spans)


def day_of_address(url: str) -> str:
    """The day that an address's folders or file name begin with, as 2026-11-18; "" for none."""
    day = _URL_DAY.search(url)
    if day:
        return "-".join((day[1], day[2].zfill(2), (day[3] or day[4]).zfill(2)))
    found = _URL_COMPACT.search(url)
    return "-".join(part for part in found.groups() if part) if found else ""


@lru_cache(maxsize=5_000)
def parse(text: str, when: When) -> Published | None:
    """One date string as the page's own zone and language read it."""
    written = customary(text)
    if not readings(written) and (when.now is None or not when.language):
        return None  # "yesterday" needs a present; guessing among 200 locales costs seconds
    return parse_date(written, zone=when.zone, language=when.language, now=when.now)


def _summary(document: Document, spans: Sequence[range], title: Title, own: Sequence[Link]) -> str:
    """The teaser: the first full paragraph, else the longest line; never the title or "more"."""
    words, _, title_node = title
    without = [title_node, *_invitations(document, words, own)]
    best = ""
    for span in spans:
        for line, owner in lines(document, span.start, without):
            text = _unbracketed(line)
            if text == words or date_like(text):
                continue
            if len(text) >= _MIN_TEASER and len(text) > len(best) and not _in_title(text, words):
                best = text
                if document.nodes[owner].tag == "p" and len(text) > 60:
                    return best[:MAX_SUMMARY]
    return best[:MAX_SUMMARY]


def _invitations(document: Document, title: str, own: Sequence[Link]) -> list[int]:
    """The nodes in an item's links that only invite to read on.

    Such links often repeat the title for screen readers: "More: Cluster opens a hall". In a
    card that is one link the invitation is its last element.
    """
    named = frozenset(words_of(title))
    found = []
    for link in own[:_MAX_OWN_LINKS]:
        if all(word in MORE or word in named for word in words_of(link.text)):
            found.append(link.node)
            continue
        end = document.nodes[link.node].last_word
        for index in islice(document.within(link.node), 1, _MAX_CARD):
            node = document.nodes[index]
            if node.last_word == end > node.first_word and _invites(document.text(index)):
                found.append(index)
                break
    return found


def _invites(text: str) -> bool:
    return len(text) <= _LONGEST_INVITATION and bool(words_of(text)) and is_more(text)


def _unbracketed(line: str) -> str:
    """A line without the arrow or the pair of brackets that an invitation leaves behind."""
    bare = line.rstrip(" »›→>|")
    return bare.removesuffix("[ ]").removesuffix("( )").rstrip()


def _in_title(text: str, title: str) -> bool:
    return text in title or (title in text and len(text) < len(title) + 40)


def _image(document: Document, marks: Marks, spans: Sequence[range]) -> str:
    for index in within(marks.images, spans):
        attrs = document.nodes[index].attrs
        for name in _IMAGE_SOURCES:
            address = attrs.get(name, "").split(",")[0].split(" ")[0]
            if address and not address.startswith("data:"):
                found = document.resolve(address)
                if found and not found.lower().endswith((".svg", ".gif")):
                    return found
    return ""
