"""The main job on a second replay: other markup, other items, through the commands.

Everything is done once (``played``); each test then looks at one promise. Open defects are
marked as expected failures, strictly: mending one without taking its mark away fails.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.model.item import Item
from crawler.storage.database import Database
from crawler.storage.items import Filter, ItemStore
from tests.e2e.playing import (
    AI_NEWS,
    PLAIN_NEWS,
    SEEDS,
    SHOWN,
    SITES,
    UNREADABLE,
    Played,
    configuration,
    item_path,
    play,
)
from tests.e2e.second_replay import FOLDER, Written, serving
from tests.e2e.shell import Shell


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(Shell(tmp_path_factory.mktemp("second")))


def _noise(site: str) -> list[str]:
    found: list[str] = json.loads((FOLDER / "noise.json").read_text("utf-8"))[site]
    return found


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _first_and_last_sentence(item: Written) -> tuple[str, str]:
    sentence = re.compile(r"(?<=[a-zåæøäöüß][.!?”“])\s+(?=[A-ZÆØÅÄÖÜ„“])")
    return (
        sentence.split(_folded(item.paragraphs[0]))[0],
        sentence.split(_folded(item.paragraphs[-1]))[-1],
    )


def open_defects(**reasons: str) -> list[Any]:
    """All sites, those with an open defect marked."""
    return [
        pytest.param(
            one,
            marks=[pytest.mark.xfail(strict=True, reason=reasons[one])] if one in reasons else [],
        )
        for one in SITES
    ]


@pytest.mark.parametrize("site", open_defects())
def test_the_items_of_a_site_are_found_and_nothing_else(played: Played, site: str) -> None:
    found = sorted(item_path(site, one.url) for one in played.archive[site])
    assert found == sorted(one.path for one in played.truth[site])


@pytest.mark.parametrize("site", open_defects())
def test_titles_are_the_headlines(played: Played, site: str) -> None:
    wrong = {
        item.path: one.title
        for item in played.truth[site]
        for one in played.archive[site]
        if item_path(site, one.url) == item.path and one.title != item.title
    }
    assert wrong == {}


@pytest.mark.parametrize("site", open_defects())
def test_dates_are_those_of_the_pages_and_none_is_invented(played: Played, site: str) -> None:
    days = {one.path: one.day for one in played.truth[site]}
    found = {
        item_path(site, one.url): one.published.day if one.published else None
        for one in played.archive[site]
    }
    assert found == {path: days.get(path) for path in found}


@pytest.mark.parametrize("site", open_defects())
def test_texts_hold_the_whole_article(played: Played, site: str) -> None:
    for item in played.truth[site]:
        if item.path == UNREADABLE:
            continue
        text = _folded(played.found(site, item).text)
        first, last = _first_and_last_sentence(item)
        assert first in text, item.path
        assert last in text, item.path


@pytest.mark.parametrize("site", open_defects())
def test_texts_hold_nothing_of_the_page_around(played: Played, site: str) -> None:
    titles = {one.title for one in played.truth[site]}
    for one in played.archive[site]:
        text = _folded(one.text)
        assert [word for word in _noise(site) if word.lower() in text.lower()] == [], one.url
        assert [other for other in titles - {one.title} if other in text] == [], one.url


@pytest.mark.parametrize("site", open_defects())
def test_no_paragraph_stands_in_several_texts(played: Played, site: str) -> None:
    paragraphs = [each for one in played.archive[site] for each in set(one.text.split("\n\n"))]
    assert [each for each, times in Counter(paragraphs).items() if each and times > 1] == []


@pytest.mark.parametrize("site", open_defects())
def test_canonical_addresses_select_the_article_and_nothing_else(played: Played, site: str) -> None:
    names = {
        name for one in played.archive[site] for name in parse_qs(urlsplit(one.canonical_url).query)
    }
    assert names == ({"Action", "M", "NewsId", "PID"} if site == "klynge" else set())


@pytest.mark.parametrize("site", SITES)
def test_summaries_hold_no_read_more_and_no_title(played: Played, site: str) -> None:
    wrong = [
        one.summary
        for one in played.archive[site]
        if one.title in one.summary
        or re.search(r"Mehr|Weiterlesen|Continue reading|Læs mere|appeared first", one.summary)
    ]
    assert wrong == []


@pytest.mark.parametrize("site", open_defects())
def test_topics_are_those_a_person_would_name(played: Played, site: str) -> None:
    wanted = {one.path: list(one.topics) for one in played.truth[site]}
    found = {
        item_path(site, one.url): sorted(match.topic for match in one.topics)
        for one in played.archive[site]
    }
    assert found == {path: wanted.get(path, []) for path in found}


@pytest.mark.parametrize("site", SHOWN)
def test_show_tells_a_seed_with_its_text_and_exact_evidence(played: Played, site: str) -> None:
    shown = played.shown[site]
    assert len(shown["text"]) > 1000
    for match in shown["topics"]:
        for one in match["evidence"]:
            assert shown[one["field"]][one["start"] : one["end"]] == one["quote"]


def test_an_article_that_robots_txt_forbids_is_listed_and_never_fetched(played: Played) -> None:
    item = next(one for one in played.truth["karten"] if one.path == UNREADABLE)
    assert played.found("karten", item).published is not None
    asked = {one.path for crawl in played.hits for one in crawl if one.site == "karten"}
    assert not any(UNREADABLE in path for path in asked)


def test_the_release_and_its_twin_are_one_story_and_nothing_else_is(played: Played) -> None:
    assert _stories_told_twice([one for some in played.archive.values() for one in some]) == [
        sorted([SEEDS["klynge"], SEEDS["twin"]])
    ]


def _stories_told_twice(items: list[Item]) -> list[list[str]]:
    stories: dict[str, list[str]] = {}
    for one in items:
        stories.setdefault(one.story or one.id, []).append(one.title)
    return [sorted(titles) for titles in stories.values() if len(titles) > 1]


def test_the_twin_joins_the_release_in_either_order(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    with serving() as replay:
        for name in ("klynge", "twin"):
            replay.sites[name].items = replay.sites[name].items[:5]
        shell.write(configuration(replay, ("klynge", "twin")))
        assert shell.run("crawl", "twin").code == 0
        assert shell.run("crawl", "klynge").code == 0
    database = Database(f"sqlite:///{tmp_path / 'clusterwatch.db'}")
    items = ItemStore(database).find(Filter())
    database.close()
    assert _stories_told_twice(items) == [sorted([SEEDS["klynge"], SEEDS["twin"]])]


def test_the_second_crawl_brings_nothing_new(played: Played) -> None:
    second = played.crawls[1]
    assert second["new_items"] == []
    assert {one["new"] for one in second["sources"]} == {0}
    assert {one["updated"] for one in second["sources"]} == {0}


def test_the_second_crawl_reads_no_article_again(played: Played) -> None:
    assert sorted(one.site for one in played.hits[1]) == sorted(SITES)


@pytest.mark.parametrize("site", ["karten", "gazette", "twin", "bund"])
def test_sites_with_validators_are_asked_conditionally(played: Played, site: str) -> None:
    asked = [(one.conditional, one.status) for one in played.hits[1] if one.site == site]
    assert asked == [(True, 304)]


def test_the_same_bytes_without_validators_say_unchanged(played: Played) -> None:
    states = {one["id"]: one["status"] for one in played.crawls[1]["sources"]}
    assert states["bloecke"] == "unchanged"


def test_one_item_published_on_each_site_is_one_new_item_there(played: Played) -> None:
    found = sorted((one["source"], one["title"]) for one in played.crawls[2]["new_items"])
    plain = [(site, PLAIN_NEWS[0]) for site in SITES if site != "klynge"]
    assert found == sorted([("klynge", AI_NEWS[0]), *plain])


def test_only_lists_and_new_articles_are_asked_for(played: Played) -> None:
    again = [one.path for one in played.hits[2] if "lastenraeder" not in one.path]
    again = [path for path in again if "cargo-bikes" not in path and "NewsId=803" not in path]
    assert len(again) == len(SITES)


@pytest.mark.parametrize("channel", ["slack", "email", "file"])
def test_one_published_item_is_one_delivered_alert(played: Played, channel: str) -> None:
    assert [one.code for one in played.sends] == [0, 0], [one.err for one in played.sends]
    messages = played.messages[channel]
    assert len(messages) == 1
    assert AI_NEWS[0] in _folded(messages[0])
    others = [one.title for some in played.truth.values() for one in some]
    assert [title for title in others if title in _folded(messages[0])] == []


def test_links_in_alerts_carry_no_session(played: Played) -> None:
    assert [name for name, some in played.messages.items() if "sid=" in "".join(some)] == []
