"""Proposals: which terms bring wrong matches, and what a person could change about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from crawler.model.topic import Match, TopicDefinition
from crawler.topics.checks import as_number
from crawler.topics.folding import folded_text
from crawler.topics.parts import DEFAULT_THRESHOLD
from crawler.topics.terms import TermError, parse_term

ENOUGH = 2  # wrong matches before anything is proposed
UNJUDGED_PER_WRONG = 3  # more unjudged matches than that would go unseen: judge first
RELEVANT_FOR_THRESHOLD = 5  # right matches that a higher threshold must have left alone
MAX_TERMS = 20
MAX_EXCLUSIONS = 5
_GRAMMAR = frozenset("*()|=!:")

Judged = tuple[Match, bool | None]  # a present match: right, wrong, or not judged


@dataclass(frozen=True, slots=True)
class Term:
    """A wording in the evidence of matches, and what people say of these."""

    concept: str  # id of the concept it stands for
    quote: str  # as it stands in the first item
    wrong: int  # items
    relevant: int
    unjudged: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of one key of the topic's table, and what it would have done."""

    key: str  # "none" or "threshold"
    value: tuple[str, ...] | float  # terms to add, or the new threshold
    wrong: int  # judged-wrong matches that would be gone
    relevant: int  # judged-right matches that would be gone
    unjudged: int  # matches nobody judged that would be gone


def terms(judged: Sequence[Judged]) -> tuple[Term, ...]:
    """What stands in wrong matches: the most wrong ones first, then the fewest right ones.

    Wordings that differ only in case, accents or white space are one. An item counts once.
    """
    counts: dict[bool | None, Counter[tuple[str, str]]] = {True: Counter(), False: Counter()}
    counts[None] = Counter()
    quotes: dict[tuple[str, str], str] = {}
    for match, right in judged:
        wordings = {
            (one.concept, _folded(one.quote)): " ".join(one.quote.split()) for one in match.evidence
        }
        counts[right].update(wordings.keys())
        quotes = wordings | quotes
    found = [
        Term(key[0], quotes[key], wrong, counts[True][key], counts[None][key])
        for key, wrong in counts[False].items()
    ]
    found.sort(key=lambda one: (-one.wrong, one.relevant, one.unjudged, one.concept, one.quote))
    return tuple(found[:MAX_TERMS])


def proposals(
    topic: TopicDefinition, wrong: Sequence[Term], judged: Sequence[Judged]
) -> tuple[Proposal, ...]:
    """Changes that would have removed wrong matches and no right one; nothing is applied."""
    excluding = [
        Proposal("none", (one.quote,), one.wrong, 0, one.unjudged)
        for one in wrong
        if _excludable(one)
    ]
    raised = _threshold(topic, judged)
    return (*_one_each(excluding)[:MAX_EXCLUSIONS], *((raised,) if raised else ()))


def _excludable(term: Term) -> bool:
    """Enough wrong matches, no right one, and not a word that much unseen hangs on."""
    if term.wrong < ENOUGH or term.relevant or term.unjudged > UNJUDGED_PER_WRONG * term.wrong:
        return False
    if _GRAMMAR & set(term.quote) or not term.quote.isprintable():
        return False
    try:
        return bool(parse_term(term.quote).patterns)
    except TermError:
        return False


def _one_each(found: Sequence[Proposal]) -> list[Proposal]:
    """A wording that stands for two concepts is proposed once."""
    return list({_folded(str(one.value)): one for one in reversed(found)}.values())[::-1]


def _threshold(topic: TopicDefinition, judged: Sequence[Judged]) -> Proposal | None:
    """A threshold between the highest wrong score under every right one, and that one."""
    right = [match.score for match, said in judged if said is True]
    if len(right) < RELEVANT_FOR_THRESHOLD:
        return None
    lowest = min(right)
    wrong = [match.score for match, said in judged if said is False and match.score < lowest]
    if len(wrong) < ENOUGH:
        return None
    value = _between(max(wrong), lowest)
    if value is None or value <= _present(topic):
        return None
    gone = sum(1 for match, said in judged if said is None and match.score < value)
    below = sum(1 for score in wrong if score < value)
    return Proposal("threshold", value, below, 0, gone)


def _between(wrong: float, right: float) -> float | None:
    """A number of two decimals above ``wrong`` and not above ``right``."""
    middle = round((wrong + right) / 2, 2)
    for value in (middle, ceil(wrong * 100) / 100, floor(right * 100) / 100):
        if wrong < value <= right:
            return value
    return None


def _present(topic: TopicDefinition) -> float:
    return as_number(topic.definition.get("threshold"), DEFAULT_THRESHOLD)


def _folded(quote: str) -> str:
    return " ".join(folded_text(quote).folded.split())
