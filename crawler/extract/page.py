"""How a single watched page is read: passages whose new ones become items.

A passage is a paragraph, list entry or table row of the main part; its fingerprint tells
it apart wherever it moves on the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from crawler.extract import charset
from crawler.extract.listing_document import HEADINGS, Document, Node
from crawler.extract.listing_words import vocabulary, words
from crawler.extract.listing_zones import ASIDE, FURNISHED, zoned_document
from crawler.model.item import RawItem

_PASSAGE_TAGS = vocabulary("p li tr dd blockquote pre div td section article")
_CUTS = vocabulary("p li tr dd dt blockquote pre h1 h2 h3 h4 h5 h6 ul ol table dl")
_MIN_LETTERS = 30
_MAX_PASSAGES = 2_000
_STAMP = re.compile(
    r"^\W*(stand|last (updated|modified|change)|letzte (änderung|aktualisierung)|zuletzt|"
    r"senest opdateret|dernière (mise|modification)|ultimo aggiornamento|updated|copyright|©)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage of a page. ``fingerprint`` is 16 hex digits of its plain words."""

    text: str
    fingerprint: str
    heading: str = ""  # the heading it stands under
    anchor: str = ""  # id of the nearest element above it that has one


def read_passages(body: bytes, url: str, *, content_type: str = "") -> tuple[Passage, ...]:
    """The passages of a page's main part in page order, repeated ones once.

    Raises ExtractError for markup that would cost unbounded time.
    """
    document = zoned_document(charset.decode(body, content_type), url)
    passages: dict[str, Passage] = {}
    heading, anchor = "", ""
    for node in document.nodes:
        if node.zone & (FURNISHED | ASIDE):
            continue
        if node.tag in HEADINGS:
            heading, anchor = document.text(node.index), _anchor(document, node)
        elif _is_passage(document, node):
            text = document.text(node.index)
            mark = fingerprint(text)
            passages.setdefault(mark, Passage(text[:5_000], mark, heading, anchor))
        if len(passages) >= _MAX_PASSAGES:
            break
    return tuple(passages.values())


def fingerprint(text: str) -> str:
    """16 hex digits of a passage's plain words and numbers; markup and spacing are ignored."""
    bare = " ".join(words(text)) + "|" + " ".join(re.findall(r"\d+", text))
    return sha256(bare.encode()).hexdigest()[:16]


def passage_items(
    passages: Sequence[Passage], known: frozenset[str], url: str
) -> tuple[RawItem, ...]:
    """Items for the passages whose fingerprints are not known, neighbours under one heading
    joined. The address points at the passage (``#id`` or a text fragment)."""
    runs: list[list[Passage]] = []
    previous = -2
    for position, passage in enumerate(passages):
        if passage.fingerprint in known:
            continue
        joined = position == previous + 1 and runs[-1][-1].heading == passage.heading
        if joined:
            runs[-1].append(passage)
        else:
            runs.append([passage])
        previous = position
    return tuple(_item(run, url) for run in runs)


def _item(run: Sequence[Passage], url: str) -> RawItem:
    first = run[0]
    start = " ".join(first.text.split()[:8])
    fragment = f":~:text={quote(start, safe='')}"
    title = first.heading or _first_sentence(first.text)
    text = "\n\n".join(passage.text for passage in run)
    return RawItem(
        url=f"{url.partition('#')[0]}#{fragment}",
        title=title[:200],
        summary=first.text[:600],
        text=text,
        guid="passage:" + run[0].fingerprint,
    )


def _first_sentence(text: str) -> str:
    sentence = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
    return sentence if len(sentence) <= 120 else " ".join(sentence[:120].split()[:-1]) + " …"


def _is_passage(document: Document, node: Node) -> bool:
    """A block with enough words that holds no smaller block of its own."""
    if node.tag not in _PASSAGE_TAGS or node.last_word == node.first_word:
        return False
    if any(document.nodes[i].tag in _CUTS for i in range(node.index + 1, node.end)):
        return False
    if node.tag in ("div", "td", "section", "article") and not _own_words(document, node):
        return False
    text = document.text(node.index)
    return sum(map(str.isalpha, text)) >= _MIN_LETTERS and not _STAMP.match(text)


def _own_words(document: Document, node: Node) -> bool:
    """Whether a container's words stand in it directly, not in an inner container."""
    if any(a.tag in _CUTS for a in document.ancestors(node.index)):
        return False
    return not any(
        document.nodes[i].tag in ("div", "section", "article")
        for i in range(node.index + 1, node.end)
    )


def _anchor(document: Document, node: Node) -> str:
    if node.attrs.get("id"):
        return node.attrs["id"]
    return next((a.attrs["id"] for a in document.ancestors(node.index) if a.attrs.get("id")), "")
