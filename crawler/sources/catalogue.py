"""The shipped catalogue: ``seeds/sources/*.toml``, one organisation a file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from crawler.model.source import Source

SHIPPED = "shipped"
# What an entry says about its organisation, and no source has a place for.
_NOTES = frozenset(("country", "languages", "sectors", "seen", "confidence", "verified", "seed"))


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One organisation's news page as shipped."""

    source: Source
    country: str = ""  # ISO 3166-1 alpha-2
    sectors: tuple[str, ...] = ()
    seed: bool = False  # one of the five that are watched without any configuration
    verified: bool = False  # seen live; the others are checked by ``sources add``
    seen: str = ""  # an article address seen in a stored copy


def shipped_folder() -> Traversable:
    """Where the catalogue's files lie, whichever way we are installed."""
    return files("seeds") / "sources"


def listed_values(
    table: Mapping[str, object],
) -> tuple[dict[str, object], str, tuple[str, ...]]:
    """(the values a source takes, country, languages) of an entry as the catalogue writes them.

    Its sectors become tags. What an entry that is none of the catalogue's holds stays as it is.
    """
    values = {key: value for key, value in table.items() if key not in _NOTES}
    sectors = _texts(table, "sectors")
    if sectors and not values.get("tags"):
        values["tags"] = list(sectors)
    return values, str(table.get("country", "")), _texts(table, "languages")


@cache
def catalogue() -> tuple[CatalogueEntry, ...]:
    """Every shipped entry, by id."""
    folder = shipped_folder()
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
    return tuple(_entry(tomllib.loads((folder / name).read_text("utf-8"))) for name in names)


def seed_sources() -> tuple[Source, ...]:
    """The five sites watched without a configuration file."""
    return tuple(entry.source for entry in catalogue() if entry.seed)


def _entry(table: dict[str, object]) -> CatalogueEntry:
    def text(key: str) -> str:
        return str(table.get(key, ""))

    source = Source(
        id=text("id"),
        name=text("name"),
        url=text("url"),
        tags=_texts(table, "tags"),
        declared_by=SHIPPED,
    )
    return CatalogueEntry(
        source,
        country=text("country"),
        sectors=_texts(table, "sectors"),
        seed=bool(table.get("seed", False)),
        verified=bool(table.get("verified", False)),
        seen=text("seen"),
    )


def _texts(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    listed = table.get(key, [])
    return tuple(str(one) for one in listed) if isinstance(listed, list) else ()
