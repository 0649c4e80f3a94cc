"""A digest as JSON to any web address, signed as the Standard Webhooks specification says.

Headers ``webhook-id`` (the delivery's id, the same for every repetition: receivers fold on it),
``webhook-timestamp`` (Unix seconds) and ``webhook-signature`` (``v1,`` and the base64 of
HMAC-SHA-256 over ``id.timestamp.body``). At-least-once: an answer that got lost is repeated.

The key is what the secret's base64 stands for, with the prefix ``whsec_`` or without it, as the
specification's own libraries read it. A secret that is no base64 is itself the key (they refuse
it), and ``doctor`` says so.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import http.client
import ssl
import time
from collections.abc import Callable, Collection
from urllib.parse import SplitResult

from alerts.channels.webhook_address import webhook_target
from crawler.errors import (
    AmbiguousDeliveryError,
    DeliveryError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from crawler.model.delivery import Delivery

TIMEOUT_SECONDS = 20.0
_PREFIX = "whsec_"
_SHORTEST_KEY = 24  # bytes, by the specification; up to 64
_REMEDY = (
    "Set CLUSTERWATCH_WEBHOOK_SECRET to the output of: "
    'echo "whsec_$(openssl rand -base64 32)"; the receiver gets the same.'
)
_GONE = {404, 410}  # the specification: 410 means that nobody wants it any more
_LATER = {408, 425, 429}


class WebhookChannel:
    """Posts deliveries whose payload is a JSON document to the address in ``to``."""

    can_look_up = False

    def __init__(
        self,
        secret: str,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._secret = secret
        self._key = key_of(secret)
        self._timeout = timeout_seconds
        self._clock = clock

    def send(self, delivery: Delivery) -> str:
        """Post it; our own id comes back, the receiver gives none."""
        target = _target(delivery)
        body = delivery.payload.encode("utf-8")
        connection = self._connected(target, delivery.id)
        try:
            path = (target.path or "/") + (f"?{target.query}" if target.query else "")
            connection.request("POST", path, body, self._headers(delivery.id, body))
            answer = connection.getresponse()
            answer.read(1000)
        except (OSError, http.client.HTTPException) as error:
            raise AmbiguousDeliveryError(
                "The connection to the webhook broke before its answer came.",
                delivery_id=delivery.id,
                reason="timeout" if isinstance(error, TimeoutError) else "connection_lost",
            ) from error
        finally:
            connection.close()
        if 200 <= answer.status < 300:
            return f"webhook:{delivery.id}"
        raise _refusal(answer.status, answer.getheader("Retry-After") or "", delivery.id)

    def find(self, delivery: Delivery) -> str | None:
        """A webhook cannot be asked. Raises TemporaryDeliveryError."""
        raise TemporaryDeliveryError(
            "A webhook cannot tell what it took.", delivery_id=delivery.id, reason="no_look_up"
        )

    def check(self, targets: Collection[str] = ()) -> tuple[str, ...]:
        """Whether there is a secret to sign with; an address cannot be tried without posting."""
        if not self._secret:
            return (f"Webhook: nothing signs the messages. {_REMEDY}",)
        if _decoded(self._secret) is None:
            return (f"Webhook: the secret is no base64: receivers cannot read it. {_REMEDY}",)
        if len(self._key) < _SHORTEST_KEY:
            return (f"Webhook: the secret is shorter than {_SHORTEST_KEY} bytes. {_REMEDY}",)
        return ()

    def close(self) -> None:
        """Nothing is held open."""

    def __repr__(self) -> str:
        return "WebhookChannel()"

    def _connected(self, target: SplitResult, delivery_id: str) -> http.client.HTTPConnection:
        """What fails here failed before anything was sent."""
        host = target.hostname or ""
        connection: http.client.HTTPConnection
        if target.scheme == "https":
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(
                host, target.port, timeout=self._timeout, context=context
            )
        else:
            connection = http.client.HTTPConnection(host, target.port, timeout=self._timeout)
        try:
            connection.connect()
        except OSError as error:
            raise TemporaryDeliveryError(
                "The webhook cannot be reached.",
                delivery_id=delivery_id,
                reason="tls" if isinstance(error, ssl.SSLError) else "connection",
                remedy="Check the address in the subscription's `to`.",
            ) from error
        return connection

    def _headers(self, identity: str, body: bytes) -> dict[str, str]:
        moment = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Clusterwatch",
            "webhook-id": identity,
            "webhook-timestamp": moment,
        }
        if self._key:
            headers["webhook-signature"] = signature(self._key, identity, moment, body)
        return headers


def key_of(secret: str) -> bytes:
    """The bytes that a secret stands for; its own where it is no base64."""
    decoded = _decoded(secret)
    return secret.encode() if decoded is None else decoded


def _decoded(secret: str) -> bytes | None:
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):  # ValueError: letters that are not ASCII
        return None


def signature(key: bytes, identity: str, moment: str, body: bytes) -> str:
    """``v1,`` and the base64 of the HMAC, as the Standard Webhooks specification defines it."""
    signed = b".".join((identity.encode(), moment.encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _target(delivery: Delivery) -> SplitResult:
    target = webhook_target(delivery.to.partition(":")[2])
    if target is None:
        raise PermanentDeliveryError(
            "The webhook's address is no https address.",
            delivery_id=delivery.id,
            reason="invalid_address",
            remedy='Write `to = "webhook:https://example.org/hook"`.',
        )
    return target


def _refusal(status: int, retry_after: str, delivery_id: str) -> DeliveryError:
    if status in _LATER or status >= 500:
        # A failing server may have taken it; the id lets the receiver fold the repetition.
        kind = AmbiguousDeliveryError if status >= 500 else TemporaryDeliveryError
        return kind(
            f"The webhook answers {status}.",
            delivery_id=delivery_id,
            reason=f"http_{status}",
            retry_after_seconds=float(retry_after) if retry_after.isdecimal() else None,
        )
    what = "is gone" if status in _GONE else "refuses the message"
    return PermanentDeliveryError(
        f"The webhook {what}: {status}.",
        delivery_id=delivery_id,
        reason=f"http_{status}",
        remedy="Check the address and the secret at the receiver, or remove the subscription.",
    )
