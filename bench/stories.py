"""What grouping costs: 10,000 items from scratch, and one item more in archives of two sizes.

    python bench/stories.py [--items 10000] [--archive 10000 100000] [--database URL]

CPU milliseconds an item, on invented news of many sources: a fifth of the items are copies,
edits and translations of others, every source repeats its own boilerplate.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from crawler.model.item import Item, Published
from crawler.storage.database import Database
from crawler.storage.items import insert_item
from crawler.storage.stories import StoryStore
from crawler.storage.story_index import SqlIndex, story_item
from crawler.stories.evaluate import group
from crawler.stories.fingerprint import fingerprint
from crawler.stories.items import StoryItem

_START = datetime(2020, 1, 1, tzinfo=UTC)
_SOURCES = 300
_SYLLABLES = "bar dol fen gri hal kor lin mar nov os pra quen rud sel tam ul vor wen zet bru"
_PLACES = "Leipzig Dresden Jena Odense Lyon Katowice Daegu Wonju Berlin Aarhus Turin Graz"
_FACTS = (
    ("{name}", "{place}", "{number} Euro", "{project}"),
    ("{day} {month} {year}", "{org}", "{name}", "{place}"),
    ("{small}", "{place}", "{org}"),
    ("{first} {name}", "{topic}"),
)
_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}
_TOPICS = {
    "de": "Robotik Wasserstoff Diagnostik Leichtbau Bildgebung Logistik Photonik Holzbau",
    "en": "robotics hydrogen diagnostics lightweighting imaging logistics photonics timber",
}
_GLUE = {
    "de": "die der das und mit für von bei auf nach eine werden wird sind hat auch",
    "en": "the of and with for from by on after a will is are has also that",
}


def invented(number: int, seed: int = 1) -> Iterator[StoryItem]:
    """``number`` items in the order of their dates, the same for the same seed."""
    rng = random.Random(seed)
    words = [_name(rng, 2) for _ in range(6000)]
    recent: list[_Facts] = []
    for n in range(number):
        published = _START + timedelta(minutes=n * 26)
        if recent and rng.random() < 0.2:
            facts = rng.choice(recent)
        else:
            facts = _facts(rng, words, published)
            recent = [*recent[-60:], facts]
        yield _told(n, facts, rng, published)


@dataclass(frozen=True)
class _Facts:
    """One invented event and its texts."""

    titles: dict[str, str]
    texts: dict[str, tuple[str, ...]]  # sentences per language
    language: str  # of the original


def _facts(rng: random.Random, words: Sequence[str], published: datetime) -> _Facts:
    known = {
        "name": _name(rng), "first": _name(rng), "place": rng.choice(_PLACES.split()),
        "org": _name(rng) + " GmbH", "project": _name(rng, 3), "year": published.year,
        "number": f"{rng.randrange(10, 999)}.000", "small": rng.randrange(11, 99),
        "day": rng.randrange(1, 28),
    }  # fmt: skip
    topic = rng.randrange(8)
    titles, texts = {}, {}
    for language in ("de", "en"):
        month = _MONTHS[language].split()[published.month - 1]
        more = {"month": month, "topic": _TOPICS[language].split()[topic]}
        told = [_stated(rng, words, language, facts, {**known, **more}) for facts in _FACTS]
        prose = [_prose(rng, words, language) for _ in range(7)]
        titles[language] = f"{known['project']}: {_prose(rng, words, language, 5)}"
        texts[language] = (*told[:2], *prose[:3], *told[2:], *prose[3:])
    return _Facts(titles, texts, rng.choice(("de", "en")))


def _prose(rng: random.Random, words: Sequence[str], language: str, length: int = 12) -> str:
    """A sentence of frequent and rare words: the rank of a word is about Zipf's."""
    glue = _GLUE[language].split()
    picked = []
    for _ in range(length):
        word = words[int(len(words) ** rng.random()) - 1]
        noun = language == "de" and rng.random() < 0.4
        picked.append(rng.choice(glue) if rng.random() < 0.4 else word if noun else word.lower())
    return " ".join(picked).capitalize() + "."


def _stated(
    rng: random.Random,
    words: Sequence[str],
    language: str,
    facts: Sequence[str],
    known: dict[str, object],
) -> str:
    """A sentence of its own wording that states facts."""
    parts = []
    for fact in facts:
        parts += [_prose(rng, words, language, 3).rstrip(".").lower(), fact.format(**known)]
    return " ".join(parts).capitalize()[:1] + " ".join(parts)[1:] + "."


