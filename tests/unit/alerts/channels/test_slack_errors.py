"""What Slack's answers mean: certain refusals, later, and unsure."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from urllib.error import URLError

import pytest

from alerts.channels.slack_errors import lost, refusal
from crawler.errors import (
    AmbiguousDeliveryError,
    DeliveryError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)


@pytest.mark.parametrize(
    ("code", "status", "kind", "reason"),
    [
        ("is_archived", 200, PermanentDeliveryError, "is_archived"),
        ("channel_not_found", 200, PermanentDeliveryError, "channel_not_found"),
        ("not_in_channel", 200, PermanentDeliveryError, "not_in_channel"),
        ("account_inactive", 200, PermanentDeliveryError, "account_inactive"),
        ("token_revoked", 200, PermanentDeliveryError, "token_revoked"),
        ("invalid_auth", 200, PermanentDeliveryError, "invalid_auth"),
        ("msg_blocks_too_long", 200, PermanentDeliveryError, "msg_blocks_too_long"),
        ("ratelimited", 429, TemporaryDeliveryError, "ratelimited"),
        ("ratelimited", 200, TemporaryDeliveryError, "ratelimited"),
        ("", 429, TemporaryDeliveryError, "ratelimited"),
        ("service_unavailable", 503, TemporaryDeliveryError, "service_unavailable"),
        ("fatal_error", 200, AmbiguousDeliveryError, "fatal_error"),
        ("internal_error", 500, AmbiguousDeliveryError, "internal_error"),
        ("", 502, AmbiguousDeliveryError, "http_502"),
        ("", 200, AmbiguousDeliveryError, "broken_answer"),
        ("", 404, TemporaryDeliveryError, "http_404"),
    ],
)
def test_refusals(code: str, status: int, kind: type[DeliveryError], reason: str) -> None:
    error = refusal(code, status, {}, delivery_id="d")
    assert type(error) is kind
    assert (error.reason, error.delivery_id) == (reason, "d")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17.0),
        ({"retry-after": "0"}, 1.0),
        ({"Retry-After": "soon"}, 30.0),
        ({}, 30.0),
    ],
)
def test_slacks_wish_to_wait_is_read(headers: dict[str, str], seconds: float) -> None:
    error = refusal("ratelimited", 429, headers, delivery_id="d")
    assert error.retry_after_seconds == seconds


def test_every_permanent_refusal_carries_a_remedy() -> None:
    assert refusal("never_heard_of", 200, {}, delivery_id="d").remedy
    assert "/invite" in refusal("not_in_channel", 200, {}, delivery_id="d").remedy


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (URLError(ConnectionRefusedError()), TemporaryDeliveryError, "connection_refused"),
        (URLError(socket.gaierror(-2, "unknown")), TemporaryDeliveryError, "dns"),
        (URLError(ssl.SSLCertVerificationError("bad")), TemporaryDeliveryError, "tls"),
        (URLError(OSError(errno.ENETUNREACH, "x")), TemporaryDeliveryError, "network"),
        (URLError(TimeoutError()), AmbiguousDeliveryError, "timeout"),
        (URLError(ConnectionResetError()), AmbiguousDeliveryError, "connection_lost"),
        (ConnectionRefusedError(), AmbiguousDeliveryError, "connection_refused"),
        (TimeoutError(), AmbiguousDeliveryError, "timeout"),
        (http.client.RemoteDisconnected("x"), AmbiguousDeliveryError, "connection_lost"),
        (http.client.IncompleteRead(b""), AmbiguousDeliveryError, "connection_lost"),
        (ssl.SSLError("eof"), AmbiguousDeliveryError, "tls"),
        (ValueError("no JSON"), AmbiguousDeliveryError, "broken_answer"),
    ],
)
def test_only_what_surely_was_not_sent_is_temporary(
    error: Exception, kind: type[DeliveryError], reason: str
) -> None:
    found = lost(error, delivery_id="d")
    assert type(found) is kind
    assert found.reason == reason
