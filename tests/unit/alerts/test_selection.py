"""Which stories a subscription gets: tables of items and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.selection import Scope, now_also, pending_since, refusal, select
from crawler.model.item import Item, Published
from crawler.model.source import Source
from crawler.model.story import Story
from crawler.model.subscription import Subscription
from crawler.model.topic import Evidence, Match

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
DAY = timedelta(days=1)
TEAM = Subscription(
    id="team", to="slack:#c", topics=("ai", "korea"), max_stories=3, active_since=NOW - 10 * DAY
)
SOURCES = {
    "a": Source("a", "A", "https://a.example/", tags=("rivals",)),
    "b": Source("b", "B", "https://b.example/"),
}


def item(identity: str, *topics: str, score: float = 0.8, **changes: object) -> Item:
    matches = tuple(Match(t, score, (Evidence("title", 0, 1, "x", "c"),)) for t in topics)
    plain = Item(
        id=identity,
        source="a",
        url=f"https://a.example/{identity}",
        canonical_url=f"https://a.example/{identity}",
        title="x",
        summary="",
        published=None,
        first_seen=NOW - DAY,
        language="en",
        topics=matches,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def story(*items: Item) -> Story:
    return Story(id="s-" + items[0].id, items=items, first_seen=items[0].first_seen)


def scope(subscription: Subscription = TEAM, **changes: object) -> Scope:
    plain = Scope(subscription, pending_since(subscription, timedelta()), sources=SOURCES)
    return replace(plain, **changes)  # type: ignore[arg-type]


def shown(*stories: Story, of: Scope | None = None) -> list[str]:
    return [chosen.lead.id for chosen in select(stories, of or scope(), now=NOW).shown]


@pytest.mark.parametrize(
    ("subscription", "one", "expected"),
    [
        ({}, item("1", "ai"), ""),
        ({}, item("1", "quantum"), "topic"),
        ({}, item("1"), "topic"),
        ({"topics": ("*",)}, item("1"), ""),
        ({}, item("1", "ai", held_back="max_age"), "held_back"),
        ({"topics": ("*",)}, item("1", held_back="baseline"), "held_back"),
        ({}, item("1", "ai", first_seen=NOW - 11 * DAY), "before"),
        ({"languages": ("de",)}, item("1", "ai"), "language"),
        ({"languages": ("de", "en")}, item("1", "ai"), ""),
        ({"sources": ("b",)}, item("1", "ai"), "source"),
        ({"sources": ("a",)}, item("1", "ai"), ""),
        ({"sources": ("tag:rivals",)}, item("1", "ai"), ""),
        ({"sources": ("tag:friends",)}, item("1", "ai"), "source"),
        ({"sources": ("tag:rivals",)}, item("1", "ai", source="gone"), "source"),
        ({"active_since": None}, item("1", "ai"), "inactive"),
        ({"scope_since": {"topic:ai": NOW}}, item("1", "ai"), "before"),
        ({"scope_since": {"topic:ai": NOW}}, item("1", "ai", "korea"), ""),
        ({"scope_since": {"topic:ai": NOW - 2 * DAY}}, item("1", "ai"), ""),
        ({"sources": ("a",), "scope_since": {"source:a": NOW}}, item("1", "ai"), "before"),
        ({"scope_since": {"source:*": NOW}}, item("1", "ai"), "before"),
        (  # widened to all: what it named before counts from before
            {"scope_since": {"source:*": NOW, "source:a": NOW - 9 * DAY}},
            item("1", "ai"),
            "",
        ),
        (
            {"scope_since": {"source:*": NOW, "source:tag:rivals": NOW - 9 * DAY}},
            item("1", "ai"),
            "",
        ),
        (
            {"topics": ("*",), "scope_since": {"topic:*": NOW, "topic:ai": NOW - 9 * DAY}},
            item("1", "ai"),
            "",
        ),
        ({"topics": ("*",), "scope_since": {"topic:*": NOW}}, item("1", "ai"), "before"),
    ],
)
def test_an_item_is_pending_or_the_first_reason_against_it_is_named(
    subscription: dict[str, object], one: Item, expected: str
) -> None:
    changed = replace(TEAM, **subscription)  # type: ignore[arg-type]
    assert refusal(story(one), scope(changed)) == expected
    assert shown(story(one), of=scope(changed)) == ([] if expected else ["1"])


def test_since_looks_back_from_the_activation() -> None:
    old = story(item("1", "ai", first_seen=NOW - 12 * DAY))
    assert refusal(old, scope(since=pending_since(TEAM, timedelta(days=3)))) == ""
    assert refusal(old, scope(since=pending_since(TEAM, timedelta(days=1)))) == "before"


def test_a_source_filter_looks_at_every_source_that_listed_the_item() -> None:
    only_b = replace(TEAM, sources=("b",))
    one = story(item("1", "ai"))
    assert refusal(one, scope(only_b, listed_by={"1": ["a", "b"]})) == ""
    assert refusal(one, scope(only_b, listed_by={"1": ["a"]})) == "source"


def test_a_story_counts_as_delivered_when_any_of_its_items_was() -> None:
    one = story(item("1", "ai"), item("2", "ai"))
    assert refusal(one, scope(delivered={"2"})) == "delivered"
    assert shown(one, of=scope(delivered={"2"})) == []
    assert refusal(story(item("3", "ai")), scope(delivered={"2"})) == ""


def test_every_item_of_a_chosen_story_counts_as_delivered_with_it() -> None:
    held = item("3", held_back="max_age")
    chosen = select([story(item("1", "ai"), item("2"), held)], scope(), now=NOW).shown[0]
    assert chosen.items == ("1", "2", "3")
    assert [other.id for other in chosen.also_in] == ["2"]


def test_the_telling_in_the_readers_language_leads() -> None:
    danish, english = item("1", "ai", language="da"), item("2", "ai", language="en")
    chosen = select([story(danish, english)], scope(), now=NOW).shown[0]
    assert chosen.lead.id == "2"
    assert chosen.match == english.topics[0]
    assert [other.id for other in chosen.also_in] == ["1"]


def test_a_leading_translation_without_the_topic_carries_no_foreign_evidence() -> None:
    danish, english = item("1", "ai", language="da"), item("2", language="en")
    chosen = select([story(danish, english)], scope(), now=NOW).shown[0]
    assert chosen.lead.id == "2"
    assert chosen.match == Match("ai", 0.8, ())


def test_a_telling_the_reader_did_not_ask_for_never_leads() -> None:
    danish, english = item("1", "ai", language="da"), item("2", "ai", language="en")
    for refused in (
        replace(TEAM, languages=("da",)),
        replace(TEAM, sources=("b",)),
    ):
        listed = {"1": ["b"], "2": ["a"]}
        chosen = select([story(danish, english)], scope(refused, listed_by=listed), now=NOW)
        assert [story.lead.id for story in chosen.shown] == ["1"]
    held = replace(english, held_back="baseline")
    assert shown(story(danish, held)) == ["1"]


def test_a_story_with_two_topics_stands_under_the_stronger() -> None:
    both = item("1", topics=(Match("ai", 0.5, ()), Match("korea", 0.9, ()), Match("space", 1, ())))
    chosen = select([story(both)], scope(), now=NOW).shown[0]
    assert chosen.match is not None
    assert (chosen.match.topic, chosen.other_topics) == ("korea", ("ai",))


def test_relevance_and_freshness_rank() -> None:
    strong = story(item("strong", "ai", score=0.9, source="b"))
    weak = story(item("weak", "ai", score=0.4))
    old = story(item("old", "ai", score=0.9, source="c", first_seen=NOW - 9 * DAY))
    assert shown(weak, old, strong) == ["strong", "old", "weak"]


def test_an_old_publication_date_makes_a_story_old_and_a_future_one_not_fresher() -> None:
    week_ago = Published(NOW - 7 * DAY)
    next_year = Published(NOW + 365 * DAY)
    late = story(item("late", "ai", published=week_ago))
    ahead = story(item("ahead", "ai", published=next_year, source="b"))
    plain = story(item("plain", "ai", source="c"))
    ranked = select([late, ahead, plain], scope(), now=NOW).shown
    assert [chosen.lead.id for chosen in ranked] == ["ahead", "plain", "late"]
    assert ranked[0].score == ranked[1].score


def test_sources_take_turns_among_stories_of_like_weight() -> None:
    from_a = [story(item(f"a{n}", "ai", score=0.8)) for n in range(3)]
    from_b = [story(item("b0", "ai", score=0.75, source="b"))]
    assert shown(*from_a, *from_b) == ["a0", "b0", "a1"]


def test_what_exceeds_the_budget_is_rolled_up_never_dropped() -> None:
    stories = [story(item(f"i{n}", "ai", score=n / 10)) for n in range(10)]
    selection = select(stories, scope(), now=NOW)
    assert len(selection.shown) == 3
    assert len(selection.rolled_up) == 7
    assert {chosen.story for chosen in selection.stories} == {s.id for s in stories}


def test_what_was_alerted_at_once_is_only_counted() -> None:
    alerted, fresh = story(item("1", "ai"), item("2", "ai")), story(item("3", "ai"))
    selection = select([alerted, fresh], scope(alerted={"2"}), now=NOW)
    assert [chosen.lead.id for chosen in selection.shown] == ["3"]
    assert [chosen.items for chosen in selection.counted] == [("1", "2")]


def test_the_order_does_not_depend_on_the_order_given() -> None:
    stories = [story(item(f"i{n}", "ai", source="ab"[n % 2])) for n in range(6)]
    forward = select(stories, scope(), now=NOW)
    assert forward == select(stories[::-1], scope(), now=NOW)


def _told_in(*languages: str, joined: str = "en", **changes: object) -> Story:
    """A story delivered in these languages that a telling in ``joined`` has joined."""
    delivered = [item(f"{n}", "ai", language=code) for n, code in enumerate(languages)]
    return story(*delivered, item("new", "ai", language=joined, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("grown", "changes", "told"),
    [
        (_told_in("ko"), {}, ["new"]),
        (_told_in("ko", "de"), {}, ["new"]),
        (_told_in("ko", "en"), {}, []),
        (_told_in("ko", joined="de"), {}, []),
        (_told_in("ko", held_back="max_age"), {}, []),
        (_told_in("ko"), {"alerted": ("new",)}, []),
        (_told_in("ko"), {"subscription": replace(TEAM, muted=("a",))}, []),
        (_told_in("ko"), {"subscription": replace(TEAM, languages=("ko",))}, []),
        (_told_in("ko", "en", joined="de"), {"subscription": replace(TEAM, digest_language="de")},
         ["new"]),
    ],
)  # fmt: skip
def test_a_delivered_story_is_named_again_when_it_can_be_read_at_last(
    grown: Story, changes: dict[str, object], told: list[str]
) -> None:
    delivered = [one.id for one in grown.items if one.id != "new"]
    of = scope(**{"delivered": delivered, **changes})  # type: ignore[arg-type]
    assert [one.lead.id for one in now_also([grown], of)] == told
    assert shown(grown, of=of) == []


def test_a_story_that_was_not_delivered_is_no_old_one() -> None:
    assert now_also([_told_in("ko")], scope()) == ()


def test_of_several_new_tellings_one_is_named_and_none_is_named_later() -> None:
    full = item("full", language="en", text="the fullest text of all")
    grown = story(item("old", "ai", language="ko"), item("short", language="en"), full)
    named = now_also([grown], scope(delivered=["old"]))
    assert [(one.lead.id, one.items) for one in named] == [("full", ("short", "full"))]
    assert now_also([grown], scope(delivered=["old", *named[0].items])) == ()
