"""Articles read by what a source's first pages taught: no worse than each page read for itself.

Every page of a source is read both ways, one after the other, as its polls would; the score is
that of ``test_article_pages_quality``. Sources are templates of the generated pages, each with
texts of several languages, and sites of the benchmark's farm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bench.farm.pages import Site
from bench.quality_of_text import word_f1
from crawler.extract.article import read_article, read_taught
from crawler.extract.article_templates import Templates
from crawler.model.item import Article, Published, RawItem
from tests.quality.article_pages import pages_of, template_names

NOW = datetime(2026, 11, 21, 22, tzinfo=UTC)
PAGES = 9
SITES = range(0, 44, 5)  # of eleven families in four looks
RECORDED_LEARNED = {"templates": 0.38, "sites": 0.6}  # the share of pages read by what was learned
RECORDED_F1 = {"templates": 0.985, "sites": 0.999}


@dataclass(frozen=True)
class Both:
    """One page read both ways."""

    text: str  # what a person reads
    general: Article
    found: Article
    is_learned: bool


def _read(pages: Sequence[tuple[str, str, str, RawItem | None]]) -> Iterator[Both]:
    """The pages (html, address, text, hint) of one source."""
    templates = Templates()
    for html, url, text, hint in pages:
        body = html.encode()
        before = templates
        found, templates = read_taught(body, url, templates, now=NOW, hint=hint)
        counts = [sum(one.read for one in each.known) for each in (before, templates)]
        general = read_article(body, url, now=NOW, hint=hint)
        yield Both(text, general, found, is_learned=counts[1] > counts[0])


def _templates() -> Iterator[Both]:
    for name in template_names()[::3]:
        yield from _read([(p.html, p.url, p.text, None) for p in pages_of(name)[:PAGES]])


def _sites() -> Iterator[Both]:
    for number in SITES:
        site = Site(number, f"https://site{number}.example", PAGES)
        pages = []
        for told in site.articles():
            url = site.origin + site.path(told)
            hint = RawItem(url=url, title=told.title, published=Published(told.published))
            pages.append((site.article(told), url, told.text, hint))
        yield from _read(pages)


@pytest.mark.parametrize("kind", ["templates", "sites"])
def test_learned_pages_are_read_no_worse_than_each_for_itself(kind: str) -> None:
    read = list(_templates() if kind == "templates" else _sites())
    learned = [both for both in read if both.is_learned]
    assert len(learned) >= RECORDED_LEARNED[kind] * len(read), len(learned)
    ours = sum(word_f1(both.found.text, both.text) for both in learned) / len(learned)
    theirs = sum(word_f1(both.general.text, both.text) for both in learned) / len(learned)
    assert ours >= max(theirs, RECORDED_F1[kind]), (ours, theirs)
    for both in learned:
        own, other = both.found, both.general
        assert (own.title, own.published, own.author, own.language) == (
            other.title,
            other.published,
            other.author,
            other.language,
        )
