"""What an item's address holds: a page, or a PDF; either becomes an Article."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from crawler.extract.article import read_article, read_taught
from crawler.extract.article_templates import Templates
from crawler.extract.pdf import is_pdf, read_pdf
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
) -> tuple[Article, Templates]:
    """The same by what the source's pages taught, and what they have taught since."""
    if is_pdf(body, content_type):
        return read_pdf(body, url, zone=zone, now=now, hint=hint), templates
    return read_taught(
        body, url, templates, content_type=content_type, zone=zone, now=now, hint=hint
    )
