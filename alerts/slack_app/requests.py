"""What Slack sends, read as what somebody did: a click, or words after our command.

Signed or not, every field is a stranger's: types are checked, lengths bounded, and what is not
understood is nothing.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alerts.digests.menu import ACTIONS, Subject, subject_of

INTERACTIVE, COMMAND, EVENT = "interactive", "slash_commands", "events_api"
_MEMBER = re.compile(r"[UW][A-Z0-9]{2,20}", re.ASCII)
_CONVERSATION = re.compile(r"[CDG][A-Z0-9]{2,20}", re.ASCII)
_MARKUP = re.compile(r"<([^<>|]{1,3000})(?:\|[^<>]{0,3000})?>")
_SCHEMELESS = re.compile(r"<http://([^<>|]{1,3000})\|\1>")  # typed bare, linked the old way
_MOST_TEXT = 3_000
_LONGEST_ADDRESS = 500


@dataclass(frozen=True, slots=True)
class Origin:
    """Who did it where, and how to answer."""

    user: str  # "U…"
    channel: str  # "C…", "G…", or "D…" for a direct message
    response_url: str = ""

    @property
    def by(self) -> str:
        """As judgements and states name them."""
        return f"slack:{self.user}"

    @property
    def shared(self) -> bool:
        """Whether others read the same messages."""
        return not self.channel.startswith("D")


@dataclass(frozen=True, slots=True)
class Click:
    """A menu or a button of a story was used."""

    origin: Origin
    what: str  # one of ``ACTIONS``
    subject: Subject


@dataclass(frozen=True, slots=True)
class Command:
    """Words after ``/clusterwatch``, or after our name in a message."""

    origin: Origin
    text: str  # plain, without Slack's markup


def read(kind: str, payload: Mapping[str, Any]) -> Click | Command | None:
    """What a request asks for; None for what is none of ours."""
    if kind == INTERACTIVE:
        return _click(payload)
    if kind == COMMAND:
        origin = _origin(payload.get("user_id"), payload.get("channel_id"), payload)
        return Command(origin, plain(_text(payload, "text"))) if origin else None
    return _mention(_mapping(payload.get("event"))) if kind == EVENT else None


def key_of(kind: str, payload: Mapping[str, Any]) -> str:
    """What is the same when Slack sends something again; "" where nothing tells."""
    identity = _text(payload, "event_id" if kind == EVENT else "trigger_id")
    return hashed(f"{kind}\n{identity}") if identity else ""


def hashed(text: str) -> str:
    """A key of 46 characters."""
    return "slack:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]


def plain(text: str) -> str:
    """What was typed, without the markup Slack puts around addresses and names."""
    bare = _MARKUP.sub(r"\1", _SCHEMELESS.sub(r"\1", text[:_MOST_TEXT]))
    return " ".join(html.unescape(bare).split())


def _click(payload: Mapping[str, Any]) -> Click | None:
    actions = payload.get("actions")
    if payload.get("type") != "block_actions" or not isinstance(actions, list) or not actions:
        return None
    action = _mapping(actions[0])
    chosen = _mapping(action.get("selected_option")) or action
    what, subject = _text(chosen, "value"), subject_of(_text(action, "block_id"))
    user, channel = _mapping(payload.get("user")), _mapping(payload.get("channel"))
    where = channel.get("id") or _mapping(payload.get("container")).get("channel_id")
    origin = _origin(user.get("id"), where, payload)
    if what not in ACTIONS or subject is None or origin is None:
        return None
    return Click(origin, what, subject)


def _mention(event: Mapping[str, Any]) -> Command | None:
    if event.get("type") != "app_mention" or event.get("bot_id"):
        return None
    origin = _origin(event.get("user"), event.get("channel"), {})
    text = plain(_text(event, "text"))
    words = text.split(" ")
    named = next((at for at, word in enumerate(words) if word.startswith("@")), -1)
    return Command(origin, " ".join(words[named + 1 :])) if origin else None


def _origin(user: object, channel: object, payload: Mapping[str, Any]) -> Origin | None:
    if not isinstance(user, str) or not isinstance(channel, str):
        return None
    if not _MEMBER.fullmatch(user) or not _CONVERSATION.fullmatch(channel):
        return None
    return Origin(user, channel, _text(payload, "response_url")[:_LONGEST_ADDRESS])


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value[:_MOST_TEXT] if isinstance(value, str) else ""
