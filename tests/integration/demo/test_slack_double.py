"""The Slack double, spoken to by the real clients of slack_sdk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from alerts.demo import slack_faults as faults
from alerts.demo.slack_double import SlackDouble
from alerts.demo.slack_workspace import SlackChannel

NEWS = "C0NEWS0001"
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Three stories*"}}
METADATA = {"event_type": "clusterwatch_delivery", "event_payload": {"delivery_id": "d1"}}


class Clock:
    """Unix seconds that stand still until told."""

    def __init__(self) -> None:
        self.seconds = 1_700_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    channels = (
        SlackChannel(NEWS, "cluster-news"),
        SlackChannel("C0ARCHIVE1", "old-news", is_archived=True),
        SlackChannel("C0FOREIGN1", "elsewhere", is_member=False),
        SlackChannel("G0PRIVATE1", "board", is_private=True),
    )
    async with SlackDouble(channels=channels, now=Clock()) as double:
        yield double


def connect(slack: SlackDouble, token: str | None = None, timeout: int = 5) -> AsyncWebClient:
    given = slack.token if token is None else token
    return AsyncWebClient(token=given, base_url=slack.base_url, timeout=timeout, retry_handlers=[])


async def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_post_is_kept_and_answered_with_channel_and_ts(slack: SlackDouble) -> None:
    answer = await connect(slack).chat_postMessage(
        channel="#cluster-news", text="Three stories", blocks=[SECTION], metadata=METADATA
    )
    (post,) = slack.posts
    assert (answer["channel"], answer["ts"]) == (NEWS, post.ts)
    assert post.text == "Three stories"
    assert post.blocks == (SECTION,)
    assert post.metadata == METADATA


async def test_the_synchronous_client_is_served_from_another_thread(slack: SlackDouble) -> None:
    client = WebClient(token=slack.token, base_url=slack.base_url, timeout=5)
    answer = await asyncio.to_thread(
        client.chat_postMessage, channel=NEWS, text="Hello", blocks=[SECTION], metadata=METADATA
    )
    assert answer["ok"]
    assert slack.posts[0].blocks == (SECTION,)


async def test_ts_are_unique_and_rise_even_within_one_instant(slack: SlackDouble) -> None:
    client = connect(slack)
    found = [(await client.chat_postMessage(channel=NEWS, text="x"))["ts"] for _ in range(3)]
    assert found == sorted(set(found))


async def test_auth_test_tells_who_one_is(slack: SlackDouble) -> None:
    answer = await connect(slack).auth_test()
    assert answer["user_id"].startswith("U")
    assert answer["team_id"].startswith("T")


async def test_a_wrong_and_a_missing_token_are_refused(slack: SlackDouble) -> None:
    assert await error_of(connect(slack, "xoxb-wrong").auth_test()) == "invalid_auth"
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.base_url}auth.test") as answer,
    ):
        assert (await answer.json())["error"] == "not_authed"


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("#nowhere", "channel_not_found"),
        ("C0ARCHIVE1", "is_archived"),
        ("#elsewhere", "not_in_channel"),
    ],
)
async def test_channels_that_cannot_be_posted_to(
    slack: SlackDouble, channel: str, error: str
) -> None:
    assert await error_of(connect(slack).chat_postMessage(channel=channel, text="x")) == error
    assert slack.posts == ()


async def test_a_post_to_a_person_lands_in_the_direct_message(slack: SlackDouble) -> None:
    client = connect(slack)
    user = (await client.users_lookupByEmail(email="reader@example.org"))["user"]["id"]
    opened = (await client.conversations_open(users=user))["channel"]["id"]
    posted = await client.chat_postMessage(channel=user, text="Hello")
    assert posted["channel"] == opened
    history = await client.conversations_history(channel=opened)
    assert history["messages"][0]["text"] == "Hello"


async def test_unknown_people_are_named_so(slack: SlackDouble) -> None:
    client = connect(slack)
    assert await error_of(client.users_lookupByEmail(email="x@y.org")) == "users_not_found"
    assert await error_of(client.conversations_open(users="U0NOBODY")) == "user_not_found"


async def test_conversations_list_pages_and_hides_private_channels(slack: SlackDouble) -> None:
    client, names, cursor = connect(slack), [], ""
    while True:
        page = await client.conversations_list(limit=2, cursor=cursor)
        names += [channel["name"] for channel in page["channels"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert names == ["cluster-news", "old-news", "elsewhere"]
    private = await client.conversations_list(types="private_channel", exclude_archived=True)
    assert [channel["name"] for channel in private["channels"]] == ["board"]


async def test_history_gives_the_metadata_payload_only_when_asked(slack: SlackDouble) -> None:
    client = connect(slack)
    await client.chat_postMessage(channel=NEWS, text="x", metadata=METADATA)
    plain = await client.conversations_history(channel=NEWS)
    full = await client.conversations_history(channel=NEWS, include_all_metadata=True)
    assert "event_payload" not in plain["messages"][0].get("metadata", {})
    assert full["messages"][0]["metadata"] == METADATA


async def test_history_wants_an_id_and_knows_no_names(slack: SlackDouble) -> None:
    call = connect(slack).conversations_history(channel="#cluster-news")
    assert await error_of(call) == "channel_not_found"


async def test_history_is_newest_first_paged_and_bounded_by_oldest(slack: SlackDouble) -> None:
    client = connect(slack)
    stamps = [(await client.chat_postMessage(channel=NEWS, text=str(n)))["ts"] for n in range(5)]
    first = await client.conversations_history(channel=NEWS, limit=2)
    assert [message["text"] for message in first["messages"]] == ["4", "3"]
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel=NEWS, limit=9, cursor=cursor)
    assert [message["text"] for message in rest["messages"]] == ["2", "1", "0"]
    after = await client.conversations_history(channel=NEWS, oldest=stamps[2])
    assert [message["text"] for message in after["messages"]] == ["4", "3"]
    within = await client.conversations_history(channel=NEWS, oldest=stamps[2], inclusive=True)
    assert [message["text"] for message in within["messages"]] == ["4", "3", "2"]


async def test_a_limit_that_is_no_number_is_refused(slack: SlackDouble) -> None:
    call = connect(slack).api_call("conversations.list", params={"limit": "many"})
    assert await error_of(call) == "invalid_arguments"


async def test_thread_replies_stand_in_replies_and_not_in_history(slack: SlackDouble) -> None:
    client = connect(slack)
    parent = (await client.chat_postMessage(channel=NEWS, text="digest"))["ts"]
    reply = {"channel": NEWS, "thread_ts": parent, "text": "12 more"}
    await client.chat_postMessage(**reply, metadata=METADATA)
    history = await client.conversations_history(channel=NEWS)
    assert [message["text"] for message in history["messages"]] == ["digest"]
    replies = await client.conversations_replies(channel=NEWS, ts=parent, include_all_metadata=True)
    assert [message["text"] for message in replies["messages"]] == ["digest", "12 more"]
    assert replies["messages"][1]["metadata"] == METADATA
    lost = client.chat_postMessage(channel=NEWS, thread_ts="1.000000", text="x")
    assert await error_of(lost) == "thread_not_found"


async def test_an_update_changes_the_post_in_place(slack: SlackDouble) -> None:
    client = connect(slack)
    ts = (await client.chat_postMessage(channel=NEWS, text="old", metadata=METADATA))["ts"]
    await client.chat_update(channel=NEWS, ts=ts, text="new", blocks=[SECTION])
    (post,) = slack.posts
    assert (post.ts, post.text, post.edited, post.metadata) == (ts, "new", True, METADATA)
    missing = client.chat_update(channel=NEWS, ts="1.000000", text="new")
    assert await error_of(missing) == "message_not_found"


async def test_metadata_without_a_payload_is_refused(slack: SlackDouble) -> None:
    call = connect(slack).chat_postMessage(channel=NEWS, text="x", metadata={"event_type": "y"})
    assert await error_of(call) == "invalid_metadata_schema"


async def test_blocks_over_the_limits_are_refused_with_the_place(slack: SlackDouble) -> None:
    call = connect(slack).chat_postMessage(channel=NEWS, text="x", blocks=[SECTION] * 51)
    with pytest.raises(SlackApiError) as caught:
        await call
    assert caught.value.response["error"] == "invalid_blocks"
    assert "/blocks" in caught.value.response["response_metadata"]["messages"][0]
    assert slack.posts == ()


async def test_a_rate_limit_is_told_with_retry_after(slack: SlackDouble) -> None:
    slack.fail("chat.postMessage", faults.rate_limited(7))
    client = connect(slack)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=NEWS, text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    assert slack.posts == ()
    await client.chat_postMessage(channel=NEWS, text="x")
    assert len(slack.posts) == 1


@pytest.mark.parametrize("code", ["invalid_auth", "channel_not_found", "is_archived"])
async def test_a_planned_refusal_hits_one_call(slack: SlackDouble, code: str) -> None:
    slack.fail("chat.postMessage", faults.slack_error(code))
    client = connect(slack)
    assert await error_of(client.chat_postMessage(channel=NEWS, text="x")) == code
    await client.chat_postMessage(channel=NEWS, text="x")
    assert [call.answer for call in slack.calls] == [code, "ok"]


async def test_a_connection_dropped_after_taking_leaves_the_post(slack: SlackDouble) -> None:
    slack.fail("chat.postMessage", faults.drop_after())
    with pytest.raises(aiohttp.ClientConnectionError):
        await connect(slack).chat_postMessage(channel=NEWS, text="x")
    assert [post.text for post in slack.posts] == ["x"]


async def test_a_connection_dropped_before_taking_leaves_nothing(slack: SlackDouble) -> None:
    slack.fail("chat.postMessage", faults.drop_before())
    with pytest.raises(aiohttp.ClientConnectionError):
        await connect(slack).chat_postMessage(channel=NEWS, text="x")
    assert slack.posts == ()


async def test_the_sdks_own_retries_double_a_post_that_was_taken(slack: SlackDouble) -> None:
    """The trap the double exists for: with its default handlers the SDK repeats the post."""
    slack.fail("chat.postMessage", faults.drop_after())
    client = WebClient(token=slack.token, base_url=slack.base_url, timeout=5)
    await asyncio.to_thread(client.chat_postMessage, channel=NEWS, text="x")
    assert len(slack.posts) == 2


async def test_an_answer_that_is_no_json_comes_after_the_post(slack: SlackDouble) -> None:
    slack.fail("chat.postMessage", faults.broken_json())
    with pytest.raises((SlackApiError, ValueError)):
        await connect(slack).chat_postMessage(channel=NEWS, text="x")
    assert len(slack.posts) == 1


async def test_a_late_answer_times_the_client_out_after_the_post(slack: SlackDouble) -> None:
    slack.fail("chat.postMessage", faults.delay(60))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(connect(slack).chat_postMessage(channel=NEWS, text="x"), 0.3)
    assert len(slack.posts) == 1


async def test_an_error_page_of_a_gateway_takes_nothing(slack: SlackDouble) -> None:
    slack.fail("*", faults.http_error(503))
    with pytest.raises(SlackApiError):
        await connect(slack).chat_postMessage(channel=NEWS, text="x")
    assert slack.posts == ()


async def test_faults_come_in_the_order_they_were_told(slack: SlackDouble) -> None:
    slack.fail("auth.test", faults.slack_error("fatal_error"), faults.rate_limited())
    client = connect(slack)
    seen = [await error_of(client.auth_test()) for _ in range(2)]
    assert seen == ["fatal_error", "ratelimited"]
    assert (await client.auth_test())["ok"]
    assert slack.called("auth.test") == 3


async def test_an_unknown_method_is_named_so(slack: SlackDouble) -> None:
    assert await error_of(connect(slack).api_call("chat.nonsense")) == "unknown_method"


async def test_the_incoming_webhook_posts_to_its_channel(slack: SlackDouble) -> None:
    answer = await AsyncWebhookClient(slack.webhook_url).send(text="Hello", blocks=[SECTION])
    assert (answer.status_code, answer.body) == (200, "ok")
    assert slack.posts[0].channel == NEWS
    refused = await AsyncWebhookClient(slack.webhook_url).send(text="")
    assert (refused.status_code, refused.body) == (400, "no_text")
