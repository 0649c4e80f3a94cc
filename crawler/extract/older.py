"""What addresses tell of a site's past: their month, their page number, their section."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import unquote, urlsplit

# A year, and a month where one follows: "/2026/11/", "?month=2026-11", "post-2026-11.xml".
_PERIOD = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[/._-](0?[1-9]|1[0-2]))?(?!\d)")
_FOLDERS = re.compile(r"/((?:19|20)\d\d)/(?:(0?[1-9]|1[0-2])/)?")
_NUMBER = re.compile(
    r"(?:page|paged|seite|side|sivu|strona|pagina|offset|start|pg|\bp)[^=/&\d]{0,20}[=/](\d{1,6})",
    re.I,
)
_ROOT = re.compile(r"/(?:[a-z]{2}(?:[-_][a-z]{2})?/)?", re.I)
_PARTS_OF_NEWS = re.compile(r"news|post|artikel|article|blog|aktuell|press|nyhed|actu", re.I)


def period(address: str) -> tuple[int, int] | None:
    """(year, month) that the address of an archive or sitemap names, month 0 for a whole year."""
    parts = urlsplit(address)
    found = _PERIOD.findall(f"{parts.path}?{unquote(parts.query)}")
    return (int(found[-1][0]), int(found[-1][1] or 0)) if found else None


def is_before(months: tuple[int, int] | None, since: datetime) -> bool:
    """Whether a period ended before the month of ``since``."""
    if months is None:
        return False
    year, month = months
    return (year, month or 12) < (since.year, since.month)


def is_item_before(address: str, since: datetime) -> bool:
    """Whether an item stands in a folder of a month before ``since``: "/2019/05/title"."""
    found = _FOLDERS.search(urlsplit(address).path)
    return found is not None and is_before((int(found[1]), int(found[2] or 0)), since)


def page_number(address: str) -> int:
    """The number of a list's page or its offset, 0 where the address names none."""
    found = _NUMBER.search(unquote(address))
    return int(found[1]) if found else 0


def section(address: str) -> str:
    """The host and folder an item stands in, numbers and leading "www." aside."""
    parts = urlsplit(address)
    folder = parts.path.rstrip("/").rpartition("/")[0]
    return host(address) + re.sub(r"\d+", "0", folder) + "/"


def host(address: str) -> str:
    """The host and port without a leading "www."."""
    return urlsplit(address).netloc.lower().removeprefix("www.")


def sections(addresses: Iterable[str]) -> frozenset[str]:
    """The sections that items are known to stand in."""
    return frozenset(section(address) for address in addresses)


def belongs(address: str, known: frozenset[str], sitemap: str) -> bool:
    """Whether an address of a sitemap is likely an item: it stands beside known items.

    Items at the root of their host, or of a language ("/en/"), stand beside everything; then
    only a sitemap that is named for news or posts is believed.
    """
    place = section(address)
    if place not in known or not urlsplit(address).path.strip("/"):
        return False
    at_root = _ROOT.fullmatch(place.removeprefix(host(address)))
    return not at_root or bool(_PARTS_OF_NEWS.search(urlsplit(sitemap).path))
