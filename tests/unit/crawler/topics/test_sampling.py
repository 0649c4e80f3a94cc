"""Which unmatched items people are asked about."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.model.judgement import Classified
from crawler.model.topic import Match
from crawler.topics.sampling import A_WEEK, chosen, iso_week, weeks

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
ITEMS = [f"item-{number}" for number in range(20)]


def unmatched(item: str, seen: datetime = MONDAY) -> Classified:
    return Classified(item, seen, None)


def test_the_choice_is_the_same_in_any_order() -> None:
    one = chosen("ai", "2026-W47", ITEMS)
    assert len(one) == A_WEEK
    assert chosen("ai", "2026-W47", ITEMS[::-1]) == one


def test_another_topic_or_week_chooses_others() -> None:
    choices = {chosen(topic, week, ITEMS) for topic in ("ai", "quantum") for week in ("1", "2")}
    assert len(choices) == 4


def test_every_item_has_about_the_same_chance() -> None:
    counts = Counter(one for week in range(400) for one in chosen("ai", str(week), ITEMS))
    assert set(counts) == set(ITEMS)
    assert all(60 < count < 140 for count in counts.values())  # 100 on average


def test_matched_items_and_copies_are_not_asked_about() -> None:
    match = Match("ai", 0.9, ())
    archive = [
        unmatched("a"),
        Classified("b", MONDAY, match),
        Classified("copy", MONDAY, None, copy=True),
        Classified("copied match", MONDAY, match, copy=True),
    ]
    [week] = weeks("ai", archive)
    assert (week.matched, week.unmatched, week.sample) == (1, 1, ("a",))


def test_each_week_has_its_own_few_and_the_newest_comes_first() -> None:
    archive = [
        unmatched(f"{week}-{number}", MONDAY + timedelta(weeks=week, days=number % 7))
        for week in range(3)
        for number in range(9)
    ]
    found = weeks("ai", archive)
    assert [week.name for week in found] == ["2026-W49", "2026-W48", "2026-W47"]
    assert all(len(week.sample) == A_WEEK and week.unmatched == 9 for week in found)
    assert weeks("ai", archive[:9])[0] == found[2]  # later weeks do not change earlier ones


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (datetime(2027, 1, 3, 23, 59, tzinfo=UTC), "2026-W53"),
        (datetime(2027, 1, 4, 0, 0, tzinfo=UTC), "2027-W01"),
        (datetime(2027, 1, 4, 1, 0, tzinfo=timezone(timedelta(hours=2))), "2026-W53"),
    ],
)
def test_weeks_are_those_of_iso_8601_in_utc(moment: datetime, week: str) -> None:
    assert iso_week(moment) == week
