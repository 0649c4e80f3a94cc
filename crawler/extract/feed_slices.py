"""Which stretch of a feed's text is which entry, so that known entries need no second parse.

An entry's key is a hash of its text and of everything outside the entries that may bear on it
(namespaces, bases, languages, the site's link). Where anything leaves doubt about the borders
there are no keys, and the whole feed is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b

_TAG = re.compile(r"<(/?)((?:\w{1,20}:)?(?:item|entry))(?=[\s>/])[^<>]{0,2000}(/?)>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.{0,100000}?-->", re.DOTALL)
_MAX_COMMENTS = 50
# What changes with every issue of a feed and bears on no entry.
_VOLATILE = re.compile(
    r"<(?:\w{1,20}:)?(lastbuilddate|pubdate|updated|modified|date|updatebase)\b[^<>]{0,200}>"
    r"[^<>]{0,100}</",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Slices:
    """A feed's entries as stretches of its text."""

    keys: tuple[str, ...]  # one an entry, in document order
    unknown: str  # the document without the entries whose keys are known


def sliced(text: str, known: Collection[str], salt: str) -> Slices | None:
    """The entries of a well-formed feed, those in ``known`` cut out; None in doubt.

    ``salt`` is whatever else bears on the reading, as the feed's address does.
    """
    spans = _spans(_masked(text)) if "<!ENTITY" not in text else []
    if not spans:
        return None
    between = _between(text, spans)
    around = _VOLATILE.sub("", _without_contents("".join(between)))
    context = blake2b(f"{salt}\n{around}".encode("utf-8", "replace"), digest_size=16).digest()
    keys = tuple(_key(context, text[start:end]) for start, end in spans)
    kept = [
        "" if key in known else text[start:end]
        for key, (start, end) in zip(keys, spans, strict=True)
    ]
    pieces = [piece for pair in zip(between, [*kept, ""], strict=True) for piece in pair]
    return Slices(keys, "".join(pieces))


def _without_contents(around: str) -> str:
    """RSS 1.0 names all entries in its channel: that list bears on none of them."""
    start, end = around.find("<items"), around.rfind("</items>")
    return around[:start] + around[end:] if 0 <= start < end else around


def _masked(text: str) -> str:
    """``text`` with CDATA sections and comments blanked, every character at its place; "" where
    they cannot be told for certain."""
    pieces: list[str] = []
    last = 0
    while (start := text.find("<![CDATA[", last)) >= 0:
        end = text.find("]]>", start)
        if end < 0:
            return ""
        pieces += [text[last:start], " " * (end + 3 - start)]
        last = end + 3
    pieces.append(text[last:])
    masked = "".join(pieces)
    if masked.count("<!--") > _MAX_COMMENTS:
        return ""
    masked = _COMMENT.sub(lambda match: " " * len(match[0]), masked)
    return "" if "<!--" in masked else masked


def _spans(masked: str) -> list[tuple[int, int]]:
    """Where each entry begins and ends; empty where entries nest, overlap or close themselves."""
    spans: list[tuple[int, int]] = []
    opened: re.Match[str] | None = None
    for tag in _TAG.finditer(masked):
        is_end, name, is_empty = tag.groups()
        if is_empty or bool(is_end) == (opened is None):
            return []
        if opened is None:
            opened = tag
        elif name == opened[2]:
            spans.append((opened.start(), tag.end()))
            opened = None
        else:
            return []
    return spans if opened is None else []


def _between(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """What stands before, between and behind the entries: one piece more than there are."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


def _key(context: bytes, entry: str) -> str:
    return blake2b(entry.encode("utf-8", "replace"), key=context, digest_size=8).hexdigest()
