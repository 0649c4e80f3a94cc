"""What a subscription brings, in words."""

from __future__ import annotations

import pytest

from alerts.digests.describing import described
from crawler.model.subscription import Subscription
from tests.fixtures.digest_makers import TOPICS


@pytest.mark.parametrize(
    ("topics", "schedule", "language", "told"),
    [
        (("*",), "daily 08:00", "en", "every topic; daily at 08:00 (UTC)"),
        (("ai",), "weekly mon 08:00", "en",
         "Artificial intelligence; weekly, Mondays at 08:00 (UTC)"),
        (("ai", "print"), "weekdays 7:30", "de",
         "Künstliche Intelligenz und 3D-Druck; Montag bis Freitag um 7:30 (UTC)"),
        (("print",), "weekly friday 08:00", "da", "3D-print; ugentligt, fredag kl. 08:00 (UTC)"),
        (("korea",), "immediate", "de", "Korea; sobald es etwas gibt"),
        (("korea",), "hourly", "en", "Korea; every hour"),
        (("gone",), "0 8 * * 1", "en", "gone; 0 8 * * 1 (UTC)"),
    ],
)  # fmt: skip
def test_topics_by_name_and_schedules_in_words(
    topics: tuple[str, ...], schedule: str, language: str, told: str
) -> None:
    one = Subscription(
        "s", "email:a@b.example", topics=topics, schedule=schedule, digest_language=language
    )
    assert described(one, TOPICS) == told
