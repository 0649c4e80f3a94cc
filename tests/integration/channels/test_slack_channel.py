"""The Slack channel against the double: names, threads, look-up, and what goes wrong."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from alerts.channels.slack import SlackChannel
from alerts.demo.slack_double import SlackDouble
from alerts.demo.slack_faults import (
    broken_json,
    delay,
    drop_after,
    drop_before,
    http_error,
    rate_limited,
    slack_error,
)
from alerts.demo.slack_workspace import SlackChannel as Room
from crawler.errors import (
    AmbiguousDeliveryError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from tests.fixtures.deliveries import MADE, delivery

NEWS = delivery("slack:#cluster-news")
EDIT = json.dumps({"update_of": "d-1", "text": "New", "blocks": []})
ROOMS = (
    Room("C0NEWS0001", "cluster-news"),
    Room("C0PRIVATE1", "inner-circle", is_private=True),
    Room("C0ARCHIVE1", "old-news", is_archived=True),
    Room("C0FOREIGN1", "elsewhere", is_member=False),
    *(Room(f"C0FILL{n:04}", f"filler-{n}") for n in range(150)),
)


class Memory:
    """What storage would keep."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}
        self.sent: dict[str, str] = {}

    def channel_id(self, name: str) -> str:
        return self.ids.get(name, "")

    def remember_channel(self, name: str, channel_id: str) -> None:
        self.ids[name] = channel_id

    def external_id(self, delivery_id: str) -> str:
        return self.sent.get(delivery_id, "")


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    async with SlackDouble(channels=ROOMS, now=lambda: MADE.timestamp() + 5) as double:
        yield double


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def channel(slack: SlackDouble, memory: Memory) -> SlackChannel:
    return SlackChannel(
        slack.token, memory, base_url=slack.base_url, timeout_seconds=1, sleep=lambda _: None
    )


async def in_thread(call: Any, *arguments: Any) -> Any:
    return await asyncio.to_thread(call, *arguments)


async def test_a_post_carries_the_frozen_payload_and_its_deliverys_id(
    slack: SlackDouble, channel: SlackChannel
) -> None:
    ts = await in_thread(channel.send, NEWS)
    (post,) = slack.posts
    assert post.ts == ts
    assert post.channel == "C0NEWS0001"
    assert post.text == "Cluster news"
    assert post.arguments["unfurl_links"] is False
    assert post.metadata == {
        "event_type": "clusterwatch_delivery",
        "event_payload": {"delivery_id": "d-1"},
    }


async def test_a_channels_name_is_resolved_once(
    slack: SlackDouble, channel: SlackChannel, memory: Memory
) -> None:
    for number in range(3):
        await in_thread(channel.send, delivery("slack:#filler-149", id=f"d-{number}"))
    assert memory.ids == {"#filler-149": "C0FILL0149"}
    assert slack.called("conversations.list") == 1
    assert len(slack.posts) == 3


async def test_ids_need_no_resolving_and_members_get_a_direct_message(
    slack: SlackDouble, channel: SlackChannel, memory: Memory
) -> None:
    await in_thread(channel.send, delivery("slack:C0NEWS0001"))
    await in_thread(channel.send, delivery("slack:U0READER01"))
    assert [post.channel for post in slack.posts] == ["C0NEWS0001", "D0READER01"]
    assert memory.ids == {"U0READER01": "D0READER01"}
    assert slack.called("conversations.list") == 0


async def test_a_channel_made_anew_under_its_name_is_found_again(
    slack: SlackDouble, channel: SlackChannel, memory: Memory
) -> None:
    memory.ids["#cluster-news"] = "C0DELETED1"
    await in_thread(channel.send, NEWS)
    assert memory.ids["#cluster-news"] == "C0NEWS0001"
    assert len(slack.posts) == 1


