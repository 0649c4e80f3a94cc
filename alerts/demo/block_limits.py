"""Slack's limits on messages, as its servers enforce them: what a payload breaks, named.

Limits from Slack's Block Kit reference (blocks, block elements, composition objects). Two go
beyond it on purpose, because a digest has to stay clear of them: all blocks together may hold
about 12,000 characters of text, containers counting too (``msg_blocks_too_long``, undocumented;
Slack's own people name the figure), and ``text`` may have 4,000 (Slack advises that and
truncates only far later).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

MAX_BLOCKS = 50
MAX_SECTION_TEXT = 3000
MAX_FIELDS = 10
MAX_FIELD_TEXT = 2000
MAX_HEADER_TEXT = 150
MAX_CONTEXT_ELEMENTS = 10
MAX_ACTION_ELEMENTS = 25
MAX_BUTTON_TEXT = 75
MAX_BUTTON_VALUE = 2000
MAX_URL = 3000
MAX_ID = 255
MAX_ALL_BLOCKS = 12_000  # characters of text; each block counts BLOCK_OVERHEAD more
BLOCK_OVERHEAD = 25
MAX_TEXT = 4000


@dataclass(frozen=True, slots=True)
class BlockError:
    """The error code Slack answers with, and its messages."""

    code: str  # "invalid_blocks", "msg_blocks_too_long", "no_text", "msg_too_long"
    messages: tuple[str, ...] = ()


def message_error(text: str, blocks: object) -> BlockError | None:
    """What Slack would refuse about a message of ``text`` and ``blocks``; None when nothing."""
    if not text.strip():
        return BlockError("no_text")
    if len(text) > MAX_TEXT:
        return BlockError("msg_too_long")
    if blocks is None:
        return None
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return BlockError("invalid_blocks_format")
    messages = tuple(_problems(blocks))
    if messages:
        return BlockError("invalid_blocks", messages)
    if text_size(blocks) > MAX_ALL_BLOCKS:
        return BlockError("msg_blocks_too_long")
    return None


def text_size(blocks: Sequence[Json]) -> int:
    """Characters that count against the limit on all blocks together."""
    return sum(BLOCK_OVERHEAD + sum(map(len, _strings(block))) for block in blocks)


def _strings(value: object) -> Iterator[str]:
    """Every visible text and address below ``value``."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, str) and key in {"text", "url", "alt_text", "value"}:
                yield inner
            else:
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _problems(blocks: Sequence[Json]) -> Iterator[str]:
    if len(blocks) > MAX_BLOCKS:
        yield f"no more than {MAX_BLOCKS} items allowed [json-pointer:/blocks]"
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    if len(set(ids)) < len(ids):
        yield "block_id must be unique [json-pointer:/blocks]"
    for number, block in enumerate(blocks):
        check = _CHECKS.get(str(block.get("type")))
        where = f"/blocks/{number}"
        if check is None:
            yield f"unsupported type: {block.get('type')} [json-pointer:{where}/type]"
            continue
        if len(str(block.get("block_id", ""))) > MAX_ID:
            yield _too_long(f"{where}/block_id", MAX_ID)
        yield from check(block, where)


def _section(block: Json, where: str) -> Iterator[str]:
    fields = block.get("fields")
    if block.get("text") is None and not fields:
        yield f"missing required field: text [json-pointer:{where}]"
    if block.get("text") is not None:
        yield from _text(block["text"], f"{where}/text", MAX_SECTION_TEXT)
    if fields is not None:
        yield from _count(fields, f"{where}/fields", MAX_FIELDS)
        for number, one in enumerate(fields):
            yield from _text(one, f"{where}/fields/{number}", MAX_FIELD_TEXT)
    if block.get("accessory") is not None:
        yield from _element(block["accessory"], f"{where}/accessory")


def _header(block: Json, where: str) -> Iterator[str]:
    yield from _text(block.get("text"), f"{where}/text", MAX_HEADER_TEXT, kinds={"plain_text"})


def _context(block: Json, where: str) -> Iterator[str]:
    elements = block.get("elements") or []
    yield from _count(elements, f"{where}/elements", MAX_CONTEXT_ELEMENTS)
    for number, element in enumerate(elements):
        if element.get("type") == "image":
            yield from _element(element, f"{where}/elements/{number}")
        else:
            yield from _text(element, f"{where}/elements/{number}", MAX_SECTION_TEXT)


def _actions(block: Json, where: str) -> Iterator[str]:
    elements = block.get("elements") or []
    yield from _count(elements, f"{where}/elements", MAX_ACTION_ELEMENTS)
    for number, element in enumerate(elements):
        yield from _element(element, f"{where}/elements/{number}")


def _image(block: Json, where: str) -> Iterator[str]:
    yield from _element({**block, "type": "image"}, where)


def _anything(block: Json, where: str) -> Iterator[str]:
    yield from ()


_CHECKS: Mapping[str, Callable[[Json, str], Iterator[str]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "image": _image,
    "divider": _anything,
    "rich_text": _anything,
}


def _element(element: Json, where: str) -> Iterator[str]:
    if element.get("type") == "image":
        if not element.get("image_url") or not element.get("alt_text"):
            yield f"missing required field: image_url, alt_text [json-pointer:{where}]"
        return
    if element.get("type") == "button":
        kinds = {"plain_text"}
        yield from _text(element.get("text"), f"{where}/text", MAX_BUTTON_TEXT, kinds=kinds)
    for key, limit in (("value", MAX_BUTTON_VALUE), ("url", MAX_URL), ("action_id", MAX_ID)):
        if len(str(element.get(key, ""))) > limit:
            yield _too_long(f"{where}/{key}", limit)
    options = element.get("options")
    if options is not None:
        for number, option in enumerate(options):
            at = f"{where}/options/{number}/text"
            yield from _text(option.get("text"), at, MAX_BUTTON_TEXT)


def _text(
    value: object,
    where: str,
    limit: int,
    *,
    kinds: frozenset[str] | set[str] = frozenset({"mrkdwn", "plain_text"}),
) -> Iterator[str]:
    if not isinstance(value, Mapping) or value.get("type") not in kinds:
        yield f"must be a text object of type {' or '.join(sorted(kinds))} [json-pointer:{where}]"
        return
    text = value.get("text")
    if not isinstance(text, str) or not text:
        yield f"must be more than 0 characters [json-pointer:{where}/text]"
    elif len(text) > limit:
        yield _too_long(f"{where}/text", limit)


def _count(values: object, where: str, limit: int) -> Iterator[str]:
    if not isinstance(values, list) or not values:
        yield f"no fewer than 1 items allowed [json-pointer:{where}]"
    elif len(values) > limit:
        yield f"no more than {limit} items allowed [json-pointer:{where}]"


def _too_long(where: str, limit: int) -> str:
    return f"must be less than {limit + 1} characters [json-pointer:{where}]"
