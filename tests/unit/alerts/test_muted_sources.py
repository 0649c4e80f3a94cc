"""A source that was muted in one subscription: its tellings are neither shown nor named there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alerts.selection import Scope, refusal, select
from crawler.model.item import Item
from crawler.model.story import Story
from crawler.model.subscription import Subscription
from crawler.model.topic import Match
from tests.fixtures.digest_makers import NOW, item

TEAM = Subscription("team", "slack:#news", topics=("ai",), active_since=NOW - timedelta(days=3))


def about(identity: str, source: str) -> Item:
    return replace(item(identity, source=source), topics=(Match("ai", 0.9, ()),))


def story(*items: Item) -> Story:
    return Story("s", items, NOW)


def scope(*muted: str, **listed: tuple[str, ...]) -> Scope:
    return Scope(replace(TEAM, muted=muted), TEAM.active_since, listed_by=listed)


def test_a_story_of_muted_sources_alone_is_refused_as_muted() -> None:
    told = story(about("a", "harbour"), about("b", "valley"))
    assert refusal(told, scope("harbour", "valley")) == "muted"
    assert select([told], scope("harbour", "valley"), now=NOW).stories == ()


def test_another_telling_leads_and_the_muted_one_is_not_named() -> None:
    told = story(about("a", "harbour"), about("b", "valley"), about("c", "forest"))
    (chosen,) = select([told], scope("harbour"), now=NOW).shown
    assert {one.source for one in (chosen.lead, *chosen.also_in)} == {"valley", "forest"}
    assert set(chosen.items) == {"a", "b", "c"}  # the news was told: it does not come again


def test_an_item_that_another_source_lists_too_is_told() -> None:
    told = story(about("a", "harbour"))
    assert refusal(told, scope("harbour", a=("harbour", "valley"))) == ""
    assert refusal(told, scope("harbour", a=("harbour",))) == "muted"
