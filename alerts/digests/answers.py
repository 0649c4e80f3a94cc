"""What Slack answers to a click in a digest: short, in the digest's language, with a way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.digests.menu import (
    KEEP,
    MUTE_FOR_ALL,
    UNDO,
    UNMUTE,
    USEFUL,
    Element,
    Subject,
    button,
)
from alerts.digests.mrkdwn import escaped, link
from alerts.digests.plain import clipped, one_line
from alerts.digests.words import Words
from crawler.model.topic import Evidence

_TEXT_CHARACTERS = 2_900  # of one section; Slack's limit is 3,000
_TITLE = 120
_QUOTES = 3
_QUOTE = 160


@dataclass(frozen=True, slots=True)
class Answer:
    """One message: ``text`` is mrkdwn, escaped. By default for who asked alone."""

    text: str
    buttons: tuple[Element, ...] = ()
    block_id: str = ""  # of the buttons: what they are about
    public: bool = False  # for everybody in the channel
    replaces: bool = False  # the message whose button was pressed

    @property
    def blocks(self) -> list[dict[str, object]]:
        """The message as Block Kit."""
        text = clipped(self.text, _TEXT_CHARACTERS)
        section: dict[str, object] = {
            "type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True},
        }  # fmt: skip
        if not self.buttons:
            return [section]
        about = {"block_id": self.block_id} if self.block_id else {}
        return [section, {"type": "actions", "elements": list(self.buttons), **about}]


def judged(words: Words, subject: Subject, title: str, what: str) -> Answer:
    """It was noted, and can be taken back."""
    shown = clipped(one_line(title), _TITLE)
    if what == USEFUL:
        text = words.say("Noted as useful: {title}", title=shown)
    else:
        text = words.say("Noted as not for you: {title}", title=shown)
    return Answer(escaped(text), (button(UNDO, words.say("Undo")),), subject.block_id)


def withdrawn(words: Words, changed: bool) -> Answer:
    """It was taken back, or there was nothing."""
    text = words.say("Taken back.") if changed else words.say("Nothing was changed.")
    return Answer(escaped(text), replaces=True)


def asked_to_mute(words: Words, subject: Subject, source: str) -> Answer:
    """Asks once, since everybody in the channel reads the same digest."""
    question = words.say("Mute {source} for everybody in this channel?", source=one_line(source))
    buttons = (
        button(MUTE_FOR_ALL, words.say("Mute it"), danger=True),
        button(KEEP, words.say("Keep it")),
    )
    return Answer(escaped(question), buttons, subject.block_id)


def muted(words: Words, subject: Subject, source: str, *, asked: bool) -> Answer:
    """Muted, with a way back; ``asked``: in the place of the question."""
    text = words.say("{source} is muted here.", source=one_line(source))
    buttons = (button(UNMUTE, words.say("Undo")),)
    return Answer(escaped(text), buttons, subject.block_id, replaces=asked)


def unmuted(words: Words, source: str) -> Answer:
    """Told again."""
    text = words.say("{source} is told again here.", source=one_line(source))
    return Answer(escaped(text), replaces=True)


def kept(words: Words) -> Answer:
    """The question was answered with no."""
    return Answer(escaped(words.say("Nothing was changed.")), replaces=True)


def told_to_all(words: Words, person: str, source: str, *, muting: bool) -> Answer:
    """One line to the channel that names who did it; ``person`` is a member's id."""
    phrase = (
        words.say("{person} muted {source} in this digest.")
        if muting
        else words.say("{person} brought {source} back into this digest.")
    )
    filled = escaped(phrase).replace("{person}", f"<@{person}>")
    return Answer(filled.replace("{source}", escaped(one_line(source))), public=True)


def gone(words: Words) -> Answer:
    """The story was erased, or its subscription has ended."""
    return Answer(escaped(words.say("This story is no longer there.")))


def why(
    words: Words, title: str, url: str, topic: str, evidence: Sequence[Evidence], reason: str
) -> Answer:
    """The passages that speak for a story's topic, and how far it came."""
    lines = [link(clipped(one_line(title), _TITLE), url)]
    if topic:
        lines.append(f"*{escaped(one_line(topic))}*")
    quotes = dict.fromkeys(clipped(one_line(one.quote), _QUOTE) for one in evidence)
    lines += [f"“{escaped(quote)}”" for quote in list(quotes)[:_QUOTES]]
    if not quotes:
        nothing = words.say("No passage speaks for it: it came because everything does.")
        lines.append(escaped(nothing))
    if reason:
        lines.append(escaped(one_line(reason)))
    return Answer("\n".join(lines))
