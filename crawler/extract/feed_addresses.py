"""Which address a feed's entry links to, and what an address in a feed must be."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.extract.feed_elements import Own
from crawler.extract.markup import without_controls

_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# RFC 4287, section 4.2.7.2: registered relations may be written as addresses.
_RELATION = re.compile(r"^https?://www\.iana\.org/assignments/(?:link-)?relations?/", re.I)
_PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})

# What nearly all links of feeds are: nothing to resolve, to repair or to take out.
_PLAIN = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{2,5})?"
    r"(?:/[A-Za-z0-9_~.,=:@!%+/-]*(?:\?[A-Za-z0-9_~.,=:@!%+&/-]+)?)?"
)


def unescaped(text: str) -> str:
    """``text`` with its character references resolved, those that end in a semicolon alone:
    the older ones without turn ``&section=`` and ``&copy=`` of an address into ``§`` and ``©``.
    """
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def is_plain_address(written: str) -> bool:
    """Whether an address is absolute and stays as it is written, whatever it is joined to."""
    return _PLAIN.fullmatch(written) is not None


def web_address(written: str, base: str) -> str:
    """``written`` as an absolute http(s) address without white space, "" for any other."""
    if _PLAIN.fullmatch(written):
        return written
    address = "".join(without_controls(unescaped(written)).split())
    if not address:
        return ""
    try:
        absolute = urljoin(base, address)
        parts = urlsplit(absolute)
        host = parts.hostname
    except ValueError:
        return ""
    return absolute if parts.scheme in {"http", "https"} and host else ""


def link_base(url: str, site: str) -> str:
    """What relative addresses of a feed belong to: the feed's own address ``url``; the site's
    where a feed service on another host carries it."""
    site_url = web_address(site, url)
    host = urlsplit(site_url).hostname or ""
    is_public = "." in host and not host.replace(".", "").isdigit()
    return site_url if is_public and host != urlsplit(url).hostname else url


def links_of(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The entry's link elements in document order, enclosures included."""
    return [each for each in entry.get("links") or () if isinstance(each, Mapping)]


def entry_link(entry: Mapping[str, Any], own: Own, base: str) -> str:
    """The address of the entry's own page, "" where it names none that can be fetched."""
    candidates = _candidates(entry, own)
    return next((found for each in candidates if (found := web_address(each, base))), "")


def _candidates(entry: Mapping[str, Any], own: Own) -> Iterator[str]:
    """What may link to the entry's page, best first."""
    yield str(entry.get("feedburner_origlink") or "")
    yield own.link
    alternates = _related(entry, "alternate")
    yield from (_href(each) for each in alternates if _is_page(each))
    identity = own.guid or str(entry.get("id") or "").strip()
    is_address = identity.lower().startswith(("http://", "https://", "/"))
    if is_address or not entry.get("guidislink"):
        yield str(entry.get("link") or "")
    yield from map(_href, alternates)
    if is_address:
        yield identity
    for relation in ("self", "related", "via", "enclosure"):
        yield from map(_href, _related(entry, relation))
    yield from (str(each.get("src") or "") for each in entry.get("content") or ())
    yield str(entry.get("comments") or "")


def _related(entry: Mapping[str, Any], relation: str) -> list[Mapping[str, Any]]:
    return [each for each in links_of(entry) if _relation(each) == relation]


def _relation(link: Mapping[str, Any]) -> str:
    written = str(link.get("rel") or "")
    return (_RELATION.sub("", written) if ":" in written else written).strip().lower()


def _href(link: Mapping[str, Any]) -> str:
    return str(link.get("href") or "")


def _is_page(link: Mapping[str, Any]) -> bool:
    return str(link.get("type") or "").partition(";")[0].strip().lower() in _PAGE_TYPES
