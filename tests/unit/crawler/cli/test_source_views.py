"""Sources are shown in the installation's time, with its name; documents stay ISO."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crawler.cli.source_views import for_people, source_line
from crawler.model.source import Source, SourceState
from crawler.storage.source_rows import SourceRow

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 22, 12, 8, tzinfo=UTC)


def test_times_for_people_are_local_and_name_their_zone() -> None:
    row = SourceRow(
        Source("one", "One", "https://one.example"), SourceState("one", last_polled=NOON)
    )
    assert "polled 2026-11-22 13:08 CET" in source_line(row, BERLIN)
    document = {"id": "one", "last_polled": NOON.isoformat(), "last_ok": None}
    assert for_people(document, BERLIN) == {
        "id": "one", "last_polled": "2026-11-22 13:08 CET", "last_ok": None,
    }  # fmt: skip


def test_what_is_wrong_is_told_in_words() -> None:
    assert for_people({"cause": "http"}, BERLIN) == {"cause": "the site answers with an error"}
    assert for_people({"cause": None}, BERLIN) == {"cause": None}
