"""What judgements say about a topic."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.model.judgement import Classified, Judgement
from crawler.model.topic import Evidence, Match, TopicDefinition
from crawler.topics.intervals import Share
from crawler.topics.proposals import Proposal, Term
from crawler.topics.review import Review, review

NOW = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)
TOPIC = TopicDefinition("ai", "AI", {"id": "ai", "threshold": 0.45}, version="v2")


def judged(item: str, judgement: str, score: float | None = 0.8, version: str = "v2") -> Judgement:
    return Judgement(item, "ai", judgement, score, version, "command", NOW)


def found(item: str, *quotes: str, score: float = 0.8) -> Classified:
    evidence = tuple(Evidence("text", 0, len(quote), quote, "a-concept") for quote in quotes)
    return Classified(item, NOW, Match("ai", score, evidence))


def unfound(item: str, weeks_ago: int = 0) -> Classified:
    return Classified(item, NOW - timedelta(weeks=weeks_ago), None)


def reviewed(judgements: list[Judgement], archive: list[Classified]) -> Review:
    return review(TOPIC, judgements, archive)


def test_precision_counts_the_matches_that_were_judged() -> None:
    done = reviewed(
        [judged("1", "relevant"), judged("2", "wrong"), judged("3", "missed", None)], []
    )
    assert done.precision == Share(1, 2)


def test_missed_said_of_a_match_counts_as_right() -> None:
    assert reviewed([judged("1", "missed")], []).precision == Share(1, 1)


def test_the_last_word_about_an_item_counts() -> None:
    done = reviewed([judged("1", "wrong"), judged("1", "relevant")], [found("1")])
    assert done.precision == Share(1, 1)
    assert done.terms == ()


def test_judgements_of_earlier_definitions_are_counted_apart() -> None:
    done = reviewed([judged("1", "wrong", version="v1"), judged("2", "relevant")], [])
    assert (done.precision, done.earlier) == (Share(1, 1), Share(0, 1))


def test_other_topics_do_not_count() -> None:
    assert reviewed([replace(judged("1", "wrong"), topic="quantum")], []).precision == Share(0, 0)


def test_without_judgements_nothing_is_claimed() -> None:
    done = reviewed([], [found("1", "KI"), unfound("2")])
    assert done.precision.value is None
    assert (done.recall.value, done.recall.interval) == (None, (0.0, 1.0))
    assert (done.terms, done.proposals, done.missed) == ((), (), ())
    assert done.ask == ("2",)


def test_recall_weighs_found_against_missed() -> None:
    # 8 matches, half of them right: 4 found. 4 unmatched, a quarter of them missed: 1.
    archive = [found(f"m{n}") for n in range(8)] + [unfound(f"u{n}") for n in range(4)]
    judgements = [judged("m0", "relevant"), judged("m1", "wrong"), judged("u0", "missed", None)]
    judgements += [judged(f"u{n}", "wrong", None) for n in (1, 2, 3)]
    recall = reviewed(judgements, archive).recall
    assert recall.value == pytest.approx(4 / 5)
    assert (recall.missed, recall.matched, recall.unmatched) == (Share(1, 4), 8, 4)
    low, high = recall.interval
    assert 0 < low < 4 / 5 < high < 1


def test_misses_that_nobody_was_asked_about_do_not_bend_recall() -> None:
    archive = [found("m"), *(unfound(f"u{n}") for n in range(30))]
    asked = reviewed([], archive).ask
    others = [one.item for one in archive if one.match is None and one.item not in asked]
    reported = [judged(item, "missed", None) for item in others[:10]]
    answers = [judged(item, "wrong", None) for item in asked]
    done = reviewed([judged("m", "relevant"), *reported, *answers], archive)
    assert done.recall.missed == Share(0, 5)
    assert done.recall.value == 1.0
    assert set(done.missed) == set(others[:10])


def test_recall_speaks_of_the_weeks_that_were_judged() -> None:
    archive = [found("m"), unfound("new"), *(unfound(f"old{n}", weeks_ago=3) for n in range(9))]
    recall = reviewed([judged("m", "relevant"), judged("new", "wrong", None)], archive).recall
    assert (recall.weeks, recall.matched, recall.unmatched) == (1, 1, 1)


def test_judged_items_are_not_asked_about_again() -> None:
    archive = [unfound(f"u{n}") for n in range(5)] + [unfound(f"old{n}", 1) for n in range(9)]
    done = reviewed([judged("u2", "wrong", None)], archive)
    assert set(done.ask[:4]) == {"u0", "u1", "u3", "u4"}
    assert done.ask[4].startswith("old")
    assert len(done.ask) == 5


def test_terms_of_wrong_matches_come_worst_first() -> None:
    archive = [
        found("1", "KI", "Algorithmen", "KI"),
        found("2", "ki"),
        found("3", "Algorithmen"),
        found("4", "Algorithmen"),
        found("5", "only right"),
    ]
    judgements = [judged("1", "wrong"), judged("2", "wrong"), judged("3", "relevant")]
    done = reviewed([*judgements, judged("5", "relevant")], archive)
    assert done.terms == (
        Term("a-concept", "KI", wrong=2, relevant=0, unjudged=0),
        Term("a-concept", "Algorithmen", wrong=1, relevant=1, unjudged=1),
    )


def test_what_matches_no_longer_is_not_blamed() -> None:
    done = reviewed([judged("1", "wrong")], [unfound("1")])
    assert done.terms == ()
    assert done.precision == Share(0, 1)


@pytest.mark.parametrize(
    ("wrong", "relevant", "unjudged", "quote", "proposed"),
    [
        (2, 0, 0, "Vogel KI", True),
        (2, 0, 6, "Vogel KI", True),
        (1, 0, 0, "Vogel KI", False),  # one may be chance
        (3, 1, 0, "Vogel KI", False),  # it stands in a right match
        (2, 0, 7, "Vogel KI", False),  # too much hangs on it that nobody judged
        (2, 0, 0, "K(I", False),  # means something else as a term
        (2, 0, 0, "*", False),
    ],
)
def test_an_exclusion_is_proposed_only_on_good_grounds(
    wrong: int, relevant: int, unjudged: int, quote: str, proposed: bool
) -> None:
    total = wrong + relevant + unjudged
    archive = [found(str(number), quote) for number in range(total)]
    judgements = [judged(str(n), "wrong") for n in range(wrong)]
    judgements += [judged(str(wrong + n), "relevant") for n in range(relevant)]
    expected = (Proposal("none", (quote,), wrong, 0, unjudged),) if proposed else ()
    assert reviewed(judgements, archive).proposals == expected


@pytest.mark.parametrize(
    ("right", "wrong", "value"),
    [
        ([0.7, 0.8, 0.8, 0.9, 0.9], [0.5, 0.6], 0.65),
        ([0.7, 0.8, 0.8, 0.9, 0.9], [0.5, 0.6, 0.95], 0.65),  # the high one stays wrong
        ([0.62, 0.8, 0.8, 0.9, 0.9], [0.5, 0.619], 0.62),
        ([0.6205, 0.8, 0.8, 0.9, 0.9], [0.5, 0.6201], None),  # no two decimals in between
        ([0.7, 0.8, 0.8, 0.9, 0.9], [0.5, 0.8], None),  # one alone may be chance
        ([0.7, 0.8, 0.8, 0.9], [0.5, 0.6], None),  # too few right ones to trust
        ([0.45, 0.8, 0.8, 0.9, 0.9], [0.3, 0.4], None),  # no higher than it is
    ],
)
def test_a_threshold_is_proposed_where_it_parts_wrong_from_right(
    right: list[float], wrong: list[float], value: float | None
) -> None:
    archive = [found(f"r{n}", score=score) for n, score in enumerate(right)]
    archive += [found(f"w{n}", score=score) for n, score in enumerate(wrong)]
    archive += [found("nobody judged", score=0.46)]
    judgements = [judged(f"r{n}", "relevant") for n in range(len(right))]
    judgements += [judged(f"w{n}", "wrong") for n in range(len(wrong))]
    expected = () if value is None else (Proposal("threshold", value, 2, 0, 1),)
    assert reviewed(judgements, archive).proposals == expected
