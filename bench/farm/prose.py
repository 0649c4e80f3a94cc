"""Invented prose: sentences in German and English that read like a cluster's news.

Every text is drawn from its seed alone, so a page is the same in every run and on every machine.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2026, 11, 20, 16, tzinfo=UTC)  # when the farm's newest article appeared
EVERY = timedelta(hours=31)  # between two articles of one site
_SYLLABLES = "bar dol fen gri hal kor lin mar nov os pra quen rud sel tam ul vor wen zet"
_SENTENCES = {
    "de": (
        "{Org} hat in {place} gemeinsam mit {n} Partnern ein Vorhaben zu {topic} begonnen.",
        "Die Beteiligten wollen bis {year} zeigen, wie sich {topic} in Betrieben einsetzen lässt.",
        "„Wir sehen, dass die Nachfrage nach {topic} wächst“, sagt {Person} vom Netzwerk {Org}.",
        "Gefördert wird die Arbeit mit {n} Millionen Euro aus einem Programm des Landes.",
        "An den Versuchen nahmen {n} Betriebe teil, die meisten davon aus der Region um {place}.",
        "Erste Ergebnisse stellte {Person} auf einer Tagung in {place} vor.",
        "Nach Angaben der Leitung werden die Anlagen im kommenden Jahr um {n} Plätze erweitert.",
        "Der Verbund verknüpft damit die Forschung an {topic} mit der Fertigung vor Ort.",
        "Für die Werkstätten bedeutet das kürzere Wege und weniger Ausschuss bei der Herstellung.",
        "Wer sich beteiligen möchte, kann sich bis zum Ende des Monats bei {Org} melden.",
    ),
    "en": (
        "{Org} has started a project on {topic} in {place} together with {n} partners.",
        "By {year} the partners want to show how smaller firms can make use of {topic}.",
        "“We see that the demand for {topic} is growing,” says {Person} of the {Org} network.",
        "The work is funded with {n} million euros from a programme of the region.",
        "Some {n} companies took part in the trials, most of them from the area around {place}.",
        "{Person} presented the first results at a conference in {place}.",
        "According to the management, the plant will be extended by {n} places next year.",
        "The association thus connects research on {topic} with manufacturing nearby.",
        "For the workshops this means shorter distances and less waste in production.",
        "Those who would like to take part can contact {Org} until the end of the month.",
    ),
}
_GLUE = {
    "de": "die der das und mit für von bei auf nach eine werden wird sind hat auch im zum durch",
    "en": "the of and with for from by on after a will is are has also that which into over",
}
_TOPICS = {
    "de": ("künstlicher Intelligenz", "additiver Fertigung", "Wasserstoff", "Leichtbau",
           "Bildgebung", "Photonik", "Holzbau", "Diagnostik", "Robotik", "Messtechnik"),
    "en": ("machine learning", "additive manufacturing", "hydrogen", "lightweight design",
           "imaging", "photonics", "timber building", "diagnostics", "robotics", "metrology"),
}  # fmt: skip
_PLACES = ("Leipzig", "Dresden", "Jena", "Odense", "Lyon", "Katowice", "Daejeon", "Wonju", "Turin")
_HEADINGS = {
    "de": ("Hintergrund", "Die nächsten Schritte", "Stimmen aus der Praxis", "Zum Vorhaben"),
    "en": ("Background", "Next steps", "Voices from practice", "About the project"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One article: what a page is made of, and what reading it should give back."""

    number: int  # within its site, rising with time
    slug: str
    language: str  # de en
    title: str
    teaser: str
    blocks: tuple[tuple[str, str], ...]  # (p h2 li, text)
    author: str
    published: datetime

    @property
    def text(self) -> str:
        """The main text as ``extract`` gives it."""
        return "\n\n".join(f"- {text}" if tag == "li" else text for tag, text in self.blocks)


def told(site: int, number: int, language: str) -> Told:
    """Article ``number`` of a site."""
    rng = random.Random(site * 1_000_003 + number)
    facts = _facts(rng, language)
    name = _name(rng) + _name(rng).lower()
    topic = facts["topic"][:1].upper() + facts["topic"][1:]
    title = {
        "de": f"{topic}: {facts['Org']} startet {name} in {facts['place']}",
        "en": f"{topic}: {facts['Org']} launches {name} in {facts['place']}",
    }[language]
    return Told(
        number=number,
        slug=f"{facts['Org'].lower()}-{name.lower()}-{number}",
        language=language,
        title=title,
        teaser=_sentences(rng, language, facts, 2),
        blocks=_blocks(rng, language, facts),
        author=facts["Person"],
        published=EPOCH + EVERY * number - timedelta(minutes=rng.randrange(600)),
    )


def _facts(rng: random.Random, language: str) -> dict[str, str]:
    return {
        "Org": _name(rng) + rng.choice(("werk", "tec", "net", "lab")),
        "Person": f"{_name(rng)} {_name(rng)}",
        "place": rng.choice(_PLACES),
        "topic": rng.choice(_TOPICS[language]),
    }


def _blocks(
    rng: random.Random, language: str, facts: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    blocks: list[tuple[str, str]] = []
    for paragraph in range(rng.randrange(4, 9)):
        if paragraph and rng.random() < 0.25:
            blocks.append(("h2", rng.choice(_HEADINGS[language])))
        blocks.append(("p", _sentences(rng, language, facts, rng.randrange(2, 6))))
        if rng.random() < 0.12:
            blocks += [("li", _sentences(rng, language, facts, 1)) for _ in range(3)]
    return tuple(blocks)


def _sentences(rng: random.Random, language: str, facts: dict[str, str], count: int) -> str:
    chosen = rng.sample(_SENTENCES[language], count)
    return " ".join(
        one.format(**{**facts, "n": rng.randrange(3, 90), "year": rng.randrange(2027, 2031)})
        + " "
        + _detail(rng, language)
        + (
            f" {_name(rng)} {_name(rng)} ist dabei."
            if language == "de" and rng.random() < 0.2
            else ""
        )
        for one in chosen
    )


def _detail(rng: random.Random, language: str) -> str:
    """A sentence of its own: frequent words, and rare ones that no other article shares."""
    glue = _GLUE[language].split()
    words = (rng.choice(glue) if n % 3 else _name(rng).lower() for n in range(rng.randrange(8, 17)))
    return " ".join(words).capitalize() + "."


def _name(rng: random.Random) -> str:
    return "".join(rng.choice(_SYLLABLES.split()) for _ in range(2 + rng.randrange(2))).capitalize()
