"""Our reading of feedparser's own test feeds against feedparser's: the same first entry.

They are not in this repository: FEEDPARSER_TESTS names their folder (its source archive holds it).
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import feedparser
import pytest

from crawler.errors import ExtractError
from crawler.extract.feed import read_feed
from crawler.extract.markup import plain_text
from crawler.model.item import RawItem

# Ours are the expected titles where only the bytes tell the character set and where tags are
# written as text (7), identities that are no addresses are no links (3); left are two titles
# of torn markup and a text of nothing but a link.
RECORDED = 13
_CONTENT_TYPE = re.compile(rb"Content-type:\s*([^\r\n]*)", re.I)


def entries(file: Path) -> tuple[tuple[str, str], RawItem | None] | None:
    """Title and link of the first entry as feedparser reads it, and ours; None without words."""
    body, url = file.read_bytes(), f"http://127.0.0.1/{file.name}"
    declared = _CONTENT_TYPE.search(body[:600])
    kind = declared[1].decode().strip() if declared else ""
    headers = {"content-type": kind or "application/xml", "content-location": url}
    theirs = [
        (plain_text(each.get("title", "")), each.get("link", ""))
        for each in feedparser.parse(body, response_headers=headers).entries
        if each.get("link") or plain_text(each.get("title") or each.get("summary") or "")
    ]
    if not theirs:
        return None
    try:
        ours = read_feed(body, url, content_type=kind).items
    except ExtractError:
        ours = ()
    return theirs[0], ours[0] if ours else None


def test_feedparsers_own_feeds_are_read_as_feedparser_reads_them() -> None:
    folder = os.environ.get("FEEDPARSER_TESTS", "")
    if not folder:
        pytest.skip("FEEDPARSER_TESTS names no folder with feedparser's own tests")
    found = {file: entries(file) for file in sorted(Path(folder).rglob("*.xml"))}
    read = {file: both for file, both in found.items() if both}
    others = [
        (file.name, theirs, ours)
        for file, (theirs, ours) in read.items()
        if ours is None
        or (theirs[0] and theirs[0] != ours.title)
        or (theirs[1] and theirs[1] != ours.url)
    ]
    print(f"{len(read) - len(others)} of {len(read)} feeds alike", *others, sep="\n")
    assert len(read) > 500
    assert len(others) <= RECORDED
