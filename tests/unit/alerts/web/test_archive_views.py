"""Views of the archive: read from an address, written as one, and their cursors."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.web.archive_views import WrongPart, cursor, position, view_of
from crawler.storage.archive import Placed, Position

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_a_view_is_read_and_written_the_same_way() -> None:
    asked = {"q": "한국 & 협력", "topic": "ai", "source": "x", "language": "de", "since": "30d"}
    view = view_of(asked)
    assert dict(parse_qsl(view.parameters().removeprefix("?"))) == asked
    assert view.wanted(NOW).since == NOW - timedelta(days=30)
    assert view_of({}).parameters() == ""
    assert not view_of({}).is_filtered


def test_values_that_cannot_be_are_dropped_and_long_ones_cut() -> None:
    view = view_of(
        {"q": "a\x00\u202eb " * 200, "language": "x'; --", "since": "8d", "lang": "dexx"}
    )
    assert "\x00" not in view.query
    assert "\u202e" not in view.query
    assert len(view.query) <= 200
    assert (view.language, view.since, view.words) == ("x'; --", "8d", "de")  # told as unknown
    with pytest.raises(WrongPart, match="There is no period"):
        view.wanted(NOW)


@given(st.text(), st.text(), st.text())
def test_whatever_stands_in_an_address_makes_a_view(query: str, topic: str, language: str) -> None:
    view = view_of({"q": query, "topic": topic, "language": language, "since": query})
    assert view_of(dict(parse_qsl(view.parameters()[1:]))) == view


@pytest.mark.parametrize(
    "place", [Position(NOW, "a1b2"), Position(NOW.replace(microsecond=7), "x"), Position(number=9)]
)
def test_a_cursor_leads_back_to_its_place(place: Position) -> None:
    word = cursor(Placed(place.item or "any", "s", place))
    assert position(word, searching=True) == place
    assert word.replace("-", "").replace("_", "").isalnum()


def test_a_number_is_no_place_where_nothing_is_searched() -> None:
    with pytest.raises(WrongPart):
        position(cursor(Placed("a", "s", Position(number=9))), searching=False)


@given(st.text(max_size=60))
def test_other_cursors_are_refused_not_followed(word: str) -> None:
    with suppress(WrongPart):
        place = position(word, searching=True)
        assert place is None or place.number or place.item
