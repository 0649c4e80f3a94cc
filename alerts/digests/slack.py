"""A digest as ``chat.postMessage`` payloads: one calm main message, the overflow in its thread.

Limits: 50 blocks a message, a header of 150 characters, 3,000 a section; all blocks
together under about 12,000 (undocumented), so a whole payload stays under 10,000.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from alerts.digests.menu import Subject, story_menu
from alerts.digests.mrkdwn import escaped, link, whole_words, written
from alerts.digests.plain import clipped
from alerts.digests.runs import linked_runs, marked_runs, narrowed
from alerts.digests.story import meta_parts, tail_parts
from alerts.digests.words import Words, words_for
from crawler.model.digest import Digest, DigestStory

EVENT_TYPE = "clusterwatch_delivery"
MOST_BLOCKS = 50
MOST_CHARACTERS = 8_700  # of the blocks as JSON; ``text`` brings it under 10,000
STORY_CHARACTERS = 350
HEADER_CHARACTERS = 150
TEXT_CHARACTERS = 1_000  # Slack cuts at 4,000; this is what a notification can use
_LIST_CHARACTERS = 2_500  # of one section that lists titles; Slack's limit is 3,000
_LISTED_TITLES = 200  # of stories rolled up; the rest is counted
_SHORTEST_SENTENCE = 40
_TITLE_LENGTHS = (90, 70, 50, 30)  # tried where the address leaves little room

Block = dict[str, object]


@dataclass(frozen=True, slots=True)
class Row:
    """A block on its way into a message; a heading must not be the last one there."""

    block: Block
    heading: bool = False

    @property
    def size(self) -> int:
        """Characters of the block as JSON, with its separator."""
        return len(json.dumps(self.block, ensure_ascii=False)) + 2


def render_slack(
    digest: Digest, *, channel: str, delivery_id: str, interactive: bool = False
) -> tuple[dict[str, object], ...]:
    """Payloads for ``chat.postMessage``, JSON-able: the main message, then its thread parts.

    ``channel`` is written as given (name or id). Part ``n`` > 0 carries the delivery id
    ``{delivery_id}-{n}``; the channel sets its ``thread_ts`` when it sends. ``interactive``:
    somebody answers when a reader uses a story's menu.
    """
    body = list(_body(digest, interactive))
    main, waiting = _filled([_header(_headline(digest))], body, _foot(digest))
    parts = [main]
    waiting += _listing(digest)
    while waiting:
        part, waiting = _filled([], waiting, [])
        parts.append(part)
    return tuple(
        _payload(digest, rows, channel, f"{delivery_id}-{number}" if number else delivery_id)
        for number, rows in enumerate(parts)
    )


def _payload(
    digest: Digest, rows: Sequence[Row], channel: str, delivery_id: str
) -> dict[str, object]:
    return {
        "channel": channel,
        "text": _text(digest),
        "blocks": [row.block for row in rows],
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"delivery_id": delivery_id}},
    }


def _text(digest: Digest) -> str:
    """What notifications and screen readers get: the title line, then the headlines."""
    stories = [story.title for section in digest.sections for story in section.stories]
    titles = [f"• {title}" for title in stories if title not in digest.title]
    lines = [line for line in (digest.title, *titles) if line.strip()]
    text = clipped("\n".join(lines), TEXT_CHARACTERS)
    while len(escaped(text)) > TEXT_CHARACTERS:  # every "&" becomes five characters
        text = clipped(text, len(text) * 3 // 4)
    return escaped(text) or "Clusterwatch"


def _filled(head: list[Row], waiting: list[Row], foot: list[Row]) -> tuple[list[Row], list[Row]]:
    """As much of ``waiting`` as fits between ``head`` and ``foot``, and what is left.

    A topic's heading never ends a message; a first block always fits.
    """
    size = sum(row.size for row in (*head, *foot))
    taken: list[Row] = []
    for row in waiting:
        size += row.size
        full = len(head) + len(taken) + len(foot) >= MOST_BLOCKS or size > MOST_CHARACTERS
        if full and taken:
            break
        taken.append(row)
    if len(taken) > 1 and len(taken) < len(waiting) and taken[-1].heading:
        taken.pop()
    return [*head, *taken, *foot], waiting[len(taken) :]


def _headline(digest: Digest) -> str:
    """The title line; an alert's title is its story's and stands below anyway."""
    if not digest.masthead:
        return digest.title
    words = words_for(digest.language)
    return words.say("{masthead}: {counts}", masthead=digest.masthead, counts=digest.counts)


def _header(title: str) -> Row:
    from slack_sdk.models.blocks import HeaderBlock, PlainTextObject

    text = PlainTextObject(text=clipped(title, HEADER_CHARACTERS) or "Clusterwatch", emoji=False)
    return Row(HeaderBlock(text=text).to_dict())


def _section(text: str, heading: bool = False) -> Row:
    from slack_sdk.models.blocks import MarkdownTextObject, SectionBlock

    block = SectionBlock(text=MarkdownTextObject(text=text, verbatim=True))
    return Row(block.to_dict(), heading)


def _context(text: str) -> Row:
    from slack_sdk.models.blocks import ContextBlock, MarkdownTextObject

    block = ContextBlock(elements=[MarkdownTextObject(text=text, verbatim=True)])
    return Row(block.to_dict())


def _heading(text: str) -> Row:
    return _section(f"*{escaped(text)}*", heading=True)


def _body(digest: Digest, interactive: bool) -> Iterator[Row]:
    words = words_for(digest.language)
    for section in digest.sections:
        if section.heading:
            yield _heading(section.heading)
        for story in section.stories:
            row = _section(_story(story))
            subject = Subject(digest.subscription, story.item, section.topic)
            yield _with_menu(row, subject, words) if interactive and story.item else row
    if digest.changes:
        yield _heading(digest.changes_line)
        yield from _titles(digest.changes)


def _with_menu(row: Row, subject: Subject, words: Words) -> Row:
    """The story with its menu; without one where its names are too long to be sent back."""
    if not subject.block_id:
        return row
    menu = {"block_id": subject.block_id, "accessory": story_menu(subject, words)}
    return replace(row, block={**row.block, **menu})


def _foot(digest: Digest) -> list[Row]:
    lines = []
    if digest.rolled_up:
        phrase, count = "{count} more in the thread", len(digest.rolled_up)
        lines.append(escaped(words_for(digest.language).count(phrase, phrase, count)))
    if digest.receipt:
        lines.append(link(digest.receipt, digest.links.get("status", "")))
    lines += [written(linked_runs(line, digest.footer_links)) for line in digest.footer]
    return [_context("\n".join(lines))] if lines else []


def _listing(digest: Digest) -> list[Row]:
    """The rolled-up stories as a list of linked titles."""
    if not digest.rolled_up:
        return []
    rows = [_heading(digest.rolled_up_line), *_titles(digest.rolled_up[:_LISTED_TITLES])]
    unlisted = len(digest.rolled_up) - _LISTED_TITLES
    if unlisted > 0:
        more = words_for(digest.language).count("{count} more", "{count} more", unlisted)
        rows.append(_context(link(more, digest.links.get("archive", ""))))
    return rows


def _titles(titled: Iterable[tuple[str, str]]) -> Iterator[Row]:
    """Linked titles as lists, as many in a block as it may hold."""
    text = ""
    for title, url in titled:
        line = f"• {link(title, url)}"
        if len(line) > _LIST_CHARACTERS:
            line = f"• {escaped(title)}"
        if text and len(text) + len(line) + 1 > _LIST_CHARACTERS:
            yield _section(text)
            text = ""
        text = f"{text}\n{line}" if text else line
    if text:
        yield _section(text)


def _story(story: DigestStory) -> str:
    """A story in at most 350 characters of mrkdwn, unless its address alone leaves no room.

    What gives way first: the links of other tellings, then the sentence's ends, then the
    tellings, the gloss, the title's end.
    """
    head = _head(story)
    room = STORY_CHARACTERS - len(head) - 1
    tail = _tail(story, room - min(len(story.sentence), 2 * _SHORTEST_SENTENCE) - 2)
    room -= len(tail) + 1 if tail else 0
    return "\n".join(line for line in (head, _sentence(story, room), tail) if line)


def _head(story: DigestStory) -> str:
    """Linked title, gloss and meta line: the fullest that fits, else the shortest."""
    meta = escaped(" · ".join(meta_parts(story)))
    title = link(story.title, story.url)
    shortened = [link(clipped(story.title, kept), story.url) for kept in _TITLE_LENGTHS]
    heads = [(title, escaped(story.gloss), meta), *((one, meta) for one in (title, *shortened))]
    written_heads = ["\n".join(line for line in head if line) for head in heads]
    fitting = (head for head in written_heads if len(head) <= STORY_CHARACTERS)
    return next(fitting, written_heads[-1])


def _tail(story: DigestStory, room: int) -> str:
    """ "also in …" and the translate link: linked where there is room, else plain, else none."""
    plain = " · ".join(tail_parts(story))
    links = (*story.also_links, *story.translation)
    for line in (written(linked_runs(plain, links)), escaped(story.also_in)):
        if len(line) <= room:
            return line
    return ""


def _sentence(story: DigestStory, room: int) -> str:
    """The sentence with its evidence bold in at most ``room`` characters, or nothing."""
    length = min(len(story.sentence), room)
    while length >= _SHORTEST_SENTENCE or length == len(story.sentence) > 0:
        text, marks = narrowed(story.sentence, story.marks, length)
        line = written(marked_runs(text, whole_words(text, marks)))
        if len(line) <= room:
            return line.removeprefix("&gt;").lstrip()
        length -= max(len(line) - room, 5)
    return ""
