"""One call of Slack's Web API: the SDK's client without its retries, failures as our errors.

The SDK's default handlers repeat a post when the connection broke after Slack took it; here
nothing is ever repeated, the outbox decides.
"""

from __future__ import annotations

import http.client
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

from alerts.channels.loopback import on_loopback
from alerts.channels.slack_errors import lost, refusal
from crawler.errors import AmbiguousDeliveryError, DeliveryError, TemporaryDeliveryError

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError

_SILENT = logging.getLogger("clusterwatch.slack_sdk")
_SILENT.setLevel(logging.CRITICAL + 1)  # it would log bodies; what matters becomes an error


class SlackApi:
    """Calls that change something (``post``) and calls that only read (``read``)."""

    def __init__(self, token: str, base_url: str, timeout_seconds: int) -> None:
        self._token = token
        self._base_url = base_url if base_url.endswith("/") else f"{base_url}/"
        self._timeout = timeout_seconds
        self._made: WebClient | None = None

    def post(self, method: str, body: Mapping[str, object], delivery_id: str) -> dict[str, Any]:
        """The answer of ``method``. Raises the three delivery errors."""
        return self._call(method, body, delivery_id)[0]

    def read(
        self, method: str, arguments: Mapping[str, object], delivery_id: str
    ) -> dict[str, Any]:
        """The answer of ``method``; an answer that got lost is temporary here, nothing was sent."""
        return self.read_with_headers(method, arguments, delivery_id)[0]

    def read_with_headers(
        self, method: str, arguments: Mapping[str, object], delivery_id: str = ""
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """As ``read``, with the answer's headers, their names in lower case."""
        try:
            return self._call(method, arguments, delivery_id)
        except AmbiguousDeliveryError as error:
            raise TemporaryDeliveryError(
                "Slack did not answer.", delivery_id=delivery_id, reason=error.reason
            ) from error

    def _call(
        self, method: str, body: Mapping[str, object], delivery_id: str
    ) -> tuple[dict[str, Any], dict[str, str]]:
        from slack_sdk.errors import SlackApiError

        try:
            answer = self._client().api_call(method, json=dict(body))
        except SlackApiError as error:
            raise _refused(error, delivery_id) from None  # its text quotes the whole answer
        except (URLError, http.client.HTTPException, OSError, ValueError, AttributeError) as error:
            # ValueError and AttributeError: an answer that is no JSON, or JSON of another shape.
            raise lost(error, delivery_id=delivery_id) from error
        headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
        return (answer.data if isinstance(answer.data, dict) else {}), headers

    def _client(self) -> WebClient:
        if self._made is None:
            from slack_sdk import WebClient

            self._made = WebClient(
                token=self._token,
                base_url=self._base_url,
                timeout=self._timeout,
                retry_handlers=[],
                logger=_SILENT,
            )
            if on_loopback(self._base_url):
                self._made.proxy = None  # the SDK takes HTTPS_PROXY for loopback, too
        return self._made


def _refused(error: SlackApiError, delivery_id: str) -> DeliveryError:
    answer = error.response
    data = answer.data if isinstance(answer.data, dict) else {}
    code = str(data.get("error", ""))
    if not code.replace("_", "").isalnum():  # the SDK's own sentence about an answer without JSON
        code = ""
    headers = {str(name): str(value) for name, value in dict(answer.headers).items()}
    return refusal(code, int(answer.status_code), headers, delivery_id=delivery_id)
