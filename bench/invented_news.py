"""Invented news of many sources, for measuring: a fifth are copies, edits and translations of
others, every source repeats its own boilerplate. The same for the same seed.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

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
