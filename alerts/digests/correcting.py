"""A posted Slack message with what has changed since written under its stories (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from alerts.digests.mrkdwn import escaped
from alerts.digests.plain import clipped, link_target, one_line
from alerts.digests.slack import STORY_CHARACTERS
from alerts.digests.words import Words

MOST_CHARACTERS = 10_000  # of text and blocks together
_CHANGE_CHARACTERS = 120
_KEPT_LINES = 2  # of a story, whatever the room: its title and the line below


@dataclass(frozen=True, slots=True)
class Change:
    """What is written under the story that leads to an address."""

    url: str
    text: str = ""  # what changed; "" where only that it did may be told


def corrected(
    payload: Mapping[str, Any], changes: Iterable[Change], words: Words
) -> dict[str, object] | None:
    """``text`` and ``blocks`` of ``chat.update``: the message as it was posted, each changed
    story with one line more. None where no story of it changed, or it would grow too long.
    """
    blocks = [dict(block) for block in payload.get("blocks") or ()]
    text = str(payload.get("text") or "")
    found = False
    for change in changes:
        number = _place(blocks, change.url)
        if number is None:
            continue
        story = {**blocks[number]["text"]}
        story["text"] = _with_line(story["text"], _line(change, words))
        longer = [*blocks[:number], {**blocks[number], "text": story}, *blocks[number + 1 :]]
        if len(text) + len(json.dumps(longer, ensure_ascii=False)) <= MOST_CHARACTERS:
            blocks, found = longer, True
    return {"text": text, "blocks": blocks} if found else None


def _place(blocks: list[dict[str, Any]], url: str) -> int | None:
    """Where the story stands whose title leads to ``url``."""
    target = link_target(url)
    if not target:
        return None
    head = f"<{target.replace('&', '&amp;')}|"
    for number, block in enumerate(blocks):
        text = block.get("text")
        told = text.get("text", "") if isinstance(text, Mapping) else ""
        if block.get("type") == "section" and str(told).startswith(head):
            return number
    return None


def _line(change: Change, words: Words) -> str:
    told = words.say("Corrected since")
    what = clipped(one_line(words.change(change.text)), _CHANGE_CHARACTERS)
    while len(escaped(what)) > _CHANGE_CHARACTERS:  # every "&" becomes five characters
        what = clipped(what, len(what) * 3 // 4)
    return escaped(f"{told}: {what}" if what else told)


def _with_line(story: str, line: str) -> str:
    """The last lines of the story give way where both together are too long for one."""
    lines = story.split("\n")
    while len(lines) > _KEPT_LINES and len("\n".join((*lines, line))) > STORY_CHARACTERS:
        lines.pop()
    return "\n".join((*lines, line))
