"""Invented prose: events, and articles in four languages that read like a cluster's news.

Every text is drawn from its seed alone, so a page is the same in every run and on every machine. An
event is an organisation's venture with its people, towns, sums and days. Most are told by one site;
every fifth article tells an event that a neighbour's article tells too, in the same words, in
others, or in another language: so grouping has something to find, and little to find wrongly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from bench.farm.words import LANGUAGES, Words, listed

EPOCH = datetime(2026, 11, 20, 16, tzinfo=UTC)  # when the farm's newest article appeared
EVERY = timedelta(hours=31)  # between two articles of one site
_NEIGHBOURS = 4  # sites that may tell each other's events
_TOLD_TWICE = 0.4  # of the neighbours' articles with one number: by two of the four
_COPIED = 0.5  # of those in one language
_STATED = 0.4  # of the sentences state a fact while there are some
_FACTS = 6  # of an event, beside the one that says what it is
_SYLLABLES = listed(
    "bar dol fen gri hal kor lin mar nov os pra quen rud sel tam ul vor wen zet bru"
)
_FIRST_NAMES = listed(
    "Anna Bjarne Clara Daniel Eva Frederik Greta Henrik Inga Jonas Katrin Lars Marie Nils Olga "
    "Peter Ruth Søren Tanja Ulrik Vera Walter Ylva Zoe Camille Hugo Louise Mathieu"
)
_FORMS = ("GmbH", "AG", "ApS", "SAS", "Ltd", "Institut", "Labs", "Group", "Netz", "Verbund")
_PLACES = listed(
    "Leipzig Dresden Jena Chemnitz Erfurt Rostock Kiel Bremen Kassel Ulm Bochum Graz Linz Villach "
    "Basel Lausanne Odense Aarhus Aalborg Kolding Esbjerg Lund Tampere Turku Bergen Lyon Grenoble "
    "Nantes Lille Toulouse Rennes Turin Bologna Trient Katowice Gdynia Brno Maribor Porto Bilbao "
    "Gent Leuven Eindhoven Groningen Leeds Cardiff Dundee Cork Daejeon Wonju"
)


@dataclass(frozen=True, slots=True)
class Told:
    """One article: what a page is made of, and what reading it should give back."""

    number: int  # within its site, rising with time
    event: str  # what it tells: the same for all who tell it
    slug: str
    language: str  # de en da fr
    title: str
    teaser: str
    blocks: tuple[tuple[str, str], ...]  # (p h2 li, text)
    author: str
    published: datetime

    @property
    def text(self) -> str:
        """The main text as ``extract`` gives it."""
        return "\n\n".join(f"- {text}" if tag == "li" else text for tag, text in self.blocks)


@dataclass(frozen=True, slots=True)
class _Source:
    """Which event an article tells, and whose wording it takes."""

    event: str
    wording: str


def told(site: int, number: int, language: str) -> Told:
    """Article ``number`` of a site."""
    source, words = _source(site, number), LANGUAGES[language]
    facts = _facts(Random(source.event), words)
    own, wording = Random(f"{site}/{number}"), Random(f"{source.wording}/{language}")
    title = own.choice(words.titles).format(**facts)
    told_of = _told_of(Random(f"facts of {source.event}"), words)
    stated = [wording.choice(wordings).format(**facts) for wordings in told_of]
    teller = _Teller(wording, words, stated)
    return Told(
        number=number,
        event=source.event,
        slug=f"{facts['project'].lower()}-{facts['place'].lower()}-{number}",
        language=language,
        title=title,
        teaser=teller.sentences(2),
        blocks=(*teller.blocks(), *_about(site, words)),
        author=facts["person"],
        published=EPOCH + EVERY * number - timedelta(minutes=own.randrange(600)),
    )


def _source(site: int, number: int) -> _Source:
    """Two of four neighbours may tell one event, the second sometimes in the first one's words."""
    alone = f"{site}/{number}"
    shared = f"event {site // _NEIGHBOURS}/{number}"
    chance = Random(shared)
    tellers = chance.sample(range(_NEIGHBOURS), 2)
    if chance.random() >= _TOLD_TWICE or site % _NEIGHBOURS not in tellers:
        return _Source(alone, alone)
    return _Source(shared, shared if chance.random() < _COPIED else alone)


