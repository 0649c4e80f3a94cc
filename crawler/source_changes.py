"""Adding sources: the same steps for the command line and the web."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.commands import in_shell
from crawler.errors import ExtractError, FetchError, UsageError

if TYPE_CHECKING:
    from crawler.config.tables import CrawlSettings
    from crawler.extract.detection import Detection
    from crawler.extract.listing import ListingHints
    from crawler.fetch.run import Crawl
    from crawler.model.source import Source, SourceState
    from crawler.storage.source_rows import SourceRow
    from crawler.storage.sources import SourceStore
    from crawler.wiring import Parts


_PATTERNS = "only_links and skip_links"


class WatchedError(UsageError):
    """An address is watched already, by ``source``."""

    def __init__(self, source: str, url: str) -> None:
        super().__init__(
            f'The source "{source}" watches {url} already.',
            remedy=f"Look at it: clusterwatch sources show {source}. Another list of this page: "
            "point at it with --like URL, --pick N or --only-links",
        )
        self.source, self.url = source, url


def checked_source(values: dict[str, Any]) -> Source:
    """Values as a source, checked as the file's are. Raises UsageError naming the key."""
    from pydantic import ValidationError

    from crawler.config.reading import explained
    from crawler.config.tables import SourceTable

    ready = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in values.items()
        if value not in ("", [])
    }
    try:
        return SourceTable.model_validate(ready).source("")
    except ValidationError as error:
        raise UsageError(explained(error, SourceTable)) from error


def new_source(store: SourceStore, values: dict[str, Any]) -> Source:
    """The same for one that is not there yet; without an id it gets a free one."""
    from crawler.sources.lists import new_id

    if not values["id"]:
        taken = [row.source.id for row in store.all(everything=True)]
        values = values | {"id": new_id(str(values["name"]), str(values["url"]), taken)}
    return checked_source(values)


def refuse_watched(store: SourceStore, *urls: str, apart_from: str = "") -> None:
    """Raises WatchedError where a source, ``apart_from`` aside, watches one of the addresses."""
    for row in _watching(store, urls):
        if row.source.id != apart_from:
            own = {_key(url): url for url in (row.state.watch_url, row.source.url) if url}
            asked = next(_key(url) for url in urls if _key(url) in own)
            raise WatchedError(row.source.id, own[asked])


def refuse_same_list(store: SourceStore, source: Source, found: Detection) -> None:
    """Raises WatchedError where another source watches the list that was found, by the same rules.

    Several sources may watch lists of one page: items are known by their addresses, and each
    source remembers for itself what it has read.
    """
    from crawler.extract.listing_why import pattern_of
    from crawler.sources.chosen import as_chosen, chosen, rules

    urls = [found.feed_url] if found.kind == "feed" and found.feed_url else [source.url]
    for row in _watching(store, urls):
        if row.source.id == source.id:
            continue
        if not row.state.watch_kind:
            raise UsageError(
                f'The source "{row.source.id}" watches a list of {source.url} that is not known '
                "yet.",
                remedy=f"Read it first: clusterwatch crawl {row.source.id}",
            )
        lists = found.kind == row.state.watch_kind == "listing"
        pattern = pattern_of(found.learned), pattern_of(row.state.learned)
        same = pattern[0] == pattern[1] if lists else found.kind == row.state.watch_kind
        told, other = chosen(source, found.learned), as_chosen(row.source, row.state)
        selected = lists and told.selector and rules(told) == rules(other)
        if selected or (same and rules(source) == rules(row.source)):
            raise WatchedError(row.source.id, source.url)


def _watching(store: SourceStore, urls: Sequence[str]) -> list[SourceRow]:
    """The sources that watch one of the addresses."""
    wanted = {_key(url) for url in urls}

    def watched(row: SourceRow) -> set[str]:
        return {_key(one) for one in (row.source.url, row.state.watch_url) if one}

    return [row for row in store.all() if wanted & watched(row)]


def _key(url: str) -> str:
    """What spellings of one address have in common, http and https among them."""
    from crawler.urls import canonical_url, url_key

    return url_key(canonical_url(url))


