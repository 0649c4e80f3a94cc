"""Saved sites: how ``seeds/demo`` is laid out, read once into frozen values.

``seeds/demo`` holds one folder a site with its manifest ``site.toml`` and the pages as the
server sends them (bytes in the site's own encoding), and ``publish.toml``, the one item that
is held back until the demo publishes it. A manifest says

    id, name, host        the site; ``host`` is the one whose paths are replayed
    start                 the address (path) a person would watch
    timezone              IANA zone of the dates that the site prints
    not_found             file of the error page
    type                  Content-Type of pages that name none
    headers               further headers of every answer (``Server``, ``X-Powered-By``)
    [[pages]]             path (with its query), file, and optionally type and modified

and ``publish.toml`` says ``site``, ``path`` (of the new item), ``[slots]`` (slot → file whose
text fills ``{{slot:NAME}}`` on the pages that have it) and ``[[pages]]`` as above.

Text pages may hold ``{{origin}}`` (the origin they are served from), ``{{slot:NAME}}`` (empty
until published) and, in what is published, ``{{now:FORMAT}}`` (strftime in the site's zone,
numbers only; ``rfc822`` and ``iso`` for those forms).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote
from zoneinfo import ZoneInfo

from crawler.errors import ConfigError

PUBLISH_FILE = "publish.toml"
SITE_FILE = "site.toml"
DEFAULT_TYPE = "text/html; charset=utf-8"
LONG_AGO = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)  # of pages whose manifest names no change

Folder = Path | Traversable


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One saved answer."""

    path: str  # decoded path without query
    query: frozenset[tuple[str, str]]  # the parameters a request must carry, others are ignored
    body: bytes  # as saved, placeholders included
    content_type: str
    modified: datetime  # UTC

    @property
    def is_text(self) -> bool:
        """Whether placeholders are filled in: text and XML, never images."""
        kind = self.content_type.partition(";")[0]
        return kind.startswith("text/") or kind.endswith(("xml", "json"))


@dataclass(frozen=True, slots=True)
class SavedSite:
    """One saved site, as its manifest describes it."""

    id: str
    name: str
    host: str  # the real host whose paths are replayed
    start: str  # path of the page a person would watch
    zone: ZoneInfo
    pages: tuple[SavedPage, ...]
    not_found: SavedPage
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SavedPublication:
    """The item that is held back: what it adds to which site."""

    site: str
    path: str  # of the new item
    title: str
    pages: tuple[SavedPage, ...]
    slots: Mapping[str, bytes]


def demo_root() -> Traversable:
    """The bundled ``seeds/demo``, from a checkout or an installed package."""
    return files("seeds") / "demo"


def load_sites(root: Folder) -> tuple[SavedSite, ...]:
    """Every site below ``root``, by id. Raises ConfigError for a manifest that cannot be read."""
    folders = sorted((entry for entry in root.iterdir() if entry.is_dir()), key=lambda e: e.name)
    found = tuple(_site(folder) for folder in folders if (folder / SITE_FILE).is_file())
    if not found:
        raise ConfigError(f"{root}: no site with a {SITE_FILE} below this folder.")
    return found


def load_publication(root: Folder) -> SavedPublication:
    """The held-back item below ``root``. Raises ConfigError where it cannot be read."""
    manifest = _manifest(root / PUBLISH_FILE)
    try:
        return SavedPublication(
            site=manifest["site"],
            path=manifest["path"],
            title=manifest["title"],
            pages=tuple(_page(root, entry, DEFAULT_TYPE) for entry in manifest["pages"]),
            slots={name: (root / file).read_bytes() for name, file in manifest["slots"].items()},
        )
    except (KeyError, FileNotFoundError) as error:
        raise ConfigError(f"{root / PUBLISH_FILE}: {error} is missing.") from error


def _site(folder: Folder) -> SavedSite:
    manifest = _manifest(folder / SITE_FILE)
    kind = manifest.get("type", DEFAULT_TYPE)
    try:
        return SavedSite(
            id=manifest["id"],
            name=manifest["name"],
            host=manifest["host"],
            start=manifest["start"],
            zone=ZoneInfo(manifest["timezone"]),
            pages=tuple(_page(folder, entry, kind) for entry in manifest["pages"]),
            not_found=_page(folder, {"path": "", "file": manifest["not_found"]}, kind),
            headers=manifest.get("headers", {}),
        )
    except (KeyError, FileNotFoundError) as error:
        raise ConfigError(f"{folder / SITE_FILE}: {error} is missing.") from error


def _manifest(file: Folder) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}.") from error


def _page(folder: Folder, entry: Mapping[str, Any], kind: str) -> SavedPage:
    path, _, query = str(entry["path"]).partition("?")
    return SavedPage(
        path=unquote(path),
        query=frozenset(parse_qsl(query, keep_blank_values=True)),
        body=(folder / str(entry["file"])).read_bytes(),
        content_type=str(entry.get("type", kind)),
        modified=entry.get("modified", LONG_AGO),
    )
