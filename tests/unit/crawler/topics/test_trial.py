"""Exclusions are tried on items whose right answer is known."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.model.item import Item
from crawler.topics.proposals import Proposal
from crawler.topics.trial import harmless
from crawler.topics.vocabulary import load_topic, shipped_topics

SEEN = datetime(2026, 11, 21, tzinfo=UTC)
TOPIC = load_topic({"id": "q", "any": ["quantum leap*", "qubit*"], "none": ["film"]}, origin="t")
LEAP = Proposal("none", ("quantum leap",), 2, 0, 0)
CAR = Proposal("none", ("car maker",), 2, 0, 0)
HIGHER = Proposal("threshold", 0.6, 2, 0, 0)


def item(text: str) -> Item:
    return Item("1", "a", "u", "u", "", "", None, SEEN, "en", text=text)


def test_an_exclusion_that_takes_a_right_item_is_no_proposal() -> None:
    right = [item("A quantum leap: forty qubits in one chip.")]
    assert harmless(TOPIC, (LEAP, CAR, HIGHER), right) == (CAR, HIGHER)


def test_items_that_match_no_longer_do_not_speak_against_it() -> None:
    gone = [item("The film about a quantum leap and its qubits.")]
    assert harmless(TOPIC, (LEAP, CAR), gone) == (LEAP, CAR)


def test_a_shipped_topic_is_tried_with_all_its_concepts() -> None:
    [ai] = [topic for topic in shipped_topics() if topic.id == "ai"]
    right = [item("Das Start-up nutzt maschinelles Lernen für Röntgenbilder. Die KI lernt mit.")]
    tried = [Proposal("none", (term,), 2, 0, 0) for term in ("Bäckerei", "Start-up", "Flughafen")]
    assert harmless(ai, tuple(tried), right) == (tried[0], tried[2])