def refuse_declared(source: Source) -> None:
    """Raises UsageError for a source that a configuration file declares."""
    if source.declared_by:
        raise UsageError(
            f'The source "{source.id}" is declared in a configuration file.',
            remedy=f"Change it there, or pause it: clusterwatch sources pause {source.id}",
        )


def refuse_empty(found: Detection, url: str, kind: str = "auto") -> None:
    """Raises UsageError where nothing was found that could be watched as ``kind``."""
    if kind == "page":
        return
    if found.items:
        _refuse_kind(found, url, kind)
        return
    if found.empty and kind in ("auto", "listing"):
        return  # the page says so itself: its next items will be told
    raise UsageError(
        f"No news items were found on {url} ({found.why}).", remedy=empty_remedy(found, url)
    )


def empty_remedy(found: Detection, url: str) -> str:
    """What to do about a page on which no items were found."""
    from crawler.fetch.chromium import browser_remedy

    if found.needs_browser:
        return browser_remedy("", url)
    if found.empty:
        return "Nothing: added as a source, it tells its first items when they come."
    if found.why.startswith(_PATTERNS):
        return "Give a pattern that fits."
    return (
        "Give the address of its news list or feed. Else add it: with --like and the address of "
        "an item, or with --kind page to watch the page itself."
    )


def _refuse_kind(found: Detection, url: str, kind: str) -> None:
    """Raises UsageError for a page that is declared to be a feed or sitemap and is none, and the
    other way round."""
    itself = {"feed": found.feed_url == url, "sitemap": not found.sitemap_url}
    is_ = found.kind if itself.get(found.kind) else "page"
    fits = is_ == kind if kind in itself else is_ == "page"
    if kind == "auto" or fits:
        return
    feed = f"Its feed: {found.feed_url}. " if kind == "feed" and found.feed_url else ""
    raise UsageError(
        f"{url} is a {is_}, no {kind}.", remedy=f"{feed}Without --kind it is found out."
    )


def refuse_no_addresses(like: Sequence[str], url: str) -> None:
    """Raises UsageError for an item that must be found and is no address of a web page."""
    from crawler.urls import canonical_url

    for wanted in like:
        try:
            canonical_url(wanted, base=url)
        except ExtractError as error:
            raise UsageError(f"--like {wanted}: {error.message}") from error


def refuse_unlike(found: Detection, like: Sequence[str], url: str) -> None:
    """Raises UsageError where one of the items that must be found was not."""
    from crawler.urls import canonical_url, url_key

    seen = {url_key(canonical_url(item.url)) for item in found.items}
    for wanted in like:
        if url_key(canonical_url(wanted, base=url)) not in seen:
            raise UsageError(
                f"--like {wanted}: no list on {url} holds this item.",
                remedy=f"See what the page lists with: clusterwatch detect {in_shell(url)}",
            )


async def detected(
    crawl: Crawl, url: str, hints: ListingHints, pick: int | None = None, render: str = ""
) -> Detection:
    """The page as it would be watched; ``pick`` chooses among the numbered candidates, from 1.

    They are numbered as on the page itself, whatever addresses ``hints`` allow: so that a number
    means the same wherever it is shown. Raises UsageError for a number that there is not, and
    what ``Crawl.detect`` raises.
    """
    from crawler.sources.chosen import AS_ASKED

    found: Detection = await crawl.detect(url, hints.unfiltered, render)
    if pick is None:
        if not hints.is_filtered:
            return found
        narrowed: Detection = await crawl.detect(url, hints, render)
        return replace(
            narrowed, why=_why_narrowed(found, narrowed, hints), candidates=found.candidates
        )
    if not 1 <= pick <= len(found.candidates):
        raise UsageError(
            f"--pick {pick}: the page has {len(found.candidates)} candidates.",
            remedy=f"See them with: clusterwatch detect {in_shell(url)}",
        )
    picked = found.candidates[pick - 1]
    if picked.kind == "sitemap":
        return found  # it stands first, where there is one
    if picked.kind == "feed":
        why = f"{AS_ASKED}{picked.label}"
        return replace(found, kind="feed", feed_url=picked.url, items=picked.items, why=why)
    # Candidates are numbered as they were seen: without what sibling pages share.
    shared = frozenset(found.learned.get("furniture", ()))
    hints = replace(hints, pick=picked.pick, furniture=shared)
    asked: Detection = await crawl.detect(url, hints, render)
    return asked


