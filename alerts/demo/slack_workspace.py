"""The workspace of the Slack double: channels, people and what was posted, without HTTP.

Every method of Slack's Web API that the double speaks is one function here, from arguments to
the answer's JSON; errors are raised as ``SlackRefusal`` with Slack's own code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from alerts.demo.block_limits import message_error

Json = dict[str, Any]
TEAM = "T0DEMO0001"
BOT_USER = "U0CLUSTER1"
BOT = "B0CLUSTER1"


class SlackRefusal(Exception):
    """Slack answers ``ok = false``; ``code`` is its error code."""

    def __init__(self, code: str, messages: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """One conversation: a channel, or a direct message (``user`` set)."""

    id: str  # "C…" or "D…"
    name: str = ""
    is_member: bool = True
    is_archived: bool = False
    is_private: bool = False
    user: str = ""  # the other person of a direct message


@dataclass(frozen=True, slots=True)
class SlackPost:
    """One message as it stands in the workspace."""

    channel: str  # conversation id
    ts: str
    text: str
    blocks: tuple[Json, ...] = ()
    metadata: Json = field(default_factory=dict)
    thread_ts: str = ""  # of the parent; "" for a message of the channel itself
    edited: bool = False
    arguments: Mapping[str, Any] = field(default_factory=dict)  # of the call that posted it


@dataclass(frozen=True, slots=True)
class SlackWhisper:
    """A message that one person alone sees; it stands in no history."""

    channel: str
    user: str
    text: str
    blocks: tuple[Json, ...] = ()
    replaces: bool = False  # the message whose button was pressed


class Workspace:
    """Channels, people and posts."""

    def __init__(
        self,
        channels: tuple[SlackChannel, ...],
        people: Mapping[str, str],
        now: Callable[[], float],
    ) -> None:
        """``people`` maps e-mail address → user id; ``now`` gives Unix seconds for ``ts``."""
        self.channels = {channel.id: channel for channel in channels}
        self.people = dict(people)
        self.posts: list[SlackPost] = []
        self.whispers: list[SlackWhisper] = []
        self._now = now
        self._last_ts = 0  # microseconds

    def auth_test(self, arguments: Json) -> Json:
        return {
            "url": "https://clusterwatch-demo.slack.com/",
            "team": "Clusterwatch demo",
            "user": "clusterwatch",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT,
        }

    def post_message(self, arguments: Json) -> Json:
        channel = self._postable(_required(arguments, "channel"))
        text, blocks = str(arguments.get("text") or ""), _json(arguments, "blocks")
        _check(text, blocks)
        thread = str(arguments.get("thread_ts") or "")
        if thread:
            self._post(channel.id, thread, "thread_not_found")
        post = SlackPost(
            channel=channel.id,
            ts=self._next_ts(),
            text=text,
            blocks=tuple(blocks or ()),
            metadata=_metadata(arguments),
            thread_ts=thread,
            arguments=arguments,
        )
        self.posts.append(post)
        return {"channel": channel.id, "ts": post.ts, "message": _message(post, payload=True)}

    def post_ephemeral(self, arguments: Json) -> Json:
        channel = self._postable(_required(arguments, "channel"))
        user = _required(arguments, "user")
        text, blocks = str(arguments.get("text") or ""), _json(arguments, "blocks")
        _check(text, blocks)
        ts = self._next_ts()
        self.whispers.append(SlackWhisper(channel.id, user, text, tuple(blocks or ())))
        return {"message_ts": ts}

    def respond(self, channel: str, user: str, arguments: Json) -> None:
        """What was sent to a ``response_url``: for one person alone unless it says otherwise."""
        text, blocks = str(arguments.get("text") or ""), _json(arguments, "blocks")
        _check(text, blocks)
        if arguments.get("response_type") == "in_channel":
            self.post_message({"channel": channel, "text": text, "blocks": blocks})
            return
        replaces = _true(arguments, "replace_original")
        whisper = SlackWhisper(channel, user, text, tuple(blocks or ()), replaces)
        self.whispers.append(whisper)

    def update(self, arguments: Json) -> Json:
        channel = self._readable(_required(arguments, "channel"))
        old = self._post(channel.id, _required(arguments, "ts"), "message_not_found")
        text, blocks = str(arguments.get("text") or ""), _json(arguments, "blocks")
        _check(text, blocks)
        new = replace(
            old,
            text=text,
            blocks=tuple(blocks or ()),
            metadata=_metadata(arguments) or old.metadata,
            edited=True,
        )
        self.posts[self.posts.index(old)] = new
        return {"channel": channel.id, "ts": new.ts, "text": new.text}

    def conversations_list(self, arguments: Json) -> Json:
        types = set(str(arguments.get("types") or "public_channel").split(","))
        hide = _true(arguments, "exclude_archived")
        shown = [
            _channel(channel)
            for channel in self.channels.values()
            if not channel.user
            and ("private_channel" if channel.is_private else "public_channel") in types
            and not (hide and channel.is_archived)
        ]
        page, cursor, _ = _page(shown, arguments)
        return {"channels": page, "response_metadata": {"next_cursor": cursor}}

    def history(self, arguments: Json) -> Json:
        channel = self._readable(_required(arguments, "channel"))
        posts = [post for post in self.posts if post.channel == channel.id and not post.thread_ts]
        return self._messages(list(reversed(posts)), arguments)

    def replies(self, arguments: Json) -> Json:
        channel = self._readable(_required(arguments, "channel"))
        parent = self._post(channel.id, _required(arguments, "ts"), "thread_not_found")
        answers = [p for p in self.posts if p.channel == channel.id and p.thread_ts == parent.ts]
        return self._messages([parent, *answers], arguments)

    def open(self, arguments: Json) -> Json:
        user = _required(arguments, "users")
        if user not in self.people.values():
            raise SlackRefusal("user_not_found")
        return {"channel": {"id": self._direct(user).id}}

    def lookup_by_email(self, arguments: Json) -> Json:
        address = _required(arguments, "email").lower()
        user = next((u for mail, u in self.people.items() if mail.lower() == address), None)
        if user is None:
            raise SlackRefusal("users_not_found")
        profile = {"email": address, "real_name": address.partition("@")[0]}
        return {"user": {"id": user, "team_id": TEAM, "deleted": False, "profile": profile}}

    def _messages(self, posts: list[SlackPost], arguments: Json) -> Json:
        payload = _true(arguments, "include_all_metadata")
        kept = [post for post in posts if _within(post.ts, arguments)]
        page, cursor, more = _page([_message(p, payload=payload) for p in kept], arguments)
        answer: Json = {"messages": page, "has_more": more}
        return answer | ({"response_metadata": {"next_cursor": cursor}} if more else {})

    def _postable(self, target: str) -> SlackChannel:
        """The conversation ``target`` (id, name, #name or user id) that may be posted to."""
        if target in self.people.values():
            return self._direct(target)
        name = target.removeprefix("#")
        found = self.channels.get(target) or next(
            (channel for channel in self.channels.values() if channel.name == name), None
        )
        if found is None:
            raise SlackRefusal("channel_not_found")
        if found.is_archived:
            raise SlackRefusal("is_archived")
        if not found.is_member:
            raise SlackRefusal("not_in_channel")
        return found

    def _readable(self, target: str) -> SlackChannel:
        """The conversation with this id: reading knows no names."""
        found = self.channels.get(target)
        if found is None or (found.is_private and not found.is_member):
            raise SlackRefusal("channel_not_found")
        if not found.is_member:
            raise SlackRefusal("not_in_channel")
        return found

    def _direct(self, user: str) -> SlackChannel:
        channel = SlackChannel("D" + user[1:], user=user)
        return self.channels.setdefault(channel.id, channel)

    def _post(self, channel: str, ts: str, missing: str) -> SlackPost:
        for post in self.posts:
            if post.channel == channel and post.ts == ts:
                return post
        raise SlackRefusal(missing)

    def _next_ts(self) -> str:
        """A new ``ts``: now, but later than every earlier one."""
        self._last_ts = max(self._last_ts + 1, int(self._now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"


METHODS: Mapping[str, Callable[[Workspace, Json], Json]] = {
    "auth.test": Workspace.auth_test,
    "chat.postMessage": Workspace.post_message,
    "chat.postEphemeral": Workspace.post_ephemeral,
    "chat.update": Workspace.update,
    "conversations.list": Workspace.conversations_list,
    "conversations.history": Workspace.history,
    "conversations.replies": Workspace.replies,
    "conversations.open": Workspace.open,
    "users.lookupByEmail": Workspace.lookup_by_email,
}


def _check(text: str, blocks: object) -> None:
    error = message_error(text, blocks)
    if error is not None:
        raise SlackRefusal(error.code, error.messages)


def _required(arguments: Json, name: str) -> str:
    value = arguments.get(name)
    if not value:
        raise SlackRefusal("invalid_arguments", (f"[ERROR] missing required field: {name}",))
    return str(value)


def _true(arguments: Json, name: str) -> bool:
    return str(arguments.get(name, "")).lower() in {"1", "true"}


def _json(arguments: Json, name: str) -> Any:
    """An argument that is JSON: already so in a JSON body, as a string in a form."""
    value = arguments.get(name)
    if not isinstance(value, str) or not value:
        return value or None
    try:
        return json.loads(value)
    except ValueError as error:
        raise SlackRefusal(f"invalid_{name}_format") from error


def _metadata(arguments: Json) -> Json:
    value = _json(arguments, "metadata")
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise SlackRefusal("invalid_metadata_format")
    if not isinstance(value.get("event_type"), str) or "event_payload" not in value:
        raise SlackRefusal("invalid_metadata_schema")
    return value


def _message(post: SlackPost, *, payload: bool) -> Json:
    """A message as history shows it; metadata's payload only when it was asked for."""
    message: Json = {
        "type": "message",
        "user": BOT_USER,
        "bot_id": BOT,
        "ts": post.ts,
        "text": post.text,
        "blocks": list(post.blocks),
    }
    if post.thread_ts:
        message["thread_ts"] = post.thread_ts
    if post.edited:
        message["edited"] = {"user": BOT_USER, "ts": post.ts}
    if post.metadata:
        event = {"event_type": post.metadata["event_type"]}
        message["metadata"] = post.metadata if payload else event
    return message


def _channel(channel: SlackChannel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": True,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_member": channel.is_member,
    }


def _within(ts: str, arguments: Json) -> bool:
    """Whether ``ts`` lies between ``oldest`` and ``latest`` (exclusive unless ``inclusive``)."""
    moment, inclusive = float(ts), _true(arguments, "inclusive")
    oldest = float(arguments.get("oldest") or 0)
    latest = float(arguments.get("latest") or "inf")
    return oldest < moment < latest or (inclusive and moment in {oldest, latest})


def _page(values: list[Json], arguments: Json) -> tuple[list[Json], str, bool]:
    """One page of ``values``, the next cursor ("" at the end), whether there is more."""
    try:
        limit = min(max(int(arguments.get("limit") or 100), 1), 999)
        start = int(str(arguments.get("cursor") or "next:0").partition(":")[2])
    except ValueError as error:
        raise SlackRefusal("invalid_arguments") from error
    end = start + limit
    more = end < len(values)
    return values[start:end], f"next:{end}" if more else "", more
