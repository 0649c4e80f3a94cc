"""The shipped catalogue: ``seeds/sources/*.toml``, one organisation a file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from crawler.model.source import Source

SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One organisation's news page as shipped."""

    source: Source
    country: str = ""  # ISO 3166-1 alpha-2
    sectors: tuple[str, ...] = ()
    seed: bool = False  # one of the five that are watched without any configuration
    verified: bool = False  # seen live; the others are checked by ``sources add``
    seen: str = ""  # an article address seen in a stored copy


@cache
def catalogue() -> tuple[CatalogueEntry, ...]:
    """Every shipped entry, by id."""
    folder = files("seeds") / "sources"
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
    return tuple(_entry(tomllib.loads((folder / name).read_text("utf-8"))) for name in names)


def seed_sources() -> tuple[Source, ...]:
    """The five sites watched without a configuration file."""
    return tuple(entry.source for entry in catalogue() if entry.seed)


def _entry(table: dict[str, object]) -> CatalogueEntry:
    def text(key: str) -> str:
        return str(table.get(key, ""))

    def texts(key: str) -> tuple[str, ...]:
        listed = table.get(key, [])
        return tuple(str(one) for one in listed) if isinstance(listed, list) else ()

    source = Source(
        id=text("id"),
        name=text("name"),
        url=text("url"),
        tags=texts("tags"),
        declared_by=SHIPPED,
    )
    return CatalogueEntry(
        source,
        country=text("country"),
        sectors=texts("sectors"),
        seed=bool(table.get("seed", False)),
        verified=bool(table.get("verified", False)),
        seen=text("seen"),
    )