def _why_narrowed(whole: Detection, narrowed: Detection, hints: ListingHints) -> str:
    """Why a page is watched in this way; where nothing is left, what the patterns did."""
    from crawler.extract.listing_links import allowed

    seen = [item.url for one in whole.candidates for item in one.items]
    seen += [item.url for item in whole.items]
    left = any(allowed(url, hints.only_links, hints.skip_links) for url in seen)
    if narrowed.items or left or not seen:
        return narrowed.why
    return f"{_PATTERNS} allow none of its items, such as {seen[0]}"


def add_source(store: SourceStore, source: Source, found: Detection, now: datetime) -> SourceRow:
    """Store a source that lives in the database alone, with what detection learned of it."""
    store.add(source, now)
    return keep_learned(store, source, found)


def keep_learned(store: SourceStore, source: Source, found: Detection) -> SourceRow:
    """Keep how and where a stored source was found to be watched."""
    from crawler.model.source import SourceState

    kinds = ("listing", "feed", "sitemap") if source.kind == "auto" else ("listing",)
    if found.kind in kinds and source.kind in ("auto", found.kind):
        url = found.feed_url if found.kind == "feed" else found.sitemap_url
        learned = found.learned if found.kind == "listing" else {}
        state = SourceState(
            source.id, "active", found.kind, url or source.url, learned, watch_why=found.why
        )
        store.learn(source.id, state)
    return store.get(source.id)


def owner_letter(parts: Parts, row: SourceRow, language: str = "") -> str:
    """A letter to the owner of a source's site; in the language of its news where none is given.

    Raises UsageError for a language without a letter.
    """
    from crawler.sources.letter import LETTERS_FOR
    from crawler.storage.items import Filter

    if not row.state.failures:
        raise UsageError(
            f'"{row.source.id}" does not turn us away: '
            + ("it works." if row.state.last_ok else "it was not polled yet."),
            remedy="A letter is for sites that refuse us.",
        )
    if row.state.error_kind not in LETTERS_FOR:
        raise UsageError(
            f'"{row.source.id}" does not turn us away: {row.state.error}',
            remedy=row.state.remedy or f"Look at it: clusterwatch sources show {row.source.id}",
        )
    newest = parts.items.find(Filter(source=row.source.id, limit=1))
    spoken = language or row.source.language or (newest[0].language if newest else "")
    return _letter(parts.settings.crawl, row.source, row.state, spoken, asked=language)


def address_letter(crawl: CrawlSettings, error: FetchError, language: str = "") -> str:
    """The same for an address that is no source, looked at just now; in English where no
    language is given. Raises ``error`` where its owner cannot end it."""
    from crawler.model.source import Source, SourceState
    from crawler.sources.faults import kind_of
    from crawler.sources.letter import LETTERS_FOR
    from crawler.storage.database import utc_now

    kind = kind_of(error.kind, error.status)
    if kind not in LETTERS_FOR:
        raise error
    host = urlsplit(error.url).hostname or error.url
    state = SourceState(host, error_kind=kind, failing_since=utc_now())
    return _letter(crawl, Source(host, host, error.url), state, language, asked=language)


def _letter(
    crawl: CrawlSettings, source: Source, state: SourceState, language: str, *, asked: str
) -> str:
    """Raises UsageError for a language that was asked for and has no letter."""
    from crawler.fetch.settings import user_agent
    from crawler.sources.letter import LANGUAGES, Sender, letter

    if asked and asked not in LANGUAGES:
        raise UsageError(f'--language: "{asked}"; allowed: {", ".join(LANGUAGES)}.')
    agent = user_agent(crawl.contact)
    sender = Sender(agent, crawl.contact, crawl.every, crawl.delay_per_host)
    return letter(source, state, sender, language)
