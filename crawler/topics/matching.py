"""Matching: which topics an item is about, with the evidence; and why not, when it is not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.model.topic import Evidence, Match, TopicDefinition
from crawler.topics.article import Article
from crawler.topics.clues import Clue
from crawler.topics.compiling import Registry, compiled, cue_concepts
from crawler.topics.finding import Finder
from crawler.topics.lexicon import concept_names
from crawler.topics.parts import CompiledTopic, Damper, Rule
from crawler.topics.scoring import Verdict, may_match, verdict

_LIKE = {"nb": "no", "nn": "no"}  # codes of languages that a lexicon calls otherwise
_QUOTED = 3  # words told of what lowered a score


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """How one topic was decided for one item."""

    topic: str
    score: float  # 0..1
    threshold: float
    evidence: tuple[Evidence, ...]  # what was found, in the order of the item
    missing: tuple[str, ...]  # readable lines: what kept it from matching; () when it matches
    denied: tuple[str, ...] = ()  # of these the finds that their clauses deny: "negated: …"

    @property
    def matches(self) -> bool:
        return self.score >= self.threshold


class TopicMatcher:
    """Decides all given topics together, in one pass over the text.

    Raises ConfigError on making when a topic names concepts that nobody knows. A matcher is
    immutable once made and may be shared between threads.
    """

    def __init__(self, topics: Sequence[TopicDefinition]) -> None:
        registry = Registry()
        self._topics = {topic.id: compiled(topic, registry) for topic in topics}
        self._triggers: dict[int, list[str]] = defaultdict(list)
        for topic_id, topic in self._topics.items():
            for concept in topic.triggers:
                self._triggers[concept].append(topic_id)
        self._names = {concept.id: dict(concept.names) for concept in registry.concepts}
        # Words that count in company alone say nothing to a reader.
        roles = [role for topic in self._topics.values() for role in topic.roles]
        self._silent = {
            role.id for role in roles if role.strength == 0 and not self._names.get(role.id)
        }
        self._cues = {cue.id: registry.number(cue) for cue in cue_concepts()}
        self._languages = {
            code for concept in registry.concepts for _, codes in concept.terms for code in codes
        }
        self._finder = Finder(registry.concepts)

    @property
    def topics(self) -> tuple[str, ...]:
        """The ids of the topics it decides."""
        return tuple(self._topics)

    def match(self, title: str, text: str, language: str = "") -> tuple[Match, ...]:
        """The topics of an item, the strongest first.

        ``language`` is the item's ISO 639-1 code, ``""`` when unknown. Offsets of the evidence
        count code points of exactly ``title`` and ``text``.
        """
        article = self._article(title, text, language)
        matches = []
        for topic in self._triggered(article):
            if not may_match(topic, article):
                continue
            result = verdict(topic, article)
            if result.score >= topic.threshold and result.evidence:
                found = _evidence(result.evidence)
                matches.append(Match(topic.id, round(result.score, 4), found))
        return tuple(sorted(matches, key=lambda match: (-match.score, match.topic)))

    def diagnose(self, topic: str, title: str, text: str, language: str = "") -> Diagnosis:
        """Why ``topic`` matches the item or what is missing. Raises KeyError for an unknown id."""
        spec = self._topics[topic]
        article = self._article(title, text, language)
        result = verdict(spec, article)
        matches = result.score >= spec.threshold
        shown = result.evidence if matches else {c for c in result.clues if c.role.strength}
        denied = () if matches else tuple(_denials(result, article))
        missing = () if matches else tuple(_missing(spec, result, article.language))
        evidence = _evidence(shown | result.evidence)
        score = round(result.score, 4)
        return Diagnosis(topic, score, spec.threshold, evidence, denied + missing, denied)

    def concept_name(self, concept: str, language: str) -> str:
        """The display name of a concept in ``language``, else in English, else its id; "" for
        one that counts in company alone."""
        if concept in self._silent:
            return ""
        names = self._names.get(concept, {})
        return names.get(language) or names.get("en") or concept.replace("*", "")

    def _triggered(self, article: Article) -> list[CompiledTopic]:
        """The topics of which something may have been found: of a hundred, few have."""
        known = self._triggers.keys() & article.concepts
        ids = {topic for concept in known for topic in self._triggers[concept]}
        return [self._topics[topic] for topic in sorted(ids)]

    def _language(self, language: str) -> str:
        """The language as the lexicons know it; "" when they do not."""
        code = language.lower()[:2]
        return _LIKE.get(code, code if code in self._languages else "")

    def _article(self, title: str, text: str, language: str) -> Article:
        known = self._language(language)
        scans = {
            field: self._finder.scan(content, field, known)
            for field, content in (("title", title), ("text", text))
        }
        return Article(title, text, known, scans, self._cues)


def concept_name(concept: str, language: str) -> str:
    """The display name of a shipped concept in ``language``, else in English, else its id."""
    names = concept_names().get(concept, {})
    return names.get(language) or names.get("en") or concept.replace("*", "")


def _evidence(clues: Iterable[Clue]) -> tuple[Evidence, ...]:
    """Evidence in the order of the item, each place once."""
    entries = {
        (clue.field != "title", clue.find.start, clue.find.end, clue.role.id): clue
        for clue in clues
    }
    return tuple(
        Evidence(
            clue.field,
            clue.find.start,
            clue.find.end,
            clue.quote,
            clue.role.id,
        )
        for _, clue in sorted(entries.items(), key=lambda entry: entry[0])
    )


def _missing(topic: CompiledTopic, result: Verdict, language: str) -> Iterable[str]:
    """What kept the topic from matching, in readable lines."""
    if result.blocked:
        yield result.blocked
        return
    for short, words in result.meant.items():
        yield f"“{short}” means “{words}” in this item"
    rules = [rule for rule in topic.rules if rule.speaks(language)]
    lines = [line for rule in rules if (line := _rule_line(rule, result))]
    yield from dict.fromkeys(lines)
    named = result.denied or any(clue.role.strength for clue in result.clues)
    if not lines and not named and not result.meant:
        yield "no term of the topic was found"
    yield from (_lowered(damper, result) for damper in result.lowered)
    if result.score:
        gap = topic.threshold - result.score
        yield f"below threshold by {gap:.2f}: score {result.score:.2f} of {topic.threshold:.2f}"


def _lowered(damper: Damper, result: Verdict) -> str:
    """What lowered the score as a whole, and what would have kept it: 'lowered to 60 %: …'."""
    words = {
        name: dict.fromkeys(c.quote for c in result.clues if name in (c.role.group, c.role.id))
        for name in damper.when
    }
    told = (
        f"{', '.join(f'“{quote}”' for quote in list(quotes)[:_QUOTED])} ({_plain_name(name)})"
        for name, quotes in words.items()
    )
    lacking = " or ".join(map(_plain_name, damper.without))
    end = f", and no {lacking} is named" if lacking else ""
    return f"lowered to {damper.factor:.0%}: {' with '.join(told)}{end}"


def _plain_name(name: str) -> str:
    """What a concept or a group of concepts is called in English."""
    return concept_name(name, "en").replace("-", " ")


def _denials(result: Verdict, article: Article) -> Iterable[str]:
    """What was found and does not count, because its clause denies it."""
    for clue in result.denied:
        place = article.denied(clue.field, clue.find)
        if place:
            quote = " ".join(article.sources[clue.field][slice(*place)].split())
            yield f"negated: “{quote}” ({concept_name(clue.role.id, 'en')})"


def _rule_line(rule: Rule, result: Verdict) -> str:
    """Which side of a conjunction was found, and which was not close enough; "" for neither."""
    sides = {
        name: [c for c in result.clues if name in (c.role.group, c.role.id)]
        for name in rule.require
    }
    found = {name: clues for name, clues in sides.items() if clues}
    if not found or result.evidence:
        return ""
    told = "; ".join(f"{_label(name)}{_told(clues)}" for name, clues in found.items())
    absent = [name for name in sides if name not in found]
    if absent:
        return f"{told}; no {' and no '.join(absent)} term in the item"
    where = "the same sentence" if rule.within == "sentence" else f"{rule.within} words"
    return f"{told}; not within {where}"


def _label(side: str) -> str:
    """The name of a side; the sides of a user's ``near`` have none."""
    return "" if side.startswith("near-") else f"{side}: "


def _told(clues: Sequence[Clue]) -> str:
    """What a side's finds stand for and how often: ``South Korea found twice``."""
    counts = Counter(concept_name(clue.role.id, "en") for clue in clues)
    return ", ".join(f"{name} found {_times(count)}" for name, count in counts.most_common(3))


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
