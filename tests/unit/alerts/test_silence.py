"""Unusual silence is judged by a source's own rhythm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.silence import Silence, Silences, is_quiet, silence_of
from crawler.model.source import Source, SourceState
from crawler.storage.database import Database
from crawler.storage.figures import Figures
from crawler.storage.source_history import SourceHistory
from crawler.storage.source_rows import SourceRow

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def published(every_days: int, count: int, last_days_ago: int) -> list[datetime]:
    newest = NOW - timedelta(days=last_days_ago)
    return [newest - timedelta(days=every_days * number) for number in range(count)]


@pytest.mark.parametrize(
    ("every", "last", "quiet"),
    [
        (1, 3, False),
        (1, 10, False),  # two quiet weeks happen to everybody
        (1, 20, True),
        (7, 20, False),
        (7, 32, True),
        (30, 40, False),  # a monthly blog is not dead after a week
        (30, 80, False),
        (30, 100, False),  # summer days count for a third
        (30, 160, True),
    ],
)
def test_the_pause_is_compared_with_the_usual_gap(every: int, last: int, quiet: bool) -> None:
    assert is_quiet(published(every, 20, last), NOW) is quiet


def test_few_items_say_nothing_about_a_rhythm() -> None:
    assert not is_quiet(published(1, 7, 200), NOW)


def test_several_items_on_one_day_are_one_day() -> None:
    burst = [NOW - timedelta(days=300, minutes=number) for number in range(40)]
    assert not is_quiet(burst, NOW)


def test_a_weekly_source_is_told_as_weekly_though_summer_days_count_less() -> None:
    now = datetime(2026, 10, 20, tzinfo=UTC)
    weekly = [datetime(2026, 9, 1, tzinfo=UTC) - timedelta(days=7 * week) for week in range(10)]
    silence = silence_of(weekly, SourceState("weekly"), now)
    assert silence is not None
    assert (silence.days, silence.usual_days) == (49, 7)


def test_one_summer_break_does_not_hide_the_next_silence() -> None:
    weekly = published(7, 30, 35)
    with_break = weekly + [moment - timedelta(days=60) for moment in published(7, 10, 240)]
    assert is_quiet(with_break, NOW)


def test_christmas_is_no_silence_and_summer_counts_for_a_third() -> None:
    def daily(end: datetime) -> list[datetime]:
        return [end - timedelta(days=number) for number in range(40)]

    before_christmas = datetime(2025, 12, 17, 12, tzinfo=UTC)
    assert not is_quiet(daily(before_christmas), datetime(2026, 1, 20, tzinfo=UTC))
    assert is_quiet(daily(before_christmas), datetime(2026, 1, 28, tzinfo=UTC))
    in_july = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert not is_quiet(daily(in_july), datetime(2026, 8, 10, tzinfo=UTC))
    assert is_quiet(daily(in_july), datetime(2026, 8, 20, tzinfo=UTC))


def test_a_date_in_the_future_does_not_make_a_dead_source_alive() -> None:
    dead = published(1, 30, 60)
    assert is_quiet([NOW + timedelta(days=90), *dead], NOW)


@pytest.mark.parametrize(("still_days", "frozen"), [(0, True), (2, True), (30, False)])
def test_a_page_that_stands_still_is_told_from_one_without_news(
    still_days: int, frozen: bool
) -> None:
    last = NOW - timedelta(days=60)
    state = SourceState("a", last_ok=NOW, changed_at=last + timedelta(days=still_days))
    silence = silence_of(published(7, 20, 60), state, NOW)
    assert silence == Silence(last.date(), 60, 7, frozen)
    assert silence_of(published(7, 20, 10), state, NOW) is None


class Asked:
    """Which sources' dates were read."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.sources: list[str] = []
        patch.setattr(SourceHistory, "published_times", self.published_times)
        patch.setattr(Figures, "with_news_since", lambda figures, since, now: frozenset())

    def published_times(self, source_id: str, limit: int) -> list[datetime]:
        self.sources.append(source_id)
        return published(7, 20, 60)


@pytest.fixture
def silences(tmp_path: Path) -> Silences:
    return Silences(Database(f"sqlite:///{tmp_path}/unused.db"))


def watched() -> SourceRow:
    return SourceRow(Source("a", "A", "https://a.example/"), SourceState("a", last_ok=NOW))


def test_a_source_is_not_judged_again_while_nothing_came(
    silences: Silences, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(monkeypatch)
    first = silences.among([watched()], NOW)
    assert list(first) == ["a"]
    assert silences.among([watched()], NOW + timedelta(minutes=59)) == first
    assert asked.sources == ["a"]


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(days=1), timedelta(minutes=-1)])
def test_a_source_is_judged_again_after_an_hour_and_where_the_clock_was_set_back(
    silences: Silences, monkeypatch: pytest.MonkeyPatch, later: timedelta
) -> None:
    asked = Asked(monkeypatch)
    silences.among([watched()], NOW)
    silences.among([watched()], NOW + later)
    assert asked.sources == ["a", "a"]


@pytest.mark.parametrize(
    "after",
    [SourceState("a", last_ok=NOW, last_new=NOW), SourceState("a", last_ok=NOW, changed_at=NOW)],
)
def test_a_source_is_judged_again_once_something_came(
    silences: Silences, monkeypatch: pytest.MonkeyPatch, after: SourceState
) -> None:
    asked = Asked(monkeypatch)
    silences.among([watched()], NOW)
    silences.among([replace(watched(), state=after)], NOW)
    assert asked.sources == ["a", "a"]


def test_a_source_that_is_paused_or_broken_is_not_silent(
    silences: Silences, monkeypatch: pytest.MonkeyPatch
) -> None:
    Asked(monkeypatch)
    row = watched()
    paused = replace(row, state=replace(row.state, status="paused"))
    broken = replace(row, state=replace(row.state, failures=1))
    assert silences.among([row], NOW)
    assert not silences.among([paused], NOW)
    assert not silences.among([broken], NOW)