def _facts(rng: Random, words: Words) -> dict[str, str]:
    """The names, sums and days of an event: the same draw in every language."""
    topic = words.topics[rng.randrange(len(words.topics))]
    place, town = rng.sample(_PLACES, 2)
    amount = f"{rng.randrange(3, 400) / 10:.1f}".replace(".", words.comma)
    day = date(2026, 12, 1) + timedelta(days=rng.randrange(500))
    return {
        "org": f"{_name(rng)} {rng.choice(_FORMS)}",
        "partner": f"{_name(rng)} {rng.choice(_FORMS)}",
        "person": f"{rng.choice(_FIRST_NAMES)} {_name(rng)}",
        "speaker": f"{rng.choice(_FIRST_NAMES)} {_name(rng)}",
        "project": _name(rng) + _name(rng)[:3].upper(),
        "place": place,
        "town": town,
        "topic": topic,
        "Topic": _capital(topic),
        "amount": amount,
        "n": str(rng.randrange(3, 60)),
        "many": str(rng.randrange(61, 1999)),
        "year": str(rng.randrange(2027, 2036)),
        "day": words.day.format(day=day.day, month=words.months[day.month - 1], year=day.year),
    }


def _told_of(rng: Random, words: Words) -> list[tuple[str, ...]]:
    """The facts of an event: what it is, then some others."""
    first, *others = words.facts
    return [first, *rng.sample(others, _FACTS)]


class _Teller:
    """Tells an event: its facts in their order, with sentences about its field between them.

    A text keeps to a few of the language's words, as a text about one thing does.
    """

    def __init__(self, rng: Random, words: Words, stated: list[str]) -> None:
        self._rng = rng
        self._stated = stated
        self._words = replace(
            words,
            actors=_some(rng, words.actors, 6),
            verbs=_some(rng, words.verbs, 12),
            adjectives=_some(rng, words.adjectives, 12),
            stems=_stems(rng, words),
            things=_some(rng, words.things, 9),
            phrases=_some(rng, words.phrases, 4),
            patterns=_some(rng, words.patterns, 7),
        )

    def blocks(self) -> list[tuple[str, str]]:
        """Four to eight paragraphs, with headings and lists here and there."""
        rng = self._rng
        blocks: list[tuple[str, str]] = []
        for paragraph in range(rng.randrange(4, 9)):
            if paragraph and rng.random() < 0.25:
                blocks.append(("h2", rng.choice(self._words.headings)))
            blocks.append(("p", self.sentences(rng.randrange(3, 9))))
            if rng.random() < 0.12:
                blocks += [("li", self.sentences(1)) for _ in range(3)]
        return blocks

    def sentences(self, number: int) -> str:
        """The next so many."""
        return " ".join(self._sentence() for _ in range(number))

    def _sentence(self) -> str:
        if self._stated and self._rng.random() < _STATED:
            return self._stated.pop(0)
        return self._aside()

    def _aside(self) -> str:
        """A sentence about the field in general."""
        rng, words = self._rng, self._words
        actors, others = rng.sample(words.actors, 2)
        verb, also = rng.sample(words.verbs, 2)
        adj, phrase = rng.choice(words.adjectives), rng.choice(words.phrases)
        things, parts = self._thing(), self._thing()
        return rng.choice(words.patterns).format(
            actors=actors, Actors=_capital(actors), others=others, verb=verb, also=also,
            adj=adj, Adj=_capital(adj), things=things, parts=parts,
            phrase=phrase, Phrase=_capital(phrase), n=rng.randrange(3, 90),
        )  # fmt: skip

    def _thing(self) -> str:
        words = self._words
        stem, thing = self._rng.choice(words.stems), self._rng.choice(words.things)
        return words.compound.format(stem=stem, thing=thing)


def _some(rng: Random, words: tuple[str, ...], number: int) -> tuple[str, ...]:
    return tuple(rng.sample(words, number))


def _stems(rng: Random, words: Words) -> tuple[str, ...]:
    """What a text's things are about: two of the language's, and some joined of two."""
    one, two, *rest = rng.sample(words.stems, 8)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    joined = (words.stems_joined.format(stem=a, other=b.lower()) for a, b in pairs)
    return (one, two, *joined)


def _about(site: int, words: Words) -> tuple[tuple[str, str], ...]:
    """What every third site says of itself below all its news."""
    if site % 3:
        return ()
    rng = Random(f"about {site}")
    name, place = f"{_name(rng)} {rng.choice(_FORMS)}", rng.choice(_PLACES)
    return (("p", words.about.format(name=name, place=place, n=rng.randrange(20, 400))),)


def _name(rng: Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(2 + rng.randrange(2))).capitalize()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
