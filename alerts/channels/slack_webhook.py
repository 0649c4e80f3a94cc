"""Slack by an incoming webhook: one channel, no ids, no look-up; at-least-once by nature."""

from __future__ import annotations

import http.client
import json
import logging
import time
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit

from alerts.channels.loopback import on_loopback
from alerts.channels.pacing import Pace
from alerts.channels.slack_errors import lost, refusal
from crawler.errors import PermanentDeliveryError, TemporaryDeliveryError
from crawler.model.delivery import Delivery

if TYPE_CHECKING:
    from slack_sdk.webhook import WebhookClient

CALL_TIMEOUT_SECONDS = 15
SECONDS_BETWEEN_POSTS = 1.0
_ACCEPTED = ("text", "blocks", "unfurl_links", "unfurl_media")  # webhooks take no metadata
_SILENT = logging.getLogger("clusterwatch.slack_sdk")


class SlackWebhookChannel:
    """Posts to the webhook's own channel, whatever ``to`` says; thread parts follow as posts."""

    can_look_up = False

    def __init__(
        self,
        url: str,
        *,
        timeout_seconds: int = CALL_TIMEOUT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._timeout = timeout_seconds
        self._pace = Pace(SECONDS_BETWEEN_POSTS, clock=clock, sleep=sleep)

    def send(self, delivery: Delivery) -> str:
        """Post it; webhooks give no id, so ours comes back."""
        body = _body(delivery)
        self._pace.wait("webhook")
        try:
            answer = self._client().send_dict(body)
        except (URLError, http.client.HTTPException, OSError, ValueError) as error:
            # The chain is cut: the SDK's errors may quote the address, which is a secret.
            raise lost(error, delivery_id=delivery.id) from None
        if answer.status_code == 200 and answer.body.strip() == "ok":
            return f"webhook:{delivery.id}"
        text = answer.body.strip()
        code = text if len(text) < 60 and text.replace("_", "").isalnum() else ""
        headers = {str(name): str(value) for name, value in dict(answer.headers).items()}
        raise refusal(code, answer.status_code, headers, delivery_id=delivery.id)

    def find(self, delivery: Delivery) -> str | None:
        """A webhook cannot be asked. Raises TemporaryDeliveryError."""
        raise TemporaryDeliveryError(
            "A webhook cannot tell what was posted.", delivery_id=delivery.id, reason="no_look_up"
        )

    def check(self, targets: Collection[str] = ()) -> tuple[str, ...]:
        """Whether the address can be one; it cannot be tried without posting."""
        parts = urlsplit(self._url)
        if parts.scheme == "https" or on_loopback(self._url):
            return ()
        return ("Slack: SLACK_WEBHOOK_URL is no https address. Copy it from the app's page.",)

    def close(self) -> None:
        """Nothing is held open."""

    def __repr__(self) -> str:
        return "SlackWebhookChannel()"

    def _client(self) -> WebhookClient:
        from slack_sdk.webhook import WebhookClient

        client = WebhookClient(self._url, timeout=self._timeout, retry_handlers=[], logger=_SILENT)
        if on_loopback(self._url):
            client.proxy = None
        return client


def _body(delivery: Delivery) -> dict[str, object]:
    try:
        payload: Mapping[str, object] = json.loads(delivery.payload)
        if "update_of" in payload:  # posted with a bot's token that was taken away since
            raise PermanentDeliveryError(
                "A webhook cannot edit a message.", delivery_id=delivery.id, reason="cannot_edit"
            )
        return {key: payload[key] for key in _ACCEPTED if key in payload}
    except (ValueError, TypeError) as error:
        raise PermanentDeliveryError(
            "The stored message is no JSON object.",
            delivery_id=delivery.id,
            reason="invalid_payload",
        ) from error