async def test_a_thread_part_needs_its_parent(
    slack: SlackDouble, channel: SlackChannel, memory: Memory
) -> None:
    part = delivery("slack:#cluster-news", id="d-1-1", part=1, thread_of="d-1")
    with pytest.raises(TemporaryDeliveryError) as caught:
        await in_thread(channel.send, part)
    assert caught.value.reason == "parent_not_sent"
    assert await in_thread(channel.find, part) is None
    memory.sent["d-1"] = await in_thread(channel.send, NEWS)
    ts = await in_thread(channel.send, part)
    assert [post.thread_ts for post in slack.posts] == ["", memory.sent["d-1"]]
    assert await in_thread(channel.find, part) == ts


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (drop_before(), "connection_lost"),
        (drop_after(), "connection_lost"),
        (broken_json(), "broken_answer"),
        (http_error(503), "http_503"),
        (slack_error("fatal_error"), "fatal_error"),
    ],
)
async def test_a_lost_answer_is_ambiguous_and_never_repeated(
    slack: SlackDouble, channel: SlackChannel, fault: Any, reason: str
) -> None:
    slack.fail("chat.postMessage", fault)
    with pytest.raises(AmbiguousDeliveryError) as caught:
        await in_thread(channel.send, NEWS)
    assert caught.value.reason == reason
    assert caught.value.delivery_id == "d-1"
    assert slack.called("chat.postMessage") == 1


async def test_a_time_out_is_ambiguous(slack: SlackDouble, channel: SlackChannel) -> None:
    slack.fail("chat.postMessage", delay(1.5))
    with pytest.raises(AmbiguousDeliveryError) as caught:
        await in_thread(channel.send, NEWS)
    assert caught.value.reason == "timeout"


async def test_what_arrived_before_the_answer_was_lost_is_found(
    slack: SlackDouble, channel: SlackChannel
) -> None:
    slack.fail("chat.postMessage", drop_after())
    with pytest.raises(AmbiguousDeliveryError):
        await in_thread(channel.send, NEWS)
    assert await in_thread(channel.find, NEWS) == slack.posts[0].ts


async def test_what_never_arrived_is_not_found(slack: SlackDouble, channel: SlackChannel) -> None:
    slack.fail("chat.postMessage", drop_before())
    with pytest.raises(AmbiguousDeliveryError):
        await in_thread(channel.send, NEWS)
    for number in range(260):  # other messages, more than a page of them
        slack.workspace.post_message({"channel": "C0NEWS0001", "text": f"chat {number}"})
    await in_thread(channel.send, delivery("slack:#cluster-news", id="d-2"))
    assert await in_thread(channel.find, NEWS) is None


async def test_a_look_up_reads_every_page(slack: SlackDouble, channel: SlackChannel) -> None:
    ts = await in_thread(channel.send, NEWS)
    for number in range(450):
        slack.workspace.post_message({"channel": "C0NEWS0001", "text": f"chat {number}"})
    assert await in_thread(channel.find, NEWS) == ts
    assert slack.called("conversations.history") == 3


@pytest.mark.parametrize(
    "fault", [drop_before(), broken_json(), rate_limited(3), slack_error("missing_scope")]
)
async def test_a_look_up_that_fails_tells_nothing(
    slack: SlackDouble, channel: SlackChannel, fault: Any
) -> None:
    await in_thread(channel.send, NEWS)
    slack.fail("conversations.history", fault)
    with pytest.raises(TemporaryDeliveryError):
        await in_thread(channel.find, NEWS)


async def test_a_rate_limit_is_obeyed_by_the_outbox(
    slack: SlackDouble, channel: SlackChannel
) -> None:
    slack.fail("chat.postMessage", rate_limited(17))
    with pytest.raises(TemporaryDeliveryError) as caught:
        await in_thread(channel.send, NEWS)
    assert caught.value.retry_after_seconds == 17
    assert slack.called("chat.postMessage") == 1


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("slack:#old-news", "is_archived"),
        ("slack:#elsewhere", "not_in_channel"),
        ("slack:#no-such-channel", "channel_not_found"),
        ("slack:C0MISSING1", "channel_not_found"),
        ("slack:U0NOBODY01", "user_not_found"),
    ],
)
async def test_what_will_never_arrive_is_permanent_and_has_a_remedy(
    channel: SlackChannel, to: str, reason: str
) -> None:
    with pytest.raises(PermanentDeliveryError) as caught:
        await in_thread(channel.send, delivery(to))
    assert caught.value.reason == reason
    assert caught.value.remedy


