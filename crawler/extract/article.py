"""One article page becomes an Article: title, dates, language, author, picture, text.

The general extractors read any page. A source's later pages are read by the template that its
first ones taught, at a fraction of the price, where that fits (``article_learned``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from crawler.extract.article_author import article_author
from crawler.extract.article_cleaning import clean_text
from crawler.extract.article_contacts import without_contacts
from crawler.extract.article_dates import CERTAIN, ArticleDates, article_dates
from crawler.extract.article_learned import (
    Known,
    Reading,
    confirmed,
    learned,
    likeness,
    read_by_template,
)
from crawler.extract.article_metadata import Metadata, image_of, read_metadata
from crawler.extract.article_page import Block, Page, in_blocks, parse_page
from crawler.extract.article_templates import Templates
from crawler.extract.article_text import text_blocks
from crawler.extract.article_title import (
    article_title,
    heading_of_text,
    title_claims,
    title_heading,
)
from crawler.extract.markup import paragraphs
from crawler.language import detect_language
from crawler.model.item import Article, RawItem

_LINKED = 0.5


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page, its head, and how it is to be read."""

    page: Page  # without blocks
    metadata: Metadata
    zone: tzinfo
    now: datetime | None
    hint: RawItem | None
    hint_title: str
    claims: list[str]  # what its title is, by its head and the hint


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
    return _generally(_asked(parse_page(body, url, content_type), zone, now, hint), None)[0]


def read_taught(
    body: bytes,
    url: str,
    templates: Templates,
    *,
    content_type: str = "",
    zone: tzinfo = UTC,
    now: datetime | None = None,
    hint: RawItem | None = None,
) -> tuple[Article, Templates]:
    """The same of a source's page, by what its pages taught, and what they have taught since."""
    asked = _asked(parse_page(body, url, content_type), zone, now, hint)
    known = read_by_template(asked.page, asked.claims, templates)
    if known is not None and known.is_trusted:
        return _by_template(asked, known), templates.used(known.template)
    article, found = _generally(asked, known)
    return article, _lesson(asked, templates, known, article, found)


def _asked(page: Page, zone: tzinfo, now: datetime | None, hint: RawItem | None) -> _Asked:
    metadata = read_metadata(page.root, page.url)
    hint_title = hint.title if hint else ""
    claims = title_claims(page, metadata, hint_title)
    return _Asked(page, metadata, zone, now, hint, hint_title, claims)


def _generally(asked: _Asked, known: Known | None) -> tuple[Article, Reading | None]:
    """The article as the general extractors read it, ``known`` as a template does; None where no
    block is its title."""
    page, metadata = in_blocks(asked.page), asked.metadata
    title = article_title(page, metadata, asked.hint_title, asked.claims)
    heading = title_heading(page, asked.claims)
    statement = _statement(metadata)
    blocks = (known and confirmed(page, known, title, heading)) or text_blocks(
        page, "\n".join(statement), heading
    )
    text = clean_text(blocks, title, heading)
    language = _language(asked, title, text or _longest(page))
    dates = _dates(asked, page, heading, language)
    # Contacts end only some pages of a source, and teach nothing about where its text stands.
    told = without_contacts(blocks)
    found = Reading(page, heading, told, text) if heading and text else None
    author = article_author(page, metadata, heading, told)
    text = text or "\n\n".join(statement)
    return _article(asked, title, text, language, dates, author), found


def _by_template(asked: _Asked, known: Known) -> Article:
    """The article as a template reads it."""
    found = known.reading
    title = found.title.text
    language = _language(asked, title, found.text)
    dates = _dates_in_scope(asked, known, language)
    if dates is None or not known.template.dated:
        whole = in_blocks(asked.page)
        heading = title_heading(whole, asked.claims)
        dates = _dates(asked, whole, heading, language)
    author = article_author(found.page, asked.metadata, found.title, found.blocks)
    return _article(asked, title, found.text, language, dates, author)


def _lesson(
    asked: _Asked,
    templates: Templates,
    known: Known | None,
    article: Article,
    found: Reading | None,
) -> Templates:
    """What a page read by the general extractors teaches."""
    if found is None:
        return templates
    if known is None or known.unseen:
        return learned(found, asked.claims, templates, None, right=0)
    said = known.reading
    author = article_author(said.page, asked.metadata, said.title, said.blocks)
    is_same = (said.title.text, author) == (article.title, article.author)
    right = likeness(said.text, article.text) if is_same else 0
    dates = _dates_in_scope(asked, known, article.language)
    is_dated = dates is not None and (dates.published, dates.modified) == (
        article.published,
        article.modified,
    )
    template = replace(known.template, dated=known.template.dated + 1 if is_dated else 0)
    known = replace(known, template=template)
    return learned(found, asked.claims, templates.with_template(template), known, right)


def _dates_in_scope(asked: _Asked, known: Known, language: str) -> ArticleDates | None:
    """The dates as what stands in the template's scope tells them; None where that leaves
    doubt."""
    page, heading = known.reading.page, known.reading.title
    dates = _dates(asked, page, heading, language, thorough=False)
    return dates if dates.published and dates.confidence >= CERTAIN else None


def _dates(
    asked: _Asked, page: Page, heading: Block | None, language: str, *, thorough: bool = True
) -> ArticleDates:
    return article_dates(
        page, asked.metadata, heading or _dated_heading(page),
        zone=asked.zone, language=language, now=asked.now, hint=asked.hint, thorough=thorough,
    )  # fmt: skip


def _dated_heading(page: Page) -> Block | None:
    """What heads the text where the head of the page names the site alone: no title to be sure of,
    but the date stands near it. One that is a link heads a list."""
    heading = heading_of_text(page)
    return heading if heading is not None and heading.link_density < _LINKED else None


def _language(asked: _Asked, title: str, text: str) -> str:
    metadata = asked.metadata
    declared = metadata.language or metadata.first("og:locale", "content-language", "dc.language")
    return detect_language(title, text, declared)


def _article(
    asked: _Asked, title: str, text: str, language: str, dates: ArticleDates, author: str
) -> Article:
    return Article(
        url=asked.page.url,
        canonical_url=asked.metadata.canonical,
        title=title,
        published=dates.published,
        modified=dates.modified,
        language=language,
        author=author,
        image=image_of(asked.metadata),
        text=text,
    )


def _longest(page: Page) -> str:
    """The longest blocks of a page without a text: enough to tell its language."""
    longest = sorted(page.blocks, key=lambda block: len(block.text), reverse=True)[:4]
    return "\n".join(block.text[:400] for block in longest)


def _statement(metadata: Metadata) -> Sequence[str]:
    """The publisher's own articleBody as paragraphs."""
    body = metadata.article.body
    if not body:
        return []
    if "<" in body:
        return paragraphs(body)
    return [line.strip() for line in body.split("\n") if line.strip()]
