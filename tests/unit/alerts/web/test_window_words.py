"""Deliveries are called by what they were, not by their keys in the database."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from alerts.web.health_words import rhythm
from alerts.web.window_words import _KINDS, window_said
from alerts.web.words import page_words

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("window", "language", "said"),
    [
        ("2026-01-14", "en", "14 Jan 2026"),
        ("2026-01-14", "de", "14. Jan. 2026"),
        ("2026-01-14", "da", "14. jan. 2026"),
        ("2026-01-14T07:00:00Z", "de", "14. Jan. 2026, 08:00 CET"),
        ("now:2026-07-14T22:30:00.123456Z", "en", "Sent early, 15 Jul 2026, 00:30 CEST"),
        ("test:2026-01-14T07:00:00+00:00", "de", "Testnachricht"),
        ("incident:3:open:1", "en", "Note to the operator"),
        ("something else", "de", "something else"),
    ],
)
def test_a_window_is_a_day_a_time_or_what_was_sent(window: str, language: str, said: str) -> None:
    assert window_said(window, page_words(language), BERLIN) == said


@pytest.mark.parametrize("kind", sorted(_KINDS))
def test_every_kind_has_its_words_in_every_language(kind: str) -> None:
    said = {window_said(f"{kind}:x", page_words(one), BERLIN) for one in ("en", "de", "da")}
    assert len(said) == 3


@pytest.mark.parametrize(
    ("seconds", "language", "said"),
    [
        (3_600, "en", "every hour"), (5_000, "en", "every hour"), (86_400, "de", "jeden Tag"),
        (21_600, "de", "alle 6 Stunden"), (900, "en", "every 15 minutes"),
        (3_600, "da", "hver time"),
    ],
)  # fmt: skip
def test_a_rhythm_of_one_has_no_number(seconds: int, language: str, said: str) -> None:
    assert rhythm(seconds, page_words(language)) == said