def _name(rng: random.Random, length: int = 2) -> str:
    syllables = _SYLLABLES.split()
    return "".join(rng.choice(syllables) for _ in range(length + rng.randrange(2))).capitalize()


def _told(n: int, facts: _Facts, rng: random.Random, published: datetime) -> StoryItem:
    source = rng.randrange(_SOURCES)
    language = facts.language if rng.random() < 0.7 else rng.choice(("de", "en"))
    sentences = facts.texts[language]
    kept = sentences if rng.random() < 0.7 else sentences[:6]
    text = (
        f"Portal {source} | News | Kontakt\n\n{' '.join(kept[:5])}\n\n{' '.join(kept[5:])}\n\n"
        f"Über uns: Das Portal {source} berichtet aus der Region. Newsletter abonnieren."
    )
    host = f"portal{source}.example"
    url = f"https://{host}/news/{n}"
    title = facts.titles[language]
    found = fingerprint(title, text, language=language, url=url)
    moment = published + timedelta(hours=rng.randrange(48))
    return StoryItem(
        f"{n:016d}", f"portal{source}", host, url, title, text, language, moment, moment, found
    )


def from_scratch(number: int) -> dict[str, object]:
    """Fingerprints and groups ``number`` items in memory; CPU milliseconds an item."""
    list(invented(200, seed=2))  # lists read, caches warm as in a long-lived process
    told = list(invented(number))
    start = time.process_time()
    for one in told:
        fingerprint(one.title, one.text, language=one.language, url=one.url)
    fingerprinted = time.process_time()
    stories, _ = group(told)
    end = time.process_time()
    return {
        "items": number,
        "fingerprint_ms": round(1000 * (fingerprinted - start) / number, 3),
        "group_ms": round(1000 * (end - fingerprinted) / number, 3),
        "total_ms": round(1000 * (end - start) / number, 3),
        "stories": len(stories),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def one_more(database: Database, sizes: Sequence[int], sample: int = 150) -> list[dict[str, float]]:
    """CPU and wall milliseconds of one ``StoryStore.group`` at each size of the archive."""
    database.ensure()
    items = invented(max(sizes) + sample * len(sizes))
    stored = 0
    results: list[dict[str, float]] = []
    for size in sorted(sizes):
        while stored < size:
            stored += _bulk(database, [next(items) for _ in range(min(2000, size - stored))])
        cpu, wall = _timed(database, [next(items) for _ in range(sample)])
        stored += sample
        results.append({"archive": size, "cpu_ms": cpu, "wall_ms": wall})
    return results


def _bulk(database: Database, items: list[StoryItem]) -> int:
    """Stores items without grouping them: only their rows matter here."""
    with database.write() as connection:
        index = SqlIndex(database, connection)
        for one in items:
            _insert(connection, one, story=f"s{one.id}")
            index.add(one)
    return len(items)


def _timed(database: Database, items: list[StoryItem]) -> tuple[float, float]:
    store = StoryStore(database)
    cpu, wall = time.process_time(), time.perf_counter()
    for one in items:
        with database.write() as connection:
            item = _insert(connection, one, story=None)
            store.group(connection, item, one.fingerprint, one.first_seen)
    return (
        round(1000 * (time.process_time() - cpu) / len(items), 2),
        round(1000 * (time.perf_counter() - wall) / len(items), 2),
    )


def _insert(connection: object, one: StoryItem, story: str | None) -> Item:
    item = Item(
        one.id, one.source, one.url, one.url, one.title, "",
        Published(one.published) if one.published else None, one.first_seen, one.language,
        one.text, story=story,
    )  # fmt: skip
    insert_item(
        connection,  # type: ignore[arg-type]
        item,
        content_hash=one.fingerprint.content_hash,
        title_hash=one.fingerprint.title_hash,
        text_pending=False,
    )
    assert story_item(item, one.fingerprint).id == one.id
    return item


def main() -> None:
    """Runs both measurements and prints one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--archive", type=int, nargs="*", default=[])
    parser.add_argument("--database", default="", help="default: a SQLite file that is removed")
    options = parser.parse_args()
    result: dict[str, object] = {"from_scratch": from_scratch(options.items)}
    if options.archive:
        with tempfile.TemporaryDirectory() as folder:
            database = Database(options.database or f"sqlite:///{folder}/bench.db")
            result["one_more"] = one_more(database, options.archive)
            database.close()
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
