"""Socket Mode against a web socket of the double: acknowledged, done once, connected anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from alerts.demo.slack_double import APP_TOKEN, SlackDouble
from alerts.demo.slack_faults import slack_error
from alerts.slack_app.app import SlackApp
from alerts.web import slack_socket
from alerts.web.slack_socket import SlackSocket
from tests.integration.slack_app.office import Office, click, opened

LIMIT = 20  # seconds; nothing here takes as long


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    async with SlackDouble() as double:
        yield double


@pytest.fixture
async def office(tmp_path: Path, slack: SlackDouble) -> AsyncIterator[Office]:
    with opened(tmp_path, slack, SLACK_SIGNING_SECRET="", SLACK_APP_TOKEN=APP_TOKEN) as office:
        yield office


@pytest.fixture
async def listening(office: Office, slack: SlackDouble) -> AsyncIterator[SlackDouble]:
    app = SlackApp(office.web.parts, lambda: office.web.now)
    socket = SlackSocket(office.web.parts.settings, app, ping_seconds=0.1)
    task = asyncio.create_task(socket.run())
    await asyncio.wait_for(slack.sockets.connected(), LIMIT)
    yield slack
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=LIMIT)
    assert done


def envelope(office: Office, identity: str, what: str) -> dict[str, object]:
    payload = click(office, what)
    return {"type": "interactive", "envelope_id": identity, "payload": payload}


async def whispered(slack: SlackDouble, count: int) -> None:
    async with asyncio.timeout(LIMIT):
        while len(slack.whispers) < count:  # noqa: ASYNC110 - another thread makes them
            await asyncio.sleep(0.01)


async def test_a_click_is_acknowledged_and_answered(office: Office, listening: SlackDouble) -> None:
    await listening.sockets.push(envelope(office, "e1", "useful"))
    assert await listening.sockets.answered("e1") == {"envelope_id": "e1"}
    await whispered(listening, 1)
    assert [one.judgement for one in office.judgements] == ["relevant"]


async def test_an_envelope_sent_twice_is_done_once(office: Office, listening: SlackDouble) -> None:
    sent = envelope(office, "e1", "why")
    await listening.sockets.push(sent)
    await listening.sockets.push(sent | {"envelope_id": "e2", "retry_attempt": 1})
    await listening.sockets.answered("e2")
    await listening.sockets.push(envelope(office, "e3", "useful"))
    await whispered(listening, 2)
    texts = [one.text for one in listening.whispers]
    assert sum("Noted" in text for text in texts) == 1
    assert len(texts) == 2


async def test_a_lost_socket_is_opened_anew(office: Office, listening: SlackDouble) -> None:
    await listening.sockets.drop()
    await asyncio.wait_for(listening.sockets.connected(2), LIMIT)
    await listening.sockets.push(envelope(office, "after", "useful"))
    await asyncio.wait_for(listening.sockets.answered("after"), LIMIT)
    await whispered(listening, 1)


async def test_slack_asks_for_another_socket(office: Office, listening: SlackDouble) -> None:
    await listening.sockets.push({"type": "disconnect", "reason": "refresh_requested"})
    await asyncio.wait_for(listening.sockets.connected(2), LIMIT)


async def test_a_refused_token_waits_and_does_not_knock_for_ever(
    office: Office, slack: SlackDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_socket, "_FIRST_PAUSE", 0.01)
    slack.fail("apps.connections.open", slack_error("invalid_auth"), slack_error("invalid_auth"))
    app = SlackApp(office.web.parts, lambda: office.web.now)
    task = asyncio.create_task(SlackSocket(office.web.parts.settings, app, ping_seconds=0.1).run())
    await asyncio.wait_for(slack.sockets.connected(), LIMIT)
    assert slack.called("apps.connections.open") == 3
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=LIMIT)
    assert done


async def test_the_menu_stands_where_socket_mode_listens(office: Office) -> None:
    prepared = office.web.parts.dispatcher.preview("team", office.web.now)
    assert '"overflow"' in prepared.deliveries[0].payload
