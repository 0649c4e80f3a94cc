"""Who may knock: signed, recent, each request once; hostile headers are refused."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from urllib.parse import urlencode

import pytest

from alerts.demo.slack_double import SlackDouble
from alerts.slack_app.app import SlackApp
from alerts.web import slack as door
from tests.integration.slack_app.office import ADA, NEWS, Office, click, opened, running, signed


def body_of(office: Office, what: str = "useful") -> bytes:
    return urlencode({"payload": json.dumps(click(office, what))}).encode()


def test_a_signed_click_is_acknowledged_and_done(office: Office) -> None:
    answer = office.send("interactions", body_of(office))
    assert (answer.status_code, answer.text) == (200, "")
    assert [one.judgement for one in office.judgements] == ["relevant"]


def test_another_secret_changed_bodies_and_missing_headers_are_refused(office: Office) -> None:
    body, moment = body_of(office), int(office.web.now.timestamp())
    forged = signed(body, moment, secret="guessed")
    for given in (forged, signed(body + b"x", moment), {}):
        answer = office.web.client.post("/slack/interactions", content=body, headers=given)
        assert answer.status_code == 401
    assert office.judgements == []
    assert office.slack.calls == []


@pytest.mark.parametrize("late", [-301, 301, 86_400])
def test_a_request_older_or_newer_than_five_minutes_is_refused(office: Office, late: int) -> None:
    body = body_of(office)
    headers = signed(body, int(office.web.now.timestamp()) - late)
    answer = office.web.client.post("/slack/interactions", content=body, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("moment", "signature"),
    [
        (b"now", b"v0=1"),
        (b"", b""),
        (b"-1", b"v0=1"),
        (b"9" * 5000, b"v0=1"),
        (b"1e9", b"v0=1"),
        ("١٢٣".encode(), b"v0=1"),
        (None, b"v0=\xff\xfe"),
        (None, b"v0=" + b"0" * 10_000),
        (None, "v0=ключ".encode()),
    ],
)
def test_hostile_headers_are_answered_401(
    office: Office, moment: bytes | None, signature: bytes
) -> None:
    given = str(int(office.web.now.timestamp())).encode() if moment is None else moment
    headers = [(b"x-slack-request-timestamp", given), (b"x-slack-signature", signature)]
    for path in ("interactions", "commands", "events"):
        answer = office.web.client.post(f"/slack/{path}", content=b"payload={}", headers=headers)
        assert answer.status_code == 401


def test_two_signatures_in_one_request_are_refused(office: Office) -> None:
    body = body_of(office)
    headers = [*signed(body, int(office.web.now.timestamp())).items()]
    twice = [*headers, ("X-Slack-Signature", "v0=guess")]
    answer = office.web.client.post("/slack/interactions", content=body, headers=twice)
    assert answer.status_code == 401


def test_a_replay_within_five_minutes_is_refused(office: Office) -> None:
    body = body_of(office)
    headers = signed(body, int(office.web.now.timestamp()))
    first = office.web.client.post("/slack/interactions", content=body, headers=headers)
    office.wait(minutes=4)
    again = office.web.client.post("/slack/interactions", content=body, headers=headers)
    assert (first.status_code, again.status_code) == (200, 401)
    assert len(office.whispers) == 1


def test_the_same_click_signed_anew_is_done_once(office: Office) -> None:
    body = body_of(office)
    assert office.send("interactions", body).status_code == 200
    office.wait(seconds=10)
    assert office.send("interactions", body).status_code == 200
    assert len(office.whispers) == 1


def test_an_event_that_comes_three_times_is_done_once(office: Office) -> None:
    event = {
        "type": "event_callback", "event_id": "Ev1",
        "event": {"type": "app_mention", "user": ADA, "channel": NEWS, "text": "<@U0BOT> help"},
    }  # fmt: skip
    for _ in range(3):
        assert office.post("events", event).status_code == 200
        office.wait(seconds=60)
    assert office.slack.called("chat.postEphemeral") == 1
    assert "What I can do" in office.last.text
    assert office.last.user == ADA


def test_the_address_is_proven_when_slack_tries_it(office: Office) -> None:
    answer = office.post("events", {"type": "url_verification", "challenge": "3eZbrw1aB"})
    assert answer.json() == {"challenge": "3eZbrw1aB"}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"payload=", b"payload=[]", b"payload=null", b"payload={", b"payload=%ff%fe&text=%00",
        b"payload=" + b"[" * 50_000, b"&".join(b"a=1" for _ in range(2_000)),
        urlencode({"payload": '{"type": "block_actions", "actions": "x"}'}).encode(),
        urlencode({"payload": '{"type": "block_actions", "actions": [1], "user": []}'}).encode(),
    ],
)  # fmt: skip
def test_signed_nonsense_is_no_error_of_ours(office: Office, body: bytes) -> None:
    for path in ("interactions", "commands", "events"):
        assert office.send(path, body).status_code in (200, 400, 401)
    assert office.slack.calls == []


def test_a_body_that_is_no_text_is_refused(office: Office) -> None:
    headers = signed(b"", int(office.web.now.timestamp()))
    answer = office.web.client.post("/slack/commands", content=b"\xff\xfe", headers=headers)
    assert answer.status_code == 401


def test_a_body_over_the_limit_is_refused_unread(office: Office) -> None:
    assert office.send("interactions", b"payload=" + b"x" * 300_000).status_code in (400, 403, 413)


def test_without_a_signing_secret_there_is_no_door(tmp_path: Path) -> None:
    with (
        running(SlackDouble()) as slack,
        opened(tmp_path, slack, SLACK_SIGNING_SECRET="") as office,
    ):
        assert office.send("commands", b"text=help").status_code == 404


def test_a_slow_database_does_not_make_slack_wait(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go, whole = threading.Event(), SlackApp.admit

    def slow(self: SlackApp, *given: object) -> str:
        let_go.wait(10)
        return whole(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(door, "ADMITTED_WITHIN_SECONDS", 0.05)
    monkeypatch.setattr(SlackApp, "admit", slow)
    # The test client waits for the work after the answer too, so it is let go while it waits.
    threading.Timer(0.3, let_go.set).start()
    assert office.send("interactions", body_of(office)).status_code == 200
    assert len(office.judgements) == 1


def test_an_answer_goes_to_slack_alone(office: Office) -> None:
    """A response address of somebody else is not knocked at; the clicker gets a whisper."""
    for strange in ("https://evil.example/x", "http://169.254.169.254/", "file:///etc/passwd",
                    "https://hooks.slack.com@evil.org/", "https://[bad", "x" * 3000):  # fmt: skip
        office.click("useful", response_url=strange)
    assert office.slack.called("response_url") == 0
    assert office.slack.called("chat.postEphemeral") == 6
    assert {one.user for one in office.whispers} == {ADA}
