"""What a failure means: its name, when it is certain, what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.model.source import Source, SourceState
from crawler.sources.faults import (
    address_remedy,
    is_certain,
    is_walled,
    kind_of,
    nothing_reached,
    remedy_for,
    told_as,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = Source("sud", "Cluster Süd", "https://www.sud.example/news")


@pytest.mark.parametrize(
    ("kind", "status", "name"),
    [
        ("http", 404, "missing"), ("http", 410, "gone"), ("http", 401, "login"),
        ("http", 403, "blocked"), ("http", 429, "busy"), ("http", 500, "http"),
        ("http", None, "http"), ("bot", 403, "bot"), ("tls", None, "tls"), ("odd", None, "other"),
    ],
)  # fmt: skip
def test_failures_are_named_by_kind_and_status(kind: str, status: int | None, name: str) -> None:
    assert kind_of(kind, status) == name


@pytest.mark.parametrize(
    ("kind", "failures", "lasting", "interval", "certain"),
    [
        ("timeout", 1, timedelta(0), HOUR, False),
        ("timeout", 9, 5 * HOUR, HOUR, False),  # a night's maintenance
        ("timeout", 4, 24 * HOUR, HOUR, True),
        ("timeout", 2, 48 * HOUR, DAY, False),
        ("missing", 3, 12 * HOUR, HOUR, True),
        ("missing", 3, 12 * HOUR, DAY, False),  # news come every fourth day: nothing is missed yet
        ("missing", 3, 3 * DAY, 30 * DAY, True),
        ("gone", 2, 12 * HOUR, HOUR, True),
        ("robots", 2, 6 * HOUR, HOUR, True),
        ("robots", 1, 9 * DAY, HOUR, False),
        ("tls", 3, 13 * HOUR, None, True),
    ],
)
def test_an_outage_is_certain_by_cause_and_rhythm(
    kind: str, failures: int, lasting: timedelta, interval: timedelta | None, certain: bool
) -> None:
    assert is_certain(kind, failures, lasting, interval) is certain


@pytest.mark.parametrize("kind", ["bot", "blocked", "robots", "consent", "login"])
def test_who_is_turned_away_hears_the_ways_left(kind: str) -> None:
    assert is_walled(kind)
    said = remedy_for(kind, SOURCE, tried=("https://www.sud.example/feed (HTTP 403)",))
    assert "sources show sud --letter" in said
    assert "newsletter" in said
    assert said.startswith("Also tried: https://www.sud.example/feed (HTTP 403). ")


def test_remedies_name_the_source_and_its_address() -> None:
    assert remedy_for("extract", SOURCE).split(" – ") == [
        "See what is found on it now: clusterwatch detect https://www.sud.example/news",
        "if its news are there, point at one of them: clusterwatch sources set sud --like URL",
    ]
    assert "sources set sud --url" in remedy_for("missing", SOURCE)
    insecure = "sources set sud --url http://www.sud.example/news"
    assert remedy_for("tls", SOURCE).endswith(insecure)
    assert not is_walled("timeout")


def test_a_list_that_is_lost_is_found_again_past_what_was_declared() -> None:
    selected = replace(SOURCE, selector="ul.news > li")
    assert remedy_for("extract", selected).endswith("clusterwatch sources set sud --selector ''")
    in_file = replace(selected, declared_by="main")
    assert remedy_for("extract", in_file).endswith('[[sources]] with id = "sud": take out selector')
    said = remedy_for("extract", replace(SOURCE, kind="feed"))
    assert said.endswith("found out anew: clusterwatch sources set sud --kind auto")
    assert "--like" not in said  # a feed has none


@pytest.mark.parametrize(
    ("kind", "told"),
    [("extract", "detect 'https://www.sud.example/news?cat=3&page=$1' –"),
     ("tls", "set sud --url 'http://www.sud.example/news?cat=3&page=$1'")],
)  # fmt: skip
def test_an_address_in_a_command_to_copy_is_quoted(kind: str, told: str) -> None:
    source = replace(SOURCE, url="https://www.sud.example/news?cat=3&page=$1")
    assert told in remedy_for(kind, source)


def test_a_remedy_fits_where_the_source_is_declared() -> None:
    assert "clusterwatch sources set sud --url …" in remedy_for("missing", SOURCE)
    declared = remedy_for("missing", replace(SOURCE, declared_by="main"))
    assert "sources set" not in declared
    assert 'in the configuration file, [[sources]] with id = "sud": url' in declared
    assert "clusterwatch init" in remedy_for("missing", replace(SOURCE, declared_by="shipped"))


def state(source: str, kind: str = "", *, polled: bool = True) -> SourceState:
    at = datetime(2026, 11, 22, tzinfo=UTC) if polled else None
    return SourceState(source, last_polled=at, failures=int(bool(kind)), error_kind=kind)


def test_nothing_is_reached_where_every_host_fails_and_none_answers() -> None:
    assert nothing_reached([state("a", "dns"), state("b", "timeout"), state("c", polled=False)])
    assert not nothing_reached([state("a", "dns")])  # one host alone tells nothing
    assert not nothing_reached([state("a", "dns"), state("b", "missing")])
    assert not nothing_reached([state("a", "dns"), state("b")])


@pytest.mark.parametrize(("kind", "status"), [("http", 404), ("http", 500), ("dns", None)])
def test_an_address_that_is_no_source_has_a_remedy_without_an_id(
    kind: str, status: int | None
) -> None:
    said = address_remedy(kind, status, "https://www.sud.example/news")
    assert said
    assert "sources set" not in said


def test_a_visit_that_was_stopped_says_nothing_about_its_address() -> None:
    assert address_remedy("stopped", None, "https://www.sud.example/news") == ""


def test_what_came_of_asking_is_told_in_words() -> None:
    assert told_as("http", 404) == "no such page"
    assert told_as("http", 500) == "the site answers with an error"
    assert told_as("bot") == "lets no robots in"
    assert told_as("offline") == "our own network is down"
    assert told_as("of a later version") == "does not work"
