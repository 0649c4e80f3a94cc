"""Answers to who clicked or asked in Slack: by the address Slack gave for it, else by a post.

Answers are a courtesy, not a delivery: one that gets lost is logged and not repeated.
"""

from __future__ import annotations

import http.client
import logging
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit

from alerts.channels.loopback import on_loopback
from alerts.channels.slack_api import SlackApi
from crawler.errors import DeliveryError
from crawler.logs import event

if TYPE_CHECKING:
    from alerts.digests.answers import Answer

_SILENT = logging.getLogger("clusterwatch.slack_sdk")
_SLACK_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
_log = logging.getLogger(__name__)


class SlackAnswers:
    """Sends answers through the SDK's clients."""

    def __init__(self, token: str, base_url: str, timeout_seconds: int) -> None:
        self._base_url = base_url
        self._timeout = timeout_seconds
        self._api = SlackApi(token, base_url, timeout_seconds) if token else None

    def send(self, answer: Answer, *, response_url: str, channel: str, user: str) -> bool:
        """Whether Slack took it. Without a ``response_url`` it goes to ``user`` in ``channel``."""
        if self._may_be_answered(response_url):
            reason = self._respond(answer, response_url)
        else:
            reason = self._post(answer, channel, user)
        if reason:
            event(_log, logging.WARNING, "slack.answer_lost", reason=reason)
        return not reason

    def _respond(self, answer: Answer, url: str) -> str:
        from slack_sdk.webhook import WebhookClient

        client = WebhookClient(url, timeout=self._timeout, retry_handlers=[], logger=_SILENT)
        if on_loopback(url):
            client.proxy = None
        body = {
            "text": answer.text,
            "blocks": answer.blocks,
            "response_type": "in_channel" if answer.public else "ephemeral",
            "replace_original": answer.replaces,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            given = client.send_dict(body)
        except (URLError, http.client.HTTPException, OSError, ValueError) as error:
            return type(error).__name__
        return "" if given.status_code == 200 else f"http_{given.status_code}"

    def _post(self, answer: Answer, channel: str, user: str) -> str:
        if self._api is None or not channel:
            return "no_way_to_answer"
        method = "chat.postMessage" if answer.public else "chat.postEphemeral"
        body: dict[str, object] = {
            "channel": channel,
            "text": answer.text,
            "blocks": answer.blocks,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if not answer.public:
            body["user"] = user
        try:
            self._api.post(method, body, "")
        except DeliveryError as error:
            return error.reason or "failed"
        return ""

    def _may_be_answered(self, url: str) -> bool:
        """Only Slack's own hosts: a forged address would make us knock on strange doors."""
        try:
            parts, own = urlsplit(url), urlsplit(self._base_url)
            if parts.scheme == "https" and parts.hostname in _SLACK_HOSTS and parts.port is None:
                return True
            # Another installation of the API, as in tests: its own origin alone.
            slack = (own.hostname or "").endswith("slack.com")
            return not slack and (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
        except ValueError:
            return False
