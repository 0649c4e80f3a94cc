"""What Slack's answers, and the lack of one, mean for a delivery.

Codes from the reference of ``chat.postMessage``. A refusal by Slack is certain; an answer
that got lost, broke off or came from a failing server says nothing about the message.
"""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from collections.abc import Mapping
from urllib.error import URLError

from crawler.errors import (
    AmbiguousDeliveryError,
    DeliveryError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)

_TOKEN = "Install the Slack app anew and put its bot token into SLACK_BOT_TOKEN."  # noqa: S105
_SCOPES = "Give the Slack app the scopes chat:write, channels:read and channels:history."
_INVITE = "Invite the app there with /invite, or correct `to` in the subscription."

REMEDIES: Mapping[str, str] = {
    "is_archived": "Unarchive the channel, or correct `to` in the subscription.",
    "channel_not_found": _INVITE,
    "not_in_channel": _INVITE,
    "user_not_found": "Correct the member id in the subscription's `to`.",
    "users_not_found": "Correct the member id in the subscription's `to`.",
    "user_disabled": "The member has left the workspace; remove the subscription.",
    "cannot_dm_bot": "Correct the member id in the subscription's `to`; it is a bot's.",
    "account_inactive": _TOKEN,
    "token_revoked": _TOKEN,
    "token_expired": _TOKEN,
    "invalid_auth": _TOKEN,
    "not_authed": _TOKEN,
    "not_allowed_token_type": "SLACK_BOT_TOKEN must be a bot token (xoxb-…).",
    "missing_scope": _SCOPES,
    "no_permission": _SCOPES,
    "restricted_action": "Ask the workspace's administrators to let the app post there.",
    "restricted_action_read_only_channel": "Ask the administrators to let the app post there.",
    "thread_not_found": "The message it belongs to was deleted; nothing needs to be done.",
    "no_service": "The webhook was removed; make a new one for SLACK_WEBHOOK_URL.",
    "no_active_hooks": "The webhook was switched off; make a new one for SLACK_WEBHOOK_URL.",
    "channel_is_archived": "Unarchive the channel, or make a webhook for another one.",
}
_LATER = {
    "ratelimited",
    "rate_limited",
    "message_limit_exceeded",
    "rollup_error",
    "service_unavailable",
    "request_timeout",  # the request did not arrive whole
    "team_added_to_org",
    "accesslimited",
}
_UNSURE = {"fatal_error", "internal_error"}  # "some aspect of the operation may have succeeded"
_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ECONNREFUSED, errno.EADDRNOTAVAIL}
_RATE_LIMIT_SECONDS = 30.0  # where Slack does not say


def refusal(
    code: str, status: int, headers: Mapping[str, str], *, delivery_id: str
) -> DeliveryError:
    """The error for an answer without success: ``code`` from its JSON, "" without one."""
    if status == 429 or code in _LATER:
        return TemporaryDeliveryError(
            "Slack asks to wait.",
            delivery_id=delivery_id,
            reason=code or "ratelimited",
            retry_after_seconds=_retry_after(headers) if status == 429 else None,
        )
    if code in _UNSURE or status >= 500 or (not code and status < 400):
        return AmbiguousDeliveryError(
            "Slack's answer does not tell whether it took the message.",
            delivery_id=delivery_id,
            reason=code or (f"http_{status}" if status >= 500 else "broken_answer"),
        )
    if not code:
        return TemporaryDeliveryError(
            "What answers is not Slack.",
            delivery_id=delivery_id,
            reason=f"http_{status}",
            remedy="Check [slack] base_url and the proxy.",
        )
    return PermanentDeliveryError(
        f"Slack refuses: {code}.",
        delivery_id=delivery_id,
        reason=code,
        remedy=REMEDIES.get(code, "See the code in Slack's reference of chat.postMessage."),
    )


def lost(error: Exception, *, delivery_id: str) -> DeliveryError:
    """The error for a conversation that broke off: ambiguous unless nothing was sent."""
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(error, URLError) and _never_connected(cause):
        return TemporaryDeliveryError(
            "Slack cannot be reached.",
            delivery_id=delivery_id,
            reason=_reason(cause),
            remedy="Check the network, the proxy and [slack] base_url.",
        )
    return AmbiguousDeliveryError(
        "The connection to Slack broke before its answer came.",
        delivery_id=delivery_id,
        reason=_reason(cause),
    )


def _never_connected(cause: object) -> bool:
    """urllib wraps what happens up to the end of sending; only these are surely before it."""
    if isinstance(cause, ConnectionRefusedError | socket.gaierror | ssl.SSLCertVerificationError):
        return True
    return isinstance(cause, OSError) and cause.errno in _UNREACHABLE


def _reason(cause: object) -> str:
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (TimeoutError, "timeout"),
        (socket.gaierror, "dns"),
        (ssl.SSLError, "tls"),
        (ConnectionRefusedError, "connection_refused"),
        ((ConnectionError, http.client.HTTPException), "connection_lost"),
        (OSError, "network"),
    )
    return next((reason for kind, reason in kinds if isinstance(cause, kind)), "broken_answer")


def _retry_after(headers: Mapping[str, str]) -> float:
    for name, value in headers.items():
        if name.lower() == "retry-after":
            try:
                return max(float(value), 1.0)
            except ValueError:
                break
    return _RATE_LIMIT_SECONDS
