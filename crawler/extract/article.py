"""One article page becomes an Article: title, dates, language, author, picture, text."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from crawler.extract.article_author import article_author
from crawler.extract.article_cleaning import clean_text
from crawler.extract.article_dates import article_dates
from crawler.extract.article_metadata import Metadata, image_of, read_metadata
from crawler.extract.article_page import Page, read_page
from crawler.extract.article_text import text_blocks
from crawler.extract.article_title import article_title, title_claims, title_heading
from crawler.extract.markup import paragraphs
from crawler.language import detect_language
from crawler.model.item import Article, RawItem


def read_article(
    body: bytes,
    url: str,
    *,
    content_type: str = "",
    zone: tzinfo = UTC,
    now: datetime | None = None,
    hint: RawItem | None = None,
) -> Article:
    """The article on the page ``body``, fetched from ``url``.

    ``content_type`` is the HTTP header, ``zone`` the zone of dates written without one,
    ``now`` refuses dates in the future, ``hint`` is what a feed or listing said about the
    page: a witness for title and date, never more. Raises ExtractError where the page is no
    HTML or too hostile to parse; a page without an article gives an empty text.
    """
    page = read_page(body, url, content_type)
    metadata = read_metadata(page.root, url)
    hint_title = hint.title if hint else ""
    title = article_title(page, metadata, hint_title)
    heading = title_heading(page, title_claims(page, metadata, hint_title))
    statement = _statement(metadata)
    declared = metadata.language or metadata.first("og:locale", "content-language", "dc.language")
    language = detect_language(title, _longest(page), declared)
    blocks = text_blocks(page, "\n".join(statement), heading)
    text = clean_text(blocks, title, heading)
    text = text or "\n\n".join(statement)
    dates = article_dates(page, metadata, heading, zone=zone, language=language, now=now, hint=hint)
    return Article(
        url=url,
        canonical_url=metadata.canonical,
        title=title,
        published=dates.published,
        modified=dates.modified,
        language=language,
        author=article_author(page, metadata, heading, blocks),
        image=image_of(metadata),
        text=text,
    )


def _longest(page: Page) -> str:
    """The page's longest blocks: enough to tell its language."""
    longest = sorted(page.blocks, key=lambda block: len(block.text), reverse=True)[:4]
    return "\n".join(block.text[:400] for block in longest)


def _statement(metadata: Metadata) -> list[str]:
    """The publisher's own articleBody as paragraphs."""
    body = metadata.article.body
    if not body:
        return []
    if "<" in body:
        return paragraphs(body)
    return [line.strip() for line in body.split("\n") if line.strip()]
