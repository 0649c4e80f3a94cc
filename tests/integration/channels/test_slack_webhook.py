"""An incoming webhook against the double: at-least-once, and its address is a secret."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from alerts.channels.slack_webhook import SlackWebhookChannel
from alerts.demo.slack_double import SlackDouble
from alerts.demo.slack_faults import Fault, drop_after, http_error, rate_limited
from crawler.errors import (
    AmbiguousDeliveryError,
    DeliveryError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from tests.fixtures.deliveries import delivery

NEWS = delivery("slack:#cluster-news")


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    async with SlackDouble() as double:
        yield double


@pytest.fixture
def channel(slack: SlackDouble) -> SlackWebhookChannel:
    return SlackWebhookChannel(slack.webhook_url, timeout_seconds=2, sleep=lambda _: None)


async def in_thread(call: Any, *arguments: Any) -> Any:
    return await asyncio.to_thread(call, *arguments)


async def test_it_posts_without_what_webhooks_refuse(
    slack: SlackDouble, channel: SlackWebhookChannel
) -> None:
    assert await in_thread(channel.send, NEWS) == "webhook:d-1"
    (post,) = slack.posts
    assert post.text == "Cluster news"
    assert set(post.arguments) == {"channel", "text", "blocks", "unfurl_links", "unfurl_media"}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (drop_after(), AmbiguousDeliveryError),
        (http_error(503), AmbiguousDeliveryError),
        (rate_limited(9), TemporaryDeliveryError),
    ],
)
async def test_failures_are_told_apart_and_never_name_the_address(
    slack: SlackDouble, channel: SlackWebhookChannel, fault: Fault, kind: type[DeliveryError]
) -> None:
    slack.fail("incoming-webhook", fault)
    with pytest.raises(kind) as caught:
        await in_thread(channel.send, NEWS)
    assert slack.called("incoming-webhook") == 1
    told = f"{caught.value!r}{caught.value.line()}{caught.value.__cause__!r}{channel!r}"
    assert "services" not in told


async def test_a_refusal_is_permanent(slack: SlackDouble, channel: SlackWebhookChannel) -> None:
    with pytest.raises(PermanentDeliveryError) as caught:
        await in_thread(channel.send, delivery("slack:#x", '{"text": ""}'))
    assert caught.value.reason == "no_text"


async def test_it_cannot_look_up(channel: SlackWebhookChannel) -> None:
    assert not channel.can_look_up
    with pytest.raises(TemporaryDeliveryError):
        channel.find(NEWS)


def test_doctor_wants_an_https_address() -> None:
    assert SlackWebhookChannel("https://hooks.example/services/x").check() == ()
    assert SlackWebhookChannel("http://hooks.example/services/x").check()
