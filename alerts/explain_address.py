"""Why an address is no item: the first stage that stopped it, from what was recorded."""

from __future__ import annotations

from posixpath import commonpath
from urllib.parse import urlsplit

from alerts.digests.words import Said
from alerts.explanation import Explanation
from alerts.wiring import AlertParts
from crawler.commands import in_shell
from crawler.errors import ExtractError
from crawler.extract.listing_links import barring
from crawler.fetch.gate import host_of as host_and_port
from crawler.model.item import Drop
from crawler.model.reading import NOT_WATCHED
from crawler.storage.source_rows import SourceRow
from crawler.urls import canonical_url, url_key


def watched(parts: AlertParts, key: str) -> Explanation | None:
    """An address that is a source's own list page or feed."""
    for row in parts.crawler.sources.all():
        own = (row.source.url, row.state.watch_url)
        if row.state.status == "active" and key in {key_of(address) for address in own if address}:
            name = row.source.id
            return Explanation(
                "source",
                Said("this is the page that source {name} watches, not an item", name=name),
                Said("See what came from it: clusterwatch items list --source {name}", name=name),
            )
    return None


def key_of(url: str) -> str:
    """The key of an address; "" for what is none."""
    try:
        return url_key(canonical_url(url))
    except ExtractError:
        return ""


def explain_unknown(parts: AlertParts, url: str, key: str) -> Explanation:
    """The recorded drop of an address; without one, what became of the sources of its site."""
    drops = parts.crawler.fetched.drops(key)
    if drops:
        return _dropped(parts, drops[0], url)
    rows = watching(parts, url)
    if not rows:
        return Explanation(
            "source",
            Said("no source watches {host}", host=host_of(url)),
            Said("Add its news page: clusterwatch sources add {url}", url=in_shell(_root(url))),
        )
    return _site(rows[0], url)


def _dropped(parts: AlertParts, drop: Drop, url: str) -> Explanation:
    """The stage that was recorded for an address."""
    remedies: dict[str, str] = {
        "robots": Said("Watch the site's feed or newsletter, or ask its owner."),
        "tdm": Said("Read it on its site: its text is reserved."),
        "list": _list_remedy(drop, url),
        "fetch": Said("Look at the source: clusterwatch sources show {name}", name=drop.source),
        "extract": Said("Look at the page: clusterwatch extract {url}", url=in_shell(url)),
        "identity": Said("Look at the page: clusterwatch extract {url}", url=in_shell(url)),
    }
    day = f"{drop.last_seen.astimezone(parts.settings.zone):%Y-%m-%d}"
    reason = Said(
        "seen by {name} on {day}: {reason}", name=drop.source, day=day, reason=drop.reason
    )
    return Explanation(drop.stage, reason, remedies.get(drop.stage, ""))


def _list_remedy(drop: Drop, url: str) -> Said:
    """How an address becomes an item that the source's page holds and its list does not."""
    if not drop.reason.startswith(NOT_WATCHED):
        return _by_patterns(drop.source)
    return Said(
        "Watch that list instead: clusterwatch sources set {name} --like {url}",
        name=drop.source, url=in_shell(url),
    )  # fmt: skip


def _by_patterns(source: str) -> Said:
    return Said("Change only_links or skip_links of the source {name}.", name=source)


def watching(parts: AlertParts, url: str) -> list[SourceRow]:
    """The sources of an address's site: those that work first, of these the nearest sections,
    and of one page those whose patterns allow it."""
    host = host_of(url)
    rows = [row for row in parts.crawler.sources.all() if host_of(row.source.url) == host]

    def order(row: SourceRow) -> tuple[bool, bool, int, bool]:
        shared = len(commonpath([_path(row.source.url), _path(url)]))
        barring = left_out(row, url) is not None
        return row.state.status != "active", row.state.failures > 0, -shared, barring

    return sorted(rows, key=order)


def _path(url: str) -> str:
    return "/" + urlsplit(url).path.lstrip("/")


def _site(row: SourceRow, url: str) -> Explanation:
    """Why a source of the site has not brought an address."""
    return _halted(row) or left_out(row, url) or _failing(row) or _unlisted(row, url)


def _halted(row: SourceRow) -> Explanation | None:
    if row.state.status == "active":
        return None
    name = row.source.id
    said = Said("the source {name} is {status}", name=name, status=Said(row.state.status))
    return Explanation("source", said, f"clusterwatch sources resume {name}")


def left_out(row: SourceRow, url: str) -> Explanation | None:
    """Which of a source's patterns leaves an address out, wherever it stands; None: none does."""
    by = barring(url, row.source.only_links, row.source.skip_links)
    if by is None:
        return None
    name = row.source.id
    if by.key == "only_links":
        said = Said(
            "the source {name} leaves it out: it matches no pattern of only_links: {patterns}",
            name=name, patterns=by.patterns,
        )  # fmt: skip
    else:
        said = Said(
            "the source {name} leaves it out: it matches the pattern {pattern} of skip_links",
            name=name, pattern=by.patterns,
        )  # fmt: skip
    return Explanation("list", said, _by_patterns(name))


def _failing(row: SourceRow) -> Explanation | None:
    name, state = row.source.id, row.state
    if not state.failures:
        return None
    since = (
        Said(" since {day}", day=f"{state.failing_since:%Y-%m-%d}") if state.failing_since else ""
    )
    reason = Said(
        "the source {name} cannot be read{since}: {error}",
        name=name, since=since, error=state.error,
    )  # fmt: skip
    return Explanation("fetch", reason, f"clusterwatch sources show {name}")


def _unlisted(row: SourceRow, url: str) -> Explanation:
    """What is left to say of a source that works."""
    name = row.source.id
    if row.state.last_ok is None:
        reason = Said("the source {name} has not been read yet", name=name)
        remedy = Said("Poll it now: clusterwatch crawl {name}", name=name)
        return Explanation("source", reason, remedy)
    return Explanation(
        "list",
        Said("the source {name} has not listed this address so far", name=name),
        Said("See what its page holds now: clusterwatch explain {url} --live", url=in_shell(url)),
    )


def host_of(url: str) -> str:
    """The host without its www, with the port where it is not the usual one."""
    return host_and_port(url).removeprefix("www.")


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"
