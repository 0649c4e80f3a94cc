"""Slack with a bot token: posts once, and can tell afterwards whether a post arrived.

Slack has no documented idempotency key; every message carries the delivery's id in its
metadata and is looked up by it before anything is repeated.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any, Protocol

from alerts.channels.pacing import Pace
from alerts.channels.slack_api import SlackApi
from alerts.digests.slack import EVENT_TYPE
from crawler.errors import (
    AmbiguousDeliveryError,
    DeliveryError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from crawler.model.delivery import Delivery

CALL_TIMEOUT_SECONDS = 15
SECONDS_BETWEEN_POSTS = 1.0  # in one channel; Slack's own limit
_CONVERSATION = re.compile(r"[CGD][A-Z0-9]{6,}")
_MEMBER = re.compile(r"[UW][A-Z0-9]{6,}")
_CLOCK_SKEW = timedelta(hours=1)
_PAGES = 20  # of channels or messages: bounded, so that a lease outlives it
_NOT_EDITABLE = ("message_not_found", "cant_update_message", "edit_window_closed")
_SCOPES = ("chat:write", "channels:read", "channels:history")


class SlackMemory(Protocol):
    """What the channel remembers across restarts; storage implements it."""

    def channel_id(self, name: str) -> str:
        """The id stored for ``name`` ("#cluster-news" or a member's "U…"), else ``""``."""
        ...

    def remember_channel(self, name: str, channel_id: str) -> None:
        """Store the id of ``name``."""
        ...

    def external_id(self, delivery_id: str) -> str:
        """The ``ts`` under which a delivery was posted, ``""`` if it was not."""
        ...


class SlackChannel:
    """Posts deliveries whose payload is that of ``chat.postMessage`` as JSON."""

    can_look_up = True

    def __init__(
        self,
        token: str,
        memory: SlackMemory,
        *,
        base_url: str = "https://slack.com/api/",
        timeout_seconds: int = CALL_TIMEOUT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._api = SlackApi(token, base_url, timeout_seconds)
        self._memory = memory
        self._pace = Pace(SECONDS_BETWEEN_POSTS, clock=clock, sleep=sleep)

    def send(self, delivery: Delivery) -> str:
        """Post it; the ``ts`` of the message. Thread parts need their parent's ``ts``."""
        target = delivery.to.partition(":")[2]
        body = self._body(delivery)
        channel = self._resolved(target, delivery.id)
        if "update_of" in body:
            return self._edited(channel, body, delivery)
        try:
            return self._posted(channel, body, delivery)
        except PermanentDeliveryError as error:
            # Only a remembered id can be stale: the channel was made anew under its name.
            if error.reason != "channel_not_found" or _CONVERSATION.fullmatch(target):
                raise
            renewed = self._looked_up(target, delivery.id)
            if renewed == channel:
                raise
            return self._posted(renewed, body, delivery)

    def find(self, delivery: Delivery) -> str | None:
        """The ``ts`` of the message that carries this delivery's id; None where none does.

        An edit carries none: repeating it changes nothing.
        """
        channel = self._resolved(delivery.to.partition(":")[2], delivery.id)
        oldest = (delivery.created_at - _CLOCK_SKEW).timestamp()
        arguments: dict[str, object] = {"channel": channel, "oldest": f"{oldest:.6f}"}
        method = "conversations.history"
        if delivery.thread_of:
            parent = self._memory.external_id(delivery.thread_of)
            if not parent:
                return None  # without its parent it was never posted
            arguments, method = {"channel": channel, "ts": parent}, "conversations.replies"
        arguments |= {"include_all_metadata": True, "limit": 200}
        try:
            return self._found(method, arguments, delivery.id)
        except PermanentDeliveryError as error:
            if error.reason == "thread_not_found":
                return None
            raise TemporaryDeliveryError(
                f"Slack does not let us look up what was posted: {error.reason}.",
                delivery_id=delivery.id,
                reason=error.reason,
                remedy=error.remedy,
            ) from error

    def check(self, targets: Collection[str] = ()) -> tuple[str, ...]:
        """Whether the token is good and has the scopes we need, and the app is where it posts."""
        try:
            _, headers = self._api.read_with_headers("auth.test", {})
        except DeliveryError as error:
            return (f"Slack: {error.line()}",)
        granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")} - {""}
        missing = [scope for scope in _SCOPES if granted and scope not in granted]
        if missing:
            return (f"Slack: the app lacks {', '.join(missing)}. Add them and install it anew.",)
        try:
            return tuple(self._unreached(targets))
        except DeliveryError as error:
            return (f"Slack: {error.line()}",)

    def _unreached(self, targets: Collection[str]) -> Iterator[str]:
        """What keeps a post from the channels in use; members are reached by name always."""
        wanted = {one.removeprefix("#") for one in targets if not _MEMBER.fullmatch(one)}
        known = {
            key: channel
            for channel in (self._channels() if wanted else ())
            for key in (channel.get("name"), channel.get("id"))
        }
        for name in sorted(wanted):
            channel = known.get(name)
            if channel is None:
                yield f"Slack: no channel {name} that the app can see. Invite it: /invite."
            elif channel.get("is_archived"):
                yield f"Slack: the channel {name} is archived. Name another, or bring it back."
            elif not channel.get("is_member", True):
                yield f"Slack: the app is not in {name}. Type /invite and its name there."

    def close(self) -> None:
        """Nothing is held open: every call has its own connection."""

    def __repr__(self) -> str:
        return "SlackChannel()"

    def _posted(self, channel: str, body: Mapping[str, object], delivery: Delivery) -> str:
        self._pace.wait(channel)
        answer = self._api.post("chat.postMessage", {**body, "channel": channel}, delivery.id)
        ts = str(answer.get("ts") or "")
        if not ts:
            raise AmbiguousDeliveryError(
                "Slack took the message without saying where it stands.",
                delivery_id=delivery.id,
                reason="broken_answer",
            )
        return ts

    def _edited(self, channel: str, body: Mapping[str, object], delivery: Delivery) -> str:
        """``chat.update`` of a message posted before; gone or closed to edits, nothing is left
        to be corrected."""
        original = str(body["update_of"])
        ts = self._memory.external_id(original)
        payload = {"event_type": EVENT_TYPE, "event_payload": {"delivery_id": original}}
        edit = {"channel": channel, "ts": ts, "text": body["text"], "blocks": body["blocks"]}
        self._pace.wait(channel)
        try:
            self._api.post("chat.update", {**edit, "metadata": payload}, delivery.id)
        except PermanentDeliveryError as error:
            if error.reason not in _NOT_EDITABLE:
                raise
        return ts

    def _body(self, delivery: Delivery) -> dict[str, object]:
        """The frozen payload, with this delivery's id and, for a thread part, its parent."""
        try:
            body = dict(json.loads(delivery.payload))
        except (ValueError, TypeError) as error:
            raise PermanentDeliveryError(
                "The stored message is no JSON object.",
                delivery_id=delivery.id,
                reason="invalid_payload",
            ) from error
        payload = {"delivery_id": delivery.id}
        body["metadata"] = {"event_type": EVENT_TYPE, "event_payload": payload}
        if delivery.thread_of:
            body["thread_ts"] = self._parent(delivery)
        return body

    def _parent(self, delivery: Delivery) -> str:
        parent = self._memory.external_id(delivery.thread_of)
        if not parent:
            raise TemporaryDeliveryError(
                "The message this part belongs to has not been posted yet.",
                delivery_id=delivery.id,
                reason="parent_not_sent",
            )
        return parent

    def _resolved(self, target: str, delivery_id: str) -> str:
        if _CONVERSATION.fullmatch(target):
            return target
        return self._memory.channel_id(target) or self._looked_up(target, delivery_id)

    def _looked_up(self, target: str, delivery_id: str) -> str:
        """Ask Slack for the id of a member's conversation or of a channel's name; remember it."""
        if _MEMBER.fullmatch(target):
            answer = self._api.read("conversations.open", {"users": target}, delivery_id)
            found = str((answer.get("channel") or {}).get("id", ""))
        else:
            found = self._channel_named(target.removeprefix("#"), delivery_id)
        if not found:
            raise PermanentDeliveryError(
                f"Slack has no channel {target} that the app can see.",
                delivery_id=delivery_id,
                reason="channel_not_found",
                remedy="Invite the app there with /invite, or correct `to` in the subscription.",
            )
        self._memory.remember_channel(target, found)
        return found

    def _channel_named(self, name: str, delivery_id: str) -> str:
        named = (one for one in self._channels(delivery_id) if one.get("name") == name)
        return str(next(named, {}).get("id", ""))

    def _channels(self, delivery_id: str = "") -> Iterator[dict[str, Any]]:
        """The workspace's channels; private ones where the app may see them (groups:read)."""
        try:
            yield from self._listed("public_channel,private_channel", delivery_id)
        except PermanentDeliveryError as error:
            if error.reason != "missing_scope":
                raise
            yield from self._listed("public_channel", delivery_id)

    def _listed(self, types: str, delivery_id: str) -> Iterator[dict[str, Any]]:
        arguments = {"types": types, "limit": 1000}
        return self._paged("conversations.list", arguments, "channels", delivery_id)

    def _found(self, method: str, arguments: Mapping[str, object], delivery_id: str) -> str | None:
        for message in self._paged(method, arguments, "messages", delivery_id):
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            ours = metadata.get("event_type") == EVENT_TYPE
            if ours and payload.get("delivery_id") == delivery_id:
                return str(message.get("ts", ""))
        return None

    def _paged(
        self, method: str, arguments: Mapping[str, object], key: str, delivery_id: str
    ) -> Iterator[dict[str, Any]]:
        cursor = ""
        for _ in range(_PAGES):
            paged = {**arguments, "cursor": cursor} if cursor else arguments
            answer = self._api.read(method, paged, delivery_id)
            yield from answer.get(key) or ()
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor", ""))
            if not cursor:
                return
        raise TemporaryDeliveryError(
            f"{method} has more than {_PAGES} pages.", delivery_id=delivery_id, reason="too_many"
        )
