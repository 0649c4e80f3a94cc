"""Where an address leads, told once for all addresses of a host.

Every request asks for it several times, and the beginning of an address, up to its path, tells it.
What is kept grows with the hosts, and is bounded far above what one machine polls in an hour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

KEPT_PLACES = 20_000
_DEFAULT_PORTS = {"http": 80, "https": 443}
# A beginning that means the same whatever follows the slash after it.
_PLAIN_HEAD = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::\d{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where addresses lead that begin alike."""

    host: str  # what the gate counts as one: its name, whatever the scheme; other ports apart
    origin: str  # scheme, host and port


def head_of(url: str) -> str:
    """Scheme, host and port as they are written, where they alone say whom an address asks; ""
    for odd spellings, which have to be read whole."""
    head = url[: max(url.find("/", 8), 0)]
    return head if _is_plain(head) else ""


def place_of(url: str) -> Place:
    """Raises ValueError for an address that is none."""
    return _place_of(head_of(url) or url)


@lru_cache(KEPT_PLACES)
def _is_plain(head: str) -> bool:
    return _PLAIN_HEAD.fullmatch(head) is not None


@lru_cache(KEPT_PLACES)
def _place_of(url: str) -> Place:
    parts = urlsplit(url)
    name = (parts.hostname or "").rstrip(".")
    host = name if parts.port in (None, 80, 443) else f"{name}:{parts.port}"
    return Place(host, _origin(parts, name))


def _origin(parts: SplitResult, name: str) -> str:
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    return f"{parts.scheme}://{f'[{name}]' if ':' in name else name}:{port}"
