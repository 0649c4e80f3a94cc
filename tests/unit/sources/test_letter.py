"""The letter to a site's owner carries the facts, in the owner's language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.fetch.settings import user_agent
from crawler.model.source import Source, SourceState
from crawler.sources.letter import LANGUAGES, Sender, letter

SOURCE = Source("sud", "Cluster Süd", "https://www.sud.example/aktuelles")
STATE = SourceState(
    "sud", error_kind="bot", failing_since=datetime(2026, 11, 3, 5, tzinfo=UTC),
    interval=timedelta(hours=6),
)  # fmt: skip
SENDER = Sender(
    user_agent("mailto:ops@example.org"), "mailto:ops@example.org", timedelta(hours=1),
    timedelta(seconds=1),
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_has_every_fact(language: str) -> None:
    said = letter(SOURCE, STATE, SENDER, language)
    for fact in (
        "Cluster Süd", "https://www.sud.example/aktuelles", "2026-11-03", "Clusterwatch/",
        "ops@example.org", "User-agent: Clusterwatch", "Allow: /aktuelles", "RSS", "ewsletter",
    ):  # fmt: skip
        assert fact in said or (fact == "ewsletter" and "nyhedsbrev" in said)
    assert "{" not in said
    assert all(len(line) <= 80 for line in said.splitlines())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("eine Prüfung auf Roboter", "alle 6 Stunden", "1 s Pause")),
        ("da", ("en kontrol for robotter", "hver 6. time")),
        ("en", ("a check for robots", "every 6 hours")),
        ("fr", ("a check for robots", "Dear Sir or Madam")),
    ],
)
def test_it_speaks_the_owner_s_language(language: str, words: tuple[str, ...]) -> None:
    said = letter(SOURCE, STATE, SENDER, language)
    assert all(word in said for word in words)


@pytest.mark.parametrize("kind", ["robots", "blocked", "login", "consent", "timeout", ""])
def test_it_says_what_happens(kind: str) -> None:
    said = letter(SOURCE, SourceState("sud", error_kind=kind), SENDER, "en")
    assert said.count("What happens:") == 1
    assert "not known" in said


def test_without_a_contact_it_says_where_one_is_missing() -> None:
    nobody = Sender(user_agent(""), "", timedelta(days=1), timedelta(seconds=5))
    said = letter(SOURCE, SourceState("sud"), nobody, "de")
    assert "[crawl] contact ist nicht gesetzt" in said
    assert "einmal am Tag" in said