async def test_private_channels_need_their_scope_only_when_they_are_wanted(
    slack: SlackDouble, channel: SlackChannel
) -> None:
    await in_thread(channel.send, delivery("slack:#inner-circle"))
    slack.fail("conversations.list", slack_error("missing_scope"))
    await in_thread(channel.send, NEWS)
    assert [post.channel for post in slack.posts] == ["C0PRIVATE1", "C0NEWS0001"]


async def test_nothing_listening_is_surely_not_sent(memory: Memory) -> None:
    nobody = SlackChannel("xoxb-1", memory, base_url="http://127.0.0.1:9/api/")
    with pytest.raises(TemporaryDeliveryError) as caught:
        await in_thread(nobody.send, delivery("slack:C0NEWS0001"))
    assert caught.value.reason == "connection_refused"


async def test_a_broken_payload_is_permanent(channel: SlackChannel) -> None:
    for payload in ("no JSON", "[1]", "3"):
        with pytest.raises(PermanentDeliveryError):
            await in_thread(channel.send, delivery("slack:C0NEWS0001", payload))


async def test_one_message_a_second_and_channel(slack: SlackDouble, memory: Memory) -> None:
    slept: list[float] = []
    channel = SlackChannel(
        slack.token, memory, base_url=slack.base_url, clock=lambda: 0.0, sleep=slept.append
    )
    for target in ("C0NEWS0001", "C0NEWS0001", "C0FILL0001", "C0NEWS0001"):
        await in_thread(channel.send, delivery(f"slack:{target}"))
    assert slept == [1.0, 2.0]


async def test_doctor_hears_of_a_dead_token(slack: SlackDouble, memory: Memory) -> None:
    good = SlackChannel(slack.token, memory, base_url=slack.base_url)
    dead = SlackChannel("xoxb-dead", memory, base_url=slack.base_url)
    assert await in_thread(good.check) == ()
    (problem,) = await in_thread(dead.check)
    assert "invalid_auth" in problem
    assert "SLACK_BOT_TOKEN" in problem


async def test_secrets_and_bodies_stay_out_of_errors_and_logs(
    slack: SlackDouble, memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    channel = SlackChannel("xoxb-s3cret", memory, base_url=slack.base_url)
    with pytest.raises(PermanentDeliveryError) as caught:
        await in_thread(channel.send, delivery("slack:C0NEWS0001"))
    told = f"{caught.value!r} {caught.value.line()} {channel!r} {caplog.text}"
    assert "s3cret" not in told
    assert "Hello" not in told


async def test_an_edit_changes_the_message_and_keeps_its_identity(
    slack: SlackDouble, channel: SlackChannel, memory: Memory
) -> None:
    memory.sent["d-1"] = await in_thread(channel.send, NEWS)
    edit = delivery("slack:#cluster-news", id="d-2", payload=EDIT)
    for _ in range(2):  # repeating it changes nothing
        assert await in_thread(channel.send, edit) == memory.sent["d-1"]
    (post,) = slack.posts
    assert (post.text, post.edited) == ("New", True)
    assert await in_thread(channel.find, NEWS) == post.ts
    assert await in_thread(channel.find, edit) is None


async def test_a_message_that_is_gone_leaves_nothing_to_correct(
    slack: SlackDouble, channel: SlackChannel, memory: Memory
) -> None:
    memory.sent["d-1"] = "1.000001"
    edit = delivery("slack:#cluster-news", id="d-2", payload=EDIT)
    assert await in_thread(channel.send, edit) == "1.000001"
    assert not slack.posts
