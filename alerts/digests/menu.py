"""What readers can do with a story in Slack: the menu at its right, and what a click is about.

Values of buttons and options hold only what is to be done; what it is about stands in the
block's id, which Slack sends back with every click (255 characters; an option's value holds 75).
"""

from __future__ import annotations

from dataclasses import dataclass

from alerts.digests.words import Words

USEFUL, WRONG, MUTE, WHY = "useful", "wrong", "mute", "why"
UNDO, MUTE_FOR_ALL, UNMUTE, KEEP = "undo", "mute_for_all", "unmute", "keep"
ACTIONS = frozenset((USEFUL, WRONG, MUTE, WHY, UNDO, MUTE_FOR_ALL, UNMUTE, KEEP))
MENU_ID = "clusterwatch_story"
_MARK = "cw"
_LONGEST_ID = 255
_LONGEST_TEXT = 75  # of an option or a button

Element = dict[str, object]


@dataclass(frozen=True, slots=True)
class Subject:
    """The story a menu or button belongs to, and the subscription it was told in."""

    subscription: str
    item: str  # the telling that is shown
    topic: str = ""  # under which it stands; "" for none

    @property
    def block_id(self) -> str:
        """As the id of a block; "" where it is too long for one."""
        written = "|".join((_MARK, self.subscription, self.item, self.topic))
        return written if len(written) <= _LONGEST_ID else ""


def subject_of(block_id: str) -> Subject | None:
    """What a block is about; None for a block that is not ours."""
    mark, *parts = block_id.split("|")
    if mark != _MARK or len(parts) != 3 or not all(parts[:2]):
        return None
    return Subject(*parts)


def story_menu(subject: Subject, words: Words) -> Element:
    """The overflow menu of a story; without a topic there is nothing to judge."""
    from slack_sdk.models.blocks import Option, OverflowMenuElement, PlainTextObject

    judging = ((USEFUL, "Useful"), (WRONG, "Not for us")) if subject.topic else ()
    offered = (*judging, (MUTE, "Mute this source here"), (WHY, "Why"))
    options = [
        Option(value=value, text=PlainTextObject(text=words.say(label)[:_LONGEST_TEXT]))
        for value, label in offered
    ]
    made: Element = OverflowMenuElement(action_id=MENU_ID, options=options).to_dict()
    return made


def button(what: str, label: str, *, danger: bool = False) -> Element:
    """A button that does one of ``ACTIONS``."""
    made: Element = {
        "type": "button",
        "action_id": f"clusterwatch_{what}",
        "text": {"type": "plain_text", "text": label[:_LONGEST_TEXT]},
        "value": what,
    }
    return made | {"style": "danger"} if danger else made
