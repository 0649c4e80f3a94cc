"""Which failures are an outage of a way out, and what it is called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerts.outages import CERTAIN_AFTER, CERTAIN_TRIES, is_certain, is_outage, named, way_of

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reason", "away"),
    [
        ("connection", True),
        ("smtp_connection_421", True),
        ("smtp_login_454", True),
        ("http_503", True),
        ("not_set_up", True),
        ("smtp_recipient_451", False),
        ("smtp_message_452", False),
        ("http_429", False),
        ("ratelimited", False),
        ("is_archived", False),
        ("", False),
    ],
)
def test_one_recipient_s_refusal_is_no_outage(reason: str, away: bool) -> None:
    assert is_outage(reason) is away


def test_a_server_for_all_is_one_way_and_every_webhook_its_own() -> None:
    assert way_of("email", "email:a@b.example") == "email"
    assert way_of("webhook", "webhook:https://a.example/") == "webhook:https://a.example/"


def test_it_is_certain_when_it_lasts_and_was_tried_again() -> None:
    assert is_certain(CERTAIN_TRIES, NOW - CERTAIN_AFTER, NOW)
    assert not is_certain(CERTAIN_TRIES - 1, NOW - 3 * CERTAIN_AFTER, NOW)
    assert not is_certain(9, NOW - CERTAIN_AFTER + timedelta(seconds=1), NOW)


def test_every_key_has_a_name_in_words() -> None:
    keys = ("email", "slack", "network", "mailbox", "source:a", "slack:#ops")
    assert [named(key) for key in keys] == [
        "mail", "Slack", "our own network", "the mailbox", "the source a", "delivery to slack:#ops",
    ]  # fmt: skip
