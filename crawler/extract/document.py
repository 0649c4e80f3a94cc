"""What an item's address holds: a page, or a PDF; either becomes an Article."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from crawler.extract.article import read_article, read_taught
from crawler.extract.article_templates import Templates
from crawler.extract.pdf import is_pdf, read_pdf
from crawler.extract.walls import Answer, Wall, wall_of
from crawler.model.item import Article, RawItem


def read_document(
    body: bytes,
    url: str,
    *,
    content_type: str = "",
    zone: tzinfo = UTC,
    now: datetime | None = None,
    hint: RawItem | None = None,
) -> Article:
    """The article in ``body``; arguments and errors are those of ``read_article``."""
    if is_pdf(body, content_type):
        return read_pdf(body, url, zone=zone, now=now, hint=hint)
    return read_article(body, url, content_type=content_type, zone=zone, now=now, hint=hint)


def read_document_taught(
    body: bytes,
    url: str,
    templates: Templates,
    *,
    content_type: str = "",
    zone: tzinfo = UTC,
    now: datetime | None = None,
    hint: RawItem | None = None,
    answer: Answer | None = None,
) -> tuple[Article, Templates] | Wall:
    """The same by what the source's pages taught, and what they have taught since.

    ``answer`` is what the page came with where nobody looked yet whether it is a wall: the wall
    then, if it is one.
    """
    if is_pdf(body, content_type):
        return read_pdf(body, url, zone=zone, now=now, hint=hint), templates

    def doubt() -> None:
        if answer is not None and (wall := wall_of(answer)):
            raise _BehindWall(wall)

    try:
        return read_taught(
            body, url, templates,
            content_type=content_type, zone=zone, now=now, hint=hint, doubt=doubt,
        )  # fmt: skip
    except _BehindWall as found:
        return found.wall


class _BehindWall(Exception):
    """Ends reading a page that is none."""

    def __init__(self, wall: Wall) -> None:
        self.wall = wall
