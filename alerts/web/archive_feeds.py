"""Every view of the archive as an Atom feed (RFC 4287) and a JSON feed (version 1.1).

A feed tells each story once, under an id that never changes, and is asked for conditionally
(RFC 9110, 13.1): what it says depends on the archive alone, never on the moment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alerts.digests.plain import web_address
from alerts.digests.words import DEFAULT_LANGUAGE
from alerts.web.access import hidden
from alerts.web.archive import read_page
from alerts.web.archive_telling import Told, site_reader, told
from alerts.web.archive_views import WrongPart, place_asked, view_of
from alerts.web.conditional import conditional
from alerts.web.known import UnknownFilter
from alerts.web.security import is_reader
from alerts.web.site import Site, site_of

ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
_ATOM = "http://www.w3.org/2005/Atom"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # Atom demands a date of change of empty feeds too


@dataclass(frozen=True, slots=True)
class Feed:
    """A view as feeds tell it; addresses are absolute."""

    identity: str
    title: str
    home: str
    own: str
    following: str  # the next page, "" at the end
    updated: datetime
    author: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One story."""

    identity: str
    title: str
    url: str  # where it is told
    page: str  # ours about it, "" where there is none
    summary: str
    author: str
    language: str
    published: datetime | None
    updated: datetime
    topics: tuple[tuple[str, str], ...]


def routes() -> list[Route]:
    """``/archive.atom`` and ``/archive.json``."""
    return [
        Route("/archive.atom", atom, methods=["GET"]),
        Route("/archive.json", json_feed, methods=["GET"]),
    ]


def atom(request: Request) -> Response:
    """The view as Atom."""
    return _answer(request, "atom")


def json_feed(request: Request) -> Response:
    """The view as a JSON feed."""
    return _answer(request, "json")


def _answer(request: Request, form: str) -> Response:
    site, key = site_of(request), request.query_params.get("key", "")
    if not is_reader(request, key):
        said = {"error": "This feed needs its key.", "remedy": site.url("/access")}
        return hidden(site, JSONResponse(said, status_code=403))
    try:
        feed = _feed(request, site, form, key)
    except UnknownFilter as unknown:
        return hidden(site, JSONResponse({"error": unknown.line()}, status_code=404))
    except WrongPart as wrong:
        return hidden(site, JSONResponse({"error": wrong.line()}, status_code=400))
    body = atom_document(feed) if form == "atom" else json_document(feed)
    kind = ATOM if form == "atom" else JSON_FEED
    return hidden(site, conditional(request, body, kind, feed.updated))


def _feed(request: Request, site: Site, form: str, key: str) -> Feed:
    view, after = view_of(request.query_params), place_asked(request.query_params)
    places, older = read_page(site, view, after, site.clock())
    language = view.words if view.words in ("de", "da") else DEFAULT_LANGUAGE
    reader = site_reader(site, language)
    entries = tuple(_entry(site, one) for one in told(site, places, view, reader))
    chosen = [view.query, reader.topic_name(view.topic) if view.topic else "",
              view.source, view.language, view.since]  # fmt: skip
    path = f"/archive.{form}"
    return Feed(
        identity=_urn(site, f"archive{view.parameters(lang='')}"),
        title=" · ".join([site.name, *(_clean(one) for one in chosen if one)]),
        home=site.url(f"/archive{view.parameters(lang='')}"),
        own=site.url(path + view.parameters(key=key, after=after)),
        following=site.url(path + view.parameters(key=key, after=older)) if older else "",
        updated=max((one.updated for one in entries), default=_NEVER),
        author=site.name,
        entries=entries,
    )


def _entry(site: Site, one: Told) -> Entry:
    item = one.item
    page = site.url(f"/stories/{one.story}") if one.story else ""
    return Entry(
        identity=_urn(site, f"story:{one.story or item.id}"),
        title=_clean(one.told.title),
        url=web_address(one.told.url) or page or site.url("/archive"),
        page=page,
        summary=_clean(one.told.sentence),
        author=_clean(one.told.source),
        language=item.language,
        published=item.published.moment if item.published else None,
        updated=one.newest.replace(microsecond=0),
        topics=one.topics,
    )


def _urn(site: Site, name: str) -> str:
    """An id that is the same wherever the installation stands."""
    return uuid5(NAMESPACE_URL, f"clusterwatch:{site.parts.payloads.instance}:{name}").urn


def atom_document(feed: Feed) -> bytes:
    """RFC 4287, with the link to the next page of RFC 5005."""
    root = ElementTree.Element("feed", {"xmlns": _ATOM})
    _add(root, "id", feed.identity)
    _add(root, "title", feed.title)
    _add(root, "updated", feed.updated.isoformat(timespec="seconds"))
    _add(_add(root, "author"), "name", feed.author)
    _link(root, "self", feed.own, ATOM)
    _link(root, "alternate", feed.home, "text/html")
    if feed.following:
        _link(root, "next", feed.following, ATOM)
    for entry in feed.entries:
        _add_entry(root, entry)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_entry(root: ElementTree.Element, entry: Entry) -> None:
    one = _add(root, "entry")
    if entry.language:
        one.set(f"{_XML}lang", entry.language)
    _add(one, "id", entry.identity)
    _add(one, "title", entry.title)
    _link(one, "alternate", entry.url, "")
    if entry.page and entry.page != entry.url:
        _link(one, "related", entry.page, "text/html")
    _add(one, "updated", entry.updated.isoformat(timespec="seconds"))
    if entry.published is not None:
        _add(one, "published", entry.published.isoformat(timespec="seconds"))
    if entry.author:
        _add(_add(one, "author"), "name", entry.author)
    for topic, name in entry.topics:
        _add(one, "category").attrib.update(term=_clean(topic), label=_clean(name))
    if entry.summary:
        _add(one, "summary", entry.summary)


def json_document(feed: Feed) -> bytes:
    """https://www.jsonfeed.org/version/1.1/"""
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.own,
        "authors": [{"name": feed.author}],
        "items": [_item(entry) for entry in feed.entries],
    }
    if feed.following:
        document["next_url"] = feed.following
    return json.dumps(document, ensure_ascii=False).encode()


def _item(entry: Entry) -> Mapping[str, Any]:
    found = {
        "id": entry.identity,
        "url": entry.page or entry.url,
        "external_url": entry.url,
        "title": entry.title,
        "content_text": entry.summary or entry.title,
        "date_published": entry.published and entry.published.isoformat(timespec="seconds"),
        "date_modified": entry.updated.isoformat(timespec="seconds"),
        "language": entry.language,
        "authors": [{"name": entry.author}] if entry.author else [],
        "tags": [name for _, name in entry.topics],
    }
    return {name: value for name, value in found.items() if value}


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name)
    child.text = text
    return child


def _link(parent: ElementTree.Element, relation: str, target: str, kind: str) -> None:
    child = ElementTree.SubElement(parent, "link", {"rel": relation, "href": target})
    if kind:
        child.set("type", kind)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)
